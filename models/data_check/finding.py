"""What the check of labelled calls has to say."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]
Kind = Literal["unreadable", "convention", "leak", "contradiction", "repeat", "template", "thin"]


@dataclass(frozen=True, order=True)
class Place:
    """A line of a call file, named from the checked folder on; `line` is 0 where the whole file is meant."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Finding:
    """Something wrong (error) or doubtful (warning) at `place`; `others` are the lines that it is measured against."""

    level: Level
    kind: Kind
    place: Place
    sentence: str
    others: tuple[Place, ...] = ()
