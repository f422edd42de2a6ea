"""Background noise waits for the model, and is mostly not heard by it; speech is found where it begins and ends."""

import numpy as np
import pytest
from user import DEMO_CALL

from asr.background import Background
from asr.capture.file import CHUNK, Chunk, open_stereo
from asr.channel import Channel
from asr.endpoint import Turn
from asr.sound import SAMPLE_RATE, Samples
from asr.vad import FRAME_S, LATER_S, LOOKS, VoiceActivity

SPEECH_S = 24


@pytest.fixture(scope="module")
def buyer() -> Samples:
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)]
    return np.concatenate([chunk.buyer for chunk in chunks[: SPEECH_S * 10]])


def in_room(speech: Samples, gain_db: float, noise_dbfs: float) -> Samples:
    noise = np.random.default_rng(1).normal(0, 10 ** (noise_dbfs / 20), len(speech))
    return (speech * 10 ** (gain_db / 20) + noise).astype(np.float32)


def chunks(sound: Samples) -> list[Samples]:
    return [sound[k : k + CHUNK] for k in range(0, len(sound), CHUNK)]


class Nothing:
    """A background that never is all there is: every sound goes to the model at once."""

    def covers(self, samples: Samples) -> bool:
        return False


def utterances(monkeypatch: pytest.MonkeyPatch, sound: Samples, background: type = Background) -> list[list[float]]:
    """Where each begins and ends (s)."""
    monkeypatch.setattr("asr.channel.Background", background)
    channel = Channel(1)
    turns = [turn for chunk in chunks(sound) for turn in channel.feed(chunk)]
    return [[time for turn, time in turns if turn is which] for which in (Turn.STARTED, Turn.ENDED)]


@pytest.mark.parametrize(("gain_db", "noise_dbfs"), [(0, -120), (0, -28), (-30, -75), (-20, -60)])
def test_speech_is_found_as_soon_and_at_the_same_place(
    buyer: Samples, gain_db: float, noise_dbfs: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = in_room(buyer, gain_db, noise_dbfs)
    sparing, plain = utterances(monkeypatch, sound), utterances(monkeypatch, sound, Nothing)
    assert sparing == [pytest.approx(times, abs=2.5 * FRAME_S) for times in plain]
    assert len(plain[0]) >= 3


@pytest.mark.parametrize(("gain_db", "noise_dbfs"), [(0, -120), (0, -50), (-20, -65)])
def test_after_minutes_without_speech_it_is_found_as_soon_as_at_the_beginning(
    buyer: Samples, gain_db: float, noise_dbfs: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model's memory drifts while nobody speaks; after a minute it missed 0.9 s of a sentence."""
    minutes = 3 * 60
    silent = np.zeros(minutes * SAMPLE_RATE, np.float32)
    begun, _ = utterances(monkeypatch, in_room(buyer, gain_db, noise_dbfs))
    later, _ = utterances(monkeypatch, in_room(np.concatenate([silent, buyer]), gain_db, noise_dbfs))
    assert later[0] - minutes == pytest.approx(begun[0], abs=2.5 * FRAME_S)


def test_background_is_left_for_later_and_then_mostly_not_heard(buyer: Samples) -> None:
    plain, sparing = VoiceActivity(), VoiceActivity()
    sound = chunks(in_room(0 * buyer, 0, -60))
    at_once = [probability for chunk in sound for probability in plain.feed(chunk)]
    runs = [run for chunk in sound if (run := sparing.feed(chunk, calm=True))]
    later = [probability for run in runs for probability in run]
    read = sum(map(len, runs[:LOOKS]))
    np.testing.assert_allclose(later[:read], at_once[:read], atol=1e-4)
    assert len(at_once) - len(later) < LATER_S / FRAME_S + 1
    assert len(runs) == len(sound) // round(LATER_S * 10)
    assert [any(run) for run in runs[LOOKS:]] == [k % LOOKS == LOOKS - 1 for k in range(len(runs) - LOOKS)]


def test_a_room_that_gets_louder_is_background_again() -> None:
    background, rng = Background(), np.random.default_rng(1)

    def covered(dbfs: float, seconds: float) -> list[bool]:
        blocks = (rng.normal(0, 10 ** (dbfs / 20), CHUNK).astype(np.float32) for _ in range(round(10 * seconds)))
        return [background.covers(block) for block in blocks]

    assert all(covered(-120, 5))
    louder = covered(-60, 40)
    assert not any(louder[:100])
    assert all(louder[300:])
    assert not any(covered(-50, 1))
    assert all(covered(-70, 5))
