"""What the sound server of a Linux desktop says (PulseAudio, or PipeWire in its place): sources, defaults, mutes.

pulsectl is not safe across threads: each caller makes its own connection, which costs some 5 ms.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

CLIENT = "offbook"
UNCHANGED = 3
"""Looks after which all is asked again though the server told of no change."""


@dataclass(frozen=True)
class Source:
    """`monitor_of` is the sink whose sound it gives, if it gives a sink's. `busy`: a program plays into that sink."""

    name: str
    description: str
    monitor_of: str | None
    default: bool
    muted: bool
    busy: bool
    rate: int
    channels: int


@dataclass(frozen=True)
class Seen:
    """One look at the server. `streams`: by process id, the source whose sound its stream gets."""

    sources: tuple[Source, ...]
    streams: Mapping[int, str]


def look() -> Seen:
    """What is there now. Raises ConnectionError where no server answers; waits for one that hangs."""
    with connected() as server:
        return _seen(server)


def looks(every: float) -> Iterator[Seen]:
    """A look at least `every` seconds, and at once when a device comes, goes or changes. Raises as `look` does.

    A look at all there is takes five questions, so while the server tells of no change one shows that it still answers.
    """
    with connected() as server:
        changes = _Changes(server)
        while True:
            changes.told = False
            seen = _seen(server)
            yield seen
            for _ in range(UNCHANGED):
                if not changes.told:
                    server.event_listen(timeout=every)
                if changes.told:
                    break
                server.server_info()
                yield seen


class _Changes:
    """What the server tells of changes; each ends the wait for it."""

    def __init__(self, server: Any) -> None:
        self.told = False
        server.event_mask_set("server", "sink", "source", "sink_input", "source_output")
        server.event_callback_set(self._tell)

    def _tell(self, event: Any) -> None:
        import pulsectl

        self.told = True
        raise pulsectl.PulseLoopStop


def _seen(server: Any) -> Seen:
    info, sinks = server.server_info(), {sink.name: sink for sink in server.sink_list()}
    playing = {stream.sink for stream in server.sink_input_list() if not stream.corked and not stream.mute}
    found = server.source_list()
    names = {source.index: source.name for source in found}
    return Seen(
        sources=tuple(_source(source, info, sinks, playing) for source in found),
        streams={
            int(stream.proplist.get("application.process.id", 0)): names.get(stream.source, "")
            for stream in server.source_output_list()
        },
    )


def _source(found: Any, info: Any, sinks: dict[str, Any], playing: set[int]) -> Source:
    sink = sinks.get(found.name.removesuffix(".monitor")) if found.name.endswith(".monitor") else None
    default = found.name == info.default_source_name if sink is None else sink.name == info.default_sink_name
    return Source(
        name=found.name,
        description=found.description if sink is None else sink.description,
        monitor_of=None if sink is None else sink.name,
        default=default,
        muted=bool(found.mute) or (sink is not None and bool(sink.mute)),
        busy=sink is not None and sink.index in playing,
        rate=found.sample_spec.rate,
        channels=found.channel_count,
    )


@contextmanager
def connected() -> Iterator[Any]:
    """A connection to ask questions on. Raises ConnectionError where no server answers, or no longer."""
    try:
        import pulsectl
        from pulsectl._pulsectl import LibPulse  # what a server that goes away between two questions raises
    except (ImportError, OSError) as error:
        raise ConnectionError("libpulse is missing") from error
    try:
        with pulsectl.Pulse(CLIENT, connect=False) as server:
            server.connect()
            yield server
    except (pulsectl.PulseError, pulsectl.PulseDisconnected, LibPulse.CallError) as error:
        raise ConnectionError("the sound server does not answer") from error
