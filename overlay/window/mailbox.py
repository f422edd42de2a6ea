"""Carries messages from the feed's and the keys' threads into Qt's, without either waiting for the other.

`put` runs in any thread; `woken` arrives in Qt's, which then takes everything at once.
"""

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cues.events import Action
from overlay.presenter import Link, Message

ROOM = 20_000
"""Messages; about twenty seconds of the heaviest feed, some 20 MB."""


@dataclass(frozen=True)
class KeyPressed:
    """The rep pressed a chord."""

    action: Action


@dataclass(frozen=True)
class Leave:
    """The call is over: the overlay goes after so many seconds."""

    after_s: float


Letter = Message | KeyPressed | Leave
OWN = (Link, KeyPressed, Leave)
"""Letters of this process's own, few and never dropped."""


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
            if len(self._letters) >= ROOM and not isinstance(letter, OWN):
                return False
            self._letters.append(letter)
            first = len(self._letters) == 1
        if first:
            self.woken.emit()
        return True

    def clear(self) -> None:
        """Drops what a fresh state makes worthless."""
        with self._lock:
            self._letters = [letter for letter in self._letters if isinstance(letter, OWN)]

    def take_all(self) -> list[Letter]:
        """What has come since the last time, in order."""
        with self._lock:
            letters, self._letters = self._letters, []
        return letters
