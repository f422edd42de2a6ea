"""Keeps a call's sound, where the settings ask for it: Opus beside the journal, left the rep, right the buyer.

Threads: `sound` (owner: KeptSound) takes chunks from one bounded queue, encodes and writes them; one other thread calls
`take`, which never waits. Whatever breaks here is told once and the call goes on.
"""

import errno
import os
import queue
import re
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av
import numpy as np

from asr.capture.file import Chunk
from asr.errors import BadInputError
from asr.events import Fault
from asr.sound import SAMPLE_RATE, Samples

PART = "sound"
MOST_WAITING = 600
"""Chunks: a minute, 8 MB."""
BITS_PER_S = 64_000
"""Of both sides together; 29 MB an hour."""
RATE = 48_000
_OPTIONS = {"flush_packets": "1", "page_duration": "250000"}
"""Each quarter of a second reaches the file at once, so that a killed process leaves it playable."""


class KeptSound:
    """One part of one call: what is heard until `close`, or until the process dies."""

    def __init__(
        self, folder: Path, call: str, report: Callable[[Fault], None], most_waiting: int = MOST_WAITING
    ) -> None:
        """Begins the next free part in `folder` (see `sound_folder`). `report` is called in the thread, `t` is 0."""
        self._folder, self._call, self._report = folder, call, report
        self._queue: queue.Queue[tuple[int, Chunk] | None] = queue.Queue(most_waiting)
        self._taken = 0
        """Samples of each side that were given, whether there was room for them or not."""
        self._broken = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def take(self, chunk: Chunk) -> None:
        """One more chunk. Where the disk falls a minute behind, it becomes silence of the same length."""
        begins = self._taken
        self._taken += len(chunk.rep)
        if not self._broken.is_set():
            with suppress(queue.Full):
                self._queue.put_nowait((begins, chunk))

    def close(self, limit_s: float = 5.0) -> None:
        """Writes what waits, for `limit_s` at most, and ends the file."""
        self._closing.set()
        with suppress(queue.Full):
            self._queue.put_nowait(None)
        self._thread.join(limit_s)

    def _run(self) -> None:
        try:
            self._write(_next_part(self._folder, self._call))
        except (OSError, av.error.FFmpegError) as error:
            self._broken.set()
            self._report(Fault(part=PART, message=_sentence(error)))

    def _write(self, file: Path) -> None:
        with av.open(str(file.absolute()), "w", format="ogg", options=_OPTIONS) as container:
            stream = container.add_stream("libopus", rate=RATE, layout="stereo", bit_rate=BITS_PER_S)
            resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
            written, told = 0, False
            while (item := self._next()) is not None:
                begins, chunk = item
                if begins > written and not told:
                    told = True
                    message = "The disk is too slow for the sound of this call; what it misses is silence in the file."
                    self._report(Fault(part=PART, message=message))
                for block in (*_silence(begins - written), np.stack((chunk.rep, chunk.buyer))):
                    frame = _frame(block, written)
                    written += block.shape[1]
                    for part in resampler.resample(frame):
                        container.mux(stream.encode(part))
            for part in resampler.resample(None):
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))

    def _next(self) -> tuple[int, Chunk] | None:
        """The next chunk; None once the call is over and nothing waits."""
        while True:
            try:
                return self._queue.get(timeout=0.5)
            except queue.Empty:
                if self._closing.is_set():
                    return None


def sound_folder(journal: Path) -> Path:
    """Where the sound of the calls in a journal's file is kept."""
    return journal.absolute().parent / "sound"


def parts(folder: Path, call: str) -> list[Path]:
    """The files of one call, in order."""
    numbered = [(int(found[1]), file) for file in folder.glob("*.opus") if (found := _part_of(file, call))]
    return [file for _, file in sorted(numbered)]


def forget_sound(folder: Path, call: str) -> int:
    """Deletes all parts of a call; how many there were. Raises BadInputError where one can't be deleted."""
    found = parts(folder, call)
    for file in found:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise BadInputError(
                f"{file}: this sound can't be deleted ({error.strerror}); close what plays it and forget again."
            ) from error
    return len(found)


def _part_of(file: Path, call: str) -> re.Match[str] | None:
    return re.fullmatch(rf"{re.escape(call)}\.(\d+)\.opus", file.name)


def _next_part(folder: Path, call: str) -> Path:
    """An empty file that only its owner can read: of two that begin at once, each gets its own."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    folder.chmod(stat.S_IRWXU)
    number = 1 + max((int(found[1]) for file in folder.iterdir() if (found := _part_of(file, call))), default=0)
    while True:
        file = folder / f"{call}.{number}.opus"
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))
        except FileExistsError:
            number += 1
        else:
            return file


def _frame(block: Samples, begins: int) -> "av.AudioFrame":
    interleaved = np.ascontiguousarray(np.clip(block, -1, 1).T).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(interleaved, format="flt", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = begins
    return frame


def _silence(samples: int) -> list[Samples]:
    """In blocks of a second at most."""
    lengths = [SAMPLE_RATE] * (samples // SAMPLE_RATE) + [samples % SAMPLE_RATE]
    return [np.zeros((2, length), np.float32) for length in lengths if length > 0]


def _sentence(error: Exception) -> str:
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    why = "the disk is full" if full else getattr(error, "strerror", None) or str(error)
    return f"The sound of this call is not kept any longer ({why}); the call goes on."
