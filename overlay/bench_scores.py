"""What a call's events are worth against the reference: word errors, lags, changes. Pure.

Texts are compared as whisper-normalizer makes them alike; word errors are jiwer's.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from asr.errors import BadInputError
from asr.events import Event, Hypothesis, Utterance
from asr.sound import Samples

Normalise = Callable[[str], str]
Stretch = tuple[float, float]
"""Begin and end in the call (s)."""

LONG_S = 15.0
"""Both sides talk at once for long: a sentence or two is interruption."""
BREATH_S = 0.7
"""A gap between utterances of one side that does not end its turn."""
RECOVERY_S, RECOVERED_S = 3.0, 10.0
"""After this long the lag is to be the usual one; over so long it is looked at."""


@dataclass(frozen=True)
class Spoken:
    """One reference utterance: seconds in the call, its text, and its sound alone."""

    channel: int
    start: float
    end: float
    text: str
    sound: Samples


@dataclass(frozen=True)
class TimedWord:
    """A word of the offline pass, and where it ends in the call (s)."""

    text: str
    end: float


@dataclass(frozen=True)
class Offline:
    """One channel by the offline pass: each utterance's text, and every word."""

    texts: list[str]
    words: list[TimedWord]


@dataclass(frozen=True)
class Load:
    """What the decoding took: wall time of the passes, processor time of the process (s), its most memory (MB)."""

    busy_s: float
    cpu_s: float
    peak_rss_mb: float


@dataclass(frozen=True)
class AsrFigures:
    """What `--json` prints. Word errors in percent, lag in seconds, shares 0 to 1, per second of speech."""

    wer: float
    wer_offline: float
    stable_lag_p50_s: float | None
    stable_lag_p95_s: float | None
    final_lag_p50_s: float | None
    final_lag_p95_s: float | None
    changed_partial_share: float
    corrected_stable_share: float
    busy_per_audio_s: float
    cpu_per_audio_s: float
    peak_rss_mb: float
    speech_s: float
    words: int
    both_lag_p95_s: float | None
    """Stable words while both sides talk at once for long."""
    after_both_lag_p95_s: float | None
    """Stable words that end 3 to 13 s after that."""

    def as_json(self) -> dict[str, Any]:
        return {key: round(v, 4) if isinstance(v, float) else v for key, v in asdict(self).items()}


@dataclass(frozen=True)
class WordLag:
    """When in the call a word was over, and how much later it stood (s)."""

    end: float
    lag: float


@dataclass(frozen=True)
class Scored:
    """The figures of one run, and the lag of each of its words for the plot."""

    figures: AsrFigures
    lags: list[WordLag]


def score(
    events: Sequence[Event], load: Load, spoken: Sequence[Spoken], offline: Sequence[Offline], normalise: Normalise
) -> Scored:
    """`events` in their order, `t` in seconds since the call's sound began; `offline` by channel."""
    reference = [[_words(normalise(s.text)) for s in spoken if s.channel == c] for c in (0, 1)]
    reference_offline = [[_words(normalise(text)) for text in offline[c].texts] for c in (0, 1)]
    finals = sorted((e for e in events if isinstance(e, Utterance)), key=lambda event: event.audio_start)
    said = [[_words(normalise(e.text)) for e in finals if e.channel == c] for c in (0, 1)]
    lags = [lag for c in (0, 1) for lag in stable_lags(events, c, offline[c].words, normalise)]
    final = final_lags(finals, spoken)
    changed, corrected = changes(events, normalise)
    speech = sum(s.end - s.start for s in spoken)
    both = at_once(spoken)
    after = [(end + RECOVERY_S, end + RECOVERY_S + RECOVERED_S) for _, end in both]
    figures = AsrFigures(
        wer=_word_error_rate(reference, said),
        wer_offline=_word_error_rate(reference, reference_offline),
        stable_lag_p50_s=_percentile([word.lag for word in lags], 50),
        stable_lag_p95_s=_percentile([word.lag for word in lags], 95),
        final_lag_p50_s=_percentile(final, 50),
        final_lag_p95_s=_percentile(final, 95),
        changed_partial_share=changed,
        corrected_stable_share=corrected,
        busy_per_audio_s=load.busy_s / speech,
        cpu_per_audio_s=load.cpu_s / speech,
        peak_rss_mb=load.peak_rss_mb,
        speech_s=speech,
        words=sum(len(text.split()) for side in reference for text in side),
        both_lag_p95_s=_percentile([word.lag for word in lags if _within(word.end, both)], 95),
        after_both_lag_p95_s=_percentile([word.lag for word in lags if _within(word.end, after)], 95),
    )
    return Scored(figures, lags)


