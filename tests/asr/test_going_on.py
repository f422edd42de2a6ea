"""Sound that begins in the middle of a call."""

import numpy as np

from asr.capture.file import CHUNK, BrokeOff, Chunk
from asr.channel import Channel
from asr.live import at_real_pace
from asr.sound import SAMPLE_RATE


def chunk(value: float) -> Chunk:
    side = np.full(CHUNK, value, np.float32)
    return Chunk(side, side)


def test_sound_before_the_position_is_skipped_and_what_tells_of_damage_is_not() -> None:
    sound = [*(chunk(k) for k in range(10)), BrokeOff(1.0, "call.wav")]
    left = list(at_real_pace(iter(sound), lambda: 100.0, begins=0.3))
    assert [item.rep[0] for item in left if isinstance(item, Chunk)] == list(range(3, 10))
    assert left[-1] == sound[-1]


def test_none_is_left_where_the_position_lies_behind_the_end() -> None:
    assert list(at_real_pace(iter([chunk(0), chunk(1)]), lambda: 100.0, begins=5.0)) == []


def test_a_channel_that_begins_later_has_the_call_s_times() -> None:
    channel = Channel(1, begins=60.0)
    samples = np.arange(SAMPLE_RATE, dtype=np.float32) / SAMPLE_RATE * 0.001
    channel.feed(samples)
    assert channel.now == 61.0
    assert np.array_equal(channel.sound(60.25, 60.5), samples[SAMPLE_RATE // 4 : SAMPLE_RATE // 2])
    assert len(channel.sound(0.0, 60.0)) == 0
