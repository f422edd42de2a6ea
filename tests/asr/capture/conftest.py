"""A sound server and tones to play into it."""

from pathlib import Path

import numpy as np
import pytest
from user import write_wav

TONE_S = 120


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tone for each side: what is heard on one must never be the other's."""
    folder = tmp_path_factory.mktemp("tones")
    seconds = np.arange(TONE_S * 16_000) / 16_000
    return {
        side: write_wav(folder / f"{side}.wav", 0.3 * np.sin(2 * np.pi * hertz * seconds)[:, None])
        for side, hertz in (("rep", 400.0), ("buyer", 1000.0))
    }
