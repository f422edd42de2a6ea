"""Whose turn it is, from utterances that may overlap and whose finals come in any order. Pure.

A turn is one side's speech until the other side replies. A word or two said into the other's running speech ("right",
"mm-hm") is listening: it neither begins a turn nor ends the other's.
"""

from dataclasses import dataclass

ASIDE_WORDS = 3
"""Up to this many words inside the other's speech are an aside."""


@dataclass(frozen=True)
class Said:
    """One utterance with words: when, and how many."""

    start: float
    end: float
    words: int


@dataclass(frozen=True)
class Turns:
    """The turns so far, as much of them as the next utterance needs."""

    rep: float | None = None
    """Start of the rep's latest turn."""
    rep_last: Said | None = None
    buyer_last: Said | None = None
    replies: tuple[float, ...] = ()
    """Starts of the buyer's first and latest utterance since the rep's latest one began."""


def rep_says(turns: Turns, said: Said, buyer_since: float | None) -> tuple[Turns, bool]:
    """A rep's final; `buyer_since`: start of what the buyer is still saying. Second: a turn began."""
    if _is_aside(said, turns.buyer_last, buyer_since):
        return turns, False
    heard = turns.replies if buyer_since is None else (*turns.replies, buyer_since)
    last = turns.rep_last
    new = last is None or any(last.start < reply < said.start for reply in heard)
    left = tuple(reply for reply in turns.replies if reply > said.start)
    return Turns(said.start if new else turns.rep, said, turns.buyer_last, left), new


def buyer_says(turns: Turns, said: Said, rep_since: float | None) -> tuple[Turns, bool]:
    """A buyer's final; `rep_since`: start of what the rep is still saying. Second: the rep's turn is over."""
    if _is_aside(said, turns.rep_last, rep_since):
        return turns, False
    after = turns.rep_last is None or said.start > turns.rep_last.start
    replies = (*turns.replies[:1], said.start) if after else turns.replies
    goes_on = rep_since is not None and rep_since < said.start
    return Turns(turns.rep, turns.rep_last, said, replies), after and not goes_on


def _is_aside(said: Said, other: Said | None, other_since: float | None) -> bool:
    if said.words > ASIDE_WORDS:
        return False
    inside_running = other_since is not None and other_since < said.start
    return inside_running or (other is not None and other.start < said.start and said.end <= other.end)
