"""The desk that the windows are tested on, and the overlay as a process of its own."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from stub_feed import TOKEN, StubFeed, stub_feed

from asr.events import Event
from overlay.settings_file import write_settings
from tests.overlay.window.desk import Desk, desk, program, wait_until

Running = tuple[StubFeed, subprocess.Popen[str]]
Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def at_desk() -> Iterator[Desk]:
    with desk() as here, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", here.name)
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        yield here


@pytest.fixture(scope="session")
def qapp_args(at_desk: Desk) -> list[str]:
    """pytest-qt makes the application on the desk's display."""
    return ["offbook"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Those of a rep who has been through the first start."""
    file = tmp_path / "settings.yaml"
    write_settings(file, {"model": "tiny.en", "consent": "none"})
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(file))
    return file


@pytest.fixture
def overlay(at_desk: Desk) -> Start:
    """Starts an overlay that shows what its feed sends, and waits until it is there."""

    @contextmanager
    def start(
        *state: Event, scheme: str = "dark", token: str = TOKEN, linger_s: float | None = 0.5
    ) -> Iterator[Running]:
        with stub_feed(state) as feed:
            code = (
                "import sys; from overlay.window.app import Overlay; from overlay.window.feed_client import Address; "
                f"here = Address({feed.port}, {token!r}); "
                f"sys.exit(Overlay(lambda: here, scheme={scheme!r}, linger_s={linger_s}).run())"
            )
            with program(at_desk, "-c", code, stderr=subprocess.PIPE) as process:
                wait_until(lambda: at_desk.windows("Offbook") and (feed.clients or feed.refused), 20)
                yield feed, process

    return start
