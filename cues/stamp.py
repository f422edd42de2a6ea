"""Whether a folder's YAML files changed, told from their stats alone: it works on network and synced folders too."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cues.yaml_source import is_yaml

EVERY_S = 0.5
SETTLED_S = 0.1
"""Files that stay as they are for so long are written to their end."""

Stamp = tuple[tuple[str, int, int, int], ...] | None
"""Of each file its name, modification time (ns), size and inode; None where the folder can't be read."""


def stamp(folder: Path) -> Stamp:
    """The stats as they are now; never raised."""
    try:
        return tuple(_stats(file) for file in sorted(folder.iterdir()) if is_yaml(file))
    except OSError:
        return None


def changes(folder: Path, seen: Stamp, wait: Callable[[float], bool | None]) -> Iterator[Stamp]:
    """Each stamp that is another one than before, beginning with `seen`, once it has settled.

    `wait` lets so many seconds pass, and returns True to end.
    """
    while not wait(EVERY_S):
        now = stamp(folder)
        if now == seen:
            continue
        while not wait(SETTLED_S) and (later := stamp(folder)) != now:
            now = later
        seen = now
        yield now


def _stats(file: Path) -> tuple[str, int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return file.name, 0, 0, 0  # it has just gone
    return file.name, found.st_mtime_ns, found.st_size, found.st_ino
