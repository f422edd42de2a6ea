"""How others transcribe a call as it is spoken, on our weights, voice activity and endpointing: to compare with.

`local_agreement` is the policy of whisper_streaming (Macháček, Dabre, Bojar 2023): every second the whole buffer is
decoded with a beam of 5 and what was confirmed before it as prompt; words on which two passes agree are confirmed; a
buffer of more than 15 s is cut at a confirmed word. At the end of speech we decode once more, as it does not.
`fixed_chunks` decodes what was said in each 3 s alone. No thread of their own: `asr/live.py` calls them.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from asr.channel import PREROLL_S, TAIL_S, Channel, Running
from asr.commit import Agreed
from asr.endpoint import Turn
from asr.events import Hypothesis, Utterance, Word
from asr.recogniser import Recogniser
from asr.sound import Samples
from asr.transcriber import SPEAKERS

Clock = Callable[[], float]
Policy = Callable[[Agreed, tuple[Word, ...]], Agreed]
"""What stands after a pass, from what stood before it and the words that the pass heard."""

BUFFER_S = 15.0
PROMPT_CHARACTERS = 200
OVERLAP_S = 0.1
"""Words of a pass that begin so long before the last confirmed one's end, or later, are new."""
REPEATED_WORDS = 5
"""So many words at the buffer's begin may be the confirmed ones, heard again."""
NEAR_S = 1.0


def local_agreement(recogniser: Recogniser, clock: Clock) -> "Peer":
    """whisper_streaming's policy, with its own settings."""
    return Peer(recogniser, clock, step_s=1.0, buffer_s=BUFFER_S, policy=_agree)


def fixed_chunks(recogniser: Recogniser, clock: Clock) -> "Peer":
    """Each 3 s decoded alone, and believed."""
    return Peer(recogniser, clock, step_s=3.0, buffer_s=0.0, policy=lambda said, heard: Agreed(said.stable + heard))


@dataclass
class Peer:
    """Decodes every `step_s` of speech from the cut on; the cut follows once the buffer is longer than `buffer_s`."""

    recogniser: Recogniser
    clock: Clock
    step_s: float
    buffer_s: float
    policy: Policy
    channels: tuple[Channel, Channel] = field(default_factory=lambda: (Channel(0), Channel(1)))
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def feed(self, sound: tuple[Samples, Samples]) -> None:
        """As Transcriber's."""
        for channel, samples in zip(self.channels, sound, strict=True):
            for turn, _ in channel.feed(samples):
                if turn is Turn.STARTED:
                    start = max(0.0, channel.endpoint.start - PREROLL_S)
                    channel.open.append(Running(f"u{next(self.ids)}", start, cut=start, heard_until=start))
                elif turn is Turn.ENDED:
                    channel.open[-1].ended_at = channel.endpoint.voiced_until

    def finish(self) -> None:
        """As Transcriber's."""
        for channel in self.channels:
            if channel.endpoint.speaking and channel.open:
                channel.open[-1].ended_at = channel.endpoint.voiced_until

    def work(self) -> list[Hypothesis | Utterance] | None:
        """As Transcriber's."""
        due = [(run.heard_until, c.number) for c in self.channels for run in c.open[:1] if self._due(c, run)]
        if not due:
            return None
        channel = self.channels[min(due)[1]]
        run = channel.open[0]
        if run.ended_at is not None:
            channel.open.remove(run)
            self._pass(channel, run, run.ended_at + TAIL_S)
            return [self._utterance(channel, run, run.ended_at)]
        self._pass(channel, run, channel.now)
        self._move_cut(run)
        return [self._hypothesis(channel, run)]

    def _due(self, channel: Channel, run: Running) -> bool:
        return run.ended_at is not None or channel.now - run.heard_until >= self.step_s - 1e-6

    def _pass(self, channel: Channel, run: Running, until: float) -> None:
        before = " ".join(word.text for word in run.agreed.stable if word.end <= run.cut)
        sound = channel.sound(run.cut, until)
        run.heard_until = until
        run.agreed = self.policy(
            run.agreed, self.recogniser.offline(sound, run.cut, prompt=before[-PROMPT_CHARACTERS:])
        )

    def _move_cut(self, run: Running) -> None:
        if self.buffer_s == 0:
            run.cut = run.heard_until
        elif run.heard_until - run.cut > self.buffer_s and run.agreed.stable:
            run.cut = max(run.cut, run.agreed.stable[-1].end)

    def _hypothesis(self, channel: Channel, run: Running) -> Hypothesis:
        stable, rest = run.agreed.stable, run.agreed.tail
        start, end = round(run.start, 2), round(run.heard_until, 2)
        return Hypothesis(
            t=self.clock(),
            utterance=run.id,
            channel=channel.number,
            audio_start=start,
            audio_end=end,
            stable=_text(stable),
            rest=_text(rest),
            words=stable,
        )

    def _utterance(self, channel: Channel, run: Running, end: float) -> Utterance:
        words = run.agreed.stable + run.agreed.tail
        return Utterance(
            t=self.clock(),
            id=run.id,
            channel=channel.number,
            speaker=SPEAKERS[channel.number],
            audio_start=round(run.start, 2),
            audio_end=round(end, 2),
            text=_text(words),
            words=words,
        )


def _agree(said: Agreed, heard: tuple[Word, ...]) -> Agreed:
    """Confirms the words that stand at the beginning of two passes in a row."""
    new = _new(said.stable, heard)
    pairs = zip(said.tail, new, strict=False)
    count = sum(1 for _ in itertools.takewhile(lambda pair: pair[0].text == pair[1].text, pairs))
    return Agreed(said.stable + new[:count], new[count:])


def _new(confirmed: tuple[Word, ...], heard: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a pass that come after the confirmed ones."""
    if not confirmed:
        return heard
    end = confirmed[-1].end
    new = tuple(word for word in heard if word.start > end - OVERLAP_S)
    if new and new[0].start < end + NEAR_S:
        for count in range(1, min(REPEATED_WORDS, len(new), len(confirmed)) + 1):
            if [w.text for w in confirmed[-count:]] == [w.text for w in new[:count]]:
                return new[count:]
    return new


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
