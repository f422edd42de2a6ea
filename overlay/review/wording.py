"""How labels, times and days are written for a reader. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from models.labels import NONE

_OBJECTION = "objection_"
_NAMES = ("name", "account", "company", "customer")


def label(name: str) -> str:
    """A label or an id as words: objection_price is "price objection", quantify-impact is "quantify impact"."""
    if name.startswith(_OBJECTION):
        name = f"{name.removeprefix(_OBJECTION)} objection"
    return re.sub(r"[_-]+", " ", name).strip()


def correction(reading: str, chosen: str, read: str) -> str:
    """What a person says of a reading: Stage: pricing (read as demo); not Zendesk (read as past); no pain."""
    kind, _, name = reading.partition(":")
    if kind == "moment":
        return label(name) if chosen != NONE else f"no {label(name)}"
    heads = {"stage": "Stage: ", "role": "sounds like ", "competitor": f"{name}, "}
    denied = {"role": "shows no role", "competitor": f"not {name}"}
    said = denied.get(kind, label(chosen)) if chosen == NONE else f"{heads.get(kind, '')}{label(chosen)}"
    return said if read in (chosen, NONE) else f"{said} (read as {label(read)})"


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any."""
    whole = int(max(0.0, seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def span(seconds: float) -> str:
    """How long something took, as said: 45 s, 3 min, 1 h 5 min."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def moment(started: str, zone: tzinfo | None = None) -> datetime | None:
    """The stored UTC time where the reader is; None if it is no time."""
    try:
        return datetime.fromisoformat(started).astimezone(zone)
    except ValueError:
        return None


def deal_name(deal: Mapping[str, str | float] | None) -> str:
    """What the deal is called; empty where nothing is known."""
    if not deal:
        return ""
    return str(next((deal[key] for key in _NAMES if deal.get(key)), next(iter(deal.values()))))


def fact(value: str | float) -> str:
    """A fact of a deal: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def outcomes_said(outcomes: Mapping[str, int]) -> str:
    """2 prompted, 1 missed: what the bars show, for who can't see them."""
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items() if count) or "no outcomes"
