"""`offbook data check` as a user runs it."""

import json
import shutil
from pathlib import Path

import pytest
from user import ROOT, Run, refused

DATA = ROOT / "models/data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One of the project's calls to train on and one to test on."""
    for split, call in (("train", "a01"), ("test", "w01")):
        (tmp_path / split).mkdir()
        for name in (f"{call}.jsonl", "competitors.json"):
            shutil.copy(DATA / split / name, tmp_path / split / name)
    return tmp_path


def leak(folder: Path) -> None:
    """The first call to train on ends with a sentence of the call to test on."""
    said = next(row for row in map(json.loads, (folder / "test/w01.jsonl").open()) if len(row["text"].split()) > 9)
    file = folder / "train/a01.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[-1] = json.dumps({**json.loads(lines[-1]), "text": said["text"], "competitors": []})
    file.write_text("\n".join(lines), encoding="utf-8")


def test_warnings_alone_are_no_failure(offbook: Run, folder: Path) -> None:
    result = offbook("data", "check", folder)
    assert result.returncode == 0, result.stderr
    assert "train: 49 utterances of 1 call" in result.stdout
    assert "0 errors, " in result.stdout


def test_a_leak_is_told_with_file_and_line(offbook: Run, folder: Path) -> None:
    leak(folder)
    result = offbook("data", "check", folder)
    assert result.returncode == 1, result.stderr
    row = next(line for line in result.stdout.splitlines() if line.startswith("x"))
    assert row.split()[:3] == ["x", "leak", "train/a01.jsonl:49"]
    assert "1 error, " in result.stdout


def test_json_holds_the_counts_and_every_finding(offbook: Run, folder: Path) -> None:
    leak(folder)
    result = offbook("data", "check", folder, "--json")
    assert result.returncode == 1, result.stderr
    told = json.loads(result.stdout)
    assert [(split["name"], split["calls"], split["authors"]) for split in told["splits"]] == [
        ("test", 1, ["w"]),
        ("train", 1, ["a"]),
    ]
    assert told["errors"] == 1
    assert told["errors"] + told["warnings"] == len(told["findings"])
    assert {key: told["findings"][0][key] for key in ("level", "kind", "place")} == {
        "level": "error",
        "kind": "leak",
        "place": {"file": "train/a01.jsonl", "line": 49},
    }
    assert told["findings"][0]["others"][0]["file"] == "test/w01.jsonl"


def test_a_folder_without_calls_is_refused(offbook: Run, tmp_path: Path) -> None:
    refused(offbook("data", "check", tmp_path), "no call files (*.jsonl) in it or in its subfolders")
    refused(offbook("data", "check", tmp_path / "nowhere"), "no such folder")
