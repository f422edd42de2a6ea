"""Fixtures that several folders of tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from disks import Disk, mounted
from hypothesis import settings
from platformdirs import user_data_dir
from sound_server import SoundServer, sound_server
from user import OFFBOOK, Result, Run, run_command, write_wav

settings.register_profile("same cases every time", derandomize=True)
settings.load_profile("same cases every time")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first (they lie last), so that two workers are done at the same time."""
    files = list(dict.fromkeys(item.path for item in items))
    items.sort(key=lambda item: -files.index(item.path))


@pytest.fixture(scope="session", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory, machine: Path) -> None:
    """No test writes into the journal, or reads the settings or the own heads, of whoever runs it."""
    os.environ["OFFBOOK_JOURNAL"] = str(tmp_path_factory.mktemp("journal") / "journal.db")
    os.environ["OFFBOOK_SETTINGS"] = str(tmp_path_factory.mktemp("settings") / "settings.yaml")


@pytest.fixture(scope="session")
def offbook(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed command in a folder of its own."""
    folder = tmp_path_factory.mktemp("user")

    def run(*args: str | Path, timeout: float = 280) -> Result:
        return run_command([OFFBOOK, *args], folder, timeout)

    return run


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of stereo silence."""
    return write_wav(tmp_path_factory.mktemp("sound") / "silence.wav", np.zeros((48_000, 2)))


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of its own with this machine's weights in it; processes that a test starts use it too."""
    weights = Path(user_data_dir("offbook", appauthor=False)) / "models"
    weights.mkdir(parents=True, exist_ok=True)
    folder = tmp_path_factory.mktemp("machine") / "offbook"
    folder.mkdir()
    (folder / "models").symlink_to(weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder.parent))
        yield folder


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """A sound server of the test's own."""
    with sound_server() as made:
        yield made


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A file system of 1 MB of its own."""
    with mounted(tmp_path / "disk", "1m") as made:
        yield made
