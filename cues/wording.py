"""What is wrong with a value, as a sentence for the person who wrote it. Pure."""

from collections.abc import Iterable

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from cues.card import Card
from cues.deal import Range
from cues.playbook import Behaviour, Competitor, Condition, Cue, Playbook, Priority, TalkShare, Tracker
from cues.scenario import Line, Scenario
from cues.shown import named, plain, shown
from cues.values import UnknownNameError
from cues.yaml_tree import Path_

LISTS: dict[str, type[BaseModel]] = {
    "priorities": Priority,
    "behaviours": Behaviour,
    "competitors": Competitor,
    "trackers": Tracker,
    "cues": Cue,
    "tests": Scenario,
}
"""The keys of a playbook that hold lists, and what their entries are."""
_PARTS: dict[str, type[BaseModel]] = {
    "when": Condition,
    "card": Card,
    "talk_share": TalkShare,
    "deal": Range,
    "said": Line,
}
"""Keys inside those entries, and what stands behind them; the last one of a place decides."""
NAMED_BY = {"competitors": "name", "tests": "name"}
"""The key that tells the entries of a list apart, where it is not `id`."""
NEAR = 60
"""Likeness (0 to 100) from which a known name is offered for an unknown one."""
MOST_CHOICES = 12
_CONDITION = "needs a condition such as `moment: pain`."
_SHAPES = {
    "when": "needs a condition such as `moment: pain`; several go under `all:` or `any:`.",
    "talk_share": "needs bounds, such as `talk_share: {above: 0.65}`.",
    "deal": "needs facts, such as `deal: {segment: enterprise}`.",
    "value": "needs bounds, such as `value: {at_least: 50000}`.",
    "days_to_renewal": "needs bounds, such as `days_to_renewal: {at_most: 90}`.",
    "languages": "needs a card for each language, such as `de: {title: ..., ask: ...}`.",
    "not": _CONDITION,
    "earlier": _CONDITION,
    "card": "needs keys such as title and ask; write each on a line of its own.",
    "all": "needs a list of conditions; begin each of them with a dash.",
    "any": "needs a list of conditions; begin each of them with a dash.",
    "said": "needs a list of lines; begin each of them with a dash, such as `- buyer: words`.",
}
_NUMBERS = ("float", "greater_than", "less_than", "finite_number")
"""How the kinds of error begin that are about numbers."""
_FIRST_KEYS = {"competitors": "name: Zendesk", "tests": "name: Price brings the trade card", "said": "buyer: words"}
_PATTERNS = {
    "link": "is no web address; write it without spaces, such as https://example.com/page.",
    "[key]": "is no language; write two small letters such as de.",
    "language": "is no language; write two small letters such as en.",
}


def sentence(details: ErrorDetails) -> str:
    """What pydantic found wrong, and how to mend it."""
    loc, value, kind = details["loc"], details["input"], details["type"]
    name = _name(loc)
    if kind == "missing":
        return f"{name} is missing here; add it."
    if kind == "extra_forbidden":
        return unknown_key(str(loc[-1]), _keys_at(loc[:-1]))
    if value is None:
        return f"{name} has no value; write one, or take it out."
    if kind == "value_error":
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, UnknownNameError):
            return f"unknown {_key(loc)} {named(str(value))}; {nearest(str(value), cause.choices)}"
        return f"{shown(value) or name} {cause}."
    return f"{shown(value) or name} {_form(loc, kind)}"


def unknown_key(name: str, choices: Iterable[str]) -> str:
    """What is wrong with a key that does not exist, and the mend."""
    mend = "put a space behind the colon." if ":" in name else nearest(name, choices)
    return f"unknown key {named(name)}; {mend}"


def nearest(wrong: str, choices: Iterable[str]) -> str:
    """The mend for an unknown name: the known one most like it, else all of them."""
    options = list(dict.fromkeys(choices))
    best = nearest_of(wrong, options)
    if best is not None:
        return f"did you mean {named(best)}?"
    more = ", ..." if len(options) > MOST_CHOICES else ""
    return f"choose one of {', '.join(map(plain, options[:MOST_CHOICES]))}{more}."


def nearest_of(wrong: str, choices: Iterable[str]) -> str | None:
    """The known name most like an unknown one; None where none is."""
    best = process.extractOne(wrong, list(choices), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=NEAR)
    return str(best[0]) if best else None


def _form(loc: Path_, kind: str) -> str:
    """What the value at `loc` should look like."""
    key = _key(loc)
    if kind == "too_short":
        return "is an empty list; add at least one entry, or take it out."
    if kind == "string_too_short":
        return "is empty; write a text, or take it out."
    if kind == "string_too_long":
        return f"is longer than the 500 characters that {key} may have; shorten it."
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(key, "is no id; use lower-case letters, digits and dashes, such as zendesk-in-place.")
    if kind.startswith(_NUMBERS) and "talk_share" in loc:
        return "is no share; write a number between 0 and 1, such as 0.65."
    if kind.startswith(_NUMBERS) and "deal" in loc:
        return "is no number; write it without signs, such as 50000."
    if key == "holdout":
        return "is no share to hold out; write a number from 0 to 0.5."
    if kind == "literal_error":
        return f"is no value for {key}; write on or off."
    if kind.startswith(_NUMBERS):
        return "is no weight; write a number above 0, at most 100."
    if kind.startswith("date"):
        return "is no date; write it as year-month-day, such as 2026-10-31."
    if kind == "string_type":
        return "must be one text, not a list or a mapping; write it on one line, or put it in quotes."
    if isinstance(loc[-1], int) and (key in LISTS or key == "said"):
        first = _FIRST_KEYS.get(key, "id: my-id")
        return f"must have keys; write each of them as `key: value`, such as `{first}`."
    if isinstance(loc[-1], int) and key in ("all", "any"):
        return _CONDITION
    return _SHAPES.get(key, "does not fit here; compare it with the example in cues/PLAYBOOK.md.")


def _key(loc: Path_) -> str:
    return str(next((part for part in reversed(loc) if isinstance(part, str)), "playbook"))


def _name(loc: Path_) -> str:
    return f"an entry of {_key(loc)}" if loc and isinstance(loc[-1], int) else f'"{_key(loc)}"'


def _keys_at(loc: Path_) -> tuple[str, ...]:
    """The keys allowed in the mapping at `loc`."""
    model: type[BaseModel] = LISTS.get(str(loc[0]), Playbook) if loc else Playbook
    inside = [part for part in loc if isinstance(part, str) and part in _PARTS]
    if "when" in loc and inside[-1:] == ["said"]:
        inside.pop()  # words there, and lines in a test
    model = _PARTS[inside[-1]] if inside else model
    return tuple(field.alias or name for name, field in model.model_fields.items() if name != "hash")
