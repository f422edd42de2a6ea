"""One channel's capture as a process of its own: `python -m asr.capture.process`.

PortAudio's list of devices is frozen when it starts, and starting it anew ends every stream of its process; so each
channel has its own, which can be started again while the other goes on. `list` prints the devices as this fresh process
sees them; `hear DEVICE` writes blocks of sound (asr/capture/blocks.py) to the output until the input is closed.

Threads: the library's callback copies into the ring and returns; `main` takes it out at once, or a little later where
it is calm (asr/capture/hold.py); `parent` reads the input, where each byte says that the other side is in conversation,
and whose end means that the engine is gone.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from asr.capture.blocks import pack
from asr.capture.devices import LOOPBACK, TAP, Listed
from asr.capture.hold import HELD_S, Hold
from asr.capture.portaudio import inputs_here, open_input
from asr.capture.silence import SILENT_S, Filled, fill
from asr.capture.stream import Stream
from asr.sound import SAMPLE_RATE, Samples

Resample = Callable[[Samples], Samples]


def main() -> int:
    """Runs the process; its exit code. A device that can't be opened is one line on the error output, and 2."""
    if sys.argv[1:] == ["list"]:
        print(json.dumps(asdict(listed())))
        return 0
    hold = Hold()
    threading.Thread(target=_obey_parent, args=(hold,), name="parent", daemon=True).start()
    try:
        _hear(_open(sys.argv[2]), hold)
    except BrokenPipeError:
        return 0
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


def listed() -> Listed:
    """The devices of a machine without a sound server: microphones, the system's own loopback, loopback devices."""
    inputs = [found.device for found in inputs_here()]
    microphones = [device for device in inputs if device.kind == "microphone"]
    others = [device for device in inputs if device.kind == "loopback"]
    if sys.platform == "win32":
        from asr.capture.windows import loopbacks

        return Listed((*microphones, *loopbacks()))
    if sys.platform == "darwin":
        from asr.capture.macos import tap_here

        tap, playing = tap_here()
        taps = () if tap is None else (tap,)
        return Listed((*microphones, *taps, *others), tuple(tap.id for tap in taps if playing))
    return Listed((*microphones, *others))


def _open(device: str) -> Stream:
    if sys.platform == "win32" and device.startswith(LOOPBACK):
        from asr.capture.windows import open_loopback

        return open_loopback(device)
    if sys.platform == "darwin" and device.startswith(TAP):
        from asr.capture.macos import open_tap

        return open_tap()
    return open_input(device)


def _hear(stream: Stream, hold: Hold) -> None:
    """Hands on what comes, with the silence in between. Raises OSError when the device is gone."""
    stream.ring.hold = hold
    resample = _resampler(stream.rate)
    filled = Filled(time.monotonic())
    with stream.open:
        while stream.alive():
            stream.ring.wait(HELD_S)
            samples, at = stream.ring.read()
            if stream.idle is not None:
                now = time.monotonic()
                if not len(samples):
                    at = now if now - filled.until > SILENT_S and stream.idle() else filled.until
                filled, samples = fill(filled, samples, at, stream.rate)
            if len(samples):
                _write_all(pack(resample(samples), at, stream.ring.overflowed, hold.is_loud(at)))
    raise OSError("the device gives no more sound")


def _resampler(rate: int) -> Resample:
    """To 16 kHz. FFmpeg's resampler, which keeps its state between blocks."""
    if rate == SAMPLE_RATE:
        return lambda samples: samples
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)

    def resample(samples: Samples) -> Samples:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = rate
        made = [out.to_ndarray().reshape(-1) for out in resampler.resample(frame)]
        return np.concatenate(made) if made else np.zeros(0, np.float32)

    return resample


def _write_all(block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(sys.stdout.fileno(), view) :]


def _obey_parent(hold: Hold) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        hold.hurry(time.monotonic())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
