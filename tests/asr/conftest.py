"""The real recogniser, and the rep's side of the demo call."""

import numpy as np
import pytest
from user import DEMO_CALL

from asr.capture.file import Chunk, open_stereo
from asr.recogniser import Recogniser
from asr.sound import Samples
from asr.weights import whisper_weights


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    """Whisper base, which knows no names."""
    return Recogniser(whisper_weights("base"))


@pytest.fixture(scope="session")
def rep_side() -> Samples:
    """The rep's side of the demo call."""
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)]
    return np.concatenate([chunk.rep for chunk in chunks])
