"""The tokens of the feed and of review on disk."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from asr.errors import BadInputError
from overlay.token_file import feed_token, is_token, kept_token, review_token


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Files are made for all to read where nobody says otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_each_is_made_once_in_the_data_folder_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "offbook"
    tokens = {"feed.token": feed_token(), "review.token": review_token()}
    assert mode(folder) == 0o700
    kept = {file.name: file.read_text() for file in folder.iterdir()}
    assert {name: token for name, token in kept.items() if not name.endswith(".lock")} == tokens
    assert {name: token for name, token in kept.items() if name.endswith(".lock") and token} == {}
    assert {mode(file) for file in folder.iterdir()} == {0o600}
    assert min(map(len, tokens.values())) >= 32
    assert tokens["feed.token"] != tokens["review.token"]
    assert tokens == {"feed.token": feed_token(), "review.token": review_token()}


def test_one_that_others_could_read_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "feed.token"
    token = kept_token(file)
    file.chmod(0o644)
    assert kept_token(file) != token
    assert mode(file) == 0o600


def test_a_folder_that_others_could_enter_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    token = kept_token(tmp_path / "feed.token")
    tmp_path.chmod(0o755)
    assert kept_token(tmp_path / "feed.token") == token
    assert mode(tmp_path) == 0o700


@pytest.mark.parametrize("half", ["", "short"])
def test_half_of_one_is_made_anew(tmp_path: Path, half: str) -> None:
    file = tmp_path / "feed.token"
    file.touch(0o600)
    file.write_text(half)
    assert len(kept_token(file)) >= 32


def test_two_engines_that_start_at_once_agree(tmp_path: Path) -> None:
    for k in range(20):
        with ThreadPoolExecutor(8) as pool:
            tokens = set(pool.map(kept_token, [tmp_path / f"{k}/feed.token"] * 8))
        assert len(tokens) == 1


@pytest.mark.skipif(os.name != "posix", reason="folders instead of files are refused otherwise there")
def test_where_it_can_not_be_kept_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "feed.token").mkdir(mode=0o700)
    with pytest.raises(BadInputError, match=r"feed.token: the token can't be kept there"):
        kept_token(tmp_path / "feed.token")


def test_tokens_are_compared_whole() -> None:
    assert is_token("abc", "abc")
    assert not is_token("ab", "abc")
    assert not is_token("é", "abc")
