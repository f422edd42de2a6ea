"""What devices give, brought into Qt's thread for a window that shows it.

Thread: `levels` (owner: SoundWatch) iterates overlay/sound_check.py; `looked` arrives in Qt's thread.
"""

import threading
from contextlib import closing

from PySide6.QtCore import QObject, Signal

from overlay.sound_check import Look, Pick, looks

LAST_S = 5.0
"""What a device that is just being opened gets to be closed."""


class SoundWatch(QObject):
    """Listens from `listen_to` until `stop`; nothing of the sound is kept."""

    looked = Signal(object)
    """A Look, ten a second."""

    def __init__(self) -> None:
        super().__init__()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def listen_to(self, pick: Pick) -> None:
        """The devices that it picks, in place of those before."""
        self.stop()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_on, args=(pick, self._stopped), name="levels", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """The devices are free when it returns, in some 0.1 s."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(LAST_S)

    def _look_on(self, pick: Pick, stopped: threading.Event) -> None:
        with closing(looks(pick)) as seen:
            for look in seen:
                if stopped.is_set():
                    return
                self._tell(look)

    def _tell(self, look: Look) -> None:
        self.looked.emit(look)
