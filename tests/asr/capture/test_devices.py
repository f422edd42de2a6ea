"""Finding a device, here from recorded lists of other systems and from a real sound server."""

import pytest
from sound_server import SoundServer

from asr.capture.devices import Device, find_device, list_devices, what_is_missing
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


def test_the_devices_of_a_real_sound_server(server: SoundServer) -> None:
    devices = list_devices()
    assert [(device.name, device.kind, device.default) for device in devices] == [
        ("Headset", "microphone", True),
        ("Line", "loopback", False),
        ("Speakers", "loopback", True),
    ]
    server.kill()
    assert "no PulseAudio or PipeWire server answers" in what_is_missing(list_devices())[0]
