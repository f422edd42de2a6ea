"""The files of one playbook as one, and where each value of it stands."""

from collections.abc import Iterator

from cues.wording import LISTS, unknown_key
from cues.yaml_source import Place, Problem, Source
from cues.yaml_tree import KEY, Data, Path_

_SINGLE = ("playbook", "version", "owner", "language")

Merged = dict[str, Data]


class Origin:
    """Where each value of the merged playbook stands."""

    def __init__(self, first: Place) -> None:
        """`first` is the place of what stands nowhere."""
        self.first = first
        self._rows: dict[tuple[str, int], tuple[Source, int]] = {}
        self._single: dict[str, Source] = {}

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


def merge(sources: list[Source], problems: list[Problem]) -> tuple[Merged, Origin]:
    """One mapping from all files; what does not fit together goes to `problems`."""
    merged: Merged = {}
    origin = Origin(Place(sources[0].file, 1, 1))
    for source in sources:
        if source.data is None:
            continue
        if not isinstance(source.data, dict):
            message = "a playbook file is made of keys; begin it with `playbook: NAME`."
            problems.append(Problem(source.place(()), message))
            continue
        for key, value in source.data.items():
            problems.extend(_merge_key(merged, origin, source, key, value))
    return merged, origin


def _merge_key(merged: Merged, origin: Origin, source: Source, key: str, value: Data) -> Iterator[Problem]:
    place = source.place((key, KEY))
    if key in LISTS:
        if value is None:
            return
        if not isinstance(value, list):
            yield Problem(source.place((key,)), f'"{key}" needs a list; begin each of its entries with a dash.')
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
        yield Problem(place, unknown_key(key, (*LISTS, *_SINGLE)))
