"""Writes labelled calls in the form that models.dataset reads."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asr.errors import BadInputError
from models.competitors import Competitor
from models.dataset import LabelledUtterance

Call = Sequence[LabelledUtterance]


def write_calls(folder: Path, calls: Iterable[Call], competitors: Sequence[Competitor]) -> None:
    """A file for each call, named by its id, and competitors.json: in `folder`, which is new or empty, and for its
    owner's eyes alone. Raises BadInputError where it is neither, or can't be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInputError(f"{folder}: is not empty; give a new folder.")
        for call in calls:
            _write(folder / f"{quote(call[0].call, safe=' ')}.jsonl", "".join(f"{_json(_row(one))}\n" for one in call))
        _write(folder / "competitors.json", f"{_json([asdict(one) for one in competitors])}\n")
    except OSError as error:
        raise BadInputError(f"{folder}: can't be written ({error.strerror}); give another folder.") from error


def _row(one: LabelledUtterance) -> dict[str, Any]:
    """The line's fields; a line that is labelled as a whole needs no word of it."""
    row = asdict(one)
    labelled = row.pop("labelled")
    return row if labelled is None else {**row, "labelled": sorted(labelled)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(file: Path, content: str) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as opened:
        opened.write(content)
