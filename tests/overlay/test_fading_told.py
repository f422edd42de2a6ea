"""What is said of a card that stepped back: `offbook why`, the entries of the review; and of `replay --fading`."""

from dataclasses import replace
from pathlib import Path

import pytest
from calls import a_call
from user import DEMO_PLAYBOOK

from asr.errors import BadInputError
from cues.events import AnyEvent, CardShown, FadingTerms, Opportunity
from cues.rank import NO_HISTORY, History
from cues.skill import Moment
from overlay import cli
from overlay.engine_messages import Live, Start
from overlay.event_log import history_of
from overlay.review.card_entries import entries
from overlay.why import TermLine, believed, explain

TERMS = FadingTerms(p=0.58, low=0.41, high=0.77, moments=14, days=3.2)
SENTENCE = "So likely the rep does it unprompted (41% to 77%), by 14 earlier moments, the last 3 days ago."


def stepped_back() -> list[AnyEvent]:
    """A call with one card, as a dot."""
    return [
        replace(e, fading=TERMS, help="dot")
        if isinstance(e, Opportunity)
        else replace(e, help="dot")
        if isinstance(e, CardShown)
        else e
        for e in a_call("c")
    ]


@pytest.mark.parametrize("name", ["c1", "o1"])
def test_why_says_what_fading_went_by(name: str) -> None:
    assert explain(stepped_back(), name).lines == (TermLine("fading", "0.58", SENTENCE),)


def test_why_says_how_little_of_the_card_was_shown() -> None:
    assert explain(stepped_back(), "c1").head.endswith(": a dot alone.")
    assert explain(a_call("c"), "c1").lines == ()


def test_of_a_rep_without_history_it_is_said_to_be_a_guess() -> None:
    assert believed(replace(TERMS, moments=0, days=None)).endswith("a guess, for no earlier moment is known.")


def test_the_review_says_it_of_the_card() -> None:
    assert entries(stepped_back())[0].notes == ("shown as a dot", SENTENCE)


class Log:
    """A journal that knows the rep."""

    def __init__(self, known: History) -> None:
        self.known = known

    def history(self, rep: str, before: object) -> History:
        return self.known


@pytest.mark.parametrize(("live", "fading", "acts"), [(Live(), False, True), (None, True, True), (None, False, False)])
def test_cards_fade_in_live_calls_and_in_recordings_that_ask_for_it(
    live: Live | None, fading: bool, acts: bool
) -> None:
    known = History(moments={"quantify-impact": (Moment(1.0, "missed", "none"),)})
    start = Start((), DEMO_PLAYBOOK, "base", live, fading=fading)
    found = history_of(start, [], Log(known), lambda report: None)  # type: ignore[arg-type]
    assert found == (known if acts else NO_HISTORY)


def test_fading_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="leave --no-journal out"):
        cli.replay(tmp_path / "call.wav", speed="max", fading=True, no_journal=True)
