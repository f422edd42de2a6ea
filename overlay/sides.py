"""The line that the overlay shows of each side: its words, or since when nothing is heard; how loud it is now. Pure."""

from asr.events import Levels, Speaker
from overlay.screen import Line, Screen
from overlay.view import LiveLine

NAMES = {"rep": "You", "buyer": "Buyer"}
QUIET_S = 20.0
"""A finished line goes from the screen after this long."""
LIVE_CHARS = 400
"""Of a long line, this much of its end is enough to fill its place on the screen."""
UNHEARD_S = 5.0
"""A side that was audible less long ago is simply not talking."""
SOFTEST_DBFS, LOUDEST_DBFS = -60.0, -10.0
"""The ends of the meter: a quiet room, and speech close to the microphone."""


def live_line(screen: Screen, speaker: Speaker, t: float, *, listening: bool) -> LiveLine:
    """What is said on one side, `t` seconds into the call."""
    name, level = NAMES[speaker], _level(screen.levels, speaker)
    running = [line for line in screen.running.values() if _side(line) == speaker]
    if running:
        line = max(running, key=lambda line: line.at)
        return LiveLine(name, line.firm[-LIVE_CHARS:], line.soft[-LIVE_CHARS:], running=listening, level=level)
    done = [line for _, line in screen.lines if _side(line) == speaker and t - line.until < QUIET_S]
    if done:
        return LiveLine(name, done[-1].firm[-LIVE_CHARS:], level=level)
    return LiveLine(name, level=level, note=_note(screen.levels, speaker, t) if listening else "")


def level_of(dbfs: float) -> float:
    """The length of the meter, 0 to 1."""
    return min(1.0, max(0.0, (dbfs - SOFTEST_DBFS) / (LOUDEST_DBFS - SOFTEST_DBFS)))


def _side(line: Line) -> Speaker:
    return "rep" if line.speaker == "rep" else "buyer"


def _level(levels: Levels | None, speaker: Speaker) -> float | None:
    if levels is None:
        return None
    return level_of(levels.rep if speaker == "rep" else levels.buyer)


def _note(levels: Levels | None, speaker: Speaker, t: float) -> str:
    if levels is None:
        return ""
    heard = levels.rep_heard_t if speaker == "rep" else levels.buyer_heard_t
    if heard is None:
        return "nothing heard yet"
    since = t - heard
    return "" if since < UNHEARD_S else f"last heard {_ago(since)} ago"


def _ago(seconds: float) -> str:
    """In steps of five seconds, so that nothing ticks under the eye."""
    return f"{int(seconds // 5) * 5} s" if seconds < 60 else f"{int(seconds // 60)} min"
