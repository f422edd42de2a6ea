"""Which of the buyers says an utterance, told by names and turns alone: no voice is compared. Pure.

Someone is known where they introduce themselves, answer to their name, or go on with their sentence; else nobody is. In
the calls of models/data/train a buyer who speaks right after a buyer is another one in nine of ten cases, and after the
rep's turn the same one in only two of three.
"""

import re
from dataclasses import dataclass, replace

from asr.events import Speaker
from models.names import Names, mentions, names_in

_OF_ANOTHER = re.compile(r"\W*(?:(?:no|yes|not yet|sorry|it's|is|that's)\W+)?(?:he|she|his|her|they)\b", re.IGNORECASE)
"""How one answers for somebody else: "She's stuck in a fitting"."""
_ENDED = re.compile(r"[.?!…][\"'”’)]*\s*$")


@dataclass(frozen=True)
class People:
    """Who is who on a call so far."""

    person: str | None = None
    """Who said the last utterance; None where that is not known, and for the rep."""
    buyers: tuple[str, ...] = ()
    """Names on the other side, as they were first heard."""
    reps: tuple[str, ...] = ()
    """Names on the rep's side."""
    asked: str | None = None
    """Was spoken to by name, and has not answered yet."""
    by_buyer: tuple[str, ...] = ()
    """New names that the buyer just spoke to: of the rep, if the rep answers."""
    unfinished: bool = False
    """The last utterance broke off within a sentence."""
    last: Speaker | None = None


def hear(people: People, speaker: Speaker, text: str) -> People:
    """Who is who after one more utterance; its `person` says whose that was. Never raises."""
    names = names_in(text, (*people.buyers, *people.reps))
    if speaker == "buyer":
        return _hear_buyer(people, names, text)
    return _hear_rep(people, names)


def _hear_rep(people: People, names: Names) -> People:
    own = () if names.own in people.buyers else _maybe(names.own)
    reps = _joined(people.reps, (*own, *names.brought, *people.by_buyer))
    asked = tuple(name for name in names.asked if name not in reps)
    greeted = tuple(name for name in names.greeted if name not in reps)
    buyers = _joined(people.buyers, (*greeted, *asked))
    still = people.asked if people.last == "rep" else None
    return replace(
        people,
        person=None,
        buyers=buyers,
        reps=reps,
        asked=_who_answers(asked, greeted, people.buyers) or still,
        by_buyer=(),
        last="rep",
    )


def _who_answers(asked: tuple[str, ...], greeted: tuple[str, ...], known: tuple[str, ...]) -> str | None:
    """Who was asked last; who is greeted answers for sure only where nobody else is there."""
    if asked:
        return asked[-1]
    return greeted[0] if len(greeted) == 1 and not known else None


def _hear_buyer(people: People, names: Names, text: str) -> People:
    own = None if names.own in people.reps else names.own
    person = own or _answers(people, text) or _goes_on(people, text)
    to = tuple(name for name in (*names.greeted, *names.asked) if name != person)
    known = tuple(name for name in to if name in people.buyers)
    return replace(
        people,
        person=person,
        buyers=_joined(people.buyers, (*_maybe(own), *(name for name in names.brought if name not in people.reps))),
        asked=known[-1] if known else None,
        by_buyer=tuple(name for name in to if name not in (*people.buyers, *people.reps)),
        unfinished=not _ENDED.search(text),
        last="buyer",
    )


def _answers(people: People, text: str) -> str | None:
    """Who was asked, unless the answer speaks of them."""
    asked = people.asked
    return None if asked is None or mentions(text, asked) or _OF_ANOTHER.match(text) else asked


def _goes_on(people: People, text: str) -> str | None:
    """Who broke off, where this is the rest of their sentence."""
    person = people.person
    if person is None or people.last != "buyer" or not people.unfinished or not text.lstrip()[:1].islower():
        return None
    return None if mentions(text, person) or people.asked is not None else person


def _joined(names: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))


def _maybe(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)
