"""Events of one small call, for the tests of what is shown."""

from asr.events import Event, Fault, Hypothesis, Speaker, Utterance, Word
from cues.events import CallEnded, CallStarted, CardContent, CardShown, PlaybookVersion, Summary
from models.events import Reading

STARTED = CallStarted(
    started="2026-11-23T10:00:00+00:00",
    rep="sam",
    deal=None,
    source="call.opus",
    channels=("rep", "buyer"),
    playbook=PlaybookVersion("Northwind", None, "0"),
    models=(),
)
ZENDESK = CardContent(
    "They run Zendesk today",
    ask="What made you start looking beyond it?",
    say="Macros, views and history come along; most desks move in nine days.",
    avoid="Running Zendesk down. They chose it.",
)
HANDWORK = CardContent(
    "Put a number on the handwork",
    ask="How many hours a week does that take, and whose?",
    say="Reports in Cloud build themselves, across every queue.",
    proof="Contoso won back eleven hours a week.",
)
NOT_HEARD = Fault(
    t=50.0, part="buyer", message="The buyer's side has been silent since the call began. Is the sound on?"
)

BUYER_SAYS = "So right now we run Zendesk for support, and every Friday somebody copies all the"


def words(text: str, start: float = 0.0) -> tuple[Word, ...]:
    """A quarter of a second each."""
    return tuple(Word(word, start + k / 4, start + (k + 1) / 4, 0.9) for k, word in enumerate(text.split()))


def said(speaker: Speaker, text: str, at: float, name: str = "") -> Utterance:
    """A final utterance that begins `at`."""
    end = at + len(text.split()) / 4
    channel = 0 if speaker == "rep" else 1
    return Utterance(
        t=end + 0.5, id=name or f"u{at}", channel=channel, speaker=speaker, audio_start=at, audio_end=end, text=text,
        words=words(text, at),
    )  # fmt: skip


def hearing(channel: int, stable: str, rest: str, at: float, name: str = "h") -> Hypothesis:
    """A running utterance that began `at`."""
    end = at + len((stable + " " + rest).split()) / 4
    return Hypothesis(
        t=end + 0.3, utterance=name, channel=channel, audio_start=at, audio_end=end, stable=stable, rest=rest
    )


def reading(utterance: str, stage: str, t: float) -> Reading:
    return Reading(t=t, utterance=utterance, partial=False, person=None, stage={stage: 0.8, "opening": 0.2}, role={})


def card(name: str, content: CardContent, because: str, t: float, utterance: str = "u1") -> CardShown:
    """A card shown at `t` for the words `because`."""
    return CardShown(
        t=t, cue=name, card=name, content=content, opportunity=None, utterance=utterance,
        because=words(because, t - 2), audio_end=t - 0.5, rank=1.0,
    )  # fmt: skip


def ended(t: float) -> CallEnded:
    return CallEnded(t=t, reason="over", summary=Summary(t, 20, 0.5, "closing", ("Zendesk",), 4, 3, {"prompted": 2}))


def talk() -> list[Event]:
    """Both sides have spoken, and the buyer goes on."""
    return [
        STARTED,
        said("rep", "Walk me through what happens when a ticket comes in today.", 40.0, "u0"),
        reading("u0", "discovery", 43.5),
        hearing(1, BUYER_SAYS, "numbers by hand", 44.0, "u1"),
    ]
