"""A served feed."""

import queue
from collections.abc import Iterator

import pytest
from feed_clients import TOKEN, Served

from cues.events import DealChanged, RepAction
from overlay.feed import Feed

TAKES = 4
"""Commands that the call below takes before it is busy."""


@pytest.fixture
def served() -> Iterator[Served]:
    commands: queue.Queue[RepAction | DealChanged] = queue.Queue(TAKES)

    def accept(action: RepAction | DealChanged) -> bool:
        if commands.full():
            return False
        commands.put_nowait(action)
        return True

    feed = Feed(TOKEN, accept, port=0)
    yield Served(feed, feed.start(), commands)
    feed.stop()
