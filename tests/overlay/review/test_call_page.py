"""The page of one call, from events alone."""

from dataclasses import replace
from datetime import UTC

from reviewed import LINES, said, stamped, whole_call

from asr.events import Event, Fault, Word
from cues.events import (
    CallEnded,
    CallStarted,
    CardHidden,
    CardResolved,
    Erased,
    Opportunity,
    PlaybookChanged,
    PlaybookVersion,
    RepAction,
)
from models.events import Reading
from overlay.review.call_page import CallPage, Line, call_page
from overlay.review.gaps import Gap
from overlay.review.marks import Mark, pieces, spoken_between
from overlay.review.timeline import timeline

PAGE = call_page(whole_call(), UTC)


def line(page: CallPage, name: str) -> Line:
    return next(line for line in page.lines if line.id == name)


def changed(drop: tuple[type[Event], ...] = (), more: tuple[Event, ...] = (), ended: float | None = None) -> CallPage:
    started, *body = whole_call()
    assert isinstance(started, CallStarted)
    kept = [event for event in body if not isinstance(event, (*drop, CallEnded))]
    return call_page(stamped("call-1", started, [*kept, *more], ended), UTC)


def test_the_head_says_whose_call_it_was() -> None:
    assert (PAGE.id, PAGE.rep, PAGE.source, PAGE.playbook) == ("call-1", "tom", "headset", "Northwind 2026.11")
    assert PAGE.when is not None
    assert PAGE.when.strftime("%d.%m. %H:%M") == "23.11. 09:30"
    assert PAGE.deal["account"] == "Fabrikam Retail"
    assert (PAGE.duration, PAGE.ended) == (216.0, True)
    assert 0.4 < PAGE.rep_share < 0.6


def test_the_head_says_since_when_another_playbook_was_in_force() -> None:
    page = changed(more=(PlaybookChanged(t=100.0, playbook=PlaybookVersion("Northwind", "2026.12", "1")),))
    assert page.playbook == "Northwind 2026.11, from 1:40 on Northwind 2026.12"


def test_every_word_stays_whatever_is_marked() -> None:
    for original, shown in zip(LINES, PAGE.lines, strict=True):
        assert "".join(piece.text for piece in shown.pieces) == original.text


def test_readings_mark_the_words_that_they_rest_on() -> None:
    heard = line(PAGE, "u4")
    assert [(f.kind, f.name) for f in heard.findings] == [("competitor", "Zendesk, incumbent")]
    assert [p.text for p in heard.pieces if "competitor" in p.kinds] == ["zen desk"]
    assert all(f.name != "authority" for f in heard.findings), "what is unlikely is not shown"
    assert ("role", "sounds like champion") in [(f.kind, f.name) for f in line(PAGE, "u23").findings]
    assert "rep" in [f.kind for f in line(PAGE, "u8").findings], "the rep marked it"


def test_a_role_says_whose_it_is_where_that_is_known() -> None:
    spoken = Reading(utterance="u23", partial=False, person="Laura", stage={}, role={}, role_evidence={"champion": 0.9})
    page = changed(drop=(Reading,), more=(spoken,))
    assert [f.name for f in line(page, "u23").findings] == ["Laura sounds like the champion"]


def test_a_line_says_that_the_rep_corrected_the_stage_there() -> None:
    page = changed(more=(RepAction(t=60, action="correct", value="stage:pricing"),), ended=216)
    told = [(line.id, f.name) for line in page.lines for f in line.findings if f.kind == "rep"]
    assert told == [("u8", "marked by the rep"), ("u9", "stage corrected to pricing")]


def test_overlapping_marks_are_cut_apart() -> None:
    kinds = {piece.text: piece.kinds for piece in line(PAGE, "u6").pieces}
    assert kinds["Two people "] == ("card",)
    assert kinds["put them together by hand in"] == ("card", "tracker")
    assert kinds[" spreadsheets"] == ("tracker",)


def test_stages_begin_where_they_change() -> None:
    begun = [(line.id, line.stage) for line in PAGE.lines if line.new_stage]
    assert begun == [
        ("u1", "opening"), ("u4", "discovery"), ("u9", "demo"), ("u17", "pricing"), ("u20", "negotiation"),
        ("u23", "closing"),
    ]  # fmt: skip


def test_cards_tell_what_became_of_them() -> None:
    assert [(card.number, card.outcome) for card in PAGE.cards] == [
        (1, "prompted"), (2, "missed"), (3, "prompted"), (4, "none"), (5, "dismissed"),
    ]  # fmt: skip
    price = PAGE.cards[2]
    assert [word.text for word in price.because] == ["That", "is", "too", "expensive"]
    assert round(price.lag, 2) == 0.5
    assert price.notes == ("the rep’s feedback: useful",)
    assert "left once it was done" in price.went
    assert [(a.number, a.outcome) for a in line(PAGE, "u20").answers] == [(3, "prompted")]
    assert PAGE.outcomes == {"unprompted": 1, "prompted": 2, "missed": 1, "dismissed": 1}


def test_an_opportunity_without_a_card_says_why_there_was_none() -> None:
    silent = next(entry for entry in PAGE.entries if entry.content is None)
    assert silent.number == 0
    assert "held back by chance" in silent.went
    assert silent.outcome == "unprompted"


