"""A card's text with facts of the deal in it: `{account}`, or `{account|the customer}` with a fallback. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from cues.deal import FACT_NAME, Fact, KnownDeal, shown_fact

_BRACES = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")


@dataclass(frozen=True)
class Variable:
    """One `{name|fallback}` of a text."""

    name: str
    fallback: str | None


def variables(text: str) -> tuple[Variable, ...]:
    """The variables of a text, in order; braces around what can be no fact's name are text."""
    return tuple(each for each in in_braces(text) if FACT_NAME.fullmatch(each.name))


def in_braces(text: str) -> tuple[Variable, ...]:
    """Whatever stands in braces, in order."""
    return tuple(Variable(match[1], match[2]) for match in _BRACES.finditer(text))


def needed(text: str) -> str | None:
    """A fact without which there is no such text; None where there always is."""
    return next((each.name for each in variables(text) if each.fallback is None), None)


def filled(text: str, deal: KnownDeal, write: Callable[[Fact], str] = shown_fact) -> str | None:
    """The text with the facts in it; None where one without a fallback is not known."""
    known = {each.name: deal.fact(each.name) for each in variables(text)}
    if any(known[each.name] is None and each.fallback is None for each in variables(text)):
        return None

    def fact(match: re.Match[str]) -> str:
        if match[1] not in known:
            return match[0]
        found = known[match[1]]
        return match[2] if found is None else write(found)

    return _BRACES.sub(fact, text)


def address(link: str, deal: KnownDeal) -> str | None:
    """A web address with the facts in it, each written so that it stays one part of it."""
    return filled(link, deal, lambda fact: quote(shown_fact(fact), safe=""))


def phrasing(texts: Iterable[str] | None, deal: KnownDeal, turn: int) -> str | None:
    """The one of some phrasings whose turn it is, of those whose facts are known."""
    able = [text for text in (filled(each, deal) for each in texts or ()) if text is not None]
    return able[turn % len(able)] if able else None
