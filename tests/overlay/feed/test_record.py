"""A call and its record: real engines over real sound, and a journal that fills up, is locked, breaks, is shared."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from disks import Disk, failing_disk
from feed_clients import Message
from user import DEMO_CALL, DEMO_PLAYBOOK, ROOT, demo_part

from asr.events import Event, Fault, Recovered
from cues.events import AnyEvent, CardShown
from cues.journal.open import open_journal
from cues.journal.soundness import check
from models.events import Reading
from overlay.engine_messages import Ready, Start
from overlay.parent import Died, Parent

BAR_S = 0.25
SLACK = 3
"""The machine may have other things to do."""
WITNESS = Path(__file__).parent / "witness.py"

pytestmark = pytest.mark.usefixtures("machine")


@dataclass
class Playing:
    """A call that an engine plays; `events` grows as it says them."""

    start: Start
    events: list[AnyEvent] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    trouble: list[Exception | Died] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    def _play(self) -> None:
        try:
            for happening in Parent(self.start).happenings():
                if isinstance(happening, Ready):
                    self.ready.append(happening)
                elif isinstance(happening, Died):
                    self.trouble.append(happening)
                else:
                    self.events.append(happening)
        except Exception as error:
            self.trouble.append(error)

    def wait(self, until: Callable[[], object], limit_s: float = 60) -> None:
        """Until something holds; the call must go on meanwhile."""
        end = time.monotonic() + limit_s
        while not until():
            assert self.trouble == []
            assert self._thread.is_alive(), "the call is over"
            assert time.monotonic() < end, "it never came"
            time.sleep(0.02)

    def heard(self, kind: str, count: int = 1) -> Callable[[], bool]:
        return lambda: [event.type for event in self.events].count(kind) >= count

    def told(self, count: int) -> Callable[[], bool]:
        return lambda: len(self.messages()) >= count

    def finish(self) -> list[AnyEvent]:
        self._thread.join(120)
        assert self.trouble == []
        assert self.events[-1].type == "call_ended"
        return self.events

    def messages(self) -> list[str]:
        """What was said of the record; on a busy machine the recogniser has something to say as well."""
        said = [event for event in self.events if isinstance(event, Fault | Recovered)]
        return [event.message for event in said if event.part != "recogniser"]


@pytest.fixture(scope="module")
def call_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of the demo call with its first card."""
    return demo_part(tmp_path_factory.mktemp("call") / "call.wav", 8, 20)


def call(sound: Path, journal: Path, port: int = 0) -> Playing:
    return Playing(Start((sound,), DEMO_PLAYBOOK, "base", port=port, journal=str(journal)))


def is_stored(kind: str, partial: bool) -> bool:
    """In any case; a partial reading only where something fires on it."""
    return kind != "hypothesis" and not (kind == "reading" and partial)


def certain(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if is_stored(event.type, getattr(event, "partial", False))]


def recorded(file: Path, played: list[AnyEvent], broke: float = -1.0) -> None:
    """Everything that is stored in any case is there, as it was said; and each card's reading. Of what was said in the
    0.25 s until the disk `broke` (s into the call) it may have taken some: a sync that came too late reported success.
    """
    with closing(open_journal(str(file))) as journal:
        assert check(journal) == []
        there = journal.events(played[0].call)
    played, stored = ([e for e in events if not broke - BAR_S < e.t <= broke] for events in (played, there))
    assert certain(stored) == certain(played)
    read = {event.utterance for event in stored if isinstance(event, Reading)}
    assert read >= {event.utterance for event in played if isinstance(event, CardShown)}


def seen(process: "subprocess.Popen[str]") -> list[Message]:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


def witness(*args: str) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, str(WITNESS), *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})


def in_time(sound: Path, folder: Path, slack: float) -> None:
    """Plays a call before two witnesses; each event is in the journal within the bar of its coming over the feed."""
    file = folder / "journal.db"
    open_journal(str(file)).close()
    looks = witness("journal", str(file))
    playing = call(sound, file)
    playing.wait(lambda: playing.ready)
    hears = witness("feed", str(playing.ready[0].port))
    playing.wait(playing.heard("utterance"))
    late = witness("feed", str(playing.ready[0].port))
    played = playing.finish()
    stored = {each["seq"]: each["at"] for each in seen(looks)}
    heard, heard_late = seen(hears), seen(late)
    for each in (heard, heard_late):
        live = [event["seq"] for event in each if not event["known"]]
        assert live == list(range(live[0], played[-1].seq + 1)), "a client misses nothing from then on"
    told = [event for event in heard if not event["known"] and is_stored(event["type"], event["partial"])]
    lags = sorted(stored[event["seq"]] - event["at"] for event in told)
    p50, p95, most = (lags[round(share * (len(lags) - 1))] for share in (0.5, 0.95, 1))
    print(f"\n{len(lags)} events in the journal: p50 {p50:.3f} s, p95 {p95:.3f} s, max {most:.3f} s", end="")
    assert len(lags) > 5
    assert most <= BAR_S * slack
    recorded(file, played)


def test_what_the_feed_said_is_in_the_journal_in_time(call_file: Path, tmp_path: Path) -> None:
    in_time(call_file, tmp_path, SLACK)


@pytest.mark.verify
def test_the_whole_demo_call_is_in_the_journal_in_time(tmp_path: Path) -> None:
    in_time(DEMO_CALL, tmp_path, 1)


def test_a_full_disk_and_then_a_lock_in_mid_call(call_file: Path, disk: Disk) -> None:
    """Another program fills the disk and makes room again, then another one locks the journal for three seconds."""
    file = disk.folder / "journal.db"
    playing = call(call_file, file)
    playing.wait(playing.heard("utterance"))
    filler = disk.folder / "filler"
    fill(filler)
    playing.wait(playing.told(1))
    said = len(playing.events)
    playing.wait(lambda: len(playing.events) > said + 3)
    filler.unlink()
    playing.wait(playing.told(2))
    with locked(file):
        playing.wait(playing.told(3))
    played = playing.finish()
    goes_on, again = (
        "The call goes on, and its record waits in memory.",
        "The journal is written again; nothing was lost.",
    )
    assert playing.messages() == [
        f"The journal can't be written: the disk is full. {goes_on}",
        again,
        f"The journal can't be written: another program has locked it. {goes_on}",
        again,
    ]
    recorded(file, played)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(bytes(4096))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_disk_that_turns_read_only_in_mid_call(call_file: Path, tmp_path: Path) -> None:
    """As Linux does when a disk reports errors; mounted anew, it gets all that waited."""
    with failing_disk(tmp_path / "disk") as disk:
        file = disk.folder / "journal.db"
        playing = call(call_file, file)
        playing.wait(playing.heard("utterance"))
        disk.break_off()
        broke = time.monotonic() - playing.ready[0].begun
        playing.wait(playing.told(1))
        disk.mend()
        playing.wait(playing.told(2))
        played = playing.finish()
        fault, end = playing.messages()
        assert "The journal can't be written: " in fault
        assert end == "The journal is written again; nothing was lost."
        recorded(file, played, broke)


def test_two_engines_on_one_journal_that_want_one_port(call_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    first = call(call_file, file)
    first.wait(lambda: first.ready)
    port = first.ready[0].port
    second = call(call_file, file, port)
    calls = [first.finish(), second.finish()]
    assert second.ready[0].port != port
    assert second.ready[0].notice == f"Port {port} is in use; the feed is at port {second.ready[0].port}."
    assert calls[0][0].call != calls[1][0].call
    assert first.messages() == second.messages() == []
    for events in calls:
        recorded(file, events)
