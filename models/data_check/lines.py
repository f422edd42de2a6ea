"""Labelled lines with their places, split by split."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asr.errors import BadInputError
from models.competitors import Competitor
from models.data_check.finding import Finding, Place
from models.dataset import LabelledUtterance, load_competitors, read_lines

EVERYDAY_WORDS = 4
"""Texts of so few words are everyone's ("All right, go on."): their repetition says nothing."""
OWN_WORDS = 7
"""From so many words on a text is somebody's own, and its repetition no chance."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Line:
    """A labelled utterance, where it stands, and its words in small letters without apostrophes."""

    split: str
    place: Place
    said: LabelledUtterance
    words: tuple[str, ...]

    @property
    def everyday(self) -> bool:
        """Too short to be anybody's own."""
        return len(self.words) <= EVERYDAY_WORDS


@dataclass(frozen=True)
class Split:
    """Calls that belong together, such as those to train on: a folder of call files."""

    name: str
    lines: tuple[Line, ...]
    competitors: tuple[Competitor, ...]


def read_splits(folder: Path) -> tuple[list[Split], list[Finding]]:
    """The splits of `folder`: itself where it holds call files, else its subfolders that do; and each line that can't
    be read. Raises BadInputError where there are none."""
    if not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; give one that holds call files (*.jsonl).")
    own = any(folder.glob("*.jsonl"))
    folders = [folder] if own else sorted({file.parent for file in folder.glob("*/*.jsonl")})
    if not folders:
        raise BadInputError(f"{folder}: there are no call files (*.jsonl) in it or in its subfolders.")
    unreadable: list[Finding] = []
    return [_read_split(one, folder, unreadable) for one in folders], unreadable


def plain_words(text: str) -> tuple[str, ...]:
    """Words of `text` in small letters without apostrophes, so that "You've" and "youve" are one."""
    return tuple(_WORD.findall(re.sub("['’]", "", text.lower())))


def _read_split(split: Path, folder: Path, unreadable: list[Finding]) -> Split:
    lines = tuple(line for file in sorted(split.glob("*.jsonl")) for line in _read_file(file, folder, unreadable))
    return Split(split.name, lines, load_competitors(split))


def _read_file(file: Path, folder: Path, unreadable: list[Finding]) -> Iterator[Line]:
    for number, said in read_lines(file):
        place = Place(file.relative_to(folder).as_posix(), number)
        if isinstance(said, BadInputError):
            unreadable.append(Finding("error", "unreadable", place, str(said).removeprefix(f"{file}:{number}: ")))
        else:
            yield Line(file.parent.name, place, said, plain_words(said.text))
