"""A company's heads come and go one step at a time; what is damaged, or made for another version, is not used."""

from pathlib import Path

import pytest

from asr.errors import BadInputError
from models.graph import with_layers
from models.heads import BASE, HEADS_FILE, Heads
from models.own_heads import heads_folder, heads_in_force, install, roll_back


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def made(name: str, base: str | None = None) -> bytes:
    """Heads as `offbook train --add` writes them, learned on top of `base` or the package's own."""
    return with_layers(HEADS_FILE.read_bytes(), {}, {BASE: base or Heads().sha256, "name": name})


def test_without_any_the_packages_own_are_in_force(data: Path) -> None:
    found = heads_in_force()
    assert (found.file, found.notice, found.name) == (None, None, "Offbook's own heads")
    assert found.heads.sha256 == Heads().sha256
    assert not roll_back()
    assert not list(data.iterdir()), "looking leaves nothing behind"


def test_the_newest_are_in_force_and_rolling_back_goes_one_step() -> None:
    files = [install(made(str(number))) for number in range(11)]
    for file in reversed(files):
        found = heads_in_force()
        assert found.file == file
        assert found.heads.sha256.startswith(file.stem.split("-")[1])
        assert found.heads.sha256[:12] in found.name
        assert roll_back()
    assert heads_in_force().file is None
    assert not roll_back()
    assert not list(heads_folder().iterdir())


def test_damaged_heads_are_not_used() -> None:
    install(made("before"))
    file = install(made("after"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    for damage in (bytes(content), content[: len(content) // 2], b""):
        file.write_bytes(damage)
        found = heads_in_force()
        assert found.file is None
        assert found.heads.sha256 == Heads().sha256
        assert found.notice == (
            f"{file}: your heads are damaged, so Offbook's own are used; learn again with `offbook train --add DIR`."
        )
    assert roll_back()
    assert heads_in_force().file is not None, "those before are whole"


def test_heads_of_another_version_are_not_used() -> None:
    content = made("other labels").replace(b'"opening", "discovery"', b'"discovery", "opening"')
    for other in (made("older", base="0" * 64), HEADS_FILE.read_bytes(), content, b"no graph"):
        file = install(other)
        found = heads_in_force()
        assert found.file is None
        assert found.notice is not None
        assert found.notice.startswith(f"{file}: your heads were learned with another version of Offbook, so its own")


def test_a_folder_that_can_not_be_written_is_one_sentence(data: Path) -> None:
    (data / "offbook").write_text("in the way")
    with pytest.raises(BadInputError, match="can't be written"):
        install(made("one"))
