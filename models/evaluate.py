"""Measures a reader on labelled calls, with the figures that `offbook eval` prints."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

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
class _Read:
    labelled: LabelledUtterance
    reading: Reading
    ms: float


def evaluate(folder: Path, make_reader: ReaderFactory) -> Figures:
    """Reads every call of `folder` from its start, each utterance knowing only those before it.

    Gives the figures under the keys of `offbook eval --json`; shares are 0 to 1, times in milliseconds. Raises
    BadInputError for a bad folder.
    """
    dataset = load_dataset(folder)
    reader = make_reader(dataset.competitors, [one.tracker for one in dataset.trackers], [])
    read = list(_read(dataset, reader))
    times = [one.ms for one in read]
    return {
        **_heads(read),
        "trackers": _trackers(dataset.trackers, reader) if dataset.trackers else None,
        "ms_p50": round(float(np.percentile(times, 50)), 2),
        "ms_p95": round(float(np.percentile(times, 95)), 2),
        "utterances": len(read),
        "calls": len(dataset.calls),
    }


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
    truth = [one.labelled.stage for one in read]
    guess = [_top(one.reading.stage) for one in read]
    right = sum(one == other for one, other in zip(truth, guess, strict=True))
    return _round(accuracy=share(right, len(read)), macro_f1=macro_f1(truth, guess, load_labels().stage))


def _role(read: Sequence[_Read]) -> Figures:
    buyers = [one for one in read if one.labelled.speaker == "buyer"]
    truth = [one.labelled.role or NONE for one in buyers]
    guess = [_top(one.reading.role_evidence) if one.reading.role_evidence else NONE for one in buyers]
    quiet = [said for true, said in zip(truth, guess, strict=True) if true == NONE]
    roles = [label for label in load_labels().role if label != NONE]
    alarms = share(sum(said != NONE for said in quiet), len(quiet))
    return _round(macro_f1=macro_f1(truth, guess, roles), false_alarm_rate=alarms)


def _competitors(read: Sequence[_Read]) -> Figures:
    hits = said = true = 0
    for one in read:
        unlisted = {mention.said.lower() for mention in one.labelled.competitors if mention.name is None}
        named = {mention.name for mention in one.labelled.competitors if mention.name is not None}
        found = {mention.name for mention in one.reading.competitors if mention.said.lower() not in unlisted}
        hits, said, true = hits + len(named & found), said + len(found), true + len(named)
    return _round(precision=share(hits, said), recall=share(hits, true), f1=f1(hits, said, true))


def _stance(read: Sequence[_Read]) -> Figures:
    right = seen = 0
    for one in read:
        stances = {mention.name: mention.stance for mention in one.reading.competitors}
        for mention in one.labelled.competitors:
            if mention.name in stances:
                seen += 1
                right += stances[mention.name] == mention.stance
    return _round(accuracy=share(right, seen))


def _moments(read: Sequence[_Read]) -> Figures:
    scores = []
    for label in load_labels().moment:
        truth = [label in one.labelled.moments for one in read]
        guess = [one.reading.moments.get(label, 0.0) >= OCCURS for one in read]
        if any(truth):
            scores.append(macro_f1(truth, guess, [True]))
    return _round(macro_f1=float(np.mean(scores)) if scores else 0.0)


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


def _top(probabilities: dict[str, float]) -> str:
    return max(probabilities, key=lambda label: probabilities[label])


def _round(**figures: float) -> Figures:
    return {name: round(value, 4) for name, value in figures.items()}
