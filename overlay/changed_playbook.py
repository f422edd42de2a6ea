"""A playbook that changes while a call runs: loaded, checked and made ready beside it.

Threads: `playbook` (owner: `watched`), of lowered priority, looks at the folder's files, loads what changed, computes
its vectors and keeps a copy of it; then it queues a NewPlaybook where asr's events are queued too. The call's own
thread takes that between two utterances (`Call` in overlay/engine.py), and never waits for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asr.errors import BadInputError
from asr.events import Advice, Event
from asr.priority import lower_thread
from cues.check import load_playbook, reason
from cues.playbook import Playbook
from cues.stamp import changes, stamp
from models.reader import Concepts
from overlay.kept_playbook import InUse, keep

LAST_S = 10.0
"""What it gets to end, where it is loading just then."""


@dataclass(frozen=True, kw_only=True)
class NewPlaybook(Event):
    """A changed playbook, ready to be taken. Not an event of the call."""

    playbook: Playbook
    concepts: Concepts


@contextmanager
def watched(
    folder: Path, used: InUse, prepare: Callable[[Playbook], Concepts], hand: Callable[[Event], None]
) -> Iterator[None]:
    """While the block lasts, each good change of the playbook in `folder` is handed on, and once that it broke."""
    over = threading.Event()

    def run() -> None:
        lower_thread()
        for event in _events(folder, used, prepare, over):
            hand(event)

    thread = threading.Thread(target=run, name="playbook", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(LAST_S)


def _events(
    folder: Path, used: InUse, prepare: Callable[[Playbook], Concepts], over: threading.Event
) -> Iterator[Event]:
    last, told = used.playbook.hash, used.notice is not None
    keep(folder, used.playbook)
    for now in changes(folder, used.seen, over.wait):
        try:
            playbook = load_playbook(folder)
        except BadInputError as error:
            if not told:
                yield Advice(part="playbook", message=_broken(folder, error))
            told = True
            continue
        if stamp(folder) != now:
            continue  # half of it is from before
        told = False
        if playbook.hash != last:
            last = playbook.hash
            keep(folder, playbook)
            yield NewPlaybook(playbook=playbook, concepts=prepare(playbook))


def _broken(folder: Path, error: BadInputError) -> str:
    return f"The changed playbook in {folder} can't be used ({reason(error, folder)}); the one before stays in use."
