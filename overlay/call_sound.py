"""Where a call's sound comes from: a recording that is played, or the devices of this machine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from asr.capture.file import open_stereo, open_two
from asr.capture.live import LiveCapture
from asr.live import Sound, at_real_pace
from overlay.engine import source_name
from overlay.engine_messages import Live, Start

Clock = Callable[[], float]


@dataclass(frozen=True)
class CallSound:
    """`name` is what `call_started` says of it; `sound` gives it on a clock from `begins` (s into the call) on."""

    name: str
    sound: Callable[[Clock, float], Iterator[Sound]]


def open_sound(start: Start) -> CallSound:
    """Raises BadInputError where there is nothing to hear."""
    return _recorded(start) if start.live is None else _live(start.live)


def _recorded(start: Start) -> CallSound:
    recording = open_stereo(start.files[0]) if len(start.files) == 1 else open_two(start.files[0], start.files[1])
    return CallSound(source_name(recording), lambda clock, begins: at_real_pace(recording.chunks(), clock, begins))


def _live(live: Live) -> CallSound:
    return CallSound(
        "live", lambda clock, begins: LiveCapture(live.microphone, live.buyer_sound, clock, begins).sound()
    )
