"""`offbook data export` as a user runs it: corrected labels become calls that `data check` and `train --add` take."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from disks import Disk
from reviewed import whole_call
from user import Run, refused

from cues.corrections import Correction
from cues.events import AnyEvent
from cues.journal.corrections import correct
from cues.journal.open import open_journal
from cues.journal.writer import Writer
from models.competitors import Competitor
from models.dataset import load_dataset


def record(file: Path, events: Iterable[AnyEvent], *corrected: tuple[str, str, str | None]) -> None:
    writer = Writer(open_journal(str(file)), print)
    for event in events:
        writer.write(event)
    assert writer.close() == 0
    made = [Correction(*one, "ann", datetime(2026, 11, 28, tzinfo=UTC)) for one in corrected]
    with closing(open_journal(str(file))) as journal:
        correct(journal, next(iter(events)).call, made)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of three calls: one corrected, one whose correction was taken back, one as it was read."""
    file = tmp_path / "journal.db"
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(file))
    record(
        file,
        whole_call("aa11"),
        ("u4", "competitor:Zendesk", "past"),
        ("u5", "moment:objection_price", "none"),
        ("u10", "competitor:Freshdesk", "none"),
        ("u19", "stage", "negotiation"),
        ("u23", "role", "economic_buyer"),
    )
    record(file, whole_call("bb22"), ("u4", "stage", "demo"), ("u4", "stage", None))
    record(file, whole_call("cc33"))
    return file


@pytest.mark.usefixtures("file")
def test_corrected_labels_are_calls_that_can_be_learned(offbook: Run, tmp_path: Path) -> None:
    folder = tmp_path / "corrected"
    result = offbook("data", "export", folder)
    assert result.returncode == 0, result.stderr
    assert f"5 corrected labels of 1 call in {folder}; only you can read them." in result.stdout
    assert sorted(each.name for each in folder.iterdir()) == ["aa11.jsonl", "competitors.json"]
    assert folder.stat().st_mode & 0o777 == 0o700
    checked = offbook("data", "check", folder)
    assert checked.returncode == 0, checked.stdout
    assert "0 errors, " in checked.stdout
    dataset = load_dataset(folder)
    assert dataset.competitors == (Competitor("Freshdesk"), Competitor("Zendesk", ("zen desk",)))
    told = {(line.i, name) for line in dataset.utterances for name in line.labelled or ()}
    assert told == {
        (3, "competitor:Zendesk"),
        (4, "moment:objection_price"),
        (9, "competitor:Freshdesk"),
        (18, "stage"),
        (22, "role"),
    }


@pytest.mark.usefixtures("file")
def test_a_folder_that_holds_something_is_left_alone(offbook: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/aa11.jsonl").write_text("by hand")
    refused(offbook("data", "export", tmp_path / "mine"), "mine: is not empty; give a new folder.")
    refused(offbook("data", "export", tmp_path / "mine/aa11.jsonl"), "aa11.jsonl: can't be written (File exists)")
    assert (tmp_path / "mine/aa11.jsonl").read_text() == "by hand"


def test_a_journal_without_corrections_says_where_they_are_made(offbook: Run, tmp_path: Path) -> None:
    record(tmp_path / "other.db", whole_call())
    result = offbook("data", "export", tmp_path / "new", "--journal", tmp_path / "other.db")
    refused(result, "Nothing was corrected yet; `offbook review` is where a click corrects a label.")
    assert not (tmp_path / "new").exists()


def test_a_journal_that_can_not_be_written_is_exported_all_the_same(offbook: Run, disk: Disk, tmp_path: Path) -> None:
    record(disk.folder / "journal.db", whole_call(), ("u4", "stage", "demo"))
    assert disk.again("ro")
    result = offbook("data", "export", tmp_path / "new", "--journal", disk.folder / "journal.db")
    assert "1 corrected label of 1 call" in result.stdout, result.stderr
    refused(offbook("data", "export", disk.folder / "new", "--journal", disk.folder / "journal.db"), "can't be written")
