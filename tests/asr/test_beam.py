"""Which of several texts go on, and which end."""

import numpy as np

from asr.beam import Followed, spread
from asr.decoding import Vocabulary

TOKENS = Vocabulary(eot=4, no_timestamps=5, no_speech=6, suppressed=(3,), suppressed_first=(2, 4))
NONE = Followed()


def row(*likely: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Logits of the text tokens 0 to 3 and the end, as probabilities; special ones and timestamps would be likelier."""
    return np.concatenate([np.log(np.asarray(likely)), [9.0, 9.0, 9.0]]).astype(np.float32)


def test_the_likeliest_texts_go_on() -> None:
    going, ended = spread([NONE], np.stack([row(0.5, 0.3, 0.1, 0.1, 0.1)]), (), TOKENS, 2)
    assert [text.tokens for text in going] == [(0,), (1,)]
    assert not ended
    assert np.isclose(np.exp(going[0].total), 0.5 / 0.8), "blank, end and what is never said are no choice at first"


def test_a_text_counts_as_a_whole_not_by_its_last_token() -> None:
    texts = [Followed((0,), np.log(0.6)), Followed((1,), np.log(0.4))]
    rows = np.stack([row(0.5, 0.3, 0.1, 0.1, 0.1), row(0.9, 0.04, 0.03, 0.1, 0.03)])
    going, _ = spread(texts, rows, (), TOKENS, 2)
    assert [text.tokens for text in going] == [(1, 0), (0, 0)]


def test_what_ends_before_enough_go_on_is_kept_and_what_ends_later_is_not() -> None:
    texts = [Followed((0,), np.log(0.6)), Followed((1,), np.log(0.4))]
    rows = np.stack([row(0.2, 0.1, 0.1, 0.1, 0.6), row(0.8, 0.1, 0.03, 0.1, 0.07)])
    going, ended = spread(texts, rows, (), TOKENS, 2)
    assert [text.tokens for text in ended] == [(0,)]
    assert [text.tokens for text in going] == [(1, 0), (0, 0)]


def test_what_a_text_was_forced_to_begin_with_counts_as_said() -> None:
    going, ended = spread([NONE], np.stack([row(0.1, 0.1, 0.5, 0.1, 0.4)]), (1,), TOKENS, 1)
    assert [text.tokens for text in going] == [(2,)]
    going, ended = spread([NONE], np.stack([row(0.1, 0.1, 0.2, 0.1, 0.6)]), (1,), TOKENS, 1)
    assert [text.tokens for text in ended] == [()]


def test_of_equals_the_first_goes_first() -> None:
    rows = np.stack([row(0.25, 0.25, 0.25, 0.1, 0.25)])
    assert [text.tokens for text in spread([NONE], rows, (1,), TOKENS, 3)[0]] == [(0,), (1,), (2,)]
