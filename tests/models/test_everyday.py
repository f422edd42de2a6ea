"""A name that is also a word keeps the word's company, or a vendor's."""

import pytest

from models.everyday import in_everyday_company


def everyday(text: str, word: str) -> bool:
    start = text.lower().index(word)
    return in_everyday_company(text, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It stands in front of the shop.", "front"),
        ("Cut them some slack, they're new.", "slack"),
        ("I'll send it on Monday.", "monday"),
        ("Monday morning suits me.", "monday"),
        ("We pay on mondays.", "mondays"),
        ("I had a notion that it might.", "notion"),
        ("Growth isn't linear.", "linear"),
        ("There goes THE GONG again", "gong"),
        ("that\u2019s our biggest segment", "segment"),
    ],
)
def test_the_word(text: str, word: str) -> None:
    assert everyday(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Front charges us by the seat.", "front"),
        ("The Slack channel is full of it.", "slack"),
        ("All our boards are in Monday.", "monday"),
        ("We moved the wiki to Notion.", "notion"),
        ("The Gong recordings say otherwise.", "gong"),
        ("The Zendesk is fine.", "zendesk"),
        ("s", "s"),
    ],
)
def test_the_vendor(text: str, word: str) -> None:
    assert not everyday(text, word)
