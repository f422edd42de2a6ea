"""A journal in a folder of its own, and what its writer reports."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from asr.events import Fault, Recovered
from cues.events import AnyEvent
from cues.journal.open import open_journal
from cues.journal.store import Journal
from cues.journal.writer import Writer

Reports = list[Fault | Recovered]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(file: Path) -> Iterator[Journal]:
    opened = open_journal(str(file))
    yield opened
    opened.close()


@pytest.fixture
def stored(journal: Journal) -> Callable[[Iterable[AnyEvent]], Journal]:
    """Stores events, and gives the journal to read."""

    def store(events: Iterable[AnyEvent]) -> Journal:
        reports: Reports = []
        writer = Writer(open_journal(str(journal.file)), reports.append)
        for event in events:
            writer.write(event)
        assert writer.close() == 0
        assert reports == []
        return journal

    return store
