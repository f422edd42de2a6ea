"""The engine: asr's events in, all of the call's events out, stamped and in order.

No thread of its own: `play` runs in the caller's thread and takes what asr's threads queue (see asr/live.py).
"""

import getpass
import queue
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from asr.capture.file import Recording
from asr.events import Event, Hypothesis, Speaker, Utterance
from asr.live import Listening, at_real_pace, transcribe_at_max
from asr.recogniser import Recogniser
from asr.weights import ENCODER, sha256, whisper_weights
from cues import engine as cue_engine
from cues import summary
from cues.events import AnyEvent, CallEnded, CallStarted, ModelVersion, PlaybookVersion
from cues.playbook import Playbook
from models.competitors import Competitor
from models.heads import HEADS_FILE
from models.reader import Reader, load_reader
from models.trackers import Tracker

OVER = "the recording is over"


@dataclass(frozen=True)
class Setup:
    """What a call runs with."""

    recogniser: Recogniser
    reader: Reader
    playbook: Playbook
    models: tuple[ModelVersion, ...]


def load_setup(playbook: Playbook, model: str) -> Setup:
    """Loads the weights and the heads. Raises BadInputError if some are missing or not what they should be."""
    weights = whisper_weights(model)
    reader = reader_for(playbook)
    versions = (
        ModelVersion(f"whisper-{weights.name}", weights.sha256),
        ModelVersion("all-MiniLM-L6-v2-int8", ENCODER.sha256),
        ModelVersion("heads", sha256(HEADS_FILE)),
    )
    return Setup(Recogniser(weights, playbook.language), reader, playbook, versions)


def reader_for(playbook: Playbook) -> Reader:
    """A reader that knows the playbook's competitors, trackers and behaviours."""
    return load_reader(
        [Competitor(c.name, c.aliases) for c in playbook.competitors],
        [Tracker(t.id, t.examples, t.counterexamples) for t in playbook.trackers],
        [Tracker(b.id, b.evidence, ()) for b in playbook.behaviours if b.evidence],
    )


def play(recording: Recording, setup: Setup, *, real_time: bool) -> Iterator[AnyEvent]:
    """A recorded call as its events: at real pace, or as fast as the machine can with the sound as the clock."""
    source = ", ".join(file.name for file in recording.files)
    if real_time:
        yield from _live(recording, setup, source)
        return
    call = Call(setup, source)
    yield from call.begin()
    end = recording.duration_s
    for event in transcribe_at_max(recording.chunks(), setup.recogniser):
        end = max(end, event.t)
        yield from call.take(event)
    yield from call.end(end, OVER)


def _live(recording: Recording, setup: Setup, source: str) -> Iterator[AnyEvent]:
    begun = time.monotonic()

    def clock() -> float:
        return round(time.monotonic() - begun, 3)

    call = Call(setup, source, clock)
    yield from call.begin()
    listening = Listening(at_real_pace(recording.chunks(), clock), setup.recogniser, clock)
    try:
        while True:
            due = call.due()
            try:
                event = listening.next_event(None if due is None else max(0.0, due - clock()))
            except queue.Empty:
                yield from call.pass_time()
                continue
            if event is None:
                break
            yield from call.take(event)
        yield from call.end(clock(), OVER)
    finally:
        listening.stop()


class Call:
    """One call: reads what is said, steps the cue engine, stamps every event with call id and number."""

    def __init__(self, setup: Setup, source: str, clock: Callable[[], float] | None = None) -> None:
        self._setup = setup
        self._source = source
        self._clock = clock
        self._id = uuid.uuid4().hex
        self._seq = 0
        setup.reader.reset()
        self._cues = cue_engine.start(setup.playbook, date.today())
        self._tally = summary.Tally()
        self._read: dict[str, int] = {}
        """Stable words of each running utterance that have been read."""

    def begin(self) -> Iterator[AnyEvent]:
        """`call_started`."""
        playbook = self._setup.playbook
        yield from self._emit(
            CallStarted(
                started=datetime.now(UTC).isoformat(timespec="seconds"),
                rep=_user(),
                deal=None,
                source=self._source,
                channels=("rep", "buyer"),
                playbook=PlaybookVersion(playbook.playbook, playbook.version, playbook.hash),
                models=self._setup.models,
            )
        )

    def take(self, event: Event) -> Iterator[AnyEvent]:
        """One event of asr's, what it reads as, and the cards that come of it."""
        yield from self._emit(event)
        if isinstance(event, Hypothesis) and len(event.words) > self._read.get(event.utterance, 0):
            self._read[event.utterance] = len(event.words)
            yield from self._emit(self._reading(event.utterance, event.channel, event.stable, event.t, partial=True))
        elif isinstance(event, Utterance):
            self._read.pop(event.id, None)
            if event.words:
                yield from self._emit(self._reading(event.id, event.channel, event.text, event.t, partial=False))

    def due(self) -> float | None:
        """When `pass_time` has something to do next (s), or None."""
        return cue_engine.due(self._cues)

    def pass_time(self) -> Iterator[AnyEvent]:
        """Steps the next deadline of the cue engine."""
        due = self.due()
        if due is not None:
            yield from self._advance(cue_engine.Deadline(t=due))

    def end(self, t: float, reason: str) -> Iterator[AnyEvent]:
        """`call_ended`, with the summary."""
        while (due := self.due()) is not None and due <= t:
            yield from self.pass_time()
        yield from self._emit(CallEnded(t=t, reason=reason, summary=summary.summary(self._tally, t)))

    def _reading(self, utterance: str, channel: int, text: str, t: float, *, partial: bool) -> Event:
        speaker: Speaker = "rep" if channel == 0 else "buyer"
        reading = self._setup.reader.read(utterance, speaker, text, partial=partial)
        return replace(reading, t=self._clock() if self._clock else t)

    def _emit(self, event: Event) -> Iterator[AnyEvent]:
        """Deadlines before the event, the event, then what the cue engine makes of it."""
        while (due := self.due()) is not None and due <= event.t:
            yield from self._advance(cue_engine.Deadline(t=due))
        yield self._stamp(event)
        yield from self._advance(event)

    def _advance(self, event: Event) -> Iterator[AnyEvent]:
        self._cues, made = cue_engine.step(self._cues, event)
        for out in made:
            yield self._stamp(out)

    def _stamp(self, event: Event) -> AnyEvent:
        self._tally = summary.add(self._tally, event)
        stamped = replace(event, call=self._id, seq=self._seq)
        self._seq += 1
        return stamped  # type: ignore[return-value]


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return "unknown"
