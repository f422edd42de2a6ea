"""Times this machine once: can it decode with `base` as fast as people speak, or should `tiny.en` hear the call?

The measure is the whole decoding of a few seconds of the demo call, every partial and every final, with the threads in
force. Overloaded, the transcriber thins out partials, so words would only come later: nothing breaks above the bar.
It is done in a process of its own, as the engine's is; `python -m overlay.self_test MODEL THREADS` prints the seconds.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import platformdirs

from asr.capture.file import CHUNK, BrokeOff, Chunk, open_stereo
from asr.errors import BadInputError
from asr.live import transcribe_at_max
from asr.priority import hearing_environment, lower_engine, lower_thread
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE
from asr.weights import whisper_weights
from overlay.configs import DEMO_CALL
from overlay.settings import cores

BEST, FASTEST = "base", "tiny.en"
BAR_S = 1.0
"""Of work for one second of speech, up to which every word is heard in time."""
SPEECH_S = 6.0
"""Of the demo call: two people, hardly a pause."""
WARM_UP_S = 1.0
LONGEST_S = 9.0
"""A machine that is not through by then is slow enough to know."""
BAD_INPUT = 2
_CHUNK_S = CHUNK / SAMPLE_RATE


@dataclass(frozen=True)
class Choice:
    """Whisper weights for this machine, and the sentence that says why."""

    model: str
    sentence: str
    cost_s: float
    """Work of this machine for one second of speech, with `base`."""


def choose_model(threads: int, language: str = "en", *, again: bool = False) -> Choice:
    """The better weights that keep up here; measured once for a machine, threads and version, or `again`.

    Raises BadInputError where the weights of `base` are missing.
    """
    key = _key(threads)
    cost = None if again else _kept().get(key)
    if cost is None:
        cost = measure_apart(threads)
        _keep(key, cost)
    return choice(cost, language)


def is_timed(threads: int) -> bool:
    """Whether `choose_model` answers at once."""
    return _key(threads) in _kept()


def choice(cost_s: float, language: str = "en") -> Choice:
    """What to take where one second of speech costs `cost_s` with base."""
    if cost_s <= BAR_S:
        return Choice(BEST, f"{BEST}: one second of speech costs {cost_s:.2f} s of this machine.", cost_s)
    if language != "en":
        late = f"{BEST}: one second of speech costs {cost_s:.2f} s of this machine, so words come late; {FASTEST}"
        return Choice(BEST, f"{late} knows English only.", cost_s)
    return Choice(FASTEST, f"{FASTEST}: with {BEST} one second of speech costs {cost_s:.2f} s of this machine.", cost_s)


def measure(threads: int, model: str = BEST) -> float:
    """Seconds of this machine's work for one second of speech."""
    recogniser = Recogniser(whisper_weights(model), threads=threads)
    _decode(recogniser, WARM_UP_S)
    spent, heard = _decode(recogniser, SPEECH_S)
    return round(spent / heard, 3)


def measure_apart(threads: int, model: str = BEST) -> float:
    """The same in a process that is set up as the engine's is, and takes the weights with it when it ends."""
    command = (sys.executable, "-P", "-m", "overlay.self_test", model, str(threads))
    done = subprocess.run(
        command, env=hearing_environment(), start_new_session=True, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return float(done.stdout)
    if done.returncode == BAD_INPUT:
        raise BadInputError(done.stderr.strip())
    raise RuntimeError(f"the self-test ended with {done.returncode}: {done.stderr.strip()[-200:]}")


def results_file() -> Path:
    """Where the results are kept."""
    return Path(platformdirs.user_cache_dir("offbook", appauthor=False)) / "self_test.json"


def _decode(recogniser: Recogniser, seconds: float) -> tuple[float, float]:
    """How long it took, and how much sound was heard until then (s)."""
    begun, heard = time.perf_counter(), 0.0

    def sound() -> Iterator[Chunk | BrokeOff]:
        nonlocal heard
        for item in islice(open_stereo(DEMO_CALL / "call.opus").chunks(), round(seconds / _CHUNK_S)):
            if time.perf_counter() - begun > LONGEST_S:
                return
            heard += _CHUNK_S
            yield item

    for _ in transcribe_at_max(sound(), recogniser):
        pass
    return time.perf_counter() - begun, heard


def _key(threads: int) -> str:
    """What the result depends on: with any of it changed, the machine is timed again."""
    machine = f"{platform.node()} {platform.machine()} {platform.processor()}".strip()
    return f"{machine}, {cores()} cores, {threads} threads, Offbook {version('offbook')}"


def _kept() -> dict[str, float]:
    """The results so far; none where the file is missing or damaged."""
    try:
        found = json.loads(results_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): float(cost) for key, cost in found.items() if isinstance(cost, float | int) and cost > 0}


def _keep(key: str, cost_s: float) -> None:
    """Written aside and renamed; where that fails, the machine is timed again next time."""
    file = results_file()
    half = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(json.dumps({**_kept(), key: cost_s}, indent=1), encoding="utf-8")
        half.replace(file)


def main() -> int:
    """In the process of its own."""
    lower_engine()
    lower_thread()
    try:
        print(measure(int(sys.argv[2]), sys.argv[1]))
    except BadInputError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
