"""The tokens of the feed and of review: one each per machine, readable by its owner alone, made when missing."""

import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Literal

import platformdirs
from filelock import FileLock

from asr.errors import BadInputError

_BYTES = 32
_SHORTEST = 32
"""A shorter text was not made here."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def token_file(server: Literal["feed", "review"]) -> Path:
    """Where a server's token lies."""
    return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / f"{server}.token"


def feed_token() -> str:
    """What clients of the feed show. Raises BadInputError if it can neither be read nor made."""
    return kept_token(token_file("feed"))


def review_token() -> str:
    """What opens the pages of review. Raises BadInputError if it can neither be read nor made."""
    return kept_token(token_file("review"))


def kept_token(file: Path) -> str:
    """The token in `file`, in a folder that is its owner's alone. Raises BadInputError if it can't be kept there."""
    try:
        file.parent.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        if _open_to_others(file.parent):
            file.parent.chmod(stat.S_IRWXU)
        return _existing(file) or _made(file)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInputError(f"{file}: the token can't be kept there ({reason}); free the path.") from error


def new_token() -> str:
    """One that nobody has."""
    return secrets.token_urlsafe(_BYTES)


def is_token(given: str, token: str) -> bool:
    """Whether they are equal, in a time that does not tell how far they agree."""
    return secrets.compare_digest(given.encode(), token.encode())


def _existing(file: Path) -> str | None:
    """None where there is none, others could have read it, or half of it is there: then it is made anew."""
    if not file.exists() or _open_to_others(file):
        return None
    token = file.read_text(encoding="ascii").strip()
    return token if len(token) >= _SHORTEST else None


def _open_to_others(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def _made(file: Path) -> str:
    """Written aside and moved into place, under a lock: of two engines that start at once, both get the first one's."""
    with FileLock(file.with_name(f".{file.name}.lock"), mode=stat.S_IRUSR | stat.S_IWUSR):
        if (other := _existing(file)) is not None:
            return other
        token = new_token()
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(token)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink()
            raise
        return token
