"""What the overlay shows: messages of the feed and of the keys -> State -> View. Pure: no Qt, no clock.

`now` is the overlay's own monotonic clock in seconds; the call's time is told from the events and what passed since.
The call itself is added up by overlay/screen.py, which the terminal shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import assert_never

from asr.events import Advice, Event, Recovered, Word
from cues.events import STAGE, Action, CallEnded, RepAction
from overlay.hearing import GIVEN, REMINDED
from overlay.screen import CardView, Screen, clock_time, progress, show
from overlay.sides import live_line
from overlay.view import Card, CardPart, Hint, Mood, Notice, View

MOST_CARDS = 2
MOST_NOTICES = 2
WHY_WORDS = 5
"""Words of the reason that a card shows; the last ones, for a trigger ends where the card came."""
PASSING_S = 8.0
"""How long a notice stays that needs no mending."""

TELL_THEM = "Tell the other side that this call is written down, and ask if they agree."
UNHEARD: Mapping[str, str] = {"rep": "You are not heard", "buyer": "The buyer is not heard"}
"""By the part of the fault that tells of it."""
KEY_DOES: Mapping[Action, str] = {
    "dismiss": "dismiss the card",
    "pin": "keep the card",
    "help": "show all of it",
    "pause": "pause listening",
}


class Link(Enum):
    """How the overlay stands with the engine."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    RESTARTING = "restarting"
    """The engine died; until its parent says CONNECTED, for the weights must be loaded again."""
    FINISHING = "finishing"
    GAVE_UP = "gave up"
    """The engine died too often and stays off."""


@dataclass(frozen=True)
class Restored:
    """The feed's first message after connecting: the events that rebuild the present state."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class Said:
    """A sentence for the rep from the overlay's own parts: a refused command, a key that is taken."""

    sentence: str


@dataclass(frozen=True)
class KeyNames:
    """The keys that work, as a person writes them; empty where global keys do not work."""

    names: tuple[tuple[Action, str], ...]


Message = Event | Restored | Said | KeyNames | Link


@dataclass(frozen=True)
class State:
    """Everything that decides what is shown, besides the time."""

    link: Link = Link.CONNECTING
    screen: Screen = field(default_factory=Screen)
    heard_at: float = 0.0
    """`now` when the call's time was `screen.t`."""
    passing: tuple[tuple[str, float], ...] = ()
    """Notices that go by themselves, each with the time when it goes."""
    keys: tuple[tuple[Action, str], ...] = ()
    ended: bool = False
    choosing: tuple[str, ...] = ()
    """While the rep chooses a stage: the one that stands when the presses stop, then those that more presses give."""


@dataclass(frozen=True)
class Command:
    """What the overlay asks of the engine; the JSON form goes over the feed."""

    action: Action
    target: str | None = None
    value: str | None = None


def after(state: State, message: Message, now: float) -> State:
    """The state after one more message."""
    if isinstance(message, Event):
        return _heard(state, message, now)
    if isinstance(message, Restored):
        fresh = replace(state, screen=Screen(), link=_link(state.link, None), ended=False)
        for event in message.events:
            fresh = _heard(fresh, event, now)
        # What was told in passing before an engine died is not told again.
        return replace(fresh, passing=state.passing) if state.screen.source else fresh
    if isinstance(message, Said):
        return _pass(state, message.sentence, now)
    if isinstance(message, KeyNames):
        return replace(state, keys=message.names)
    if isinstance(message, Link):
        return replace(state, link=_link(state.link, message))
    assert_never(message)


def command(state: State, action: Action) -> Command | None:
    """What pressing a key asks of the engine; None where there is nothing to act on."""
    cards = state.screen.cards[-MOST_CARDS:]
    if action == "dismiss":
        return Command("dismiss", cards[-1].shown.card) if cards else None
    if action == "pin":
        loose = [card for card in cards if not card.pinned]
        return Command("pin", loose[-1].shown.card) if loose else None
    if action == "help":
        stepped_back = [card for card in cards if card.help != "full"]
        return Command("help", stepped_back[-1].shown.card if stepped_back else None)
    if action == "pause":
        return Command("resume" if state.screen.hearing.paused else "pause")
    if action == "consent":
        return Command("consent", value=GIVEN) if state.screen.hearing.waits else None
    return Command(action)


