"""Finds what may be a competitor's name in a text, split, joined and misheard forms included.

A candidate that is `sure` is the name itself. Any other is an everyday word ("Monday") or only sounds like the name,
and `models.mentions` decides by its context.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from models.sound import sound_key

MAX_WORDS = 4
"""Longest window: "sales force dot com"."""
FUZZY_LETTERS = 5
"""Shorter names are only found as they are written: too many words sound like them."""
LONGEST = 24
"""Longer windows are no name."""
LIKE_LETTERS = 0.84
LIKE_SOUND = 0.80
LIKE_BOTH = 0.60
LIKE_PLAIN = 1.55
"""Letters and sound together, for windows made of everyday words alone ("free desk")."""
SAME_SOUND = 0.999
SHORT_LETTERS = 4
"""Names from this length on are also found where an unknown word sounds exactly like them ("octa")."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_APOSTROPHE = re.compile(r"['’]")
_BREAK = re.compile(r"[!?;:]|[.,]\s")
_DOMAINS = (".com", ".io", ".ai", ".net", ".co", ".app")
_JOINTS = frozenset(
    "a an the and or but so if as than of to in on at for from with by out up off into about over is are was were"
    " be been am has have had do does did will would can could i me my you your he him his she her it its we us"
    " our they them their this that these those there here what who how when where not no any all one some just"
    " then also too go come say".split()
)
"""Words that hold a sentence together. What begins or ends with one is no misheard name: "is an" is no Asana."""
_ARTICLES = frozenset({"a", "an", "the"})
"""They may begin a misheard name all the same ("a sauna")."""
_CONTRACTED = frozenset(
    "dont cant wont isnt arent wasnt werent doesnt didnt havent hasnt hadnt couldnt wouldnt shouldnt thats whats"
    " lets im ive youre youve youll theyre theyve weve hes shes theres heres".split()
)
"""As some recognisers write them; others keep the apostrophe."""


@dataclass(frozen=True)
class Competitor:
    """A vendor of the playbook, and other ways to write or say its name."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Text [start, end) that may name a competitor. `letters` and `sound` are likenesses to its name, 0 to 1.

    `domain`: said with its "dot com", which no everyday word is.
    """

    name: str
    start: int
    end: int
    letters: float
    sound: float
    sure: bool
    domain: bool = False


@dataclass(frozen=True)
class _Window:
    key: str
    start: int
    end: int
    words: tuple[str, ...]


class Finder:
    """Looks for some competitors' names. `is_word` says whether a lower-case word is an everyday one."""

    def __init__(self, competitors: Sequence[Competitor], is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._names: dict[str, str] = {}
        for competitor in competitors:
            for alias in (competitor.name, *competitor.aliases):
                for key in _alias_keys(alias):
                    self._names.setdefault(key, competitor.name)
        self._domains = {key for one in competitors for key in _alias_keys(one.name)[:-1]}
        self._fuzzy = [key for key in self._names if len(key) >= SHORT_LETTERS]
        self._sounds = [sound_key(key) for key in self._fuzzy]
        self._everyday = np.array([is_word(key) for key in self._fuzzy], bool)
        self._short = np.array([len(key) < FUZZY_LETTERS for key in self._fuzzy], bool)

    def find(self, text: str) -> list[Candidate]:
        """At most one candidate a competitor, in the order of the text, none overlapping another."""
        windows = _windows(text)
        found = [self._exact(window) for window in windows if window.key in self._names]
        found += self._alike([window for window in windows if self._may_be_misheard(window)])
        found.sort(key=lambda one: (-one.sure, -one.letters - one.sound, one.start - one.end, one.start))
        return sorted(_apart(found), key=lambda one: one.start)

    def _exact(self, window: _Window) -> Candidate:
        domain = window.key in self._domains
        sure = domain or not self._plain(window)
        return Candidate(self._names[window.key], window.start, window.end, 1.0, 1.0, sure, domain)

    def _may_be_misheard(self, window: _Window) -> bool:
        if window.key in self._names or not FUZZY_LETTERS - 1 <= len(window.key) <= LONGEST:
            return False
        first, last = window.words[0], window.words[-1]
        if first in _JOINTS - _ARTICLES or last in _JOINTS:
            return False
        return len(window.words) < MAX_WORDS and not (len(window.words) == 1 and self._plain(window))

    def _plain(self, window: _Window) -> bool:
        return all(self._known(word) for word in window.words)

    def _known(self, word: str) -> bool:
        """Whether `word` is an everyday one, the parts of "aren't" or "Monday's" counting each."""
        return word in _CONTRACTED or all(self._is_word(part) for part in _APOSTROPHE.split(word))

    def _alike(self, windows: list[_Window]) -> list[Candidate]:
        if not windows or not self._fuzzy:
            return []
        likeness = process.cdist([window.key for window in windows], self._fuzzy, scorer=fuzz.ratio, dtype=np.float32)
        near = np.flatnonzero(likeness.max(axis=1) >= LIKE_BOTH * 100)
        windows = [windows[row] for row in near]
        letters = likeness[near] / 100
        heard = [sound_key(window.key) for window in windows]
        sounds = process.cdist(heard, self._sounds, scorer=fuzz.ratio, dtype=np.float32) / 100
        like = (letters >= LIKE_LETTERS) | ((sounds >= LIKE_SOUND) & (letters >= LIKE_BOTH))
        # Recognisers write what they know: everyday words for an unknown name, but hardly for another everyday word.
        plain = np.array([self._plain(window) for window in windows], bool)[:, None]
        same = sounds >= SAME_SOUND
        like &= ~plain | np.where(self._everyday, same, letters + sounds >= LIKE_PLAIN)
        alone = np.array([len(window.words) == 1 for window in windows], bool)[:, None]
        like &= ~self._short | (same & alone)
        return [
            Candidate(
                self._names[self._fuzzy[column]],
                windows[row].start,
                windows[row].end,
                float(letters[row, column]),
                float(sounds[row, column]),
                False,
            )
            for row, column in zip(*np.nonzero(like), strict=True)
        ]


def _alias_keys(alias: str) -> list[str]:
    """Joined lower-case letters of an alias; without its domain too, as nobody says "dot com" twice."""
    keys = [_join(_WORD.findall(alias))]
    for domain in _DOMAINS:
        if alias.lower().endswith(domain):
            keys.append(_join(_WORD.findall(alias[: -len(domain)])))
    return [key for key in keys if key]


def _join(words: Sequence[str]) -> str:
    """Lower-case letters without apostrophes; a "dot" between two words is silent."""
    plain = [_POSSESSIVE.sub("", word.lower()).replace("'", "").replace("’", "") for word in words]
    return "".join(word for place, word in enumerate(plain) if word != "dot" or place in (0, len(plain) - 1))


def _windows(text: str) -> list[_Window]:
    words = list(_WORD.finditer(text))
    joins = [not _BREAK.search(text, one.end(), other.start()) for one, other in itertools.pairwise(words)]
    windows = []
    for first, word in enumerate(words):
        for last in range(first, min(first + MAX_WORDS, len(words))):
            if last > first and not joins[last - 1]:
                break
            said = [one.group() for one in words[first : last + 1]]
            end = words[last].end() - (2 if _POSSESSIVE.search(said[-1]) else 0)
            windows.append(_Window(_join(said), word.start(), end, tuple(one.lower() for one in said)))
    return windows


def _apart(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for one in candidates:
        if all(one.name != other.name and (one.end <= other.start or one.start >= other.end) for other in kept):
            kept.append(one)
    return kept
