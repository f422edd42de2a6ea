"""What a rep may set: one YAML file, `settings.yaml` in the platform's config folder; overlay/SETTINGS.md lists it all.

A machine-wide `policy.yaml` of the same keys fixes what it names. Its place never comes from the environment, or the
rep could put another one in its stead.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from asr.errors import BadInputError
from cues.shown import shown
from cues.wording import nearest, unknown_key
from cues.yaml_source import Problem, Source, read_source
from cues.yaml_tree import KEY

VARIABLE = "OFFBOOK_SETTINGS"
AUTO = "auto"
MOST_THREADS = 256
MOST_MINUTES = 1440

Consent = Literal["none", "remind", "require"]
Name = Annotated[str, Field(min_length=1)]


class Settings(BaseModel):
    """The settings in force. A description is the sentence that SETTINGS.md prints."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    rep: Name | None = Field(None, description="Your name in the call log; without one, the system's user name.")
    microphone: Name | None = Field(None, description="The device that hears you; without one, the system's default.")
    buyer_sound: Name | None = Field(
        None, description="The device that the buyer is heard from; without one, what the default output plays."
    )
    model: Name = Field(
        AUTO,
        description="Whisper weights: a name or a folder; `auto` times this machine once and takes base, else tiny.en.",
    )
    threads: Annotated[int, Field(ge=1, le=MOST_THREADS)] | None = Field(
        None, description="Processor threads that a call uses at most; without a number, half of the cores."
    )
    consent: Consent = Field(
        # Words of the other side are kept, so saying nothing of it must be somebody's choice, not the default.
        "remind",
        description=(
            "Before a call, `remind` reminds you to ask the other side, `require` hears nothing until you confirm that "
            "they agreed, `none` says nothing."
        ),
    )
    keep_audio: bool = Field(
        False, description="Keep each call's sound beside the journal, as Opus; it is deleted with the call."
    )
    auto: bool = Field(False, description="Calls begin by themselves when somebody speaks, and end after the silence.")
    silence_minutes: float = Field(
        5, gt=0, le=MOST_MINUTES, description="With `auto`, how long both sides are silent before the call ends."
    )
    playbook: Path | None = Field(
        None, description="The playbook's folder, beginning at this file's folder; without one, the demo playbook."
    )

    def threads_in_force(self) -> int:
        """`threads`, or half of the cores that this process may use, at least one."""
        return self.threads or max(1, cores() // 2)


@dataclass(frozen=True)
class Loaded:
    """The settings in force, and what a person should know about where they come from."""

    settings: Settings
    fixed: frozenset[str]
    """Names of the settings that the policy fixes."""
    given: frozenset[str]
    """Names of the settings that stand in the rep's file."""
    notices: tuple[str, ...]
    """A sentence for each of the rep's values that is not used."""
    file: Path
    """The rep's file, whether it is there or not."""
    policy: Path

    def origin(self, name: str) -> Literal["policy", "file", "default"]:
        """Where a setting's value comes from."""
        if name in self.fixed:
            return "policy"
        return "file" if name in self.given else "default"


@dataclass(frozen=True)
class _File:
    """One file's values as they were written, and checked."""

    source: Source
    written: dict[str, Any]
    values: dict[str, Any]


def load_settings(file: Path | None = None, policy: Path | None = None) -> Loaded:
    """The settings in force; `file` and `policy` are looked up in their usual places.

    Raises BadInputError with a line `FILE:LINE:COLUMN: what is wrong; how to mend it` for each thing that is wrong.
    """
    file, policy = file or settings_file(), policy or policy_file()
    problems: list[Problem] = []
    fixed, given = _read(policy, problems), _read(file, problems)
    if problems:
        raise BadInputError("\n".join(map(str, sorted(set(problems)))))
    return Loaded(
        settings=Settings.model_validate({**given.values, **fixed.values}),
        fixed=frozenset(fixed.values),
        given=frozenset(given.values),
        notices=tuple(_overruled(given, fixed)),
        file=file,
        policy=policy,
    )


def settings_file() -> Path:
    """Where the rep's file lies: at OFFBOOK_SETTINGS, else in the platform's config folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_config_dir("offbook", appauthor=False)) / "settings.yaml"


def policy_file() -> Path:
    """Where the machine's policy lies, in a folder that only an administrator writes."""
    return _machine_folder() / "policy.yaml"


def cores() -> int:
    """Processor cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _machine_folder() -> Path:
    # Not platformdirs' site_config_dir: XDG_CONFIG_DIRS and WIN_PD_OVERRIDE_* would move it.
    if sys.platform == "win32":
        import winreg

        key = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as folders:
            return Path(winreg.QueryValueEx(folders, "Common AppData")[0]) / "offbook"
    if sys.platform == "darwin":
        return Path("/Library/Application Support/offbook")
    return Path("/etc/offbook")


def _read(file: Path, problems: list[Problem]) -> _File:
    """A file that is not there sets nothing; one that can't be read or holds mistakes is a problem."""
    try:
        there = file.stat() is not None
    except (FileNotFoundError, NotADirectoryError):
        there = False
    except OSError:
        there = True  # reading it says why it can't be
    source = read_source(file, str(file)) if there else Source(str(file))
    problems.extend(source.problems)
    data = source.data if source.data is not None else {}
    if not isinstance(data, dict):
        problems.append(Problem(source.place(()), "settings are made of keys; write each as `key: value`."))
        data = {}
    written: dict[str, Any] = dict(data)
    try:
        checked = Settings.model_validate(written)
    except ValidationError as error:
        problems.extend(_invalid(error.errors(include_url=False), source))
        return _File(source, written, {})
    values = {name: getattr(checked, name) for name in written}
    if values.get("playbook") is not None:
        values["playbook"] = file.parent / values["playbook"].expanduser()
    return _File(source, written, values)


def _invalid(errors: list[ErrorDetails], source: Source) -> Iterator[Problem]:
    for details in errors:
        loc = tuple(part for part in details["loc"] if isinstance(part, str | int))
        if details["type"] == "extra_forbidden":
            yield Problem(source.place((*loc, KEY)), unknown_key(str(loc[-1]), Settings.model_fields))
        else:
            yield Problem(source.place(loc), _sentence(str(loc[0]), details["input"], details["type"]))


def _sentence(name: str, value: object, kind: str) -> str:
    """What is wrong with the value of a setting, and the mend."""
    if value is None:
        return f'"{name}" has no value; write one, or take it out.'
    if isinstance(value, list | dict):
        return f'"{name}" must be one value, not a list or a mapping; write it on one line.'
    what = shown(value) or f'"{name}"'
    if name == "consent":
        return f"unknown consent {what}; {nearest(str(value), get_args(Consent))}"
    if kind.startswith("bool"):
        return f"{what} is neither true nor false; {nearest(str(value), ('true', 'false'))}"
    if name == "threads":
        return f"{what} is no number of threads; write a whole number from 1 to {MOST_THREADS}."
    if name == "silence_minutes":
        return f"{what} is no time; write minutes above 0, at most {MOST_MINUTES}."
    return f"{what} is empty; write a text, or take it out."


def _overruled(given: _File, fixed: _File) -> Iterator[str]:
    for name, value in given.values.items():
        if name in fixed.values and value != fixed.values[name]:
            place = given.source.place((name,))
            yield (
                f'{place} {name} is not "{given.written[name]}" but "{fixed.written[name]}": '
                f"the policy of this machine ({fixed.source.file}) fixes it."
            )
