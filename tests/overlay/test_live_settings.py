"""What the settings change in a live call, on a real sound server."""

import json
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest
from feed_clients import client, read
from live_command import READY_S, Listening, play, speech_of_both
from sound_server import SoundServer

from asr.errors import BadInputError
from overlay.auto_start import wait_for_both
from overlay.listen_cli import _with_options
from overlay.settings import Settings, load_settings
from overlay.sound_checks import loopback, microphone
from overlay.token_file import feed_token


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return speech_of_both(tmp_path_factory.mktemp("sides"))


@pytest.mark.usefixtures("machine")
def test_where_consent_is_required_nothing_is_heard_or_kept_before_it(
    server: SoundServer, sides: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.yaml").write_text("consent: require\nkeep_audio: true\nmodel: base\nrep: Tom Berger\n")
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(tmp_path / "settings.yaml"))
    call = Listening(tmp_path / "events.jsonl", "--journal", str(tmp_path / "journal.db"))
    call.wait("levels", READY_S)
    play(server, sides)
    time.sleep(6)
    assert call.events("levels")[-1]["buyer_heard_t"] is not None, "the sound is there"
    assert not call.events("hypothesis")
    assert not call.events("utterance")
    with client(call.port(), feed_token()) as feed:
        read(feed)
        feed.send(json.dumps({"action": "consent", "value": "given"}))
        call.wait_for_words(30)
    errors = call.end()
    events = call.events()
    assert call.process.returncode == 0, errors
    (consent,) = (event for event in events if event["type"] == "rep_action")
    assert (events[0]["rep"], events[0]["consent"]) == ("Tom Berger", "require")
    assert (consent["action"], consent["value"]) == ("consent", "given")
    words = [word for event in events if event["type"] == "utterance" for word in event["words"]]
    assert words
    assert min(word[1] for word in words) > consent["t"] - 0.5
    (kept,) = (tmp_path / "sound").iterdir()
    sound = decoded(kept)
    silent = round((consent["t"] - 0.5) * 48_000)
    assert not np.abs(sound[:, :silent]).max() > 1e-3, "what nobody agreed to was kept"
    assert np.abs(sound[:, silent:]).max() > 0.01


def decoded(file: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    with av.open(str(file)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1)


def test_a_call_begins_by_itself_when_both_are_heard(server: SoundServer, sides: dict[str, Path]) -> None:
    waiting = threading.Thread(target=wait_for_both, args=(None, None), daemon=True)
    waiting.start()
    server.play(sides["buyer"], "speakers")
    time.sleep(5)
    assert waiting.is_alive(), "what plays alone is no call"
    server.play(sides["rep"], "mic")
    waiting.join(20)
    assert not waiting.is_alive()


def test_the_doctor_opens_the_devices(server: SoundServer, sides: dict[str, Path]) -> None:
    assert (microphone(Settings()).level, loopback(Settings()).level) == ("warning", "fine")
    server.play(sides["rep"], "mic")
    time.sleep(1)
    heard = microphone(Settings())
    assert (heard.level, heard.sentence[:26]) == ("fine", "“Headset” gives sound, now")
    with pytest.raises(BadInputError, match="There is no microphone “Yeti”"):
        microphone(Settings(microphone="Yeti"))
    server.kill()
    with pytest.raises(BadInputError, match="no PulseAudio or PipeWire server answers"):
        loopback(Settings())


def test_an_option_goes_before_a_setting_but_not_before_the_policy(tmp_path: Path) -> None:
    file, policy = tmp_path / "settings.yaml", tmp_path / "policy.yaml"
    file.write_text("model: base\nmicrophone: Headset\n")
    policy.write_text("playbook: company\n")
    loaded = load_settings(file, policy)
    settings = _with_options(loaded, {"model": "tiny.en"})
    assert (settings.model, settings.microphone) == ("tiny.en", "Headset")
    with pytest.raises(BadInputError, match=r"playbook is fixed to .*company by .*policy.yaml; leave that option out"):
        _with_options(loaded, {"playbook": Path("mine")})
