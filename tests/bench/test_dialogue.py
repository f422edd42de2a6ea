"""The long dialogue: its length, its voices, its turns, whom they name, and sound under each of them."""

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
import yaml

from overlay.bench_scores import Spoken, at_once
from overlay.configs import DEMO_PLAYBOOK

FOLDER = Path(__file__).parent / "dialogue"
BOTH_S = 20.0
LAST_NAME_S = 12 * 60
HEARD_S = 0.4
"""So much of each utterance is decoded."""
ABOVE_NOISE_DB = 15
PACKET_S = 0.02

Power = npt.NDArray[np.float64]
"""Mean square of each packet and channel; not a number where nothing was decoded."""


@dataclass(frozen=True)
class Said:
    """A row of call.json."""

    channel: int
    start: float
    end: float
    text: str
    name: str


@dataclass(frozen=True)
class Span:
    """Seconds of the call."""

    start: float
    end: float

    @property
    def packets(self) -> slice:
        return slice(round(self.start / PACKET_S), round(self.end / PACKET_S))


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return [Said(**row) for row in json.loads((FOLDER / "call.json").read_text("utf-8"))]


def test_it_is_some_twenty_minutes_of_stereo_in_less_than_ten_megabytes(said: list[Said]) -> None:
    with av.open(str(FOLDER / "call.opus")) as call:
        assert call.streams.audio[0].channels == 2
        assert 19.5 * 60 <= call.duration / av.time_base <= 21 * 60
        assert said[-1].end < call.duration / av.time_base
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) < 10e6


def test_nobody_talks_over_their_own_side(said: list[Said]) -> None:
    assert [one.start for one in said] == sorted(one.start for one in said)
    for channel in (0, 1):
        side = [one for one in said if one.channel == channel]
        assert all(one.start < one.end for one in side)
        assert all(one.end <= following.start for one, following in pairwise(side))


def test_two_reps_and_three_buyers_have_voices_of_their_own(said: list[Said]) -> None:
    voices = {(one.channel, *one.name.split("-")[1:]) for one in said}
    assert len({voice for _, _, voice in voices}) == len(voices)
    assert sorted((channel, side) for channel, side, _ in voices) == [(0, "rep")] * 2 + [(1, "buyer")] * 3


def test_both_sides_talk_at_once_for_long_once(said: list[Said]) -> None:
    spoken = [Spoken(one.channel, one.start, one.end, one.text, np.zeros(0, np.float32)) for one in said]
    assert [list(span) for span in at_once(spoken) if span[1] - span[0] >= BOTH_S] == [
        json.loads((FOLDER / "both.json").read_text())
    ]


def test_competitors_are_named_in_the_first_twelve_minutes_alone(said: list[Said]) -> None:
    competitors = yaml.safe_load((DEMO_PLAYBOOK / "competitors.yaml").read_text("utf-8"))["competitors"]
    names = [name for one in competitors for name in (one["name"], *one["aliases"])]
    any_name = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)), re.IGNORECASE)
    named = [one.end for one in said for _ in any_name.findall(one.text)]
    assert 25 <= len(named) <= 35
    assert max(named) < LAST_NAME_S


def test_each_utterance_is_well_above_the_noise(said: list[Said]) -> None:
    beginnings = [Span(one.start, min(one.end, one.start + HEARD_S)) for one in said]
    over = max(one.end for one in said)
    noise = Span(over + 0.3, over + 0.8)
    power = power_within([*beginnings, noise])
    for one, beginning in zip(said, beginnings, strict=True):
        assert level(power, beginning, one.channel) > level(power, noise, one.channel) + ABOVE_NOISE_DB, one


def power_within(spans: list[Span]) -> Power:
    """Decodes what lies in the spans and nothing else, which takes a tenth of the time."""
    with av.open(str(FOLDER / "call.opus")) as call:
        power = np.full((int(call.duration / av.time_base / PACKET_S) + 1, 2), np.nan)
        for span in spans:
            power[span.packets] = 0
        for packet in call.demux(audio=0):
            number = -1 if packet.pts is None else round(float(packet.pts * packet.time_base) / PACKET_S)
            if number >= 0 and power[number, 0] == 0:
                power[number] = next((frame.to_ndarray() ** 2).mean(axis=1) for frame in packet.decode())
    return power


def level(power: Power, span: Span, channel: int) -> float:
    """In dBFS. The median, for the decoder needs some packets to settle after what it did not hear."""
    return float(10 * np.log10(np.median(power[span.packets, channel])))
