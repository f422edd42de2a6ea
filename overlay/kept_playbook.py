"""The last good playbook of each folder, kept in the user's data folder for the day when the folder is gone or broken.

A copy of its YAML files lies in `playbooks/<folder>/<hash>/`, readable by its owner alone; both names are SHA-256, of
the folder's path and of the files.
"""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from asr.errors import BadInputError
from cues.check import load_playbook, reason
from cues.playbook import Playbook
from cues.stamp import Stamp, stamp
from cues.yaml_source import is_yaml
from overlay.engine_messages import Start


@dataclass(frozen=True)
class InUse:
    """The playbook that a call begins with."""

    playbook: Playbook
    seen: Stamp
    """The folder's files when it was loaded."""
    notice: str | None = None
    """A sentence for the rep where it is not the folder's, but the last good one."""


def playbook_of(start: Start) -> InUse:
    """The folder's playbook; for a live call the last good one where that can't be used. Raises BadInputError."""
    folder, seen = start.playbook, stamp(start.playbook)
    try:
        return InUse(load_playbook(folder), seen)
    except BadInputError as error:
        kept = _kept(folder) if start.live is not None else None
        if kept is None:
            raise
        playbook, day = kept
        why = f"The playbook in {folder} can't be used ({reason(error, folder)}); the one of {day} is in use."
        return InUse(playbook, seen, why)


def playbook_again(start: Start, hash: str | None) -> InUse:
    """For a call that goes on: the playbook that it ran under, if that was kept, so that nothing changes unnoticed.

    Raises BadInputError where neither that nor the folder's can be used.
    """
    kept = _kept(start.playbook)
    if kept is not None and kept[0].hash == hash:
        # Nothing was seen yet: what changed since is found at the first look.
        return InUse(kept[0], None)
    return playbook_of(start)


def keep(folder: Path, playbook: Playbook) -> None:
    """Keeps a copy of the good playbook in `folder` instead of the one before; never raised."""
    place = _place(folder)
    new, whole = place / f"{playbook.hash}.{os.getpid()}.new", place / playbook.hash
    if whole.is_dir():
        return
    try:
        for made in (place.parent.parent, place.parent, place):
            made.mkdir(mode=stat.S_IRWXU, exist_ok=True)
        _copy(folder, new)
        # Its hash tells whether the folder changed while it was copied.
        if load_playbook(new).hash == playbook.hash:
            new.rename(whole)
            for old in place.iterdir():
                if old != whole:
                    shutil.rmtree(old, ignore_errors=True)
    except (OSError, BadInputError):
        pass  # a call can do without
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _copy(folder: Path, new: Path) -> None:
    new.mkdir(mode=stat.S_IRWXU)
    for file in folder.iterdir():
        if is_yaml(file) and file.is_file():
            copy = new / file.name
            copy.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
            copy.write_bytes(file.read_bytes())


def _kept(folder: Path) -> tuple[Playbook, str] | None:
    """The last good playbook of a folder, and the day since which it was kept."""
    with suppress(OSError, ValueError, BadInputError):  # ValueError: there is none
        since, whole = max((kept.stat().st_mtime, kept) for kept in _place(folder).iterdir() if not kept.suffix)
        day = datetime.fromtimestamp(since)
        return load_playbook(whole), f"{day.day} {day:%B}"
    return None


def _place(folder: Path) -> Path:
    # Not resolved: where a link to the folder is gone, its target can't be told any more.
    path = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()
    return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / "playbooks" / path
