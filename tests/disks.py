"""A file system of a test's own, which can fill up and turn read-only in earnest."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Disk:
    """One that is mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def again(self, options: str) -> bool:
        """Mounts it anew with other options; False while a file that is open stands against it."""
        return _mount("-o", f"remount,{options}", str(self.folder))


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Disk]:
    """Skips the test where nothing can be mounted."""
    folder.mkdir()
    if os.getuid() != 0 or not _mount("-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)):
        pytest.skip("needs the right to mount: root is refused nowhere else, and others can't fill a disk")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*args: str) -> bool:
    return subprocess.run(["mount", *args], check=False, capture_output=True).returncode == 0
