"""What a call runs with: the recogniser, and what reads its words under a playbook. Loads the weights, in the caller's
thread and one beside it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from asr.decoder_file import decoder_files
from asr.errors import BadInputError
from asr.events import Advice
from asr.priority import lower_thread
from asr.recogniser import THREADS as RECOGNISER_THREADS
from asr.recogniser import Recogniser
from asr.transcriber import Spare
from asr.weights import ENCODER, whisper_weights
from cues.events import ModelVersion
from cues.playbook import Playbook
from cues.rank import NO_HISTORY, History
from models.competitors import Competitor
from models.encoder import Encoder
from models.heads import Heads
from models.labels import LANGUAGE, only_transcribed
from models.own_heads import InForce, heads_in_force
from models.reader import Concepts, Reader, load_reader
from models.trackers import Tracker
from overlay.self_test import FASTEST


@dataclass(frozen=True)
class CallSetup:
    """What a call runs with once its words are there."""

    reader: Reader
    playbook: Playbook
    models: tuple[ModelVersion, ...]
    advice: tuple[Advice, ...] = ()
    """What the rep should know of how this call is read."""
    history: History = NO_HISTORY
    """What the rep did in earlier calls; a recording is played without, so that it gives the same cards each time."""
    language: str | None = None
    """What is spoken; None is the playbook's."""


@dataclass(frozen=True)
class Setup:
    """What a call that is heard runs with."""

    recogniser: Recogniser
    spare: Spare | None
    call: CallSetup


def load_setup(playbook: Playbook, model: str, threads: int = RECOGNISER_THREADS, language: str | None = None) -> Setup:
    """Loads the weights and the heads; `threads` decode, while reading keeps to one: with two it was slower (9 ms
    an utterance against 7). Raises BadInputError if some are missing, not what they should be, or know no such
    `language` (None: the playbook's).
    """
    weights, spoken = whisper_weights(model), language or playbook.language
    names = playbook.names_said()
    has_spare = weights.name != FASTEST and spoken == LANGUAGE
    # Side by side: a call that goes on after its engine died waits for this.
    with ThreadPoolExecutor(1, initializer=lower_thread) as other:
        reading = other.submit(_reading, playbook)
        if has_spare:
            other.submit(_make_spare_decoder)
        recogniser = Recogniser(weights, spoken, threads, names)
        spare = _spare(threads, recogniser) if has_spare else None
        found, reader = reading.result()
    versions = (ModelVersion(f"whisper-{weights.name}", weights.sha256), *reading_versions(found.heads))
    advice = tuple(_advice(found, spoken))
    return Setup(recogniser, spare, CallSetup(reader, playbook, versions, advice, language=language))


def reading_versions(heads: Heads) -> tuple[ModelVersion, ...]:
    """What reads the words."""
    return ModelVersion("all-MiniLM-L6-v2-int8", ENCODER.sha256), ModelVersion("heads", heads.sha256)


def _advice(heads: InForce, language: str) -> Iterator[Advice]:
    if heads.notice is not None:
        yield Advice(part="heads", message=heads.notice)
    if language != LANGUAGE:
        yield Advice(part="language", message=only_transcribed(language))


def _reading(playbook: Playbook) -> tuple[InForce, Reader]:
    found = heads_in_force()
    return found, reader_for(playbook, found.heads)


def _make_spare_decoder() -> None:
    """On a machine's first start: a call that is late already can't wait for it."""
    with suppress(BadInputError):
        decoder_files(whisper_weights(FASTEST))


def _spare(threads: int, best: Recogniser) -> Spare:
    """Loads smaller weights where this machine turns out to be too busy; they know English alone."""

    def load() -> Recogniser | None:
        try:
            return Recogniser(whisper_weights(FASTEST), LANGUAGE, threads, best.names)
        except BadInputError:
            return None  # not on this machine: the better ones go on, late

    return load


def reader_for(playbook: Playbook, heads: Heads, encoder: Encoder | None = None) -> Reader:
    """A reader that knows the playbook's competitors, trackers and behaviours; with an encoder of its own, or that."""
    return load_reader(*_listened_for(playbook), heads, encoder)


def concepts_for(playbook: Playbook, reader: Reader) -> Concepts:
    """What the reader listens for under another playbook; from any thread."""
    return reader.prepare(*_listened_for(playbook))


def _listened_for(playbook: Playbook) -> tuple[list[Competitor], list[Tracker], list[Tracker]]:
    return (
        [Competitor(c.name, c.aliases) for c in playbook.competitors],
        [Tracker(t.id, t.examples, t.counterexamples) for t in playbook.trackers],
        [Tracker(b.id, b.evidence, ()) for b in playbook.behaviours if b.evidence],
    )
