"""Reads the variables of a CTranslate2 model file (model.bin, version 6)."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from asr.errors import BadInputError

Array = npt.NDArray[Any]
HEAD = 64
"""Every Whisper's heads have so many values."""
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_BROKEN = "is no CTranslate2 model of Whisper that Offbook can read; get one with `offbook models get NAME`."


@dataclass(frozen=True)
class WhisperFile:
    """Variables by name, mapped from the file: they take memory only as they are read."""

    variables: dict[str, Array]
    alignment_heads: tuple[tuple[int, int], ...]
    """Layer and head of those that follow the sound."""

    def floats(self, name: str) -> npt.NDArray[np.float32]:
        """A variable as float32; one that is stored as int8 is multiplied out."""
        if f"{name}_scale" in self.variables:
            return self.rows(name, range(len(self.variables[name])))
        return self.variables[name].astype(np.float32)

    def rows(self, name: str, which: Sequence[int]) -> npt.NDArray[np.float32]:
        """Some rows of it as float32."""
        stored = self.variables[name][list(which)].astype(np.float32)
        scale = self.variables.get(f"{name}_scale")
        return stored if scale is None else (stored / scale[list(which), None]).astype(np.float32)

    def number(self, name: str) -> int:
        """A variable that is one whole number."""
        return int(self.variables[name])

    def layers(self, side: str) -> int:
        """How many layers the `encoder` or the `decoder` has."""
        return sum(1 for k in range(len(self.variables)) if f"{side}/layer_{k}/ffn/linear_0/weight" in self.variables)


@dataclass(frozen=True)
class Suppressed:
    """Tokens that Whisper never says, and those that it does not begin with."""

    always: tuple[int, ...]
    first: tuple[int, ...]


def read_whisper(folder: Path) -> WhisperFile:
    """Raises BadInputError where the folder holds no such model."""
    file = folder / "model.bin"
    try:
        variables = _variables(np.memmap(file, np.uint8, "r"))
        heads = _config(folder).get("alignment_heads") or _last_half(variables)
        return WhisperFile(variables, tuple((int(layer), int(head)) for layer, head in heads))
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise BadInputError(f"{file}: {_BROKEN}") from error


def suppressed(folder: Path) -> Suppressed:
    """What the model's config.json says. Raises BadInputError where it can't be read."""
    try:
        config = _config(folder)
    except (OSError, ValueError) as error:
        raise BadInputError(f"{folder / 'config.json'}: {_BROKEN}") from error
    return Suppressed(tuple(config.get("suppress_ids") or ()), tuple(config.get("suppress_ids_begin") or ()))


def _config(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    return found


def _last_half(variables: dict[str, Array]) -> list[tuple[int, int]]:
    """The heads that openai/whisper takes where nothing is known: all of the later layers."""
    whole = WhisperFile(variables, ())
    layers, heads = whole.layers("decoder"), whole.number("decoder/num_heads")
    return [(layer, head) for layer in range(layers // 2, layers) for head in range(heads)]


def _variables(data: npt.NDArray[np.uint8]) -> dict[str, Array]:
    (count,) = _numbers(data, "<I", _text(data, 4)[1] + 4)
    at = _text(data, 4)[1] + 8
    found: dict[str, Array] = {}
    for _ in range(count):
        name, at = _text(data, at)
        rank = int(data[at])
        shape = _numbers(data, f"<{rank}I", at + 1)
        at += 1 + 4 * rank
        kind, size = _numbers(data, "<BI", at)
        at += 5
        found[name] = data[at : at + size].view(_TYPES[kind]).reshape(shape)
        at += size
    (count,) = _numbers(data, "<I", at)
    at += 4
    for _ in range(count):
        alias, at = _text(data, at)
        name, at = _text(data, at)
        found[alias] = found[name]
    return found


def _text(data: npt.NDArray[np.uint8], at: int) -> tuple[str, int]:
    (length,) = _numbers(data, "<H", at)
    return bytes(data[at + 2 : at + 2 + length]).rstrip(b"\0").decode(), at + 2 + length


def _numbers(data: npt.NDArray[np.uint8], form: str, at: int) -> tuple[int, ...]:
    return struct.unpack(form, data[at : at + struct.calcsize(form)].tobytes())
