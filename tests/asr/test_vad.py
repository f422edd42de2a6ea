"""Background noise waits for the model; speech does not, and neither changes what the model says."""

import numpy as np
import pytest
from user import DEMO_CALL

from asr.capture.file import CHUNK, Chunk, open_stereo
from asr.channel import Channel
from asr.sound import Samples
from asr.vad import FRAME_S, LATER_S, Background, VoiceActivity

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


@pytest.mark.parametrize(("gain_db", "noise_dbfs"), [(0, -120), (0, -28), (-30, -75), (-20, -60)])
def test_speech_is_found_as_soon_and_at_the_same_place(
    buyer: Samples, gain_db: float, noise_dbfs: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparing = Channel(1)
    monkeypatch.setattr("asr.channel.Background", Nothing)
    plain = Channel(1)
    turns = []
    for chunk in chunks(in_room(buyer, gain_db, noise_dbfs)):
        found = plain.feed(chunk)
        assert sparing.feed(chunk) == found
        turns += found
    assert len(turns) >= 6


def test_background_is_left_for_later_and_read_the_same(buyer: Samples) -> None:
    plain, sparing = VoiceActivity(), VoiceActivity()
    sound = chunks(in_room(buyer, 0, -60))
    at_once = [probability for chunk in sound for probability in plain.feed(chunk)]
    runs = [sparing.feed(chunk, calm=True) for chunk in sound]
    later = [probability for run in runs for probability in run]
    np.testing.assert_allclose(later, at_once[: len(later)], atol=1e-4)
    assert len(at_once) - len(later) < LATER_S / FRAME_S + 1
    assert sum(map(bool, runs)) == len(sound) // round(LATER_S * 10)


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
