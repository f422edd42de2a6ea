"""The overlay's side of the engine's feed: reads events, sends commands, and comes back when the engine does.

Two threads: `feed` connects and reads, `commands` sends. What they find goes through `post`, which must not block.
"""

import json
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from asr.events import Event
from cues.events import EVENT
from overlay.presenter import Command, Link, Message, Restored, Said

RETRY_S = 0.2
OPEN_S = 2.0
ALIVE_S = 5.0
"""An engine that answers no ping for this long counts as lost."""
LARGEST = 16 * 2**20
"""Bytes of one message; the state of a long call is the largest."""
REFUSED = "The engine refused this overlay: its token is not the right one. Start the call again."
NOT_SENT = "That key did nothing: the engine is not running. Press it again when it is back."
WAITING_COMMANDS = 16


@dataclass(frozen=True)
class Address:
    """Where the engine's feed is, on this machine."""

    port: int
    token: str


class FeedClient:
    """Connects until `stop`. `where` is asked before each try, for a new engine may have a new port.

    `post` takes a message and says whether there was room; `overflow` throws away what waits, before a new state comes.
    """

    def __init__(
        self, where: Callable[[], Address], post: Callable[[Message], bool], overflow: Callable[[], None]
    ) -> None:
        self._where, self._post, self._overflow = where, post, overflow
        self._stopped = threading.Event()
        self._commands: queue.Queue[Command | None] = queue.Queue(WAITING_COMMANDS)
        self._socket: ClientConnection | None = None
        self._threads = [
            threading.Thread(target=self._read_on, name="feed", daemon=True),
            threading.Thread(target=self._send_on, name="commands", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends both threads without waiting for the engine. What is said from now on goes nowhere."""
        self._stopped.set()
        with suppress(queue.Full):
            self._commands.put_nowait(None)
        if (socket := self._socket) is not None:
            threading.Thread(target=socket.close, daemon=True).start()

    def send(self, command: Command) -> None:
        """Sends it soon; says so where it can't be sent. Never blocks."""
        try:
            self._commands.put_nowait(command)
        except queue.Full:
            self._post(Said(NOT_SENT))

    def _read_on(self) -> None:
        while not self._stopped.is_set():
            try:
                self._connect_and_read()
            except InvalidStatus as refused:
                if refused.response.status_code in (401, 403):
                    self._post(Said(REFUSED))
            except (OSError, InvalidHandshake, ConnectionClosed):
                pass
            self._stopped.wait(RETRY_S)

    def _connect_and_read(self) -> None:
        address = self._where()
        with connect(
            f"ws://127.0.0.1:{address.port}",
            additional_headers={"Authorization": f"Bearer {address.token}"},
            compression=None,
            proxy=None,
            open_timeout=OPEN_S,
            close_timeout=0.2,
            ping_interval=ALIVE_S,
            ping_timeout=ALIVE_S,
            max_size=LARGEST,
        ) as socket:
            self._socket = socket
            try:
                for text in socket:
                    if not self._deliver(text):
                        return
            finally:
                self._socket = None
                self._post(Link.LOST)

    def _deliver(self, text: str | bytes) -> bool:
        """False where nobody takes the messages any more: then the state is asked for afresh."""
        message = understood(text)
        if message is None or self._post(message):
            return True
        self._overflow()
        return False

    def _send_on(self) -> None:
        while (command := self._commands.get()) is not None:
            socket = self._socket
            try:
                if socket is None:
                    raise ConnectionError
                socket.send(json.dumps(asdict(command)))
            except (OSError, ConnectionClosed):
                self._post(Said(NOT_SENT))


def understood(text: str | bytes) -> Message | None:
    """A message of the feed; None for garbage and for what a newer engine sends."""
    try:
        data = json.loads(text)
        kind = data["type"]
        if kind == "state":
            return Restored(tuple(event for event in map(_event, data["events"]) if event is not None))
        if kind == "refused":
            return Said(str(data["message"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return _event(data)


def _event(data: Any) -> Event | None:
    try:
        event: Event = EVENT.validate_python(data)
    except ValidationError:
        return None
    return event
