"""`offbook bench asr`: plays a folder's call in real time and scores words, lag, load and memory.

The engine runs in a process of its own, so that its memory and processor time are its own; the offline reference
(the same model, 30 s windows, beam 5, each utterance alone) runs afterwards, here.
"""

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from asr.capture.file import Chunk, open_stereo
from asr.errors import BadInputError
from asr.events import Event
from asr.live import Listening, Transcribes, at_real_pace
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE, Samples
from asr.transcriber import Transcriber
from asr.weights import whisper_weights
from overlay.bench_peers import fixed_chunks, local_agreement
from overlay.bench_scores import Load, Normalise, Offline, Scored, Spoken, TimedWord, normaliser, score

OURS = "offbook"
POLICIES: dict[str, Callable[[Recogniser, Callable[[], float]], Transcribes]] = {
    OURS: Transcriber,
    "LocalAgreement-2": local_agreement,
    "fixed chunks": fixed_chunks,
}
"""How to transcribe a call as it is spoken: ours, and what others do on the same weights."""


def measure(folder: Path, model: str, policies: Sequence[str] = (OURS,)) -> dict[str, Scored]:
    """Plays the call once for each policy. Raises BadInputError where the folder lacks something."""
    normalise = normaliser()
    call_file, spoken = call_sound(folder), reference(folder)
    heard = {}
    for policy in policies:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            heard[policy] = pool.apply(_hear, (call_file, model, policy))
    offline = offline_pass(spoken, Recogniser(whisper_weights(model)), normalise)
    return {policy: score(events, load, spoken, offline, normalise) for policy, (events, load) in heard.items()}


def call_sound(folder: Path) -> Path:
    """The folder's call.wav, or call.opus and the like."""
    if not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; give one that holds call.wav and call.json.")
    found = sorted(f for f in folder.glob("call.*") if f.suffix in {".wav", ".opus", ".flac", ".ogg"})
    if not found:
        raise BadInputError(f"{folder}: holds no call.wav; see the layout in CONTRIBUTING.md.")
    return found[-1]


def _hear(call_file: Path, model: str, policy: str) -> tuple[list[Event], Load]:
    """In the engine's process: the call at real pace; `t` of the events is seconds since its sound began."""
    recogniser = Recogniser(whisper_weights(model))
    cpu = time.process_time()
    begun = time.monotonic()

    def clock() -> float:
        return time.monotonic() - begun

    sound = at_real_pace(open_stereo(call_file).chunks(), clock)
    listening = Listening(sound, POLICIES[policy](recogniser, clock), clock)
    events: list[Event] = []
    while (event := listening.next_event(None)) is not None:
        events.append(event)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return events, Load(listening.busy_s, time.process_time() - cpu, peak)


def reference(folder: Path) -> list[Spoken]:
    """What is said in the folder's call. Raises BadInputError where that can't be read."""
    file = folder / "call.json"
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        found = [(int(r["channel"]), float(r["start"]), float(r["end"]), str(r["text"]), str(r["name"])) for r in rows]
    except OSError as error:
        raise BadInputError(f"{file}: can't be read ({error.strerror}); it lists what is said in the call.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{file}: is not a list of {{channel, start, end, text, name}} ({error!r}).") from error
    sides = _sides(call_sound(folder))
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


def offline_pass(spoken: list[Spoken], recogniser: Recogniser, normalise: Normalise) -> tuple[Offline, Offline]:
    """What the same weights make of each utterance alone, in no haste; by channel."""
    sides = (Offline([], []), Offline([], []))
    for utterance in spoken:
        found = recogniser.offline(utterance.sound, utterance.start - _voiced_from(utterance))
        side = sides[utterance.channel]
        side.texts.append(" ".join(word.text for word in found))
        side.words.extend(TimedWord(normalise(w.text), min(w.end, utterance.end)) for w in found)
    return sides


def _voiced_from(utterance: Spoken) -> float:
    """How far into its own sound the utterance starts, so that its words can be placed in the call."""
    return max(0.0, (len(utterance.sound) / SAMPLE_RATE - (utterance.end - utterance.start)) / 2)
