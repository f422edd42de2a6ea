"""What a person may write for a value of a playbook, and what is wrong with any other. Pure."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from models.labels import NONE, load_labels

LABELS = load_labels()
ROLES = tuple(role for role in LABELS.role if role != NONE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_DAY_S = 86_400.0
_ID = r"^[a-z0-9][a-z0-9_-]*$"
ANY = "any"
"""Any of the playbook's competitors."""


class Part(BaseModel):
    """A docstring under a key is the text that editors and PLAYBOOK.md show for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)


def _seconds(value: Any) -> Any:
    if value is None or isinstance(value, float):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not float(match[1]):
        raise ValueError("is no duration; write 20s or 5m")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _DAY_S:
        raise ValueError("is longer than a day; write 20s or 5m")
    return seconds


def duration(seconds: float) -> str:
    """A duration as a person writes it."""
    unit = "s" if seconds % 60 else "m" if seconds % 3600 else "h"
    return f"{seconds / _SECONDS[unit]:g}{unit}"


def _listed(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError("is no date; write it as year-month-day, such as 2026-10-31") from error
    return value


def _one_of(labels: tuple[str, ...]) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, str) and value not in labels:
            raise UnknownNameError(value, labels)
        return value

    return BeforeValidator(check)


class UnknownNameError(ValueError):
    """A name that is none of `choices`."""

    def __init__(self, value: object, choices: tuple[str, ...]) -> None:
        super().__init__("is unknown")
        self.value, self.choices = value, choices


def _one_or_more(item: dict[str, Any], at_least: int = 0) -> WithJsonSchema:
    """What a person may write for a list: one value, or several."""
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item, "minItems": at_least}]})


def _labels(labels: tuple[str, ...]) -> WithJsonSchema:
    return _one_or_more({"enum": list(labels)}, at_least=1)


_TEXT = {"type": ["string", "number"], "minLength": 1, "maxLength": 500}
"""What a person may write for a text: `version: 3` needs no quotes."""

Id = Annotated[str, Field(pattern=_ID)]
Text = Annotated[str, Field(min_length=1, max_length=500), WithJsonSchema(_TEXT)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    PlainSerializer(duration, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["20s", "5m"]}),
]
Day = Annotated[date, BeforeValidator(_date)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), _one_or_more(_TEXT)]
SomeTexts = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1), _one_or_more(_TEXT, at_least=1)]
_LIST, _SOME = BeforeValidator(_listed), Field(min_length=1)
SPEAKERS = ("rep", "buyer")
Stages = Annotated[tuple[Annotated[str, _one_of(LABELS.stage)], ...], _LIST, _SOME, _labels(LABELS.stage)]
Roles = Annotated[tuple[Annotated[str, _one_of(ROLES)], ...], _LIST, _SOME, _labels(ROLES)]
Stances = Annotated[tuple[Annotated[str, _one_of(LABELS.stance)], ...], _LIST, _SOME, _labels(LABELS.stance)]
Moments = Annotated[tuple[Annotated[str, _one_of(LABELS.moment)], ...], _LIST, _SOME, _labels(LABELS.moment)]
Speakers = Annotated[tuple[Annotated[str, _one_of(SPEAKERS)], ...], _LIST, _SOME, _labels(SPEAKERS)]


def given(value: Any) -> Any:
    """The value of a key that must not be left blank. Raises ValueError."""
    if value is None:
        raise ValueError("has no value")
    return value
