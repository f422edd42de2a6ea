"""`offbook listen` as a process, and the demo call's beginning to be played for it."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from asr.capture.file import Chunk, open_stereo
from overlay.feed_messages import PORT
from tests.sound_server import SoundServer
from tests.user import DEMO_CALL, OFFBOOK, write_wav

CALL_S = 24
"""Of the demo call: both have spoken, and the first card has come."""
READY_S = 90
"""Until the weights are loaded on a busy machine."""


def speech_of_both(folder: Path) -> dict[str, Path]:
    """What each side says, as a file of its own."""
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)][: CALL_S * 10]
    return {side: write_wav(folder / f"{side}.wav", one_side(chunks, side)) for side in ("rep", "buyer")}


def one_side(chunks: list[Chunk], side: str) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.concatenate([getattr(chunk, side) for chunk in chunks])[:, None].astype(np.float64)


def play(server: SoundServer, sides: dict[str, Path]) -> None:
    """Both say theirs."""
    server.play(sides["rep"], "mic")
    server.play(sides["buyer"], "speakers")


def written_events(file: Path) -> list[dict[str, Any]]:
    """The events of a file that may still grow."""
    return [json.loads(line) for line in file.read_text().rpartition("\n")[0].splitlines()]


class Listening:
    """The command, and the events that it has written so far."""

    def __init__(self, out: Path, *words: str, headless: bool = True) -> None:
        self.out = out
        command = [OFFBOOK, "listen", *(["--headless", "--now"] if headless else []), "--events", out, *words]
        self._errors = out.with_suffix(".errors")
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
            )

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        if not self.out.exists():
            return []
        return [event for event in written_events(self.out) if kind in (None, event["type"])]

    def wait(self, kind: str, within: float, count: int = 1) -> None:
        self._until(lambda: len(self.events(kind)) >= count, kind, within)

    def wait_for_words(self, within: float) -> None:
        """Until a final text has some: the first cut of a sentence, heard from its middle on, may come to nothing."""
        self._until(lambda: any(event["words"] for event in self.events("utterance")), "words", within)

    def _until(self, there: Callable[[], bool], what: str, within: float) -> None:
        until = time.monotonic() + within
        while not there():
            self.check_alive()
            assert time.monotonic() < until, f"no {what} within {within} s"
            time.sleep(0.1)

    def check_alive(self) -> None:
        assert self.process.poll() is None, self.errors()

    def errors(self) -> str:
        """What it has said on the error output."""
        return self._errors.read_text()

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return self.errors()

    def port(self) -> int:
        """Of its feed; another one than usual is said on the error output, which is a file here."""
        said = re.search(r"the feed is at port (\d+)", self.errors())
        return int(said[1]) if said else PORT
