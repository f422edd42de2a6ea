"""The first start on a new machine, with real keys, real sound and the real engine."""

import subprocess
import time
from pathlib import Path

import pytest
from live_command import READY_S, speech_of_both
from sound_server import SoundServer
from user import OFFBOOK

from overlay.settings import load_settings
from overlay.window import call_window
from overlay.window.guide import TITLE
from tests.overlay.window.desk import PICTURES, Desk, wait_until


def guided(desk: Desk, *words: str) -> "subprocess.Popen[str]":
    """The command on the desk, with the guide in front."""
    process = subprocess.Popen([OFFBOOK, *words], env=desk.env, stdin=subprocess.DEVNULL, text=True)
    wait_until(lambda: desk.windows(TITLE), 60)
    wait_until(lambda: desk.focus() == desk.windows(TITLE)[0].id)
    return process


@pytest.mark.usefixtures("machine")
def test_three_pages_choose_a_microphone_hear_the_buyer_and_show_words(
    at_desk: Desk,
    server: SoundServer,
    settings: Path,
    tmp_path: Path,
) -> None:
    server.add_microphone("desk", "Desk")
    speech = speech_of_both(tmp_path)["rep"]
    process = guided(at_desk, "setup")
    try:
        PICTURES.mkdir(parents=True, exist_ok=True)
        first = at_desk.look_until_calm()
        at_desk.press("Up")  # from the system's choice to the other one
        other = at_desk.look_until_calm(different_from=first)
        other.save(str(PICTURES / "guide-1.png"))
        at_desk.press("Return")
        before = at_desk.look_until_calm(different_from=other)
        at_desk.press("p")
        chimed = at_desk.look_until_calm(different_from=before)
        chimed.save(str(PICTURES / "guide-2.png"))
        at_desk.press("Return")
        loading = at_desk.look_until_calm(different_from=chimed)
        listens = at_desk.look_until_calm(different_from=loading, timeout=READY_S)
        server.play(speech, "mic")
        time.sleep(6)
        words = at_desk.look()
        assert words != listens
        words.save(str(PICTURES / "guide-3.png"))
        at_desk.press("Return")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not at_desk.windows(TITLE))
    assert load_settings(settings).settings.microphone == "Headset"
    assert load_settings(settings).settings.model == "tiny.en"


@pytest.mark.usefixtures("machine", "server")
def test_listen_begins_with_it_once(at_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.yaml"
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(file))
    process = guided(at_desk, "listen", "--no-journal", "--model", "tiny.en")
    at_desk.close(TITLE)
    assert process.wait(20) == 0
    assert not file.exists()
    process = guided(at_desk, "listen", "--no-journal", "--model", "tiny.en")
    try:
        at_desk.press("Alt_L", "s")
        wait_until(lambda: at_desk.windows(call_window.TITLE), 30)
        assert file.exists()
        at_desk.close(call_window.TITLE)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not at_desk.windows(TITLE))


@pytest.mark.usefixtures("machine")
def test_in_a_terminal_it_asks_plays_and_shows_words(
    server: SoundServer,
    settings: Path,
    tmp_path: Path,
) -> None:
    server.add_microphone("desk", "Desk")
    speech = speech_of_both(tmp_path)["rep"]
    process = subprocess.Popen(
        [OFFBOOK, "setup", "--headless"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write("1\n")
    process.stdin.flush()
    while process.poll() is None:
        if not server.players or server.players[-1].poll() is not None:
            server.play(speech, "mic")
        time.sleep(0.2)
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "Heard, through “Speakers”." in out
    words = out.partition("3 of 3")[2]
    assert "“" in words, out
    assert load_settings(settings).settings.microphone == "Headset"
