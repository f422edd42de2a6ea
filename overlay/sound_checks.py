"""The doctor's checks of the devices: each is opened for a moment, and must give sound."""

import time

from asr.capture.devices import Device, Kind, find_device, list_devices, what_is_missing
from asr.capture.meter import SILENCE_DBFS, Meters
from asr.errors import BadInputError
from overlay.doctor import Check, Finding
from overlay.settings import Settings
from overlay.sound_check import OPENS_S

LISTENS_S = 1.0


def microphone(settings: Settings) -> Finding:
    """The rep's side. Raises BadInputError where it can't be heard."""
    device = _device(settings.microphone, "microphone")
    level = _loudest(device)
    if level <= SILENCE_DBFS:
        sentence = f"“{device.name}” gives nothing but digital silence; look at its switch and at the privacy settings."
        return Finding("microphone", "warning", sentence)
    return Finding("microphone", "fine", f"“{device.name}” gives sound, now {level:.0f} dBFS.")


def loopback(settings: Settings) -> Finding:
    """The buyer's side, which is silent while nothing plays. Raises BadInputError where it can't be heard."""
    device = _device(settings.buyer_sound, "loopback")
    _loudest(device)
    return Finding("loopback", "fine", f"What “{device.name}” plays can be heard.")


SOUND_CHECKS: tuple[tuple[str, Check], ...] = (("microphone", microphone), ("loopback", loopback))


def _device(wanted: str | None, kind: Kind) -> Device:
    devices = list_devices()
    if not any(device.kind == kind for device in devices):
        raise BadInputError(" ".join(what_is_missing(devices)))
    return find_device(wanted, kind, devices)


def _loudest(device: Device) -> float:
    """Its highest level (dBFS) within a second. Raises BadInputError where no sound comes at all."""
    with Meters([device]) as meters:
        until = time.monotonic() + OPENS_S
        while device.id not in meters.levels() and time.monotonic() < until:
            time.sleep(0.05)
        if device.id not in meters.levels():
            raise BadInputError(f"“{device.name}” gives no sound; another program may hold it, so close that one.")
        loudest, until = SILENCE_DBFS, time.monotonic() + LISTENS_S
        while time.monotonic() < until:
            loudest = max(loudest, meters.levels()[device.id])
            time.sleep(0.02)
    return loudest
