"""What going through real sound devices costs: the same call played into a microphone and an output, and from its file.

`python -m tests.bench.live_accuracy [FOLDER]` prints word error rate, readings and cards of both; it takes two to three
minutes a call. PulseAudio must be installed; it runs a server of its own.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
from rich.console import Console
from rich.table import Table

from asr.capture.file import Chunk, open_stereo
from overlay.bench_asr import call_sound
from overlay.bench_scores import normaliser
from tests.live_command import READY_S, Listening, one_side, play, written_events
from tests.sound_server import SoundServer, sound_server
from tests.user import DEMO_CALL, OFFBOOK, run_command, write_wav

NOTHING = nullcontext()
ON_ITS_WAY_S = 1.0
"""Through the sound server, after the last sample was played."""


@dataclass(frozen=True)
class Heard:
    """One way of hearing a call; word error rates in percent, of rep, buyer, and both."""

    name: str
    wer: tuple[float, float, float]
    cards: tuple[str, ...]
    competitors: tuple[str, ...]
    last_stage: str
    faults: int


def compare(folder: Path) -> tuple[Heard, Heard]:
    """Live, and replayed; the folder holds call.* and call.json."""
    with tempfile.TemporaryDirectory() as scratch, sound_server() as server:
        live = played_live(folder, server, Path(scratch))
        return heard("live", folder, live), heard("replay", folder, _replayed(folder, Path(scratch)))


def heard(name: str, folder: Path, events: Sequence[dict[str, Any]]) -> Heard:
    """The figures of one pass; its last event is `call_ended`."""
    summary = events[-1]["summary"]
    return Heard(
        name,
        (_wer(folder, events, (0,)), _wer(folder, events, (1,)), _wer(folder, events, (0, 1))),
        tuple(event["cue"] for event in events if event["type"] == "card_shown"),
        tuple(summary["competitors"]),
        summary["last_stage"],
        sum(event["type"] == "fault" for event in events),
    )


def _wer(folder: Path, events: Sequence[dict[str, Any]], channels: Sequence[int]) -> float:
    normalise, lines = normaliser(), json.loads((folder / "call.json").read_text())
    said = [event for event in events if event["type"] == "utterance"]
    right, made = (
        [normalise(" ".join(x["text"] for x in found if x["channel"] == channel)) for channel in channels]
        for found in (lines, said)
    )
    return 100 * float(jiwer.wer(right, made))


def print_comparison(found: Sequence[Heard], console: Console) -> None:
    table = Table(title="Through real devices, and from the file")
    for name in ("", "WER rep", "buyer", "both", "cards", "competitors", "last stage", "faults"):
        table.add_column(name)
    for one in found:
        rates = [f"{rate:.1f} %" for rate in one.wer]
        table.add_row(
            one.name, *rates, str(len(one.cards)), ", ".join(one.competitors), one.last_stage, str(one.faults)
        )
    console.print(table)
    cards = {one.cards for one in found}
    console.print("The same cards in the same order." if len(cards) == 1 else f"Other cards: {cards}")


def played_live(
    folder: Path, server: SoundServer, scratch: Path, beside: AbstractContextManager[None] = NOTHING
) -> list[dict[str, Any]]:
    """Plays the folder's call into real devices while `offbook listen` hears them, and `beside` goes on."""
    sound = [item for item in open_stereo(call_sound(folder)).chunks() if isinstance(item, Chunk)]
    sides = {side: write_wav(scratch / f"{side}.wav", one_side(sound, side)) for side in ("rep", "buyer")}
    call = Listening(scratch / "live.jsonl", "--no-journal", "--model", "base")
    call.wait("levels", READY_S)
    with beside:
        play(server, sides)
        for player in server.players:
            player.wait()
        time.sleep(ON_ITS_WAY_S)
        call.end()
    return call.events()


def _replayed(folder: Path, scratch: Path) -> list[dict[str, Any]]:
    out = scratch / "replay.jsonl"
    words = ["replay", call_sound(folder), "--headless", "--no-journal", "--model", "base", "--events", out]
    done = run_command([OFFBOOK, *words], scratch, timeout=1_200)
    assert done.returncode == 0, done.stderr
    return written_events(out)


if __name__ == "__main__":
    print_comparison(compare(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO_CALL.parent), Console())
