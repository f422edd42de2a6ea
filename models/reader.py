"""Reads an utterance: what it says about the stage, the people, the competitors, and the playbook's concepts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from asr.events import Speaker
from models.competitors import Competitor, Finder
from models.correction import Correction, corrected, correction_of
from models.encoder import DIMENSIONS, Encoded, Encoder, Vectors
from models.events import Mention, Reading, Stance
from models.features import turn_features
from models.heads import Heads, Probabilities
from models.mentions import STANCES, Setting, mention_features, mention_words
from models.own_heads import heads_in_force
from models.rests_on import Span, strongest_words
from models.role import Evidence, believe, gather, of_person
from models.sentences import split
from models.stage import Belief
from models.trackers import Tracker, TrackerIndex

MEANT = 0.5
"""A candidate that is less likely to be the vendor is no mention."""
LOUD = 0.5
"""Moments from this probability on get a span."""
MAX_CHARACTERS = 4_000
"""A longer text is read from its end, as the encoder does."""


@dataclass(frozen=True)
class _Heard:
    """One text with what every part of the reader needs of it."""

    text: str
    encoded: Encoded
    pieces: list[Span]
    vectors: Vectors
    before: int


@dataclass(frozen=True)
class Concepts:
    """What a playbook lets a reader listen for, ready to hold an utterance against."""

    finder: Finder
    trackers: TrackerIndex
    behaviours: TrackerIndex
    """Those that listen to the rep alone."""


class Reader:
    """Reads one call, utterance by utterance; make a new one, or `reset`, for the next call.

    Only a final reading changes what it knows: the turns so far, the stage, each person's role, each vendor's stance;
    and the rep may correct the stage.
    """

    def __init__(
        self,
        encoder: Encoder,
        heads: Heads,
        competitors: Sequence[Competitor],
        trackers: Sequence[Tracker],
        behaviours: Sequence[Tracker],
    ) -> None:
        """`behaviours` are trackers that listen to the rep alone."""
        self._encoder, self._heads = encoder, heads
        self._concepts = self.prepare(competitors, trackers, behaviours)
        self.reset()

    def prepare(
        self, competitors: Sequence[Competitor], trackers: Sequence[Tracker], behaviours: Sequence[Tracker]
    ) -> Concepts:
        """Computes another playbook's concepts, for `listen_for`; from any thread, while this one reads."""
        encoder, background = self._encoder.beside(), self._heads.background
        return Concepts(
            Finder(competitors, self._encoder.is_word),
            TrackerIndex(trackers, encoder, background),
            TrackerIndex(behaviours, encoder, background),
        )

    def listen_for(self, concepts: Concepts) -> None:
        """From now on; what it knows of the call stays."""
        self._concepts = concepts

    def reset(self) -> None:
        """Forgets the call."""
        self._before: list[Vectors] = []
        self._memory: Vectors | None = None
        self._stage = self._heads.stage_filter.start
        self._correction: Correction | None = None
        self._roles: dict[str | None, Evidence] = {}
        self._stances: dict[str, Probabilities] = {}

    def correct(self, stage: str) -> None:
        """The rep says that the call is in `stage` now. Raises ValueError where that is none of the labels."""
        self._correction = correction_of(self._heads.labels.stage.index(stage), self._stage)

    def read(self, utterance: str, speaker: Speaker, text: str, *, partial: bool, person: str | None = None) -> Reading:
        """The reading of `text`, said by `speaker`; `t`, `call` and `seq` are the engine's to stamp. Never raises."""
        heard = self._hear(text)
        if heard is None:
            return self._nothing(utterance, partial, person)
        features = turn_features(heard.encoded.vector, speaker, text, self._before)
        turn = self._heads.turn(features, heard.text)
        memory, stage = self._heads.stage(self._memory, features)
        shown = turn.role if speaker == "buyer" else None
        roles = self._roles if shown is None else self._roles | {person: gather(self._roles.get(person), shown)}
        shown_stage = self._shown_stage(stage)
        spans: dict[str, Span] = {}
        competitors, stances = self._mentions(heard, speaker, spans)
        if not partial:
            self._before.append(heard.encoded.vector)
            self._memory, self._stage, self._roles = memory, stage, roles
            self._stances |= stances
            self._correction = self._correction.later() if self._correction else None
        return Reading(
            utterance=utterance,
            partial=partial,
            person=person,
            stage=shown_stage,
            role=self._role(roles, person),
            role_evidence={} if shown is None else _named(self._heads.labels.role, shown),
            competitors=competitors,
            moments=self._moments(heard, features, turn.moments, spans),
            trackers=self._track("tracker", self._concepts.trackers, heard, spans),
            behaviours=self._track("behaviour", self._concepts.behaviours, heard, spans) if speaker == "rep" else {},
            spans=spans,
        )

    def _hear(self, text: str) -> _Heard | None:
        before = max(0, len(text) - MAX_CHARACTERS)
        kept = text[before:]
        if not any(letter.isalnum() for letter in kept):
            return None
        encoded = self._encoder.read(kept)
        pieces = split(kept)
        vectors = np.stack([encoded.pool(*piece) for piece in pieces])
        return _Heard(kept, encoded, pieces, vectors, before)

    def _nothing(self, utterance: str, partial: bool, person: str | None) -> Reading:
        return Reading(
            utterance=utterance,
            partial=partial,
            person=person,
            stage=self._shown_stage(self._stage),
            role=self._role(self._roles, person),
        )

    def _role(self, roles: Mapping[str | None, Evidence], person: str | None) -> dict[str, float]:
        labels = self._heads.labels.role
        return _named(labels, believe(of_person(roles, person), len(labels) - 1))

    def _shown_stage(self, belief: Belief) -> dict[str, float]:
        return _named(self._heads.labels.stage, corrected(belief, self._correction))

    def _mentions(
        self, heard: _Heard, speaker: Speaker, spans: dict[str, Span]
    ) -> tuple[tuple[Mention, ...], dict[str, Probabilities]]:
        """The vendors that are meant, and each one's stances."""
        mentions, stances = [], {}
        last = self._before[-1] if self._before else np.zeros(DIMENSIONS, np.float32)
        setting = Setting(heard.text, speaker, last)
        for candidate in self._concepts.finder.find(heard.text):
            known = self._stances.get(candidate.name, np.zeros(STANCES, np.float32))
            features = mention_features(self._encoder, setting, candidate, known)
            found = self._heads.mention(features, mention_words(heard.text, candidate))
            if found.named < MEANT and not candidate.domain:
                continue
            best = int(found.stance.argmax())
            said = heard.text[candidate.start : candidate.end]
            stance = cast(Stance, self._heads.labels.stance[best])
            mentions.append(Mention(candidate.name, said, stance, float(found.stance[best])))
            stances[candidate.name] = found.stance
            spans[f"competitor:{candidate.name}"] = _shift((candidate.start, candidate.end), heard.before)
        return tuple(mentions), stances

    def _moments(
        self, heard: _Heard, features: Vectors, moments: Probabilities, spans: dict[str, Span]
    ) -> dict[str, float]:
        named = _named(self._heads.labels.moment, moments)
        loud = [label for label, p in named.items() if p >= LOUD]
        if loud:
            speaks = self._heads.moments_by_token(features, heard.encoded.tokens)
            for label in loud:
                at = self._heads.labels.moment.index(label)
                words = strongest_words(heard.text, heard.encoded.offsets, speaks[:, at], heard.pieces)
                spans[f"moment:{label}"] = _shift(words, heard.before)
        return named

    def _track(self, kind: str, index: TrackerIndex, heard: _Heard, spans: dict[str, Span]) -> dict[str, float]:
        if not index.ids:
            return {}
        pieces, vectors = heard.pieces, heard.vectors
        if len(pieces) > 1:
            pieces = [*pieces, (0, len(heard.text))]
            vectors = np.concatenate([vectors, heard.encoded.vector[None]])
        closeness = index.closeness(vectors)
        scores = self._heads.tracker(closeness.reshape(-1, closeness.shape[2])).reshape(closeness.shape[:2])
        scores = np.where(index.excluded(vectors), 0, scores)
        for place, row in enumerate(scores):
            spans[f"{kind}:{index.ids[place]}"] = _shift(pieces[int(row.argmax())], heard.before)
        return _named(index.ids, scores.max(axis=1))


def load_reader(
    competitors: Sequence[Competitor],
    trackers: Sequence[Tracker],
    behaviours: Sequence[Tracker],
    heads: Heads | None = None,
    encoder: Encoder | None = None,
) -> Reader:
    """With the encoder that is installed, or `encoder`, and `heads`, or those in force. Raises BadInputError."""
    return Reader(encoder or Encoder(), heads or heads_in_force().heads, competitors, trackers, behaviours)


def _named(names: Sequence[str], values: Sequence[float] | Probabilities) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def _shift(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
