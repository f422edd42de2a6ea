"""What ours is compared with: others' policies, on passes made by hand and on real sound."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from user import demo_part

from asr.capture.file import Chunk, open_stereo
from asr.commit import Agreed
from asr.events import Event, Hypothesis, Utterance, Word
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE
from asr.weights import whisper_weights
from overlay.bench_peers import Peer, _agree, fixed_chunks, local_agreement


def words(text: str, begin: float = 0.0) -> tuple[Word, ...]:
    """A word each half second."""
    return tuple(Word(w, begin + k / 2, begin + k / 2 + 0.4, 0.9) for k, w in enumerate(text.split()))


def test_two_passes_confirm_the_words_they_begin_with() -> None:
    once = _agree(Agreed(), words("we run send"))
    assert once == Agreed((), words("we run send"))
    twice = _agree(once, words("we run Zendesk today"))
    assert twice == Agreed(words("we run"), words("we run Zendesk today")[2:])


def test_confirmed_words_that_a_cut_buffer_begins_with_are_not_said_twice() -> None:
    confirmed = words("a b c")
    again = (Word("c", 1.35, 1.45, 0.9), *words("d e", 1.5))
    assert _agree(Agreed(confirmed), again) == Agreed(confirmed, words("d e", 1.5))


@pytest.mark.parametrize("policy", [local_agreement, fixed_chunks])
def test_a_peer_hears_real_speech(policy: Callable[..., Peer], tmp_path: Path) -> None:
    position = 0.0
    peer = policy(Recogniser(whisper_weights("tiny.en")), lambda: round(position, 2))
    events: list[Event] = []
    for chunk in open_stereo(demo_part(tmp_path / "part.wav", 5.0, 15.0)).chunks():
        assert isinstance(chunk, Chunk)
        position += len(chunk.rep) / SAMPLE_RATE
        peer.feed((chunk.rep, chunk.buyer))
        while (made := peer.work()) is not None:
            events += made
    finals = [event for event in events if isinstance(event, Utterance)]
    assert len(" ".join(event.text for event in finals).split()) > 10
    for utterance in finals:
        partials = [e.stable for e in events if isinstance(e, Hypothesis) and e.utterance == utterance.id]
        assert all(after.startswith(before) for before, after in pairwise([*partials, utterance.text]))
