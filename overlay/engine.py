"""The engine: asr's events in, all of the call's events out, stamped and in order.

No thread of its own: the caller's runs it and takes what asr's threads queue (see asr/live.py). Whoever else wants the
events (pipe, journal, feed) is a listener of the caller's. `play` is the whole call in one process: benches and
`--speed max` use it; a call at real pace runs in overlay/engine_process.py.
"""

import queue
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from asr.capture.file import Recording
from asr.events import Event, Fault, Hypothesis, Recovered, Speaker, Utterance
from asr.live import Listening, at_real_pace, transcribe_at_max
from asr.transcriber import Transcriber
from cues import engine as cue_engine
from cues import other_playbook, summary
from cues.events import (
    AnyEvent,
    CallEnded,
    CallStarted,
    CardHidden,
    Consent,
    PlaybookChanged,
    PlaybookVersion,
    RepAction,
)
from models.people import People, hear
from overlay.call_setup import CallSetup, Setup
from overlay.changed_playbook import NewPlaybook
from overlay.resume import Past, cut_off
from overlay.screen import clock_time
from overlay.system_user import system_user

OVER = "the recording is over"
READ_AGAIN = 20
"""Finished utterances and corrections that a call that goes on reads again; the stage rests on fewer."""


def play(
    recording: Recording, setup: Setup, *, real_time: bool, deal: dict[str, str | float] | None = None
) -> Iterator[AnyEvent]:
    """A recorded call as its events: at real pace, or as fast as the machine can with the sound as the clock; `deal`
    is what is known of it."""
    source = source_name(recording)
    if real_time:
        yield from _live(recording, setup, source, deal)
        return
    call = Call(setup.call, source)
    yield from call.begin(deal=deal)
    end = recording.duration_s
    for event in transcribe_at_max(recording.chunks(), setup.recogniser):
        end = max(end, event.t)
        yield from call.take(event)
    yield from call.end(end, OVER)


def source_name(recording: Recording) -> str:
    """What `call_started` says of it."""
    return ", ".join(file.name for file in recording.files)


def clock_since(begun: float) -> Callable[[], float]:
    """Seconds since `begun` (on time.monotonic)."""
    return lambda: round(time.monotonic() - begun, 3)


def _live(recording: Recording, setup: Setup, source: str, deal: dict[str, str | float] | None) -> Iterator[AnyEvent]:
    clock = clock_since(time.monotonic())
    call = Call(setup.call, source, clock)
    yield from call.begin(deal=deal)
    transcriber = Transcriber(setup.recogniser, clock, spare=setup.spare)
    listening = Listening(at_real_pace(recording.chunks(), clock), transcriber, clock)
    try:
        yield from follow(call, listening, clock)
        yield from call.end(clock(), OVER)
    finally:
        listening.stop()


def follow(call: "Call", listening: Listening, clock: Callable[[], float]) -> Iterator[AnyEvent]:
    """What is heard and done, as the call's events, until the sound is over."""
    while True:
        due = call.due()
        try:
            event = listening.next_event(None if due is None else max(0.0, due - clock()))
        except queue.Empty:
            yield from call.pass_time()
            continue
        if event is None:
            return
        yield from call.take(event)


