"""Every command and every sample in the documents works as it stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_server import sound_server
from user import OFFBOOK, ROOT, run_command, write_wav

from cues.check import load_playbook
from cues.deal_file import read_deal

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "cues/PLAYBOOK.md", "overlay/FEED.md"]
_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(document: str, kind: str) -> list[str]:
    return [body for found, body in _BLOCK.findall((ROOT / document).read_text()) if found == kind]


def commands(document: str) -> list[tuple[str, str]]:
    """Each `$ command` with the output printed below it."""
    found = []
    for block in blocks(document, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip()))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout as the reader has it, with three short recordings of their own."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "models", "configs", ".ci"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "few").mkdir()
    for file in sorted((ROOT / "models/data/train").glob("a0[1-3].jsonl")) + sorted(
        (ROOT / "models/data/train").glob("*.json")
    ):
        (folder / "few" / file.name).symlink_to(file)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/offbook").symlink_to(OFFBOOK)
    for name, channels in (("call.wav", 2), ("me.wav", 1), ("them.wav", 1)):
        write_wav(folder / name, np.zeros((16_000, channels)))
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A reader's machine has a microphone and an output."""
    with sound_server():
        yield


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_works(document: str, folder: Path) -> None:
    for command, output in commands(document):
        result = run_command(["bash", "-c", quick(command)], folder)
        wrong = 'unknown moment "objection_prize"' in output
        assert result.returncode == (2 if wrong else 0), (command, result.stderr)
        assert output in result.stdout + result.stderr, command


def quick(command: str) -> str:
    """The same command without the waiting: make only says what it would do, replay runs at top speed, what never ends
    is ended soon, training learns from three calls and figures are of those, and on top of them nothing."""
    if command.startswith("make"):
        return command.replace("make", "make -n", 1)
    if " train --add " in command:
        return f"{command} --help"
    if " train " in command:
        return f"{command} --data few"
    if " eval " in command or " --calls " in command:
        return command.replace("models/data/test", "few")
    if " listen" in command:
        return f"timeout --preserve-status -s INT 15 {command} --headless --no-journal"
    if " watch " in command:
        return f"timeout --preserve-status -s INT 15 {command}"
    if " replay " in command:
        return f"{command} --speed max --headless"
    return command


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_sample_of_a_playbook_or_a_deal_loads(document: str, tmp_path: Path) -> None:
    for k, sample in enumerate(blocks(document, "yaml")):
        folder = tmp_path / str(k)
        folder.mkdir()
        (folder / "sample.yaml").write_text(sample)
        if sample.startswith("account: "):
            assert read_deal(folder / "sample.yaml")["account"] == "Contoso"
        else:
            assert load_playbook(folder).playbook == "Northwind"
