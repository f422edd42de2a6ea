"""The rep's words brought into Qt's thread for a window that shows them.

Thread: `words` (owner: WordsWatch) makes the start, which may time the machine, and reads the engine's pipe.
"""

import threading
from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QObject, Signal

from asr.errors import BadInputError
from overlay.engine_messages import Start
from overlay.first_words import first_words
from overlay.parent import EngineLostError, Parent


class WordsWatch(QObject):
    """Hears from `listen` until `stop`."""

    heard = Signal(str)
    """What is understood so far; "" as soon as it listens."""
    failed = Signal(str)
    """A sentence; there will be no words."""

    def __init__(self) -> None:
        super().__init__()
        self._parent: Parent | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def listen(self, make_start: Callable[[], Start]) -> None:
        """Begins; `make_start` may take its time."""
        self.stop()
        self._stopped = threading.Event()
        run = (make_start, self._stopped)
        self._thread = threading.Thread(target=self._listen, args=run, name="words", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it at once. A machine that is just being timed is not waited for."""
        self._stopped.set()
        if self._parent is not None:
            self._parent.break_off()

    def _listen(self, make_start: Callable[[], Start], stopped: threading.Event) -> None:
        try:
            parent = Parent(make_start())
            self._parent = parent
            with closing(first_words(parent)) as words:
                while not stopped.is_set() and (text := next(words, None)) is not None:
                    self.heard.emit(text)
        except (BadInputError, EngineLostError) as error:
            self.failed.emit(str(error))
