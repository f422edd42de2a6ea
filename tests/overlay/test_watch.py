"""`offbook watch` as enablement sees it: the command runs while its folder is saved, replaced, taken away."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from user import DEMO_PLAYBOOK, OFFBOOK, Run, refused

from cues.stamp import changes, stamp

WITHIN_S = 1.0
SLACK = 30
"""The machine may have other things to do."""
BROKEN = ("objection_price", "objection_prize")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo playbook."""
    shutil.copytree(DEMO_PLAYBOOK, tmp_path / "playbook")
    return tmp_path / "playbook"


def heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watching:
    """The command, and what it has printed so far."""

    def __init__(self, folder: Path, out: Path) -> None:
        self._out = out
        with out.open("w") as file:
            # A test that itself runs in a shell's background would hand on that Ctrl-C is ignored.
            self.process = subprocess.Popen(
                [str(OFFBOOK), "watch", str(folder)], stdout=file, stderr=file, preexec_fn=heed_ctrl_c
            )
        self.wait("Valid. 20 cues.")

    def text(self) -> str:
        return self._out.read_text()

    def wait(self, text: str, count: int = 1) -> None:
        until = time.monotonic() + WITHIN_S * SLACK
        while self.text().count(text) < count:
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < until, f"no {text!r} in {self.text()}"
            time.sleep(0.05)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WITHIN_S * SLACK)


@pytest.fixture
def watching(folder: Path, tmp_path: Path) -> Iterator[Watching]:
    watching = Watching(folder, tmp_path / "out")
    yield watching
    assert "Traceback" not in watching.text()
    if watching.process.poll() is None:
        watching.process.kill()
        watching.process.wait()


def test_each_save_is_checked_and_ctrl_c_ends_it_well(watching: Watching, folder: Path) -> None:
    good = (folder / "deal.yaml").read_text()
    (folder / "deal.yaml").write_text(good.replace(*BROKEN))
    watching.wait("1 error.")
    watching.wait(f'{folder}/deal.yaml:7:19: unknown moment "objection_prize"; did you mean "objection_price"?')
    (folder / "deal.yaml").write_text(good)
    watching.wait("Valid. 20 cues.", 2)
    assert watching.end() == 0


def test_a_file_that_an_editor_replaces_and_a_folder_that_goes_and_comes_back_are_seen(
    watching: Watching, folder: Path
) -> None:
    new = folder / ".deal.yaml.swp"
    new.write_text((folder / "deal.yaml").read_text().replace(*BROKEN))
    new.replace(folder / "deal.yaml")
    watching.wait("1 error.")
    away = folder.rename(folder.with_name("away"))
    watching.wait("no such playbook folder")
    shutil.copytree(DEMO_PLAYBOOK, folder)
    watching.wait("Valid. 20 cues.", 2)
    for file in away.iterdir():
        (folder / file.name).write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    watching.wait(" error", 2)
    assert watching.process.poll() is None


def test_a_folder_that_is_not_there_at_first_is_told_in_one_sentence(offbook: Run) -> None:
    refused(offbook("watch", "nowhere"), "nowhere: no such playbook folder")


def test_a_save_of_the_same_size_in_the_same_moment_is_seen_where_the_file_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    before = stamp(tmp_path)
    (tmp_path / "b").write_text("y")
    (tmp_path / "b").replace(tmp_path / "a.yaml")
    assert stamp(tmp_path) != before


def test_files_that_are_still_being_written_are_not_looked_at_until_they_rest(tmp_path: Path) -> None:
    file, waits = tmp_path / "a.yaml", 0

    def wait(_: float) -> bool:
        nonlocal waits
        waits += 1
        if waits <= 4:
            file.write_text("x" * waits)
        return waits > 8

    assert list(changes(tmp_path, stamp(tmp_path), wait)) == [stamp(tmp_path)]
    assert len(file.read_text()) == 4


def test_what_editors_hide_beside_a_file_is_no_change(tmp_path: Path) -> None:
    before = stamp(tmp_path)
    (tmp_path / ".a.yaml.swp").write_text("half")
    (tmp_path / "a.yaml~").write_text("old")
    assert stamp(tmp_path) == before == ()
