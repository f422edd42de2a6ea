"""A rep begins and ends calls in a window, with real keys on a real display, on real sound."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from live_command import READY_S, Listening
from sound_server import SoundServer
from user import write_wav

from overlay.settings_file import write_settings
from overlay.window.call_window import TITLE
from tests.overlay.window.desk import PICTURES, Desk, wait_until


@contextmanager
def listening(desk: Desk, out: Path, *words: str) -> Iterator[Listening]:
    """`offbook listen` on the desk, with its window in front."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in desk.env.items():
            patch.setenv(name, value)
        command = Listening(out, "--no-journal", *words, headless=False)
    try:
        wait_until(lambda: desk.windows(TITLE) or command.check_alive(), 60)
        window = desk.windows(TITLE)[0]
        wait_until(lambda: desk.focus() == window.id)
        yield command
    finally:
        command.process.kill()
        command.process.wait()
        wait_until(lambda: not desk.windows("Offbook") and not desk.windows(TITLE))


def begun(desk: Desk, command: Listening, calls: int) -> bool:
    """Presses Enter, unless the overlay of this call is there already."""
    if not desk.windows("Offbook"):
        desk.press("Return")
        time.sleep(1.0)
    return bool(desk.windows("Offbook")) and len(command.events("call_ended")) == calls - 1


@pytest.mark.usefixtures("machine", "settings")
def test_calls_begin_and_end_with_enter_and_the_window_stays_for_the_next(
    at_desk: Desk, server: SoundServer, tmp_path: Path
) -> None:
    hum = write_wav(tmp_path / "hum.wav", 0.3 * np.sin(np.arange(160_000) / 20)[:, None])
    with listening(at_desk, tmp_path / "events") as command:
        picture = at_desk.look_until_calm()
        at_desk.press("p")
        changed = at_desk.look_until_calm(different_from=picture)
        PICTURES.mkdir(parents=True, exist_ok=True)
        changed.save(str(PICTURES / "call-window.png"))
        server.play(hum, "mic")
        for calls in (1, 2):
            wait_until(lambda n=calls: begun(at_desk, command, n), 20)  # type: ignore[misc]
            wait_until(lambda: at_desk.windows("Offbook"))
            command.wait("levels", READY_S)
            assert at_desk.focus() == at_desk.windows(TITLE)[0].id
            at_desk.press("Return")
            command.wait("call_ended", 30, calls)
            wait_until(lambda: not at_desk.windows("Offbook"), 15)
        at_desk.close(TITLE)
        assert command.process.wait(10) == 0
    ended = command.events("call_ended")
    assert [event["reason"] for event in ended] == ["the rep ended it"] * 2
    assert ended[0]["call"] != ended[1]["call"]
    assert "Traceback" not in command.errors()


@pytest.mark.usefixtures("machine", "settings", "server")
def test_closing_the_window_ends_the_call_with_its_last_words(at_desk: Desk, tmp_path: Path) -> None:
    with listening(at_desk, tmp_path / "events") as command:
        at_desk.press("Return")
        command.wait("levels", READY_S)
        at_desk.close(TITLE)
        assert command.process.wait(30) == 0
        assert command.events()[-1]["type"] == "call_ended"


@pytest.mark.usefixtures("machine", "server")
def test_consent_is_given_with_the_keyboard(at_desk: Desk, settings: Path, tmp_path: Path) -> None:
    write_settings(settings, {"consent": "require"})
    with listening(at_desk, tmp_path / "events") as command:
        at_desk.press("space")  # the box is what has the keyboard first
        at_desk.press("Return")
        command.wait("rep_action", READY_S)
        given = command.events("rep_action")[0]
        assert (given["action"], given["value"]) == ("consent", "given")
        at_desk.close(TITLE)
        command.process.wait(30)


@pytest.mark.usefixtures("machine", "settings", "server")
def test_ctrl_c_before_a_call_ends_the_command(at_desk: Desk, tmp_path: Path) -> None:
    with listening(at_desk, tmp_path / "events") as command:
        command.end()
        assert command.process.returncode == 0
        assert command.events() == []


def test_the_chime_is_heard_through_the_output(server: SoundServer) -> None:
    from asr.capture.chime import start_chime
    from overlay.sound_check import both_sides, judged, looks, side

    player: subprocess.Popen[bytes] | None = None
    for look in looks(both_sides(None, None)):
        heard = side(look, "loopback")
        if heard is not None and heard.level is not None and player is None:
            assert judged("loopback", heard)[0] == "waiting"
            player = start_chime(heard.device)
        if judged("loopback", heard)[0] == "heard":
            break
        assert heard is None or heard.open_s < 20
    assert player is not None
    assert player.wait(10) == 0
