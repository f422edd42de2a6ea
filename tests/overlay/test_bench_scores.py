"""The benches' arithmetic, on events made by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from asr.errors import BadInputError
from cues.events import CardContent, CardShown
from overlay.bench_cards import Expected, read_expected, score
from overlay.bench_scores import Spoken, at_once


def card(cue: str, t: float) -> CardShown:
    return CardShown(
        t=t,
        cue=cue,
        card=f"{cue}@{t}",
        content=CardContent(cue, ask="?"),
        opportunity=None,
        utterance="u",
        because=(),
        audio_end=t,
        rank=1.0,
    )


def test_lag_runs_from_the_trigger_to_the_card() -> None:
    figures = score([Expected("a", 10.0, 12.0), Expected("b", 20.0, 20.5)], [card("a", 10.6), card("b", 21.0)])
    assert figures.lag_p50_s == pytest.approx(0.8)
    assert figures.before_turn_end_share == 0.5
    assert (figures.recall, figures.precision) == (1.0, 1.0)


def test_a_card_before_its_words_is_a_false_one() -> None:
    figures = score([Expected("a", 10.0, 12.0)], [card("a", 9.6)])
    assert (figures.recall, figures.precision) == (0.0, 0.0)
    assert figures.missed == ("a at 10.0 s",)
    assert figures.false == ("a at 9.6 s",)


def test_one_card_answers_one_expectation() -> None:
    figures = score([Expected("a", 10.0, 12.0), Expected("a", 60.0, 62.0)], [card("a", 10.5)])
    assert figures.recall == 0.5
    assert figures.precision == 1.0


def test_no_cards_where_none_should_come_is_perfect() -> None:
    figures = score([], [])
    assert (figures.recall, figures.precision, figures.lag_p50_s) == (1.0, 1.0, None)


def test_a_cards_file_of_another_form_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cards.json"
    file.write_text(json.dumps([{"cue": "a"}]))
    with pytest.raises(BadInputError, match=r"cards\.json: is not a list of"):
        read_expected(file)


def line(channel: int, start: float, end: float) -> Spoken:
    return Spoken(channel, start, end, "", np.zeros(0, np.float32))


def test_both_talk_at_once_where_their_turns_overlap_for_long() -> None:
    rep = [line(0, 0.0, 8.0), line(0, 8.5, 30.0), line(0, 60.0, 70.0)]
    buyer = [line(1, 5.0, 16.0), line(1, 16.2, 27.0), line(1, 62.0, 69.0)]
    assert at_once([*rep, *buyer]) == [(5.0, 27.0)]


def test_interruptions_and_pauses_are_not_both_at_once() -> None:
    rep = [line(0, 0.0, 30.0)]
    buyer = [line(1, 5.0, 16.0), line(1, 18.0, 29.0)]
    assert at_once([*rep, *buyer]) == []
