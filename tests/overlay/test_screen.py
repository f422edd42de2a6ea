"""What the terminal shows, from events alone."""

import io
from dataclasses import replace

from rich.console import Console

from asr.events import Event, Fault, Hypothesis, Utterance, Word
from cues.events import (
    CallEnded,
    CallStarted,
    CardContent,
    CardHidden,
    CardShown,
    PlaybookVersion,
    RepAction,
    Summary,
)
from models.events import Mention, Reading
from overlay.screen import LINES, Screen, found_in, show
from overlay.terminal import draw, five_lines

WORDS = (Word("We", 1.0, 1.2, 0.9), Word("use", 1.2, 1.5, 0.9), Word("Zendesk.", 1.5, 2.0, 0.9))
STARTED = CallStarted(
    started="2026-11-23T10:00:00+00:00",
    rep="sam",
    deal=None,
    source="call.opus",
    channels=("rep", "buyer"),
    playbook=PlaybookVersion("Northwind", None, "0"),
    models=(),
)
HEARD = Utterance(
    t=2.5, id="u1", channel=1, speaker="buyer", audio_start=1.0, audio_end=2.0, text="We use Zendesk.", words=WORDS
)
CARD = CardShown(
    t=2.6,
    cue="zendesk",
    card="c1",
    content=CardContent("They run Zendesk today", ask="What made you start looking?"),
    opportunity="o1",
    utterance="u1",
    because=WORDS[2:],
    audio_end=2.0,
    rank=1.0,
)


def reading(stage: str) -> Reading:
    return Reading(
        t=2.6,
        utterance="u1",
        partial=False,
        person=None,
        stage={stage: 0.8, "opening": 0.2},
        role={},
        competitors=(Mention("Zendesk", "Zendesk", "incumbent", 0.9),),
        moments={"pain": 0.7, "budget": 0.1},
    )


def after(*events: Event) -> Screen:
    screen = Screen()
    for event in events:
        screen = show(screen, event)
    return screen


def text_of(screen: Screen) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(draw(screen))
    out = console.file
    assert isinstance(out, io.StringIO)
    return out.getvalue()


def test_running_words_give_way_to_the_final_text() -> None:
    running = Hypothesis(utterance="u1", channel=1, audio_start=1.0, audio_end=2.0, stable="We use", rest="Zen")
    assert "We use Zen" in text_of(after(STARTED, running))
    final = text_of(after(STARTED, running, HEARD))
    assert "We use Zendesk." in final
    assert "We use Zen " not in final


def test_readings_stand_beside_the_words() -> None:
    text = text_of(after(STARTED, HEARD, reading("discovery")))
    assert "discovery 80%" in text
    assert "Zendesk (incumbent)" in text
    assert "pain" in text
    assert "budget" not in text


def test_a_role_says_whose_it_is_where_that_is_known() -> None:
    shown = replace(reading("discovery"), role_evidence={"champion": 0.8, "none": 0.2})
    assert found_in(shown)[-1] == "champion"
    assert found_in(replace(shown, person="Laura"))[-1] == "Laura: champion"


def test_the_stage_by_the_rep_is_shown_at_once() -> None:
    said = RepAction(action="correct", value="stage:pricing")
    assert "pricing 100%" in text_of(after(STARTED, HEARD, reading("discovery"), said))
    assert "pricing 100%" in text_of(after(STARTED, said))


def test_a_card_says_what_to_ask_why_it_came_and_how_late_it_was() -> None:
    text = text_of(after(STARTED, HEARD, CARD))
    for part in ("They run Zendesk today", "What made you start looking?", "“Zendesk.”", "0.6 s"):
        assert part in text


def test_a_hidden_card_is_gone() -> None:
    hidden = CardHidden(t=9.0, cue="zendesk", card="c1", opportunity="o1", reason="done")
    assert "They run" not in text_of(after(STARTED, HEARD, CARD, hidden))


def test_a_fault_is_said_in_its_own_words() -> None:
    assert "The file breaks off." in text_of(after(STARTED, Fault(part="source", message="The file breaks off.")))


def test_only_the_last_lines_stay() -> None:
    many = [
        Utterance(id=f"u{k}", channel=0, speaker="rep", audio_start=k, audio_end=k + 1, text=f"line{k}x", words=WORDS)
        for k in range(50)
    ]
    text = text_of(after(STARTED, *many))
    assert "line49x" in text
    assert f"line{49 - LINES}x" not in text


def test_markup_that_was_said_is_shown_as_text() -> None:
    said = Utterance(
        id="u1", channel=0, speaker="rep", audio_start=0, audio_end=1, text="[bold]yes[/bold]", words=WORDS
    )
    assert "[bold]yes[/bold]" in text_of(after(STARTED, said))


def test_the_summary_has_five_lines() -> None:
    summary = Summary(95.0, 20, 0.5, "closing", ("Zendesk",), 4, 3, {"prompted": 2, "missed": 1})
    lines = five_lines(summary, (0.5, 0.7, 0.9))
    assert len(lines) == 5
    assert "1:35" in lines[0]
    assert "0.7 s" in lines[3]
    assert "2 prompted" in lines[4]
    assert after(STARTED, CallEnded(t=95.0, reason="over", summary=summary)).summary == summary
