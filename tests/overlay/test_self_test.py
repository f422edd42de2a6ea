"""Which weights this machine can hear with, measured for real."""

import json
import time
from pathlib import Path

import pytest

from asr.errors import BadInputError
from asr.weights import whisper_weights
from overlay import self_test
from overlay.self_test import BAR_S, choice, choose_model, measure, measure_apart, results_file


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_machine_is_timed_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = choose_model(1)
    assert 0 < first.cost_s < 100
    assert first.model == ("base" if first.cost_s <= BAR_S else "tiny.en")
    assert f"one second of speech costs {first.cost_s:.2f} s of this machine" in first.sentence
    begun = time.monotonic()
    assert choose_model(1) == first
    assert time.monotonic() - begun < 0.5
    monkeypatch.setattr(self_test, "cores", lambda: 61)
    (key,) = json.loads(results_file().read_text())
    assert key != self_test._key(1)
    assert self_test._key(1) != self_test._key(2)


@pytest.mark.parametrize("damaged", ["", "[1]", '{"here": "soon"}', "\0"])
def test_a_damaged_cache_is_measured_anew(cache: Path, monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    monkeypatch.setattr(self_test, "measure_apart", lambda _threads: 0.25)
    results_file().parent.mkdir(parents=True)
    results_file().write_text(damaged)
    assert choose_model(2).sentence == "base: one second of speech costs 0.25 s of this machine."
    assert 0.25 in json.loads(results_file().read_text()).values()


def test_a_cache_that_can_not_be_written_costs_time_alone(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "measure_apart", lambda _threads: 3.0)
    (cache / "offbook").write_text("in the way")
    assert choose_model(2).model == "tiny.en"


def test_the_choice_and_its_reason() -> None:
    assert choice(0.31).sentence == "base: one second of speech costs 0.31 s of this machine."
    assert choice(1.8).sentence == "tiny.en: with base one second of speech costs 1.80 s of this machine."
    assert choice(1.8, "de").model == "base"
    assert "tiny.en knows English only" in choice(1.8, "de").sentence


def test_a_slow_machine_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "LONGEST_S", 0.5)
    begun = time.monotonic()
    cost = measure(1)
    assert cost > 0
    assert time.monotonic() - begun < 8


def test_tiny_en_is_installed_and_cheaper() -> None:
    assert whisper_weights("tiny.en").name == "tiny.en"
    assert measure_apart(1, "tiny.en") < measure_apart(1)


def test_weights_that_are_not_here(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="offbook models get enormous"):
        measure_apart(1, "enormous")
