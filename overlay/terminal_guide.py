"""The first start in a terminal: choose the microphone, hear the buyer, see one's own words.

Runs in the caller's thread; rich redraws in its own.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

from rich.console import Console
from rich.live import Live
from rich.prompt import IntPrompt
from rich.table import Table
from rich.text import Text

from asr.capture.chime import start_chime
from asr.capture.devices import Device, list_devices, what_is_missing
from asr.errors import BadInputError
from overlay.device_list import REDRAWS_PER_S, bar
from overlay.engine_messages import Start
from overlay.first_words import first_words
from overlay.parent import Parent
from overlay.sound_check import Look, both_sides, judged, looks, microphones, side

SHOWN_S = 4.0
"""How long the microphones' levels move before the question."""
CHIME_S = 6.0
"""Until the chime must have been heard; an idle output takes 2 s."""
WORDS_S = 30.0
"""For the first words, once it listens."""
ENOUGH = 3
"""Words that show that it understands."""


def guide_in_terminal(buyer_sound: str | None, make_start: Callable[[Device], Start]) -> Device:
    """The microphone that the rep chose. Raises BadInputError where nothing can be heard."""
    console = Console(highlight=False)
    console.print(Text("1 of 3  Which microphone hears you? Speak, and take the one whose bar moves.", style="bold"))
    microphone = _choose(console)
    console.print(Text("2 of 3  Is the buyer heard? A sound plays now.", style="bold"))
    console.print(f"        {_hear_chime(buyer_sound)}")
    console.print(Text("3 of 3  Say a sentence, as you would in a call. Nothing of it is kept.", style="bold"))
    console.print("        The speech model is loaded; Ctrl-C goes on without it.")
    with suppress(KeyboardInterrupt):
        console.print(f"        {_understood(make_start(microphone))}")
    return microphone


def _choose(console: Console) -> Device:
    devices = microphones(list_devices())
    if not devices:
        raise BadInputError(" ".join(what_is_missing(list_devices())))
    if console.is_terminal:
        with Live(console=console, refresh_per_second=REDRAWS_PER_S) as live, closing(looks(microphones)) as seen:
            until = time.monotonic() + SHOWN_S
            for look in seen:
                live.update(_table(devices, look))
                if time.monotonic() > until:
                    break
    else:
        console.print(_table(devices, ()))
    default = next((k for k, device in enumerate(devices, 1) if device.default), 1)
    numbers = [str(k) for k in range(1, len(devices) + 1)]
    number = IntPrompt.ask("        Its number", console=console, choices=numbers, default=default)
    return devices[number - 1]


def _table(devices: Sequence[Device], look: Look) -> Table:
    levels = {heard.device.id: heard.level for heard in look}
    table = Table(box=None, padding=(0, 1), show_header=False)
    for k, device in enumerate(devices, 1):
        table.add_row("       ", str(k), device.name, bar(levels.get(device.id)))
    return table


def _hear_chime(buyer_sound: str | None) -> str:
    """Plays it once the output is open; what came of it."""
    begun = played = None
    with closing(looks(both_sides(None, buyer_sound))) as seen:
        for look in seen:
            heard, now = side(look, "loopback"), time.monotonic()
            begun = begun or now
            verdict, sentence = judged("loopback", heard)
            if heard is not None and heard.level is not None and played is None:
                played = start_chime(heard.device)
            if verdict == "heard" or now - begun > CHIME_S:
                return sentence
    raise AssertionError("the looks have no end")


def _understood(start: Start) -> str:
    """The first few words, or why there are none."""
    parent = Parent(start)
    giving_up = threading.Timer(WORDS_S, parent.break_off)
    try:
        with closing(first_words(parent)) as words:
            for text in words:
                if not text:
                    giving_up.start()
                if len(text.split()) >= ENOUGH:
                    return f"“{text}”"
    finally:
        giving_up.cancel()
    return "No words came. See `offbook devices`, or speak louder."
