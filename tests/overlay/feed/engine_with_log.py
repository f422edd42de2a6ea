"""The engine's process with a log of JSON lines, which keeps the least that a journal does."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cues.events import EVENT, AnyEvent
from cues.rank import NO_HISTORY, History
from overlay.engine_process import main
from overlay.event_log import Report


class JsonLines:
    """No hypotheses and no partial readings; the event before the last is on disk."""

    def __init__(self, address: str, report: Report) -> None:
        self._file = Path(address)

    def append(self, event: AnyEvent) -> None:
        if event.type == "hypothesis" or (event.type == "reading" and event.partial):
            return
        with self._file.open("ab") as out:
            out.write(EVENT.dump_json(event) + b"\n")

    def events(self, call: str) -> Iterator[AnyEvent]:
        for line in self._file.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):
                event = EVENT.validate_json(line)
                if event.call == call:
                    yield event

    def history(self, rep: str, before: datetime) -> History:
        return NO_HISTORY

    def close(self) -> None:
        """Each line was written when it came."""


if __name__ == "__main__":
    sys.exit(main(JsonLines))
