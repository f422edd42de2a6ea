"""YAML files with a place (file, line, column) for every value, and nothing that can blow up.

PyYAML's C loader composes nodes; plain data and places are built from them here. Scalars stay text (pydantic turns
them into numbers and dates), so `no`, `on` and `2026-13-01` mean what was written.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_NODES = 400_000
"""Values in one file, aliases expanded."""

Data = str | None | list["Data"] | dict[str, "Data"]
Path_ = tuple[str | int, ...]


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
    """One file's data, with the place of each value (and, for mappings, of each key)."""

    file: str
    data: Data = None
    places: dict[Path_, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path_) -> Place:
        """Where `path` stands, or the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1, 1))


def read_source(file: Path, name: str) -> Source:
    """Reads one YAML file; whatever is wrong with it is in `problems`, never raised."""
    source = Source(name)
    text = _read_text(file, source)
    if text is None:
        return source
    try:
        if _bounded(text, source):
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            source.data = _Builder(source).build(node, (), 0) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        source.problems.append(Problem(place, _syntax_sentence(error)))
    except (yaml.YAMLError, ValueError) as error:
        place = _reader_place(error, text, name)
        source.problems.append(Problem(place, f"this is not YAML ({_one_line(error)}); take the character out."))
    return source


def _read_text(file: Path, source: Source) -> str | None:
    first = Place(source.file, 1, 1)
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            source.problems.append(
                Problem(first, f"the file has {size / 1e6:.0f} MB, more than the 4 MB allowed; split it or shorten it.")
            )
            return None
        raw = file.read_bytes()
    except OSError as error:
        source.problems.append(Problem(first, f"the file can't be read ({error.strerror}); check its permissions."))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        wrong = f"byte 0x{raw[error.start]:02x}"
        source.problems.append(
            Problem(Place(source.file, line, column), f"{wrong} is not UTF-8; save the file with the encoding UTF-8.")
        )
        return None


def _bounded(text: str, source: Source) -> bool:
    """Whether nesting is shallow: checked on the event stream, since composing recurses."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            place = _place(source.file, event)
            source.problems.append(
                Problem(place, f"nested more than {MAX_DEPTH} deep; a playbook needs no more than 10.")
            )
            return False
    return True


class _Builder:
    """Plain data from nodes; counts what aliases expand to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._nodes = 0

    def build(self, node: yaml.Node, path: Path_, depth: int) -> Data:
        self._nodes += 1
        place = _place(self._source.file, node)
        self._source.places.setdefault(path, place)
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            if self._nodes <= MAX_NODES + 1 or depth > MAX_DEPTH:
                self._problem(place, "aliases (*name) here expand without end; write the values out.")
            self._nodes = MAX_NODES + 1
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, k), depth + 1) for k, item in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path, depth)

    def _mapping(self, node: yaml.MappingNode, path: Path_, depth: int) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for key, value in node.value:
            place = _place(self._source.file, key)
            if not isinstance(key, yaml.ScalarNode):
                self._problem(place, "a key must be one word, not a list or mapping; put it in quotes.")
                continue
            name = str(key.value)
            if node.flow_style and value.start_mark.index == value.end_mark.index and value.value == "":
                self._problem(
                    place,
                    f'the comma before "{name}" ends the value inside {{...}}; '
                    "put the whole text in quotes, or write one key per line.",
                )
                continue
            if name in data:
                self._problem(place, f'the key "{name}" stands twice in one mapping; keep one of them.')
                continue
            data[name] = self.build(value, (*path, name), depth + 1)
            self._source.places[(*path, name, "key")] = place
        return data

    def _problem(self, place: Place, message: str) -> None:
        problem = Problem(place, message)
        if not self._source.problems or self._source.problems[-1] != problem:
            self._source.problems.append(problem)


def _place(file: str, node: yaml.Node | yaml.Event) -> Place:
    mark = node.start_mark
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def _syntax_sentence(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or "").strip()
    if "mapping values are not allowed" in problem:
        return 'a second ": " stands in this line; put the text in quotes.'
    if "found character that cannot start any token" in problem:
        return "a tab, @, ` or % begins a value here; indent with spaces, or put the text in quotes."
    if "undefined alias" in problem:
        return f"{problem}; define it with & first, or put the text in quotes."
    if "did not find expected ',' or '}'" in problem or "did not find expected ',' or ']'" in problem:
        return "a bracket opened here or above is not closed, or a value in it needs quotes; close it, or use quotes."
    if "expected a single document" in (error.context or "") + problem:
        return 'a second document begins here; take the line "---" out.'
    return f"YAML syntax: {problem or _one_line(error)}; check indentation, quotes and brackets around here."


def _reader_place(error: Exception, text: str, name: str) -> Place:
    position = getattr(error, "position", None)
    before = text[:position] if isinstance(position, int) else ""
    return Place(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
