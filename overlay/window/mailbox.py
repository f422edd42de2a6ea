"""Carries messages from the feed's and the keys' threads into Qt's, without either waiting for the other.

`put` runs in any thread; `woken` arrives in Qt's, which then takes everything at once.
"""

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cues.events import Action
from overlay.presenter import Message

ROOM = 20_000
"""Messages; about twenty seconds of the heaviest feed, some 20 MB."""


@dataclass(frozen=True)
class KeyPressed:
    """The rep pressed a chord."""

    action: Action


Letter = Message | KeyPressed


class Mailbox(QObject):
    """A bounded queue; however many messages come, Qt is woken once until it has taken them."""

    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._letters: list[Letter] = []

    def put(self, letter: Letter) -> bool:
        """False where there is no room; whoever sends must then ask for the whole state again."""
        with self._lock:
            if len(self._letters) >= ROOM:
                return False
            self._letters.append(letter)
            first = len(self._letters) == 1
        if first:
            self.woken.emit()
        return True

    def clear(self) -> None:
        """Drops what a fresh state makes worthless."""
        with self._lock:
            self._letters = []

    def take_all(self) -> list[Letter]:
        """What has come since the last time, in order."""
        with self._lock:
            letters, self._letters = self._letters, []
        return letters
