"""Runs the site on loopback: until it is interrupted, or beside other work in a thread `review` (owner: serving)."""

import errno
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from asr.errors import BadInputError

ADDRESS = "127.0.0.1"


def bind(port: int, say: Callable[[str], None]) -> socket.socket:
    """A listening socket on loopback; another port, and a sentence, where this one is in use."""
    try:
        return _listen(port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise BadInputError(f"--port {port}: can't be used ({error.strerror}); choose another.") from error
    other = _listen(0)
    say(f"Port {port} is in use; taking {other.getsockname()[1]}.")
    return other


def serve(site: ASGIApp, listening: socket.socket) -> None:
    """Serves until Ctrl-C. No access log: it would hold the token."""
    _server(site).run(sockets=[listening])


@contextmanager
def serving(site: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """Serves while the block runs."""
    server = _server(site)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="review", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def open_browser(url: str) -> None:
    """Opens the page where there is a screen; a text browser would take the terminal."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)


def _server(site: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(site, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none")
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows this would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((ADDRESS, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
