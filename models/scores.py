"""Scores of classifiers; shares from 0 to 1."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt


def macro_f1(truth: npt.ArrayLike, guess: npt.ArrayLike, labels: Iterable[Any]) -> float:
    """Mean F1 over those of `labels` that occur in `truth`; 0 if none does."""
    right, said = np.asarray(truth), np.asarray(guess)
    scores = [
        f1(int(((right == label) & (said == label)).sum()), int((said == label).sum()), int((right == label).sum()))
        for label in labels
        if (right == label).any()
    ]
    return float(np.mean(scores)) if scores else 0.0


def f1(hits: int, said: int, true: int) -> float:
    """2 * hits / (said + true): the harmonic mean of precision and recall; 0 where both are empty."""
    return 2 * hits / (said + true) if said + true else 0.0


def share(part: int, whole: int) -> float:
    """part / whole, 0 of nothing."""
    return part / whole if whole else 0.0


def precision_at_recall(scores: npt.ArrayLike, truth: npt.ArrayLike, recall: float) -> float:
    """Precision at the highest threshold on `scores` that still finds a share `recall` of the true ones."""
    values, flags = np.asarray(scores, np.float64), np.asarray(truth, bool)
    wanted = int(np.ceil(recall * flags.sum() - 1e-9))
    if not wanted:
        return 0.0
    cut = np.sort(values[flags])[::-1][wanted - 1]
    return share(int((flags & (values >= cut)).sum()), int((values >= cut).sum()))
