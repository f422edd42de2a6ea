"""Measures a reader on labelled calls, with the figures that `offbook eval` prints."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.calibration import Said, calibration_error
from models.competitors import Competitor
from models.dataset import Dataset, LabelledUtterance, TrackerSet, load_dataset
from models.events import Reading
from models.labels import NONE, load_labels
from models.reader import Reader
from models.scores import f1, macro_f1, precision_at_recall, share
from models.trackers import FIRES, Tracker

ReaderFactory = Callable[[Sequence[Competitor], Sequence[Tracker], Sequence[Tracker]], Reader]
Figures = dict[str, Any]

OCCURS = 0.5
"""A moment counts as read from this probability on."""
RECALL = 0.8


@dataclass(frozen=True)
class Choice:
    """What a head chose of its labels, with its probability, and the right one."""

    true: str
    guess: str
    probability: float


@dataclass(frozen=True)
class Evaluation:
    """`figures` have the keys of `offbook eval --json`: shares are 0 to 1, times in milliseconds.

    `choices` of the heads that choose one label (stage, role, stance), and what was `said` of each moment.
    """

    figures: Figures
    choices: dict[str, list[Choice]]
    moments: list[Said]

    def said(self) -> dict[str, list[Said]]:
        """Of each head, how sure it was and whether rightly."""
        return {head: _sureness(found) for head, found in self.choices.items()} | {"moments": self.moments}


@dataclass(frozen=True)
class _Read:
    labelled: LabelledUtterance
    reading: Reading
    ms: float


def evaluate(folder: Path, make_reader: ReaderFactory) -> Evaluation:
    """Reads every call of `folder` from its start, each utterance knowing only those before it.

    Raises BadInputError for a bad folder.
    """
    dataset = load_dataset(folder)
    reader = make_reader(dataset.competitors, [one.tracker for one in dataset.trackers], [])
    read = list(_read(dataset, reader))
    times = [one.ms for one in read]
    figures = {
        **_heads(read),
        "trackers": _trackers(dataset.trackers, reader) if dataset.trackers else None,
        "ms_p50": round(float(np.percentile(times, 50)), 2),
        "ms_p95": round(float(np.percentile(times, 95)), 2),
        "utterances": len(read),
        "calls": len(dataset.calls),
    }
    choices = {"stage": _stage_choices(read), "role": _role_choices(read), "stance": _stance_choices(read)}
    return Evaluation(figures, choices, _moments_said(read))


def side_by_side(dataset: Dataset, readers: Sequence[Reader]) -> list[Figures]:
    """The figures of the heads (no trackers, no times) by each of `readers`.

    All of them read an utterance before any reads the next: where they share an encoder it runs once.
    """
    together = zip(*(_read(dataset, reader) for reader in readers), strict=True)
    return [_heads(read) for read in zip(*together, strict=True)]


def _heads(read: Sequence[_Read]) -> Figures:
    return {
        "stage": _stage(read),
        "role": _role(read),
        "competitors": _competitors(read),
        "stance": _stance(read),
        "moments": _moments(read),
    }


def _read(dataset: Dataset, reader: Reader) -> Iterator[_Read]:
    for call in dataset.calls:
        reader.reset()
        for one in call:
            began = time.perf_counter()
            reading = reader.read(f"u{one.i}", one.speaker, one.text, partial=False, person=one.person)
            yield _Read(one, reading, (time.perf_counter() - began) * 1000)


def _stage(read: Sequence[_Read]) -> Figures:
    found = _stage_choices(read)
    return _round(
        accuracy=_accuracy(found),
        macro_f1=_macro_f1(found, load_labels().stage),
        calibration_error=calibration_error(_sureness(found)),
    )


def _stage_choices(read: Sequence[_Read]) -> list[Choice]:
    return [_choice(one.labelled.stage, one.reading.stage) for one in read if one.labelled.stage is not None]


def _role(read: Sequence[_Read]) -> Figures:
    found = _role_choices(read)
    quiet = [one for one in found if one.true == NONE]
    roles = [label for label in load_labels().role if label != NONE]
    return _round(
        macro_f1=_macro_f1(found, roles),
        false_alarm_rate=share(sum(one.guess != NONE for one in quiet), len(quiet)),
        calibration_error=calibration_error(_sureness(found)),
    )


def _role_choices(read: Sequence[_Read]) -> list[Choice]:
    buyers = [one for one in read if one.labelled.speaker == "buyer" and one.labelled.tells("role")]
    return [_choice(one.labelled.role or NONE, one.reading.role_evidence or {NONE: 1.0}) for one in buyers]


def _competitors(read: Sequence[_Read]) -> Figures:
    hits = said = true = 0
    for one in read:
        unlisted = {mention.said.lower() for mention in one.labelled.competitors if mention.name is None}
        named = {mention.name for mention in one.labelled.competitors if mention.name is not None}
        told = [each for each in one.reading.competitors if one.labelled.tells(f"competitor:{each.name}")]
        found = {mention.name for mention in told if mention.said.lower() not in unlisted}
        hits, said, true = hits + len(named & found), said + len(found), true + len(named)
    return _round(precision=share(hits, said), recall=share(hits, true), f1=f1(hits, said, true))


def _stance(read: Sequence[_Read]) -> Figures:
    found = _stance_choices(read)
    return _round(accuracy=_accuracy(found), calibration_error=calibration_error(_sureness(found)))


def _stance_choices(read: Sequence[_Read]) -> list[Choice]:
    """Of the mentions that were found."""
    found = []
    for one in read:
        stances = {mention.name: mention for mention in one.reading.competitors}
        for mention in one.labelled.competitors:
            if mention.name in stances:
                read_as = stances[mention.name]
                found.append(Choice(mention.stance, read_as.stance, read_as.p))
    return found


def _moments(read: Sequence[_Read]) -> Figures:
    scores = []
    for label in load_labels().moment:
        told = [one for one in read if one.labelled.tells(f"moment:{label}")]
        truth = [label in one.labelled.moments for one in told]
        guess = [one.reading.moments.get(label, 0.0) >= OCCURS for one in told]
        if any(truth):
            scores.append(macro_f1(truth, guess, [True]))
    return _round(
        macro_f1=float(np.mean(scores)) if scores else 0.0, calibration_error=calibration_error(_moments_said(read))
    )


def _moments_said(read: Sequence[_Read]) -> list[Said]:
    """Of every utterance, every moment that somebody labelled."""
    return [
        Said(one.reading.moments.get(label, 0.0), label in one.labelled.moments)
        for one in read
        for label in load_labels().moment
        if one.labelled.tells(f"moment:{label}")
    ]


def _trackers(sets: Sequence[TrackerSet], reader: Reader) -> Figures:
    scores: list[float] = []
    truth: list[bool] = []
    for one in sets:
        for texts, fires in ((one.positives, True), (one.negatives, False)):
            for text in texts:
                reader.reset()
                scores.append(reader.read("u", "buyer", text, partial=False).trackers.get(one.tracker.id, 0.0))
                truth.append(fires)
    fired = [score >= FIRES for score in scores]
    hits = sum(one and other for one, other in zip(fired, truth, strict=True))
    return _round(
        precision_at_recall_80=precision_at_recall(scores, truth, RECALL),
        precision=share(hits, sum(fired)),
        recall=share(hits, sum(truth)),
    )


def _choice(true: str, probabilities: dict[str, float]) -> Choice:
    top = max(probabilities, key=lambda label: probabilities[label])
    return Choice(true, top, probabilities[top])


def _accuracy(found: Sequence[Choice]) -> float:
    return share(sum(one.true == one.guess for one in found), len(found))


def _macro_f1(found: Sequence[Choice], labels: Sequence[str]) -> float:
    return macro_f1([one.true for one in found], [one.guess for one in found], labels)


def _sureness(found: Sequence[Choice]) -> list[Said]:
    return [Said(one.probability, one.true == one.guess) for one in found]


def _round(**figures: float) -> Figures:
    return {name: round(value, 4) for name, value in figures.items()}
