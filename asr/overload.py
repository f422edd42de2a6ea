"""Whether the machine keeps up, pure: finals that come late hand over to smaller weights, and calm gives back.

Partials are thinned out before that (`asr/transcriber.py` decodes finals first), so a final is late only where even the
finals alone are too much.
"""

from dataclasses import dataclass, replace

LATE_S = 4.0
"""A final so long after its last word: a card for it would come too late to be used."""
IN_TIME_S = 1.5
CALM_S = 20.0
"""The smaller weights stay at least so long, and twice as long each time that giving back came too soon."""
LONGEST_CALM_S = 320.0


@dataclass(frozen=True)
class Pace:
    """Whether the smaller weights decode; since when, and how long they stay at least (s into the call, s)."""

    small: bool = False
    since: float = 0.0
    stay_s: float = CALM_S


def step(pace: Pace, lag: float, now: float) -> Pace:
    """A final was said `now`, `lag` seconds after the speaker stopped."""
    if not pace.small and lag > LATE_S:
        too_soon = pace.since > 0 and now - pace.since < pace.stay_s
        return Pace(small=True, since=now, stay_s=min(2 * pace.stay_s, LONGEST_CALM_S) if too_soon else CALM_S)
    if pace.small and lag < IN_TIME_S and now - pace.since >= pace.stay_s:
        return replace(pace, small=False, since=now)
    return pace
