"""The form in which a capture process hands on its sound: a header and the samples, again and again. Pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np

from asr.sound import Samples

_HEADER = struct.Struct("<4sIdQ?")
_MAGIC = b"SND1"
MOST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Block:
    """Mono sound at 16 kHz; its last sample was heard at `at` (s, monotonic). `overflowed` counts all samples lost so
    far, at the device's rate; `loud`: this side is in conversation."""

    samples: Samples
    at: float
    overflowed: int
    loud: bool


def pack(samples: Samples, at: float, overflowed: int, loud: bool) -> bytes:
    """One block as bytes."""
    data = np.ascontiguousarray(samples, np.float32).tobytes()
    return _HEADER.pack(_MAGIC, len(data), at, overflowed, loud) + data


def blocks(stream: IO[bytes]) -> Iterator[Block]:
    """The blocks of a stream until it ends; half a block at the end is dropped."""
    while len(head := stream.read(_HEADER.size)) == _HEADER.size:
        magic, length, at, overflowed, loud = _HEADER.unpack(head)
        if magic != _MAGIC or length > MOST:
            return
        data = stream.read(length)
        if len(data) < length:
            return
        yield Block(np.frombuffer(data, np.float32), at, overflowed, loud)
