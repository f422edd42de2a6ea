"""What a playbook is: priorities, behaviours, competitors, trackers, cues. Pydantic checks each value.

The folder's YAML files are merged into one Playbook by `cues.check.load_playbook`; the sentences that a person reads
when something is wrong are made there too.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from cues.card import Card
from cues.deal import DealCondition, KnownDeal, holds
from cues.scenario import Scenario
from cues.values import (
    Day,
    Id,
    Language,
    Moments,
    Part,
    Roles,
    Seconds,
    SomeTexts,
    Speakers,
    Stages,
    Stances,
    Text,
    Texts,
    given,
)
from cues.yaml_tree import Path_


class Priority(Part):
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
    deal: DealCondition | None = None
    """It counts in calls about such a deal only, with the facts of `deal` below."""

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

    def asked_by(self, deal: KnownDeal) -> bool:
        """Whether it counts in a call about `deal`."""
        return self.active(deal.day) and (self.deal is None or holds(self.deal, deal))


class Behaviour(Part):
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


class Competitor(Part):
    """A vendor that buyers name."""

    name: Text
    """Its name as it is written."""
    aliases: Texts = ()
    """Other names and spellings, and how the name is misheard."""


class Tracker(Part):
    """A concept that is heard by its meaning, from a few sentences."""

    id: Id
    """Its short name, which conditions use: lower-case letters, digits and dashes."""
    examples: SomeTexts
    """Sentences that mean it; five that differ in their words serve well."""
    counterexamples: Texts = ()
    """Sentences that sound like it and mean something else."""


class TalkShare(Part):
    """Bounds of the rep's share of the talk, 0 to 1."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    above: Annotated[float | None, Field(gt=0, lt=1)] = None
    """It is more than this."""
    below: Annotated[float | None, Field(gt=0, lt=1)] = None
    """It is less than this."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.above is None and self.below is None:
            raise ValueError("is empty; give it above or below, such as `above: 0.65`")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError("is never above the one and below the other; swap the two, or take one out")
        return self


class Condition(Part):
    """When a card comes: all keys must hold; a list holds where one of its values does."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "dependentRequired": {"stance": ["competitor"], "within": ["earlier"]},
        }
    )

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
    """These words are spoken, in this order, whatever their inflection: `migrate` is found in migrating too."""
    after: Annotated[Seconds | None, Field(examples=["10m"])] = None
    """The call has lasted for this long, and from then on."""
    before: Annotated[Seconds | None, Field(examples=["5m"])] = None
    """The call has not lasted for this long yet."""
    earlier: Annotated["Condition | None", Field(examples=[{"said": "price", "speaker": "rep"}])] = None
    """This condition held in an earlier utterance of the call."""
    within: Annotated[Seconds | None, Field(examples=["2m"])] = None
    """It is not longer ago than this; it stands beside `earlier`."""
    talk_share: Annotated[TalkShare | None, Field(examples=[{"above": 0.65}])] = None
    """The rep's share of the time spoken so far is above or below this; known once a minute has been spoken."""
    silence: Annotated[Seconds | None, Field(examples=["4s"])] = None
    """The utterance was a question (it ends with a question mark), and nobody has spoken since for this long."""
    deal: Annotated[
        DealCondition | None,
        Field(examples=[{"product": ["on-premise", "hosted"], "days_to_renewal": {"at_most": 90}}]),
    ] = None
    """The call is about such a deal; a fact that is not known makes this false."""
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

    # A key left blank would make the condition wider than it was meant.
    _given = field_validator("*", mode="before")(given)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("is empty; say when the card comes, such as `moment: pain`")
        if self.stance is not None and self.competitor is None:
            raise ValueError("has stance without competitor; add `competitor: any` beside it")
        if self.within is not None and self.earlier is None:
            raise ValueError("has within without earlier; add `earlier: CONDITION` beside it")
        for part in self.earlier.parts() if self.earlier is not None else ():
            if part.earlier is not None:
                raise ValueError("has earlier inside earlier; put the two beside each other under `all:`")
            if part.silence is not None:
                raise ValueError("has silence inside earlier, which looks at what was said; take it out")
        return self

    def parts(self) -> Iterator["Condition"]:
        """The condition, and all that it is made of."""
        return (part for _, part in self.placed_parts(()))

    def placed_parts(self, path: Path_) -> Iterator[tuple[Path_, "Condition"]]:
        """The same, each with its place; the condition's own is `path`."""
        yield path, self
        lists = (("all", self.all), ("any", self.any))
        for key, parts in lists:
            for k, part in enumerate(parts or ()):
                yield from part.placed_parts((*path, key, k))
        for key, one in (("not", self.not_), ("earlier", self.earlier)):
            if one is not None:
                yield from one.placed_parts((*path, key))


class Cue(Part):
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


class Playbook(Part):
    """The merged files of one folder; `hash` is the SHA-256 over them."""

    playbook: Text
    """The playbook's name; one of the files must have it."""
    version: Text | None = None
    """Your own version number."""
    owner: Text | None = None
    """Who looks after it."""
    change: Text | None = None
    """What is new in this version, in a sentence; logs of calls tell it where the playbook changed in mid call."""
    language: Language = "en"
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
    tests: tuple[Scenario, ...] = ()
    """What should come when something is said; `offbook test` tries it."""
    hash: SkipJsonSchema[str] = Field(default="", exclude=True)

    def names_said(self) -> tuple[str, ...]:
        """Names that a recogniser would misspell."""
        return (*(competitor.name for competitor in self.competitors), *self.names)
