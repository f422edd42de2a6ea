"""Long calls: nothing grows, nothing is lost, and silence costs next to nothing.

The sound server is not ours and is not counted; neither is the display.
"""

import json
import math
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from live_command import READY_S, Listening, play
from long_call import Sides, a_quarter_of_speech, as_long, write_opus, write_sides
from soak import Sample, Sampler, Span, growth, least_cost, table
from sound_server import SoundServer, sound_server
from user import OFFBOOK, ROOT

from asr.events import Utterance
from asr.priority import hearing_environment
from asr.sound import SAMPLE_RATE
from asr.transcriber import SPLIT_S
from cues.events import EVENT, AnyEvent
from cues.journal.selection import Held, select
from overlay.journal_log import JournalLog
from overlay.virtual_display import SIZE, virtual_display

IDLE = 0.05
"""Of one core, in silence."""
SLACK = 2
"""In `make test`: work costs more on cores that are shared. `make verify` holds the bar."""
STRETCH_S = 15.0
"""Of the silence, the cheapest part so long counts: the cores are shared."""
LENGTH_S = 8 * 3600.0
MOST_S = 90 * 60
LATEST_S = 30.0
"""How late a text may be on a machine that others keep busy."""
TAIL = 64 * 1024
FIGURES = ROOT / "out/soak"


