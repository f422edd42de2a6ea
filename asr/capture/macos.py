"""What a Mac plays: it comes through a loopback device, which macOS shows as one more input. Pure.

Such a device (BlackHole and the like) must be installed and be part of the output; then it is known by its name.
"""

LOOPBACK_DEVICES = ("blackhole", "loopback audio", "soundflower", "vb-cable")


def is_loopback(name: str) -> bool:
    """Whether an input gives what the computer plays."""
    return any(known in name.lower() for known in LOOPBACK_DEVICES)
