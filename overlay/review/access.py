"""Who may read the pages and send their forms: only this machine's browser, with the token. An ASGI layer around the
site.

The Host check keeps out a foreign page whose name was made to resolve to loopback (DNS rebinding), the Origin check
forms that another page sends here, even one of another port of this machine, whose forms carry the cookie too.
"""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overlay.token_file import is_token

COOKIE = "offbook_review"
STATIC = "/static/"
"""The package's own style and script: no word of a call, so the page that refuses may use them."""
_MONTH_S = 30 * 24 * 3600
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer" a browser hides the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_FOREIGN = "Only the pages of `offbook review` can send this; open the call there, and correct it again."

Refuse = Callable[[int, str, str], Response]


class Access:
    """Lets through what has the token; `refuse` makes the page for the rest (status, title, sentence)."""

    def __init__(self, app: ASGIApp, token: str, refuse: Refuse) -> None:
        self._app = app
        self._token = token
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = self._answer(Request(scope)) or self._app
        await answer(scope, receive, _with_headers(send))

    def _answer(self, request: Request) -> Response | None:
        """What is said instead of the page; None where the page may be seen."""
        if not _is_loopback(request.headers.get("host", "")):
            return self._refuse(400, "Wrong address", "Open these pages as http://127.0.0.1, on this machine.")
        if request.method == "POST":
            return self._answer_form(request)
        if request.method not in ("GET", "HEAD"):
            return self._refuse(405, "Pages are only read here", "Nothing can be sent to this address.")
        if request.url.path.startswith(STATIC):
            return None
        if "token" in request.query_params:
            return self._let_in(request)
        return None if self._has_token(request) else self._refused()

    def _answer_form(self, request: Request) -> Response | None:
        if request.headers.get("origin", "").lower() != f"http://{request.headers.get('host', '')}".lower():
            return self._refuse(403, "Not from here", _FOREIGN)
        return None if self._has_token(request) else self._refused()

    def _has_token(self, request: Request) -> bool:
        return is_token(request.cookies.get(COOKIE, ""), self._token)

    def _let_in(self, request: Request) -> Response:
        """Trades the token in the address for a cookie, so that it stays in no history or bookmark."""
        if not is_token(request.query_params["token"], self._token):
            return self._refused()
        rest = urlencode([(key, value) for key, value in request.query_params.multi_items() if key != "token"])
        path = "/" + quote(request.url.path.lstrip("/"))
        response = RedirectResponse(f"{path}?{rest}" if rest else path, status_code=303)
        response.set_cookie(COOKIE, self._token, max_age=_MONTH_S, httponly=True, samesite="strict")
        return response

    def _refused(self) -> Response:
        return self._refuse(403, "This page wants its token", "Open the address that `offbook review` printed.")


def _is_loopback(host: str) -> bool:
    """Whether a Host header names this machine, with or without a port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower() in _LOOPBACK


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return sending
