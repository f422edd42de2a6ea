"""The real command on a real display, with real weights and the demo call: its engine is killed, then the overlay is.

A feed client of its own (the witness) writes down what it hears and when; the journal is read right after each kill,
before the next engine can have stored anything.
"""

import json
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from feed_clients import Message, client, read
from PySide6.QtGui import QImage
from user import DEMO_CALL, OFFBOOK, demo_cut
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from Xlib import X

from asr.errors import BadInputError
from cues.events import AnyEvent
from cues.journal.form import Unknown
from cues.journal.open import open_journal
from overlay.feed_messages import PORT
from overlay.token_file import feed_token
from overlay.window.strip import HEADER, TOP
from overlay.window.theme import DARK, DOT, LIGHT, PAD
from tests.overlay.window.desk import Desk, wait_until

LOST_S = 0.25
"""Of what a client had heard, only this much may be lost."""
BACK_S = 3.0
SLACK = 3
"""The machine may have other things to do."""
SHORT_S = 20

pytestmark = pytest.mark.usefixtures("machine")


@dataclass
class Witness:
    """Follows the call's feed from engine to engine."""

    running: "Running"
    heard: list[tuple[float, Message]] = field(default_factory=list)
    states: list[tuple[float, Message]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        while not self.over.is_set():
            with (
                suppress(ConnectionClosed, OSError, InvalidHandshake),
                client(self.running.port(), feed_token()) as feed,
            ):
                self.states.append((time.monotonic(), read(feed, 60)))
                while True:
                    message = read(feed, 60)
                    self.heard.append((time.monotonic(), message))
            self.over.wait(0.05)


@dataclass
class Running:
    """A call in its overlay, and what lies around it."""

    process: "subprocess.Popen[bytes]"
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    def port(self) -> int:
        """As the command says where it isn't the usual one."""
        said = re.findall(r"the feed is at port (\d+)", (self.folder / "errors").read_text())
        return int(said[-1]) if said else PORT

    def engine(self) -> int | None:
        """The process id of the engine that runs now."""
        for tasks in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in tasks.read_text().split():
                with suppress(OSError):
                    if b"overlay.engine_process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        return int(pid)
        return None

    def stored(self) -> list[AnyEvent]:
        """What is in the journal now of its only call."""
        opened = open_journal(str(self.journal))
        try:
            (row,) = opened.calls()
            return [event for event in opened.events(row.id) if not isinstance(event, Unknown)]
        finally:
            opened.close()


@contextmanager
def running(desk: Desk, sound: Path, folder: Path) -> Iterator[tuple[Running, Witness]]:
    """The command plays the sound in its overlay; there is a witness."""
    command = [OFFBOOK, "replay", sound, "--journal", folder / "journal.db", "--events", folder / "events.jsonl"]
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, env=desk.env, stdout=subprocess.DEVNULL, stderr=errors)
    here = Running(process, folder)
    witness = Witness(here)
    thread = threading.Thread(target=witness.follow, name="witness", daemon=True)
    thread.start()
    try:
        wait_until(lambda: witness.heard, 60)
        yield here, witness
    finally:
        witness.over.set()
        process.kill()
        process.wait()
        thread.join(70)


