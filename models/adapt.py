"""Moves a linear head towards a few new examples, and keeps it where it was on others.

The new examples pull with their labels. The kept ones have none: what counts is that the head says of them what it said
before (learning without forgetting, Li and Hoiem 2016). Half the squared change is added, as in models/fit.py, so that
nothing moves without a reason (a prior at the old weights, Chelba and Acero 2004).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from models.encoder import Vectors
from models.fit import Inputs, Rows
from models.graph import Linear

Kind = Literal["choice", "flags"]

BIAS_SHARE = 0.1
"""The bias's share in the regularisation: a company's calls may have more of a label, but few calls tell little."""


@dataclass(frozen=True)
class Pull:
    """Weight of the log-loss of one new and of one kept example, against half the squared change of the weights."""

    new: float
    kept: float


def adapt(head: Linear, kind: Kind, new: Inputs, targets: Rows, kept: Inputs, pull: Pull) -> Linear:
    """`head` after it learned `targets` [n, outputs] of the rows in `new`: 0 or 1, or NaN, which pulls nowhere.

    A `choice` head ends in a softmax, a `flags` head in sigmoids. Only features that occur in `new` can move.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    fresh, old = (np.concatenate(inputs.scaled(), axis=1) for inputs in (new, kept))
    moving = np.flatnonzero(fresh.any(axis=0))
    features = np.concatenate([fresh[:, moving], old[:, moving]])
    features = np.concatenate([features, np.full((len(features), 1), BIAS_SHARE, np.float32)], axis=1)
    said = np.concatenate([_logits(head, new), _logits(head, kept)]).astype(np.float64)
    wanted = np.concatenate([np.nan_to_num(targets), _shares(kind, said[len(fresh) :])])
    outputs = targets.shape[1]
    weight = np.concatenate([np.where(np.isnan(targets), 0, pull.new), np.full((len(old), outputs), pull.kept)])

    def cost(flat: Rows) -> tuple[float, Rows]:
        change = flat.reshape(outputs, -1)
        logits = said + features @ change.T.astype(np.float32)
        slope = weight * (_shares(kind, logits) - wanted)
        gradient = slope.T.astype(np.float32) @ features + change
        return _loss(kind, logits, wanted, weight) + 0.5 * float((change**2).sum()), gradient.ravel()

    start = np.zeros(outputs * features.shape[1])
    found: Any = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 60, "ftol": 1e-5})
    change = np.zeros((outputs, fresh.shape[1]))
    change[:, moving] = found.x.reshape(outputs, -1)[:, :-1]
    shift = new.linear(change, found.x.reshape(outputs, -1)[:, -1] * BIAS_SHARE)
    weights = {source: head.weights[source] + shift.weights[source] for source in new.blocks}
    return Linear(weights, head.bias + shift.bias)


def _logits(head: Linear, inputs: Inputs) -> Vectors:
    logits: Vectors = sum((block @ head.weights[source] for source, block in inputs.blocks.items()), head.bias)
    return logits


def _shares(kind: Kind, logits: Rows) -> Rows:
    if kind == "flags":
        shares: Rows = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
        return shares
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Rows = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _loss(kind: Kind, logits: Rows, wanted: Rows, weight: Rows) -> float:
    """Log-loss of targets that may be shares, summed by `weight` [n, outputs]."""
    if kind == "flags":
        return float((weight * (np.logaddexp(0, logits) - wanted * logits)).sum())
    total = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return float((weight * wanted * (total - logits)).sum())
