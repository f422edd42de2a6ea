"""Both channels' sound becomes hypotheses and utterances. One worker thread calls it; it starts none itself.

`feed` takes sound and never decodes; `work` does the most urgent decoding pass, if one is due. A final goes before a
partial; the channel that waited longer goes first. Overload therefore thins partials and never loses final text; where
that is not enough, smaller weights take over (`asr/overload.py`).
"""

import itertools
from collections.abc import Callable, Sequence

from asr import commit, overload
from asr.channel import PREROLL_S, TAIL_S, Channel, Running
from asr.endpoint import Turn
from asr.events import Fault, Hypothesis, Recovered, Speaker, Utterance, Word
from asr.number_form import in_one_form
from asr.recogniser import Recogniser
from asr.redact import redact, withhold
from asr.sound import Samples

PARTIAL_STEP_S = 0.4
"""New sound before the next partial pass; 0.25 s was measured to be no earlier and to correct three times as much."""
PARTIAL_WINDOW_S = 3.0
"""A longer partial window is cut at a stable word."""
KEPT_WORDS = 1
"""Stable words that stay in a cut window as forced prefix; each costs as much as a new one."""
BEFORE_WORDS = 20
"""Stable words before the window, which a pass is told as said; that costs next to nothing. With 5 s, 3 and none
words stood 0.80 s after their end (median) and 2.5 % were corrected, with these 0.77 s and 2.0 %, at less work."""
SPLIT_S = 20.0
"""A turn without a pause is closed after this long, at its last stable word."""
SPEAKERS: tuple[Speaker, Speaker] = ("rep", "buyer")

Event = Hypothesis | Utterance | Fault | Recovered
Spare = Callable[[], Recogniser | None]
"""Loads smaller weights; None where they are not there."""


