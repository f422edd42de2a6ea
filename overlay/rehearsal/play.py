"""Plays one call under several playbooks. Pure of files: a worker gets words and gives back cards, wherever it runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from asr.errors import BadInputError
from asr.events import Speaker, Utterance
from cues.events import AnyEvent, CardHidden, CardShown
from cues.playbook import Playbook
from models.encoder import Encoder
from models.encodings import pack, unpack
from models.own_heads import heads_in_force
from overlay.call_setup import CallSetup
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
    vectors: bytes | None
    """What `models.encodings` packed of these words before."""


@dataclass(frozen=True)
class Done:
    """The call under each playbook, by its hash, and its words' vectors where some were missing."""

    played: dict[str, Played]
    vectors: bytes | None


_setups: dict[str, CallSetup] = {}
"""Of this worker, by the playbook's hash: loading one costs as much as a call."""
CACHED = 4096
"""Texts: a call of hours, and the playbook's own sentences."""


def play(task: Task) -> Done:
    """Plays the call under each playbook. Raises BadInputError where this machine reads by other heads."""
    setups = [_setup(each, task.heads) for each in task.playbooks]
    texts = {event.text for event in task.words if isinstance(event, Utterance) and event.words}
    known = unpack(task.vectors, texts) if task.vectors is not None else {}
    encoder = _encoder()
    for text, encoded in known.items():
        encoder.remember(text, encoded)
    played = {setup.playbook.hash: _played(rehearse(setup, task.words)) for setup in setups}
    missing = bool(texts - known.keys())
    return Done(played, pack({text: encoder.read(text) for text in sorted(texts)}) if missing else None)


@cache
def _encoder() -> Encoder:
    return Encoder(cached=CACHED)


def _setup(playbook: Playbook, heads: str) -> CallSetup:
    if playbook.hash not in _setups:
        found = heads_in_force()
        if found.heads.sha256 != heads:
            raise BadInputError(
                "A worker of the cluster reads by other heads than this machine; install the same there."
            )
        _setups[playbook.hash] = call_setup(playbook, found, _encoder())
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
