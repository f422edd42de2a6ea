"""What is known of a deal, and whether a playbook's conditions on it hold. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from cues.values import Day, Part, SomeTexts, Text

Fact = str | float
Facts = Mapping[str, Fact]
NO_FACTS: Facts = MappingProxyType({})
FACT_NAME = re.compile(r"[a-z][a-z0-9_]*")
DAYS_TO_RENEWAL = "days_to_renewal"
"""A fact that follows from the renewal and the day of the call."""
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


@dataclass(frozen=True)
class KnownDeal:
    """The facts on the day of the call."""

    facts: Facts = field(default_factory=lambda: NO_FACTS)
    day: date = date.min

    def fact(self, name: str) -> Fact | None:
        """One fact; None where it is not known."""
        if name != DAYS_TO_RENEWAL:
            return self.facts.get(name)
        try:
            return float((date.fromisoformat(str(self.facts["renewal"])) - self.day).days)
        except (KeyError, ValueError):
            return None


UNKNOWN = KnownDeal()


def shown_fact(fact: Fact) -> str:
    """A fact as a person reads it: whole numbers without a point."""
    return f"{fact:.0f}" if isinstance(fact, float) and fact.is_integer() else str(fact)


def _fact(value: Any) -> Any:
    """Files of YAML know texts alone: what looks like a number is one."""
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else value


class Deal(Part):
    """What a deal's file may hold; any other fact in plain words or numbers may join."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Text | float, BeforeValidator(_fact)]] = Field(init=False)

    account: Text | None = None
    """Whom the call is with."""
    segment: Text | None = None
    """What kind of customer that is."""
    product: Text | None = None
    """What they have, or want."""
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    """What the deal is worth."""
    renewal: Day | None = None
    """When the contract ends: year-month-day."""

    def facts(self) -> dict[str, Fact]:
        """The facts as events hold them."""
        known = self.model_dump(exclude_none=True)
        return {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in known.items()}


class Range(Part):
    """Bounds of a number; each belongs to what it bounds."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    at_least: Annotated[float | None, Field(allow_inf_nan=False)] = None
    """It is this or more."""
    at_most: Annotated[float | None, Field(allow_inf_nan=False)] = None
    """It is this or less."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("is empty; give it at_least or at_most, such as `at_least: 50000`")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("has at_least above at_most; swap the two, or take one out")
        return self

    def holds(self, fact: Fact) -> bool:
        """Whether a number lies within; a text that is none does not."""
        number = _fact(fact)
        if not isinstance(number, float | int):
            return False
        return (self.at_least is None or number >= self.at_least) and (self.at_most is None or number <= self.at_most)


def _form(value: Any) -> str:
    return "range" if isinstance(value, dict | Range) else "texts"


Wanted = Annotated[
    Annotated[SomeTexts, Tag("texts")] | Annotated[Range, Tag("range")],
    Discriminator(_form),
]
"""One of these texts, or a number within bounds."""


class DealCondition(Part):
    """What a deal must be like: all of these facts; a fact that is not known is not like it."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"minProperties": 1})
    __pydantic_extra__: dict[str, Wanted] = Field(init=False)

    account: SomeTexts | None = None
    """Whom the call is with."""
    segment: SomeTexts | None = None
    """What kind of customer that is."""
    product: SomeTexts | None = None
    """What they have, or want."""
    value: Range | None = None
    """What the deal is worth: `at_least`, `at_most`."""
    days_to_renewal: Range | None = None
    """Days from the call to the end of the contract, below 0 after it: `at_least`, `at_most`."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(True for _ in self.wanted()):
            raise ValueError("is empty; name a fact, such as `segment: enterprise`")
        return self

    def wanted(self) -> Iterator[tuple[str, tuple[str, ...] | Range]]:
        """The facts that it asks for, and what they should be."""
        for name, value in self:
            if value is not None:
                yield name, value


def holds(condition: DealCondition, deal: KnownDeal) -> bool:
    """Whether the deal is like that."""
    return all(_is(deal.fact(name), wanted) for name, wanted in condition.wanted())


def _is(fact: Fact | None, wanted: tuple[str, ...] | Range) -> bool:
    if fact is None:
        return False
    if isinstance(wanted, BaseModel):
        return wanted.holds(fact)
    return shown_fact(fact).strip().casefold() in {text.casefold() for text in wanted}
