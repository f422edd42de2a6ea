"""The pages over HTTP: each gathers its events, makes its page model, and draws its template; forms are stored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from asr.errors import BadInputError
from overlay.review import wording
from overlay.review.access import STATIC, Access
from overlay.review.call_page import call_page
from overlay.review.calls import EVERY_CALL, Calls
from overlay.review.correcting import UTTERANCE, form, to_store
from overlay.review.form_body import form_fields
from overlay.review.list_page import filters, list_page, page_number
from overlay.review.timeline import timeline
from overlay.system_user import system_user

_STATIC_FILES = Path(__file__).parent / "static"


def make_site(calls: Calls, token: str) -> ASGIApp:
    """The whole site for one journal."""
    pages = _Pages(calls)
    site = Starlette(
        routes=[
            Route("/", pages.all_calls, methods=["GET"]),
            Route("/calls/{call}", pages.one_call, methods=["GET"]),
            Route("/calls/{call}/corrections", pages.correct, methods=["POST"]),
            Mount(STATIC.rstrip("/"), StaticFiles(directory=_STATIC_FILES)),
        ],
        exception_handlers={HTTPException: _refused, BadInputError: _bad_input, Exception: _broken},
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
        page = call_page(events, corrections=self._calls.corrections(call_id))
        asked = next((line for line in page.lines if line.id == request.query_params.get("correct")), None)
        return _draw("call.html", 200, page=page, timeline=timeline(page), form=form(asked) if asked else None)

    async def correct(self, request: Request) -> Response:
        call_id, fields = request.path_params["call"], await form_fields(request)
        await run_in_threadpool(self._store, call_id, fields)
        return RedirectResponse(f"/calls/{_path(call_id)}#line-{_path(fields[UTTERANCE])}", 303)

    def _store(self, call_id: str, fields: Mapping[str, str]) -> None:
        page = call_page(self._calls.events(call_id), corrections=self._calls.corrections(call_id))
        made = to_store(page, fields, system_user(), datetime.now(UTC))
        if made:
            self._calls.correct(call_id, made)


def message(status: int, title: str, sentence: str, call: str | None = None) -> Response:
    """A page with one sentence, and a way back to `call`."""
    return _draw("message.html", status, title=title, sentence=sentence, call=call)


def _refused(request: Request, error: Exception) -> Response:
    """What Starlette refuses was not found; our own refusals of a form carry their sentence."""
    if isinstance(error, HTTPException) and error.status_code not in (404, 405):
        return message(error.status_code, "That did not work", error.detail, request.path_params.get("call"))
    status = error.status_code if isinstance(error, HTTPException) else 404
    return message(status, "Not here", "There is no such page or call; it may have been forgotten.")


def _bad_input(request: Request, error: Exception) -> Response:
    return message(400, "That did not work", str(error), request.path_params.get("call"))


def _broken(_: Request, error: Exception) -> Response:
    return message(
        500, "Something broke", f"{type(error).__name__}: please report it with what `offbook review` printed."
    )


def _path(text: str) -> str:
    """Safe as one part of a path, and in a fragment."""
    return quote(text, safe="")


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
    environment.filters["path"] = _path
    return environment


_ENVIRONMENT = _environment()


def _draw(template: str, status: int, **shown: object) -> Response:
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(shown), status)
