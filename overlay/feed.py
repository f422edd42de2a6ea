"""The feed: a websocket server on loopback that says every event of the call, and takes commands.

Threads: `feed` (owner: Feed) runs the server; `publish` is called by the engine's thread and never waits for a client:
it adds to each client's bounded outbox under a lock held for microseconds. Whoever lets the outbox run full is cut off
and may come again: the state that a new client gets first makes up for what it missed. `stop` ends the thread.
"""

import asyncio
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from asr.errors import BadInputError
from cues.events import EVENT, AnyEvent, DealChanged, RepAction
from overlay.feed_messages import PORT, Refused, action_of, refused_json, state_json
from overlay.feed_state import FeedState, add, snapshot
from overlay.token_file import is_token

HOST = "127.0.0.1"
OUTBOX = 2000
"""Messages that a client may be behind: minutes of a call."""
MOST_CLIENTS = 16
LONGEST_MESSAGE = 64 * 1024
CLOSING_S = 1.0
"""What clients get at the end to take what is still in their outbox."""

_ORIGIN = re.compile(
    r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?|(chrome|moz|safari-web)-extension://[A-Za-z0-9-]+"
)


class Feed:
    """Serves one call. `accept` takes a client's command, or returns False when it can't; it must not wait."""

    def __init__(self, token: str, accept: Callable[[RepAction | DealChanged], bool], port: int = PORT) -> None:
        self._token = token
        self._accept = accept
        self._wanted = port
        self._lock = threading.Lock()
        self._state = FeedState()
        self._clients: set[_Client] = set()
        self._waking = False
        self._serving: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self, past: Iterable[AnyEvent] = ()) -> int:
        """Serves, beginning with the state after `past`; returns the port. Raises BadInputError if there is none."""
        for event in past:
            self._state = add(self._state, event)
        self._thread.start()
        try:
            return self._serving.result()
        except OSError as error:
            raise BadInputError(f"The feed can't listen on {HOST} ({error.strerror}); allow it there.") from error

    def publish(self, event: AnyEvent) -> None:
        """Says an event to every client. Never blocks, never raises for a client's sake."""
        text = EVENT.dump_json(event).decode()
        with self._lock:
            self._state = add(self._state, event)
            for client in self._clients:
                client.put(text)
            wake, self._waking = not self._waking, True
        if wake:
            self._call(self._wake)

    def stop(self) -> None:
        """Gives the clients a moment to take the rest, and closes."""
        self._call(self._stop.set)
        self._thread.join()

    def _call(self, function: Callable[[], None]) -> None:
        """Runs a function in the feed's thread; nothing once that is over."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        try:
            server = await self._listen()
        except OSError as error:
            self._serving.set_exception(error)
            return
        self._serving.set_result(server.sockets[0].getsockname()[1])
        await self._stop.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                while any(client.outbox for client in self._clients):
                    await asyncio.sleep(0.01)
        server.close()
        await server.wait_closed()

    async def _listen(self) -> Server:
        try:
            return await self._serve_at(self._wanted)
        except OSError:
            return await self._serve_at(0)

    async def _serve_at(self, port: int) -> Server:
        return await serve(
            self._serve,
            HOST,
            port,
            process_request=self._let_in,
            max_size=LONGEST_MESSAGE,
            compression=None,
            server_header=None,
            open_timeout=5,
            close_timeout=CLOSING_S,
        )

    def _let_in(self, connection: ServerConnection, request: Request) -> Response | None:
        """None for a client that may come in."""
        if not all(_ORIGIN.fullmatch(origin) for origin in request.headers.get_all("Origin")):
            return connection.respond(HTTPStatus.FORBIDDEN, "The feed is not open to pages of this origin.\n")
        if not is_token(_given_token(request), self._token):
            return connection.respond(
                HTTPStatus.UNAUTHORIZED, "The feed wants its token (feed.token), as `Authorization: Bearer`.\n"
            )
        if len(self._clients) >= MOST_CLIENTS:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "The feed has as many clients as it takes.\n")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        client = _Client(connection)
        with self._lock:
            events = snapshot(self._state)
            self._clients.add(client)
        sender = asyncio.create_task(client.send(state_json(events)))
        try:
            with suppress(ConnectionClosed):
                async for message in connection:
                    client.answer(self._take(message))
        finally:
            with self._lock:
                self._clients.discard(client)
            sender.cancel()

    def _take(self, message: str | bytes) -> str | None:
        """Hands a command to the engine; what to answer, if anything."""
        action = action_of(message, self._state)
        if isinstance(action, Refused):
            return refused_json(action.message)
        if not self._accept(action):
            asked = action.action if isinstance(action, RepAction) else "deal"
            return refused_json(f"{asked}: the call can't take it now; try again.")
        return None

    def _wake(self) -> None:
        with self._lock:
            self._waking = False
            clients = tuple(self._clients)
        for client in clients:
            client.wake()


class _Client:
    """One connection and what it has yet to be told."""

    def __init__(self, connection: ServerConnection) -> None:
        self.outbox: deque[str] = deque()
        self._connection = connection
        self._something = asyncio.Event()
        self._too_slow = False

    def put(self, text: str) -> None:
        """Any thread, under the feed's lock."""
        if len(self.outbox) >= OUTBOX:
            self._too_slow = True
        if not self._too_slow:
            self.outbox.append(text)

    def wake(self) -> None:
        """A client that lets its outbox run full is cut off at once: a closing handshake would wait for it."""
        if self._too_slow:
            self.outbox.clear()
            self._connection.transport.abort()
        self._something.set()

    def answer(self, text: str | None) -> None:
        if text is not None:
            self.put(text)
            self.wake()

    async def send(self, first: str) -> None:
        """Sends the state, then whatever comes, until cancelled."""
        with suppress(ConnectionClosed):
            await self._connection.send(first)
            while True:
                await self._something.wait()
                self._something.clear()
                while self.outbox:
                    await self._connection.send(self.outbox.popleft())


def _given_token(request: Request) -> str:
    """From the header, or from the address where JavaScript can set none; "" for none."""
    for value in request.headers.get_all("Authorization"):
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "bearer":
            return token.strip()
    return next(iter(parse_qs(urlsplit(request.path).query).get("token", [])), "")
