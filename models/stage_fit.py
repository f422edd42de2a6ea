"""Learns the stage filter and the stage's head together from labelled calls."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.backprop import Layers, Pass, Random, backward, begin, forward
from models.encoder import DIMENSIONS, Vectors
from models.features import CIRCUMSTANCES
from models.fit import Inputs, Ints, Rows, even_weights, folds, temperature
from models.graph import Linear
from models.matrices import TurnRows
from models.stage import SEEN, StageFilter

# Chosen on the training calls, leaving one or two authors' calls out at a time.
UNITS = 5
"""Learned from different beginnings; together they err less than any of them."""
EPOCHS = 60
BATCH = 16
"""Calls."""
RATE = 4e-3
"""The highest learning rate of one cycle (Smith 2018)."""
RISE = 0.3
"""Share of the steps on which the learning rate goes up."""
DECAY = 1e-2
SMOOTHING = 0.1
"""Share of each label's weight that goes to all stages (Szegedy et al. 2016); without it the filter is too sure."""
CROPPED = 0.4
"""Share of the calls that are learned from a random utterance on, so that a call may begin anywhere."""
ALONGSIDE = 0.5
"""Weight of the moments' log-loss: the memory holds more where it learns them too."""
LOUD = 10.0
"""Times the vectors while learning: the numbers of a unit vector are small, those of the circumstances large."""
LARGEST = 1.0
"""Norm of the gradient of a step, at most."""
SHORTEST = 8
"""Utterances that are left of a call, at least."""
BEYOND = -1
"""The stage of what comes after a call's end."""
FILTER_LAYERS = ("dense", "dense_bias", "given", "given_bias", "kept")
UNSEEN_START = 0.3
"""Added to each count of the stages that calls begin in."""


@dataclass(frozen=True)
class Calls:
    """Calls side by side, padded: `seen` [calls, longest, SEEN], `stage` [calls, longest] (BEYOND after the end)."""

    seen: Vectors
    stage: Ints
    moments: Vectors

    def only(self, kept: npt.NDArray[np.bool_]) -> "Calls":
        """Some of the calls."""
        return Calls(self.seen[kept], self.stage[kept], self.moments[kept])


def side_by_side(rows: TurnRows) -> Calls:
    """The rows as calls; `moments` [calls, longest, labels] are 0 or 1."""
    numbers, lengths = np.unique(rows.calls, return_counts=True)
    seen = np.concatenate([rows.turn[:, :DIMENSIONS], rows.turn[:, -CIRCUMSTANCES:]], axis=1)
    shape = len(numbers), int(lengths.max())
    calls = Calls(
        np.zeros((*shape, SEEN), np.float32),
        np.full(shape, BEYOND),
        np.zeros((*shape, rows.moments.shape[1]), np.float32),
    )
    for place, number in enumerate(numbers):
        own = rows.calls == number
        calls.seen[place, : lengths[place]] = seen[own]
        calls.stage[place, : lengths[place]] = rows.stage[own]
        calls.moments[place, : lengths[place]] = rows.moments[own]
    return calls


def fit_stage(rows: TurnRows, stages: int) -> tuple[Linear, StageFilter, Rows]:
    """The stage's head over what the filter gives, the filter, and logits [n, stages] that never saw the row's call.

    A temperature (Guo et al. 2017) makes the softmax honest.
    """
    calls = side_by_side(rows)
    there = calls.stage >= 0
    logits = np.zeros((*calls.stage.shape, stages))
    for train, rest in folds(np.arange(len(calls.stage))):
        layers = learn(calls.only(train), stages, seed=0)
        logits[rest] = stage_logits(layers, forward(layers, calls.seen[rest]))
    heat = temperature(logits[there], rows.stage)
    units = [learn(calls, stages, seed) for seed in range(UNITS)]
    weights = (np.concatenate([unit["stage"] for unit in units]) / (heat * UNITS)).astype(np.float32)
    bias = np.sum([unit["stage_bias"] for unit in units], axis=0) / (heat * UNITS)
    return Linear({"course": weights}, bias), _filter(units, calls, stages), logits[there] / heat


def course_inputs(rows: TurnRows, stage_filter: StageFilter) -> Inputs:
    """What the filter gives for every row, in the order of the calls."""
    course = np.zeros((len(rows.calls), stage_filter.width), np.float32)
    memory = None
    for row, turn in enumerate(rows.turn):
        first = row == 0 or rows.calls[row] != rows.calls[row - 1]
        memory, course[row] = stage_filter.step(None if first else memory, turn)
    return Inputs({"course": course}, rows.calls, {"course": np.ones(stage_filter.width, np.float32)})


def _filter(units: Sequence[Layers], calls: Calls, stages: int) -> StageFilter:
    start = np.bincount(calls.stage[:, 0], minlength=stages) + UNSEEN_START
    parts = {name: np.stack([np.atleast_2d(unit[name]) for unit in units]) for name in FILTER_LAYERS}
    return StageFilter((start / start.sum()).astype(np.float32), **parts)


