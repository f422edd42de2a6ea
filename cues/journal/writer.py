"""Writes a running call into the journal without ever making it wait.

Threads: `journal` (owner: Writer) takes events from one bounded queue and commits them; any thread may call `write`.
It ends after `close`, when everything is written or the time for that is up.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Protocol

from asr.errors import BadInputError
from asr.events import Fault, Recovered
from cues.events import AnyEvent
from cues.journal.append import append
from cues.journal.database import writing
from cues.journal.facts import Facts
from cues.journal.open import open_file
from cues.journal.reasons import reason
from cues.journal.selection import Held, select
from cues.journal.store import Journal

PART = "journal"
MOST_WAITING = 50_000
"""Events kept in memory while the journal can't be written: hours of talk, some 100 MB."""
GATHER_S = 0.02
"""How long a batch gathers; with the commit, far below the 0.25 s that an event may take to the disk."""
BATCH = 1000
RETRY_S = 0.2
MOST_RETRY_S = 5.0


class Report(Protocol):
    """Takes a fault or its end, in the writer's thread; `t` is 0, its taker knows the time."""

    def __call__(self, event: Fault | Recovered, /) -> None: ...


class Writer:
    """Stores events as they come. Give it every event of the call; it leaves out what is not stored."""

    def __init__(self, journal: Journal, report: Report, most_waiting: int = MOST_WAITING) -> None:
        self._journal = journal
        self._report = report
        self._most = most_waiting
        self._held: Held = {}
        self._known: Mapping[str, Facts] = {}
        self._queue: deque[AnyEvent] = deque()
        self._wake = threading.Condition()
        self._lost = 0
        self._lost_told = 0
        self._failing = False
        self._full = False
        self._closing = threading.Event()
        self._give_up_at = float("inf")
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, event: AnyEvent) -> None:
        """Takes one event, and returns at once."""
        with self._wake:
            self._held, chosen = select(self._held, event)
            for one in chosen:
                if len(self._queue) < self._most:
                    self._queue.append(one)
                else:
                    self._lost += 1
            if chosen:
                self._wake.notify()

    def close(self, limit_s: float = 5.0) -> int:
        """Writes what waits, for `limit_s` at most, and ends. Returns how many events were not stored in all."""
        self._give_up_at = time.monotonic() + limit_s
        self._closing.set()
        with self._wake:
            self._wake.notify()
        self._thread.join(limit_s + 3.0)
        with self._wake:
            return self._lost + len(self._queue)

    def _run(self) -> None:
        retry = RETRY_S
        while batch := self._gather():
            trouble = self._store(batch)
            self._tell(trouble)
            if trouble is None:
                retry = RETRY_S
            elif time.monotonic() > self._give_up_at:
                break
            else:
                self._pause(retry)
                retry = min(MOST_RETRY_S, retry * 2)
        self._journal.close()

    def _gather(self) -> list[AnyEvent]:
        """The next batch, which stays in the queue until it is stored; empty when all is done."""
        with self._wake:
            self._wake.wait_for(lambda: self._queue or self._closing.is_set())
        self._closing.wait(GATHER_S)
        with self._wake:
            return list(islice(self._queue, BATCH))

    def _store(self, batch: Sequence[AnyEvent]) -> str | None:
        """Commits the batch and takes it from the queue. Returns what is in the way, if something is."""
        try:
            if self._failing:
                self._journal = open_file(self._journal.file)
            elif not self._journal.in_place():
                return "its file was moved or deleted"
            with writing(self._journal.engine) as connection:
                done = append(connection, batch, self._known)
        except Exception as error:  # a bug too must be told and tried again: this thread's end would go unnoticed
            self._journal.close()  # holds no file open meanwhile: whoever mends the disk may need to unmount it
            return _words(error)
        self._known = done.known
        with self._wake:
            self._lost += done.refused
            for _ in batch:
                self._queue.popleft()
        return None

    def _pause(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            time.sleep(RETRY_S)

    def _tell(self, trouble: str | None) -> None:
        """Reports what has changed: trouble, its end, events that are lost."""
        lost = self._lost - self._lost_told
        if trouble is None:
            self._lost_told += lost
            if self._failing:
                after = f"events lost: {lost}." if lost else "nothing was lost."
                self._report(Recovered(part=PART, message=f"The journal is written again; {after}"))
            elif lost:
                self._fault(f"Events that the journal can't store: {lost} (without JSON form, or with a taken number).")
            self._failing = self._full = False
            return
        if not self._failing:
            self._failing = True
            self._fault(f"The journal can't be written: {trouble}. The call goes on, and its record waits in memory.")
        if lost and not self._full:
            self._full = True
            self._fault(f"The journal can't be written: {trouble}. {self._most} events wait; later ones are lost.")

    def _fault(self, message: str) -> None:
        self._report(Fault(part=PART, message=message))


def _words(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, BadInputError) else error
    return reason(cause).words if isinstance(cause, Exception) else str(error).rstrip(".")
