"""Names in a playbook that stand twice, that nothing defines, or that nothing uses."""

from collections.abc import Iterator
from pathlib import Path

from cues.merge import Merged, Origin
from cues.shown import shown
from cues.values import ANY
from cues.wording import LISTS, NAMED_BY, nearest
from cues.yaml_source import Problem
from cues.yaml_tree import Data, Path_

Known = dict[str, tuple[str, ...]]


def double_names(merged: Merged, origin: Origin) -> Iterator[Problem]:
    """Ids (names of competitors and tests) that stand twice."""
    for key in LISTS:
        first: dict[str, Path_] = {}
        for name, loc in _names(merged, key):
            if name in first:
                before = origin.place(first[name])
                where = f"{Path(before.file).name}, line {before.line}"
                yield Problem(origin.place(loc), f"duplicate {loc[-1]} {shown(name)}, first in {where}; rename one.")
            first.setdefault(name, loc)


def unknown_names(merged: Merged, origin: Origin) -> Iterator[Problem]:
    """Priorities, behaviours, trackers, competitors and cues that are used and not defined."""
    known = {key: tuple(name for name, _ in _names(merged, key)) for key in LISTS}
    for k, behaviour in _rows(merged, "behaviours"):
        for extra, name in _texts(behaviour.get("serves")):
            yield from _unknown(origin, ("behaviours", k, "serves", *extra), "priority", name, known["priorities"])
    for k, cue in _rows(merged, "cues"):
        prompts = cue.get("prompts")
        if isinstance(prompts, str):
            yield from _unknown(origin, ("cues", k, "prompts"), "behaviour", prompts, known["behaviours"])
        yield from _in_condition(cue.get("when"), ("cues", k, "when"), origin, known)
    for k, test in _rows(merged, "tests"):
        for key in ("cards", "not"):
            for extra, name in _texts(test.get(key)):
                yield from _unknown(origin, ("tests", k, key, *extra), "cue", name, known["cues"])


def unused_names(merged: Merged, origin: Origin) -> Iterator[Problem]:
    """Priorities that no behaviour serves, and behaviours that no cue prompts."""
    served = {name.strip() for _, row in _rows(merged, "behaviours") for _, name in _texts(row.get("serves"))}
    prompted = {name.strip() for _, row in _rows(merged, "cues") for _, name in _texts(row.get("prompts"))}
    for name, loc in _names(merged, "priorities"):
        if name not in served:
            yield Problem(
                origin.place(loc), f"no behaviour serves the priority {shown(name)}; let one serve it, or take it out."
            )
    for name, loc in _names(merged, "behaviours"):
        if name not in prompted:
            yield Problem(
                origin.place(loc), f"no cue prompts the behaviour {shown(name)}; let one prompt it, or take it out."
            )


def _in_condition(condition: Data, loc: Path_, origin: Origin, known: Known) -> Iterator[Problem]:
    if isinstance(condition, list):
        for k, part in enumerate(condition):
            yield from _in_condition(part, (*loc, k), origin, known)
    if not isinstance(condition, dict):
        return
    for extra, name in _texts(condition.get("tracker")):
        yield from _unknown(origin, (*loc, "tracker", *extra), "tracker", name, known["trackers"])
    for extra, name in _texts(condition.get("competitor")):
        yield from _unknown(origin, (*loc, "competitor", *extra), "competitor", name, (ANY, *known["competitors"]))
    for key in condition.keys() & {"all", "any", "not", "earlier"}:
        yield from _in_condition(condition[key], (*loc, key), origin, known)


def _unknown(origin: Origin, loc: Path_, what: str, name: str, known: tuple[str, ...]) -> Iterator[Problem]:
    if name.strip() in known or not name.strip():
        return
    mend = nearest(name, known) if set(known) - {ANY} else f"the playbook defines no {what} yet; add it."
    yield Problem(origin.place(loc), f"unknown {what} {shown(name)}; {mend}")


def _names(merged: Merged, key: str) -> Iterator[tuple[str, Path_]]:
    field = NAMED_BY.get(key, "id")
    for k, row in _rows(merged, key):
        name = row.get(field)
        if isinstance(name, str) and name.strip():
            yield name.strip(), (key, k, field)


def _rows(merged: Merged, key: str) -> list[tuple[int, dict[str, Data]]]:
    rows = merged.get(key)
    return [(k, row) for k, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _texts(value: Data) -> list[tuple[Path_, str]]:
    if isinstance(value, str):
        return [((), value)]
    return [((k,), item) for k, item in enumerate(value) if isinstance(item, str)] if isinstance(value, list) else []
