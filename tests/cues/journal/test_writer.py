"""The writer when the journal can't be written: the call goes on, nothing is lost, and it says so once."""

import sqlite3
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy
from calls import a_call, numbered, started, talk, until, utterance
from disks import Disk

from asr.events import Event, Fault, Recovered
from cues.journal.open import open_journal
from cues.journal.soundness import check
from cues.journal.store import Journal
from cues.journal.writer import BATCH, Writer

Reports = list[Fault | Recovered]


def faults(reports: Reports) -> list[str]:
    return [report.message for report in reports if isinstance(report, Fault)]


def recovered(reports: Reports) -> list[str]:
    return [report.message for report in reports if isinstance(report, Recovered)]


def whole(file: Path, count: int) -> bool:
    journal = open_journal(str(file))
    try:
        assert check(journal) == []
        return [event.seq for event in journal.events("aa11")] == list(range(count))
    finally:
        journal.close()


def test_a_full_disk(disk: Disk) -> None:
    reports: Reports = []
    file = disk.folder / "journal.db"
    writer = Writer(open_journal(str(file)), reports.append)
    events = talk("aa11")
    count = 0
    while not reports:
        for event in islice(events, 50):
            writer.write(event)
            count += 1
        time.sleep(0.05)
    for event in islice(events, 500):
        writer.write(event)
    time.sleep(1)
    assert len(reports) == 1
    assert "can't be written: the disk is full. The call goes on" in faults(reports)[0]
    assert disk.again("size=32m")
    until(lambda: recovered(reports))
    assert recovered(reports) == ["The journal is written again; nothing was lost."]
    assert writer.close() == 0
    assert whole(file, count + 500)


def test_a_journal_that_may_not_grow(journal: Journal) -> None:
    pages = {"most": 25}
    sqlalchemy.event.listen(
        sqlalchemy.Engine, "connect", limit := lambda c, _: c.execute(f"PRAGMA max_page_count = {pages['most']}")
    )
    try:
        reports: Reports = []
        writer = Writer(open_journal(str(journal.file)), reports.append)
        for event in islice(talk("aa11"), 400):
            writer.write(event)
        until(lambda: reports)
        assert "the disk is full" in faults(reports)[0]
        pages["most"] = 1_000_000
        until(lambda: recovered(reports))
        assert writer.close() == 0
        assert len(reports) == 2
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", limit)
    assert whole(journal.file, 400)


def test_a_disk_that_turns_read_only(disk: Disk) -> None:
    reports: Reports = []
    opened = open_journal(str(disk.folder / "journal.db"))
    opened.close()  # with no file open, the disk can be mounted anew
    assert disk.again("ro")
    writer = Writer(opened, reports.append)
    for event in islice(talk("aa11"), 100):
        writer.write(event)
    until(lambda: reports)
    assert "can't be written: it can't be written there" in faults(reports)[0]
    until(lambda: disk.again("rw"))
    until(lambda: recovered(reports))
    assert writer.close() == 0
    assert whole(opened.file, 100)


@pytest.mark.parametrize(("seconds", "told"), [(1.0, 0), (3.0, 2)])
def test_another_program_locks_the_journal(journal: Journal, seconds: float, told: int) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    events = talk("aa11")
    with closing(sqlite3.connect(journal.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        slowest = 0.0
        end = time.monotonic() + seconds
        count = 0
        while time.monotonic() < end:
            before = time.monotonic()
            writer.write(next(events))
            count += 1
            slowest = max(slowest, time.monotonic() - before)
            time.sleep(0.01)
        other.execute("ROLLBACK")
    assert slowest < 0.1, "the engine waited"
    assert writer.close() == 0
    assert len(reports) == told
    assert all("another program has locked it" in message for message in faults(reports))
    assert whole(journal.file, count)


def test_more_than_fits_into_memory_is_counted_and_told(journal: Journal) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append, most_waiting=50)
    with closing(sqlite3.connect(journal.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for event in islice(talk("aa11"), 80):
            writer.write(event)
        until(lambda: len(reports) == 2)
        other.execute("ROLLBACK")
    until(lambda: recovered(reports))
    assert "50 events wait; later ones are lost" in faults(reports)[1]
    assert recovered(reports) == ["The journal is written again; events lost: 30."]
    assert writer.close() == 30
    assert whole(journal.file, 50)


def test_a_journal_that_can_not_be_written_until_the_end_is_given_up_in_time(journal: Journal) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    with closing(sqlite3.connect(journal.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for event in islice(talk("aa11"), 80):
            writer.write(event)
        begun = time.monotonic()
        assert writer.close(limit_s=1.0) == 80
        assert time.monotonic() - begun < 5


def test_a_journal_deleted_during_the_call_is_begun_anew(journal: Journal) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    events = a_call("aa11")
    for event in events[:7]:
        writer.write(event)
    until(lambda: journal.last_seq("aa11") == 6)
    journal.file.unlink()
    for event in events[7:]:
        writer.write(event)
    until(lambda: recovered(reports))
    assert "its file was moved or deleted" in faults(reports)[0]
    assert writer.close() == 0
    again = open_journal(str(journal.file))
    (row,) = again.calls()
    assert (row.rep, row.competitors, row.ended) == ("anna", ("Zendesk",), "the recording is over")
    assert [event.seq for event in again.events("aa11")] == [7, 8, 9, 10, 11, 12, 13]
    again.close()


def test_the_same_event_twice_is_one_and_a_taken_number_is_told(journal: Journal) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    first, other = numbered("aa11", [started(), utterance("u1", "rep", "hello", 3)])
    for event in (first, first):
        writer.write(event)
    until(lambda: journal.last_seq("aa11") == 0)
    writer.write(first)
    time.sleep(0.3)
    assert reports == []
    clash: list[Event] = [utterance("u2", "rep", "hello", 4)]
    writer.write(other)
    until(lambda: journal.last_seq("aa11") == 1)
    writer.write(numbered("aa11", [started(), *clash])[1])
    until(lambda: reports)
    assert "can't store: 1 " in faults(reports)[0]
    assert writer.close() == 1
    assert check(journal) == []


def test_an_event_without_json_form_does_not_stop_the_others(journal: Journal) -> None:
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    for event in numbered(
        "aa11", [started(), utterance("u1", "rep", "half \ud83d", 3), utterance("u2", "rep", "x", 4)]
    ):
        writer.write(event)
    assert writer.close() == 1
    assert [event.seq for event in journal.events("aa11")] == [0, 2]
    assert len(reports) == 1


def test_a_thousand_events_a_second_are_on_disk_in_time(journal: Journal) -> None:
    """As another connection sees it, which reads what is committed."""
    reports: Reports = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    lags: list[float] = []
    emitted: dict[int, float] = {}
    begun = time.monotonic()
    seen = -1
    for event in islice(talk("aa11"), 3 * BATCH):
        time.sleep(max(0.0, begun + event.seq / 1000 - time.monotonic()))
        writer.write(event)
        emitted[event.seq] = time.monotonic()
        if event.seq % 20 == 0 and (last := journal.last_seq("aa11")) > seen:
            lags += [time.monotonic() - emitted[seq] for seq in range(seen + 1, last + 1)]
            seen = last
    assert writer.close() == 0
    assert reports == []
    assert sorted(lags)[len(lags) // 2] < 0.25, "half of them; the rest is left to a busy machine"
    assert whole(journal.file, 3 * BATCH)
