"""What a call leaves in the data folder is its owner's alone, also where the folder was open to others before."""

from pathlib import Path

import pytest
from calls import a_call
from user import OFFBOOK, run_command

from cues.journal.open import open_journal
from cues.journal.writer import Writer


def modes(folder: Path) -> dict[str, str]:
    return {file.name: oct(file.stat().st_mode & 0o777) for file in [folder, *folder.iterdir()]}


def test_a_call_leaves_its_owner_s_files(
    machine: Path, silence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "offbook"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("OFFBOOK_JOURNAL")
    data.mkdir()
    writer = Writer(open_journal(str(data / "journal.db")), print)
    writer.write(a_call("aa11")[0])
    assert writer.close() == 0
    for path in (data / "feed.token", data / "journal.db-wal"):
        path.touch()
    for path in (*data.iterdir(), data):
        path.chmod(0o755)
    (data / "models").symlink_to(machine / "models")
    command = ["bash", "-c", f"umask 022; exec '{OFFBOOK}' replay '{silence}' --headless"]
    result = run_command(command, tmp_path)
    assert result.returncode == 0, result.stderr
    found = modes(data)
    assert found.pop("offbook") == "0o700"
    del found["models"]
    assert found.pop("playbooks") == "0o700"
    kept = list((data / "playbooks").rglob("*"))
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in kept if path.is_file()} == {"0o600"}
    assert found == dict.fromkeys(["journal.db", "feed.token", ".feed.token.lock"], "0o600")
    assert len((data / "feed.token").read_text()) >= 32
