"""When a call begins by itself: when both sides are heard. Nothing of the sound is kept, and no word is read."""

import time

from asr.capture.devices import find_device, list_devices
from asr.capture.live import AUDIBLE_DBFS
from asr.capture.meter import Meters
from asr.errors import BadInputError

TOGETHER_S = 10.0
"""Both sides were audible within so long: music alone, or typing alone, is no call."""
LOOK_S = 0.2
AGAIN_S = 2.0
"""Until devices that are not there are looked for again."""


def wait_for_both(microphone: str | None, buyer_sound: str | None) -> None:
    """Waits until a call seems to go on. A device that goes away is waited for too."""
    while not _both_heard(microphone, buyer_sound):
        time.sleep(AGAIN_S)


def _both_heard(microphone: str | None, buyer_sound: str | None) -> bool:
    """False where a device is missing, or stops giving sound."""
    try:
        devices = list_devices()
        rep, buyer = find_device(microphone, "microphone", devices), find_device(buyer_sound, "loopback", devices)
    except BadInputError:
        return False
    heard = {rep.id: float("-inf"), buyer.id: float("-inf")}
    with Meters((rep, buyer)) as meters:
        while meters.running():
            now = time.monotonic()
            heard |= {name: now for name, level in meters.levels().items() if level > AUDIBLE_DBFS}
            if now - min(heard.values()) < TOGETHER_S:
                return True
            time.sleep(LOOK_S)
    return False
