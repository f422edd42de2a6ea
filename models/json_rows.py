"""Fields of JSON rows. Each function raises BadInputError, which says where the fault is and what mends it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from asr.errors import BadInputError

Complain = Callable[[str], BadInputError]
"""Makes the error of what is wrong; it knows where."""
Row = Mapping[str, Any]


def entries_of(file: Path) -> list[tuple[Row, Complain]]:
    """Entries of an optional JSON file that holds a list of objects."""
    if not file.exists():
        return []
    content = parsed(content_of(file), complain(str(file)))
    if not isinstance(content, list):
        raise BadInputError(f"{file}: is not a list; begin it with [ and end it with ].")
    entries = []
    for number, item in enumerate(content, 1):
        bad = complain(f"{file}: entry {number}")
        entries.append((object_of(item, bad), bad))
    return entries


def content_of(file: Path) -> str:
    """The text of a UTF-8 file."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file}: is not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise BadInputError(f"{file}: cannot be read: {error.strerror}.") from error


def complain(where: str) -> Complain:
    """Complains about what stands at `where`."""
    return lambda what: BadInputError(f"{where}: {what}.")


def parsed(text: str, bad: Complain) -> object:
    """What the JSON `text` holds."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise bad(f"this is not JSON: {error}") from error


def object_of(item: object, bad: Complain) -> Row:
    """`item`, which must be a JSON object."""
    if not isinstance(item, dict):
        raise bad(f"expected an object in {{...}}, not {item!r}")
    return item


def field_of(row: Row, name: str, bad: Complain) -> Any:
    """What the field `name` holds; it must be there."""
    if name not in row:
        raise bad(f"the field {name!r} is missing; add it")
    return row[name]


def text_of(row: Row, name: str, bad: Complain) -> str:
    """A text that is not empty."""
    value = field_of(row, name, bad)
    if not isinstance(value, str) or not value.strip():
        raise bad(f"{name} is {value!r}; write a text that is not empty")
    return value


def number_of(row: Row, name: str, bad: Complain) -> float:
    """A number."""
    value = field_of(row, name, bad)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(f"{name} is {value!r}; write a number")
    return float(value)


def items_of(row: Row, name: str, bad: Complain) -> list[Any]:
    """A list."""
    value = field_of(row, name, bad)
    if not isinstance(value, list):
        raise bad(f"{name} is {value!r}; write a list")
    return value


def texts_of(row: Row, name: str, bad: Complain) -> tuple[str, ...]:
    """A list of texts that are not empty."""
    values = items_of(row, name, bad)
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise bad(f"{name} holds {value!r}; every entry is a text that is not empty")
    return tuple(values)


def one_of(value: object, names: tuple[str, ...], what: str, bad: Complain) -> str:
    """`value`, which must be one of `names`; `what` says what it is."""
    if not isinstance(value, str) or value not in names:
        raise bad(f"{what} {value!r} is unknown; choose one of {', '.join(names)}")
    return value
