"""Fits linear heads: logistic regression whose strength is chosen by cross-validation over whole calls."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.encoder import Vectors
from models.graph import Linear
from models.scores import macro_f1

Rows = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Loss = Callable[[Rows, Rows], tuple[float, Rows]]

STRENGTHS = (0.1, 0.4, 1.5, 6.0)
"""Inverse regularisation strengths to choose from."""
FOLDS = 5
AXES = 700
SPARE = 100
"""Axes that are followed beside those kept, so that these are found well."""
ROUNDS = 24
SPARSE = 0.05
"""A block with a smaller share of numbers that are not 0 is kept without its zeros."""


@dataclass(frozen=True)
class Inputs:
    """Feature blocks {input: [n, width]}, the call of each row, and a scale per block.

    A block's scale is its share in the regularisation: it multiplies the features while fitting and the weights after.
    """

    blocks: Mapping[str, Vectors]
    calls: Ints
    scales: Mapping[str, Vectors]

    def scaled(self) -> list[Vectors]:
        """Each block times its scale."""
        return [block * self.scales[name] for name, block in self.blocks.items()]

    def rows(self, keep: Ints) -> "Inputs":
        """The rows `keep`."""
        blocks = {name: block[keep] for name, block in self.blocks.items()}
        return Inputs(blocks, self.calls[keep], self.scales)

    def linear(self, weights: Rows, bias: Rows) -> Linear:
        """The layer over the unscaled blocks for `weights` [outputs, sum of widths]."""
        parts, at = {}, 0
        for name, block in self.blocks.items():
            width = block.shape[1]
            parts[name] = (weights[:, at : at + width] * self.scales[name]).T.astype(np.float32)
            at += width
        return Linear(parts, bias.astype(np.float32))


def fit_choice(inputs: Inputs, labels: Ints, kinds: int, *, even: bool = True) -> tuple[Linear, Rows]:
    """One label of `kinds` per row. Gives the layer, and logits [n, kinds] by layers that never saw the row's call.

    If `even`, classes weigh the same however rare they are; otherwise each row does. A temperature (Guo et al. 2017)
    makes the softmax honest.
    """
    loss = _even_softmax_loss if even else _softmax_loss
    matrix, axes = _main_axes(inputs)
    targets = np.eye(kinds)[labels]
    trials = [_unseen(matrix, targets, inputs.calls, strength, loss) for strength in STRENGTHS]
    best = max(range(len(trials)), key=lambda one: macro_f1(labels, trials[one].argmax(axis=1), range(kinds)))
    weights, bias = _solve(matrix, targets, STRENGTHS[best], loss)
    heat = temperature(trials[best], labels)
    return inputs.linear(weights @ axes / heat, bias / heat), trials[best] / heat


def fit_flags(
    inputs: Inputs, flags: npt.NDArray[np.bool_], beta: float = 1.0, judged: npt.NDArray[np.bool_] | None = None
) -> tuple[Linear, Rows]:
    """Any number of labels per row, `flags` [n, labels]; each is calibrated so that 0.5 gives its best F-beta unseen.

    Below 1, `beta` prefers precision to recall. `judged` [n] are the rows that calibration looks at, all if left out.
    """
    judged = np.ones(len(flags), bool) if judged is None else judged
    matrix, axes = _main_axes(inputs)
    targets = flags.astype(np.float64)
    trials = [_unseen(matrix, targets, inputs.calls, strength, _sigmoid_loss) for strength in STRENGTHS]
    found = [[_best_cut(z, y, beta) for z, y in zip(one[judged].T, flags[judged].T, strict=True)] for one in trials]
    best = max(range(len(trials)), key=lambda one: sum(score for _, score in found[one]))
    weights, bias = _solve(matrix, targets, STRENGTHS[best], _sigmoid_loss)
    cuts = np.array([cut for cut, _ in found[best]])
    margins = (trials[best] - cuts)[judged]
    slopes = np.array([_slope(z, y) for z, y in zip(margins.T, flags[judged].T, strict=True)])
    weights, bias = weights * slopes[:, None], (bias - cuts) * slopes
    return inputs.linear(weights @ axes, bias), (trials[best] - cuts) * slopes


def _main_axes(inputs: Inputs) -> tuple[Vectors, Vectors]:
    """The inputs in the axes that hold their spread, [n, kept], and those axes [kept, width]: a fit is far faster.

    Ridge-like penalties do not see a rotation (Hastie and Tibshirani 2004); what is cut off is next to nothing.
    Randomised subspace iteration finds the axes (Halko, Martinsson and Tropp 2011): exact ones take minutes.
    """
    from scipy.linalg import eigh, qr  # type: ignore[import-untyped]
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    blocks = inputs.scaled()
    width = sum(block.shape[1] for block in blocks)
    if width <= AXES:
        return np.concatenate(blocks, axis=1), np.eye(width, dtype=np.float32)
    # A bag of words is nearly all zeros, and so ten times faster without them.
    factors = [csr_array(block) if np.count_nonzero(block) < block.size * SPARSE else block for block in blocks]
    ends = np.cumsum([block.shape[1] for block in blocks])[:-1]

    def spread(axes: Vectors) -> Vectors:
        parts = zip(factors, np.split(axes, ends), strict=True)
        rows: Vectors = np.sum([factor @ part for factor, part in parts], axis=0, dtype=np.float32)
        return rows

    def gather(basis: Vectors) -> Vectors:
        return np.concatenate([factor.T @ basis for factor in factors])

    basis = spread(np.random.default_rng(0).standard_normal((width, min(len(inputs.calls), AXES + SPARE)), np.float32))
    for _ in range(ROUNDS):
        basis = spread(gather(qr(basis, mode="economic")[0]))
    spanned = gather(qr(basis, mode="economic")[0])
    values, vectors = eigh((spanned.T @ spanned).astype(np.float64))
    kept = np.flatnonzero(values > values[-1] * 1e-6)[-AXES:]
    axes = spanned @ (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
    return spread(axes), axes.T


def folds(calls: Ints) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """Masks (training rows, rows left out), a fifth of the calls left out each time."""
    fold = np.unique(calls, return_inverse=True)[1] % FOLDS
    for one in range(min(FOLDS, int(fold.max()) + 1)):
        yield fold != one, fold == one


def _unseen(matrix: Vectors, targets: Rows, calls: Ints, strength: float, loss: Loss) -> Rows:
    """Logits [n, outputs] of every row by a layer fitted without its call."""
    logits = np.zeros(targets.shape)
    for train, rest in folds(calls):
        weights, bias = _solve(matrix[train], targets[train], strength, loss)
        logits[rest] = matrix[rest] @ weights.T + bias
    return logits


def _solve(matrix: Vectors, targets: Rows, strength: float, loss: Loss) -> tuple[Rows, Rows]:
    """Weights [outputs, width] and bias [outputs] of a logistic regression on 0/1 `targets` [n, outputs].

    Minimises strength * weighted log-loss + half the squared weights, by L-BFGS on all outputs at once.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    outputs, width = targets.shape[1], matrix.shape[1]

    def cost(flat: Rows) -> tuple[float, Rows]:
        weights = flat.reshape(outputs, width + 1)
        value, slope = loss(matrix @ weights[:, :-1].T.astype(np.float32) + weights[:, -1], targets)
        gradient = (
            np.concatenate([(slope.T.astype(np.float32) @ matrix), slope.sum(axis=0)[:, None]], axis=1) * strength
        )
        gradient[:, :-1] += weights[:, :-1]
        return strength * value + 0.5 * float((weights[:, :-1] ** 2).sum()), gradient.ravel()

    start = np.zeros(outputs * (width + 1))
    found: Any = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-6})
    solved: Rows = found.x.reshape(outputs, width + 1)
    return solved[:, :-1], solved[:, -1]


