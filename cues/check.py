"""Loads a playbook folder; every problem at once, each as `FILE:LINE:COLUMN: what is wrong; how to mend it`."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from asr.errors import BadInputError
from asr.heap import growing
from cues.card import EMPTY_CARD
from cues.merge import Merged, Origin, merge, without
from cues.playbook import Playbook
from cues.references import double_names, unknown_names
from cues.wording import LISTS, sentence
from cues.yaml_source import Problem, Source, is_yaml, read_source
from cues.yaml_tree import KEY

NAMELESS = "unnamed"
"""The name of a playbook whose own is missing or wrong."""


class PlaybookError(BadInputError):
    """Everything that is wrong with a playbook, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Draft:
    """A folder's files: as they were written (`merged`, `origin`), what is wrong with them, and the rest of them."""

    merged: Merged
    origin: Origin
    whole: bool
    """Every file could be read; else what it defines is not known."""
    problems: tuple[Problem, ...]
    sound: Playbook
    """Without the entries that have problems of their own."""
    sound_origin: Origin


@growing()
def load_playbook(folder: Path) -> Playbook:
    """The playbook in a folder's YAML files. Raises BadInputError (no such folder) or PlaybookError."""
    draft = read_draft(folder)
    if draft.problems:
        raise PlaybookError(draft.problems)
    return draft.sound


def reason(error: BadInputError, folder: Path) -> str:
    """The first thing that is wrong with the playbook in `folder`, for a sentence: file and line in it, and what."""
    if isinstance(error, PlaybookError):
        first = error.problems[0]
        return f"{Path(first.place.file).name}:{first.place.line} {first.message.rstrip('.')}"
    return str(error).removeprefix(f"{folder}: ").rstrip(".")


def read_draft(folder: Path) -> Draft:
    """What a folder's YAML files say, and all that is wrong with them. Raises BadInputError (no such folder)."""
    sources = [read_source(file, str(file)) for file in _files(folder)]
    problems = [problem for source in sources for problem in source.problems]
    merged, origin = merge(sources, problems)
    whole = not any(source.root is None and source.problems for source in sources)
    sound, sound_origin, details = _validate(merged, origin)
    if merged or not problems:
        problems.extend(_invalid(details, origin, whole=whole))
        problems.extend(double_names(merged, origin))
        problems.extend(_empty_cards(merged, origin))
        if whole:
            problems.extend(unknown_names(merged, origin))
    sound = sound.model_copy(update={"hash": _hash(sources)})
    return Draft(merged, origin, whole, tuple(problems), sound, sound_origin)


def _validate(merged: Merged, origin: Origin) -> tuple[Playbook, Origin, list[ErrorDetails]]:
    """What of it is sound, where that stands, and what is wrong with the rest."""
    try:
        return Playbook.model_validate(merged), origin, []
    except ValidationError as error:
        details = error.errors(include_url=False)
    wrong = {error["loc"][: 2 if error["loc"][0] in LISTS else 1] for error in details}
    kept, places = without(merged, origin, wrong)
    return Playbook.model_validate({"playbook": NAMELESS, **kept}), places, details


def _files(folder: Path) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if is_yaml(file) and file.is_file())
    except FileNotFoundError as error:
        raise BadInputError(f"{folder}: no such playbook folder; check the path.") from error
    except NotADirectoryError as error:
        raise BadInputError(f"{folder}: is a file; give the folder that holds the playbook's YAML files.") from error
    except OSError as error:
        raise BadInputError(f"{folder}: can't be read ({error.strerror}); check its permissions.") from error
    if not files:
        raise BadInputError(f"{folder}: holds no YAML file (*.yaml); a playbook has at least one.")
    return files


def _hash(sources: Iterable[Source]) -> str:
    """SHA-256 over the names and contents of the files."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(os.fsencode(f"{Path(source.file).name}\0{source.sha256}\n"))
    return digest.hexdigest()


def _invalid(errors: Iterable[ErrorDetails], origin: Origin, *, whole: bool) -> Iterator[Problem]:
    for details in errors:
        loc, kind = details["loc"], details["type"]
        if kind == "too_short" and details["input"]:
            continue  # Its entries are wrong, and told as such.
        if kind == "missing" and loc == ("playbook",):
            if whole:
                yield Problem(origin.first, "the playbook has no name; begin a file with `playbook: NAME`.")
        elif kind == "missing":
            yield Problem(origin.place(loc[:-1]), sentence(details))
        elif kind == "extra_forbidden":
            yield Problem(origin.place((*loc, KEY)), sentence(details))
        else:
            yield Problem(origin.place(loc), sentence(details))


def _empty_cards(merged: Merged, origin: Origin) -> Iterator[Problem]:
    """Pydantic says this only of a card without other problems."""
    cues = merged.get("cues")
    for k, cue in enumerate(cues if isinstance(cues, list) else ()):
        card = cue.get("card") if isinstance(cue, dict) else None
        if isinstance(card, dict) and not any(card.get(key) for key in ("ask", "say", "proof")):
            yield Problem(origin.place(("cues", k, "card")), f'"card" {EMPTY_CARD}.')
