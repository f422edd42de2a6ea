"""What the overlay shows, from messages alone: no Qt here."""

import sys
from dataclasses import replace

import pytest
from call_events import HANDWORK, NOT_HEARD, STARTED, ZENDESK, card, ended, hearing, reading, said, talk

from asr.events import Event, Fault, Levels, Recovered
from cues.events import Action, CardContent, CardHidden, Help, OffBook, RepAction
from overlay import presenter
from overlay.presenter import (
    PASSING_S,
    Command,
    KeyNames,
    Link,
    Message,
    Restored,
    Said,
    State,
    choose,
    command,
    settle,
    view,
)
from overlay.sides import LIVE_CHARS, QUIET_S
from overlay.view import CardPart, Hint, LiveLine, Notice, View

KEYS = KeyNames((("dismiss", "Ctrl+Alt+X"), ("pause", "Ctrl+Alt+Space")))
FIRST = card("c1", ZENDESK, "so right now we run Zendesk for support", 47.0)
SECOND = card("c2", HANDWORK, "by hand", 60.0)


def after(*messages: Message, state: State | None = None) -> State:
    state = state or State()
    for message in messages:
        state = presenter.after(state, message, 0.0)
    return state


def in_call(*events: Event) -> State:
    return after(Restored((STARTED, *events)))


def shown(state: State, now: float = 0.0) -> View:
    return view(state, now)


def pin(target: str | None) -> RepAction:
    return RepAction(action="pin", target=target, t=48.0)


@pytest.mark.parametrize("module", ["overlay.presenter", "overlay.cli"])
def test_qt_is_not_needed(module: str) -> None:
    """Neither for what is shown, nor for a call without a window."""
    import subprocess

    code = f"import {module}, sys; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_before_the_engine_answers_it_is_starting() -> None:
    assert (shown(State()).mood, shown(State()).status) == ("waiting", "Starting")


def test_connected_before_the_call_began_it_gets_ready() -> None:
    assert shown(after(Restored(()))).status == "Getting ready"


def test_it_says_that_it_listens_and_which_keys_there_are() -> None:
    seen = shown(after(KEYS, state=in_call()))
    assert (seen.mood, seen.status) == ("listening", "Listening")
    assert seen.hints == (Hint("Ctrl+Alt+X", "dismiss the card"), Hint("Ctrl+Alt+Space", "pause listening"))


def test_the_stage_stands_as_a_word() -> None:
    assert shown(in_call(reading("u1", "discovery", 3.0))).stage == "Discovery"


def in_discovery(*messages: Message) -> State:
    """Where the last reading was not sure."""
    unsure = replace(reading("u1", "", 3.0), stage={"pricing": 0.1, "discovery": 0.6, "demo": 0.3})
    return after(*messages, state=in_call(unsure))


def test_each_press_offers_the_next_likely_stage_and_the_last_one_stands() -> None:
    state, offered = in_discovery(), []
    for _ in range(4):
        state = choose(state)
        offered.append(shown(state).stage)
    assert offered == ["Demo?", "Pricing?", "Discovery?", "Demo?"]
    state, asked = settle(state)
    assert asked == Command("correct", value="stage:demo")
    assert shown(state).stage == "Demo"
    assert settle(state) == (state, None)


def test_what_is_offered_stays_in_its_order_whatever_is_read_meanwhile() -> None:
    state = after(reading("u2", "closing", 5.0), state=choose(in_discovery()))
    assert shown(state).stage == "Demo?"
    assert shown(choose(state)).stage == "Pricing?"


def test_the_stage_by_the_rep_stands_until_the_next_reading() -> None:
    state = in_discovery(RepAction(action="correct", value="stage:closing", t=4.0))
    assert shown(state).stage == "Closing"
    assert shown(choose(state)).stage == "Discovery?"
    assert shown(after(reading("u2", "demo", 5.0), state=state)).stage == "Demo"


