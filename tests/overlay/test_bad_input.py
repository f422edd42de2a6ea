"""Bad input: one clear sentence, exit code 2, no traceback."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from user import ROOT, Run, refused, write_wav


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.wav", None, "missing.wav: no such file; check the path."),
        ("notes.wav", b"these are notes, not sound\n" * 20, "is no sound file that can be read"),
        ("empty.wav", b"", "is empty (0 bytes)"),
    ],
)
def test_replay_of_what_is_no_sound(
    offbook: Run, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    refused(offbook("replay", file, "--headless"), sentence)


def test_replay_of_one_channel_where_two_are_needed(offbook: Run, tmp_path: Path) -> None:
    mono = write_wav(tmp_path / "mono.wav", np.zeros((16_000, 1)))
    refused(offbook("replay", mono, "--headless"), "one channel where two are needed", "--buyer")


def test_replay_needs_a_file_or_both_sides(offbook: Run, silence: Path) -> None:
    refused(offbook("replay"), "needs one stereo FILE, or both --rep FILE and --buyer FILE")
    refused(offbook("replay", "--rep", silence), "give one or the other")


def test_a_model_that_does_not_exist(offbook: Run, silence: Path) -> None:
    refused(offbook("replay", silence, "--model", "enormous"), "--model enormous", "offbook models get enormous")


def test_a_model_folder_without_weights(offbook: Run, silence: Path, tmp_path: Path) -> None:
    refused(offbook("replay", silence, "--model", tmp_path), "model.bin is missing")


@pytest.mark.parametrize(
    ("model", "language", "mend"), [("tiny.en", "vi", "choose --model base"), ("base", "klingon", "two letters")]
)
@pytest.mark.parametrize("speed", ["max", "real"])
def test_a_language_that_the_weights_do_not_know(
    offbook: Run, silence: Path, model: str, language: str, mend: str, speed: str
) -> None:
    words = ("--model", model, "--language", language, "--speed", speed, "--headless", "--no-journal")
    refused(offbook("replay", silence, *words), f"{language}: {model} does not know this language", mend)


def test_an_unknown_speed(offbook: Run, silence: Path) -> None:
    refused(offbook("replay", silence, "--speed", "double"), "choose real or max")


def test_events_that_can_not_be_written(offbook: Run, silence: Path, tmp_path: Path) -> None:
    refused(offbook("replay", silence, "--events", tmp_path / "none" / "e.jsonl"), "can't be written")


def test_a_playbook_with_errors_stops_replay_and_check_alike(offbook: Run, silence: Path, tmp_path: Path) -> None:
    folder = tmp_path / "playbook"
    shutil.copytree(ROOT / "configs/playbooks/demo", folder)
    (folder / "more.yaml").write_text("cues:\n  - id: one\n    wen: {moment: budget}\n    card: {title: t, ask: a}\n")
    for result in (offbook("check", folder), offbook("replay", silence, "--playbook", folder)):
        assert result.returncode == 2
        assert "Traceback" not in result.stderr
        assert 'more.yaml:3:5: unknown key "wen"; did you mean "when"?' in result.stderr


def test_a_missing_playbook_folder(offbook: Run) -> None:
    refused(offbook("check", "nowhere"), "nowhere: no such playbook folder")


def test_bench_and_eval_of_a_folder_that_lacks_something(offbook: Run, tmp_path: Path) -> None:
    refused(offbook("bench", "asr", tmp_path), "holds no call.wav")
    refused(offbook("bench", "cards", tmp_path), "cards.json: can't be read")
    refused(offbook("eval", tmp_path), str(tmp_path))


def test_an_unknown_command_is_refused_with_its_usage(offbook: Run) -> None:
    result = offbook("replya")
    assert result.returncode == 2
    assert "replay" in result.stderr


def test_no_network_means_one_sentence(offbook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    refused(offbook("models", "get", "small.en"), "Systran/faster-whisper-small.en can't be downloaded")