def choose(state: State) -> State:
    """The key that corrects the stage was pressed: each press gives the next likely one, the present one last.

    On the reference calls that takes 1.6 presses to the right one, and the order of labels.yaml would take 3.8.
    """
    offered = state.choosing or state.screen.stages
    return state if state.ended else replace(state, choosing=(*offered[1:], *offered[:1]))


def settle(state: State) -> tuple[State, Command | None]:
    """The presses have stopped: the stage that was chosen stands, and the engine is to know it."""
    if not state.choosing:
        return state, None
    value = f"{STAGE}{state.choosing[0]}"
    # Not only when the engine says it back: until then the old stage would be seen once more.
    heard = state.link is Link.CONNECTED
    screen = show(state.screen, RepAction(action="correct", value=value)) if heard else state.screen
    return replace(state, choosing=(), screen=screen), Command("correct", value=value)


def view(state: State, now: float) -> View:
    """What to draw at `now`."""
    mood, status = _status(state)
    t = state.screen.t + max(0.0, now - state.heard_at)
    listening = mood == "listening" or (mood == "broken" and state.link is Link.CONNECTED)
    lines = (
        live_line(state.screen, "buyer", t, listening=listening),
        live_line(state.screen, "rep", t, listening=listening),
    )
    spoken = mood in ("listening", "broken") and any(line.firm or line.soft or line.note for line in lines)
    return View(
        mood=mood,
        status=status,
        stage=_stage(state),
        choosing=bool(state.choosing),
        lines=lines if spoken else (),
        hints=() if spoken else _hints(state, mood),
        cards=tuple(_card(state.screen, card, t) for card in reversed(state.screen.cards[-MOST_CARDS:])),
        notices=_notices(state, now),
    )


def _heard(state: State, event: Event, now: float) -> State:
    if isinstance(event, Advice | Recovered):
        state = _pass(state, event.message, now)
    if isinstance(event, RepAction) and event.value == REMINDED:
        state = _pass(state, TELL_THEM, now)
    return replace(
        state, screen=show(state.screen, event), heard_at=now, ended=state.ended or isinstance(event, CallEnded)
    )


def _link(old: Link, new: Link | None) -> Link:
    """How the overlay stands after it was told `new`, or (None) after the feed sent the state."""
    if new is None:
        # The parent says when an engine that was started again listens; one that died in the end comes back to end.
        return old if old in (Link.RESTARTING, Link.FINISHING) else Link.CONNECTED
    if old is Link.FINISHING or (new is Link.LOST and old is not Link.CONNECTED):
        # A feed that can't be reached yet is no new loss; neither is one that goes away while the call is finished.
        return old if new is not Link.GAVE_UP else new
    return new


def _pass(state: State, sentence: str, now: float) -> State:
    kept = tuple((text, until) for text, until in state.passing if until > now and text != sentence)
    return replace(state, passing=(*kept, (sentence, now + PASSING_S))[-MOST_NOTICES:])


def _status(state: State) -> tuple[Mood, str]:
    if state.ended:
        return "done", "Call over"
    if state.link is Link.CONNECTING:
        return "waiting", "Starting"
    if state.link is Link.FINISHING:
        return "waiting", "Finishing"
    if state.link is not Link.CONNECTED:
        return "broken", "Not listening"
    if state.screen.hearing.waits:
        return "waiting", "Waiting for consent"
    if state.screen.hearing.paused:
        return "paused", "Paused"
    if not state.screen.source:
        return "waiting", "Getting ready"
    unheard = state.screen.faults.keys() & UNHEARD.keys()
    if unheard:
        return "broken", UNHEARD[unheard.pop()] if len(unheard) == 1 else "Nothing is heard"
    return "listening", "Listening"


