"""What a user has at hand, for the tests: the repository, the command, and sound files made on the spot."""

import subprocess
import sys
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from asr.capture.file import Chunk, open_stereo

ROOT = Path(__file__).parent.parent
DEMO_CALL = ROOT / "configs/demo/call.opus"
DEMO_PLAYBOOK = ROOT / "configs/playbooks/demo"
OFFBOOK = Path(sys.executable).parent / "offbook"

Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]


def run_command(command: list[str | Path], folder: Path, timeout: float = 280) -> Result:
    """Runs a command as a user would; its exit code, output and errors come back."""
    return subprocess.run(
        list(map(str, command)), cwd=folder, capture_output=True, text=True, timeout=timeout, check=False
    )


def refused(result: Result, *parts: str) -> None:
    """The command ended with 2 and one sentence, which holds these parts."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for part in parts:
        assert part in result.stderr


def listed(result: Result) -> list[str]:
    """The calls that `offbook calls` printed."""
    assert result.returncode == 0, result.stderr
    return [line.split()[0] for line in result.stdout.splitlines()[1:]]


def write_wav(file: Path, samples: npt.NDArray[np.float64], rate: int = 16_000) -> Path:
    """16-bit WAV of `samples` [n, channels], -1 to 1."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file


def demo_part(out: Path, begin_s: float, end_s: float) -> Path:
    """A part of the demo call as WAV."""
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)]
    chunks = chunks[round(begin_s * 10) : round(end_s * 10)]
    sides = [np.concatenate([getattr(chunk, side) for chunk in chunks]) for side in ("rep", "buyer")]
    return write_wav(out, np.stack(sides, axis=1).astype(np.float64))


def demo_cut(
    out: Path, rate: int, codec: str, sample_format: str, layout: str = "stereo", seconds: float = 9.0
) -> Path:
    """The demo call's first seconds in another rate, codec and sample format."""
    resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
    with av.open(str(DEMO_CALL)) as source, av.open(str(out), "w") as target:
        stream = target.add_stream(codec, rate=rate)
        stream.layout = layout  # type: ignore[union-attr]
        stream.time_base = Fraction(1, rate)
        for frame in source.decode(audio=0):
            if frame.time is not None and frame.time > seconds:
                break
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))  # type: ignore[union-attr,arg-type]
        target.mux(stream.encode(None))  # type: ignore[union-attr,arg-type]
    return out