def test_an_opportunity_shares_the_card_that_is_still_up() -> None:
    shared = Opportunity(
        t=70, id="o8", cue="freshdesk-is-in-the-race", behaviour="map-decision", utterance="u11", help="full",
        withheld=None, chance=1.0,
    )  # fmt: skip
    closed = CardResolved(
        t=80, cue=shared.cue, card="c2", opportunity="o8", behaviour="map-decision", outcome="prompted", evidence="u12"
    )
    page = changed(more=(shared, closed), ended=216)
    assert sorted(ending.outcome for ending in page.cards[1].endings) == ["missed", "prompted"]


def test_a_call_that_ends_first_leaves_opportunities_open() -> None:
    page = changed(drop=(CardResolved, CardHidden))
    assert not page.ended
    assert {entry.outcome for entry in page.cards} == {"open", "none"}
    assert page.duration > 212


def test_an_opportunity_whose_words_were_lost_is_none() -> None:
    started, *body = whole_call()
    lost = [replace(event, outcome=None, evidence=None) if isinstance(event, CardResolved) else event for event in body]
    page = call_page([started, *lost], UTC)
    assert [entry.name for entry in page.entries] == ["c1", "c2", "c3", "c4", "c5"]
    assert page.outcomes == {}
    assert [card.prompts for card in page.cards] == [True, True, True, False, True]


def test_gaps_have_names() -> None:
    assert [(gap.kind, gap.start, gap.end) for gap in PAGE.gaps if gap.kind != "silence"] == [
        ("fault", 104, 107.5),
        ("pause", 110, 140),
    ]
    silence = next(gap for gap in PAGE.gaps if gap.kind == "silence")
    assert silence.message.startswith("Nobody spoke for")
    rows = [type(row) for row in PAGE.rows]
    assert rows.count(Gap) == 3
    assert PAGE.rows[0] == PAGE.lines[0]


def test_a_fault_without_recovery_lasts_until_the_end() -> None:
    page = changed(more=(Fault(t=200, part="journal", message="The disk is full."),), ended=216)
    assert (page.gaps[-1].start, page.gaps[-1].end) == (200, 216)


def test_an_erased_call_says_so() -> None:
    page = call_page([Erased(t=0, call="x", seq=0, what="call", reason="forgotten")])
    assert page.erased == ("This call was forgotten: its words are gone.",)
    assert page.rows == ()
    assert timeline(page).voices == ()


def test_a_call_that_has_just_begun_has_a_page() -> None:
    page = call_page(whole_call()[:1])
    assert (page.lines, page.entries, page.gaps, page.duration) == ((), (), (), 0)
    assert timeline(page).stages == ()


def test_words_without_a_reading_are_words() -> None:
    page = changed(drop=(Reading,))
    assert len(page.lines) == len(LINES)
    assert [point.kind for point in timeline(page).found] == ["rep"], "the rep marked a line"


def test_marks_outside_the_text_are_left_out() -> None:
    assert [p.text for p in pieces("abc", [Mark(2, 9, "moment", "x"), Mark(-1, 1, "moment", "x")])] == ["abc"]
    assert pieces("", []) == ()


def test_the_words_of_a_card_are_found_again_in_the_final_text() -> None:
    heard = (Word("We", 1.0, 1.2, 0.9), Word("clean", 1.2, 1.6, 0.4), Word("reports", 1.6, 1.9, 0.9))
    final = said("u", "buyer", 0.9, "The weekly reports, every Friday")
    place = spoken_between(final.text, final.words, heard)
    assert place is not None
    assert final.text[slice(*place)] == "The weekly reports,"
    assert spoken_between(final.text, final.words, ()) is None
    assert spoken_between("[card]", [replace_text(word) for word in final.words], heard) is None


def replace_text(word: Word) -> Word:
    return word._replace(text="gone")


def test_the_timeline_places_everything_in_proportion() -> None:
    drawn = timeline(PAGE)
    price = next(box for box in drawn.voices if box.line == "u19")
    assert abs(price.x - 100 * 165 / 216) < 0.01
    assert [box.kind for box in drawn.stages] == [
        "opening", "discovery", "demo", "pricing", "negotiation", "closing",
    ]  # fmt: skip
    assert abs(sum(box.width for box in drawn.stages) + drawn.stages[0].x - 100) < 0.1
    assert [pin.text for pin in drawn.pins] == ["", "1", "2", "3", "4", "5"]
    everything = [*drawn.voices, *drawn.stages, *drawn.cards, *drawn.gaps]
    assert all(0 <= box.x <= 100 and 0 <= box.width <= 100 for box in everything)
    assert [tick.text for tick in drawn.ticks][:3] == ["0:00", "0:30", "1:00"]
    assert len({lane.y for lane in drawn.lanes}) == len(drawn.lanes)


def test_cards_that_would_touch_stand_in_two_lanes() -> None:
    first = PAGE.cards[0]
    page = replace(PAGE, entries=(first, replace(first, name="c9", t=first.t + 0.5)))
    top, below = timeline(page).pins
    assert top.y < below.y
