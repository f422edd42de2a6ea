"""A file system of a test's own, which can fill up and turn read-only in earnest."""

import os
import shutil
import subprocess
import time
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


class FailingDisk:
    """An ext4 file system in a file, which can be made to stop writing as after an error of its disk."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image

    def break_off(self) -> None:
        """Read-only from now on, whoever has files open."""
        assert _mount("-o", "remount,abort", str(self.folder))

    def mend(self, limit_s: float = 20) -> None:
        """Mounts it anew once no file is open there any more."""
        end = time.monotonic() + limit_s
        while subprocess.run(["umount", str(self.folder)], check=False, capture_output=True).returncode:
            assert time.monotonic() < end, "a file stays open on the broken disk"
            time.sleep(0.05)
        assert _mount("-o", "loop", str(self._image), str(self.folder))


@contextmanager
def failing_disk(folder: Path) -> Iterator[FailingDisk]:
    """Skips the test where nothing can be mounted."""
    image = folder.with_suffix(".ext4")
    folder.mkdir()
    image.write_bytes(bytes(4_000_000))
    mkfs = shutil.which("mkfs.ext4", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if os.getuid() != 0 or mkfs is None:
        pytest.skip("needs root and mkfs.ext4")
    subprocess.run([mkfs, "-q", "-m", "0", str(image)], check=True)
    # Below lies one that takes nothing: between two mounts a journal would be begun anew there.
    if not _mount("-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)) or not _mount("-o", "loop", str(image), str(folder)):
        pytest.skip("needs the right to mount a file")
    try:
        yield FailingDisk(image, folder)
    finally:
        for _ in range(2):
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*args: str) -> bool:
    return subprocess.run(["mount", *args], check=False, capture_output=True).returncode == 0
