"""A playbook's own tests: what is said in a call, and which cards should come of it."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from cues.values import Part, Seconds, Text, Texts, given


class Line(Part):
    """What one side says in a test."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["rep"]}, {"required": ["buyer"]}]})

    rep: Text | None = None
    """What the rep says."""
    buyer: Text | None = None
    """What the buyer says instead."""
    at: Seconds | None = None
    """When it begins in the call, such as 90s or 12m; else when the line before is over."""

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.rep is None) == (self.buyer is None):
            raise ValueError("needs one side that speaks; write `rep: ...` or `buyer: ...`")
        return self


class Scenario(Part):
    """A test of the playbook: given it, when this is said, then these cards come."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["cards"]}, {"required": ["not"]}]})

    name: Text
    """What should happen, as a sentence."""
    said: Annotated[tuple[Line, ...], Field(min_length=1)]
    """The lines of the call, one after the other at a natural pace; the first one 10 s into the call."""
    cards: Texts | None = None
    """Ids of the cues whose cards come: exactly these, in this order; `[]` for none."""
    not_: Annotated[Texts | None, Field(alias="not")] = None
    """Ids of cues whose cards must not come, whatever else does; in place of `cards`."""

    # A blank `cards:` could mean none, or that it was forgotten.
    _given = field_validator("cards", "not_", mode="before")(given)

    @model_validator(mode="after")
    def _expects(self) -> Self:
        if (self.cards is None) == (self.not_ is None):
            raise ValueError("needs one of cards and not; `cards: []` expects that none comes")
        times = [line.at for line in self.said if line.at is not None]
        if times != sorted(times):
            raise ValueError("has an `at` that lies before one above it; write its lines in the order of their times")
        return self
