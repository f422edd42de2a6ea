"""The feed's token on disk."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from asr.errors import BadInputError
from overlay.feed_token import feed_token, is_token, token_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "offbook/feed.token"
    token = feed_token(file)
    assert len(token) >= 32
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert feed_token(file) == token
    assert [each.name for each in file.parent.iterdir()] == ["feed.token"]


def test_it_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert token_file() == tmp_path / "offbook/feed.token"


def test_one_that_others_could_read_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "feed.token"
    token = feed_token(file)
    file.chmod(0o644)
    assert feed_token(file) != token
    assert mode(file) == 0o600


def test_an_empty_one_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "feed.token"
    file.touch(0o600)
    assert len(feed_token(file)) >= 32


def test_two_engines_that_start_at_once_agree(tmp_path: Path) -> None:
    for k in range(20):
        with ThreadPoolExecutor(8) as pool:
            tokens = set(pool.map(feed_token, [tmp_path / f"{k}/feed.token"] * 8))
        assert len(tokens) == 1


@pytest.mark.skipif(os.name != "posix", reason="folders instead of files are refused otherwise there")
def test_where_it_can_not_be_kept_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "feed.token").mkdir(mode=0o700)
    with pytest.raises(BadInputError, match=r"feed.token: the feed's token can't be kept there"):
        feed_token(tmp_path / "feed.token")


def test_tokens_are_compared_whole() -> None:
    assert is_token("abc", "abc")
    assert not is_token("ab", "abc")
    assert not is_token("é", "abc")
