"""The heads in force: those that a company learned on top (`offbook train --add`), or else the package's own.

They lie in the user's data folder, one file each, named by number and hash: the highest number is in force, the hash
tells a damaged file, and to go back is to take one file away.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from asr.errors import BadInputError
from asr.weights import sha256
from models.heads import Heads

NAMED_BY = 12
"""Digits of the SHA-256 in a file's name."""
AGAIN = "learn again with `offbook train --add DIR`"


@dataclass(frozen=True)
class InForce:
    """Heads that read calls now; `file` is None for the package's own, `notice` says why a company's are not used."""

    heads: Heads
    file: Path | None
    notice: str | None

    @property
    def name(self) -> str:
        """For a person."""
        if self.file is None:
            return "Offbook's own heads"
        learned = datetime.fromtimestamp(self.file.stat().st_mtime)
        return f"your heads {_hash(self.file)} (learned {learned:%Y-%m-%d %H:%M})"


def heads_folder() -> Path:
    """Where a company's heads are kept."""
    return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / "heads"


def heads_in_force() -> InForce:
    """The newest heads of the company's, or the package's own where there are none, or none that can be used.

    Raises BadInputError if the package's own are missing or broken.
    """
    own = Heads()
    newest = _newest()
    if newest is None:
        return InForce(own, None, None)
    try:
        return InForce(_checked(newest, own), newest, None)
    except BadInputError as error:
        return InForce(own, None, str(error))


def install(content: bytes) -> Path:
    """Puts heads in force; the ones before stay beside them. Raises BadInputError if they can't be written."""
    newest = _newest()
    number = _number(newest) + 1 if newest else 1
    file = heads_folder() / f"{number:04d}-{hashlib.sha256(content).hexdigest()[:NAMED_BY]}.onnx"
    half = file.with_suffix(f".{os.getpid()}.half")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(file)
    except OSError as error:
        with suppress(OSError):
            half.unlink()
        raise BadInputError(
            f"{file}: can't be written ({error.strerror}); check the disk and the permissions."
        ) from error
    return file


def roll_back() -> bool:
    """Takes the newest heads away, so that those before are in force; False if there are none of the company's.

    Raises BadInputError if the file can't be removed.
    """
    newest = _newest()
    if newest is None:
        return False
    try:
        newest.unlink()
    except OSError as error:
        raise BadInputError(f"{newest}: can't be removed ({error.strerror}); check the permissions.") from error
    return True


def _newest() -> Path | None:
    return max(heads_folder().glob("[0-9]*-*.onnx"), key=_number, default=None)


def _number(file: Path) -> int:
    digits = file.name.partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _hash(file: Path) -> str:
    return file.stem.partition("-")[2]


def _checked(file: Path, own: Heads) -> Heads:
    """Raises BadInputError, one sentence, if they are damaged or belong to another version."""
    if not _intact(file):
        raise BadInputError(f"{file}: your heads are damaged, so Offbook's own are used; {AGAIN}.")
    try:
        heads = Heads(file)
    except BadInputError:
        heads = None
    if heads is None or heads.base != own.sha256:
        raise BadInputError(
            f"{file}: your heads were learned with another version of Offbook, so its own are used; {AGAIN}."
        )
    return heads


def _intact(file: Path) -> bool:
    try:
        return sha256(file).startswith(_hash(file))
    except OSError:
        return False
