"""Windows and macOS as far as they can be tested here: from recorded lists of devices."""

import io
import json
import re
from dataclasses import asdict

import numpy as np
import pytest
from recorded_devices import (
    MAC_DEVICES,
    MAC_SYSTEMS,
    QUADCAST,
    SPEAKERS,
    WINDOWS_DEVICES,
    WINDOWS_LOOPBACKS,
    WINDOWS_SYSTEMS,
    catap_output,
    catap_process,
    sounddevice_device,
    wasapi_loopback,
)
from rich.console import Console

from asr.capture import devices, macos, windows
from asr.capture.devices import Device, Listed, find_device, listed_from, what_is_missing
from asr.capture.portaudio import inputs
from overlay.device_list import table


def test_windows_microphones_are_listed_once_with_their_whole_names() -> None:
    (found,) = inputs(WINDOWS_DEVICES, WINDOWS_SYSTEMS, 1, "win32")
    assert found.index == 9
    assert found.device.name == "Microphone (High Definition Audio Device)"
    assert (found.device.kind, found.device.default, found.device.rate) == ("microphone", True, 48_000)


def test_a_device_keeps_its_id_when_others_come_and_shift_the_numbers() -> None:
    usb = sounddevice_device(0, "Jabra Evolve2 65", 0, 1, 0)
    shifted = [usb, *({**device, "index": device["index"] + 1} for device in MAC_DEVICES)]
    before = {found.device.id: found.index for found in inputs(MAC_DEVICES, MAC_SYSTEMS, 2, "darwin")}
    after = {found.device.id: found.index for found in inputs(shifted, MAC_SYSTEMS, 3, "darwin")}
    assert after == {"input:Jabra Evolve2 65": 0} | {name: index + 1 for name, index in before.items()}


def test_two_devices_of_one_name_can_be_told_apart() -> None:
    twice = [sounddevice_device(index, "USB Audio Device", 0, 1, 0) for index in (0, 1)]
    found = [found.device for found in inputs(twice, MAC_SYSTEMS, 0, "darwin")]
    assert find_device("USB Audio Device (2)", "microphone", found) is found[1]
    assert len({device.id for device in found}) == 2


def test_a_mac_s_loopback_device_is_known_by_its_name() -> None:
    kinds = {found.device.name: found.device.kind for found in inputs(MAC_DEVICES, MAC_SYSTEMS, 2, "darwin")}
    assert kinds == {
        "BlackHole 2ch": "loopback",
        "MacBook Pro Microphone": "microphone",
        "ZoomAudioDevice": "microphone",
    }
    assert {found.device.kind for found in inputs(MAC_DEVICES, MAC_SYSTEMS, 2, "linux")} == {"microphone"}


def test_windows_two_default_outputs_are_both_offered() -> None:
    speakers, quadcast = windows.from_list(WINDOWS_LOOPBACKS, default=SPEAKERS, calls=QUADCAST)
    assert (speakers.id, speakers.name, speakers.rate) == (f"loopback:{SPEAKERS}", SPEAKERS, 48_000)
    assert (quadcast.default, quadcast.calls, quadcast.channels) == (False, True, 2)
    assert find_device(None, "loopback", [quadcast, speakers]) is speakers
    assert find_device("communications", "loopback", [speakers, quadcast]) is quadcast
    assert find_device("Communications", "loopback", [speakers, quadcast]) is quadcast
    assert find_device("hyperx", "loopback", [speakers, quadcast]) is quadcast


def test_an_output_s_name_counts_more_than_the_word_for_calls() -> None:
    infos = [*WINDOWS_LOOPBACKS, wasapi_loopback(20, "communications")]
    named = windows.from_list(infos, default=SPEAKERS, calls=QUADCAST)
    assert find_device("communications", "loopback", named) is named[2]


def test_without_an_output_for_calls_the_word_is_a_name_like_any_other() -> None:
    (speakers,) = windows.from_list(WINDOWS_LOOPBACKS[:1], default=SPEAKERS, calls=None)
    with pytest.raises(devices.BadInputError, match="There is no output whose sound can be heard “communications” now"):
        find_device("communications", "loopback", [speakers])


