"""What a database's error means in plain words, and what to do about it. Pure."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from asr.errors import BadInputError


@dataclass(frozen=True)
class Reason:
    """Why the journal can't be used: `words` for a rep during a call, `mend` for a person at the command line."""

    words: str
    mend: str


FULL = Reason("the disk is full", "free some space and try again")
LOCKED = Reason("another program has locked it", "close that program and try again")
READ_ONLY = Reason("it can't be written there", "make the file and its folder writable, or name another with --journal")
DAMAGED = Reason(
    "the file is damaged or no journal", "bring a backup back with `offbook journal restore`, or name another file"
)
DISK = Reason("the disk reports an error", "look at the disk, or name another file with --journal")

_BY_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: DISK,
}
_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EIO: DISK,
}


def reason(error: Exception) -> Reason:
    """Why `error` came."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        other = Reason(cause.strerror or str(cause), "name another file with --journal")
        return _BY_ERRNO.get(cause.errno or 0, other)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the upper bits say it more finely
    return _BY_CODE.get(code, Reason(f"the database says “{cause}”", "try again; if it stays so, please report it"))


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Errors of the database and the disk become one sentence about `file`. Raises BadInputError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        why = reason(error)
        raise BadInputError(f"The journal {file} can't be used: {why.words}; {why.mend}.") from error
