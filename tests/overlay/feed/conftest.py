"""A served feed, and a machine of its own for the processes that a test starts."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_clients import TOKEN, Served
from platformdirs import user_data_dir

from cues.events import RepAction
from overlay.feed import Feed

TAKES = 4
"""Commands that the call below takes before it is busy."""


@pytest.fixture
def served() -> Iterator[Served]:
    commands: queue.Queue[RepAction] = queue.Queue(TAKES)

    def accept(action: RepAction) -> bool:
        if commands.full():
            return False
        commands.put_nowait(action)
        return True

    feed = Feed(TOKEN, accept, port=0)
    yield Served(feed, feed.start(), commands)
    feed.stop()


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of its own with this machine's weights in it; processes that a test starts use it too."""
    weights = Path(user_data_dir("offbook", appauthor=False)) / "models"
    weights.mkdir(parents=True, exist_ok=True)
    folder = tmp_path_factory.mktemp("machine") / "offbook"
    folder.mkdir()
    (folder / "models").symlink_to(weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder.parent))
        yield folder
