"""Review's token: made once, kept beside the journal where only its owner can read it."""

import os
import secrets
import stat
from pathlib import Path

from asr.errors import BadInputError

FILE = "review.token"
_BYTES = 32
_SHORTEST = 32
"""A shorter text was not made here."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def review_token(folder: Path) -> str:
    """The token kept in a folder; made anew where there is none, or where others could have read it."""
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _sound(file) or _made(file)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInputError(f"{file}: the token can't be kept there ({reason}); free the path.") from error


def is_token(given: str, token: str) -> bool:
    """Whether they are equal, in a time that does not tell how far they agree."""
    return secrets.compare_digest(given.encode(), token.encode())


def _sound(file: Path) -> str | None:
    if not file.exists() or (os.name == "posix" and file.stat().st_mode & _OTHERS):
        return None
    token = file.read_text(encoding="ascii").strip()
    return token if len(token) >= _SHORTEST else None


def _made(file: Path) -> str:
    token = secrets.token_urlsafe(_BYTES)
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(token)
    return token
