"""Would a call work on this machine? Each check says so in one sentence, with the mend where there is one to make."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asr.errors import BadInputError
from asr.faults import described
from asr.weights import encoder_weights, whisper_weights
from cues.check import load_playbook
from models.labels import LANGUAGE, only_transcribed
from models.own_heads import heads_in_force
from overlay.configs import DEMO_PLAYBOOK
from overlay.self_test import BAR_S, Choice, choose_model, measure_apart
from overlay.settings import AUTO, Settings, load_settings

Level = Literal["fine", "warning", "fault"]
MB = 1_000_000
NEEDED = 50 * MB
"""With less free disk a call could not be stored to its end."""
SCARCE = 1_000 * MB


@dataclass(frozen=True)
class Finding:
    """What one check found. After a fault a call would not work, after a warning less well than it should."""

    part: str
    level: Level
    sentence: str


Check = Callable[[Settings], Finding]
"""Raises BadInputError instead of returning a fault."""


def diagnose(sound: Sequence[tuple[str, Check]] = ()) -> Iterator[Finding]:
    """One finding after the other; `sound` are the checks of the devices, each with its part's name."""
    settings, finding = _settings()
    yield finding
    for part, check in (*sound, *CHECKS):
        yield _checked(part, check, settings)


def _checked(part: str, check: Check, settings: Settings) -> Finding:
    try:
        return check(settings)
    except BadInputError as error:
        return Finding(part, "fault", str(error))
    except Exception as error:  # one broken part must not hide what is known of the others
        return Finding(part, "fault", f"The check stopped: {described(error)}. Please report it.")


def _settings() -> tuple[Settings, Finding]:
    """With mistakes in the file, the other checks look at what is shipped."""
    try:
        loaded = load_settings()
    except BadInputError as error:
        return Settings(), Finding("settings", "fault", _first(error, "offbook settings"))
    if loaded.notices:
        return loaded.settings, Finding("settings", "warning", " ".join(loaded.notices))
    there = str(loaded.file) if loaded.file.exists() else f"as shipped; change them in {loaded.file}"
    return loaded.settings, Finding("settings", "fine", f"{there}.")


def _first(error: BadInputError, command: str) -> str:
    """The first of several mistakes, and the command that lists them all."""
    first, *more = str(error).splitlines()
    return f"{first} And {len(more)} more; `{command}` lists them." if more else first


def _model(settings: Settings) -> Finding:
    """Of `auto`, the weights that it chooses from."""
    for name in ("base", "tiny.en") if settings.model == AUTO else (settings.model,):
        weights = whisper_weights(name)
    encoder_weights()
    heads = heads_in_force()
    if heads.notice is not None:
        return Finding("model", "warning", heads.notice)
    which = "base and tiny.en" if settings.model == AUTO else weights.name
    return Finding("model", "fine", f"Whisper {which}, the sentence encoder and {heads.name} are here and unchanged.")


def _speed(settings: Settings) -> Finding:
    """Times the machine anew: it may be busier than when it was timed first."""
    threads = settings.threads_in_force()
    if settings.model == AUTO:
        choice: Choice = choose_model(threads, _language(settings), again=True)
        return Finding("speed", "fine" if choice.cost_s <= BAR_S else "warning", choice.sentence)
    cost = measure_apart(threads, settings.model)
    sentence = f"{settings.model}: one second of speech costs {cost:.2f} s of this machine"
    if cost <= BAR_S:
        return Finding("speed", "fine", f"{sentence}.")
    return Finding("speed", "warning", f"{sentence}, so words come late; set `model: auto`, or more `threads`.")


def _language(settings: Settings) -> str:
    """The playbook's; what is wrong with the playbook is another check's to say."""
    try:
        return load_playbook(settings.playbook or DEMO_PLAYBOOK).language
    except BadInputError:
        return "en"


def _disk(settings: Settings) -> Finding:
    from cues.journal.open import journal_file

    folder = journal_file().absolute().parent
    free = shutil.disk_usage(_there(folder)).free
    sentence = f"{free / MB:,.0f} MB free at {folder}"
    if free < NEEDED:
        return Finding("disk", "fault", f"{sentence}, too little to store a call; free {NEEDED // MB} MB at least.")
    if free < SCARCE:
        what = "sound and words of long calls" if settings.keep_audio else "words of long calls"
        return Finding("disk", "warning", f"{sentence}; {what} need more, so free some.")
    return Finding("disk", "fine", f"{sentence}.")


def _there(folder: Path) -> Path:
    """The folder, or the nearest around it that exists already."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())


def _display(_settings: Settings) -> Finding:
    from overlay.window.desktop import check_display

    try:
        check_display()
    except BadInputError as error:
        return Finding("display", "warning", f"{error} A call goes on without the overlay.")
    return Finding("display", "fine", "The overlay can be shown.")


def _playbook(settings: Settings) -> Finding:
    folder = settings.playbook or DEMO_PLAYBOOK
    try:
        playbook = load_playbook(folder)
    except BadInputError as error:
        return Finding("playbook", "fault", _first(error, f"offbook check {folder}"))
    if playbook.language != LANGUAGE:
        return Finding("playbook", "warning", f"{playbook.playbook}: {only_transcribed(playbook.language)}")
    shipped = " It is the demo's; name yours with `playbook:`." if settings.playbook is None else ""
    return Finding("playbook", "fine", f"{playbook.playbook}, {len(playbook.cues)} cues, no errors.{shipped}")


def _journal(_settings: Settings) -> Finding:
    from cues.journal.open import open_journal

    with closing(open_journal()) as journal:
        return Finding("journal", "fine", f"{journal.file} can be written.")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("model", _model),
    ("speed", _speed),
    ("disk", _disk),
    ("display", _display),
    ("playbook", _playbook),
    ("journal", _journal),
)
