"""Loads a playbook folder; every problem at once, each as `FILE:LINE:COLUMN: what is wrong; how to mend it`."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from asr.errors import BadInputError
from cues.playbook import (
    Behaviour,
    Card,
    Competitor,
    Condition,
    Cue,
    Playbook,
    Priority,
    Tracker,
    UnknownNameError,
)
from cues.yaml_source import Data, Path_, Place, Problem, Source, read_source

_LISTS: dict[str, type[BaseModel]] = {
    "priorities": Priority,
    "behaviours": Behaviour,
    "competitors": Competitor,
    "trackers": Tracker,
    "cues": Cue,
}
_SINGLE = ("playbook", "version", "owner", "language")


class PlaybookError(BadInputError):
    """Everything that is wrong with a playbook, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def load_playbook(folder: Path) -> Playbook:
    """The playbook in a folder's YAML files. Raises BadInputError (no such folder) or PlaybookError."""
    sources = _sources(folder)
    problems = [problem for source in sources for problem in source.problems]
    merged, origin = _merge(sources, problems)
    if not any(isinstance(source.data, dict) for source in sources):
        raise PlaybookError(
            problems or [Problem(Place(sources[0].file, 1, 1), "is empty; begin with `playbook: NAME`.")]
        )
    playbook = _validate(merged, origin, problems)
    problems.extend(_reference_problems(merged, origin))
    if problems or playbook is None:
        raise PlaybookError(problems)
    return playbook.model_copy(update={"hash": _hash(folder)})


def _sources(folder: Path) -> list[Source]:
    if not folder.exists():
        raise BadInputError(f"{folder}: no such playbook folder; check the path.")
    if not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; give the folder that holds the playbook's YAML files.")
    files = _files(folder)
    if not files:
        raise BadInputError(f"{folder}: holds no YAML file (*.yaml); a playbook has at least one.")
    return [read_source(file, str(file)) for file in files]


