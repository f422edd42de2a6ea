"""What a parent keeps of a call, so that it can go on when its engine dies. Pure; the parent's thread alone uses it."""

from collections import deque

from asr.events import Hypothesis, Levels, Utterance
from cues.events import AnyEvent, CardShown, Opportunity
from models.events import Reading

Numbered = tuple[int, bytes]


class Memory:
    """The JSON lines of a call that rebuild its state: no levels, hypotheses, or partial readings that fired nothing.

    Of what is being said right now the last hypothesis is kept too. Beyond `most` lines the oldest go.
    """

    def __init__(self, most: int) -> None:
        self._kept: deque[Numbered] = deque(maxlen=most)
        self._running: dict[str, Numbered] = {}
        self._perhaps: list[Numbered] = []
        """The event before, if a partial reading, and its hypothesis: kept if the next event shows that it fired."""

    def add(self, event: AnyEvent, line: bytes) -> None:
        """Takes an event and its line."""
        numbered = (event.seq, line)
        if isinstance(event, Hypothesis):
            self._running[event.utterance] = numbered
        elif isinstance(event, Reading) and event.partial:
            heard = self._running.get(event.utterance)
            self._perhaps = [numbered] if heard is None else [heard, numbered]
        elif not isinstance(event, Levels):
            self._keep(event, numbered)

    def lines(self) -> list[bytes]:
        """In the order of the call."""
        return [line for _, line in sorted({*self._kept, *self._running.values()})]

    def _keep(self, event: AnyEvent, numbered: Numbered) -> None:
        if isinstance(event, Opportunity | CardShown):
            self._kept.extend(self._perhaps)
        self._perhaps = []
        if isinstance(event, Utterance):
            self._running.pop(event.id, None)
        self._kept.append(numbered)
