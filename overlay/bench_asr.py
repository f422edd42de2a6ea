"""`offbook bench asr`: plays a folder's call in real time and scores words, lag, load and memory.

The engine runs in a process of its own, so that its memory and processor time are its own; the offline reference
(the same model, 30 s windows, beam 5, each utterance alone) runs afterwards, here.
"""

import json
import multiprocessing
import resource
import time
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from asr.capture.file import Chunk, open_stereo
from asr.errors import BadInputError
from asr.events import Event, Hypothesis, Utterance
from asr.live import Listening, at_real_pace
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import whisper_weights


@dataclass(frozen=True)
class Spoken:
    """One reference utterance: seconds in the call, its text, and its sound alone."""

    channel: int
    start: float
    end: float
    text: str
    sound: Samples


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

    def as_json(self) -> dict[str, Any]:
        return {key: round(v, 4) if isinstance(v, float) else v for key, v in asdict(self).items()}


@dataclass(frozen=True)
class _Heard:
    """What the engine's process sends back; processor time is counted from the call's start."""

    events: list[Event]
    busy_s: float
    cpu_s: float
    peak_rss_mb: float


@dataclass(frozen=True)
class _TimedWord:
    text: str
    end: float


@dataclass(frozen=True)
class _Offline:
    """One channel by the offline pass: each utterance's text, and every word with where it ends in the call (s)."""

    texts: list[str]
    words: list[_TimedWord]


def measure(folder: Path, model: str) -> AsrFigures:
    """Plays the call once. Raises BadInputError where the folder lacks something."""
    normalise = normaliser()
    call_file = call_sound(folder)
    spoken = _reference(folder, call_file)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        heard = pool.apply(_hear, (call_file, model))
    offline = _offline(spoken, Recogniser(whisper_weights(model)), normalise)
    reference = [[_words(normalise(s.text)) for s in spoken if s.channel == c] for c in (0, 1)]
    reference_offline = [[_words(normalise(text)) for text in offline[c].texts] for c in (0, 1)]
    finals = [e for e in heard.events if isinstance(e, Utterance)]
    said = [[_words(normalise(e.text)) for e in _in_order(finals) if e.channel == c] for c in (0, 1)]
    stable_lags = [lag for c in (0, 1) for lag in _stable_lags(heard.events, c, offline[c].words, normalise)]
    final_lags = _final_lags(finals, spoken)
    changed, corrected = _changes(heard.events, normalise)
    speech = sum(s.end - s.start for s in spoken)
    return AsrFigures(
        wer=_word_error_rate(reference, said),
        wer_offline=_word_error_rate(reference, reference_offline),
        stable_lag_p50_s=_percentile(stable_lags, 50),
        stable_lag_p95_s=_percentile(stable_lags, 95),
        final_lag_p50_s=_percentile(final_lags, 50),
        final_lag_p95_s=_percentile(final_lags, 95),
        changed_partial_share=changed,
        corrected_stable_share=corrected,
        busy_per_audio_s=heard.busy_s / speech,
        cpu_per_audio_s=heard.cpu_s / speech,
        peak_rss_mb=heard.peak_rss_mb,
        speech_s=speech,
        words=sum(len(text.split()) for side in reference for text in side),
    )


def call_sound(folder: Path) -> Path:
    """The folder's call.wav, or call.opus and the like."""
    if not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; give one that holds call.wav and call.json.")
    found = sorted(f for f in folder.glob("call.*") if f.suffix in {".wav", ".opus", ".flac", ".ogg"})
    if not found:
        raise BadInputError(f"{folder}: holds no call.wav; see the layout in CONTRIBUTING.md.")
    return found[-1]


def _hear(call_file: Path, model: str) -> _Heard:
    """In the engine's process: the call at real pace; `t` of the events is seconds since its sound began."""
    recogniser = Recogniser(whisper_weights(model))
    cpu = time.process_time()
    begun = time.monotonic()

    def clock() -> float:
        return time.monotonic() - begun

    listening = Listening(at_real_pace(open_stereo(call_file).chunks(), clock), recogniser, clock)
    events: list[Event] = []
    while (event := listening.next_event(None)) is not None:
        events.append(event)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Heard(events, listening.busy_s, time.process_time() - cpu, peak)


