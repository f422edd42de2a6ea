"""A recorded call as a sound source: one stereo file, or one mono file per side, any format PyAV reads."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import av
import numpy as np

from asr.errors import BadInputError
from asr.sound import SAMPLE_RATE, Samples

CHUNK = SAMPLE_RATE // 10
"""Samples of each side in one chunk (0.1 s)."""
_SHORT_S = 0.3
"""A file this much shorter than its header says is truncated."""
_LONGEST_DAMAGE_S = 60

_UNKNOWN_SIZE = 0xFFFF_FFFF
"""A WAV that was piped says this."""
_OGG_LONGEST_PAGE = 65_307
_OGG_LAST_PAGE = 4


@dataclass(frozen=True)
class Chunk:
    """0.1 s of both sides (the last one may be shorter), mono float32 at 16 kHz."""

    rep: Samples
    buyer: Samples


@dataclass(frozen=True)
class BrokeOff:
    """The file ended before its time, `at` seconds in."""

    at: float
    file: str


@dataclass(frozen=True)
class Recording:
    """A recorded call: one stereo file (left rep, right buyer), or two mono files."""

    files: tuple[Path, ...]
    duration_s: float

    def chunks(self) -> Iterator[Chunk | BrokeOff]:
        """The sound from the start; a truncated file gives what was there, then BrokeOff."""
        if len(self.files) == 1:
            yield from _stereo(self.files[0], self.duration_s)
        else:
            yield from _two(self.files[0], self.files[1])


def open_stereo(file: Path) -> Recording:
    """Raises BadInputError if the file is missing, no sound, or has not two channels."""
    channels, duration = _probe(file)
    if channels < 2:
        raise BadInputError(
            f"{file}: has one channel where two are needed (left rep, right buyer); "
            "give a stereo file, or `--rep FILE --buyer FILE`."
        )
    return Recording((file,), duration)


def open_two(rep: Path, buyer: Path) -> Recording:
    """Two mono files; several channels in one are mixed. Raises BadInputError as `open_stereo` does."""
    return Recording((rep, buyer), max(_probe(rep)[1], _probe(buyer)[1]))


def _probe(file: Path) -> tuple[int, float]:
    """Channels and duration (s, 0 where the header does not say) of the first sound stream."""
    if not file.exists():
        raise BadInputError(f"{file}: no such file; check the path.")
    if file.is_dir():
        raise BadInputError(f"{file}: is a folder; give a sound file.")
    if file.stat().st_size == 0:
        raise BadInputError(f"{file}: is empty (0 bytes); record it again.")
    try:
        with _open(file) as container:
            if not container.streams.audio:
                raise BadInputError(f"{file}: holds no sound; give a sound file such as WAV, FLAC, Opus or MP3.")
            stream = container.streams.audio[0]
            if stream.codec_context is None or not stream.codec_context.sample_rate:
                raise BadInputError(f"{file}: is no sound file that can be read; give WAV, FLAC, Opus or MP3.")
            return stream.codec_context.channels, _duration(container, stream)
    except PermissionError as error:
        raise BadInputError(f"{file}: may not be read; change its permissions.") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise BadInputError(f"{file}: is no sound file that can be read; give WAV, FLAC, Opus or MP3.") from error


def _duration(container: "av.container.InputContainer", stream: "av.audio.stream.AudioStream") -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else 0.0


def _open(file: Path) -> "av.container.InputContainer":
    # An absolute path, since FFmpeg takes "call 10:30.wav" for a protocol.
    return av.open(str(file.absolute()))


def _decoded(file: Path, layout: str) -> Iterator[Samples]:
    """Blocks of samples, float32 [channels, n] at 16 kHz; what is damaged inside is silence of the same length."""
    channels = 2 if layout == "stereo" else 1
    shape, resampler, made = None, None, 0
    with _open(file) as container:
        for frame, after_damage in _frames(container):
            blocks: list[Samples] = []
            if shape != (frame.sample_rate, frame.layout.name, frame.format.name):
                blocks += _resampled(resampler, None, channels)
                shape = (frame.sample_rate, frame.layout.name, frame.format.name)
                resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
            if after_damage and frame.time is not None:
                missing = min(round(frame.time * SAMPLE_RATE) - made, _LONGEST_DAMAGE_S * SAMPLE_RATE)
                blocks.append(np.zeros((channels, max(0, missing)), np.float32))
            blocks += _resampled(resampler, frame, channels)
            made += sum(block.shape[1] for block in blocks)
            yield from blocks
        yield from _resampled(resampler, None, channels)


def _resampled(resampler: "av.AudioResampler | None", frame: "av.AudioFrame | None", channels: int) -> list[Samples]:
    if resampler is None:
        return []
    return [out.to_ndarray().astype(np.float32, copy=False).reshape(channels, -1) for out in resampler.resample(frame)]


def _frames(container: "av.container.InputContainer") -> Iterator[tuple["av.AudioFrame", bool]]:
    """The first sound stream's frames, each with whether damage was skipped right before it."""
    packets = container.demux(container.streams.audio[0])
    damaged = False
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            damaged = True
            continue
        for frame in frames:
            if isinstance(frame, av.AudioFrame):
                yield frame, damaged
                damaged = False


def _blocks(file: Path, layout: str) -> Iterator[Samples]:
    """`_decoded` cut into blocks of CHUNK samples; the last may be shorter."""
    kept: Samples | None = None
    for block in _decoded(file, layout):
        kept = block if kept is None else np.concatenate([kept, block], axis=1)
        while kept.shape[1] >= CHUNK:
            yield kept[:, :CHUNK]
            kept = kept[:, CHUNK:]
    if kept is not None and kept.shape[1]:
        yield kept


def _stereo(file: Path, duration_s: float) -> Iterator[Chunk | BrokeOff]:
    heard = 0
    for block in _blocks(file, "stereo"):
        heard += block.shape[1]
        yield Chunk(np.ascontiguousarray(block[0]), np.ascontiguousarray(block[1]))
    yield from _broke_off(file, heard, duration_s)


def _two(rep: Path, buyer: Path) -> Iterator[Chunk | BrokeOff]:
    heard = [0, 0]
    for pair in zip_longest(_blocks(rep, "mono"), _blocks(buyer, "mono")):
        length = max(block.shape[1] for block in pair if block is not None)
        sides = []
        for k, block in enumerate(pair):
            side = np.zeros(length, np.float32)
            if block is not None:
                side[: block.shape[1]] = block[0]
                heard[k] += block.shape[1]
            sides.append(side)
        yield Chunk(*sides)
    for file, samples in zip((rep, buyer), heard, strict=True):
        yield from _broke_off(file, samples, _probe(file)[1])


def _broke_off(file: Path, heard: int, duration_s: float) -> Iterator[BrokeOff]:
    if heard / SAMPLE_RATE < duration_s - _SHORT_S or _cut_short(file):
        yield BrokeOff(round(heard / SAMPLE_RATE, 2), file.name)


def _cut_short(file: Path) -> bool:
    """Whether a WAV is smaller than its header says, or an Ogg's last page is not marked as the last one.

    FFmpeg takes the duration of these two from what is there, so it can't tell.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(8)
        stream.seek(max(0, size - _OGG_LONGEST_PAGE))
        tail = stream.read()
    if head[:4] == b"RIFF":
        (announced,) = struct.unpack("<I", head[4:8])
        return announced not in (0, _UNKNOWN_SIZE) and announced + 8 > size + 1
    if head[:4] == b"OggS":
        last_page = tail.rfind(b"OggS")
        return last_page >= 0 and not tail[last_page + 5] & _OGG_LAST_PAGE
    return False
