"""The commands on stored calls, as a manager types them."""

import os
from pathlib import Path

import pytest
from calls import a_call, numbered, started
from talk import Talk, read_playbook
from user import Run, listed, refused

from cues.journal.open import open_journal
from cues.journal.writer import Writer


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of three calls, named by OFFBOOK_JOURNAL."""
    file = tmp_path / "journal.db"
    writer = Writer(open_journal(str(file)), print)
    for call in (
        a_call("aa11" * 8, rep="anna"),
        a_call("aa22" * 8, rep="ben", days=1, stage="pricing", named="Freshdesk", said="<b>[bold]Too \x1b[31mdear"),
        a_call("bb33" * 8, rep="anna", days=2, named="", outcome="missed", ends=False),
    ):
        for event in call:
            writer.write(event)
    assert writer.close() == 0
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(file))
    monkeypatch.setenv("COLUMNS", "120")
    return file


def store_talk(file: Path) -> Path:
    """A journal of one call, with a moment in its first seconds and a card."""
    talk = Talk(read_playbook(file.parent / "playbook"))
    talk.final("buyer", "this hurts us badly", 2, 4, pain=0.9)
    talk.final("buyer", "too dear", 10, 12, objection_price=0.8)
    writer = Writer(open_journal(str(file)), print)
    for event in numbered("told", [started(), *talk.events]):
        writer.write(event)
    assert writer.close() == 0
    return file


def test_calls_lists_and_filters(offbook: Run, file: Path) -> None:
    everything = offbook("calls")
    assert listed(everything) == ["bb33bb33", "aa22aa22", "aa11aa11"]
    assert "2026-11-2" in everything.stdout
    for word in ("anna", "0:09", "pricing", "Freshdesk", "1 missed", "0:08 …"):
        assert word in everything.stdout
    assert listed(offbook("calls", "--rep", "anna", "--outcome", "prompted")) == ["aa11aa11"]
    assert listed(offbook("calls", "--stage", "pricing", "--text", "dear")) == ["aa22aa22"]
    assert listed(offbook("calls", "--competitor", "zendesk")) == ["aa11aa11"]
    assert listed(offbook("calls", "--since", "2026-11-21", "--until", "2026-11-21")) == ["aa22aa22"]
    assert "No call fits" in offbook("calls", "--rep", "nobody").stdout


def test_filters_that_can_not_be(offbook: Run, file: Path) -> None:
    refused(offbook("calls", "--since", "tomorrow"), "--since tomorrow: is no date", "2026-10-31")
    refused(offbook("calls", "--stage", "haggling"), "--stage haggling", "pricing")
    refused(offbook("calls", "--outcome", "done"), "--outcome done", "unprompted")


def test_an_empty_journal(offbook: Run, tmp_path: Path) -> None:
    result = offbook("calls", "--journal", tmp_path / "new" / "journal.db")
    assert (result.returncode, result.stdout.strip()) == (0, "The journal holds no calls yet.")


def test_show_tells_what_was_said_and_why_cards_came(offbook: Run, file: Path) -> None:
    result = offbook("show", "aa1")
    assert result.returncode == 0, result.stderr
    text = " ".join(result.stdout.split())
    assert f"Call {'aa11' * 8}" in text
    assert "anna · Northwind 3 · call.wav · account: Contoso" in text
    assert "0:02 Stage discovery 0:02 Buyer We run Zendesk today Zendesk (incumbent) · pain" in text
    assert "Card They run Zendesk today zendesk-in-place, for quantify-impact: heard “We run Zendesk today”" in text
    assert "left after 5 s: done prompted at 0:06: “What does that cost you in a month”" in text
    assert "ended: the recording is over" in text


def test_why_tells_each_term_of_a_rank(offbook: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    journal = store_talk(tmp_path / "told.db")
    card = " ".join(offbook("why", "told", "c1", "--journal", journal).stdout.split())
    assert "c1 “Trade”, of the cue price." in card
    for line in (
        "weight 3 The priority high is in force",
        "certainty 0.80 This sure",
        "help 0.50 No earlier moments of this rep were known",
        "freshness 0.98 The words were 0.5 s old",
        "rank 1.17 The product of these four",
    ):
        assert line in card
    early = " ".join(offbook("why", "told", "o1", "--journal", journal).stdout.split())
    assert "o1, a moment for quantify, of the cue pain: no card, none comes in the first 5 s of a call." in early
    assert "No priority in force that day asks for what this card prompts." in early
    again = " ".join(offbook("show", "told", "--journal", journal).stdout.split())
    assert "no card (budget) (o1)" in again
    refused(offbook("why", "told", "c9", "--journal", journal), "no card and no opportunity 'c9'; it has c1, o1.")


def test_why_of_a_call_that_was_stored_without_terms(offbook: Run, file: Path) -> None:
    result = offbook("why", "aa1", "c1")
    assert result.returncode == 0, result.stderr
    assert "They run Zendesk today" in result.stdout
    assert "kept no terms" in result.stdout


def test_what_was_said_is_shown_as_text(offbook: Run, file: Path) -> None:
    result = offbook("show", "aa2")
    assert "<b>[bold]Too  [31mdear" in result.stdout
    assert "\x1b[31m" not in result.stdout


def test_an_unknown_or_ambiguous_call(offbook: Run, file: Path) -> None:
    for command, *more in (["show"], ["forget"], ["why", "c1"]):
        refused(offbook(command, "zz", *more), "There is no call 'zz'", "`offbook calls` lists them")
        refused(offbook(command, "aa", *more), "Several calls begin with aa", "give more of the id")


def test_forget_backup_restore_check(offbook: Run, file: Path, tmp_path: Path) -> None:
    saved = offbook("journal", "backup", tmp_path / "saved.db")
    assert (saved.returncode, saved.stdout) == (0, f"3 calls in {tmp_path}/saved.db; only you can read it.\n")
    forgotten = offbook("forget", "aa11")
    assert forgotten.returncode == 0, forgotten.stderr
    assert f"Call {'aa11' * 8} is forgotten" in forgotten.stdout
    assert listed(offbook("calls")) == ["bb33bb33", "aa22aa22"]
    assert "this call was erased (forgotten)" in offbook("show", "aa1").stdout
    assert offbook("journal", "restore", tmp_path / "saved.db").stdout == "0 calls brought back.\n"
    new = tmp_path / "new.db"
    assert offbook("journal", "restore", tmp_path / "saved.db", "--journal", new).stdout == "3 calls brought back.\n"
    checked = offbook("journal", "check")
    assert (checked.returncode, checked.stdout) == (0, f"{file}: 2 calls, nothing wrong.\n")
    refused(offbook("journal", "backup", tmp_path / "saved.db"), "is there already")


def test_a_damaged_journal(offbook: Run, file: Path, tmp_path: Path) -> None:
    offbook("journal", "backup", tmp_path / "saved.db")
    content = file.read_bytes()
    file.write_bytes(content[: 4096 * 10] + b"\xff" * (len(content) - 4096 * 10))
    found = offbook("journal", "check")
    assert found.returncode in (1, 2)
    assert "damaged" in found.stdout + found.stderr
    file.write_bytes(os.urandom(9000))
    for command in (["calls"], ["show", "aa1"], ["journal", "check"], ["journal", "backup", tmp_path / "other.db"]):
        refused(offbook(*command), f"The journal {file} can't be used: the file is damaged or no journal", "restore")
    restored = offbook("journal", "restore", tmp_path / "saved.db")
    assert restored.returncode == 0, restored.stderr
    assert "The journal was damaged; it lies in" in restored.stdout
    assert listed(offbook("calls")) == ["bb33bb33", "aa22aa22", "aa11aa11"]


def test_a_place_that_is_none(offbook: Run) -> None:
    refused(offbook("calls", "--journal", "postgresql://db/calls"), "is no place for a journal")
