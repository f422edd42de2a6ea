"""The engine in a process of its own: killed in mid call, left alone, stopped, given bad input."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from feed_clients import Message, client, read
from user import DEMO_PLAYBOOK, OFFBOOK, demo_part
from websockets.exceptions import ConnectionClosed

from asr.errors import BadInputError
from asr.events import Fault, Recovered, Utterance
from cues.events import EVENT, AnyEvent, CardShown, Opportunity, RepAction
from models.events import Reading
from overlay.engine_messages import READY, START, Ready, Start
from overlay.parent import Died, EngineLostError, Parent
from overlay.token_file import feed_token

ENGINE = (sys.executable, str(Path(__file__).parent / "engine_with_log.py"))
CALL_S = 15
RESTART_S = 3.0
SLACK = 3
"""The machine may have other things to do."""

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def call_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the demo call."""
    return demo_part(tmp_path_factory.mktemp("call") / "call.wav", 0, CALL_S)


@pytest.fixture
def start(call_file: Path, tmp_path: Path) -> Start:
    return Start((call_file,), DEMO_PLAYBOOK, "base", port=0, journal=str(tmp_path / "log.jsonl"))


@dataclass
class Witness:
    """A feed client that comes back after each death; it writes down what it hears."""

    states: list[Message] = field(default_factory=list)
    heard: list[Message] = field(default_factory=list)

    def follow(self, port: int) -> threading.Thread:
        thread = threading.Thread(target=self._listen, args=(port,), daemon=True)
        thread.start()
        return thread

    def _listen(self, port: int) -> None:
        with suppress(ConnectionClosed, OSError), client(port, feed_token()) as feed:
            self.states.append(read(feed, 60))
            while True:
                self.heard.append(read(feed, 60))


@dataclass
class Played:
    """What came of a call."""

    events: list[AnyEvent] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    died: list[Died] = field(default_factory=list)
    back_after: list[float] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)


def play(start: Start, kills: list[float]) -> Played:
    """Plays a call whose first engine is killed so long after it is ready (s), the next one so long after that."""
    played, left, since = Played(), list(kills), 0.0
    for happening in Parent(start, ENGINE).happenings():
        if isinstance(happening, Died):
            played.died.append(happening)
            since = time.monotonic()
        elif isinstance(happening, Ready):
            if played.died:
                played.back_after.append(time.monotonic() - since)
            played.ready.append(happening)
            played.witness.follow(happening.port)
            if left:
                threading.Timer(left.pop(0), os.kill, (happening.pid, signal.SIGKILL)).start()
        else:
            played.events.append(happening)
    return played


def gaps(played: Played) -> list[float]:
    """From each death to the engine that does everything again (s). A machine that others keep busy has faults of its
    own besides, such as a recogniser that comes late."""
    of_engine = [one for one in played.events if isinstance(one, Fault | Recovered) and one.part == "engine"]
    faults, ends = ([one.t for one in of_engine if isinstance(one, kind)] for kind in (Fault, Recovered))
    return [round(end - fault, 2) for fault, end in zip(faults, ends, strict=True)]


