"""Plays one call under several playbooks. Pure of files: a worker gets words and gives back cards, wherever it runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asr.errors import BadInputError
from asr.events import Speaker, Utterance
from cues.events import AnyEvent, CardHidden, CardShown
from cues.playbook import Playbook
from models.encoder import Encoder
from models.own_heads import heads_in_force
from overlay.engine import CallSetup
from overlay.rehearsal.past_calls import Words
from overlay.rehearsal.rehearse import call_setup, rehearse


@dataclass(frozen=True)
class Card:
    """A card that came: when (s into the call), and the words that brought it, with their speaker."""

    cue: str
    title: str
    t: float
    speaker: Speaker
    words: str


@dataclass(frozen=True)
class Played:
    """One call under one playbook; `at_once` is the most cards that were up together."""

    cards: tuple[Card, ...]
    at_once: int


@dataclass(frozen=True)
class Task:
    """A call to play under each of `playbooks`, by the heads of that SHA-256."""

    words: Words
    playbooks: tuple[Playbook, ...]
    heads: str


_setups: dict[str, CallSetup] = {}
"""Of this worker, by the playbook's hash: loading one costs as much as a call."""
_encoders: list[Encoder] = []


def play(task: Task) -> dict[str, Played]:
    """The call under each playbook, by its hash. Raises BadInputError where this machine reads by other heads."""
    return {each.hash: _played(rehearse(_setup(each, task.heads), task.words)) for each in task.playbooks}


def _setup(playbook: Playbook, heads: str) -> CallSetup:
    if playbook.hash not in _setups:
        found = heads_in_force()
        if found.heads.sha256 != heads:
            raise BadInputError(
                "A worker of the cluster reads by other heads than this machine; install the same there."
            )
        if not _encoders:
            _encoders.append(Encoder())
        _setups[playbook.hash] = call_setup(playbook, found, _encoders[0])
    return _setups[playbook.hash]


def _played(events: Iterable[AnyEvent]) -> Played:
    kept = list(events)
    speakers = {event.id: event.speaker for event in kept if isinstance(event, Utterance)}
    return Played(tuple(_card(e, speakers[e.utterance]) for e in kept if isinstance(e, CardShown)), _at_once(kept))


def _card(shown: CardShown, speaker: Speaker) -> Card:
    return Card(shown.cue, shown.content.title, shown.t, speaker, " ".join(word.text for word in shown.because))


def _at_once(events: Sequence[AnyEvent]) -> int:
    up = most = 0
    for event in events:
        up += isinstance(event, CardShown) - isinstance(event, CardHidden)
        most = max(most, up)
    return most
