"""The label sets of the heads, read from labels.yaml beside this file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from asr.errors import BadInputError

LABELS_FILE = Path(__file__).parent / "labels.yaml"
LANGUAGE = "en"
"""Of the labelled calls, and so of what is read."""
NONE = "none"
"""The role head's extra label: this utterance shows nothing of what the speaker is."""


@dataclass(frozen=True)
class Labels:
    """Labels of each head in the order of labels.yaml; `role` ends with "none"."""

    stage: tuple[str, ...]
    role: tuple[str, ...]
    stance: tuple[str, ...]
    moment: tuple[str, ...]


@cache
def load_labels(file: Path = LABELS_FILE) -> Labels:
    """Raises BadInputError if the file is missing or a label set in it is."""
    sets = {head: tuple(labels) for head, labels in load_meanings(file).items()}
    return Labels(sets["stage"], (*sets["role"], NONE), sets["stance"], sets["moment"])


def load_meanings(file: Path = LABELS_FILE) -> dict[str, dict[str, str]]:
    """Of each head, what each of its labels means. Raises BadInputError as `load_labels` does."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadInputError(f"{file}: cannot be read ({error}); install offbook again.") from error
    return {head: _labels(file, content, head) for head in ("stage", "role", "stance", "moment")}


def _labels(file: Path, content: object, head: str) -> dict[str, str]:
    found = content.get(head) if isinstance(content, dict) else None
    if not isinstance(found, dict) or not found:
        raise BadInputError(f"{file}: there are no labels under `{head}:`; install offbook again.")
    return {str(name): str(meaning) for name, meaning in found.items()}


def only_transcribed(language: str) -> str:
    """What to know of a call in a language that is not `LANGUAGE`."""
    return (
        f"Calls in {language!r} are transcribed. Stages, roles, moments and trackers are read in English only for now, "
        "so cards that wait for these may not come, or come wrongly; competitors are found by their names."
    )
