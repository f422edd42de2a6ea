"""What a playbook is: priorities, behaviours, competitors, trackers, cues. Pydantic checks each value.

The folder's YAML files are merged into one Playbook by `cues.check.load_playbook`; the sentences that a person reads
when something is wrong are made there too.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from cues.events import CardContent
from cues.values import Day, Id, Moments, Roles, Seconds, SomeTexts, Speakers, Stages, Stances, Text, Texts

EMPTY_CARD = "is empty; add one of ask, say, proof"


class _Part(BaseModel):
    """A docstring under a key is the text that editors and PLAYBOOK.md show for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)


class Priority(_Part):
    """A piece of the company's strategy."""

    id: Id
    """Its short name, which behaviours use: lower-case letters, digits and dashes."""
    name: Text
    """What the company wants, in a few words."""
    why: Text | None = None
    """Why it wants it, for those who ask."""
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    """How much it counts beside the other priorities: 2 counts twice as much as 1."""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """The first day on which it counts: year-month-day."""
    until: Day | None = None
    """The last day on which it counts: year-month-day."""

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
    """What reps were trained to do."""

    id: Id
    """Its short name, which cues use: lower-case letters, digits and dashes."""
    name: Text
    """What the rep does, in a few words."""
    trained: Day | None = None
    """The day of the training: year-month-day."""
    serves: Texts = ()
    """Ids of the priorities that it serves; its cards rank by the weightiest of them."""
    evidence: Texts = ()
    """Sentences that a rep says who does it. It is heard by their meaning."""
    holdout: Annotated[float | None, Field(ge=0, le=0.5, json_schema_extra={"default": 0.1})] = None
    """The share of moments that get no card, by chance, so that it can be told what the rep does alone: 0 to 0.5. Write
    0 where the law asks for the card."""
    fading: Literal["on", "off"] = "on"
    """Whether its cards step back once the rep does it alone; `off` shows them in full for good."""


class Competitor(_Part):
    """A vendor that buyers name."""

    name: Text
    """Its name as it is written."""
    aliases: Texts = ()
    """Other names and spellings, and how the name is misheard."""


class Tracker(_Part):
    """A concept that is heard by its meaning, from a few sentences."""

    id: Id
    """Its short name, which conditions use: lower-case letters, digits and dashes."""
    examples: SomeTexts
    """Sentences that mean it; five that differ in their words serve well."""
    counterexamples: Texts = ()
    """Sentences that sound like it and mean something else."""


class Condition(_Part):
    """When a card comes: all keys must hold; a list holds where one of its values does."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "dependentRequired": {"stance": ["competitor"]}})

    stage: Annotated[Stages | None, Field(examples=[["discovery", "demo"]])] = None
    """The call is in this stage, as it was read or as the rep corrected it."""
    role: Annotated[Roles | None, Field(examples=["economic_buyer"])] = None
    """The buyer who speaks has shown to be this; where it is not known which buyer speaks, or the rep does, any of
    them."""
    competitor: Annotated[SomeTexts | None, Field(examples=["any"])] = None
    """A competitor is named: this one, or `any` of the playbook's."""
    stance: Annotated[Stances | None, Field(examples=["compared"])] = None
    """This is how the competitor is spoken of; it stands beside `competitor`."""
    moment: Annotated[Moments | None, Field(examples=["objection_price"])] = None
    """This is said in the utterance."""
    tracker: Annotated[SomeTexts | None, Field(examples=["manual-work"])] = None
    """The utterance means what the tracker's examples mean."""
    speaker: Annotated[Speakers | None, Field(examples=["buyer"])] = None
    """This side says it."""
    said: Annotated[SomeTexts | None, Field(examples=[["single sign-on", "SSO"]])] = None
    """These words are spoken, whole and in this order."""
    all: Annotated[
        "Annotated[tuple[Condition, ...], Field(min_length=1)] | None",
        Field(examples=[[{"speaker": "buyer"}, {"moment": "pain"}]]),
    ] = None
    """All of these conditions hold."""
    any: Annotated[
        "Annotated[tuple[Condition, ...], Field(min_length=1)] | None",
        Field(examples=[[{"moment": "pain"}, {"tracker": "manual-work"}]]),
    ] = None
    """At least one of these conditions holds."""
    not_: Annotated["Condition | None", Field(alias="not", examples=[{"stage": "opening"}])] = None
    """This condition does not hold."""

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

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in ("ask", "say", "proof")]})

    title: Text
    """What is going on, in at most eight words."""
    ask: Text | None = None
    """A question for the buyer, word for word."""
    say: Text | None = None
    """What to say, in at most 90 characters a line."""
    proof: Text | None = None
    """A fact or customer that proves it."""
    link: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    """A page to open or send: https://..."""
    avoid: Text | None = None
    """What not to do now."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.ask or self.say or self.proof):
            raise ValueError(EMPTY_CARD)
        return self

    def content(self) -> CardContent:
        return CardContent(self.title, self.ask, self.say, self.proof, self.link, self.avoid)


class Cue(_Part):
    """When a card comes, what it says, and which behaviour it prompts."""

    id: Id
    """Its short name, which logs and reports use: lower-case letters, digits and dashes."""
    when: Condition
    """The condition on which the card comes."""
    card: Card
    """What the rep reads."""
    prompts: Text | None = None
    """Id of the behaviour that the card prompts; with it, every moment of the cue is an opportunity."""
    cooldown: Annotated[Seconds, Field(json_schema_extra={"default": "2m"})] = 120.0
    """How long the cue rests after it fired, such as 20s or 5m."""
    window: Annotated[Seconds, Field(json_schema_extra={"default": "60s"})] = 60.0
    """How long the rep has to do the behaviour, at most three turns."""


class Playbook(_Part):
    """The merged files of one folder; `hash` is the SHA-256 over them."""

    playbook: Text
    """The playbook's name; one of the files must have it."""
    version: Text | None = None
    """Your own version number."""
    owner: Text | None = None
    """Who looks after it."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    """What is spoken, in two letters. Others than `en` are transcribed, but stages, roles, moments and trackers are
    read in English only for now; `--language` of `listen` and `replay` says otherwise for a call."""
    names: Texts = ()
    """Products, people and places that calls speak of: what sounds like one is written like it. Competitors are known
    without."""
    priorities: tuple[Priority, ...] = ()
    """The company's strategy."""
    behaviours: tuple[Behaviour, ...] = ()
    """What reps were trained to do for it."""
    competitors: tuple[Competitor, ...] = ()
    """The vendors that buyers name."""
    trackers: tuple[Tracker, ...] = ()
    """Concepts that are heard by their meaning."""
    cues: tuple[Cue, ...] = ()
    """When a card comes, what it says, and which behaviour it prompts."""
    hash: SkipJsonSchema[str] = Field(default="", exclude=True)

    def names_said(self) -> tuple[str, ...]:
        """Names that a recogniser would misspell."""
        return (*(competitor.name for competitor in self.competitors), *self.names)
