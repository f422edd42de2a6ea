"""Whether a cue's condition holds in an utterance, how certain that is, and on which words it rests. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from asr.events import Speaker, Word
from cues.deal import UNKNOWN, KnownDeal, holds
from cues.memory import NOTHING, Memory
from cues.playbook import Condition, TalkShare
from cues.stems import stemmed
from cues.values import ANY
from models.events import Reading
from models.labels import LANGUAGE

HOLDS = 0.5
"""A condition at least this certain holds."""
PARTIAL_HOLDS = 0.6
"""The same while the utterance is still being spoken: a card that comes early should not have to go again."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Situation:
    """What is known when a cue is judged: who speaks, the words so far, and their reading."""

    speaker: Speaker
    words: tuple[Word, ...]
    reading: Reading
    language: str = LANGUAGE
    """The playbook's, in which its phrases are written."""
    memory: Memory = NOTHING
    """Of what was said before."""
    silent_s: float = 0.0
    """How long nobody has spoken, where this was a question."""
    deal: KnownDeal = UNKNOWN

    @property
    def at(self) -> float:
        """When the words end, in seconds into the call."""
        return self.words[-1].end if self.words else self.reading.t

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Verdict:
    """How certain a condition is (0 to 1), and the character spans that it rests on."""

    certainty: float
    spans: tuple[Span, ...] = ()


def judge(condition: Condition, situation: Situation) -> Verdict:
    """All keys of the condition together: the least certain one decides."""
    parts = list(_parts(condition, situation))
    return Verdict(min(part.certainty for part in parts), tuple(span for part in parts for span in part.spans))


def because(verdict: Verdict, situation: Situation) -> tuple[Word, ...]:
    """The words a verdict rests on; all of them where it rests on no words in particular."""
    words, at = [], 0
    for word in situation.words:
        end = at + len(word.text)
        if any(start < end and at < stop for start, stop in verdict.spans):
            words.append(word)
        at = end + 1
    return tuple(words) or situation.words


def said(phrases: Iterable[str], text: str, language: str) -> Verdict:
    """Whether one of the phrases stands in `text`, whole, whatever the inflection and the case of its words and the
    signs between them."""
    heard = stemmed(text.replace("’", "'"), language)
    for phrase in phrases:
        match = _pattern(phrase, language).search(heard.text)
        if match:
            return Verdict(1.0, (heard.span(*match.span()),))
    return Verdict(0.0)


@lru_cache(20_000)
def _pattern(phrase: str, language: str) -> re.Pattern[str]:
    """Finds a phrase in a text of stems."""
    words = (re.escape(stemmed(word, language).text) for word in phrase.replace("’", "'").split())
    return re.compile(r"(?<!\w)" + r"\W+".join(words) + r"(?!\w)")


def _parts(condition: Condition, situation: Situation) -> Iterable[Verdict]:
    reading = situation.reading
    if condition.all is not None:
        parts = [judge(part, situation) for part in condition.all]
        yield Verdict(min((p.certainty for p in parts), default=1.0), tuple(s for p in parts for s in p.spans))
    if condition.any is not None:
        yield max((judge(part, situation) for part in condition.any), key=lambda v: v.certainty, default=Verdict(0.0))
    if condition.not_ is not None:
        yield Verdict(1.0 - judge(condition.not_, situation).certainty)
    if condition.speaker is not None:
        yield Verdict(1.0 if situation.speaker in condition.speaker else 0.0)
    if condition.stage is not None:
        yield _together(condition.stage, reading.stage)
    if condition.role is not None:
        yield _together(condition.role, reading.role)
    if condition.competitor is not None:
        yield _competitor(condition, situation)
    if condition.moment is not None:
        yield _best("moment", condition.moment, reading.moments, reading)
    if condition.tracker is not None:
        yield _best("tracker", condition.tracker, reading.trackers, reading)
    if condition.said is not None:
        yield said(condition.said, situation.text, situation.language)
    if condition.after is not None:
        yield Verdict(float(situation.at >= condition.after))
    if condition.before is not None:
        yield Verdict(float(situation.at < condition.before))
    if condition.earlier is not None:
        yield _earlier(condition, situation)
    if condition.deal is not None:
        yield Verdict(float(holds(condition.deal, situation.deal)))
    if condition.silence is not None:
        yield Verdict(float(situation.silent_s >= condition.silence))
    if condition.talk_share is not None:
        yield _talk_share(condition.talk_share, situation.memory.talk_share)


def _earlier(condition: Condition, situation: Situation) -> Verdict:
    held = situation.memory.held.get(condition.earlier) if condition.earlier is not None else None
    if held is None:
        return Verdict(0.0)
    return Verdict(float(condition.within is None or situation.at - held <= condition.within))


def _talk_share(wanted: TalkShare, share: float | None) -> Verdict:
    if share is None:
        return Verdict(0.0)
    above = wanted.above is None or share > wanted.above
    return Verdict(float(above and (wanted.below is None or share < wanted.below)))


def _together(wanted: tuple[str, ...], probabilities: Mapping[str, float]) -> Verdict:
    return Verdict(min(1.0, sum(probabilities.get(label, 0.0) for label in set(wanted))))


def _competitor(condition: Condition, situation: Situation) -> Verdict:
    """A mention found is certain; its stance is as certain as its probability."""
    best = Verdict(0.0)
    for mention in situation.reading.competitors:
        wanted = condition.competitor or ()
        if ANY not in wanted and mention.name not in wanted:
            continue
        if condition.stance is not None and mention.stance not in condition.stance:
            continue
        span = situation.reading.spans.get(f"competitor:{mention.name}")
        certainty = 1.0 if condition.stance is None else max(mention.p, PARTIAL_HOLDS)
        if certainty > best.certainty:
            best = Verdict(certainty, (span,) if span else ())
    return best


def _best(kind: str, wanted: tuple[str, ...], scores: dict[str, float], reading: Reading) -> Verdict:
    label = max(wanted, key=lambda name: scores.get(name, 0.0))
    span = reading.spans.get(f"{kind}:{label}")
    return Verdict(scores.get(label, 0.0), (span,) if span else ())
