"""The check before a call in the terminal: for five seconds at most, are both sides heard?

Runs in the caller's thread; rich redraws in its own.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from asr.capture.devices import Kind
from overlay.device_list import REDRAWS_PER_S, bar
from overlay.sound_check import CHECK_S, Look, both_heard, both_sides, judged, looks, side

_SIDES: tuple[tuple[str, Kind], ...] = (("You", "microphone"), ("Buyer", "loopback"))
_STYLES = {"heard": "green", "waiting": "", "broken": "bold red"}


def check_in_terminal(microphone: str | None, buyer_sound: str | None) -> None:
    """Shows both sides until they are heard, or the time is over; then a line for each on the error output."""
    console = Console(stderr=True, highlight=False)
    until = time.monotonic() + CHECK_S
    look: Look = ()
    with _live(console) as live, closing(looks(both_sides(microphone, buyer_sound))) as seen:
        for look in seen:
            if live is not None:
                live.update(drawn(look))
            if both_heard(look) or time.monotonic() > until:
                break
    if live is None:
        console.print(drawn(look))


def drawn(look: Look) -> Table:
    """A row for each side: how loud it is, and what that means."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for name, kind in _SIDES:
        heard = side(look, kind)
        verdict, sentence = judged(kind, heard)
        table.add_row(name, bar(heard.level if heard else None), Text(sentence, style=_STYLES[verdict]))
    return table


@contextmanager
def _live(console: Console) -> Iterator[Live | None]:
    if not console.is_terminal:
        yield None
        return
    with Live(console=console, refresh_per_second=REDRAWS_PER_S) as live:
        yield live