def _hints(state: State, mood: Mood) -> tuple[Hint, ...]:
    if mood == "waiting" and state.screen.hearing.waits:
        agreed = tuple(Hint(key, "they agreed") for action, key in state.keys if action == "consent")
        return (Hint("", "Nothing is heard until the other side agrees."), *agreed)
    if mood == "paused":
        resume = tuple(Hint(key, "listen again") for action, key in state.keys if action == "pause")
        return (Hint("", "Nothing is heard."), *resume)
    if mood == "listening":
        does = {action: what for action, what in KEY_DOES.items() if action != "help" or state.screen.off_book}
        keys = tuple(Hint(key, does[action]) for action, key in state.keys if action in does)
        return (*(keys or (Hint("", "Nothing said yet"),)), *_progress(state.screen))
    if mood == "done" and state.screen.summary is not None:
        summary = state.screen.summary
        cards = f"{summary.cards} {'card' if summary.cards == 1 else 'cards'}"
        return (Hint("", f"{clock_time(summary.duration_s)} long, {cards}"), *_progress(state.screen))
    return ()


def _progress(screen: Screen) -> tuple[Hint, ...]:
    sentence = progress(screen.off_book)
    return (Hint("", sentence),) if sentence else ()


def _stage(state: State) -> str:
    """With a question mark while it is only chosen."""
    name = f"{state.choosing[0]}?" if state.choosing else state.screen.stage or ""
    return name.replace("_", " ").capitalize()


def _card(screen: Screen, card: CardView, t: float) -> Card:
    content = card.shown.content
    labelled = (("Ask", content.ask), ("Say", content.say), ("Proof", content.proof), ("Avoid", content.avoid))
    parts = tuple(CardPart(label, _flat(text)) for label, text in labelled if text)[:3]
    return Card(
        id=card.shown.card,
        headline=_flat(content.title),
        parts=parts if card.help == "full" else (),
        why=_why(screen, card),
        age=_age(t - card.shown.t),
        pinned=card.pinned,
        dot=card.help == "dot",
    )


def _flat(text: str) -> str:
    """Without the line breaks of its YAML."""
    return " ".join(text.split())


def _why(screen: Screen, card: CardView) -> str:
    if not card.shown.because:
        return ""
    spoken = {**screen.running, **dict(screen.lines)}.get(card.shown.utterance)
    who = "You said" if spoken is not None and spoken.speaker == "rep" else "Heard"
    return f"{who} “{_last(card.shown.because)}”"


def _last(words: tuple[Word, ...]) -> str:
    text = " ".join(word.text for word in words[-WHY_WORDS:]).strip(" ,.;:")
    return text if len(words) <= WHY_WORDS else "… " + text


def _age(seconds: float) -> str:
    """Coarse, so that nothing ticks under the eye."""
    if seconds < 10:
        return "now"
    if seconds < 60:
        return f"{int(seconds // 10) * 10} s ago"
    return f"{int(seconds // 60)} min ago"


def _notices(state: State, now: float) -> tuple[Notice, ...]:
    faults = [m for part, m in state.screen.faults.items() if not (state.ended and part in UNHEARD)]
    grave = [Notice(sentence, grave=True) for sentence in (*_lost(state), *reversed(faults))]
    more = len(grave) - MOST_NOTICES
    if more > 0:
        grave = [*grave[: MOST_NOTICES - 1], Notice(f"{more + 1} more things do not work.", grave=True)]
    light = [Notice(text, grave=False) for text, until in state.passing if until > now]
    return (*grave, *light)[:MOST_NOTICES]


def _lost(state: State) -> tuple[str, ...]:
    if state.link is Link.GAVE_UP:
        return ("The listening part stopped too often and stays off. What was heard until then is kept.",)
    if state.ended or state.link not in (Link.LOST, Link.RESTARTING):
        return ()
    return ("The listening part stopped. It is being started again, and your call goes on.",)
