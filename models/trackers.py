"""Trackers: concepts that enablement gives by a few example sentences, without any training of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.encoder import DIMENSIONS, Encoder, Vectors

FIRES = 0.5
"""Score from which a tracker counts as heard."""
CLOSENESS_WIDTH = 6
SHRINK = 0.6
"""Share of the identity in the background's covariance (Ledoit and Wolf 2004): a few hundred sentences, 384 axes."""


@dataclass(frozen=True)
class Tracker:
    """A concept by sentences that mean it, and by some that sound like it and do not."""

    id: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Known:
    examples: Vectors
    counterexamples: Vectors
    direction: Vectors
    usual: float
    spread: float


class TrackerIndex:
    """Vectors of some trackers' sentences, ready to hold an utterance against."""

    def __init__(self, trackers: Sequence[Tracker], encoder: Encoder, background: Vectors) -> None:
        """`background`: unit vectors [n, 384] of ordinary sentences."""
        self.ids = tuple(tracker.id for tracker in trackers)
        self._background = background
        self._center = background.mean(axis=0)
        self._whiten = _whitening(background - self._center)
        self._known = [self._know(tracker, encoder) for tracker in trackers]

    def closeness(self, pieces: Vectors) -> Vectors:
        """float32 [trackers, pieces, CLOSENESS_WIDTH]: how near each piece [pieces, 384] comes to each tracker."""
        ordinary = np.sort(pieces @ self._background.T, axis=1)[:, -5:].mean(axis=1)
        white = _unit((pieces - self._center) @ self._whiten)
        rows = [self._row(known, pieces, white, ordinary) for known in self._known]
        return np.stack(rows) if rows else np.zeros((0, len(pieces), CLOSENESS_WIDTH), np.float32)

    def excluded(self, pieces: Vectors) -> npt.NDArray[np.bool_]:
        """bool [trackers, pieces]: true where a piece is nearer to a counterexample than to any example."""
        rows = [
            (pieces @ known.counterexamples.T).max(axis=1, initial=0) >= (pieces @ known.examples.T).max(axis=1)
            for known in self._known
        ]
        return np.stack(rows) if rows else np.zeros((0, len(pieces)), bool)

    def _row(self, known: _Known, pieces: Vectors, white: Vectors, ordinary: npt.NDArray[np.float32]) -> Vectors:
        like = np.sort(pieces @ known.examples.T, axis=1)[:, ::-1]
        features = [
            like[:, 0],
            like[:, :3].mean(axis=1),
            like.mean(axis=1),
            white @ known.direction,
            ordinary,
            (like.mean(axis=1) - known.usual) / known.spread / 10,
        ]
        return np.stack(features, axis=1).astype(np.float32)

    def _know(self, tracker: Tracker, encoder: Encoder) -> _Known:
        examples = encoder.encode(tracker.examples)
        counterexamples = encoder.encode(tracker.counterexamples).reshape(-1, DIMENSIONS)
        direction = _unit(_unit((examples - self._center) @ self._whiten).mean(axis=0)[None])[0]
        # Some concepts lie nearer to all talk than others; what counts is how far a sentence stands out from that.
        likeness = (self._background @ examples.T).mean(axis=1)
        return _Known(examples, counterexamples, direction, float(likeness.mean()), float(likeness.std()) + 0.01)


def _whitening(centred: Vectors) -> Vectors:
    """[384, 384] that takes out what ordinary sentences share, so that what is left is the concept."""
    covariance = centred.T @ centred / len(centred)
    mixed = (1 - SHRINK) * covariance + SHRINK * np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    values, axes = np.linalg.eigh(mixed)
    whiten: Vectors = ((axes / np.sqrt(values)) @ axes.T).astype(np.float32)
    return whiten


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit
