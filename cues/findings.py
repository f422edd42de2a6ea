"""All that is to be said about a playbook: what is wrong with it, and what is legal but bad."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from asr.errors import BadInputError
from asr.heap import growing
from cues.check import Draft, read_draft
from cues.lint import long_says, long_titles, misspelt_facts, past_dates, strange_variables
from cues.lint_conditions import bad_conditions
from cues.lint_hearing import everyday_aliases, unclear_trackers
from cues.playbook import Playbook
from cues.references import unused_names
from cues.yaml_source import Problem
from models.labels import LANGUAGE
from models.tokenizer import is_word, load_tokenizer


@dataclass(frozen=True)
class Findings:
    """Errors and warnings, each in the order of the files; `playbook` is what of it is sound."""

    playbook: Playbook
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    notice: str | None
    """What was not looked at, and why."""


@growing()
def find(folder: Path, day: date) -> Findings:
    """Errors and warnings about the playbook in `folder`, as of `day`. Raises BadInputError (no such folder)."""
    draft = read_draft(folder)
    heard, notice = _hard_to_hear(draft)
    warnings = _in_order([*lint(draft, day), *heard])
    return Findings(draft.sound, _in_order(draft.problems), warnings, notice)


def lint(draft: Draft, day: date) -> Iterator[Problem]:
    """Warnings that need only the playbook. Pure."""
    playbook, origin = draft.sound, draft.sound_origin
    yield from long_titles(playbook, origin)
    yield from long_says(playbook, origin)
    yield from strange_variables(playbook, origin)
    yield from misspelt_facts(playbook, origin)
    yield from past_dates(playbook, origin, day)
    yield from bad_conditions(playbook, origin)
    if draft.whole:
        yield from unused_names(draft.merged, draft.origin)


def _hard_to_hear(draft: Draft) -> tuple[list[Problem], str | None]:
    """Warnings, and a sentence where something could not be looked at."""
    playbook, origin = draft.sound, draft.sound_origin
    if playbook.language != LANGUAGE:
        return [], None
    warnings = list(everyday_aliases(playbook, origin, partial(is_word, load_tokenizer())))
    try:
        return [*warnings, *unclear_trackers(playbook, origin)], None
    except BadInputError as error:
        return warnings, f"The trackers' sentences were not compared: {error}"


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))