class Call:
    """One call: reads what is said, steps the cue engine, stamps every event with call id and number."""

    def __init__(
        self, setup: CallSetup, source: str, clock: Callable[[], float] | None = None, past: Past | None = None
    ) -> None:
        """`past` is for a call that goes on: call `resume` instead of `begin`."""
        self._setup, self._source, self._clock = setup, source, clock
        self._id = past.call if past else uuid.uuid4().hex
        self._seq = past.seq if past else 0
        setup.reader.reset()
        self._cues = past.cues if past else cue_engine.start(setup.playbook, date.today(), setup.history)
        self._tally = past.tally if past else summary.Tally()
        self._people = past.people if past else People()
        self._read: dict[str, int] = {}
        """Stable words of each running utterance that have been read."""
        self._next: NewPlaybook | None = None
        """Waits until nobody speaks."""

    @property
    def id(self) -> str:
        """The call's id."""
        return self._id

    def begin(
        self, rep: str | None = None, consent: Consent = "none", deal: dict[str, str | float] | None = None
    ) -> Iterator[AnyEvent]:
        """`call_started`, and what is to know of how the call is read; `rep` is the system's user if it is None."""
        yield from self._emit(
            CallStarted(
                started=datetime.now(UTC).isoformat(timespec="seconds"),
                rep=rep or system_user(),
                deal=deal,
                source=self._source,
                channels=("rep", "buyer"),
                playbook=self._playbook(),
                models=self._setup.models,
                consent=consent,
                language=self._setup.language,
                off_book=cue_engine.off_book(self._cues, 0.0),
            )
        )
        for advice in self._setup.advice:
            yield from self._emit(advice)

    def resume(self, past: Past, died: float, begins: float) -> Iterator[AnyEvent]:
        """Tells of the gap from `died` to `begins` (s into the call), ends what it cut off, and goes on."""
        for event in past.read[-READ_AGAIN:]:
            if isinstance(event, Utterance):
                person = past.persons.get(event.id)
                self._setup.reader.read(event.id, event.speaker, event.text, partial=False, person=person)
            elif event.stage is not None:
                self._setup.reader.correct(event.stage)
        now = max(begins, self._clock() if self._clock else begins)
        yield from self._emit(
            Fault(t=died, part="engine", message=f"The engine stopped at {clock_time(died)} and was started again.")
        )
        for heard in past.unfinished:
            yield from self.take(cut_off(heard, now))
        for card in past.lost_cards:
            yield from self._emit(
                CardHidden(t=now, cue=card.cue, card=card.card, opportunity=card.opportunity, reason="expired")
            )
        if past.playbook != self._setup.playbook.hash:
            yield from self._emit(PlaybookChanged(t=now, playbook=self._playbook()))
        message = f"The engine listens again since {clock_time(begins)}; what was said in between is missing."
        yield from self._emit(Recovered(t=now, part="engine", message=message))

    def take(self, event: Event) -> Iterator[AnyEvent]:
        """One event of asr's or the rep's, what it reads as, and the cards that come of it; or another playbook."""
        if isinstance(event, NewPlaybook):
            self._next = event
        else:
            yield from self._heard(event)
        if self._next is not None and other_playbook.between_utterances(self._cues, event.t):
            new, self._next = self._next, None
            yield from self._change(new, event.t)

    def _heard(self, event: Event) -> Iterator[AnyEvent]:
        yield from self._emit(event)
        if isinstance(event, Hypothesis) and len(event.words) > self._read.get(event.utterance, 0):
            self._read[event.utterance] = len(event.words)
            yield from self._emit(self._reading(event.utterance, event.channel, event.stable, event.t, partial=True))
        elif isinstance(event, Utterance):
            self._read.pop(event.id, None)
            if event.words:
                yield from self._emit(self._reading(event.id, event.channel, event.text, event.t, partial=False))
        elif isinstance(event, RepAction) and event.stage is not None:
            self._setup.reader.correct(event.stage)

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
        summed_up = summary.summary(self._tally, t, cue_engine.off_book(self._cues, t))
        yield from self._emit(CallEnded(t=t, reason=reason, summary=summed_up))

    def _change(self, new: NewPlaybook, t: float) -> Iterator[AnyEvent]:
        """Goes on under another playbook."""
        if new.playbook.hash == self._setup.playbook.hash:
            return  # it was changed back meanwhile
        self._setup = replace(self._setup, playbook=new.playbook)
        self._setup.reader.listen_for(new.concepts)
        now = self._clock() if self._clock else t
        yield from self._emit(PlaybookChanged(t=now, playbook=self._playbook()))
        self._cues, made = other_playbook.change(self._cues, new.playbook, now)
        for out in made:
            yield self._stamp(out)

    def _playbook(self) -> PlaybookVersion:
        playbook = self._setup.playbook
        return PlaybookVersion(playbook.playbook, playbook.version, playbook.hash, playbook.change)

    def _reading(self, utterance: str, channel: int, text: str, t: float, *, partial: bool) -> Event:
        speaker: Speaker = "rep" if channel == 0 else "buyer"
        people = hear(self._people, speaker, text)
        self._people = self._people if partial else people
        reading = self._setup.reader.read(utterance, speaker, text, partial=partial, person=people.person)
        return replace(reading, t=self._clock() if self._clock else t)

    def _emit(self, event: Event) -> Iterator[AnyEvent]:
        """Deadlines before the event, the event, then what the cue engine makes of it."""
        while (due := self.due()) is not None and due <= event.t:
            yield from self._advance(cue_engine.Deadline(t=due))
        stamped = self._stamp(event)
        yield stamped
        yield from self._advance(stamped)

    def _advance(self, event: Event) -> Iterator[AnyEvent]:
        self._cues, made = cue_engine.step(self._cues, event)
        for out in made:
            yield self._stamp(out)

    def _stamp(self, event: Event) -> AnyEvent:
        self._tally = summary.add(self._tally, event)
        stamped = replace(event, call=self._id, seq=self._seq)
        self._seq += 1
        return stamped  # type: ignore[return-value]
