"""`offbook try --calls`: another playbook on past calls tells which cards come newly, no longer, earlier and later."""

import json
import re
from pathlib import Path

import pytest
from call_events import ended, said
from calls import numbered, started
from distributed import LocalCluster
from talk import read_playbook
from user import Run, refused

from cues.events import AnyEvent, RepAction
from cues.journal.open import open_journal
from cues.journal.writer import Writer
from overlay.rehearsal.comparison import Comparison, compare
from overlay.rehearsal.play import Card, Played
from overlay.rehearsal.report import page
from overlay.rehearsal.workers import workers

BEFORE = """\
playbook: N
cues:
  - id: zendesk
    when: {said: zendesk}
    card: {title: They run Zendesk, ask: Since when?}
  - id: dear
    when: {said: too dear}
    card: {title: Trade, ask: Which part?}
"""
AFTER = """\
playbook: N
cues:
  - id: zendesk
    when: {said: [zendesk, freshdesk]}
    card: {title: They run Zendesk, ask: Since when?}
  - id: terms
    when: {said: two years, stage: negotiation}
    card: {title: Terms, ask: Which?}
"""

pytestmark = pytest.mark.usefixtures("machine")


def call(id: str, days: float = 0, *, over: bool = True) -> list[AnyEvent]:
    corrected = RepAction(t=55.0, action="correct", value="stage:negotiation")
    lines = [
        started("anna", days),
        said("buyer", "We had Freshdesk before.", 20.0, "u1"),
        said("buyer", "That is too dear for us.", 40.0, "u2"),
        corrected,
        said("buyer", "We would sign for two years.", 60.0, "u3"),
        *([ended(70.0)] if over else []),
    ]
    return numbered(id, lines)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two playbooks, and a journal of two calls, named by OFFBOOK_JOURNAL."""
    read_playbook(tmp_path / "before", BEFORE)
    read_playbook(tmp_path / "after", AFTER)
    (tmp_path / "data").mkdir()
    writer = Writer(open_journal(str(tmp_path / "data" / "journal.db")), print)
    for event in (*call("aa11" * 8), *call("bb22" * 8, days=2)):
        writer.write(event)
    assert writer.close() == 0
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(tmp_path / "data" / "journal.db"))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def card(cue: str, t: float) -> Card:
    return Card(cue, "A title", t, "buyer", "these words")


def kinds(before: list[Card], after: list[Card]) -> list[tuple[str, str, float]]:
    compared = compare("a call", Played(tuple(before), 1), Played(tuple(after), 1))
    return [(change.kind, change.card.cue, change.moved) for change in compared.changes]


def test_a_card_comes_newly_no_longer_earlier_or_later() -> None:
    before = [card("a", 10), card("b", 20), card("c", 30), card("d", 40)]
    after = [card("a", 10.5), card("b", 12), card("d", 49), card("e", 60)]
    assert kinds(before, after) == [
        ("same", "a", 0.5),
        ("earlier", "b", -8),
        ("gone", "c", 0),
        ("later", "d", 9),
        ("new", "e", 0),
    ]


def test_a_card_that_comes_minutes_later_is_another_one() -> None:
    assert kinds([card("a", 10)], [card("a", 300)]) == [("gone", "a", 0), ("new", "a", 0)]


def test_of_several_showings_of_a_cue_the_nearest_belong_together() -> None:
    assert kinds([card("a", 10), card("a", 50)], [card("a", 48)]) == [("gone", "a", 0), ("earlier", "a", -2)]


def test_figures_count_cards_and_how_many_are_up() -> None:
    compared = compare("a call", Played((card("a", 1), card("a", 90)), 1), Played((card("b", 5),), 2))
    figures = Comparison((compared,)).as_json()
    assert figures["cards_per_call"] == {"before": 2.0, "after": 1.0}
    assert figures["at_once"] == {"before": 1, "after": 2}
    assert (figures["new"], figures["gone"], figures["same"]) == (1, 2, 0)


def test_the_journal_s_calls_tell_what_changes_with_the_words(offbook: Run, folder: Path) -> None:
    told = offbook("try", folder / "after", "--against", folder / "before", "--calls", "all")
    assert told.returncode == 0, told.stderr
    for part in ("2 calls", "zendesk  2 comes newly", "dear  2 no longer comes", "terms  2 comes newly"):
        assert part in told.stdout
    assert "buyer: “Freshdesk” comes newly" in told.stdout
    assert "2 calls in " in told.stdout


def test_a_call_is_not_played_twice_and_what_is_kept_goes_with_it(offbook: Run, folder: Path) -> None:
    command = ("try", folder / "after", "--against", folder / "before", "--json", "--calls")
    first = offbook(*command, "last:1")
    assert len(json.loads(first.stdout)["calls"]) == 1
    again = offbook(*command, "all")
    assert "1 calls in " in again.stderr
    assert "1 were played before" in again.stderr
    assert json.loads(again.stdout)["new"] == 4
    assert "No call was left to play" in offbook(*command, "all").stderr
    tries = folder / "data" / "tries"
    assert tries.stat().st_mode & 0o777 == 0o700
    assert len(list(tries.iterdir())) == 2
    for kept in tries.iterdir():
        assert kept.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in kept.iterdir()} == {0o600}
    assert offbook("forget", "aa11").returncode == 0
    assert len(list(tries.iterdir())) == 1
    assert offbook("forget", "bb22").returncode == 0
    assert list(tries.iterdir()) == []


def test_of_a_call_that_goes_on_nothing_is_kept(offbook: Run, folder: Path) -> None:
    file = folder / "running" / "journal.db"
    writer = Writer(open_journal(str(file)), print)
    for event in call("cc33" * 8, over=False):
        writer.write(event)
    assert writer.close() == 0
    told = offbook("try", folder / "after", "--against", folder / "before", "--calls", "all", "--journal", file)
    assert "zendesk  1 comes newly" in told.stdout
    assert not (file.parent / "tries").exists()


def test_another_playbook_takes_the_vectors_that_are_kept_and_comes_to_the_same(offbook: Run, folder: Path) -> None:
    command = ("try", folder / "after", "--against", folder / "before", "--json", "--calls", "all")
    first = offbook(*command).stdout
    kept = sorted((folder / "data" / "tries").glob("*/vectors-*.npz"))
    assert len(kept) == 2
    made = [file.stat().st_mtime_ns for file in kept]
    for cards in (folder / "data" / "tries").glob("*/cards-*.json"):
        cards.unlink()
    assert offbook(*command).stdout == first
    assert [file.stat().st_mtime_ns for file in kept] == made
    kept[0].write_bytes(b"damaged")
    for cards in (folder / "data" / "tries").glob("*/cards-*.json"):
        cards.unlink()
    assert offbook(*command).stdout == first
    assert kept[0].stat().st_size > 1_000


def test_call_files_are_played_too_and_nothing_is_kept_of_them(offbook: Run, folder: Path) -> None:
    line = {"call": "x", "i": 0, "t0": 20.0, "speaker": "buyer", "person": None, "text": "We are on Freshdesk."}
    labels = {"stage": "discovery", "role": None, "competitors": [], "moments": []}
    (folder / "x.jsonl").write_text(json.dumps(line | labels) + "\n")
    command = ("try", folder / "after", "--against", folder / "before", "--json", "--calls")
    for _ in range(2):
        told = offbook(*command, folder / "x.jsonl")
        assert "1 calls in " in told.stderr
        assert json.loads(told.stdout)["new"] == 1
    assert not (folder / "data" / "tries").exists()


def test_what_can_not_be_played_is_said_in_one_sentence(offbook: Run, folder: Path) -> None:
    refused(offbook("try", folder / "after", "--calls", "lately"), "--calls lately", "last:20", "*.jsonl")
    refused(offbook("try", folder / "after", "--calls", "2020-01-01"), "--calls 2020-01-01", "no such calls")
    refused(offbook("try", folder / "after", "--calls", "all", "--text", "hi"), "--text and --calls")
    refused(offbook("try", folder / "after", "--against", "nowhere", "--calls", "all"), "nowhere: no such playbook")
    address = "tcp://127.0.0.1:9"
    refused(offbook("try", folder / "after", "--calls", "all", "--scheduler", address), address, "no Dask scheduler")


def test_the_page_holds_everything_and_loads_nothing(offbook: Run, folder: Path) -> None:
    file = folder / "changes.html"
    done = offbook("try", folder / "after", "--against", folder / "before", "--calls", "all", "--report", file)
    assert done.returncode == 0, done.stderr
    written = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert written.count("<svg") == 2
    assert "<!--" not in written
    assert "“too dear” no longer comes" in written
    assert "prefers-color-scheme: dark" in written
    assert not re.search(r"https?:|<script|<link|src=|@import", written)
    nowhere = folder / "no" / "such" / "page.html"
    refused(offbook("try", folder / "after", "--calls", "all", "--report", nowhere), "--report", "can't be written")


def test_words_are_no_markup_of_the_page() -> None:
    hostile = Card("a", "A title", 10, "buyer", "<script>alert(1)</script> <!--CUES-->")
    shown = page(Comparison((compare("<b>call", Played((), 0), Played((hostile,), 1)),)), "<i>", "b", "fast")
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_cluster_runs_the_same_code() -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        workers(cluster.scheduler_address) as ready,
    ):
        assert ready.cores == 1
        assert list(ready.each(abs, [-1, 2, -3])) == [1, 2, 3]
