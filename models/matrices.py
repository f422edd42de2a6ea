"""Labelled calls as arrays: what each head is fitted on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.competitors import Candidate, Competitor, Finder
from models.dataset import Dataset, LabelledUtterance, Remark
from models.encoder import DIMENSIONS, Encoder, Vectors
from models.features import turn_features
from models.labels import NONE, Labels
from models.lexicon import Lexicon
from models.mentions import MENTION_WIDTH, STANCES, Setting, mention_features, mention_words
from models.sentences import split
from models.trackers import TrackerIndex

Ints = npt.NDArray[np.int64]

BACKGROUND = 400
"""Ordinary sentences that ship with the heads."""
STRAY = 400
"""Training utterances that every tracker of the training set should leave alone."""
UNMEANT = -1
UNKNOWN = -1
"""Stands for a stage or a role that nobody labelled."""
_SILENCE = np.zeros(DIMENSIONS, np.float32)
_Row = tuple[Vectors, str, int, int, bool]
"""Features, words next to the name, call, stance, again."""


@dataclass(frozen=True)
class TurnRows:
    """One row per utterance; `stage` and `role` are UNKNOWN where nobody labelled them. `moments` bool [n, labels], and
    `told` alike: which of them somebody labelled."""

    turn: Vectors
    words: Vectors
    calls: Ints
    stage: Ints
    role: Ints
    moments: npt.NDArray[np.bool_]
    told: npt.NDArray[np.bool_]
    buyer: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MentionRows:
    """One row per candidate; `stance` is UNMEANT where the vendor was not meant.

    `again` marks a sure name's second row, in which it stands as if it were an everyday word.
    """

    mention: Vectors
    words: Vectors
    calls: Ints
    stance: Ints
    again: npt.NDArray[np.bool_]

    @property
    def told(self) -> npt.NDArray[np.bool_]:
        """bool [n]: the rows that tell a stance, each mention once."""
        told: npt.NDArray[np.bool_] = (self.stance != UNMEANT) & ~self.again
        return told


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
        stage=np.array([UNKNOWN if one.stage is None else labels.stage.index(one.stage) for one in everyone]),
        role=np.array([labels.role.index(one.role or NONE) if one.tells("role") else UNKNOWN for one in everyone]),
        moments=np.array([[label in one.moments for label in labels.moment] for one in everyone]),
        told=np.array([[one.tells(f"moment:{label}") for label in labels.moment] for one in everyone]),
        buyer=np.array([one.speaker == "buyer" for one in everyone]),
    )


def mention_rows(dataset: Dataset, encoder: Encoder, lexicon: Lexicon, labels: Labels) -> MentionRows:
    """Labelled mentions, candidates that nobody labelled, and the everyday sentences.

    A sure name comes twice, once as if it were an everyday word: the guard must judge by the surroundings.
    """
    rows: list[_Row] = []
    finder = Finder(dataset.competitors, encoder.is_word)
    for group, call in enumerate(dataset.calls):
        known: dict[str, int] = {}
        texts = ["", *(one.text for one in call)]
        for before, one in zip(texts, call, strict=False):
            candidates = [found for found in _candidates(one, finder, labels) if _told(one, found[0].name)]
            last = encoder.read(before).vector if before and candidates else _SILENCE
            for candidate, stance in candidates:
                rows += _mention(encoder, Setting(one.text, one.speaker, last), candidate, stance, known, group)
    for group, remark in enumerate(dataset.remarks, len(dataset.calls)):
        for candidate, stance in _candidates(remark, finder, labels):
            rows += _mention(encoder, Setting(remark.text, remark.speaker, _SILENCE), candidate, stance, {}, group)
    for group, everyday in enumerate(dataset.everyday, len(dataset.calls) + len(dataset.remarks)):
        for candidate in Finder([Competitor(everyday.word)], encoder.is_word).find(everyday.text):
            rows += _mention(encoder, Setting(everyday.text, "buyer", _SILENCE), candidate, UNMEANT, {}, group)
    return _stacked(rows, lexicon)


def _stacked(rows: Sequence[_Row], lexicon: Lexicon) -> MentionRows:
    # Widths are given: a company's calls may name no vendor at all.
    return MentionRows(
        mention=np.array([row[0] for row in rows], np.float32).reshape(-1, MENTION_WIDTH),
        words=np.array([lexicon.bag(row[1]) for row in rows], np.float32).reshape(-1, len(lexicon.rarity)),
        calls=np.array([row[2] for row in rows], np.int64),
        stance=np.array([row[3] for row in rows], np.int64),
        again=np.array([row[4] for row in rows], np.bool_),
    )


def _mention(
    encoder: Encoder, setting: Setting, candidate: Candidate, stance: int, known: dict[str, int], group: int
) -> Iterator[_Row]:
    """The candidate's rows; `known` is what the call's labels said of each vendor so far, and is kept up to date."""
    name = candidate.name or setting.text[candidate.start : candidate.end].lower()
    before = np.zeros(STANCES, np.float32)
    if name in known:
        before[known[name]] = 1
    words = mention_words(setting.text, candidate)
    yield mention_features(encoder, setting, candidate, before), words, group, stance, False
    if stance != UNMEANT:
        known[name] = stance
        if candidate.sure:
            plain = replace(candidate, sure=False)
            yield mention_features(encoder, setting, plain, before), words, group, stance, True


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


def _candidates(one: LabelledUtterance | Remark, finder: Finder, labels: Labels) -> Iterator[tuple[Candidate, int]]:
    stances = {mention.name: labels.stance.index(mention.stance) for mention in one.competitors if mention.name}
    unlisted = [mention for mention in one.competitors if mention.name is None]
    spans = {mention.said.lower() for mention in unlisted}
    for candidate in finder.find(one.text):
        if one.text[candidate.start : candidate.end].lower() not in spans:
            yield candidate, stances.get(candidate.name, UNMEANT)
    for mention in unlisted:
        start = one.text.index(mention.said)
        span = Candidate("", start, start + len(mention.said), 1.0, 1.0, True)
        yield span, labels.stance.index(mention.stance)


def _told(one: LabelledUtterance, vendor: str) -> bool:
    """A vendor that is not in the list is only ever a candidate because somebody labelled it."""
    return not vendor or one.tells(f"competitor:{vendor}")


def _calls(dataset: Dataset) -> Ints:
    return np.array([number for number, call in enumerate(dataset.calls) for _ in call])


def _spread(texts: Sequence[str], most: int) -> list[str]:
    step = max(1, len(texts) // most)
    return list(texts[::step])[:most]
