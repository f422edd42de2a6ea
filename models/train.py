"""Trains the heads on labelled calls and writes heads.onnx: same calls in, same bytes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from asr.errors import BadInputError
from models.dataset import Dataset, load_dataset
from models.encoder import DIMENSIONS, Encoder, Vectors
from models.features import CIRCUMSTANCES
from models.fit import Inputs, Ints, fit_choice, fit_flags, lean_to_none
from models.graph import Linear, TrainedHeads, write_heads
from models.labels import NONE, Labels, load_labels
from models.lexicon import learn_lexicon
from models.matrices import (
    UNMEANT,
    MentionRows,
    TrackerRows,
    TurnRows,
    background_vectors,
    mention_rows,
    tracker_rows,
    turn_rows,
)
from models.mentions import BLOCKS
from models.scores import macro_f1
from models.stage_fit import fit_stage

Report = Callable[[str], None]

TERM_IN = 3
"""A word counts from so many utterances on; rarer ones name people and places."""
QUIET = 0.5
"""A tracker that fires wrongly costs more than one that misses: precision counts twice as much as recall."""

# Shares in the regularisation: the utterance itself, the one before, the circumstances, the words. Tuned on the
# training calls, leaving one writer's calls out at a time.
OWN_SCALES = (1.0, 0.5, 1.0, 2.0)
# Shares of the blocks of a mention's features, see `models.mentions`, and of the words near it; tuned the same way.
STANCE_SCALES = (1.0, 0.0, 0.8, 0.7, 0.3, 0.5, 1.0)
STANCE_WORDS = 2.0
NAMED_SCALES = (0.0, 1.0, 0.4, 0.0, 1.0, 0.3, 0.0)


@dataclass(frozen=True)
class Trained:
    """What was trained on, and cross-validated figures (macro F1, 0 to 1) by head."""

    calls: int
    utterances: int
    unseen: Mapping[str, float]


def train(data: Path, out: Path, report: Report = lambda line: None) -> Trained:
    """Reads the calls in `data`, fits every head, writes `out`; `report` gets a line per step.

    Raises BadInputError if the `train` extra is missing, or the folder holds nothing to learn a head from.
    """
    need_libraries()
    import threadpoolctl  # type: ignore[import-untyped]

    labels, dataset, encoder = load_labels(), load_dataset(data), Encoder()
    _check(data, dataset)
    report(f"{len(dataset.calls)} calls, {len(dataset.utterances)} utterances")
    unseen: dict[str, float] = {}
    # One thread: on a busy machine BLAS threads wait for each other, and their number changes the last digits.
    with threadpoolctl.threadpool_limits(1):
        heads = _fit(dataset, encoder, labels, unseen, report)
    write_heads(heads, labels, out)
    report(f"wrote {out}")
    return Trained(len(dataset.calls), len(dataset.utterances), unseen)


def need_libraries() -> None:
    """Raises BadInputError if the `train` extra is missing."""
    for library in ("scipy", "threadpoolctl", "onnx"):
        if find_spec(library) is None:
            raise BadInputError(
                f"Training needs {library}, which is not here; install it with `pip install offbook[train]`."
            )


def _check(data: Path, dataset: Dataset) -> None:
    if len(dataset.calls) < 2:
        raise BadInputError(f"{data}: one call is not enough to learn from; give at least two, better forty.")
    for name, found in (
        ("competitors.json", dataset.competitors),
        ("trackers.json", dataset.trackers),
        ("everyday.json", dataset.everyday),
    ):
        if not found:
            raise BadInputError(f"{data / name}: is missing or empty; copy it from models/data/train.")
    if any(one.labelled is not None for one in dataset.utterances):
        raise BadInputError(
            f"{data}: holds lines of which only a part is labelled (`labelled`); learn them with `offbook train --add`."
        )
    if not any(mention for one in dataset.utterances for mention in one.competitors):
        raise BadInputError(f"{data}: no utterance names a competitor, so stances cannot be learned; label some.")


def _fit(dataset: Dataset, encoder: Encoder, labels: Labels, unseen: dict[str, float], report: Report) -> TrainedHeads:
    lexicon = learn_lexicon([one.text for one in dataset.utterances], TERM_IN)
    turns = turn_rows(dataset, encoder, lexicon, labels)
    report("utterances encoded")
    stage, stage_filter, logits = fit_stage(turns, len(labels.stage))
    unseen["stage"] = macro_f1(turns.stage, logits.argmax(axis=1), range(len(labels.stage)))
    report(f"stage: macro F1 {unseen['stage']:.2f} on calls left out")
    role = _fit_role(turns, labels, unseen)
    report(f"role: macro F1 {unseen['role']:.2f}")
    moments = _fit_moments(turns, unseen)
    report(f"moments: macro F1 {unseen['moments']:.2f}")
    stance, named = _fit_mentions(mention_rows(dataset, encoder, lexicon, labels), labels, unseen)
    report(f"stance: macro F1 {unseen['stance']:.2f}; competitors meant: F1 {unseen['named']:.2f}")
    background = background_vectors(dataset, encoder).astype(np.float16).astype(np.float32)
    fires = _fit_trackers(tracker_rows(dataset, encoder, background), unseen)
    report(f"trackers: F1 {unseen['trackers']:.2f}")
    return TrainedHeads(stage, role, moments, stance, named, fires, lexicon, stage_filter, background)


def turn_inputs(rows: TurnRows, keep: Ints) -> Inputs:
    """The rows `keep`, each block with its share."""
    turn = np.repeat(np.array(OWN_SCALES[:3], np.float32), (DIMENSIONS, DIMENSIONS, CIRCUMSTANCES))
    words = np.full(rows.words.shape[1], OWN_SCALES[3], np.float32)
    blocks = {"turn": rows.turn[keep], "words": rows.words[keep]}
    return Inputs(blocks, rows.calls[keep], {"turn": turn, "words": words})


def stance_inputs(rows: MentionRows) -> Inputs:
    """The rows that tell a stance, each block with its share."""
    bag = np.full(rows.words.shape[1], STANCE_WORDS, np.float32)
    blocks = {"mention": rows.mention[rows.told], "words": rows.words[rows.told]}
    return Inputs(blocks, rows.calls[rows.told], {"mention": _mention_shares(STANCE_SCALES), "words": bag})


def named_inputs(rows: MentionRows) -> Inputs:
    """All rows, each block with its share."""
    return Inputs({"mention": rows.mention}, rows.calls, {"mention": _mention_shares(NAMED_SCALES)})


def _mention_shares(scales: tuple[float, ...]) -> Vectors:
    return np.repeat(np.array(scales, np.float32), BLOCKS)


def _fit_role(rows: TurnRows, labels: Labels, unseen: dict[str, float]) -> Linear:
    keep, none = np.flatnonzero(rows.buyer), labels.role.index(NONE)
    linear, logits = fit_choice(turn_inputs(rows, keep), rows.role[keep], len(labels.role))
    others = [one for one in range(len(labels.role)) if one != none]
    lean = lean_to_none(logits, rows.role[keep], others, none)
    logits[:, none] += lean
    unseen["role"] = macro_f1(rows.role[keep], logits.argmax(axis=1), others)
    bias = linear.bias.copy()
    bias[none] += lean
    return Linear(linear.weights, bias)


def _fit_moments(rows: TurnRows, unseen: dict[str, float]) -> Linear:
    linear, logits = fit_flags(turn_inputs(rows, np.arange(len(rows.stage))), rows.moments)
    columns = range(rows.moments.shape[1])
    unseen["moments"] = float(np.mean([macro_f1(rows.moments[:, one], logits[:, one] > 0, [True]) for one in columns]))
    return linear


def _fit_mentions(rows: MentionRows, labels: Labels, unseen: dict[str, float]) -> tuple[Linear, Linear]:
    meant, told = rows.stance != UNMEANT, rows.told
    stance, logits = fit_choice(stance_inputs(rows), rows.stance[told], len(labels.stance), even=False)
    unseen["stance"] = macro_f1(rows.stance[told], logits.argmax(axis=1), range(len(labels.stance)))
    named, margins = fit_flags(named_inputs(rows), meant[:, None], judged=~rows.again)
    unseen["named"] = macro_f1(meant, margins[:, 0] > 0, [True])
    return stance, named


def _fit_trackers(rows: TrackerRows, unseen: dict[str, float]) -> Linear:
    scale = np.full(rows.closeness.shape[1], 4.0, np.float32)
    inputs = Inputs({"closeness": rows.closeness}, rows.group, {"closeness": scale})
    fires, margins = fit_flags(inputs, rows.fires[:, None], QUIET)
    unseen["trackers"] = macro_f1(rows.fires, margins[:, 0] > 0, [True])
    return fires
