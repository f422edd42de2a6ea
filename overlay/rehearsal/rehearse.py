"""A call without sound: words that are given, read by the real reader, stepped by the real cue engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asr.events import Speaker, Utterance, Word
from asr.number_form import in_one_form
from asr.redact import redact
from cues.events import AnyEvent, RepAction
from cues.playbook import Playbook
from models.encoder import Encoder
from models.own_heads import InForce, heads_in_force
from overlay.call_setup import CallSetup, reader_for, reading_versions
from overlay.engine import Call

SOURCE = "a rehearsal"
BEGINS_S = 10.0
"""When the first words come, unless they say otherwise: a call's first seconds bring no cards."""
WORDS_PER_S = 2.5
PAUSE_S = 0.5
"""Between two utterances."""
FINAL_LAG_S = 0.9
"""A final text comes so long after its last word (measured on the demo call)."""
LINGERS_S = 60.0
"""The call goes on in silence for so long, so that cards that wait still come."""


@dataclass(frozen=True)
class Said:
    """Words of one side; `at` is when they begin (s into the call), None when what was said before is over."""

    speaker: Speaker
    text: str
    at: float | None = None


def call_setup(playbook: Playbook, found: InForce | None = None, encoder: Encoder | None = None) -> CallSetup:
    """What a call without sound runs with; `found` and `encoder` are loaded where they are not given.

    Raises BadInputError where weights or heads are missing.
    """
    heads = (found or heads_in_force()).heads
    return CallSetup(reader_for(playbook, heads, encoder), playbook, reading_versions(heads))


def spoken(lines: Iterable[Said]) -> Iterator[Utterance]:
    """The utterances of these lines at a natural pace, numbers and addresses as a call writes them."""
    at = BEGINS_S
    for k, line in enumerate(lines):
        at = at if line.at is None else line.at
        words = tuple(_paced(line.text, at))
        end = words[-1].end if words else at
        kept = in_one_form(redact(words))
        yield Utterance(
            t=end + FINAL_LAG_S,
            id=f"u{k + 1}",
            channel=0 if line.speaker == "rep" else 1,
            speaker=line.speaker,
            audio_start=at,
            audio_end=end,
            text=" ".join(word.text for word in kept),
            words=kept,
        )
        at = end + PAUSE_S


def rehearse(setup: CallSetup, said: Iterable[Utterance | RepAction]) -> Iterator[AnyEvent]:
    """All events of the call in which this is said and done, as today's calls would go, priorities in force too."""
    call, end = Call(setup, SOURCE), 0.0
    yield from call.begin()
    for event in sorted(said, key=lambda event: event.t):
        end = event.t
        yield from call.take(event)
    yield from call.end(end + LINGERS_S, SOURCE)


def _paced(text: str, at: float) -> Iterator[Word]:
    for k, word in enumerate(text.split()):
        yield Word(word, at + k / WORDS_PER_S, at + (k + 1) / WORDS_PER_S, 1.0)
