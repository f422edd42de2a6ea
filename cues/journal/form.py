"""The form in which an event is stored, and back. Pure."""

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from asr.events import Event
from cues.events import EVENT, AnyEvent


@dataclass(frozen=True, kw_only=True)
class Unknown(Event):
    """An event of a type or shape that this version doesn't know; `content` is all of it."""

    type: str
    content: dict[str, Any] = field(default_factory=dict)


Stored = AnyEvent | Unknown


def to_row(event: AnyEvent) -> dict[str, Any]:
    """The event's row. Raises ValueError (pydantic's too) where it has no JSON form."""
    content = json.loads(EVENT.dump_json(event, warnings="error"))
    return {"call": event.call, "seq": event.seq, "t": event.t, "type": event.type, "json": content}


def from_row(call: str, seq: int, t: float, type: str, content: Any) -> Stored:
    """The event of a row; one that is not understood is kept as it is."""
    try:
        return EVENT.validate_python(content)
    except ValidationError:
        kept = content if isinstance(content, dict) else {"content": content}
        return Unknown(call=call, seq=seq, t=t, type=type, content=kept)