def normaliser() -> Normalise:
    """Makes texts comparable. Raises BadInputError without the extra `bench`."""
    try:
        from whisper_normalizer.english import EnglishTextNormalizer
    except ImportError as error:
        raise BadInputError("`offbook bench` needs the extra `bench`: pip install 'offbook[bench]'.") from error
    normalise: Normalise = EnglishTextNormalizer()
    return normalise


def stable_lags(
    events: Sequence[Event], channel: int, timed: Sequence[TimedWord], normalise: Normalise
) -> list[WordLag]:
    """For each timed word: when it stood in `stable` (or, failing that, in the final), minus its end in the sound."""
    heard = _first_stood([e for e in events if getattr(e, "channel", None) == channel], normalise)
    matcher = SequenceMatcher(None, [w.text for w in timed], [text for text, _ in heard], autojunk=False)
    return [
        WordLag(timed[block.a + k].end, heard[block.b + k][1] - timed[block.a + k].end)
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    ]


def final_lags(finals: Sequence[Utterance], spoken: Sequence[Spoken]) -> list[float]:
    """From each reference utterance's end to the final that holds it."""
    lags = []
    for utterance in spoken:
        over = [
            e.t
            for e in finals
            if e.channel == utterance.channel and e.audio_start < utterance.end and e.audio_end > utterance.start
        ]
        if over:
            lags.append(max(over) - utterance.end)
    return lags


def at_once(spoken: Sequence[Spoken]) -> list[Stretch]:
    """Where both sides talk at once for LONG_S or more."""
    rep, buyer = (_turns([s for s in spoken if s.channel == channel]) for channel in (0, 1))
    shared = [(max(a[0], b[0]), min(a[1], b[1])) for a in rep for b in buyer]
    return sorted((begin, end) for begin, end in shared if end - begin >= LONG_S)


def _turns(spoken: Sequence[Spoken]) -> list[Stretch]:
    turns: list[Stretch] = []
    for one in sorted(spoken, key=lambda s: s.start):
        if turns and one.start - turns[-1][1] <= BREATH_S:
            turns[-1] = (turns[-1][0], max(turns[-1][1], one.end))
        else:
            turns.append((one.start, one.end))
    return turns


def _within(time: float, stretches: Sequence[Stretch]) -> bool:
    return any(begin <= time <= end for begin, end in stretches)


def changes(events: Sequence[Event], normalise: Normalise) -> tuple[float, float]:
    """Shares of partial tail words, and of stable words, that the final text does not keep in their place."""
    finals = {e.id: _words(normalise(e.text)).split() for e in events if isinstance(e, Utterance)}
    tail, tail_lost, last = 0, 0, {}
    for event in events:
        if not isinstance(event, Hypothesis) or event.utterance not in finals:
            continue
        stable = _words(normalise(event.stable)).split()
        whole = _words(normalise(f"{event.stable} {event.rest}")).split()
        kept = _kept(whole, finals[event.utterance])
        tail += len(whole) - len(stable)
        tail_lost += sum(not k for k in kept[len(stable) :])
        last[event.utterance] = stable
    stable_words = sum(len(words) for words in last.values())
    lost = sum(not k for u, words in last.items() for k in _kept(words, finals[u]))
    return tail_lost / max(1, tail), lost / max(1, stable_words)


def _first_stood(events: Sequence[Event], normalise: Normalise) -> list[tuple[str, float]]:
    """The words of each final, each with the time from which it stood."""
    stable: dict[str, list[tuple[str, float]]] = {}
    out: list[tuple[float, list[tuple[str, float]]]] = []
    for event in events:
        if isinstance(event, Hypothesis):
            known = stable.setdefault(event.utterance, [])
            known += [(normalise(word.text), event.t) for word in event.words[len(known) :]]
        elif isinstance(event, Utterance):
            final = [normalise(word.text) for word in event.words]
            times = [event.t] * len(final)
            known = stable.pop(event.id, [])
            matcher = SequenceMatcher(None, final, [text for text, _ in known], autojunk=False)
            for block in matcher.get_matching_blocks():
                for k in range(block.size):
                    times[block.a + k] = known[block.b + k][1]
            out.append((event.audio_start, list(zip(final, times, strict=True))))
    return [word for _, words in sorted(out, key=lambda pair: pair[0]) for word in words]


def _words(text: str) -> str:
    return " ".join(text.split())


def _word_error_rate(reference: list[list[str]], said: list[list[str]]) -> float:
    """Percent, over each channel's words in order (jiwer)."""
    import jiwer

    pairs = [(" ".join(r), " ".join(s)) for r, s in zip(reference, said, strict=True) if any(r)]
    return 100.0 * float(jiwer.wer([r for r, _ in pairs], [s for _, s in pairs]))


def _kept(words: list[str], final: list[str]) -> list[bool]:
    kept = [False] * len(words)
    for block in SequenceMatcher(None, words, final, autojunk=False).get_matching_blocks():
        kept[block.a : block.a + block.size] = [True] * block.size
    return kept


def _percentile(values: list[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None
