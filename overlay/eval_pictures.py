"""Pictures of an evaluation: how honest the probabilities are, and which labels are taken for which."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from asr.errors import BadInputError
from models.calibration import Said, bins, calibration_error
from models.evaluate import Choice, Evaluation
from models.labels import load_labels


def draw(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Writes calibration.png, and confusion-HEAD.png of each head that chooses one label, into `folder`.

    Raises BadInputError where the folder can't be written, or without the extra `bench`.
    """
    figures: list[tuple[str, Any]] = [("calibration", _calibration(evaluation.said()))]
    for head, found in evaluation.choices.items():
        figures.append((f"confusion-{head}", _confusion(head, found, getattr(load_labels(), head))))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_saved(figure, folder / f"{name}.png") for name, figure in figures]
    except OSError as error:
        raise BadInputError(f"{folder}: pictures can't be written there ({error.strerror}).") from error


def _calibration(said: dict[str, list[Said]]) -> Any:
    """A curve for each head: the nearer to the diagonal, the more honest; larger dots are of more utterances."""
    figure = _figure(4.6 * len(said), 4.8)
    for place, (head, found) in enumerate(said.items()):
        axes = figure.add_subplot(1, len(said), place + 1, aspect="equal")
        axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", linewidth=1)
        points = bins(found)
        axes.plot([one.probability for one in points], [one.share for one in points], color="#1f5fa8", linewidth=1.5)
        sizes = [20 + 400 * one.count / len(found) for one in points]
        axes.scatter([one.probability for one in points], [one.share for one in points], s=sizes, color="#1f5fa8")
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="probability said", ylabel="share that was so")
        axes.set_title(f"{head}: error {calibration_error(found):.3f}, n = {len(found)}")
    return figure


def _confusion(head: str, found: Sequence[Choice], labels: Sequence[str]) -> Any:
    """Rows are what was so, columns what was read; shade is the share of the row."""
    counts = confusion_counts(found, labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = _figure(2.5 + 0.8 * len(labels), 2.2 + 0.7 * len(labels))
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [label.replace("_", " ") for label in labels]
    axes.set_xticks(range(len(labels)), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), names)
    axes.set(xlabel="read as", ylabel="was", title=f"{head}: {np.trace(counts)} of {len(found)} right")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=color)
    return figure


def confusion_counts(found: Sequence[Choice], labels: Sequence[str]) -> npt.NDArray[np.int_]:
    """How often each label (row) was read as each (column)."""
    counts = np.zeros((len(labels), len(labels)), np.int_)
    for one in found:
        counts[labels.index(one.true), labels.index(one.guess)] += 1
    return counts


def _figure(width: float, height: float) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise BadInputError("Pictures need the extra `bench`: pip install 'offbook[bench]'.") from error
    return Figure(figsize=(width, height), layout="constrained", dpi=100)


def _saved(figure: Any, file: Path) -> Path:
    figure.savefig(file)
    return file