def check(played: Played, log: Path, deaths: int) -> None:
    events = played.events
    assert len(played.died) == deaths
    assert len({event.call for event in events}) == 1
    assert [event.seq for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert (kinds.count("call_started"), kinds.count("call_ended")) == (1, 1)
    assert (kinds[0], kinds[-1]) == ("call_started", "call_ended")
    assert events[-1].reason == "the recording is over"  # type: ignore[union-attr]
    # An engine that dies before it says anything leaves one gap with the one before.
    assert 1 <= len(gaps(played)) <= deaths
    for ids in (
        [event.id for event in events if event.type == "utterance"],
        [event.card for event in events if isinstance(event, CardShown)],
        [event.id for event in events if isinstance(event, Opportunity)],
    ):
        assert len(ids) == len(set(ids))
    assert all(a.t <= b.t + 0.2 for a, b in pairwise(events))
    stored = [EVENT.validate_json(line) for line in log.read_bytes().splitlines()]
    assert sorted(stored, key=lambda event: event.seq) == [event for event in events if is_stored(event)]
    assert all(took < RESTART_S * SLACK for took in played.back_after)
    told = {event.seq: json.loads(EVENT.dump_json(event)) for event in events}
    assert all(message == told[message["seq"]] for message in played.witness.heard)
    for state in played.witness.states[1:]:
        assert state["events"][0]["type"] == "call_started"


def is_stored(event: AnyEvent) -> bool:
    return event.type != "hypothesis" and not (event.type == "reading" and event.partial)


def test_an_engine_killed_in_mid_call_goes_on_as_the_same_call(start: Start, tmp_path: Path) -> None:
    played = play(start, [random.uniform(1, CALL_S - 7)])
    print(f"died at {played.died[0].t} s, feed back after {played.back_after[0]:.2f} s")
    check(played, tmp_path / "log.jsonl", 1)
    assert played.ready[0].pid != played.ready[1].pid
    end = played.events[-1]
    assert CALL_S - 1 < end.t < CALL_S + 15
    said = [event for event in played.events if event.type == "utterance"]
    fault = next(event for event in played.events if event.type == "fault")
    after = [each for each in said if each.seq > fault.seq and each.audio_start > fault.t]
    assert after, "nothing was heard after the restart"
    assert CALL_S - 5 < max(each.audio_end for each in after) < CALL_S + 0.5


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(10))
def test_engines_killed_twice_at_random(start: Start, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    played = play(start, [chance.uniform(0.1, 7), chance.uniform(0.1, 6)])
    print(f"\ndied {[died.t for died in played.died]}, back after {[round(s, 2) for s in played.back_after]}", end=" ")
    print(f"all loaded after {gaps(played)} s")
    check(played, tmp_path / "log.jsonl", 2)


@pytest.mark.verify
def test_without_a_journal_the_parent_remembers_the_call(start: Start) -> None:
    played = play(Start(start.files, start.playbook, start.model, port=0), [6.0])
    assert [event.seq for event in played.events] == list(range(len(played.events)))
    names = [event.id for event in played.events if event.type == "utterance"]
    assert len(names) == len(set(names)) >= 3
    assert played.events[-1].type == "call_ended"
    assert played.witness.states[1]["events"][0]["type"] == "call_started"


def test_an_engine_that_always_dies_is_given_up_with_a_sentence(start: Start) -> None:
    dies = (sys.executable, "-c", "import sys; sys.stdin.readline()")
    parent = Parent(start, dies)
    with pytest.raises(EngineLostError, match="4 times within a minute"):
        list(parent.happenings())


def test_bad_input_is_one_sentence_of_the_parent_s(start: Start, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such playbook folder"):
        list(Parent(Start(start.files, tmp_path / "none", "base", port=0), ENGINE).happenings())


def test_a_call_that_is_stopped_ends_properly(start: Start) -> None:
    parent = Parent(start, ENGINE)
    events: list[AnyEvent] = []
    for happening in parent.happenings():
        if isinstance(happening, Ready):
            threading.Timer(4, parent.stop).start()
        elif not isinstance(happening, Died):
            events.append(happening)
    assert events[-1].type == "call_ended"
    assert events[-1].reason == "the rep ended it"
    assert events[-1].t < 4 + 5 * SLACK


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_when_the_overlay_is_killed_the_engine_ends_the_call(start: Start, tmp_path: Path) -> None:
    script = Path(__file__).parent / "parent_alone.py"
    command = [sys.executable, script, START.dump_json(start).decode()]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    ready = READY.validate_json(parent.stdout.readline())
    with client(ready.port, feed_token()) as feed:
        read(feed)
        time.sleep(2)
        feed.send('{"action": "mark", "value": "budget"}')
        time.sleep(1)
        parent.send_signal(signal.SIGKILL)
        heard = list(rest_of(feed))
    parent.wait()
    assert heard[-1]["type"] == "call_ended"
    assert heard[-1]["reason"] == "the overlay was closed"
    (marked,) = (event for event in heard if event["type"] == "rep_action")
    assert (marked["action"], marked["value"]) == ("mark", "budget")
    assert 1 < marked["t"] < heard[-1]["t"]
    stored = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert stored[-1] == heard[-1]
    until = time.monotonic() + 10
    while alive(ready.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(ready.pid)


def rest_of(feed: "object") -> Iterator[Message]:
    with suppress(ConnectionClosed):
        while True:
            yield read(feed, 30)  # type: ignore[arg-type]


def replay(*args: str | Path) -> subprocess.Popen[str]:
    command = [OFFBOOK, "replay", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ctrl_c_ends_a_replay_and_its_engine(call_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    running = replay(call_file, "--headless", "--no-journal", "--events", out)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (out.exists() and out.read_text().count("\n") > 3):
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130, errors
    assert "Traceback" not in errors
    assert json.loads(out.read_text().splitlines()[-1])["type"] == "call_ended"


def test_a_replay_in_two_processes_says_everything_to_its_file_and_terminal(call_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    running = replay(call_file, "--events", out)
    said, errors = running.communicate(timeout=100)
    assert running.returncode == 0, errors
    events = [json.loads(line) for line in out.read_text().splitlines()]
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert "Laura" in said
    assert "The call" in said


def test_while_paused_nothing_is_heard(start: Start) -> None:
    paused, resumed = 3.0, 9.0
    events: list[AnyEvent] = []
    for happening in Parent(start, ENGINE).happenings():
        if isinstance(happening, Ready):
            for at, action in ((paused, "pause"), (resumed, "resume")):
                threading.Timer(at, ask, (happening.port, action)).start()
        elif not isinstance(happening, Died):
            events.append(happening)
    at = {event.action: event.t for event in events if isinstance(event, RepAction)}
    heard = [word for event in events if isinstance(event, Utterance) for word in event.words]
    assert any(word.end < at["pause"] for word in heard)
    assert any(word.start > at["resume"] for word in heard)
    # A chunk of 0.1 s was under way, and Whisper's word times are rough.
    assert not [word for word in heard if at["pause"] + 0.6 < word.start < at["resume"] - 0.6]


def test_a_stage_that_the_rep_corrects_holds_and_outlives_the_engine(start: Start) -> None:
    """Corrected at the first reading; killed at the first one after that."""
    engine, course = Ready(port=0, pid=0, begun=0), list[AnyEvent]()
    for happening in Parent(start, ENGINE).happenings():
        if isinstance(happening, Ready):
            engine = happening
        elif isinstance(happening, Reading | RepAction | Fault):
            course.append(happening)
            if [event.type for event in course] == ["reading"]:
                ask(engine.port, "correct", "stage:discovery")
            elif happening.type == "reading" and course[-2].type == "rep_action":
                os.kill(engine.pid, signal.SIGKILL)
    read_as = [max(e.stage, key=lambda label: e.stage[label]) if isinstance(e, Reading) else e.type for e in course]
    print(read_as)
    before, after = read_as[: read_as.index("rep_action")], read_as[read_as.index("rep_action") + 1 :]
    assert set(before) == {"opening"}
    assert set(after) == {"discovery", "fault"}
    assert after[-1] == "discovery"


def ask(port: int, action: str, value: str | None = None) -> None:
    with client(port, feed_token()) as feed:
        read(feed)
        feed.send(json.dumps({"action": action, "value": value}))
        assert read(feed)["type"] != "refused"
