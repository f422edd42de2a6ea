"""What a card says: its texts, which may have facts of the deal in them, several phrasings, and other languages."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from cues.card_text import address, filled, needed, phrasing
from cues.deal import UNKNOWN, KnownDeal
from cues.events import CardContent
from cues.values import Language, Part, SomeTexts, Text

EMPTY_CARD = "is empty; add one of ask, say, proof"


class Wording(Part):
    """A card in one language: a title, and at least one of ask, say, proof."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in ("ask", "say", "proof")]})

    title: Text
    """What is going on, in at most eight words."""
    ask: SomeTexts | None = None
    """A question for the buyer, word for word; of several phrasings each has its turn."""
    say: SomeTexts | None = None
    """What to say, in at most 90 characters a line; of several phrasings each has its turn."""
    proof: Text | None = None
    """A fact or customer that proves it."""
    link: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    """A page to open or send: https://..."""
    avoid: Text | None = None
    """What not to do now."""

    @field_validator("title")
    @classmethod
    def _always_there(cls, title: str) -> str:
        name = needed(title)
        if name is not None:
            raise ValueError(f"is no title where {name} is not known; add what stands there then: {{{name}|TEXT}}")
        return title

    @model_validator(mode="after")
    def _something(self) -> Self:
        lines = self.lines()
        if not lines:
            raise ValueError(EMPTY_CARD)
        if all(map(needed, lines)):
            name = needed(lines[0])
            raise ValueError(
                f"has no ask, say or proof where {name} is not known; add what stands there then: {{{name}|TEXT}}"
            )
        return self

    def lines(self) -> tuple[str, ...]:
        """All that it asks, says and proves."""
        return (*(self.ask or ()), *(self.say or ()), *((self.proof,) if self.proof else ()))

    def texts(self) -> tuple[str, ...]:
        """All that may have facts of the deal in it."""
        return (self.title, *self.lines(), *(text for text in (self.link, self.avoid) if text))

    def content(self, deal: KnownDeal, turn: int) -> CardContent:
        """What is shown: lines whose facts are not known are left out."""
        return CardContent(
            title=filled(self.title, deal) or self.title,
            ask=phrasing(self.ask, deal, turn),
            say=phrasing(self.say, deal, turn),
            proof=filled(self.proof, deal) if self.proof else None,
            link=address(self.link, deal) if self.link else None,
            avoid=filled(self.avoid, deal) if self.avoid else None,
        )


class Card(Wording):
    """What the rep reads: a title, and at least one of ask, say, proof."""

    languages: Annotated[dict[Language, Wording], Field(default_factory=dict)]
    """The same for calls in other languages than the playbook's, each whole: `de: {title: ..., ask: ...}`."""

    def in_language(self, language: str) -> Wording:
        """What is shown in a call in that language."""
        return self.languages.get(language, self)

    def shown(self, language: str, deal: KnownDeal = UNKNOWN, turn: int = 0) -> CardContent:
        """The content in a call; `turn` counts through the phrasings."""
        return self.in_language(language).content(deal, turn)
