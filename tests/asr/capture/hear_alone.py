"""Hears a live call for some seconds in a process of its own: FILE SECONDS."""

import sys
import time

import numpy as np

from asr.capture.file import Chunk
from asr.capture.live import LiveCapture

begun = time.monotonic()
capture = LiveCapture(None, None, lambda: time.monotonic() - begun)
chunks = []
for item in capture.sound():
    if isinstance(item, Chunk):
        chunks.append(np.stack([item.rep, item.buyer]))
        if len(chunks) == 10 * int(sys.argv[2]):
            break
capture.stop()
np.save(sys.argv[1], np.concatenate(chunks, axis=1))
