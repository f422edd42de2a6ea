"""`offbook setup`: the guided first start, which `listen` begins with on a new machine."""

import sys
from collections.abc import Callable

import typer

from asr.capture.devices import Device
from overlay.engine_messages import Start
from overlay.playing import no_window
from overlay.settings import Loaded
from overlay.settings_file import write_settings

MakeStart = Callable[[str | None], Start]
"""An engine's start with a microphone, None for the system's choice; it may time the machine."""


def is_first_start(loaded: Loaded) -> bool:
    """Whether nobody has set this machine up yet, and somebody is there to be asked."""
    return not loaded.file.exists() and (no_window() is None or sys.stdin.isatty())


def guide(loaded: Loaded, make_start: MakeStart, *, headless: bool = False) -> bool:
    """Goes through it, in a window where one can be shown, and writes the settings; False where the rep closed it.

    Raises BadInputError where nothing can be heard, or the settings can't be written.
    """
    settings = loaded.settings

    def start_with(microphone: Device | None) -> Start:
        return make_start(setting_of(microphone))

    if headless or no_window() is not None:
        from overlay.terminal_guide import guide_in_terminal

        chosen: Device | None = guide_in_terminal(settings.buyer_sound, start_with)
    else:
        from overlay.window.guide import run_guide

        went, chosen = run_guide(settings.microphone, settings.buyer_sound, start_with)
        if not went:
            return False
    name = setting_of(chosen)
    # A file without a microphone too: it says that this machine is set up.
    write_settings(loaded.file, {"microphone": name} if name is not None and "microphone" not in loaded.fixed else {})
    typer.echo(f"Written to {loaded.file}.", err=True)
    return True


def setting_of(microphone: Device | None) -> str | None:
    """What the settings say of it: nothing where the system's choice will do."""
    return None if microphone is None or microphone.default else microphone.name