def _even_softmax_loss(logits: Rows, targets: Rows) -> tuple[float, Rows]:
    """Log-loss of one label per row, every label weighing the same in sum, and its slope by the logits."""
    return _softmax_loss(logits, targets, even_weights(targets.sum(axis=0)))


def even_weights(counts: npt.NDArray[Any]) -> Rows:
    """What a row of each label weighs, so that all labels that occur weigh the same in sum; `counts` [kinds]."""
    weights: Rows = counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return weights


def _softmax_loss(logits: Rows, targets: Rows, weights: Rows | None = None) -> tuple[float, Rows]:
    """Log-loss of one label per row, and its slope by the logits; `weights` [kinds] by label, all 1 if left out."""
    weight = (targets @ (np.ones(targets.shape[1]) if weights is None else weights))[:, None]
    shifted = logits - logits.max(axis=1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float((weight * targets * (total - shifted)).sum()), weight * (np.exp(shifted - total) - targets)


def _sigmoid_loss(logits: Rows, targets: Rows) -> tuple[float, Rows]:
    """Log-loss of independent flags, either side of each weighing the same in sum, and its slope by the logits."""
    share = np.clip(targets.mean(axis=0), 1 / len(targets), 1 - 1 / len(targets))
    weight = np.where(targets > 0, 0.5 / share, 0.5 / (1 - share))
    loss = np.logaddexp(0, np.where(targets > 0, -logits, logits))
    return float((weight * loss).sum()), weight * (1 / (1 + np.exp(-np.clip(logits, -60, 60))) - targets)


def temperature(logits: Rows, labels: Ints) -> float:
    """What to divide the logits [n, kinds] by, so that a softmax says how often it is right."""

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


def _best_cut(scores: Rows, flags: npt.NDArray[np.bool_], beta: float) -> tuple[float, float]:
    """The threshold on `scores` with the best F-beta (van Rijsbergen 1979), half-way to the next score, and that F."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(flags[order])
    said, true = np.arange(1, len(hits) + 1), max(1, int(flags.sum()))
    f_beta = (1 + beta**2) * hits / (said + beta**2 * true)
    at = int(f_beta.argmax())
    after = scores[order[min(at + 1, len(order) - 1)]]
    return float((scores[order[at]] + after) / 2), float(f_beta[at])


def lean_to_none(logits: Rows, labels: Ints, others: Sequence[int], none: int) -> float:
    """What to add to the logit of `none` so that argmax has the best macro F1 over `others`."""

    def score(lean: float) -> float:
        moved = logits.copy()
        moved[:, none] += lean
        return macro_f1(labels, moved.argmax(axis=1), others)

    return float(max(np.arange(-2, 4.01, 0.1), key=score))
