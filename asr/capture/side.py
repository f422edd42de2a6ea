"""One side of a live call: its capture process, started again and moved to another device as the devices come and go.

Threads: `watch-SIDE` (owner: Side) looks at the devices every 0.25 s, or when they change, and starts processes;
`sound-SIDE`, one for each process, reads its blocks and hands them on. Both end with `stop`.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from asr.capture.blocks import Block, blocks
from asr.capture.devices import Device, Kind, find_device
from asr.capture.lookout import Lookout, Seen
from asr.capture.start import capture, end, hurry
from asr.capture.watch import Look, Watch, step
from asr.errors import BadInputError
from asr.events import Event, Fault, Speaker
from asr.faults import described

LOOK_S = 0.25
ASLEEP_S = 1.5
DRAIN_S = 1.0
"""For 30 s of sound that waited, and the next look of the lookout."""
_LAST_S = 2.0


class Side:
    """Hears until `stop`. `clock` is the call's (s); `hear` takes blocks and `say` events, from the threads above."""

    def __init__(
        self,
        side: Speaker,
        lookout: Lookout,
        wanted: str | None,
        clock: Callable[[], float],
        hear: Callable[[Block], None],
        say: Callable[[Event], None],
    ) -> None:
        self.side = side
        self._lookout = lookout
        self._wanted = wanted
        self._kind: Kind = "microphone" if side == "rep" else "loopback"
        self._clock, self._hear, self._say = clock, hear, say
        self._watch = Watch(side)
        self._process: subprocess.Popen[bytes] | None = None
        self._opened: Device | None = None
        self._opened_at = 0.0
        self._heard_at: float | None = None
        self._loud_at = 0.0
        """When a sample was last not zero."""
        self._idle_at = 0.0
        """When no program played into the output, as last seen."""
        self._overflowed = 0
        self._looked_at = self._judges_at = clock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name=f"watch-{side}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the capture; waits for its threads."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_LAST_S)
        self._close()

    def hurry(self) -> None:
        """The other side is in conversation: sound of this one is not to be held back. From any thread."""
        if (process := self._process) is not None:
            hurry(process)

    def _look_on(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look_once()
            except Exception as error:  # whatever a sound server says, the other side and the call go on
                self._say(
                    Fault(
                        t=self._clock(),
                        part=self.side,
                        message=f"Looking at the sound devices failed: {described(error)}.",
                    )
                )
                self._stopped.wait(2.0)
            self._lookout.wait(LOOK_S)

    def _look_once(self) -> None:
        seen = self._lookout.seen
        if seen is None or self._was_asleep():
            return
        look = self._look(seen)
        self._watch, events, do = step(self._watch, look)
        if do == "close":
            self._close()
        elif do == "open" and look.target is not None and not self._stopped.is_set():
            self._open(look.target)
        for event in events:
            self._say(event)

    def _was_asleep(self) -> bool:
        """Whether this whole process was stopped: then what waits in the pipes is read before anything is judged."""
        now = self._clock()
        slept, self._looked_at = now - self._looked_at > ASLEEP_S, now
        if slept:
            self._judges_at = now + DRAIN_S
        return now < self._judges_at

    def _look(self, seen: Seen) -> Look:
        process, opened, heard_at = self._process, self._opened, self._heard_at
        running = process is not None and process.poll() is None
        source = opened.id if opened is not None else ""
        now = self._clock()
        if source not in seen.busy:
            self._idle_at = now
        # Sound servers move a stream whose device goes away, and the buyer's side would hear the microphone.
        stream = seen.streams.get(process.pid) if process is not None else None
        return Look(
            now=now,
            clock=time.strftime("%H:%M:%S"),
            server=seen.server,
            target=self._target(seen),
            opened=opened if running else None,
            opened_at=self._opened_at,
            heard_at=heard_at if running else None,
            elsewhere=running and stream is not None and stream != source,
            muted=source in seen.muted,
            zeros_s=0.0 if heard_at is None else max(0.0, heard_at - self._loud_at),
            busy_s=now - self._idle_at,
        )

    def _target(self, seen: Seen) -> Device | None:
        try:
            return find_device(self._wanted, self._kind, seen.devices)
        except BadInputError:
            return None

    def _open(self, device: Device) -> None:
        self._close()
        process = capture(device)
        self._process, self._opened, self._opened_at = process, device, self._clock()
        self._heard_at, self._overflowed = None, 0
        threading.Thread(target=self._read, args=(process,), name=f"sound-{self.side}", daemon=True).start()

    def _close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            end(process)

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with suppress(OSError, ValueError):
            for block in blocks(process.stdout):
                if self._process is not process:
                    return
                self._take(block)

    def _take(self, block: Block) -> None:
        now = self._clock()
        if self._heard_at is None or block.samples.any():
            self._loud_at = now
        self._heard_at = now
        if block.overflowed > self._overflowed:
            lost, self._overflowed = block.overflowed - self._overflowed, block.overflowed
            message = f"This machine was too busy: {lost} samples of {self.side}'s sound are missing."
            self._say(Fault(t=now, part=f"{self.side}-overflow", message=message))
        self._hear(block)
