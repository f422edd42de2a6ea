"""A playbook that changes, breaks or goes away: in a call that runs, and before one that begins."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_command import READY_S, Listening
from user import Run, demo_part, refused

from asr.errors import BadInputError
from asr.events import Advice
from cues.check import load_playbook
from cues.events import AnyEvent, CallEnded, CallStarted, CardShown, PlaybookChanged
from overlay.engine_messages import Live, Ready, Start
from overlay.kept_playbook import keep, playbook_of
from overlay.parent import Died, Parent

ENGINE = (sys.executable, str(Path(__file__).parent / "feed/engine_with_log.py"))
CALL_S = 24
"""Of the demo call: from 13.1 s on the buyer speaks of Zendesk."""
FIRST = """\
playbook: N
version: "1"
cues:
  - {id: never, when: {said: quetzalcoatl}, card: {title: Never, ask: Why?}}
"""
SECOND = """\
playbook: N
version: "2"
change: Zendesk is listened for
competitors:
  - {name: Zendesk}
cues:
  - {id: theirs, when: {competitor: Zendesk}, card: {title: They run Zendesk, ask: Since when?}}
"""
BROKEN = FIRST.replace("said: quetzalcoatl", "moment: pian")
WRONG = 'p.yaml:4 unknown moment "pian"; did you mean "pain"?'

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def call_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_part(tmp_path_factory.mktemp("call") / "call.wav", 0, CALL_S)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A playbook of one file."""
    (tmp_path / "book").mkdir()
    save(tmp_path / "book", FIRST)
    return tmp_path / "book"


def save(folder: Path, text: str) -> None:
    """As an editor does that replaces the file."""
    (folder / ".p.swp").write_text(text)
    (folder / ".p.swp").replace(folder / "p.yaml")


def happenings(call_file: Path, folder: Path) -> Iterator[Ready | Died | AnyEvent]:
    start = Start((call_file,), folder, "tiny.en", port=0, journal=str(folder.parent / "log.jsonl"))
    return Parent(start, ENGINE).happenings()


def told(events: list[AnyEvent]) -> list[str]:
    return [event.message for event in events if isinstance(event, Advice) and event.part == "playbook"]


def versions(events: list[AnyEvent]) -> list[str | None]:
    return [event.playbook.version for event in events if isinstance(event, PlaybookChanged)]


def test_a_running_call_keeps_its_playbook_while_the_changed_one_is_broken_and_takes_a_good_one(
    call_file: Path, folder: Path
) -> None:
    events: list[AnyEvent] = []
    for happening in happenings(call_file, folder):
        if isinstance(happening, CallStarted):
            save(folder, BROKEN)
        elif isinstance(happening, Advice):
            save(folder, SECOND)
        if not isinstance(happening, Ready | Died):
            events.append(happening)
    assert told(events) == [
        f"The changed playbook in {folder} can't be used ({WRONG.rstrip('.')}); the one before stays in use."
    ]
    (changed,) = (event for event in events if isinstance(event, PlaybookChanged))
    assert (changed.playbook.version, changed.playbook.change) == ("2", "Zendesk is listened for")
    assert changed.playbook.hash == load_playbook(folder).hash
    (shown,) = (event for event in events if isinstance(event, CardShown))
    assert (shown.cue, shown.seq > changed.seq) == ("theirs", True)
    assert running_at(events, changed) == set()


def running_at(events: list[AnyEvent], moment: AnyEvent) -> set[str]:
    """What was being said then: utterances with a hypothesis and without an end."""
    running: set[str] = set()
    for event in events[: events.index(moment)]:
        if event.type == "hypothesis":
            running.add(event.utterance)
        elif event.type == "utterance":
            running.discard(event.id)
    return running


def test_an_engine_that_dies_while_the_playbook_is_broken_goes_on_under_the_changed_one(
    call_file: Path, folder: Path
) -> None:
    events: list[AnyEvent] = []
    pid = 0
    for happening in happenings(call_file, folder):
        if isinstance(happening, Ready):
            pid = pid or happening.pid
        elif isinstance(happening, Died):
            continue
        else:
            events.append(happening)
        if isinstance(happening, CallStarted):
            save(folder, SECOND)
        elif isinstance(happening, PlaybookChanged) and len(versions(events)) == 1:
            save(folder, BROKEN)
            os.kill(pid, signal.SIGKILL)
    kinds = [event.type for event in events]
    assert (kinds.count("fault"), kinds.count("recovered"), kinds.count("call_ended")) == (1, 1, 1)
    assert versions(events) == ["2"]
    assert isinstance(events[-1], CallEnded)
    assert events[-1].reason == "the recording is over"


def began(folder: Path) -> Start:
    """A live call under the folder's playbook had begun, so that it is kept."""
    keep(folder, load_playbook(folder))
    return Start((), folder, "tiny.en", Live())


def test_a_live_call_begins_with_the_last_good_playbook_where_the_folder_is_broken_or_gone(folder: Path) -> None:
    start, good = began(folder), load_playbook(folder)
    assert (playbook_of(start).playbook, playbook_of(start).notice) == (good, None)
    save(folder, BROKEN)
    used, today = playbook_of(start), f"{time.localtime().tm_mday} {time.strftime('%B')}"
    assert (used.playbook, used.playbook.hash) == (good, good.hash)
    assert used.notice == f"The playbook in {folder} can't be used ({WRONG}); the one of {today} is in use."
    shutil.rmtree(folder)
    notice = playbook_of(start).notice
    assert notice is not None
    assert "(no such playbook folder; check the path); the one of" in notice


def test_only_the_newest_good_one_is_kept_and_never_a_half_copied_one(folder: Path) -> None:
    start, first = began(folder), load_playbook(folder)
    save(folder, SECOND)
    second = load_playbook(folder)
    keep(folder, second)
    save(folder, BROKEN)
    keep(folder, first)  # as if it had been loaded just before its file was saved again
    assert playbook_of(start).playbook == second


def test_a_recording_and_a_first_call_refuse_a_broken_playbook(folder: Path, tmp_path: Path) -> None:
    began(folder)
    save(folder, BROKEN)
    with pytest.raises(BadInputError, match="pian"):
        playbook_of(Start((tmp_path / "call.wav",), folder, "tiny.en"))
    save_other = tmp_path / "other"
    save_other.mkdir()
    save(save_other, BROKEN)
    with pytest.raises(BadInputError, match="pian"):
        playbook_of(Start((), save_other, "tiny.en", Live()))


def test_replay_and_check_refuse_it_although_one_is_kept(offbook: Run, folder: Path, silence: Path) -> None:
    began(folder)
    save(folder, BROKEN)
    for command in (["replay", silence, "--headless", "--playbook", folder], ["check", folder]):
        refused(offbook(*command), 'p.yaml:4:32: unknown moment "pian"')


@pytest.mark.usefixtures("server")
def test_listen_says_which_playbook_is_in_use_and_begins(folder: Path, tmp_path: Path) -> None:
    began(folder)
    save(folder, BROKEN)
    listening = Listening(tmp_path / "events.jsonl", "--no-journal", "--model", "tiny.en", "--playbook", str(folder))
    listening.wait("advice", READY_S)
    (event,) = (event for event in listening.events("advice") if event["part"] == "playbook")
    said = listening.end()
    assert event["message"] in said
    assert re.fullmatch(r"The playbook in .* can't be used \(.*\); the one of .* is in use\.", event["message"])
