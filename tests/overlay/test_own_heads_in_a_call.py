"""From `offbook train --add` to a call that says which heads read it, and back."""

import json
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer
from own_calls import Row, company_calls, some_calls
from user import Run, refused

from models.heads import HEADS_FILE
from models.learn import learn
from models.own_heads import heads_folder, heads_in_force, install
from overlay.heads_cli import learn_on_top

OFFBOOKS_OWN = sha256(HEADS_FILE.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def data(machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, with the weights in it."""
    data = tmp_path / "offbook"
    data.mkdir()
    (data / "models").symlink_to(machine / "models")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return data


def call(offbook: Run, silence: Path, events: Path) -> tuple[str, list[str]]:
    """The hash of the heads that a call names, and its advice."""
    done = offbook("replay", silence, "--speed", "max", "--headless", "--model", "tiny.en", "--events", events)
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    assert [told[0]["type"], told[-1]["type"]] == ["call_started", "call_ended"]
    (heads,) = [model["hash"] for model in told[0]["models"] if model["name"] == "heads"]
    return heads, [event["message"] for event in told if event["type"] == "advice"]


def test_calls_are_read_by_what_was_learned_until_it_is_rolled_back(
    offbook: Run, silence: Path, tmp_path: Path
) -> None:
    kept = some_calls(tmp_path / "kept", "train", "[a-d]01.jsonl")
    done = offbook("train", "--add", company_calls(tmp_path / "own", "h01.jsonl"), "--data", kept)
    assert done.returncode == 0, done.stderr
    assert "calls of yours: 1, " in done.stdout
    assert "stage accuracy" in done.stdout
    (file,) = heads_folder().iterdir()
    learned = sha256(file.read_bytes()).hexdigest()
    assert f"In force now: your heads {learned[:12]}" in done.stdout
    assert call(offbook, silence, tmp_path / "own.jsonl") == (learned, [])
    back = offbook("models", "rollback")
    assert (back.returncode, back.stdout) == (0, "In force now: Offbook's own heads.\n")
    assert call(offbook, silence, tmp_path / "back.jsonl") == (OFFBOOKS_OWN, [])
    again = offbook("models", "rollback")
    assert (again.returncode, again.stdout) == (
        0,
        "There is nothing to go back to: Offbook's own heads are in force.\n",
    )


def test_a_call_goes_on_without_damaged_heads(offbook: Run, silence: Path, tmp_path: Path) -> None:
    file = install(HEADS_FILE.read_bytes())
    file.write_bytes(file.read_bytes()[:1000])
    sentence = f"{file}: your heads are damaged, so Offbook's own are used; learn again with `offbook train --add DIR`."
    assert call(offbook, silence, tmp_path / "call.jsonl") == (OFFBOOKS_OWN, [sentence])
    (finding,) = [one for one in json.loads(offbook("doctor", "--json").stdout)["findings"] if one["part"] == "model"]
    assert (finding["level"], finding["sentence"]) == ("warning", sentence)


def test_worse_heads_are_not_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of the reference calls take half a minute, and a few tell nonsense as well.
    few = some_calls(tmp_path / "few", "test", "[wx]01.jsonl")
    monkeypatch.setattr("models.learn.learn", partial(learn, reference=few))

    def nonsense(row: Row) -> None:
        row["stage"] = "closing"

    folder = company_calls(tmp_path / "own", "h0[1-4].jsonl", nonsense)
    with pytest.raises(typer.Exit) as stopped:
        learn_on_top(folder, some_calls(tmp_path / "kept", "train", "[bd]01.jsonl"))
    assert stopped.value.exit_code == 1
    told = capsys.readouterr().err
    assert told.startswith("Nothing is installed: stage accuracy fell from ")
    assert told.endswith("by more than one point; Offbook's own heads stay in force.\n")
    assert heads_in_force().file is None
    assert not heads_folder().exists()


def test_bad_input_is_one_sentence(offbook: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(offbook("train", "--add", tmp_path / "empty"), "there are no call files (*.jsonl) in it")
    refused(offbook("train", "--add", tmp_path / "none"), "no such folder")
    refused(offbook("train", "--add", tmp_path / "empty", "--out", tmp_path / "heads.onnx"), "no use beside --add")
    refused(offbook("train", "--add", HEADS_FILE.parent / "data/test"), "is the id of a call of Offbook's own")
