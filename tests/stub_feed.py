"""A feed as the engine's, for the overlay's tests: sends what the test gives it, and keeps the commands that come.

The server's threads answer; the test's thread calls `send` and reads `commands`.
"""

import json
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from asr.events import Event
from cues.events import EVENT

TOKEN = "a token of this machine"


class StubFeed:
    """One server on a free port of the loopback."""

    def __init__(self, state: Sequence[Event] = (), port: int = 0) -> None:
        self.state = list(state)
        self.commands: queue.Queue[dict[str, Any]] = queue.Queue()
        self.clients: list[ServerConnection] = []
        self.refused = 0
        self._server: Server = serve(self._talk, "127.0.0.1", port, process_request=self._admit, compression=None)
        self.port: int = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, name="stub feed", daemon=True).start()

    def send(self, *events: Event) -> None:
        """To every client."""
        for event in events:
            self.send_text(as_json(event))

    def send_text(self, text: str) -> None:
        for client in list(self.clients):
            client.send(text)

    def close(self) -> None:
        """As if the engine were killed."""
        for client in list(self.clients):
            client.socket.close()
        self._server.shutdown()

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Authorization") == f"Bearer {TOKEN}":
            return None
        self.refused += 1
        return connection.respond(HTTPStatus.UNAUTHORIZED, "wrong token\n")

    def _talk(self, connection: ServerConnection) -> None:
        events = [json.loads(as_json(event)) for event in self.state]
        connection.send(json.dumps({"type": "state", "events": events}))
        self.clients.append(connection)
        try:
            for text in connection:
                self.commands.put(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.clients.remove(connection)


@contextmanager
def stub_feed(state: Sequence[Event] = (), port: int = 0) -> Iterator[StubFeed]:
    """A feed that is there while the test runs."""
    feed = StubFeed(state, port)
    try:
        yield feed
    finally:
        feed.close()


def as_json(event: Event) -> str:
    return EVENT.dump_json(event).decode()  # type: ignore[arg-type]
