"""The settings file and the machine's policy, as a rep and an administrator write them."""

import os
import sys
from pathlib import Path

import pytest
from user import ROOT, Run

from asr.errors import BadInputError
from overlay.settings import Loaded, Settings, load_settings, policy_file
from overlay.settings_table import table

NONE = Path("/nowhere/policy.yaml")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the rep's settings, named by OFFBOOK_SETTINGS."""
    file = tmp_path / "settings.yaml"
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(file))
    monkeypatch.setenv("COLUMNS", "160")
    return file


def load(file: Path, text: str, policy: str | None = None) -> Loaded:
    file.write_text(text)
    if policy is None:
        return load_settings(policy=NONE)
    (file.parent / "policy.yaml").write_text(policy)
    return load_settings(policy=file.parent / "policy.yaml")


def wrong(file: Path, text: str, policy: str | None = None) -> list[str]:
    with pytest.raises(BadInputError) as error:
        load(file, text, policy)
    return str(error.value).splitlines()


def test_without_a_file_everything_is_as_shipped(file: Path) -> None:
    loaded = load_settings(policy=NONE)
    assert loaded.settings == Settings()
    assert (loaded.settings.consent, loaded.settings.keep_audio, loaded.settings.auto) == ("remind", False, False)
    assert (loaded.fixed, loaded.given, loaded.notices, loaded.file) == (frozenset(), frozenset(), (), file)
    assert 1 <= loaded.settings.threads_in_force() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("empty", ["", "# nothing yet\n", "{}\n"])
def test_an_empty_file_sets_nothing(file: Path, empty: str) -> None:
    assert load(file, empty).settings == Settings()


def test_every_setting_is_read(file: Path) -> None:
    text = (
        "rep: Anna\nmicrophone: 'Headset: Jabra'\nbuyer_sound: Speakers\nmodel: tiny.en\nthreads: 3\nconsent: require\n"
        "keep_audio: yes\nauto: true\nsilence_minutes: 2.5\nplaybook: books/northwind\n"
    )
    loaded = load(file, text)
    assert loaded.settings == Settings(
        rep="Anna",
        microphone="Headset: Jabra",
        buyer_sound="Speakers",
        model="tiny.en",
        threads=3,
        consent="require",
        keep_audio=True,
        auto=True,
        silence_minutes=2.5,
        playbook=file.parent / "books/northwind",
    )
    assert loaded.given == frozenset(Settings.model_fields)
    assert loaded.settings.threads_in_force() == 3


def test_all_mistakes_are_told_at_once_with_place_and_mend(file: Path) -> None:
    text = (
        "microfone: Jabra\nconsent: requir\nkeep_audio: maybe\nthreads: 0\nsilence_minutes: soon\nrep: [a, b]\n"
        'model:\nbuyer_sound: ""\n'
    )
    assert wrong(file, text) == [
        f'{file}:1:1: unknown key "microfone"; did you mean "microphone"?',
        f'{file}:2:10: unknown consent "requir"; did you mean "require"?',
        f'{file}:3:13: "maybe" is neither true nor false; choose one of true, false.',
        f'{file}:4:10: "0" is no number of threads; write a whole number from 1 to 256.',
        f'{file}:5:18: "soon" is no time; write minutes above 0, at most 1440.',
        f'{file}:6:6: "rep" must be one value, not a list or a mapping; write it on one line.',
        f'{file}:7:7: "model" has no value; write one, or take it out.',
        f'{file}:8:14: "buyer_sound" is empty; write a text, or take it out.',
    ]


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "1441"])
def test_times_that_are_none(file: Path, minutes: str) -> None:
    assert wrong(file, f"silence_minutes: {minutes}\n") == [
        f'{file}:1:18: "{minutes}" is no time; write minutes above 0, at most 1440.'
    ]


def test_what_is_no_mapping_or_no_yaml(file: Path) -> None:
    assert wrong(file, "- rep: Anna\n") == [f"{file}:1:1: settings are made of keys; write each as `key: value`."]
    (line,) = wrong(file, "rep: 'Anna\n")
    assert line.startswith(f"{file}:1:6: ")


def test_a_folder_where_the_file_should_be(file: Path) -> None:
    file.mkdir()
    with pytest.raises(BadInputError, match="can't be read"):
        load_settings(policy=NONE)


def test_the_policy_fixes_what_it_names(file: Path) -> None:
    loaded = load(file, "rep: Anna\nconsent: none\nkeep_audio: false\n", "consent: require\nkeep_audio: no\n")
    policy = file.parent / "policy.yaml"
    assert (loaded.settings.rep, loaded.settings.consent, loaded.settings.keep_audio) == ("Anna", "require", False)
    assert loaded.fixed == {"consent", "keep_audio"}
    assert loaded.notices == (
        f'{file}:2:10: consent is not "none" but "require": the policy of this machine ({policy}) fixes it.',
    )
    assert [loaded.origin(name) for name in ("consent", "rep", "model")] == ["policy", "file", "default"]


def test_a_policy_fixes_a_setting_to_its_default_too(file: Path) -> None:
    loaded = load(file, "threads: 8\n", "threads: null\n")
    assert loaded.settings.threads is None
    assert len(loaded.notices) == 1


def test_a_policy_with_a_mistake_is_never_ignored(file: Path) -> None:
    (line,) = wrong(file, "", "consnt: require\n")
    assert line == f'{file.parent / "policy.yaml"}:1:1: unknown key "consnt"; did you mean "consent"?'


def test_a_playbook_of_the_policy_begins_at_the_policy(file: Path, tmp_path: Path) -> None:
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine/policy.yaml").write_text("playbook: books\n")
    assert load_settings(policy=tmp_path / "machine/policy.yaml").settings.playbook == tmp_path / "machine/books"


@pytest.mark.skipif(sys.platform != "linux", reason="where the policy lies on Linux")
def test_no_environment_variable_moves_the_policy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HOME", "OFFBOOK_SETTINGS", "OFFBOOK_POLICY"):
        monkeypatch.setenv(name, str(tmp_path))
    assert policy_file() == Path("/etc/offbook/policy.yaml")


def test_the_command_prints_settings_origin_and_place(offbook: Run, file: Path) -> None:
    shown = offbook("settings")
    assert shown.returncode == 0, shown.stderr
    assert f"Yours: {file} (not there yet)" in shown.stdout
    file.write_text("rep: '[bold]Anna'\nsilence_minutes: 3\n")
    rows = {row.split()[0]: row.split()[1:] for row in offbook("settings").stdout.splitlines() if row.strip()}
    assert rows["rep"] == ["[bold]Anna", "file"]
    assert rows["silence_minutes"] == ["3", "file"]
    assert rows["consent"] == ["remind", "default"]
    assert rows["Yours:"] == [str(file)]


def test_the_command_ends_with_2_on_mistakes(offbook: Run, file: Path) -> None:
    file.write_text("rap: Anna\nauto: perhaps\n")
    result = offbook("settings")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 2
    assert f'{file}:1:1: unknown key "rap"; did you mean "rep"?' in result.stderr


def test_settings_md_holds_the_table_of_the_model() -> None:
    assert table() in (ROOT / "overlay/SETTINGS.md").read_text()


def test_the_sample_in_settings_md_loads(file: Path) -> None:
    sample = (ROOT / "overlay/SETTINGS.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    assert load(file, sample).settings.consent == "require"
