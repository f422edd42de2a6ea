"""What devices there are, looked at again and again.

Thread: `devices` (owner: Lookout) asks the sound server, which may hang, every 0.5 s and when it tells of a change;
`seen` is its newest answer, and tells by its age when there was none. `stop` lets it end.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from asr.capture import pulse
from asr.capture.devices import Device, ask_process, server_devices
from asr.errors import BadInputError

LOOK_S = 0.5
LOOK_ELSEWHERE_S = 2.0
"""Where each look is a process that asks PortAudio."""
STALE_S = 2.0
"""A sound server that says nothing for so long hangs."""
_BY_SERVER = sys.platform.startswith("linux")


@dataclass(frozen=True)
class Seen:
    """`at` is time.monotonic; `muted` and `busy` hold ids; `streams` tells which device's sound a process gets."""

    at: float
    server: bool = True
    devices: tuple[Device, ...] = ()
    muted: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    streams: Mapping[int, str] = field(default_factory=dict)


class Lookout:
    """Looks until `stop`."""

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._look_on, name="devices", daemon=True)
        self._thread.start()

    @property
    def seen(self) -> Seen | None:
        """None before the first answer. From any thread."""
        seen, now = self._seen, time.monotonic()
        if seen is not None and now - seen.at > (STALE_S if _BY_SERVER else 3 * LOOK_ELSEWHERE_S):
            return Seen(now, server=False)
        return seen

    def wait(self, seconds: float) -> None:
        """Until something may have changed, or so long. From any thread."""
        with self._changed:
            self._changed.wait(seconds)

    def stop(self) -> None:
        """Ends the thread after its next look, and every wait."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()

    def _look_on(self) -> None:
        while not self._stopped.is_set():
            for seen in _from_server() if _BY_SERVER else (_without_server(),):
                before, self._seen = self._seen, seen
                if before is None or replace(seen, at=before.at) != before:
                    with self._changed:
                        self._changed.notify_all()
                if self._stopped.is_set():
                    return
            self._stopped.wait(LOOK_S if _BY_SERVER else LOOK_ELSEWHERE_S)


def _from_server() -> Iterator[Seen]:
    """Ends when the server does."""
    try:
        for found in pulse.looks(LOOK_S):
            yield Seen(
                at=time.monotonic(),
                devices=tuple(server_devices(found.sources)),
                muted=frozenset(source.name for source in found.sources if source.muted),
                busy=frozenset(source.name for source in found.sources if source.busy),
                streams=found.streams,
            )
    except ConnectionError:
        yield Seen(time.monotonic(), server=False)


def _without_server() -> Seen:
    try:
        found = ask_process()
    except (BadInputError, OSError, subprocess.TimeoutExpired):
        return Seen(time.monotonic())
    return Seen(time.monotonic(), devices=found.devices, busy=frozenset(found.busy))
