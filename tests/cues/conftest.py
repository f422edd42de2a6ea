"""A call to tell, under the small playbook of talk.py."""

from collections.abc import Callable
from pathlib import Path

import pytest
from talk import Talk, read_playbook

from cues.playbook import Playbook


@pytest.fixture
def playbook(tmp_path: Path) -> Playbook:
    return read_playbook(tmp_path / "playbook")


@pytest.fixture
def talk(playbook: Playbook) -> Talk:
    return Talk(playbook)


@pytest.fixture
def talk_with(tmp_path: Path) -> Callable[[str], Talk]:
    """A call under another playbook."""
    return lambda text: Talk(read_playbook(tmp_path / "other", text))
