"""A question that nobody answers: when its silence has lasted for as long as cues ask. Pure."""

from dataclasses import dataclass, replace

from cues.situation import Situation


@dataclass(frozen=True)
class Asked:
    """The latest utterance was a question, and nobody has spoken since."""

    situation: Situation
    """The question's, with the last silence that was long enough for a cue."""
    left: tuple[float, ...]
    """The silences (s) that cues still wait for, the shortest first; never empty."""


def asked(situation: Situation, silences: tuple[float, ...]) -> Asked | None:
    """What to wait for after this utterance; nothing after one that is no question."""
    return Asked(situation, silences) if silences and situation.text.rstrip().endswith("?") else None


def due(waiting: Asked) -> float:
    """When the next silence is long enough (s into the call)."""
    # On a slow machine the question is read later than that.
    return max(waiting.situation.at + waiting.left[0], waiting.situation.reading.t)


def silent(waiting: Asked) -> tuple[Situation, Asked | None]:
    """The question once the next silence is long enough, and what is to be waited for then."""
    now = replace(
        waiting.situation,
        reading=replace(waiting.situation.reading, t=due(waiting)),
        silent_s=waiting.left[0],
    )
    return now, Asked(now, waiting.left[1:]) if waiting.left[1:] else None
