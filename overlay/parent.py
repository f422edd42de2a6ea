"""The parent of the engine's process: starts it, and starts it again into the same call when it dies.

No thread of its own: `happenings` runs in the caller's, which may be one that the overlay keeps for it; `stop` and
`break_off` may be called from any thread or from a signal handler. If the parent is killed, the engine's pipe ends and
with it the call.
"""

import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from asr.errors import BadInputError
from asr.priority import hearing_environment
from cues.events import AnyEvent
from overlay.engine_messages import END, LINE, START, Failed, Ready, Resume, Start
from overlay.memory import Memory

ENGINE = (sys.executable, "-P", "-m", "overlay.engine_process")
MOST_RESTARTS = 3
WITHIN_S = 60.0
RECENT = 2_000
"""Events kept beside a journal: far more than it can be behind."""
ALL = 50_000
"""Events kept without one: a day's talk."""
_LAST_S = 10.0
"""What the engine gets to end once its pipe is closed."""


class EngineLostError(Exception):
    """The engine died too often; the message is a sentence for the user."""


@dataclass(frozen=True)
class Died:
    """The engine died, `t` seconds into the call, and is being started again."""

    t: float
    message: str


Happening = Ready | Died | AnyEvent


class Parent:
    """One call in an engine of its own. Iterate `happenings` once."""

    def __init__(self, start: Start, command: Sequence[str] = ENGINE) -> None:
        self._start = start
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._memory = Memory(RECENT if start.journal else ALL)
        self._restarts: deque[float] = deque(maxlen=MOST_RESTARTS)
        self._ready: Ready | None = None
        self._last: AnyEvent | None = None
        self._deaf_since: float | None = None
        """When the engine died (s into the call), until the next one says its first event."""
        self._stopping = False
        self._broken_off = False

    def happenings(self) -> Generator[Happening, None, None]:
        """Ready, then every event of the call without a gap; after each Died, Ready again.

        Raises BadInputError where no call can begin, EngineLostError where it can't go on.
        """
        try:
            yield from self._life(None)
            while not self._broken_off and (self._last is None or self._last.type != "call_ended"):
                died = self._died()
                self._count_restart(died)
                yield died
                yield from self._life(self._resume())
        finally:
            self.stop()
            self._bury()

    def stop(self) -> None:
        """Ends the call: the engine says what it still has to say, with `call_ended` last."""
        self._stopping = True
        process = self._process
        if process is not None and process.stdin is not None:
            # RuntimeError: a signal's handler came while this very thread wrote; then _launch closes it.
            with suppress(OSError, ValueError, RuntimeError):
                process.stdin.write(END)
                process.stdin.flush()
            with suppress(OSError, ValueError, RuntimeError):
                process.stdin.close()

    def break_off(self) -> None:
        """Ends the call where it stands: the engine is killed, and what it had not said yet is lost."""
        self._broken_off = self._stopping = True
        process = self._process
        if process is not None:
            process.kill()

    def _life(self, resume: Resume | None) -> Iterator[Happening]:
        """One engine, from its start until it is gone."""
        self._launch(resume)
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = _parsed(line)
            if isinstance(said, Failed):
                self._fail(said)
            elif isinstance(said, Ready):
                self._ready = said
                yield said
            elif said is not None:
                self._last, self._deaf_since = said, None
                self._memory.add(said, line.rstrip(b"\n"))
                yield said
        self._bury()

    def _launch(self, resume: Resume | None) -> None:
        lines = self._memory.lines() if resume else []
        port = self._ready.port if self._ready else self._start.port
        start = replace(self._start, port=port, resume=replace(resume, events=len(lines)) if resume else None)
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=-1,
            env=hearing_environment(),
            start_new_session=True,  # lowered as a whole, and this process' session is not
        )
        if self._broken_off:
            self._process.kill()
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(b"\n".join([START.dump_json(start), *lines, b""]))
            self._process.stdin.flush()
        if self._stopping:
            self.stop()

    def _fail(self, failed: Failed) -> None:
        if self._last is None:
            raise BadInputError(failed.message)
        # Such as sound that is gone in mid call: each restart fails alike, and the last one says why.
        print(failed.message, file=sys.stderr)

    def _died(self) -> Died:
        t = round(time.monotonic() - self._ready.begun, 3) if self._ready else 0.0
        self._deaf_since = t if self._deaf_since is None else self._deaf_since
        return Died(t=t, message="The engine stopped; it is being started again, and the call goes on.")

    def _count_restart(self, died: Died) -> None:
        now = time.monotonic()
        if len(self._restarts) == MOST_RESTARTS and now - self._restarts[0] < WITHIN_S:
            raise EngineLostError(
                f"The engine stopped {MOST_RESTARTS + 1} times within a minute, so the call ends at {died.t:.0f} s; "
                "what was heard until then is kept."
            )
        self._restarts.append(now)

    def _resume(self) -> Resume | None:
        if self._ready is None or self._last is None or self._deaf_since is None:
            return None
        return Resume(self._last.call, self._ready.begun, self._deaf_since, self._last.seq + 1, 0)

    def _bury(self) -> None:
        """Waits for a process that has said its last."""
        process = self._process
        if process is None:
            return
        try:
            process.wait(_LAST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _parsed(line: bytes) -> Ready | Failed | AnyEvent | None:
    """None for half a line, the last one of an engine that was killed while it wrote."""
    return LINE.validate_json(line) if line.endswith(b"\n") else None
