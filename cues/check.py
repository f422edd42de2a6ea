"""Loads a playbook folder; every problem at once, each as `FILE:LINE:COLUMN: what is wrong; how to mend it`."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from asr.errors import BadInputError
from cues.merge import Merged, Origin, merge
from cues.playbook import EMPTY_CARD, Playbook
from cues.references import double_names, unknown_names
from cues.wording import sentence
from cues.yaml_source import Problem, Source, read_source
from cues.yaml_tree import KEY


class PlaybookError(BadInputError):
    """Everything that is wrong with a playbook, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def load_playbook(folder: Path) -> Playbook:
    """The playbook in a folder's YAML files. Raises BadInputError (no such folder) or PlaybookError."""
    sources = [read_source(file, str(file)) for file in _files(folder)]
    problems = [problem for source in sources for problem in source.problems]
    merged, origin = merge(sources, problems)
    # What an unreadable file defines is not known, so nothing is said of names that seem to be missing.
    whole = not any(source.data is None and source.problems for source in sources)
    if merged or not problems:
        try:
            playbook = Playbook.model_validate(merged)
        except ValidationError as error:
            problems.extend(_invalid(error.errors(include_url=False), origin, whole=whole))
        problems.extend(double_names(merged, origin))
        problems.extend(_empty_cards(merged, origin))
        if whole:
            problems.extend(unknown_names(merged, origin))
    if problems:
        raise PlaybookError(problems)
    return playbook.model_copy(update={"hash": _hash(sources)})


def _files(folder: Path) -> list[Path]:
    if not folder.exists():
        raise BadInputError(f"{folder}: no such playbook folder; check the path.")
    if not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; give the folder that holds the playbook's YAML files.")
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise BadInputError(f"{folder}: can't be read ({error.strerror}); check its permissions.") from error
    files = [f for f in inside if f.suffix in {".yaml", ".yml"} and not f.name.startswith(".") and f.is_file()]
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