def shows(desk: Desk) -> str:
    """Whether the overlay says that it listens, by the colour of its dot."""
    x, y, _, _ = desk.box(desk.windows("Offbook")[0])
    # One pixel alone: pictures of the whole screen, time and again, would take the engine's time.
    raw = desk.root.get_image(x + PAD + DOT // 2, y + TOP + HEADER // 2, 1, 1, X.ZPixmap, 0xFFFFFFFF)
    colour = QImage(raw.data, 1, 1, QImage.Format.Format_RGB32).pixelColor(0, 0).name()
    if colour in (LIGHT.good, DARK.good):
        return "listening"
    return "broken" if colour in (LIGHT.alarm, DARK.alarm) else ""


def is_kept(message: Message) -> bool:
    return message["type"] != "hypothesis" and not message.get("partial")


def kill_engine(here: Running, witness: Witness, desk: Desk) -> dict[str, float]:
    """Kills the engine; what must hold until the next one listens. How long that took (s)."""
    wait_until(here.engine, 20)
    wait_until(lambda: shows(desk) == "listening", 20)
    engine, states = here.engine(), len(witness.states)
    assert engine is not None
    window = desk.windows("Offbook")[0].id
    os.kill(engine, signal.SIGKILL)
    killed = time.monotonic()
    wait_until(lambda: here.engine() != engine)
    on_disk = {event.seq for event in here.stored()}
    told = {m["seq"] for at, m in list(witness.heard) if at < killed - LOST_S and is_kept(m)}
    assert told <= on_disk, f"lost: {sorted(told - on_disk)}"
    wait_until(lambda: shows(desk) == "broken", 2 * SLACK)
    broken = time.monotonic()
    wait_until(lambda: len(witness.states) > states, BACK_S * SLACK)
    back = witness.states[states][0]
    wait_until(lambda: shows(desk) == "listening", 2 * BACK_S * SLACK)
    heard = time.monotonic()
    assert [w.id for w in desk.windows("Offbook")] == [window]
    assert here.process.poll() is None
    return {"said": broken - killed, "back": back - killed, "listens": heard - killed}


def play_and_kill(desk: Desk, sound: Path, folder: Path, kills: list[float]) -> list[dict[str, float]]:
    """One call whose engine is killed at these times (s from its first event)."""
    with running(desk, sound, folder) as (here, witness):
        begun = witness.heard[0][0]
        took = []
        for at in kills:
            time.sleep(max(0.0, begun + at - time.monotonic()))
            took.append(kill_engine(here, witness, desk))
            print("killed", {name: round(s, 2) for name, s in took[-1].items()})
        assert here.process.wait(120) == 0, (folder / "errors").read_text()
        events = here.stored()
        checked = subprocess.run(
            [OFFBOOK, "journal", "check", "--journal", here.journal], capture_output=True, text=True, check=False
        )
    assert checked.returncode == 0, checked.stdout
    assert "1 call, nothing wrong" in checked.stdout
    # A machine that others keep busy has faults of its own, such as a recogniser that comes late.
    kinds = [event.type for event in events if getattr(event, "part", "engine") == "engine"]
    assert (kinds[0], kinds[-1]) == ("call_started", "call_ended")
    assert kinds.count("call_started") == kinds.count("call_ended") == 1
    assert kinds.count("fault") == kinds.count("recovered") == len(kills)
    assert len({event.call for event in events}) == 1
    written = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert [event["seq"] for event in written] == list(range(len(written)))
    assert {event.seq for event in events} >= {event["seq"] for event in written if is_kept(event)}
    return took


def test_the_overlay_outlives_a_death_of_its_engine(at_desk: Desk, tmp_path: Path) -> None:
    sound = demo_cut(tmp_path / "call.wav", 16_000, "pcm_s16le", "s16", seconds=SHORT_S)
    (took,) = play_and_kill(at_desk, sound, tmp_path, [random.uniform(1, SHORT_S - 9)])
    assert took["back"] < BACK_S * SLACK


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(5))
def test_twenty_deaths_lose_nothing(at_desk: Desk, tmp_path: Path, seed: int) -> None:
    """Four in each call: with more in a minute the parent gives up, as it should."""
    chance = random.Random(seed)
    play_and_kill(at_desk, DEMO_CALL, tmp_path, [1 + 26.5 * k + chance.uniform(0, 18) for k in range(4)])


def test_when_the_overlay_is_killed_the_engine_ends_the_call(at_desk: Desk, tmp_path: Path) -> None:
    with running(at_desk, DEMO_CALL, tmp_path) as (here, witness):
        wait_until(lambda: any(message["type"] == "utterance" for _, message in witness.heard), 40)
        engine = here.engine()
        assert engine is not None
        here.process.kill()
        wait_until(lambda: not Path(f"/proc/{engine}").exists(), 10 * SLACK)
        end = here.stored()[-1]
    assert end.type == "call_ended"
    assert end.reason == "the overlay was closed"
    assert not at_desk.windows("Offbook")


def test_ctrl_c_finishes_the_call_and_a_second_one_breaks_it_off(at_desk: Desk, tmp_path: Path) -> None:
    for name, times in (("once", 1), ("twice", 2)):
        (tmp_path / name).mkdir()
        with running(at_desk, DEMO_CALL, tmp_path / name) as (here, _):
            wait_until(lambda: shows(at_desk) == "listening", 20)
            engine = here.engine()
            for _ in range(times):
                here.process.send_signal(signal.SIGINT)
                time.sleep(0.05 if times == 1 else 1.2)
            assert here.process.wait(20) == 130
            errors = (tmp_path / name / "errors").read_text()
            assert "Traceback" not in errors
            assert not Path(f"/proc/{engine}").exists()
            with suppress(BadInputError):
                kinds = [event.type for event in here.stored()]
                assert times == 2 or kinds[-1] == "call_ended"
