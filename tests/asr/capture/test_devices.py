"""Finding a device, here from recorded lists of other systems and from a real sound server."""

import pytest
from sound_server import SoundServer

from asr.capture.devices import Device, find_device, list_devices, portaudio_devices, what_is_missing
from asr.capture.windows import from_list
from asr.errors import BadInputError

HEADSET = Device("1", "Jabra Evolve 65", "microphone", True, 16_000, 1)
WEBCAM = Device("2", "HD Webcam C920", "microphone", False, 48_000, 2)
SPEAKERS = Device("3", "Speakers (Jabra Evolve 65)", "loopback", True, 48_000, 2)
ALL = [HEADSET, WEBCAM, SPEAKERS]


def test_without_a_name_it_is_the_default_one() -> None:
    assert find_device(None, "microphone", ALL) is HEADSET
    assert find_device(None, "loopback", ALL) is SPEAKERS
    assert find_device(None, "microphone", [WEBCAM]) is WEBCAM


@pytest.mark.parametrize("wanted", ["2", "HD Webcam C920", "c920", "WEBCAM"])
def test_a_part_of_the_name_will_do(wanted: str) -> None:
    assert find_device(wanted, "microphone", ALL) is WEBCAM


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("yeti", "There is no microphone “yeti” now; there are: “Jabra Evolve 65”, “HD Webcam C920”."),
        ("e", "“e” may be several devices: “Jabra Evolve 65”, “HD Webcam C920”; give more of its name."),
        ("Speakers", "There is no microphone “Speakers” now; there are: “Jabra Evolve 65”, “HD Webcam C920”."),
    ],
)
def test_what_is_not_there_is_said_with_what_is(wanted: str, said: str) -> None:
    with pytest.raises(BadInputError) as error:
        find_device(wanted, "microphone", ALL)
    assert str(error.value) == said


def test_what_is_missing_names_the_mend() -> None:
    assert what_is_missing(ALL) == []
    no_buyer, no_rep = what_is_missing([WEBCAM]), what_is_missing([SPEAKERS])
    assert len(no_buyer) == len(no_rep) == 1
    assert "The buyer can't be heard" in no_buyer[0]
    assert "No microphone is there" in no_rep[0]


def test_a_mac_s_loopback_device_is_known_by_its_name() -> None:
    inputs = [
        {"index": 0, "name": "MacBook Pro Microphone", "channels": 1, "rate": 48_000, "default": True},
        {"index": 2, "name": "BlackHole 2ch", "channels": 2, "rate": 48_000, "default": False},
    ]
    assert [device.kind for device in portaudio_devices(inputs, "darwin")] == ["microphone", "loopback"]
    assert [device.kind for device in portaudio_devices(inputs, "linux")] == ["microphone", "microphone"]


def test_windows_loopbacks_from_portaudio_s_infos() -> None:
    infos = [
        {"index": 9, "name": "Speakers (Realtek) [Loopback]", "defaultSampleRate": 48000.0, "maxInputChannels": 2},
        {"index": 11, "name": "Headset (Jabra) [Loopback]", "defaultSampleRate": 16000.0, "maxInputChannels": 1},
    ]
    speakers, headset = from_list(infos, default=11)
    assert (speakers.id, speakers.name, speakers.default, speakers.rate) == ("9", "Speakers (Realtek)", False, 48_000)
    assert (headset.name, headset.default, headset.channels) == ("Headset (Jabra)", True, 1)


def test_the_devices_of_a_real_sound_server(server: SoundServer) -> None:
    devices = list_devices()
    assert [(device.name, device.kind, device.default) for device in devices] == [
        ("Headset", "microphone", True),
        ("Line", "loopback", False),
        ("Speakers", "loopback", True),
    ]
    server.kill()
    assert "no PulseAudio or PipeWire server answers" in what_is_missing(list_devices())[0]
