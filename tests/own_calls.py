"""A company's labelled calls for the tests: real ones of the training set, under other names."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "models" / "data"
Row = dict[str, Any]


def as_labelled(row: Row) -> None:
    """The labels as they are."""


def company_calls(folder: Path, pattern: str, relabel: Callable[[Row], None] = as_labelled) -> Path:
    """Copies of the training calls that `pattern` finds, relabelled, with the list of the vendors they name."""
    folder.mkdir()
    for file in sorted((DATA / "train").glob(pattern)):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            row["call"] = f"acme {row['call']}"
            relabel(row)
        (folder / file.name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    shutil.copy(DATA / "train/competitors.json", folder)
    return folder


def some_calls(folder: Path, split: str, pattern: str) -> Path:
    """Some of the project's calls, with the list of the vendors they name."""
    folder.mkdir()
    for file in (*sorted((DATA / split).glob(pattern)), DATA / split / "competitors.json"):
        shutil.copy(file, folder)
    return folder
