"""One channel's capture as a process of its own: `python -m asr.capture.process`.

PortAudio's list of devices is frozen when it starts, and starting it anew ends every stream of its process; so each
channel has its own, which can be started again while the other goes on. `list` prints the devices as this fresh process
sees them; `hear DEVICE` writes blocks of sound (asr/capture/blocks.py) to the output until the input is closed.

Threads: PortAudio's callback copies into the ring and returns; `main` takes it out at once; `parent` waits for the end
of the input, so that no process is left when the engine dies.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from asr.capture.blocks import pack
from asr.capture.ring import Ring
from asr.sound import SAMPLE_RATE, Samples

RING_S = 30
"""What is kept while nobody reads: an engine that was stopped for seconds loses nothing."""
BLOCK_S = 0.05
"""Each block wakes four threads, in silence too; and so long at most does a sample wait."""
SILENT_S = 0.1
LOOPBACK = "loopback:"

Resample = Callable[[Samples], Samples]
Opened = tuple[AbstractContextManager[Any], Ring, int]
"""A stream to be entered, its ring, and its rate (Hz)."""


def main() -> int:
    """Runs the process; its exit code. A device that can't be opened is one line on the error output, and 2."""
    if sys.argv[1:] == ["list"]:
        print(json.dumps(portaudio_inputs()))
        return 0
    device = sys.argv[2]
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        _hear(_open(device), fills=device.startswith(LOOPBACK))
    except BrokenPipeError:
        return 0
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


def portaudio_inputs() -> list[dict[str, Any]]:
    """PortAudio's inputs: index, name, channels, rate, default."""
    import sounddevice

    default = sounddevice.default.device[0]
    return [
        {
            "index": device["index"],
            "name": device["name"],
            "channels": device["max_input_channels"],
            "rate": int(device["default_samplerate"]),
            "default": device["index"] == default,
        }
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    ]


def _open(device: str) -> Opened:
    """`device` is PortAudio's index, `pulse`, or `loopback:ID` on Windows."""
    if device.startswith(LOOPBACK):
        from asr.capture.windows import open_loopback

        return open_loopback(device.removeprefix(LOOPBACK))
    return _open_portaudio(int(device) if device.isdigit() else device)


def _open_portaudio(device: int | str) -> Opened:
    import sounddevice

    rate, channels = _form(sounddevice, device)
    ring = Ring(RING_S * rate)

    def callback(data: Any, frames: int, moment: Any, status: Any) -> None:
        block = np.frombuffer(data, np.float32).reshape(frames, channels)
        ring.write(block[:, 0] if channels == 1 else block.mean(axis=1), time.monotonic())

    stream = sounddevice.RawInputStream(
        device=device,
        samplerate=rate,
        channels=channels,
        dtype="float32",
        blocksize=int(rate * BLOCK_S),
        latency="low",
        callback=callback,
    )
    return stream, ring, rate


def _form(sounddevice: Any, device: int | str) -> tuple[int, int]:
    """16 kHz where the device or its sound server gives it, else its own rate; one or two channels."""
    found = sounddevice.query_devices(device, "input")
    channels = min(2, int(found["max_input_channels"]))
    for rate in (SAMPLE_RATE, int(found["default_samplerate"])):
        for count in (1, channels):
            try:
                sounddevice.check_input_settings(device, count, "float32", samplerate=rate)
            except sounddevice.PortAudioError:
                continue
            return rate, count
    return int(found["default_samplerate"]), channels


def _hear(opened: Opened, *, fills: bool) -> None:
    """Hands on what comes. `fills`: the device gives nothing while nothing plays, and that is silence, not a loss."""
    stream, ring, rate = opened
    resample = _resampler(rate)
    until = time.monotonic()
    with stream:
        while True:
            ring.wait(BLOCK_S)
            samples, at = ring.read()
            if not len(samples) and fills and time.monotonic() - until > SILENT_S:
                at = time.monotonic()
                samples = np.zeros(round((at - until) * rate), np.float32)
            if len(samples):
                until = at
                _write_all(pack(resample(samples), at, ring.overflowed))


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


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
