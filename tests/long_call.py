"""A call as long as one likes, made of the lines of recorded ones: a quarter of it is speech, the rest a quiet room."""

import json
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from user import DEMO_CALL, ROOT, write_wav

from asr.capture.file import Chunk, open_stereo
from asr.sound import SAMPLE_RATE, Samples

RECORDED = (DEMO_CALL, ROOT.parent / "shared/speech/call.wav")
"""Each with its lines beside it; the second one is not on every machine."""
LINES = 3
"""Lines that follow each other as they were said, before it is quiet again."""
QUARTER = 4
ROOM_DBFS = -62.0
RATE = 48_000

Sides = Samples
"""Rep and buyer: [2, samples] at 16 kHz."""


def a_quarter_of_speech() -> Sides:
    """All that was recorded, once: minutes."""
    return np.concatenate([part for call in RECORDED if call.exists() for part in _exchanges(call)], axis=1)


def room(seconds: float, seed: int = 1) -> Sides:
    """The rep's microphone hears its room; from the buyer comes nothing."""
    count = round(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(seed).normal(0, 10 ** (ROOM_DBFS / 20), count)
    return np.stack([noise, np.zeros(count)]).astype(np.float32)


def as_long(sound: Sides, seconds: float) -> Sides:
    """The sound again and again, until it is so long."""
    count = round(seconds * SAMPLE_RATE)
    return np.tile(sound, -(-count // sound.shape[1]))[:, :count]


def write_sides(folder: Path, sound: Sides) -> dict[str, Path]:
    """A WAV for each side, to be played."""
    return {
        side: write_wav(folder / f"{side}.wav", sound[k][:, None].astype(np.float64))
        for k, side in enumerate(("rep", "buyer"))
    }


def write_opus(file: Path, sound: Sides, times: int) -> Path:
    """The sound so many times over, encoded once: a stereo file of hours in seconds."""
    with av.open(str(file), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="stereo", bit_rate=48_000)
        packets = _encoded(stream, sound)
        at = 0
        for packet in packets * times:
            again = av.Packet(bytes(packet))
            again.stream, again.time_base = stream, packet.time_base
            again.pts = again.dts = at
            again.duration = packet.duration
            at += packet.duration or 0
            container.mux(again)
    return file


def _encoded(stream: "av.audio.stream.AudioStream", sound: Sides) -> list[av.Packet]:
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    made: list[av.Packet] = []
    for block in (sound[:, k : k + SAMPLE_RATE] for k in range(0, sound.shape[1], SAMPLE_RATE)):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T).reshape(1, -1), "flt", "stereo")
        frame.sample_rate = SAMPLE_RATE
        made += [packet for part in resampler.resample(frame) for packet in stream.encode(part)]
    made += [packet for part in resampler.resample(None) for packet in stream.encode(part)]
    return made + stream.encode(None)


def _exchanges(call: Path) -> Iterator[Sides]:
    """A few lines, then the room, for three times as long as somebody spoke."""
    chunks = [item for item in open_stereo(call).chunks() if isinstance(item, Chunk)]
    sound = np.stack([np.concatenate([getattr(chunk, side) for chunk in chunks]) for side in ("rep", "buyer")])
    lines = json.loads((call.parent / "call.json").read_text())
    for k in range(0, len(lines), LINES):
        group = lines[k : k + LINES]
        begin, end = min(line["start"] for line in group), max(line["end"] for line in group)
        spoken = sum(line["end"] - line["start"] for line in group)
        said = sound[:, round(begin * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
        quiet = room(max(1.0, QUARTER * spoken - (end - begin)), seed=k)
        whole = np.concatenate([said, quiet], axis=1)
        whole[0, : said.shape[1]] += room(said.shape[1] / SAMPLE_RATE, seed=k + 1)[0][: said.shape[1]]
        yield whole
