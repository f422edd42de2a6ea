"""A YAML text as a tree of plain values that know where they stand, from the events of PyYAML's C parser. Pure.

Nothing recurses, and an alias (*name) shares what it names, so that no text can blow up. Scalars stay text (pydantic
turns them into numbers and dates), so `no`, `on` and `2026-13-01` mean what was written.
"""

import re
from dataclasses import dataclass, field
from typing import Final

import yaml

from cues.shown import named, plain
from cues.yaml_syntax import BEGINS_WITH_ANCHOR, Mark, Spot, explain, explain_character, spot_of

MAX_DEPTH = 40
MAX_VALUES = 200_000
"""Values in one file, aliases expanded."""

KEY: Final = -1
"""Ends a path that means a mapping's key itself, not the value behind it."""

Data = str | None | list["Data"] | dict[str, "Data"]
Path_ = tuple[str | int, ...]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NULL_TAG = "tag:yaml.org,2002:null"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(slots=True)
class Node:
    """A value and where it begins; of a list or mapping also where each value in it begins, and a mapping's keys.

    `parts` holds the mark alone for a text: a playbook may have a hundred thousand. `values` counts this value and
    those in it, aliases expanded; `depth` is how deep they nest.
    """

    mark: Mark | None
    data: Data
    parts: "dict[str | int, Node | Mark | None]" = field(default_factory=dict)
    keys: dict[str | int, Mark | None] = field(default_factory=dict)
    values: int = 1
    depth: int = 1


@dataclass
class Tree:
    """A text's values (`root` is None where it can't be read, or holds none), and what is wrong with it."""

    root: Node | None = None
    faults: list[tuple[Spot, str]] = field(default_factory=list)


