"""What a playbook is: priorities, behaviours, competitors, trackers, cues. Pydantic checks each value.

The folder's YAML files are merged into one Playbook by `cues.check.load_playbook`; the sentences that a person reads
when something is wrong are made there too.
"""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from cues.events import CardContent
from models.labels import NONE, load_labels

LABELS = load_labels()
ROLES = tuple(role for role in LABELS.role if role != NONE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_ID = r"^[a-z0-9][a-z0-9_-]*$"
EMPTY_CARD = "is empty; add one of ask, say, proof"


def _seconds(value: Any) -> Any:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match or not float(match[1]):
            raise ValueError("is no duration; write 20s or 5m")
        return float(match[1]) * _SECONDS[match[2]]
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


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


_TEXT = {"type": "string", "minLength": 1, "maxLength": 500}

Id = Annotated[str, Field(pattern=_ID)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["20s", "5m"]}),
]
Day = Annotated[date, BeforeValidator(_date)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), _one_or_more(_TEXT)]
SomeTexts = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1), _one_or_more(_TEXT, at_least=1)]
_LIST, _SOME = BeforeValidator(_listed), Field(min_length=1)
_SPEAKERS = ("rep", "buyer")
Stages = Annotated[tuple[Annotated[str, _one_of(LABELS.stage)], ...], _LIST, _SOME, _labels(LABELS.stage)]
Roles = Annotated[tuple[Annotated[str, _one_of(ROLES)], ...], _LIST, _SOME, _labels(ROLES)]
Stances = Annotated[tuple[Annotated[str, _one_of(LABELS.stance)], ...], _LIST, _SOME, _labels(LABELS.stance)]
Moments = Annotated[tuple[Annotated[str, _one_of(LABELS.moment)], ...], _LIST, _SOME, _labels(LABELS.moment)]
Speakers = Annotated[tuple[Annotated[str, _one_of(_SPEAKERS)], ...], _LIST, _SOME, _labels(_SPEAKERS)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Priority(_Part):
    """A piece of the company's strategy; `weight` is relative to the others'."""

    id: Id
    name: Text
    why: Text | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None

    @field_validator("until")
    @classmethod
    def _order(cls, until: date | None, others: ValidationInfo) -> date | None:
        begin = others.data.get("from_")
        if begin and until and until < begin:
            raise ValueError(f"lies before from, {begin}; swap the two dates")
        return until

    def active(self, day: date) -> bool:
        """Whether the priority counts on `day`."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


class Behaviour(_Part):
    """What a trained rep does; `evidence` is what doing it sounds like."""

    id: Id
    name: Text
    trained: Day | None = None
    serves: Texts = ()
    evidence: Texts = ()


class Competitor(_Part):
    name: Text
    aliases: Texts = ()


class Tracker(_Part):
    """A concept found by its meaning, from a few example sentences."""

    id: Id
    examples: SomeTexts
    counterexamples: Texts = ()


class Condition(_Part):
    """All keys must hold; a list holds where one of its values does."""

    all: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = None
    any: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = None
    not_: "Annotated[Condition | None, Field(alias='not')]" = None
    competitor: SomeTexts | None = None
    stance: Stances | None = None
    speaker: Speakers | None = None
    stage: Stages | None = None
    role: Roles | None = None
    moment: Moments | None = None
    tracker: SomeTexts | None = None
    said: SomeTexts | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        """A key left blank would make the condition wider than it was meant."""
        if value is None:
            raise ValueError("has no value")
        return value

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("is empty; say when the card comes, such as `moment: pain`")
        if self.stance is not None and self.competitor is None:
            raise ValueError("has stance without competitor; add `competitor: any` beside it")
        return self


class Card(_Part):
    """What the rep reads: a title, and at least one of ask, say, proof."""

    title: Text
    ask: Text | None = None
    say: Text | None = None
    proof: Text | None = None
    link: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    avoid: Text | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.ask or self.say or self.proof):
            raise ValueError(EMPTY_CARD)
        return self

    def content(self) -> CardContent:
        return CardContent(self.title, self.ask, self.say, self.proof, self.link, self.avoid)


class Cue(_Part):
    """When a card comes, what it says, and which behaviour it prompts; times in seconds."""

    id: Id
    when: Condition
    card: Card
    prompts: Id | None = None
    cooldown: Annotated[Seconds, Field(json_schema_extra={"default": "2m"})] = 120.0
    window: Annotated[Seconds, Field(json_schema_extra={"default": "60s"})] = 60.0


class Playbook(_Part):
    """The merged files of one folder; `hash` is the SHA-256 over them."""

    playbook: Text
    version: Text | None = None
    owner: Text | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    priorities: tuple[Priority, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    trackers: tuple[Tracker, ...] = ()
    cues: tuple[Cue, ...] = ()
    hash: SkipJsonSchema[str] = Field(default="", exclude=True)
