"""`offbook bench cards`: plays a call in real time and scores which cards came, and how soon."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from asr.capture.file import open_stereo
from asr.errors import BadInputError
from cues.check import load_playbook
from cues.events import AnyEvent, CardShown
from overlay.bench_asr import call_sound
from overlay.call_setup import load_setup
from overlay.engine import play

EARLY_S = 0.3
"""A card this much before the end of its trigger can't have heard it, so it is a false one."""


@dataclass(frozen=True)
class Expected:
    """A card that should come: its cue, the end of the words that justify it, the end of that turn (s)."""

    cue: str
    trigger_end: float
    turn_end: float


@dataclass(frozen=True)
class CardFigures:
    """What `--json` prints: lag in seconds, shares 0 to 1; `missed` and `false` name cues with their times."""

    lag_p50_s: float | None
    lag_p95_s: float | None
    before_turn_end_share: float
    recall: float
    precision: float
    cards: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {key: round(v, 4) if isinstance(v, float) else v for key, v in asdict(self).items()}


def measure(folder: Path, playbook_folder: Path, model: str) -> CardFigures:
    """Plays the call once. Raises BadInputError where the folder lacks something."""
    expected = read_expected(folder / "cards.json")
    playbook = load_playbook(playbook_folder)
    call = play(open_stereo(call_sound(folder)), load_setup(playbook, model), real_time=True)
    return score(expected, list(call))


def read_expected(file: Path) -> list[Expected]:
    """The cards that should come. Raises BadInputError."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [Expected(str(r["cue"]), float(r["trigger_end"]), float(r["turn_end"])) for r in rows]
    except OSError as error:
        raise BadInputError(
            f"{file}: can't be read ({error.strerror}); it lists the cards that should come."
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(f"{file}: is not a list of {{cue, trigger_end, turn_end}} ({error!r}).") from error


def score(expected: list[Expected], events: list[AnyEvent]) -> CardFigures:
    """Pairs each expected card with the first fitting one that came; pure."""
    shown = [event for event in events if isinstance(event, CardShown)]
    left = list(shown)
    pairs: list[tuple[Expected, CardShown]] = []
    missed = []
    for want in sorted(expected, key=lambda e: e.trigger_end):
        fits = [card for card in left if card.cue == want.cue and card.t >= want.trigger_end - EARLY_S]
        if fits:
            pairs.append((want, fits[0]))
            left.remove(fits[0])
        else:
            missed.append(f"{want.cue} at {want.trigger_end:.1f} s")
    lags = [card.t - want.trigger_end for want, card in pairs]
    early = sum(card.t < want.turn_end for want, card in pairs)
    return CardFigures(
        lag_p50_s=float(np.percentile(lags, 50)) if lags else None,
        lag_p95_s=float(np.percentile(lags, 95)) if lags else None,
        before_turn_end_share=early / len(pairs) if pairs else 0.0,
        recall=len(pairs) / len(expected) if expected else 1.0,
        precision=len(pairs) / len(shown) if shown else 1.0,
        cards=len(shown),
        missed=tuple(missed),
        false=tuple(f"{card.cue} at {card.t:.1f} s" for card in left),
    )
