"""The figures of labelled calls count what somebody labelled, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from own_calls import company_calls

from models.encoder import Encoder
from models.evaluate import Evaluation, evaluate
from models.heads import Heads
from models.reader import Reader


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_calls(tmp_path_factory.mktemp("own") / "calls", "h01.jsonl")


def measured(folder: Path, encoder: Encoder, heads: Heads) -> Evaluation:
    return evaluate(folder, lambda *words: Reader(encoder, heads, *words))


def in_part(calls: Path, folder: Path, *labelled: str) -> Path:
    """The same lines, of which only `labelled` is known, and that in the first half."""
    folder.mkdir()
    (folder / "competitors.json").write_bytes((calls / "competitors.json").read_bytes())
    rows: list[dict[str, Any]] = [json.loads(line) for line in (calls / "h01.jsonl").read_text().splitlines()]
    for place, row in enumerate(rows):
        row["labelled"] = list(labelled) if place < len(rows) / 2 else []
        row["stage"] = row["stage"] if "stage" in row["labelled"] else None
        row["role"] = row["role"] if "role" in row["labelled"] else None
        row["moments"] = [one for one in row["moments"] if f"moment:{one}" in row["labelled"]]
        row["competitors"] = []
    (folder / "h01.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_what_nobody_labelled_is_not_measured(calls: Path, tmp_path: Path, encoder: Encoder, heads: Heads) -> None:
    whole = measured(calls, encoder, heads)
    part = measured(in_part(calls, tmp_path / "part", "stage", "moment:pain"), encoder, heads)
    half = len(part.choices["stage"])
    assert half == (whole.figures["utterances"] + 1) // 2
    assert part.choices["stage"] == whole.choices["stage"][:half]
    assert len(part.moments) == half, "of each line one moment"
    assert (part.choices["role"], part.choices["stance"]) == ([], [])
    assert part.figures["competitors"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert part.figures["utterances"] == whole.figures["utterances"]
