"""Where no window can be shown, one sentence says so."""

import pytest

from asr.errors import BadInputError
from overlay.window.desktop import check_display
from tests.overlay.window.desk import Desk


@pytest.fixture(autouse=True)
def _no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_no_display() -> None:
    with pytest.raises(BadInputError, match=r"no display .* --headless"):
        check_display()


def test_a_display_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(BadInputError, match=r"display :987 can't be reached"):
        check_display()


def test_a_display_that_is_there(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", at_desk.name)
    check_display()