def stage_logits(layers: Layers, run: Pass) -> Vectors:
    """[calls, turns, stages]"""
    logits: Vectors = run.course @ layers["stage"] + layers["stage_bias"]
    return logits


def slopes(layers: Layers, run: Pass, calls: Calls, weight: Rows) -> tuple[float, Vectors, Vectors]:
    """The loss of a pass over `calls`, and its slopes by the stages' and the moments' logits.

    `weight` [stages] makes stages count the same however rare they are.
    """
    logits = stage_logits(layers, run)
    flags = run.course @ layers["moments"] + layers["moments_bias"]
    there = calls.stage >= 0
    each = (there / there.sum())[:, :, None]
    share = each * weight[calls.stage][:, :, None]
    kinds = logits.shape[2]
    wanted = np.eye(kinds, dtype=np.float32)[calls.stage] * (1 - SMOOTHING) + SMOOTHING / kinds
    shifted = logits - logits.max(axis=2, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    loss = float((ALONGSIDE * each * (np.logaddexp(0, flags) - calls.moments * flags)).sum())
    loss -= float((share * wanted * logs).sum())
    chances = 1 / (1 + np.exp(-np.clip(flags, -30, 30)))
    # As float32: products with float64 take twice as long.
    stage, moments = share * (np.exp(logs) - wanted), ALONGSIDE * each * (chances - calls.moments)
    return loss, stage.astype(np.float32), moments.astype(np.float32)


def learn(calls: Calls, stages: int, seed: int) -> Layers:
    """Layers of one unit that learned `calls`; the same seed gives the same ones."""
    random = np.random.default_rng(seed)
    layers = begin(random, stages, calls.moments.shape[2])
    scale = np.repeat(np.array([LOUD, 1], np.float32), (DIMENSIONS, CIRCUMSTANCES))
    loud = Calls(calls.seen * scale, calls.stage, calls.moments)
    weight = even_weights(np.bincount(calls.stage[calls.stage >= 0], minlength=stages))
    batches = -(-len(calls.stage) // BATCH)
    descent = Descent(layers)
    for epoch in range(EPOCHS):
        order = random.permutation(len(calls.stage))
        for batch in range(batches):
            chosen = crop(loud, order[batch::batches], random)
            run = forward(layers, chosen.seen, random)
            _, stage, moments = slopes(layers, run, chosen, weight)
            descent.step(backward(layers, run, stage, moments), rate((epoch + batch / batches) / EPOCHS))
    return layers | {"dense": layers["dense"] * scale[:, None]}


def rate(done: float) -> float:
    """The learning rate after a share of the steps: up, then down, along cosines."""
    if done < RISE:
        return float(RATE * (1.04 - 0.96 * np.cos(np.pi * done / RISE)) / 2)
    return float(RATE * (1 + np.cos(np.pi * (done - RISE) / (1 - RISE))) / 2)


def crop(calls: Calls, chosen: Ints, random: Random) -> Calls:
    """The calls `chosen`, some from a random utterance on, cut to the longest of them."""
    cut = Calls(calls.seen[chosen], calls.stage[chosen], calls.moments[chosen])
    lengths = (cut.stage >= 0).sum(axis=1)
    for place, length in enumerate(lengths):
        if length > SHORTEST and random.random() < CROPPED:
            start = int(random.integers(length - SHORTEST))
            for part, fill in ((cut.seen, 0), (cut.stage, BEYOND), (cut.moments, 0)):
                part[place, : length - start] = part[place, start:length].copy()
                part[place, length - start :] = fill
            lengths[place] = length - start
    longest = lengths.max()
    return Calls(cut.seen[:, :longest], cut.stage[:, :longest], cut.moments[:, :longest])


class Descent:
    """AdamW (Loshchilov and Hutter 2019) on `layers`, in place; biases do not decay."""

    def __init__(self, layers: Layers) -> None:
        self._layers, self._steps = layers, 0
        self._mean = {name: np.zeros_like(layer) for name, layer in layers.items()}
        self._square = {name: np.zeros_like(layer) for name, layer in layers.items()}

    def step(self, slopes: Layers, rate: float) -> None:
        """One step down the slopes, which are shortened where they are steep."""
        self._steps += 1
        norm = np.sqrt(sum(float((slope**2).sum()) for slope in slopes.values()))
        shrink = min(1.0, LARGEST / (norm + 1e-6))
        for name, slope in slopes.items():
            mean, square, layer = self._mean[name], self._square[name], self._layers[name]
            mean += 0.1 * (slope * shrink - mean)
            square += 0.001 * ((slope * shrink) ** 2 - square)
            height = mean / (1 - 0.9**self._steps) / (np.sqrt(square / (1 - 0.999**self._steps)) + 1e-8)
            layer -= rate * (height + (0 if name.endswith("_bias") else DECAY * layer))