@dataclass(frozen=True)
class Heard:
    """What came of a call, and what it took."""

    events: list[AnyEvent]
    samples: list[Sample]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A sound server and a screen."""
    with virtual_display(SIZE) as display, sound_server() as server:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        yield server


@pytest.mark.usefixtures("machine")
def test_two_minutes_of_a_live_call(desk: SoundServer, tmp_path: Path) -> None:
    speech = a_quarter_of_speech()[:, : 18 * SAMPLE_RATE]
    parts: list[Sides | float] = [speech, 57.0, speech[:, : 12 * SAMPLE_RATE]]
    heard = listen(desk, tmp_path, "tiny.en", parts, every_s=1, headless=True)
    judge("2 minutes", heard, Span(25, 50), Span(80, 92), silent=Span(25, 72), idle=SLACK * IDLE)
    assert len(texts(heard, "rep")) >= 2
    assert len(texts(heard, "buyer")) >= 2


@pytest.mark.verify
@pytest.mark.timeout(45 * 60)
@pytest.mark.usefixtures("machine")
def test_half_an_hour_of_a_live_call(desk: SoundServer, tmp_path: Path) -> None:
    talk = a_quarter_of_speech()
    parts: list[Sides | float] = [as_long(talk, 600), 360.0, as_long(talk, 840)]
    heard = listen(desk, tmp_path, "base", parts, every_s=5, headless=False)
    judge("30 minutes", heard, before=Span(300, 600), after=Span(1200, 1800), silent=Span(640, 950))
    spoken = sum(event.audio_end - event.audio_start for event in heard.events if isinstance(event, Utterance))
    assert 0.2 * 1440 < spoken < 0.4 * 1440


@pytest.mark.verify
@pytest.mark.timeout(MOST_S + 15 * 60)
@pytest.mark.usefixtures("machine")
def test_eight_hours_of_a_call_in_less_than_ninety_minutes(tmp_path: Path) -> None:
    talk = a_quarter_of_speech()
    times = math.ceil(LENGTH_S * SAMPLE_RATE / talk.shape[1])
    call = write_opus(tmp_path / "call.opus", talk, times)
    out, journal = tmp_path / "events.jsonl", tmp_path / "journal.db"
    options = ["--speed", "max", "--model", "tiny.en", "--headless", "--events", str(out), "--journal", str(journal)]
    command = subprocess.Popen([str(OFFBOOK), "replay", str(call), *options], env=hearing_environment())
    with Sampler(command.pid, lambda: told_until(out), every_s=2) as sampler:
        assert command.wait(MOST_S) == 0
    heard = Heard(all_events(out), sampler.samples)
    hour = LENGTH_S / 8
    judge("8 hours", heard, before=Span(hour, 2 * hour), after=Span(7 * hour, 8 * hour))
    nothing_lost(heard.events, journal)
    spoken = sum(event.audio_end - event.audio_start for event in heard.events if isinstance(event, Utterance))
    assert 0.2 * LENGTH_S < spoken < 0.4 * LENGTH_S
    late = [e for e in heard.events if isinstance(e, Utterance) and e.t - e.audio_end > 1.0]
    assert not late, "the clock is the sound, and nothing waits"


def listen(
    server: SoundServer, folder: Path, model: str, parts: list[Sides | float], every_s: float, *, headless: bool
) -> Heard:
    """A live call while both sides are played, one part after the other; a number is silence (s). Time begins there."""
    journal = folder / "journal.db"
    call = Listening(
        folder / "events.jsonl",
        *([] if headless else ["--now"]),
        "--model",
        model,
        "--journal",
        str(journal),
        headless=headless,
    )
    call.wait("levels", READY_S)
    begun, until = time.monotonic(), 0.0
    with Sampler(call.process.pid, lambda: time.monotonic() - begun, every_s) as sampler:
        for part in parts:
            if not isinstance(part, float):
                play(server, write_sides(folder, part))
            until += part if isinstance(part, float) else part.shape[1] / SAMPLE_RATE
            time.sleep(max(0.0, begun + until - time.monotonic()))
        time.sleep(2)
    errors = call.end()
    assert call.process.returncode == 0, errors
    assert "Traceback" not in errors
    events = all_events(call.out)
    nothing_lost(events, journal)
    return Heard(events, sampler.samples)


def judge(name: str, heard: Heard, before: Span, after: Span, silent: Span | None = None, idle: float = IDLE) -> None:
    """Nothing grew from `before` to `after`, and silence cost less than `idle`. The figures are kept."""
    figures = f"{name}\n{table(heard.samples, [before, *([silent] if silent else []), after])}\n"
    cost = 0.0 if silent is None else least_cost(heard.samples, silent, STRETCH_S)
    if silent is not None:
        figures += f"silence, the cheapest {STRETCH_S:.0f} s: {100 * cost:.2f} % of a core\n"
    print(figures)
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{name.replace(' ', '-')}.txt").write_text(figures)
    assert not growth(heard.samples, before, after), figures
    assert cost < idle, figures


def nothing_lost(events: list[AnyEvent], journal: Path) -> None:
    """The file has every number once; the journal has what belongs there; and the times of what was said fit."""
    assert [event.seq for event in events] == list(range(len(events)))
    assert (events[0].type, events[-1].type) == ("call_started", "call_ended")
    log = JournalLog(str(journal), lambda trouble: None)
    try:
        assert log.events(events[0].call) == stored(events)
    finally:
        log.close()
    for event in events:
        if isinstance(event, Utterance):
            assert 0 <= event.audio_start < event.audio_end <= event.t <= event.audio_end + LATEST_S, event
            assert event.audio_end - event.audio_start < SPLIT_S + 2, event


def stored(events: list[AnyEvent]) -> list[AnyEvent]:
    """What of a call the journal keeps, by number."""
    held: Held = {}
    kept: list[AnyEvent] = []
    for event in events:
        held, chosen = select(held, event)
        kept += chosen
    return sorted(kept, key=lambda event: event.seq)


def all_events(file: Path) -> list[AnyEvent]:
    return [EVENT.validate_json(line) for line in file.read_text().splitlines()]


def told_until(file: Path) -> float:
    """Where in the call a command is, by the events that it has written (s)."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - TAIL))
            whole = stream.read().rpartition(b"\n")[0]
    except OSError:
        return 0.0
    return float(json.loads(whole.rpartition(b"\n")[2])["t"]) if whole else 0.0


def texts(heard: Heard, speaker: str) -> list[str]:
    return [event.text for event in heard.events if isinstance(event, Utterance) and event.speaker == speaker]
