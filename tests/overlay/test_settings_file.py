"""Writing into the rep's settings file."""

import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from asr.errors import BadInputError
from overlay.settings import load_settings
from overlay.settings_file import with_values, write_settings

NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(lambda s: s.strip() == s)


def test_a_new_file_says_what_may_stand_in_it(tmp_path: Path) -> None:
    file = tmp_path / "config" / "settings.yaml"
    write_settings(file, {})
    assert "offbook settings" in file.read_text()
    assert load_settings(file).settings.microphone is None


def test_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("# mine\nrep: Anna  # me\nmicrophone: Old\nconsent: none\n")
    write_settings(file, {"microphone": "Jabra: Evolve2 #65"})
    assert file.read_text() == "# mine\nrep: Anna  # me\nmicrophone: 'Jabra: Evolve2 #65'\nconsent: none\n"
    assert load_settings(file).settings.microphone == "Jabra: Evolve2 #65"


@given(NAMES, st.sampled_from(["", "# a\n", "rep: Anna\n", "microphone: x\nrep: Anna", "rep: Anna\nmicrophone : x\n"]))
def test_any_name_is_read_as_it_was_written(name: str, text: str) -> None:
    assert yaml.safe_load(with_values(text, {"microphone": name}))["microphone"] == name


@pytest.mark.parametrize("text", ["microphone: >\n  two\n  lines\n", "{rep: Anna}\n", "- a\n", "rep: [\n"])
def test_an_unusual_file_is_left_alone(text: str) -> None:
    with pytest.raises(BadInputError, match=r"write `microphone: Jabra` into it yourself"):
        with_values(text, {"microphone": "Jabra"})


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    with pytest.raises(BadInputError, match="can't be written"):
        write_settings(tmp_path / "there" / "settings.yaml", {"microphone": "Jabra"})


def test_a_link_to_the_file_is_not_broken(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "settings.yaml"
    real.write_text("rep: Anna\n")
    real.chmod(0o600)
    link.symlink_to(real)
    write_settings(link, {"microphone": "Jabra"})
    assert link.is_symlink()
    assert "Jabra" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
