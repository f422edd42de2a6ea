"""Who works at this machine."""

import getpass


def system_user() -> str:
    """The system's user name; "unknown" where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number that no user has
        return "unknown"
