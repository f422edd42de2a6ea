"""The pages over HTTP: each gathers its events, makes its page model, and draws its template."""

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from asr.errors import BadInputError
from overlay.review import wording
from overlay.review.access import STATIC, Access
from overlay.review.call_page import call_page
from overlay.review.calls import EVERY_CALL, Calls
from overlay.review.list_page import filters, list_page, page_number
from overlay.review.timeline import timeline

_STATIC_FILES = Path(__file__).parent / "static"


def make_site(calls: Calls, token: str) -> ASGIApp:
    """The whole site for one journal."""
    pages = _Pages(calls)
    site = Starlette(
        routes=[
            Route("/", pages.all_calls, methods=["GET"]),
            Route("/calls/{call}", pages.one_call, methods=["GET"]),
            Mount(STATIC.rstrip("/"), StaticFiles(directory=_STATIC_FILES)),
        ],
        exception_handlers={HTTPException: _not_there, BadInputError: _bad_input, Exception: _broken},
    )
    return Access(site, token, message)


class _Pages:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def all_calls(self, request: Request) -> Response:
        asked = filters(request.query_params)
        everything = self._calls.calls()
        found = everything if asked == EVERY_CALL else self._calls.calls(asked)
        page = list_page(found, everything, asked, page_number(request.query_params))
        return _draw("calls.html", 200, page=page)

    def one_call(self, request: Request) -> Response:
        call_id = request.path_params["call"]
        try:
            events = self._calls.events(call_id)
        except BadInputError as error:
            return message(404, "Not here", str(error))
        if not events:
            return message(404, "Not here", "Nothing is kept of this call.")
        page = call_page(events)
        return _draw("call.html", 200, page=page, timeline=timeline(page))


def message(status: int, title: str, sentence: str) -> Response:
    """A page with one sentence."""
    return _draw("message.html", status, title=title, sentence=sentence)


def _not_there(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return message(status, "Not here", "There is no such page or call; it may have been forgotten.")


def _bad_input(_: Request, error: Exception) -> Response:
    return message(400, "That did not work", str(error))


def _broken(_: Request, error: Exception) -> Response:
    return message(
        500, "Something broke", f"{type(error).__name__}: please report it with what `offbook review` printed."
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("overlay.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["label"] = wording.label
    environment.filters["clock"] = wording.clock
    environment.filters["fact"] = wording.fact
    environment.filters["deal_name"] = wording.deal_name
    environment.filters["said"] = wording.outcomes_said
    environment.filters["path"] = lambda text: quote(text, safe="")
    return environment


_ENVIRONMENT = _environment()


def _draw(template: str, status: int, **shown: object) -> Response:
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(shown), status)
