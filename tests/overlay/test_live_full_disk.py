"""The disk fills up in a live call: the call goes on, nothing of it is lost, and its files are the rep's alone."""

import stat
from contextlib import closing, suppress
from pathlib import Path

import pytest
from disks import Disk
from live_command import READY_S, Listening, play, speech_of_both
from sound_server import SoundServer

from cues.journal.open import open_journal
from cues.journal.soundness import check

SETTINGS = "consent: none\nkeep_audio: true\nmodel: tiny.en\n"


@pytest.mark.usefixtures("machine")
def test_the_call_goes_on_and_is_whole_when_there_is_room_again(
    server: SoundServer, disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(tmp_path / "settings.yaml"))
    record, filler = disk.folder / "offbook", disk.folder / "filler"
    call = Listening(tmp_path / "events.jsonl", "--journal", str(record / "journal.db"))
    call.wait("levels", READY_S)
    fill(filler)
    play(server, speech_of_both(tmp_path))
    call.wait("fault", 60)
    call.wait("utterance", 60, 3)
    filler.unlink()
    call.wait("recovered", 60)
    errors = call.end()
    assert call.process.returncode == 0, errors
    assert "Traceback" not in errors
    said = call.events("fault")[0]["message"]
    assert "disk is full" in said, said
    with closing(open_journal(str(record / "journal.db"))) as journal:
        assert check(journal) == []
        stored = [event.id for event in journal.events(call.events()[0]["call"]) if event.type == "utterance"]
    assert stored == [event["id"] for event in call.events("utterance")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (record, *record.rglob("*"))}
    assert any(path.suffix == ".opus" for path in modes)
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(bytes(4096))