class Transcriber:
    """Call `feed` with new sound, then `work` until it returns None."""

    def __init__(
        self,
        recogniser: Recogniser,
        clock: Callable[[], float],
        *,
        spare: Spare | None = None,
        begins: float = 0.0,
        first: int = 1,
    ) -> None:
        """`begins`: where in the call the first sound fed lies (s); `first`: number of the first utterance."""
        self._best = self._recogniser = recogniser
        self._spare = spare
        self._pace = overload.Pace()
        self._clock = clock
        self._channels = (Channel(0, begins), Channel(1, begins))
        self._ids = itertools.count(first)

    def feed(self, sound: Sequence[Samples]) -> None:
        """New sound of both channels, mono float32 at 16 kHz each."""
        for channel, samples in zip(self._channels, sound, strict=True):
            for turn, time in channel.feed(samples):
                self._turn(channel, turn, time)
            self._split(channel)

    def finish(self) -> None:
        """The call is over: what is still being said ends here."""
        for channel in self._channels:
            if channel.endpoint.speaking and channel.open:
                channel.open[-1].ended_at = channel.endpoint.voiced_until

    def work(self) -> list[Event] | None:
        """One decoding pass and the events it makes, or None if none is due."""
        finals = [(run.start, c.number) for c in self._channels for run in c.open[:1] if self._final_due(c, run)]
        if finals:
            channel = self._channels[min(finals)[1]]
            return self._final(channel, channel.open[0])
        partials = [
            (run.heard_until, c.number) for c in self._channels for run in c.open[-1:] if self._partial_due(c, run)
        ]
        if partials:
            channel = self._channels[min(partials)[1]]
            return self._partial(channel, channel.open[-1])
        return None

    def _turn(self, channel: Channel, turn: Turn, time: float) -> None:
        if turn is Turn.STARTED:
            start = max(0.0, channel.endpoint.start - PREROLL_S)
            self._open(channel, start)
        elif turn is Turn.ENDED:
            channel.open[-1].ended_at = channel.endpoint.voiced_until

    def _open(self, channel: Channel, start: float) -> None:
        channel.open.append(Running(f"u{next(self._ids)}", start, cut=start, heard_until=start))

    def _split(self, channel: Channel) -> None:
        """Closes a turn that goes on without a pause at its last stable word, and goes on after it."""
        if not channel.open or not channel.endpoint.speaking:
            return
        run = channel.open[-1]
        if channel.now - run.start < SPLIT_S or run.ended_at is not None:
            return
        stable = run.agreed.stable
        run.ended_at = stable[-1].end if stable else channel.now
        self._open(channel, run.ended_at)

    def _final_due(self, channel: Channel, run: Running) -> bool:
        if run.ended_at is not None:
            return True
        state = channel.endpoint
        return state.paused and run.drafted_until != state.voiced_until

    def _final(self, channel: Channel, run: Running) -> list[Event]:
        """Decodes the whole utterance: as a draft while it pauses, for good once it has ended.

        What is done is noted before the pass, so that a pass that fails is not tried for ever.
        """
        over = run.ended_at is not None
        end = channel.endpoint.voiced_until if run.ended_at is None else run.ended_at
        split = over and len(channel.open) > 1
        if over:
            channel.open.remove(run)
        if run.drafted_until != end:
            draft = run.draft or (*run.agreed.stable, *run.agreed.tail)
            run.drafted_until, run.heard_until, run.draft = end, channel.now, ()
            sound = channel.sound(run.start, end if split else end + TAIL_S)
            run.draft = self._recogniser.final(sound, run.start, draft=draft)
            if left_out := commit.dropped(run.agreed.stable, run.draft):
                run.draft = self._recogniser.final(sound, run.start, run.agreed.stable[:left_out])
        if over:
            return [*self._say_final(channel, run, end), *self._keep_pace(end)]
        run.agreed = commit.pause(run.agreed, run.draft)
        return self._say_partial(channel, run, end)

    def _say_final(self, channel: Channel, run: Running, end: float) -> list[Event]:
        words = redact(run.draft)
        if self._recogniser.language == "en":
            words = in_one_form(words)
        if not words and not run.said:
            return []
        return [
            Utterance(
                t=self._clock(),
                id=run.id,
                channel=channel.number,
                speaker=SPEAKERS[channel.number],
                audio_start=round(run.start, 2),
                audio_end=round(end, 2),
                text=_text(words),
                words=words,
            )
        ]

    def _keep_pace(self, end: float) -> list[Event]:
        """Changes the weights where a final came too late, or comes in time again."""
        if self._spare is None:
            return []
        now = self._clock()
        before, self._pace = self._pace, overload.step(self._pace, now - end, now)
        if before.small == self._pace.small:
            return []
        if not self._pace.small:
            self._recogniser = self._best
            return [Recovered(t=now, part="recogniser", message="There is time again to hear with all accuracy.")]
        spare = self._spare()
        if spare is None:
            self._spare = None
            return []
        self._recogniser = spare
        late = "Words come late, as this computer is busy: a faster recogniser takes over, which errs more often."
        return [Fault(t=now, part="recogniser", message=late)]

    def _partial_due(self, channel: Channel, run: Running) -> bool:
        state = channel.endpoint
        return state.speaking and not state.paused and channel.now - run.heard_until >= PARTIAL_STEP_S - 1e-6

    def _partial(self, channel: Channel, run: Running) -> list[Event]:
        """One pass over the window since the cut, with the stable words in it as forced prefix."""
        now = channel.now
        run.heard_until = now
        before, prefix = run.agreed.stable[: run.cut_words][-BEFORE_WORDS:], run.agreed.stable[run.cut_words :]
        sound, draft = channel.sound(run.cut, now), run.agreed.tail
        tail = self._recogniser.partial(sound, prefix, run.cut, before, draft)
        if not tail:
            return []  # nothing was understood, which says nothing of what was before
        run.agreed = commit.step(run.agreed, tail, now)
        self._move_cut(run, now)
        return self._say_partial(channel, run, now)

    def _move_cut(self, run: Running, now: float) -> None:
        stable = run.agreed.stable
        if now - run.cut > PARTIAL_WINDOW_S and len(stable) - run.cut_words > KEPT_WORDS:
            run.cut_words = len(stable) - KEPT_WORDS
            run.cut = max(run.cut, stable[run.cut_words].start - 0.05)

    def _say_partial(self, channel: Channel, run: Running, now: float) -> list[Event]:
        stable, rest = withhold(run.agreed.stable, commit.shown(run.agreed))
        said = _text((*stable, *rest))
        if said == run.said:
            return []
        run.said = said
        return [
            Hypothesis(
                t=self._clock(),
                utterance=run.id,
                channel=channel.number,
                audio_start=round(run.start, 2),
                audio_end=round(now, 2),
                stable=_text(stable),
                rest=_text(rest),
                words=stable,
            )
        ]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
