"""YAML files: their values, and the place (file, line, column) of each of them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cues.yaml_tree import Data, Node, Path_, read_tree, spot_in

MAX_BYTES = 4_000_000


@dataclass(frozen=True, order=True)
class Place:
    """Where a value stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}:"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a playbook: where, what, and how to mend it."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place} {self.message}"


@dataclass
class Source:
    """One file's values, and what is wrong with them as YAML."""

    file: str
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    sha256: str = ""

    @property
    def data(self) -> Data:
        return self.root.data if self.root else None

    def place(self, path: Path_) -> Place:
        """Where `path` stands, or the nearest value around it; behind `KEY` at its end, where the key itself does."""
        return Place(self.file, *spot_in(self.root, path))

    def problem(self, line: int, column: int, message: str) -> None:
        self.problems.append(Problem(Place(self.file, line, column), message))


def is_yaml(file: Path) -> bool:
    """Whether its name is that of a YAML file which is read; what editors hide beside it is not."""
    return file.suffix in {".yaml", ".yml"} and not file.name.startswith(".")


def read_source(file: Path, name: str) -> Source:
    """Reads one YAML file; whatever is wrong with it is in `problems`, never raised."""
    source = Source(name)
    text = _read_text(file, source)
    if text is not None:
        tree = read_tree(text)
        source.root = tree.root
        for spot, message in tree.faults:
            source.problem(*spot, message)
    return source


def _read_text(file: Path, source: Source) -> str | None:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            source.problem(1, 1, f"the file has {size / 1e6:.0f} MB, more than the 4 MB allowed; split or shorten it.")
            return None
        raw = file.read_bytes()
    except OSError as error:
        source.problem(1, 1, f"the file can't be read ({error.strerror}); check its permissions.")
        return None
    source.sha256 = hashlib.sha256(raw).hexdigest()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a BOM, `error.start` counts from behind it.
        start = error.start + len(raw) - len(error.object)
        before = raw[:start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        source.problem(line, column, f"byte 0x{raw[start]:02x} is not UTF-8; save the file with the encoding UTF-8.")
        return None
