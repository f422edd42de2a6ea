"""Labelled calls as arrays: what each head is fitted on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.competitors import Candidate, Competitor, Finder
from models.dataset import Dataset, LabelledUtterance
from models.encoder import Encoder, Vectors
from models.features import turn_features
from models.labels import NONE, Labels
from models.lexicon import Lexicon
from models.mentions import MENTION_WIDTH, mention_features
from models.sentences import split
from models.trackers import TrackerIndex

Ints = npt.NDArray[np.int64]

BACKGROUND = 400
"""Ordinary sentences that ship with the heads."""
STRAY = 400
"""Training utterances that every tracker of the training set should leave alone."""


@dataclass(frozen=True)
class TurnRows:
    """One row per utterance; `moments` bool [n, labels]."""

    turn: Vectors
    words: Vectors
    calls: Ints
    stage: Ints
    role: Ints
    moments: npt.NDArray[np.bool_]
    buyer: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MentionRows:
    """One row per candidate; `stance` is -1 where the vendor was not meant."""

    mention: Vectors
    calls: Ints
    stance: Ints


@dataclass(frozen=True)
class TrackerRows:
    """One row per tracker and sentence; `group` is the tracker."""

    closeness: Vectors
    group: Ints
    fires: npt.NDArray[np.bool_]


def turn_rows(dataset: Dataset, encoder: Encoder, lexicon: Lexicon, labels: Labels) -> TurnRows:
    """Every utterance with the turns before it, as the reader will see it."""
    turns: list[Vectors] = []
    for call in dataset.calls:
        before: list[Vectors] = []
        for one in call:
            vector = encoder.read(one.text).vector
            turns.append(turn_features(vector, one.speaker, one.text, before))
            before.append(vector)
    everyone = dataset.utterances
    return TurnRows(
        turn=np.stack(turns),
        words=np.stack([lexicon.bag(one.text) for one in everyone]),
        calls=_calls(dataset),
        stage=np.array([labels.stage.index(one.stage) for one in everyone]),
        role=np.array([labels.role.index(one.role or NONE) for one in everyone]),
        moments=np.array([[label in one.moments for label in labels.moment] for one in everyone]),
        buyer=np.array([one.speaker == "buyer" for one in everyone]),
    )


def mention_rows(dataset: Dataset, encoder: Encoder, labels: Labels) -> MentionRows:
    """Labelled mentions, candidates that nobody labelled, and the everyday sentences.

    Each mention comes twice, once as if its name were an everyday word: the guard must judge by the surroundings.
    """
    rows: list[tuple[Vectors, int, int]] = []
    calls = _calls(dataset)
    finder = Finder(dataset.competitors, encoder.is_word)
    for call, one in zip(calls, dataset.utterances, strict=True):
        for candidate, stance in _candidates(one, finder, labels):
            rows.append((mention_features(encoder, one.text, candidate), int(call), stance))
            if stance >= 0 and candidate.sure:
                plain = replace(candidate, sure=False)
                rows.append((mention_features(encoder, one.text, plain), int(call), stance))
    for number, everyday in enumerate(dataset.everyday, int(calls.max()) + 1):
        for candidate in Finder([Competitor(everyday.word)], encoder.is_word).find(everyday.text):
            rows.append((mention_features(encoder, everyday.text, candidate), number, -1))
    if not rows:
        return MentionRows(np.zeros((0, MENTION_WIDTH), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))
    vectors, groups, stances = zip(*rows, strict=True)
    return MentionRows(np.stack(vectors), np.array(groups), np.array(stances))


def tracker_rows(dataset: Dataset, encoder: Encoder, background: Vectors) -> TrackerRows:
    """Each tracker of the folder against its own sentences, the other trackers' examples, and stray utterances."""
    index = TrackerIndex([one.tracker for one in dataset.trackers], encoder, background)
    stray = _spread([one.text for one in dataset.utterances if len(one.text.split()) > 3], STRAY)
    rows: list[tuple[Vectors, int, bool]] = []
    for group, one in enumerate(dataset.trackers):
        others = [text for other in dataset.trackers if other is not one for text in other.tracker.examples]
        for texts, fires in ((one.positives, True), (one.negatives, False), (others, False), (stray, False)):
            closeness = index.closeness(encoder.encode(texts))[group]
            rows += [(row, group, fires) for row in closeness]
    closeness, groups, flags = zip(*rows, strict=True)
    return TrackerRows(np.stack(closeness), np.array(groups), np.array(flags))


def background_vectors(dataset: Dataset, encoder: Encoder) -> Vectors:
    """Vectors [n, 384] of sentences spread evenly over the calls."""
    pieces = [one.text[start:end] for one in dataset.utterances for start, end in split(one.text)]
    return encoder.encode(_spread([piece for piece in pieces if len(piece.split()) > 4], BACKGROUND))


def _candidates(one: LabelledUtterance, finder: Finder, labels: Labels) -> Iterator[tuple[Candidate, int]]:
    known = {mention.name: labels.stance.index(mention.stance) for mention in one.competitors if mention.name}
    for candidate in finder.find(one.text):
        yield candidate, known.get(candidate.name, -1)
    for mention in one.competitors:
        if mention.name is None:
            start = one.text.index(mention.said)
            span = Candidate("", start, start + len(mention.said), 1.0, 1.0, True)
            yield span, labels.stance.index(mention.stance)


def _calls(dataset: Dataset) -> Ints:
    return np.array([number for number, call in enumerate(dataset.calls) for _ in call])


def _spread(texts: Sequence[str], most: int) -> list[str]:
    step = max(1, len(texts) // most)
    return list(texts[::step])[:most]
