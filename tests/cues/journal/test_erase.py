"""Forgetting a call leaves no byte of its words in any file of the journal."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from calls import MARKER, a_call, talk, until

from asr.errors import BadInputError
from cues.events import AnyEvent, CallStarted, Erased
from cues.journal.erase import forget
from cues.journal.open import open_journal
from cues.journal.soundness import check
from cues.journal.store import CallFilter, Journal
from cues.journal.writer import Writer

Store = Callable[[Iterable[AnyEvent]], Journal]
WORDS = (MARKER, "Überraschungsmoment", "markermann")


def secret(call: str) -> list[AnyEvent]:
    """A call whose words, deal, source and card nobody else has; one utterance fills several pages."""
    long = f"{MARKER} {WORDS[1]} " * 2000
    begin, *rest = a_call(call, rep="markermann", named=MARKER, said=f"{MARKER} and {WORDS[1]}")
    assert isinstance(begin, CallStarted)
    begin = replace(begin, deal={"account": MARKER}, source=f"{MARKER}.wav")
    return [begin, *(replace(e, text=long) if e.type == "utterance" and e.id == "u2" else e for e in rest)]


def traces(file: Path) -> list[str]:
    """The words that the journal's files still hold, byte by byte."""
    found = []
    for part in file.parent.iterdir():
        content = part.read_bytes()
        found += [f"{word} in {part.name}" for word in WORDS if word.encode() in content]
    return found


def test_no_byte_of_a_forgotten_call_stays(stored: Store) -> None:
    others = [a_call(f"b{k}") for k in range(5)]
    journal = stored(others[0])
    stored(secret("aa11"))
    for other in others[1:]:
        stored(other)
    assert len(traces(journal.file)) >= len(WORDS), "they were there"
    assert forget(journal, "aa") == "aa11"
    assert traces(journal.file) == []
    journal.close()
    assert traces(journal.file) == []
    assert [e.seq for e in journal.events("b3")] == [e.seq for e in stored(others[3]).events("b3")]
    assert check(journal) == []


def test_what_is_left_of_a_forgotten_call(stored: Store) -> None:
    journal = stored(secret("aa11"))
    forget(journal, "aa11")
    assert journal.events("aa11") == [Erased(call="aa11", seq=14, t=9.5, what="call", reason="forgotten")]
    assert journal.calls() == []
    (row,) = journal.calls(CallFilter(erased=True))
    assert (row.id, row.erased, row.rep, row.deal, row.source, row.competitors) == ("aa11", "forgotten") + (
        None,
    ) * 3 + ((),)
    assert journal.calls(CallFilter(erased=True, text="and")) == []


def test_forgetting_while_the_call_runs_ends_its_record(journal: Journal) -> None:
    reports: list[object] = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    events = secret("aa11")
    for event in events[:8]:
        writer.write(event)
    for event in islice(talk("bb22"), 50):
        writer.write(event)
    until(lambda: journal.last_seq("bb22") == 49)
    forget(journal, "aa11")
    for event in events[8:]:
        writer.write(event)
    for event in islice(talk("bb22"), 50, 100):
        writer.write(event)
    assert writer.close() == 0
    assert reports == []
    assert [e.type for e in journal.events("aa11")] == ["erased"]
    assert len(journal.events("bb22")) == 100
    assert traces(journal.file) == []
    assert check(journal) == []


def test_forgetting_twice_is_no_error(stored: Store) -> None:
    journal = stored(secret("aa11"))
    forget(journal, "aa11")
    before = journal.events("aa11")
    forget(journal, "aa11")
    assert journal.events("aa11") == before


def test_another_program_that_reads_keeps_the_files_from_being_wiped(stored: Store) -> None:
    journal = stored(secret("aa11"))
    with closing(sqlite3.connect(journal.file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM events").fetchone()
        with pytest.raises(BadInputError, match=r"another program .* forget the call again"):
            forget(journal, "aa11")
    forget(journal, "aa11")
    assert traces(journal.file) == []


def test_an_unknown_call(stored: Store) -> None:
    with pytest.raises(BadInputError, match="There is no call 'zz'"):
        forget(stored(a_call("aa11")), "zz")
