"""The stage filter's way forward and back through whole calls (Werbos 1990), in numpy: nothing else to install."""

from dataclasses import dataclass

import numpy as np

from models.encoder import Vectors
from models.stage import SEEN, gates, remember

Layers = dict[str, Vectors]
Random = np.random.Generator

DENSE = 96
MEMORY = 128
DROPPED = 0.4
"""Share of the inputs and of what the heads see that is left out in learning (Srivastava et al. 2014)."""


def begin(random: Random, stages: int, moments: int) -> Layers:
    """Layers at random (Glorot and Bengio 2010), the memory's orthogonal (Saxe et al. 2014)."""

    def spread(rows: int, columns: int) -> Vectors:
        edge = np.sqrt(6 / (rows + columns))
        return random.uniform(-edge, edge, (rows, columns)).astype(np.float32)

    turns = [np.linalg.qr(random.standard_normal((MEMORY, MEMORY)))[0] for _ in range(3)]
    return {
        "dense": spread(SEEN, DENSE),
        "dense_bias": np.zeros(DENSE, np.float32),
        "given": np.concatenate([spread(DENSE, MEMORY) for _ in range(3)], axis=1),
        "given_bias": np.zeros(3 * MEMORY, np.float32),
        "kept": np.concatenate(turns, axis=1).astype(np.float32),
        "stage": spread(MEMORY + DENSE, stages),
        "stage_bias": np.zeros(stages, np.float32),
        "moments": spread(MEMORY + DENSE, moments),
        "moments_bias": np.zeros(moments, np.float32),
    }


@dataclass(frozen=True)
class Pass:
    """What a forward pass over calls [b] and turns [t] leaves for the way back; `seen` and `dense` with their gaps."""

    seen: Vectors
    dense: Vectors
    bent: Vectors
    dense_held: Vectors
    memories: Vectors
    gates: tuple[Vectors, Vectors, Vectors]
    kept: Vectors
    memory_held: Vectors
    course: Vectors


def forward(layers: Layers, seen: Vectors, random: Random | None = None) -> Pass:
    """Runs calls `seen` [b, t, SEEN]; with `random` a share of every layer is left out, as in learning."""
    calls, turns, _ = seen.shape
    seen = seen * _held(random, seen.shape)
    bent = np.tanh(seen @ layers["dense"] + layers["dense_bias"])
    dense_held = _held(random, bent.shape)
    dense = bent * dense_held
    given = dense @ layers["given"] + layers["given_bias"]
    memories = np.zeros((calls, turns + 1, MEMORY), np.float32)
    kept = np.zeros((calls, turns, 3 * MEMORY), np.float32)
    update, reset, candidate = (np.zeros((calls, turns, MEMORY), np.float32) for _ in range(3))
    for turn in range(turns):
        kept[:, turn] = memories[:, turn] @ layers["kept"]
        update[:, turn], reset[:, turn], candidate[:, turn] = gates(given[:, turn], kept[:, turn])
        memories[:, turn + 1] = remember(memories[:, turn], update[:, turn], candidate[:, turn])
    memory_held = _held(random, update.shape)
    course = np.concatenate([memories[:, 1:] * memory_held, dense], axis=2)
    return Pass(seen, dense, bent, dense_held, memories, (update, reset, candidate), kept, memory_held, course)


def backward(layers: Layers, run: Pass, stage: Vectors, moments: Vectors) -> Layers:
    """The slope of a loss by every layer, given its slopes by the logits `stage` and `moments` [b, t, labels]."""
    heads = stage @ layers["stage"].T + moments @ layers["moments"].T
    given, kept = _through_time(layers["kept"], run, heads[:, :, :MEMORY] * run.memory_held)
    dense = (heads[:, :, MEMORY:] + given @ layers["given"].T) * run.dense_held * (1 - run.bent**2)
    by_name = {
        "dense": (run.seen, dense),
        "given": (run.dense, given),
        "kept": (run.memories[:, :-1], kept),
        "stage": (run.course, stage),
        "moments": (run.course, moments),
    }
    weights = {name: np.tensordot(below, slope, ((0, 1), (0, 1))) for name, (below, slope) in by_name.items()}
    biases = {f"{name}_bias": slope.sum(axis=(0, 1)) for name, (_, slope) in by_name.items() if name != "kept"}
    return weights | biases


def _through_time(weights: Vectors, run: Pass, memories: Vectors) -> tuple[Vectors, Vectors]:
    """Slopes by what the gates were given and by what they kept, [b, t, 3 MEMORY], of those by the memories."""
    update, reset, candidate = run.gates
    given, kept = np.zeros_like(run.kept), np.zeros_like(run.kept)
    later = np.zeros_like(memories[:, 0])
    for turn in range(memories.shape[1] - 1, -1, -1):
        slope = memories[:, turn] + later
        z, r, n = update[:, turn], reset[:, turn], candidate[:, turn]
        to_candidate = slope * (1 - z) * (1 - n**2)
        to_update = slope * (run.memories[:, turn] - n) * z * (1 - z)
        to_reset = to_candidate * run.kept[:, turn, 2 * MEMORY :] * r * (1 - r)
        given[:, turn] = np.concatenate([to_update, to_reset, to_candidate], axis=1)
        kept[:, turn] = np.concatenate([to_update, to_reset, to_candidate * r], axis=1)
        later = slope * z + kept[:, turn] @ weights.T
    return given, kept


def _held(random: Random | None, shape: tuple[int, ...]) -> Vectors:
    """What to multiply with, so that a share of the numbers is left out and their sum stays."""
    if random is None:
        return np.ones(shape, np.float32)
    return (random.random(shape, np.float32) >= DROPPED).astype(np.float32) / np.float32(1 - DROPPED)
