"""Fits linear heads: logistic regression whose strength is chosen by cross-validation over whole calls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.encoder import Vectors
from models.graph import Linear
from models.scores import macro_f1

Rows = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRENGTHS = (0.3, 1.0, 4.0)
"""Inverse regularisation strengths to choose from."""
FOLDS = 5
AXES = 700
FLOOR = 1e-6


@dataclass(frozen=True)
class Inputs:
    """Feature blocks {input: [n, width]}, the call of each row, and a scale per block.

    A block's scale is its share in the regularisation: it multiplies the features while fitting and the weights after.
    """

    blocks: Mapping[str, Vectors]
    calls: Ints
    scales: Mapping[str, Vectors]

    def matrix(self) -> Vectors:
        """All blocks side by side, scaled, float32 [n, sum of widths]."""
        return np.concatenate([self.blocks[name] * self.scales[name] for name in self.blocks], axis=1)

    def linear(self, weights: Rows, bias: Rows) -> Linear:
        """The layer over the unscaled blocks for `weights` [outputs, sum of widths]."""
        parts, at = {}, 0
        for name, block in self.blocks.items():
            width = block.shape[1]
            parts[name] = (weights[:, at : at + width] * self.scales[name]).T.astype(np.float32)
            at += width
        return Linear(parts, bias.astype(np.float32))


def fit_choice(inputs: Inputs, labels: Ints, kinds: int) -> tuple[Linear, Rows]:
    """One label of `kinds` per row. Gives the layer, and logits [n, kinds] by layers that never saw the row's call.

    Classes weigh the same however rare they are; a temperature (Guo et al. 2017) makes the softmax honest.
    """
    matrix, axes = _main_axes(inputs.matrix())
    trials = [_unseen_choice(matrix, labels, kinds, inputs.calls, strength) for strength in STRENGTHS]
    best = max(range(len(trials)), key=lambda one: macro_f1(labels, trials[one].argmax(axis=1), range(kinds)))
    weights, bias = _solve(matrix, labels, kinds, STRENGTHS[best])
    heat = _temperature(trials[best], labels)
    return inputs.linear(weights @ axes / heat, bias / heat), trials[best] / heat


def fit_flags(inputs: Inputs, flags: npt.NDArray[np.bool_]) -> tuple[Linear, Rows]:
    """Any number of labels per row, `flags` [n, labels]; each is calibrated so that 0.5 gives its best F1 unseen."""
    matrix, axes = _main_axes(inputs.matrix())
    trials = [_unseen_flags(matrix, flags, inputs.calls, strength) for strength in STRENGTHS]
    best = max(
        range(len(trials)), key=lambda one: sum(_best_cut(z, y)[1] for z, y in zip(trials[one].T, flags.T, strict=True))
    )
    solved = [_solve(matrix, column.astype(np.int64), 2, STRENGTHS[best]) for column in flags.T]
    cuts = np.array([_best_cut(z, y)[0] for z, y in zip(trials[best].T, flags.T, strict=True)])
    slopes = np.array([_slope(z - cut, y) for z, cut, y in zip(trials[best].T, cuts, flags.T, strict=True)])
    weights = np.concatenate([one[0] for one in solved]) * slopes[:, None]
    bias = (np.concatenate([one[1] for one in solved]) - cuts) * slopes
    return inputs.linear(weights @ axes, bias), (trials[best] - cuts) * slopes


def _main_axes(matrix: Vectors) -> tuple[Vectors, Rows]:
    """`matrix` in the axes that hold its spread, [n, kept], and those axes [kept, width]: a fit is far faster.

    Ridge-like penalties do not see a rotation (Hastie and Tibshirani 2004), and what is cut off is next to nothing.
    """
    values, vectors = np.linalg.eigh((matrix @ matrix.T).astype(np.float64))
    kept = np.flatnonzero(values > values[-1] * 1e-6)[-AXES:]
    spread = np.sqrt(values[kept])
    axes = (vectors[:, kept] / spread).T @ matrix
    return (vectors[:, kept] * spread).astype(np.float32), axes


def folds(calls: Ints) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """Masks (training rows, rows left out), a fifth of the calls left out each time."""
    fold = np.unique(calls, return_inverse=True)[1] % FOLDS
    for one in range(min(FOLDS, int(fold.max()) + 1)):
        yield fold != one, fold == one


def _unseen_choice(matrix: Vectors, labels: Ints, kinds: int, calls: Ints, strength: float) -> Rows:
    logits = np.zeros((len(labels), kinds))
    for train, rest in folds(calls):
        weights, bias = _solve(matrix[train], labels[train], kinds, strength)
        logits[rest] = matrix[rest] @ weights.T + bias
    return logits


def _unseen_flags(matrix: Vectors, flags: npt.NDArray[np.bool_], calls: Ints, strength: float) -> Rows:
    columns = []
    for column in flags.T:
        both = _unseen_choice(matrix, column.astype(np.int64), 2, calls, strength)
        columns.append(both[:, 0])
    return np.stack(columns, axis=1)


def _solve(matrix: Vectors, labels: Ints, kinds: int, strength: float) -> tuple[Rows, Rows]:
    """Weights [kinds, width] and bias [kinds]; of two kinds only the second's. Absent ones stay far below."""
    from sklearn.linear_model import LogisticRegression

    seen = np.unique(labels)
    outputs = 1 if kinds == 2 else kinds
    weights, bias = np.zeros((outputs, matrix.shape[1])), np.full(outputs, -9.0)
    if len(seen) > 1:
        model: Any = LogisticRegression(C=strength, class_weight="balanced", max_iter=200, tol=1e-3)
        model.fit(matrix, labels)
        rows: Any = slice(None) if kinds == 2 else seen
        if kinds > 2 and len(seen) == 2:
            weights[seen[1]], bias[seen] = model.coef_[0], (0.0, model.intercept_[0])
        else:
            weights[rows], bias[rows] = model.coef_, model.intercept_
    elif kinds > 2:
        bias[seen] = 0.0
    return weights, bias


def _temperature(logits: Rows, labels: Ints) -> float:
    def loss(heat: float) -> float:
        shifted = logits / heat
        shifted -= shifted.max(axis=1, keepdims=True)
        chosen = shifted[np.arange(len(labels)), labels]
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))

    return float(min(np.geomspace(0.25, 4, 33), key=loss))


def _slope(margins: Rows, flags: npt.NDArray[np.bool_]) -> float:
    """Platt scaling (1999) with the crossing held at 0: how steeply the margin turns into probability."""
    signs = np.where(flags, 1.0, -1.0)
    return float(
        min(np.geomspace(0.25, 8, 41), key=lambda slope: float(np.logaddexp(0, -slope * signs * margins).mean()))
    )


def _best_cut(scores: Rows, flags: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The threshold on `scores` with the best F1, half-way to the next score, and that F1."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(flags[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + max(1, flags.sum()))
    at = int(f1.argmax())
    after = scores[order[min(at + 1, len(order) - 1)]]
    return float((scores[order[at]] + after) / 2), float(f1[at])


def lean_to_none(logits: Rows, labels: Ints, others: Sequence[int], none: int) -> float:
    """What to add to the logit of `none` so that argmax has the best macro F1 over `others`."""

    def score(lean: float) -> float:
        moved = logits.copy()
        moved[:, none] += lean
        return macro_f1(labels, moved.argmax(axis=1), others)

    return float(max(np.arange(-2, 4.01, 0.1), key=score))
