"""Correcting the labels of an utterance: the form that asks for them, and what of an answer is to be stored. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from asr.errors import BadInputError
from cues.corrections import COMPETITOR, MOMENT, Correction, choices
from models.labels import NONE
from overlay.review.call_page import CallPage, Line
from overlay.review.wording import label

RUN = "run"
"""The field that corrects the stage of the lines after it too, up to the next stage."""
UNDO = "undo"
"""The field whose value is the reading of which the correction is taken back."""
UTTERANCE = "utterance"


@dataclass(frozen=True)
class Choice:
    """One label, how it is written, and whether it holds now."""

    label: str
    says: str
    held: bool


@dataclass(frozen=True)
class Question:
    """What is asked of one reading; `label` is None where nothing was read."""

    reading: str
    says: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Form:
    """What is asked of one line: a choice each of stage, role and competitors, and which moments there are."""

    utterance: str
    start: float
    chosen: tuple[Question, ...]
    moments: tuple[Question, ...]


def form(line: Line) -> Form:
    """The form that corrects `line`."""
    names = ["stage", "role", *(name for name in line.labels if name.startswith(COMPETITOR))]
    asked = (Question(name, _asks(name), tuple(_choices(line, name))) for name in names)
    moments = (name for name in line.labels if name.startswith(MOMENT))
    ticked = (Question(name, label(name.removeprefix(MOMENT)), tuple(_choices(line, name))) for name in moments)
    return Form(
        line.id,
        line.start,
        tuple(one for one in asked if one.choices),
        tuple(one for one in ticked if len(one.choices) > 1),
    )


def to_store(page: CallPage, fields: Mapping[str, str], who: str, at: datetime) -> tuple[Correction, ...]:
    """The corrections that a form asks for: what differs from the labels that hold, or what an undo takes back.

    Raises BadInputError for an utterance, a reading or a label that is none.
    """
    line = next((line for line in page.lines if line.id == fields.get(UTTERANCE)), None)
    if line is None:
        raise BadInputError("There is no such utterance in this call; open the call again.")
    if UNDO in fields:
        return tuple(Correction(id, fields[UNDO], None, who, at) for id in _saved_with(page, line, fields[UNDO]))
    asked = {name: value for name, value in fields.items() if name not in (UTTERANCE, RUN)}
    changed = {name: value for name, value in asked.items() if value != line.labels.get(name, "")}
    for name, value in changed.items():
        _check(line, name, value)
    made = [Correction(line.id, name, value, who, at) for name, value in changed.items()]
    if RUN in fields and "stage" in changed:
        made += [Correction(id, "stage", changed["stage"], who, at) for id in _rest_of_stage(page.lines, line)]
    return tuple(made)


def _choices(line: Line, name: str) -> Iterator[Choice]:
    """What can be chosen; a label that holds and can't be, such as none at all, stands first."""
    held, possible = line.labels.get(name, ""), choices(name, line.speaker)
    if possible and held not in possible:
        yield Choice(held, label(held) or "not read", True)
    for one in possible:
        yield Choice(one, _chosen(name, one), one == held)


def _asks(name: str) -> str:
    return {"stage": "Stage", "role": "Role"}.get(name, name.removeprefix(COMPETITOR))


def _chosen(name: str, chosen: str) -> str:
    if chosen == NONE:
        return f"not {name.removeprefix(COMPETITOR)}" if name.startswith(COMPETITOR) else "none shown"
    return label(chosen)


def _check(line: Line, name: str, value: str) -> None:
    possible = choices(name, line.speaker)
    if not possible or (name.startswith(COMPETITOR) and name not in line.labels):
        raise BadInputError(f"{name!r} is nothing that can be corrected in this line; open the call again.")
    if value not in possible:
        raise BadInputError(f"{value!r} is no label of {name}; choose one of {', '.join(possible)}.")


def _rest_of_stage(lines: Sequence[Line], line: Line) -> list[str]:
    """The lines after `line` that are in the same stage."""
    after = lines[lines.index(line) + 1 :]
    return [one.id for one in takewhile(lambda one: one.labels.get("stage") == line.labels.get("stage"), after)]


def _saved_with(page: CallPage, line: Line, reading: str) -> list[str]:
    """The lines in which `reading` was corrected together with that of `line`, which is one of them."""
    mine = next((one for one in line.corrected if one.reading == reading), None)
    if mine is None:
        raise BadInputError("There is no such correction to take back; open the call again.")
    return [other.id for other in page.lines for one in other.corrected if (one.reading, one.at) == (reading, mine.at)]
