"""The fields of a form that was sent here; what is no such form is refused with a sentence."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_BYTES = 16_384
MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"


async def form_fields(request: Request) -> Mapping[str, str]:
    """Each field's last value. Raises HTTPException (400, 413, 415) whose detail is a sentence."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise HTTPException(415, "What was sent is no form; send it from the page of a call.")
    body = await _body(request)
    try:
        text = body.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(400, "The form that was sent can't be read; send it from the page of a call.") from error


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"The form is larger than {MOST_BYTES // 1024} KB, so nothing of it was stored.")
    return body
