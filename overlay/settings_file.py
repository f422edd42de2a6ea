"""Writes settings into the rep's file, and leaves what else stands in it as it is, comments too."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from asr.errors import BadInputError

HEADER = "# What may stand here: `offbook settings` lists it, overlay/SETTINGS.md explains it.\n"


def write_settings(file: Path, values: Mapping[str, str]) -> None:
    """Sets them; a file that is not there is made. Raises BadInputError where it can't be written."""
    file = file.resolve()  # a link to it stays one
    try:
        there = file.exists()
        changed = with_values(file.read_text(encoding="utf-8") if there else HEADER, values)
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.new")
        half.write_text(changed, encoding="utf-8")
        if there:
            shutil.copymode(file, half)
        half.replace(file)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{file}: can't be written ({error}); write {_lines(values)} into it yourself.") from error


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The text of a settings file with these values. Raises BadInputError where it is laid out too unusually. Pure."""
    changed = text
    for name, value in values.items():
        line = f"{name}: {_written(value)}"
        key = re.compile(rf"^{re.escape(name)}[ \t]*:.*$", re.MULTILINE)
        if key.search(changed):
            changed = key.sub(lambda _, line=line: line, changed, count=1)  # type: ignore[misc]
        else:
            changed = f"{changed.rstrip()}\n{line}\n" if changed.strip() else f"{line}\n"
    try:
        right = (yaml.safe_load(changed) or {}) == {**(yaml.safe_load(text) or {}), **values}
    except (yaml.YAMLError, TypeError):
        right = False
    if not right:
        raise BadInputError(f"The settings file is laid out unusually; write {_lines(values)} into it yourself.")
    return changed


def _written(value: str) -> str:
    """As YAML, on one line."""
    return str(yaml.safe_dump(value, allow_unicode=True, width=10_000)).removesuffix("...\n").strip()


def _lines(values: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}: {_written(value)}`" for name, value in values.items())
