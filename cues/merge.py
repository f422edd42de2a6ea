"""The files of one playbook as one, and where each value of it stands."""

from collections.abc import Collection, Iterator

from cues.wording import LISTS, unknown_key
from cues.yaml_source import Place, Problem, Source
from cues.yaml_tree import KEY, Data, Path_

_SINGLE = ("playbook", "version", "owner", "change", "language", "names")

Merged = dict[str, Data]


class Origin:
    """Where each value of the merged playbook stands."""

    def __init__(self, first: Place) -> None:
        """`first` is the place of what stands nowhere."""
        self.first = first
        self.rows: dict[tuple[str, int], tuple[Source, int]] = {}
        self.single: dict[str, Source] = {}

    def place(self, loc: Path_) -> Place:
        """The place of a pydantic location in the merged data."""
        if len(loc) >= 2 and (str(loc[0]), loc[1]) in self.rows:
            source, index = self.rows[str(loc[0]), int(loc[1])]
            return source.place((loc[0], index, *loc[2:]))
        source_of = self.single.get(str(loc[0])) if loc else None
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


def without(merged: Merged, origin: Origin, wrong: Collection[Path_]) -> tuple[Merged, Origin]:
    """The same without what stands at the `wrong` paths: an entry of a list (key, index), or a single key (key,)."""
    kept: Merged = {}
    places = Origin(origin.first)
    places.single = origin.single
    for key, value in merged.items():
        if key in LISTS and isinstance(value, list):
            indices = [k for k in range(len(value)) if (key, k) not in wrong]
            kept[key] = [value[k] for k in indices]
            places.rows |= {(key, new): origin.rows[key, k] for new, k in enumerate(indices)}
        elif (key,) not in wrong:
            kept[key] = value
    return kept, places


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
            origin.rows[key, len(rows)] = source, index
            rows.append(row)
    elif key in _SINGLE:
        if key in merged:
            yield Problem(place, f'the key "{key}" stands in another file of this playbook too; keep one of them.')
            return
        merged[key] = value
        origin.single[key] = source
    else:
        yield Problem(place, unknown_key(key, (*LISTS, *_SINGLE)))