def test_the_list_shows_which_output_calls_may_play_to() -> None:
    two = drawn(windows.from_list(WINDOWS_LOOPBACKS, default=SPEAKERS, calls=QUADCAST))
    assert re.search(r"Speakers \(High.*what it plays \(default\)", two)
    assert re.search(r"HyperX.*what it plays \(for calls\)", two)
    assert "--buyer communications" in two
    one = drawn(windows.from_list(WINDOWS_LOOPBACKS, default=SPEAKERS, calls=SPEAKERS))
    assert "what it plays (default, for calls)" in one
    assert "--buyer communications" not in one


def drawn(found: list[Device]) -> str:
    text = io.StringIO()
    Console(width=160, file=text).print(table(found, set(), {}))
    return text.getvalue()


def test_a_mac_s_tap_is_named_by_the_default_output() -> None:
    tap = macos.tap_of(
        [
            catap_output("BuiltInSpeakerDevice", "MacBook Pro Speakers", 48_000.0, default=True),
            catap_output("AirPods:output", "AirPods Pro", 48_000.0, default=False),
        ]
    )
    assert tap == Device(
        "tap:BuiltInSpeakerDevice@48000", "System sound (MacBook Pro Speakers)", "loopback", True, 48_000, 2
    )
    assert macos.tap_of([catap_output("A", "A", 48_000.0, default=False)]) is None


def test_another_output_and_another_profile_want_another_tap() -> None:
    music, call = (
        macos.tap_of([catap_output("AirPods:output", "AirPods Pro", rate, default=True)]) for rate in (48e3, 24e3)
    )
    other = macos.tap_of([catap_output("BuiltInSpeakerDevice", "AirPods Pro", 48e3, default=True)])
    assert len({tap.id for tap in (music, call, other) if tap}) == 3


def test_the_tap_goes_before_a_loopback_device_which_can_still_be_chosen() -> None:
    tap = macos.tap_of([catap_output("Aggregate", "Speakers + BlackHole", 48_000.0, default=True)])
    assert tap is not None
    found = [found.device for found in inputs(MAC_DEVICES, MAC_SYSTEMS, 2, "darwin")]
    assert find_device(None, "loopback", [*found, tap]) is tap
    assert find_device("system sound", "loopback", [*found, tap]) is tap
    assert find_device("blackhole", "loopback", [*found, tap]).name == "BlackHole 2ch"
    assert find_device(None, "loopback", found).name == "BlackHole 2ch"


def test_a_program_plays_where_any_but_ourselves_does() -> None:
    idle = catap_process(400, "com.apple.Safari", "Safari", outputs=False)
    zoom = catap_process(411, "us.zoom.xos", "zoom.us", outputs=True)
    assert macos.plays([idle, zoom], but=1)
    assert not macos.plays([idle, zoom], but=411)
    assert not macos.plays([idle], but=1)


def test_a_tap_s_buffer_becomes_mono_samples() -> None:
    stereo = np.array([[0.5, 0.0], [-1.0, -0.5]], "<f4")
    assert macos.mono(stereo.tobytes(), "float", 32, 2).tolist() == [0.25, -0.75]
    assert macos.mono(np.array([16384, -32768], "<i2").tobytes(), "signed_integer", 16, 1).tolist() == [0.5, -1.0]


def test_what_the_listing_process_prints_is_read_back() -> None:
    there = Listed(tuple(windows.from_list(WINDOWS_LOOPBACKS, default=SPEAKERS, calls=QUADCAST)), ("loopback:x",))
    assert listed_from(json.dumps(asdict(there))) == there


@pytest.mark.parametrize(
    ("platform", "named"), [("darwin", ("macos", "14.2", "BlackHole")), ("win32", ("windows", "PyAudioWPatch"))]
)
def test_what_is_missing_names_the_system_s_own_mend(
    monkeypatch: pytest.MonkeyPatch, platform: str, named: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    (told,) = what_is_missing([found.device for found in inputs(MAC_DEVICES, MAC_SYSTEMS, 2, "linux")])
    assert told.startswith("The buyer can't be heard: ")
    assert all(word in told for word in named)
