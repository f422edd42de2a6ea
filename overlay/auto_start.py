"""When a call begins by itself: when both sides are heard. Nothing of the sound is kept, and no word is read."""

import time
from contextlib import closing

from asr.capture.live import AUDIBLE_DBFS
from overlay.sound_check import both_sides, looks

TOGETHER_S = 10.0
"""Both sides were audible within so long: music alone, or typing alone, is no call."""
LOOK_S = 0.2


def wait_for_both(microphone: str | None, buyer_sound: str | None) -> None:
    """Waits until a call seems to go on. A device that goes away is waited for too."""
    heard = {"microphone": float("-inf"), "loopback": float("-inf")}
    with closing(looks(both_sides(microphone, buyer_sound), LOOK_S)) as seen:
        for look in seen:
            now = time.monotonic()
            heard |= {each.device.kind: now for each in look if each.level is not None and each.level > AUDIBLE_DBFS}
            if now - min(heard.values()) < TOGETHER_S:
                return
