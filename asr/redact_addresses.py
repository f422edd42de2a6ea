"""E-mail addresses in words, written or spoken ("sam dot lee at example dot com"). Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_ENDINGS = frozenset(
    """com org net edu gov int io co ai app dev info biz me tv cloud tech online shop email us uk ca au nz ie de fr eu
    nl be lu at ch es pt it pl cz dk se no fi gr tr il ae za in sg hk jp cn kr vn th my ph id br mx ar cl""".split()
)
_NO_LOCAL_PART = frozenset(
    """a an the us me it them him her you we they i he she this that these those here there now then today more back up
    look looks looked looking find found see saw seen check checked meet met start started sign signed go goes going
    went gone stay stayed work works worked working live lives hosted available is are was were am be been being
    site page website online team people person folks guys login log logged and or but so not arrive aim""".split()
)
"""Before "at example.com" these are no name: "look at monday.com"."""
_SPOKEN = {"at": "at", "dot": ".", "dash": "-", "hyphen": "-", "minus": "-", "underscore": "_"}
_JOINERS = frozenset(".-_")
_NAME = re.compile(r"[\w+\-]+")

Found = tuple[int, int, str]
"""First word, word after the last, label."""


class _Atom(NamedTuple):
    """A name, or one of "@", "at", ".", "-", "_"; and the word that it stands in."""

    text: str
    word: int


def addresses(words: Sequence[str], *, local_part: bool) -> Iterator[Found]:
    """Every e-mail address, in order. Without `local_part` it begins behind its first word, which has been shown."""
    atoms = [atom for k, word in enumerate(words) for atom in _atoms(word, k)]
    at = 0
    while at < len(atoms):
        end = _address_end(atoms, at)
        if end:
            first, last = atoms[at].word, atoms[end - 1].word
            shown = not local_part and "@" not in words[first]
            yield first + shown, last + 1, "[email]"
        at = end or at + 1


def growing(words: Sequence[str]) -> int:
    """How many words at the end may still become part of an address; the first word of one is not held back."""
    kept = len(words)
    while kept:
        if _links(words[kept - 1]):
            kept -= 1
        elif kept > 1 and _links(words[kept - 2]):
            kept -= 2
        else:
            break
    return len(words) - kept


def _links(word: str) -> bool:
    """Whether an address may go on over this word; a lone full stop or comma is nothing to it."""
    bare = _bare(word)
    return "@" in bare or bare in _SPOKEN or bare in _JOINERS or not bare


def _atoms(word: str, place: int) -> Iterator[_Atom]:
    bare = _bare(word)
    for part in [bare] if bare in _SPOKEN else re.findall(r"[^@.]+|[@.]", bare):
        yield _Atom(_SPOKEN.get(part, part), place)


def _address_end(atoms: Sequence[_Atom], first: int) -> int | None:
    """End of the address whose local part begins at atom `first`."""
    at = _joined(atoms, first)
    if at == first or at >= len(atoms) or atoms[at].text not in {"@", "at"}:
        return None
    written = atoms[at].text == "@"
    if not written and at == first + 1 and atoms[first].text in _NO_LOCAL_PART:
        return None
    longest = _joined(atoms, at + 1)
    ends = range(longest, at + 3, -2)
    return next((end for end in ends if _is_domain_end(atoms, end, written=written)), None)


def _is_domain_end(atoms: Sequence[_Atom], end: int, *, written: bool) -> bool:
    ending = atoms[end - 1].text
    known = ending in _ENDINGS or (written and re.fullmatch(r"[a-z]{2,}", ending) is not None)
    return known and atoms[end - 2].text == "."


def _joined(atoms: Sequence[_Atom], first: int) -> int:
    """End of the names that "." and its like join, beginning at `first`; `first` where no name stands there."""
    if not _is_name(atoms, first):
        return first
    end = first + 1
    while end < len(atoms) and atoms[end].text in _JOINERS and _is_name(atoms, end + 1):
        end += 2
    return end


def _is_name(atoms: Sequence[_Atom], at: int) -> bool:
    return at < len(atoms) and atoms[at].text != "at" and _NAME.fullmatch(atoms[at].text) is not None


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()<>").lower()
