"""A process that writes down when it saw each event, on the clock that all processes share: a line of JSON each.

`witness.py feed PORT` hears them from the feed; `witness.py journal FILE` looks for them in the journal. Both go on
until the call has ended.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from feed_clients import client, read

from overlay.token_file import feed_token

LOOK_EVERY_S = 0.005
LINGER_S = 1.0
"""How long the journal is looked at once the end is in it: what comes later would be too late anyway."""


def hear(port: int) -> None:
    with client(port, feed_token()) as feed:
        for event in read(feed, 60)["events"]:
            note(event["seq"], event["type"], partial=False, known=True)
        ended = False
        while not ended:
            event = read(feed, 60)
            note(event["seq"], event["type"], partial=event.get("partial", False), known=False)
            ended = event["type"] == "call_ended"


def look(file: Path) -> None:
    until, last = float("inf"), 0
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)) as journal:
        while time.monotonic() < until:
            for row, seq, kind in journal.execute("SELECT rowid, seq, type FROM events WHERE rowid > ?", (last,)):
                last = row
                note(seq, kind)
                if kind == "call_ended":
                    until = time.monotonic() + LINGER_S
            time.sleep(LOOK_EVERY_S)


def note(seq: int, kind: str, **more: object) -> None:
    print(json.dumps({"seq": seq, "type": kind, "at": time.monotonic(), **more}), flush=True)


if __name__ == "__main__":
    hear(int(sys.argv[2])) if sys.argv[1] == "feed" else look(Path(sys.argv[2]))
