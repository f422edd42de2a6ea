"""A parent in a process of its own, to be killed: plays the call whose `Start` is its argument and prints `Ready`."""

import sys
from pathlib import Path

from overlay.engine_messages import READY, START, Ready
from overlay.parent import Parent

for happening in Parent(
    START.validate_json(sys.argv[1]), [sys.executable, str(Path(__file__).parent / "engine_with_log.py")]
).happenings():
    if isinstance(happening, Ready):
        print(READY.dump_json(happening).decode(), flush=True)