class _UnreadableError(Exception):
    """Wrong in such a way that reading on has no use."""

    def __init__(self, event: yaml.Event, message: str) -> None:
        super().__init__(message)
        self.fault = spot_of(event.start_mark), message


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end is yet to come; `key` is the one whose value comes next."""

    node: Node
    event: yaml.CollectionStartEvent
    is_mapping: bool
    key: yaml.NodeEvent | None = None
    entries: int = 0


def read_tree(text: str) -> Tree:
    """The tree of a YAML text; whatever is wrong with it is in `faults`, never raised."""
    builder = _Builder()
    try:
        parser = yaml.CSafeLoader(text)
        while event := parser.get_event():
            builder.take(event)
        return builder.tree
    except _UnreadableError as error:
        fault = error.fault
    except yaml.MarkedYAMLError as error:
        fault = explain(error, text)
    except yaml.YAMLError as error:
        fault = explain_character(error, text)
    return Tree(None, [*builder.tree.faults, fault])


def spot_in(node: Node | Mark | None, path: Path_) -> Spot:
    """Where `path` begins in `node`, or the nearest value around it."""
    if not isinstance(node, Node):
        return spot_of(node)
    if not path or path[0] not in node.parts:
        return spot_of(node.mark)
    if path[1:] == (KEY,):
        return spot_of(node.keys[path[0]])
    return spot_in(node.parts[path[0]], path[1:])


class _Builder:
    """Takes the events one by one."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_depth(event, 2)
            mapping = isinstance(event, yaml.MappingStartEvent)
            self._open.append(_Open(Node(event.start_mark, {} if mapping else []), event, mapping))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self._open.pop()
            if closed.event.anchor:
                self._anchors[closed.event.anchor] = closed.node
            self._place(closed.event, closed.node.data, closed.node)
        elif isinstance(event, yaml.AliasEvent):
            meant = self._named(event)
            self._check_depth(event, meant.depth)
            self._place(event, meant.data, meant)
        elif isinstance(event, yaml.DocumentStartEvent) and self.tree.root is not None:
            raise _UnreadableError(event, 'a second document begins here; take the line "---" out.')

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text: str = event.value
        if not text.isprintable():
            self._check_characters(event)
        if event.anchor:
            self._anchors[event.anchor] = Node(event.start_mark, _value(event))
        holder = self._open[-1] if self._open else None
        if holder and holder.is_mapping and holder.key is None:
            holder.key = event
        else:
            self._place(event, _value(event) if text in _NULLS or event.tag else text, None)

    def _place(self, event: yaml.NodeEvent, data: Data, node: Node | None) -> None:
        """Puts a whole value where it belongs; `node` is None for a text."""
        if not self._open:
            self.tree.root = node or Node(event.start_mark, data)
            return
        holder = self._open[-1]
        outer = holder.node
        if not holder.is_mapping:
            assert isinstance(outer.data, list)
            outer.parts[len(outer.data)] = node or event.start_mark
            outer.data.append(data)
        elif holder.key is None:
            holder.key = event
            return
        else:
            self._put(holder, holder.key, event, data, node)
            holder.key = None
        outer.values += node.values if node else 1
        if node and node.depth >= outer.depth:
            outer.depth = node.depth + 1
        if outer.values > MAX_VALUES:
            by = " once its aliases (*name) are written out" if isinstance(event, yaml.AliasEvent) else ""
            raise _UnreadableError(event, f"the file holds more than {MAX_VALUES} values{by}; shorten it.")

    def _put(self, holder: _Open, key: yaml.NodeEvent, event: yaml.NodeEvent, data: Data, node: Node | None) -> None:
        """Puts a value under its key, unless something is wrong with the key."""
        holder.entries += 1
        wrong = _wrong_key(key, holder, event)
        if wrong:
            self.tree.faults.append((spot_of(key.start_mark), wrong))
        elif isinstance(key, yaml.ScalarEvent) and isinstance(holder.node.data, dict):
            holder.node.data[key.value] = data
            holder.node.parts[key.value] = node or event.start_mark
            holder.node.keys[key.value] = key.start_mark

    def _named(self, alias: yaml.AliasEvent) -> Node:
        if any(outer.event.anchor == alias.anchor for outer in self._open):
            message = f"the alias *{alias.anchor} stands inside what it names; write the value out."
            raise _UnreadableError(alias, message)
        meant = self._anchors.get(alias.anchor or "")
        if meant is None:
            raise _UnreadableError(alias, BEGINS_WITH_ANCHOR)
        return meant

    def _check_depth(self, event: yaml.Event, depth: int) -> None:
        if len(self._open) + depth > MAX_DEPTH:
            message = f"values nest more than {MAX_DEPTH} deep; a playbook needs no more than 10."
            raise _UnreadableError(event, message)

    def _check_characters(self, event: yaml.ScalarEvent) -> None:
        control = _CONTROL.search(event.value)
        if control:
            message = f"this text holds the control character U+{ord(control[0]):04X}; take it out."
            self.tree.faults.append((spot_of(event.start_mark), message))


def _value(event: yaml.ScalarEvent) -> str | None:
    text: str = event.value
    null = event.tag == _NULL_TAG or (text in _NULLS and event.tag is None and event.implicit[0])
    return None if null else text


def _wrong_key(key: yaml.NodeEvent, holder: _Open, value: yaml.NodeEvent) -> str | None:
    """What is wrong with a key of the mapping `holder`, or None."""
    if not isinstance(key, yaml.ScalarEvent):
        return "a key must be one word, not a list or mapping; put it in quotes."
    if holder.event.flow_style and _end(key) == _end(value):
        return _no_value(key.value, first=holder.entries == 1)
    if key.value == "<<":
        return 'playbooks have no merge key "<<"; write the values out.'
    if key.value in holder.node.parts:
        return f"the key {named(key.value)} stands twice in one mapping; keep one of them."
    return None


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else -1


def _no_value(name: str, *, first: bool) -> str:
    """What is wrong where not even a colon stands behind a key."""
    if ":" in name:
        return f"the key {named(name)} has no value; put a space behind the colon."
    if first:
        return (
            f"{named(name)} has no value inside {{...}}; write `{plain(name)}: VALUE`, or put the whole text in quotes."
        )
    return (
        f"the comma before {named(name)} ends the value inside {{...}}; "
        "put the whole text in quotes, or write one key per line."
    )
