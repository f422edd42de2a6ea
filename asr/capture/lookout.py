"""What devices there are, looked at again and again.

Thread: `devices` (owner: Lookout) asks the sound server every 0.25 s, which may hang; `seen` is its newest answer, and
tells by its age when there was none. `stop` lets it end.
"""

import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from asr.capture import pulse
from asr.capture.devices import Device, list_devices, server_devices
from asr.errors import BadInputError

LOOK_S = 0.25
LOOK_ELSEWHERE_S = 2.0
"""Where each look is a process that asks PortAudio."""
STALE_S = 2.0
"""A sound server that says nothing for so long hangs."""


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
        self._thread = threading.Thread(target=self._look_on, name="devices", daemon=True)
        self._thread.start()

    @property
    def seen(self) -> Seen | None:
        """None before the first answer. From any thread."""
        seen, now = self._seen, time.monotonic()
        if seen is not None and now - seen.at > max(STALE_S, 2 * _every()):
            return Seen(now, server=False)
        return seen

    def stop(self) -> None:
        self._stopped.set()

    def _look_on(self) -> None:
        while not self._stopped.is_set():
            self._seen = look_once()
            self._stopped.wait(_every())


def look_once() -> Seen:
    """One look at the devices of this machine."""
    if not sys.platform.startswith("linux"):
        return _without_server()
    try:
        found = pulse.look()
    except ConnectionError:
        return Seen(time.monotonic(), server=False)
    return Seen(
        at=time.monotonic(),
        devices=tuple(server_devices(found.sources)),
        muted=frozenset(source.name for source in found.sources if source.muted),
        busy=frozenset(source.name for source in found.sources if source.busy),
        streams=found.streams,
    )


def _without_server() -> Seen:
    try:
        devices = tuple(list_devices())
    except (BadInputError, OSError):
        devices = ()
    return Seen(time.monotonic(), devices=devices)


def _every() -> float:
    return LOOK_S if sys.platform.startswith("linux") else LOOK_ELSEWHERE_S
