"""The filter's way back is the slope of its way forward, and it learns what only a memory can tell."""

import numpy as np
import pytest

from models.backprop import Layers, backward, begin, forward
from models.encoder import DIMENSIONS
from models.features import CIRCUMSTANCES, TURN_WIDTH
from models.matrices import TurnRows
from models.stage import SEEN
from models.stage_fit import BEYOND, SHORTEST, Calls, crop, fit_stage, learn, rate, side_by_side, slopes, stage_logits

STAGES, MOMENTS = 3, 2


def some_calls(random: np.random.Generator) -> Calls:
    lengths = np.array([[7], [5], [3]])
    stage = np.where(np.arange(7) < lengths, random.integers(0, STAGES, (3, 7)), BEYOND)
    seen = random.standard_normal((3, 7, SEEN)).astype(np.float32)
    return Calls(seen, stage, random.integers(0, 2, (3, 7, MOMENTS)).astype(np.float32))


@pytest.mark.parametrize("layer", ["dense", "dense_bias", "given", "given_bias", "kept", "stage", "moments"])
def test_the_way_back_is_the_slope(layer: str) -> None:
    random = np.random.default_rng(0)
    calls, weight = some_calls(random), random.random(STAGES)
    layers = {name: array.astype(np.float64) for name, array in begin(random, STAGES, MOMENTS).items()}

    def loss(moved: Layers) -> float:
        return slopes(moved, forward(moved, calls.seen, np.random.default_rng(5)), calls, weight)[0]

    run = forward(layers, calls.seen, np.random.default_rng(5))
    _, stage, moments = slopes(layers, run, calls, weight)
    way = random.standard_normal(layers[layer].shape)
    step = 1e-4
    rise = loss({**layers, layer: layers[layer] + step * way}) - loss({**layers, layer: layers[layer] - step * way})
    slope = float((backward(layers, run, stage, moments)[layer] * way).sum())
    assert rise / (2 * step) == pytest.approx(slope, rel=0.02, abs=1e-4)


def rows_of(lengths: list[int], random: np.random.Generator) -> TurnRows:
    """Calls whose first utterance alone tells their stage."""
    calls = np.repeat(np.arange(len(lengths)), lengths)
    stage = calls % 2
    turn = random.standard_normal((len(calls), TURN_WIDTH)).astype(np.float32) / 20
    first = np.concatenate([[True], calls[1:] != calls[:-1]])
    turn[first, 0] += np.where(stage[first], 1.0, -1.0)
    nothing = np.zeros(len(calls), np.int64)
    return TurnRows(
        turn, turn[:, :1], calls, stage, nothing, np.zeros((len(calls), 1), bool), turn[:, :1] > 0, nothing > 0
    )


def test_calls_lie_side_by_side() -> None:
    rows = rows_of([3, 5], np.random.default_rng(0))
    calls = side_by_side(rows)
    assert calls.seen.shape == (2, 5, SEEN)
    assert (calls.stage == [[0, 0, 0, BEYOND, BEYOND], [1, 1, 1, 1, 1]]).all()
    assert np.array_equal(calls.seen[1, :, :DIMENSIONS], rows.turn[3:, :DIMENSIONS])
    assert np.array_equal(calls.seen[1, :, DIMENSIONS:], rows.turn[3:, -CIRCUMSTANCES:])


def test_a_memory_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.stage_fit.CROPPED", 0.0)
    rows = rows_of([6] * 40, np.random.default_rng(1))
    calls = side_by_side(rows)
    layers = learn(calls.only(np.arange(40) < 30), 2, seed=0)
    unseen = stage_logits(layers, forward(layers, calls.seen[30:]))[:, -1].argmax(axis=1)
    assert (unseen == calls.stage[30:, -1]).mean() >= 0.9


def test_a_crop_is_the_end_of_a_call() -> None:
    calls = side_by_side(rows_of([30, 12], np.random.default_rng(0)))
    random = np.random.default_rng(0)
    lengths = set()
    for _ in range(20):
        cut = crop(calls, np.array([1, 0]), random)
        for place, call in enumerate((1, 0)):
            length = int((cut.stage[place] != BEYOND).sum())
            whole = int((calls.stage[call] != BEYOND).sum())
            assert np.array_equal(cut.seen[place, :length], calls.seen[call, whole - length : whole])
            assert not cut.seen[place, length:].any()
            assert length > SHORTEST
            lengths.add(length)
    assert len(lengths) > 5
    assert (calls.stage[0] != BEYOND).all(), "the calls themselves stay whole"


def test_the_rate_rises_and_falls() -> None:
    rates = [rate(done) for done in np.linspace(0, 1, 21)]
    top = int(np.argmax(rates))
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_the_head_is_the_mean_of_the_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.stage_fit.EPOCHS", 2)
    monkeypatch.setattr("models.stage_fit.UNITS", 2)
    rows = rows_of([4, 3, 5], np.random.default_rng(2))
    linear, stage_filter, logits = fit_stage(rows, 2)
    assert logits.shape == (12, 2)
    memory, course = stage_filter.step(None, rows.turn[0])
    assert course.shape == (stage_filter.width,) == (len(linear.weights["course"]),)
    calls = side_by_side(rows)
    units = [learn(calls, 2, seed) for seed in range(2)]
    mean = np.mean([stage_logits(unit, forward(unit, calls.seen[:1]))[0, 0] for unit in units], axis=0)
    said = course @ linear.weights["course"] + linear.bias
    assert said / mean == pytest.approx(np.full(2, (said / mean)[0]), rel=1e-3), "but for the temperature"
    assert memory.shape == (2, 1, stage_filter.kept.shape[1])
