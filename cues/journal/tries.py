"""What `offbook try` keeps of a stored call, beside the journal: its sentences' vectors, and which cards came.

All of it tells of words, so it is its owner's alone and goes with them: what erases a call calls `forget_tries`.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from asr.errors import BadInputError


def tries_folder(journal: Path, call: str) -> Path:
    """Where it is kept; the name says nothing, whatever the call's id is."""
    return journal.absolute().parent / "tries" / hashlib.sha256(call.encode()).hexdigest()[:32]


def keep(folder: Path, name: str, content: bytes) -> None:
    """Writes it at once or not at all; where the disk does not let it, it will be made again."""
    file = folder / f".{name}.{os.getpid()}"
    with suppress(OSError):
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            each.chmod(0o700)
        try:
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
                opened.write(content)
            file.replace(folder / name)
        finally:
            file.unlink(missing_ok=True)


def kept(folder: Path, name: str) -> bytes | None:
    """What was kept under this name; None where nothing was, or it can't be read."""
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def forget_tries(journal: Path, call: str) -> None:
    """Deletes all that is kept of a call. Raises BadInputError where it can't be deleted."""
    folder = tries_folder(journal, call)
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise BadInputError(f"{folder}: what was tried on this call can't be deleted ({error.strerror}).") from error
