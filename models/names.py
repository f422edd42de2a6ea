"""Names of people in what is said: who introduces themselves, who is brought along, who is spoken to. Pure.

Where a text has capitals, a name has one. Without, only names that are known, greeted or introduced are found.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.sound import sound_key

LONGEST = 2_000
"""Characters; a longer text is looked at from its end, where it says who is to answer."""
ALIKE = 80.0
"""Likeness of letters (0 to 100) from which two spellings are one name ("Martin", "Martyn")."""
FUZZY_LETTERS = 4
"""Shorter names are one only where they are the same: "Ron" is not "Rob"."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_NAME = (
    r"(?:(?:mr|mrs|ms|miss|mister|dr|doctor)\.? )?"
    r"(?P<name>(?!(?:mr|mrs|ms|dr)\b)[^\W\d_]{2,}(?:-(?!san\b)[^\W\d_]+)?)(?:-san\b)?"
)
_GREETING = r"(?:hi|hello|hey|hiya|morning|afternoon|evening|welcome|bye|thanks|thank you)"
_LEAD = r"(?:(?:and|so|but|okay|ok|well|right|yes|no|oh|sorry|thanks|thank you|good|great),? )*"
_START = r"(?:^|(?<=[.?!] ))"
_END = r"(?=[.?!]|$)"
_ASKED = r"(?:you|what|who|how|where|when|which|why|tell|can|could|would|will|do|does|did|is|are|shall|let|go)"


def _any(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_OWN = _any(
    rf"\bmy name(?: is|'?s) {_NAME}",
    rf"\bthis is {_NAME}(?: [^\W\d_]+)?(?:,(?! (?:he|she|who|they)\b)| (?:from|at|with|here|speaking)\b|{_END})",
    rf"{_START}(?:\w+,? ){{0,3}}?(?:i'm|im|i am) {_NAME}(?:,|,? (?:from|with|and i|i)\b)",
    rf"{_START}(?:\w+,? ){{0,3}}?(?:it's|its) {_NAME},? from\b",
    rf"(?:{_START}|(?<=, )){_NAME},? (?:here|speaking)(?:,| from\b| in\b|{_END})",
    rf"^{_LEAD}{_GREETING},? \w+,? {_NAME} here\b",
)
_BROUGHT = _any(
    rf"\b(?:with me is|joined by|colleague,?|let me introduce|this is my \w+,?) {_NAME}",
    rf"\b(?:have|'ve|got|brought) {_NAME} (?:here|with me|with us|from|on the)\b",
)
_GREETED = _any(rf"\b{_GREETING},? {_NAME}(?=[,.?!]|$)")
_ASKED_BY_NAME = _any(
    rf"\b(?:is|and) {_NAME} (?:with us|there|joining|on the (?:line|call))\b",
    rf"\bover to {_NAME}",
    rf", {_NAME}{_END}",
    rf"\b(?:is (?:that|this)|speaking (?:to|with)) {_NAME}(?! ?[^\W\d_]*'s)\b",
    rf"{_START}(?:(?:and|so|okay|right|then),? )*{_NAME}, {_ASKED}\b",
)
_KNOWN_ASKED = _any(
    rf"{_START}{_LEAD}{_NAME}(?=[,?!:])",
    rf"{_START}{_LEAD}(?:what about |how about )?{_NAME}{_END}",
    rf", {_NAME},",
)
_KNOWN_ASKED_BARE = _any(rf"^{_LEAD}{_NAME}\b", rf"\b{_NAME}$", rf"\b(?:thanks|sorry|okay) {_NAME}\b")
"""For a text without punctuation."""

_NO_NAME = frozenset(
    """a about absolutely actually afraid again agreed ah all alone already alright also always am amazing american
    an and another any anyway apologies april are as at august awesome aye back basically be been before bit
    blended boss both brilliant british brother but bye call can captain cheers come correct course dad daddy
    day dear december did do doctor doing dollars done dutch eh english europe euros evening everybody everyone
    everything exact exactly excellent far father february finally fine first folks for frankly french friday
    friends from fun game general gents german germany glad go god going gone good gotcha grand great guys ha
    happy hello here hey hi him his hiya hm honest honestly how huh i if in instead interesting irish is it
    italian january july june just ladies last late later least like listen london look lovely madam madame man
    march mate may maybe me meanwhile mine miss mm mom monday monsieur more morning mr mrs much mum my name
    naturally next nice no nobody not noted nothing november now obviously october of off often oh ok okay on
    one only oof ooh or other our out papa part percent perfect perhaps please point pounds pretty quite reais
    really right round same saturday say second see september she sir sister so somehow someone sometimes son
    soon sorry spanish splendid still sunday super sure swiss team thanks that the their them then there they
    thing things third this though thursday time to today together tomorrow too totally true tuesday two uh um
    understandable understood up us usually very wait was way we wednesday welcome well what when where which
    who why will with wonderful wow yeah yep yes yesterday you your yours""".split()
)
"""What stands where names do, in the calls of models/data/train."""


@dataclass(frozen=True)
class Names:
    """The names in one text: the speaker's own, those brought along, those greeted and asked, in order."""

    own: str | None = None
    brought: tuple[str, ...] = ()
    greeted: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def names_in(text: str, known: Sequence[str]) -> Names:
    """What `text` says of people; a name that is like a `known` one is given as that. Never raises."""
    said = text[-LONGEST:].replace("’", "'").strip()
    cased = said != said.lower()
    find = _Search(said, tuple(known), cased)
    own = next(iter(find.names(_OWN, new=True)), None)
    asked = find.names(_ASKED_BY_NAME, new=cased)
    asked += find.names(_KNOWN_ASKED if re.search(r"[.?!,]", said) else _KNOWN_ASKED_BARE, new=False)
    greeted = find.names(_GREETED, new=True)
    return Names(own, find.names(_BROUGHT, new=cased), greeted, tuple(name for name in asked if name not in greeted))


def mentions(text: str, name: str) -> bool:
    """Whether `name` is said in `text`."""
    return any(same_name(word, name) for word in _WORD.findall(text[-LONGEST:]))


def same_name(one: str, other: str) -> bool:
    """Whether both are spellings of one name, as a recogniser may mishear it."""
    one, other = _plain(one), _plain(other)
    if one == other:
        return True
    if min(len(one), len(other)) < FUZZY_LETTERS or one[0] != other[0]:
        return False
    return fuzz.ratio(one, other) >= ALIKE or sound_key(one) == sound_key(other)


@dataclass(frozen=True)
class _Search:
    text: str
    known: tuple[str, ...]
    cased: bool

    def names(self, patterns: Sequence[re.Pattern[str]], *, new: bool) -> tuple[str, ...]:
        """Each name once, in the order of the text; `new`: also those that are not known yet."""
        found = sorted((match.start("name"), match["name"]) for one in patterns for match in one.finditer(self.text))
        names = (self._name(said, new) for _, said in found)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def _name(self, said: str, new: bool) -> str | None:
        if self.cased and (not said[0].isupper() or said.isupper()):
            return None
        exact = next((name for name in self.known if _plain(name) == _plain(said)), None)
        alike = exact or next((name for name in self.known if same_name(said, name)), None)
        if alike is not None or not new or said.lower() in _NO_NAME:
            return alike
        return said if self.cased else said.title()


def _plain(name: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ı", "i")