def test_a_stage_that_could_not_be_said_to_the_engine_does_not_stand() -> None:
    state, asked = settle(choose(in_discovery(Link.LOST)))
    assert asked == Command("correct", value="stage:demo")
    assert shown(state).stage == "Discovery"


@pytest.mark.parametrize("state", [State(), in_call(), in_discovery(ended(9.0))])
def test_where_no_stage_is_read_there_is_none_to_correct(state: State) -> None:
    assert settle(choose(state)) == (state, None)


def test_each_side_has_its_words_firm_and_soft() -> None:
    buyer, rep = shown(in_call(hearing(1, "we run", "Zendesk", 2.0), said("rep", "I see.", 1.0))).lines
    assert buyer == LiveLine("Buyer", "we run", "Zendesk", running=True)
    assert rep == LiveLine("You", "I see.", "", running=False)


def test_a_long_line_keeps_its_end() -> None:
    long = "word " * 500 + "end"
    buyer, _ = shown(in_call(hearing(1, long, "", 2.0))).lines
    assert buyer.firm.endswith("word end")
    assert len(buyer.firm) == LIVE_CHARS


def test_a_finished_line_goes_after_a_while() -> None:
    state = in_call(said("buyer", "We run Zendesk.", 1.0))
    assert shown(state, QUIET_S - 1).lines
    assert not shown(state, QUIET_S + 1).lines


def test_a_card_has_headline_three_lines_and_why_it_came() -> None:
    (first,) = shown(in_call(*talk()[1:], FIRST)).cards
    assert first.headline == "They run Zendesk today"
    assert [part.label for part in first.parts] == ["Ask", "Say", "Avoid"]
    assert first.why == "Heard “… we run Zendesk for support”"


def test_a_card_that_the_rep_caused_says_so() -> None:
    own = in_call(said("rep", "I can send a quote.", 1.0, "u1"), card("c1", ZENDESK, "send a quote.", 3.0))
    assert shown(own).cards[0].why == "You said “send a quote”"


def test_of_four_lines_three_are_shown() -> None:
    content = CardContent("Title", ask="a", say="b", proof="c", avoid="d")
    parts = shown(in_call(card("c1", content, "x", 1.0))).cards[0].parts
    assert parts == (CardPart("Ask", "a"), CardPart("Say", "b"), CardPart("Proof", "c"))


def test_line_breaks_of_the_playbook_are_no_line_breaks_of_the_card() -> None:
    content = CardContent("Two\nlines", ask="one\n  two\n")
    (only,) = shown(in_call(card("c1", content, "x", 1.0))).cards
    assert (only.headline, only.parts[0].text) == ("Two lines", "one two")


def test_the_newest_card_comes_first_and_two_at_most() -> None:
    third = card("c3", ZENDESK, "x", 70.0)
    assert [c.id for c in shown(in_call(FIRST, SECOND, third)).cards] == ["c3", "c2"]


def test_a_hidden_card_is_gone() -> None:
    hidden = CardHidden(t=61.0, cue="c1", card="c1", opportunity=None, reason="done")
    assert [c.id for c in shown(in_call(FIRST, SECOND, hidden)).cards] == ["c2"]


def test_a_pinned_card_says_so() -> None:
    assert [c.pinned for c in shown(in_call(FIRST, SECOND, pin("c1"))).cards] == [False, True]
    assert [c.pinned for c in shown(in_call(FIRST, SECOND, pin(None))).cards] == [True, False]


@pytest.mark.parametrize(
    ("passed", "age"), [(0, "now"), (9, "now"), (25, "20 s ago"), (59, "50 s ago"), (150, "2 min ago")]
)
def test_the_age_is_coarse(passed: float, age: str) -> None:
    assert shown(in_call(FIRST), passed).cards[0].age == age


def test_a_fault_stays_until_it_is_mended_and_the_mending_passes() -> None:
    broken = in_call(NOT_HEARD)
    assert shown(broken, 1000.0).notices == (Notice(NOT_HEARD.message, grave=True),)
    mended = presenter.after(broken, Recovered(part="buyer", message="The buyer is heard again."), 5.0)
    assert shown(mended, 6.0).notices == (Notice("The buyer is heard again.", grave=False),)
    assert shown(mended, 6.0 + PASSING_S).notices == ()


