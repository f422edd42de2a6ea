"""`offbook demo`: the demo call with its overlay; where there is no display, on a virtual one that leaves pictures."""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from asr.errors import BadInputError
from cues.events import AnyEvent
from overlay.engine_messages import Start
from overlay.following import Follow
from overlay.live_call import run_headless
from overlay.page_picture import take_picture
from overlay.playing import run_live
from overlay.virtual_display import virtual_display
from overlay.window.desktop import check_display

if TYPE_CHECKING:
    from overlay.window.app import Overlay

FOLDER = Path("out/demo")
PAGE = (1360, 1900)


def run_demo(start: Start, follow: Follow, folder: Path = FOLDER) -> list[Path]:
    """Plays the call; the pictures that it left, which is none where someone sees the overlay itself."""
    if _seen():
        run_live(start, follow, headless=False)
        return []
    with ExitStack() as stack:
        try:
            _set_up(folder, stack)
        except BadInputError as error:
            print(f"{error} The call is shown in the terminal alone.", file=sys.stderr)
            run_headless(start, follow)
            return []
        calls: list[str] = []
        pictures = _run_over_meeting(start, lambda events: follow(_noted(events, calls)), folder)
    return [*pictures, *_page(start.journal, calls, folder)]


def _seen() -> bool:
    try:
        check_display()
    except BadInputError:
        return False
    return True


def _set_up(folder: Path, stack: ExitStack) -> None:
    """A place for the pictures, and a display that this process uses from now on."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadInputError(f"{folder}: can't be written ({error.strerror}), so there are no pictures.") from error
    os.environ["DISPLAY"] = stack.enter_context(virtual_display())
    check_display()


def _run_over_meeting(start: Start, follow: Follow, folder: Path) -> list[Path]:
    from overlay.window.backdrop import Backdrop
    from overlay.window.live import run_with_overlay
    from overlay.window.photographer import Photographer

    taken: list[Path] = []

    def dress(overlay: "Overlay") -> object:
        backdrop, photographer = Backdrop(), Photographer(folder, taken)
        backdrop.show()
        overlay.drawn.connect(photographer.see)
        return backdrop, photographer

    run_with_overlay(start, follow, dress)
    return taken


def _noted(events: Iterable[AnyEvent], calls: list[str]) -> Iterator[AnyEvent]:
    """Passes them on; the call's id is noted."""
    for event in events:
        calls[:] = [event.call]
        yield event


def _page(journal: str | None, calls: list[str], folder: Path) -> list[Path]:
    """The call's page of `offbook review`, as a picture; none, and a sentence, where that can't be."""
    file = folder / "review.png"
    try:
        if journal is None or not calls:
            raise BadInputError(f"{file}: there is no picture of the page, for the call was not recorded.")
        _take_page(journal, calls[0], file)
    except BadInputError as error:
        print(error, file=sys.stderr)
        return []
    return [file]


def _take_page(journal: str, call: str, file: Path) -> None:
    try:
        from overlay.review.serve import ADDRESS, bind, serving
        from overlay.review.site import make_site
    except ModuleNotFoundError as error:
        raise BadInputError(f"{file}: there is no picture of the page, for {error.name} is not installed.") from error
    from cues.journal.open import open_journal
    from overlay.review.journal_calls import JournalCalls

    # For this one page: another user of the machine may see it among the arguments of Chromium.
    token = secrets.token_urlsafe()
    with closing(open_journal(journal or None)) as opened:
        listening = bind(0, print)
        url = f"http://{ADDRESS}:{listening.getsockname()[1]}/calls/{call}?token={token}"
        with serving(make_site(JournalCalls(opened), token), listening):
            take_picture(url, file, *PAGE)