def _files(folder: Path) -> list[Path]:
    return sorted(
        file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"} and not file.name.startswith(".")
    )


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(folder):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class _Origin:
    """Where each value of the merged playbook stands."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], tuple[Source, int]] = {}
        self._single: dict[str, Source] = {}
        self.first = Place("", 1, 1)

    def add_row(self, key: str, source: Source, index: int, merged_index: int) -> None:
        self._rows[key, merged_index] = (source, index)

    def add_single(self, key: str, source: Source) -> None:
        self._single[key] = source

    def place(self, loc: Path_) -> Place:
        """The place of a pydantic location in the merged data."""
        if len(loc) >= 2 and (str(loc[0]), loc[1]) in self._rows:
            source, index = self._rows[str(loc[0]), int(loc[1])]
            return source.place((loc[0], index, *loc[2:]))
        source_of = self._single.get(str(loc[0])) if loc else None
        return source_of.place(loc) if source_of else self.first


def _merge(sources: list[Source], problems: list[Problem]) -> tuple[dict[str, Data], _Origin]:
    merged: dict[str, Data] = {}
    origin = _Origin()
    origin.first = Place(sources[0].file, 1, 1)
    for source in sources:
        if source.data is None:
            continue
        if not isinstance(source.data, dict):
            problems.append(Problem(source.place(()), "a playbook file is a mapping; begin with `playbook: NAME`."))
            continue
        for key, value in source.data.items():
            problems.extend(_merge_key(merged, origin, source, key, value))
    return merged, origin


def _merge_key(merged: dict[str, Data], origin: _Origin, source: Source, key: str, value: Data) -> Iterator[Problem]:
    place = source.place((key, "key"))
    if key in _LISTS:
        if value is None:
            return
        if not isinstance(value, list):
            yield Problem(source.place((key,)), f"{key} is a list; begin each of its entries with a dash.")
            return
        rows = merged.setdefault(key, [])
        assert isinstance(rows, list)
        for index, row in enumerate(value):
            origin.add_row(key, source, index, len(rows))
            rows.append(row)
    elif key in _SINGLE:
        if key in merged:
            yield Problem(place, f'the key "{key}" stands in another file of this playbook too; keep one of them.')
            return
        merged[key] = value
        origin.add_single(key, source)
    else:
        yield Problem(place, f'unknown key "{key}"; {_nearest(key, (*_LISTS, *_SINGLE))}')


def _validate(merged: dict[str, Data], origin: _Origin, problems: list[Problem]) -> Playbook | None:
    try:
        return Playbook.model_validate(merged)
    except ValidationError as error:
        problems.extend(_problem(details, origin) for details in error.errors(include_url=False))
        return None


def _problem(details: ErrorDetails, origin: _Origin) -> Problem:
    loc: Path_ = details["loc"]
    value, kind = details["input"], details["type"]
    name = str(loc[-1]) if loc else "playbook"
    shown = f'"{value}"' if isinstance(value, str | int | float) else ""
    if kind == "missing":
        return Problem(origin.place(loc[:-1]), f'"{name}" is missing here; add it.')
    if kind == "extra_forbidden":
        return Problem(origin.place((*loc, "key")), f'unknown key "{name}"; {_nearest(name, _keys_at(loc[:-1]))}')
    if kind == "value_error":
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, UnknownNameError):
            return Problem(
                origin.place(loc), f"unknown {_singular(loc)} {shown}; {_nearest(str(value), cause.choices)}"
            )
        return Problem(origin.place(loc), f"{shown or name} {cause}.")
    if value is None:
        return Problem(origin.place(loc), f'"{name}" has no value; write one after the colon, or take the key out.')
    sentence = {
        "string_pattern_mismatch": _pattern_mend(name),
        "too_short": f'"{name}" is empty; add at least one.',
        "string_too_short": f'"{name}" is empty; write a text, or take the key out.',
        "string_too_long": f'"{name}" is longer than 500 characters; shorten it.',
        "float_parsing": f"is no number for {name}; write one such as 2 or 1.5.",
    }.get(kind)
    if sentence is None:
        sentence = f"does not fit {name} ({details['msg'].lower()}); see cues/PLAYBOOK.md for its form."
    return Problem(origin.place(loc), f"{shown} {sentence}".strip())


def _pattern_mend(name: str) -> str:
    if name == "link":
        return "is no web address; begin it with https://."
    if name == "language":
        return "is no language; write two letters such as en."
    return f"is no {name}; use lower-case letters, digits and dashes, such as zendesk-in-place."


def _singular(loc: Path_) -> str:
    return str(next((part for part in reversed(loc) if isinstance(part, str)), "value"))


def _keys_at(loc: Path_) -> tuple[str, ...]:
    """The keys allowed in the mapping at `loc`."""
    model: type[BaseModel] = _LISTS.get(str(loc[0]), Playbook) if loc else Playbook
    if "when" in loc:
        model = Condition
    elif "card" in loc:
        model = Card
    return tuple(field.alias or name for name, field in model.model_fields.items() if name != "hash")


def _nearest(wrong: str, choices: Iterable[str]) -> str:
    options = list(dict.fromkeys(choices))
    best = process.extractOne(wrong, options, score_cutoff=60)
    if best:
        return f'did you mean "{best[0]}"?'
    if not options:
        return "none is defined in this playbook; define it first."
    return f"choose one of {', '.join(options[:12])}."


def _rows(merged: dict[str, Data], key: str) -> list[tuple[int, dict[str, Data]]]:
    rows = merged.get(key)
    return [(k, row) for k, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _texts(value: Data) -> list[tuple[Path_, str]]:
    if isinstance(value, str):
        return [((), value)]
    return [((k,), item) for k, item in enumerate(value) if isinstance(item, str)] if isinstance(value, list) else []


def _reference_problems(merged: dict[str, Data], origin: _Origin) -> Iterator[Problem]:
    """Names used twice, and names that nothing defines."""
    names = {key: list(_names(merged, key)) for key in _LISTS}
    for found in names.values():
        first: dict[str, Path_] = {}
        for name, loc in found:
            if name in first:
                line = origin.place(first[name]).line
                yield Problem(origin.place(loc), f'duplicate {loc[-1]} "{name}" (first on line {line}); rename one.')
            first.setdefault(name, loc)
    known = {key: tuple(name for name, _ in found) for key, found in names.items()}
    for k, behaviour in _rows(merged, "behaviours"):
        for extra, name in _texts(behaviour.get("serves")):
            yield from _unknown(origin, ("behaviours", k, "serves", *extra), "priority", name, known["priorities"])
    for k, cue in _rows(merged, "cues"):
        for extra, name in _texts(cue.get("prompts")):
            yield from _unknown(origin, ("cues", k, "prompts", *extra), "behaviour", name, known["behaviours"])
        yield from _condition_problems(cue.get("when"), ("cues", k, "when"), origin, known)


def _names(merged: dict[str, Data], key: str) -> Iterator[tuple[str, Path_]]:
    field = "name" if key == "competitors" else "id"
    for k, row in _rows(merged, key):
        name = row.get(field)
        if isinstance(name, str):
            yield name, (key, k, field)


def _condition_problems(
    condition: Data, loc: Path_, origin: _Origin, known: dict[str, tuple[str, ...]]
) -> Iterator[Problem]:
    if isinstance(condition, list):
        for k, part in enumerate(condition):
            yield from _condition_problems(part, (*loc, k), origin, known)
    if not isinstance(condition, dict):
        return
    for extra, name in _texts(condition.get("tracker")):
        yield from _unknown(origin, (*loc, "tracker", *extra), "tracker", name, known["trackers"])
    for extra, name in _texts(condition.get("competitor")):
        yield from _unknown(origin, (*loc, "competitor", *extra), "competitor", name, ("any", *known["competitors"]))
    for key in ("all", "any", "not"):
        yield from _condition_problems(condition.get(key), (*loc, key), origin, known)


def _unknown(origin: _Origin, loc: Path_, what: str, name: str, known: tuple[str, ...]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(origin.place(loc), f'unknown {what} "{name}"; {_nearest(name, known)}')
