"""The feed's token: one per machine, readable by its owner alone, made when it is missing."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

import platformdirs

from asr.errors import BadInputError

_BYTES = 32
_SHORTEST = 32
"""A shorter text was not made here."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def token_file() -> Path:
    """Where the token lies."""
    return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / "feed.token"


def feed_token(file: Path | None = None) -> str:
    """The machine's token. Raises BadInputError if it can neither be read nor made."""
    file = file or token_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(stat.S_IRWXU)
        if not _is_sound(file):
            file.unlink(missing_ok=True)
        return _existing(file) or _made(file)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInputError(f"{file}: the feed's token can't be kept there ({reason}); free the path.") from error


def is_token(given: str, token: str) -> bool:
    """Whether they are equal, in a time that does not tell how far they agree."""
    return secrets.compare_digest(given.encode(), token.encode())


def _is_sound(file: Path) -> bool:
    """False where others could have read it, or half of it is there: then it is made anew."""
    if not file.exists():
        return True
    open_to_others = os.name == "posix" and bool(file.stat().st_mode & _OTHERS)
    return not open_to_others and file.stat().st_size >= _SHORTEST


def _existing(file: Path) -> str | None:
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def _made(file: Path) -> str:
    """Written aside and linked into place: of two engines that start at once, both get the first one's token."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix="feed-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(_BYTES))
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    return file.read_text(encoding="ascii").strip()
