"""Fixtures that several folders of tests share."""

from pathlib import Path

import numpy as np
import pytest
from user import OFFBOOK, Result, Run, run_command, write_wav


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