def test_many_faults_are_counted() -> None:
    faults = [NOT_HEARD.__class__(part=str(k), message=f"fault {k}") for k in range(4)]
    assert [n.text for n in shown(in_call(*faults)).notices] == ["fault 3", "3 more things do not work."]


def test_a_refused_command_is_said_and_passes() -> None:
    state = after(Said("That card is gone."), Said("That card is gone."), state=in_call())
    assert shown(state).notices == (Notice("That card is gone.", grave=False),)


def test_when_the_engine_is_lost_it_says_so_and_the_card_stays() -> None:
    lost = after(Link.LOST, state=in_call(*talk()[1:], FIRST))
    seen = shown(lost)
    assert (seen.mood, seen.status) == ("broken", "Not listening")
    assert "started again" in seen.notices[0].text
    assert [c.id for c in seen.cards] == ["c1"]
    assert not any(line.running for line in seen.lines)


def test_the_state_of_the_engine_that_came_back_counts() -> None:
    back = after(Link.LOST, Restored((STARTED, SECOND)), state=in_call(FIRST))
    assert shown(back).mood == "listening"
    assert [c.id for c in shown(back).cards] == ["c2"]


def test_an_engine_that_was_started_again_listens_only_when_its_parent_says_so() -> None:
    loading = after(Link.LOST, Link.RESTARTING, Link.LOST, Restored((STARTED, SECOND)), state=in_call(FIRST))
    assert (shown(loading).mood, shown(loading).status) == ("broken", "Not listening")
    assert [c.id for c in shown(loading).cards] == ["c2"]
    assert shown(after(Link.CONNECTED, state=loading)).mood == "listening"


def test_a_call_that_is_being_finished_stays_so_whatever_its_engine_does() -> None:
    finishing = after(Link.FINISHING, Link.RESTARTING, Restored((STARTED,)), Link.CONNECTED, state=in_call(FIRST))
    assert shown(finishing).status == "Finishing"


def test_an_engine_that_is_given_up_is_said() -> None:
    seen = shown(after(Link.RESTARTING, Link.GAVE_UP, Link.LOST, state=in_call(FIRST)))
    assert (seen.mood, seen.status) == ("broken", "Not listening")
    assert "stays off" in seen.notices[0].text
    assert seen.notices[0].grave


def test_a_feed_that_closes_while_finishing_is_no_loss() -> None:
    assert shown(after(Link.FINISHING, Link.LOST, state=in_call())).status == "Finishing"
    assert shown(after(Link.LOST)).status == "Starting"


def test_paused_is_said_with_the_key_that_ends_it() -> None:
    seen = shown(after(KEYS, RepAction(action="pause", t=5.0), state=in_call(*talk()[1:])))
    assert (seen.mood, seen.status, seen.lines) == ("paused", "Paused", ())
    assert seen.hints == (Hint("", "Nothing is heard."), Hint("Ctrl+Alt+Space", "listen again"))
    assert shown(in_call(RepAction(action="pause"), RepAction(action="resume"))).mood == "listening"


def test_the_end_of_the_call_stays_the_end() -> None:
    over = after(ended(754.0), Link.LOST, state=in_call(FIRST))
    seen = shown(over)
    assert (seen.mood, seen.status, seen.cards, seen.notices) == ("done", "Call over", (), ())
    assert seen.hints == (Hint("", "12:34 long, 4 cards"),)


@pytest.mark.parametrize(
    ("action", "events", "asked"),
    [
        ("dismiss", (FIRST, SECOND), Command("dismiss", "c2")),
        ("dismiss", (), None),
        ("pin", (FIRST, SECOND), Command("pin", "c2")),
        ("pin", (FIRST, SECOND, pin("c2")), Command("pin", "c1")),
        ("pin", (FIRST, pin("c1")), None),
        ("pause", (), Command("pause")),
        ("pause", (RepAction(action="pause"),), Command("resume")),
        ("mark", (), Command("mark")),
    ],
)
def test_a_key_asks_for_what_the_rep_sees(action: Action, events: tuple[Event, ...], asked: Command | None) -> None:
    assert command(in_call(*events), action) == asked