def _reference(folder: Path, call_file: Path) -> list[Spoken]:
    file = folder / "call.json"
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        found = [(int(r["channel"]), float(r["start"]), float(r["end"]), str(r["text"]), str(r["name"])) for r in rows]
    except OSError as error:
        raise BadInputError(f"{file}: can't be read ({error.strerror}); it lists what is said in the call.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{file}: is not a list of {{channel, start, end, text, name}} ({error!r}).") from error
    sides = _sides(call_file)
    return [
        Spoken(channel, start, end, text, _alone(folder / f"{name}.wav", sides[channel], start, end))
        for channel, start, end, text, name in found
    ]


def _sides(file: Path) -> tuple[Samples, Samples]:
    chunks = [c for c in open_stereo(file).chunks() if isinstance(c, Chunk)]
    return np.concatenate([c.rep for c in chunks]), np.concatenate([c.buyer for c in chunks])


def _alone(file: Path, side: Samples, start: float, end: float) -> Samples:
    """An utterance's sound: NAME.wav where it is there, else cut from the call."""
    if file.is_file():
        from faster_whisper import decode_audio

        sound: Samples = decode_audio(str(file))
        return sound
    return side[round(max(0.0, start - 0.2) * SAMPLE_RATE) : round((end + 0.2) * SAMPLE_RATE)]


def normaliser() -> Any:
    """Makes texts comparable. Raises BadInputError without the extra `bench`."""
    try:
        from whisper_normalizer.english import EnglishTextNormalizer
    except ImportError as error:
        raise BadInputError("`offbook bench` needs the extra `bench`: pip install 'offbook[bench]'.") from error
    return EnglishTextNormalizer()


def _words(text: str) -> str:
    return " ".join(text.split())


def _in_order(finals: list[Utterance]) -> list[Utterance]:
    return sorted(finals, key=lambda event: event.audio_start)


def _word_error_rate(reference: list[list[str]], said: list[list[str]]) -> float:
    """Percent, over each channel's words in order (jiwer)."""
    import jiwer

    pairs = [(" ".join(r), " ".join(s)) for r, s in zip(reference, said, strict=True) if any(r)]
    return 100.0 * float(jiwer.wer([r for r, _ in pairs], [s for _, s in pairs]))


def _offline(spoken: list[Spoken], recogniser: Recogniser, normalise: Any) -> tuple[_Offline, _Offline]:
    sides = (_Offline([], []), _Offline([], []))
    for utterance in spoken:
        found = recogniser.offline(utterance.sound, utterance.start - _voiced_from(utterance))
        side = sides[utterance.channel]
        side.texts.append(" ".join(word.text for word in found))
        side.words.extend(_TimedWord(normalise(w.text), min(w.end, utterance.end)) for w in found)
    return sides


def _voiced_from(utterance: Spoken) -> float:
    """How far into its own sound the utterance starts, so that its words can be placed in the call."""
    return max(0.0, (len(utterance.sound) / SAMPLE_RATE - (utterance.end - utterance.start)) / 2)


def _stable_lags(events: list[Event], channel: int, timed: list[_TimedWord], normalise: Any) -> list[float]:
    """For each timed word: when it stood in `stable` (or, failing that, in the final), minus its end in the sound."""
    heard = _first_stood([e for e in events if getattr(e, "channel", None) == channel], normalise)
    matcher = SequenceMatcher(None, [w.text for w in timed], [text for text, _ in heard], autojunk=False)
    return [
        heard[block.b + k][1] - timed[block.a + k].end
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    ]


def _first_stood(events: list[Event], normalise: Any) -> list[tuple[str, float]]:
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


def _final_lags(finals: list[Utterance], spoken: list[Spoken]) -> list[float]:
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


def _changes(events: list[Event], normalise: Any) -> tuple[float, float]:
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


def _kept(words: list[str], final: list[str]) -> list[bool]:
    kept = [False] * len(words)
    for block in SequenceMatcher(None, words, final, autojunk=False).get_matching_blocks():
        kept[block.a : block.a + block.size] = [True] * block.size
    return kept


def _percentile(values: list[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None
