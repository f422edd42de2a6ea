"""YAML files with a place (file, line, column) for every value, and nothing that can blow up.

PyYAML's C loader composes nodes; plain data and places are built from them here. Scalars stay text (pydantic turns
them into numbers and dates), so `no`, `on` and `2026-13-01` mean what was written.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from cues.yaml_syntax import explain, explain_character

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_VALUES = 200_000
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
    sha256: str = ""

    def place(self, path: Path_) -> Place:
        """Where `path` stands, or the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1, 1))

    def problem(self, line: int, column: int, message: str) -> None:
        self.problems.append(Problem(Place(self.file, line, column), message))


def read_source(file: Path, name: str) -> Source:
    """Reads one YAML file; whatever is wrong with it is in `problems`, never raised."""
    source = Source(name)
    text = _read_text(file, source)
    if text is None:
        return source
    try:
        if _bounded(text, source):
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            source.data = _Builder(source).build(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        spot, sentence = explain(error, text)
        source.problem(*spot, sentence)
    except yaml.YAMLError as error:
        spot, sentence = explain_character(error, text)
        source.problem(*spot, sentence)
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


@dataclass
class _Extent:
    """How many values a node holds, aliases expanded, and how deep they nest."""

    anchor: str | None = None
    values: int = 1
    depth: int = 1

    def add(self, inner: "_Extent") -> None:
        self.values += inner.values
        self.depth = max(self.depth, inner.depth + 1)


def _bounded(text: str, source: Source) -> bool:
    """Whether the file stays small and shallow when its aliases are expanded.

    Counted on the event stream: composing recurses, and building would expand.
    """
    known: dict[str, _Extent] = {}
    stack: list[_Extent] = [_Extent()]
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        closed = _extent(event, stack, known, source)
        if closed is None:
            continue
        stack[-1].add(closed)
        if closed.anchor:
            known[closed.anchor] = closed
        if stack[-1].values > MAX_VALUES:
            by = " once its aliases (*name) are written out" if isinstance(event, yaml.AliasEvent) else ""
            source.problem(*_spot(event), f"the file holds more than {MAX_VALUES} values{by}; shorten it.")
        elif len(stack) + closed.depth > MAX_DEPTH:
            source.problem(*_spot(event), f"values nest more than {MAX_DEPTH} deep; a playbook needs no more than 10.")
        if source.problems:
            return False
    return not source.problems


def _extent(event: yaml.Event, stack: list[_Extent], known: dict[str, _Extent], source: Source) -> _Extent | None:
    """The extent of the node that `event` completes, or None while none is complete."""
    if isinstance(event, yaml.CollectionStartEvent):
        stack.append(_Extent(event.anchor))
        # Too deep already: complete it here, so that the caller stops.
        return stack.pop() if len(stack) > MAX_DEPTH else None
    if isinstance(event, yaml.CollectionEndEvent):
        return stack.pop()
    if isinstance(event, yaml.ScalarEvent):
        return _Extent(event.anchor)
    if isinstance(event, yaml.AliasEvent):
        if any(outer.anchor == event.anchor for outer in stack):
            source.problem(
                *_spot(event), f"the alias *{event.anchor} stands inside what it names; write the value out."
            )
        found = known.get(event.anchor or "")
        return _Extent(None, found.values, found.depth) if found else _Extent()
    return None


class _Builder:
    """Plain data and places from nodes that `_bounded` let through."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def build(self, node: yaml.Node, path: Path_) -> Data:
        line, column = _spot(node)
        self._source.places.setdefault(path, Place(self._source.file, line, column))
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, k)) for k, item in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return dict(self._mapping(node, path))

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Data]]:
        seen: set[str] = set()
        for index, (key, value) in enumerate(node.value):
            if not isinstance(key, yaml.ScalarNode):
                self._source.problem(*_spot(key), "a key must be one word, not a list or mapping; put it in quotes.")
                continue
            name = str(key.value)
            if node.flow_style and _nothing_follows(key, value):
                self._source.problem(*_spot(key), _comma(name, first=index == 0))
                continue
            if name == "<<":
                self._source.problem(*_spot(key), 'playbooks have no merge key "<<"; write the values out.')
                continue
            if name in seen:
                self._source.problem(*_spot(key), f'the key "{name}" stands twice in one mapping; keep one of them.')
                continue
            seen.add(name)
            line, column = _spot(key)
            self._source.places[(*path, name, "key")] = Place(self._source.file, line, column)
            yield name, self.build(value, (*path, name))


def _nothing_follows(key: yaml.ScalarNode, value: yaml.Node) -> bool:
    """Whether not even a colon stands behind the key."""
    return bool(value.start_mark.index == value.end_mark.index == key.end_mark.index)


def _comma(name: str, *, first: bool) -> str:
    if first:
        return f'"{name}" has no value inside {{...}}; write `{name}: VALUE`.'
    return (
        f'the comma before "{name}" ends the value inside {{...}}; '
        "put the whole text in quotes, or write one key per line."
    )


def _spot(node: yaml.Node | yaml.Event) -> tuple[int, int]:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