def test_a_side_that_is_not_heard_is_said_while_the_other_goes_on() -> None:
    lost = Fault(part="rep", message="No sound from you: the microphone “Headset” went away.", t=9.0)
    levels = Levels(t=9.0, rep=-120.0, buyer=-20.0, rep_heard_t=2.0, buyer_heard_t=8.9)
    seen = shown(in_call(levels, lost))
    assert (seen.mood, seen.status) == ("broken", "You are not heard")
    assert [(line.speaker, line.note) for line in seen.lines] == [("Buyer", ""), ("You", "last heard 5 s ago")]
    assert seen.notices == (Notice(lost.message, grave=True),)
    both = in_call(levels, lost, Fault(part="buyer", message="No sound from the buyer.", t=9.0))
    assert shown(both).status == "Nothing is heard"
    mended = after(Recovered(part="rep", message="You are heard again.", t=10.0), state=in_call(levels, lost))
    assert (shown(mended).mood, shown(mended).status) == ("listening", "Listening")


def test_when_the_call_is_over_nobody_needs_to_be_heard() -> None:
    lost = Fault(part="buyer", message="No sound from the buyer.", t=9.0)
    assert shown(in_call(lost, ended(10.0))).notices == ()


def test_a_consent_that_is_required_is_waited_for() -> None:
    keys = KeyNames((("consent", "Ctrl+Alt+Y"),))
    waiting = after(keys, Restored((replace(STARTED, consent="require"),)))
    seen = shown(waiting)
    assert (seen.mood, seen.status) == ("waiting", "Waiting for consent")
    assert seen.hints == (
        Hint("", "Nothing is heard until the other side agrees."),
        Hint("Ctrl+Alt+Y", "they agreed"),
    )
    assert command(waiting, "consent") == Command("consent", value="given")
    agreed = after(RepAction(action="consent", value="given", t=1.0), state=waiting)
    assert shown(agreed).status == "Listening"
    assert command(agreed, "consent") is None


def stepped_back(help: Help) -> State:
    return in_call(replace(FIRST, help=help))


def test_a_card_that_has_stepped_back_shows_its_title_or_a_dot_alone() -> None:
    headline, dot = (shown(stepped_back(help)).cards[0] for help in ("headline", "dot"))  # type: ignore[arg-type]
    assert (headline.headline, headline.parts, headline.dot) == (ZENDESK.title, (), False)
    assert (dot.headline, dot.parts, dot.dot) == (ZENDESK.title, (), True)


@pytest.mark.parametrize("help", ["headline", "dot"])
def test_the_key_asks_for_all_of_it_and_then_all_of_it_is_shown(help: Help) -> None:
    state = stepped_back(help)
    assert command(state, "help") == Command("help", "c1")
    opened = after(RepAction(action="help", target="c1", t=50.0), state=state)
    assert shown(opened).cards[0] == shown(in_call(FIRST)).cards[0]
    assert command(opened, "help") == Command("help", None)


def test_the_rep_sees_how_far_they_are_at_the_start_and_in_the_end() -> None:
    state = in_call(replace(STARTED, off_book=OffBook(4, 6)))
    told = Hint("", "You are off book on 4 of 6 behaviours.")
    assert told in shown(after(KEYS, state=state)).hints
    over = ended(9.0)
    assert told in shown(after(replace(over, summary=replace(over.summary, off_book=OffBook(4, 6))), state=state)).hints


@pytest.mark.parametrize("off_book", [None, OffBook(0, 6)])
def test_before_the_first_behaviour_nothing_is_said_of_it(off_book: OffBook | None) -> None:
    assert shown(in_call(replace(STARTED, off_book=off_book))).hints == (Hint("", "Nothing said yet"),)
