"""`offbook review` as a user starts it: a real process, a real journal, a real port."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from disks import Disk
from reviewed import whole_call
from user import OFFBOOK

from cues.journal.open import open_file
from cues.journal.writer import Writer


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Review's token lies there."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def journal_with_a_call(file: Path) -> Path:
    opened = open_file(file)
    writer = Writer(opened, lambda event: None)
    for event in whole_call():
        writer.write(event)
    assert writer.close() == 0
    opened.close()
    return file


@contextmanager
def running(journal: Path, port: int) -> Iterator[str]:
    """What the command prints until its pages can be read."""
    command = [OFFBOOK, "review", "--no-browser", "--journal", str(journal), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        yield printed
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def address(printed: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", printed)
    assert found, printed
    return found[0]


def test_the_printed_address_opens_the_calls(tmp_path: Path) -> None:
    journal = journal_with_a_call(tmp_path / "journal.db")
    port = free_port()
    with running(journal, port) as printed, httpx2.Client(follow_redirects=True, trust_env=False) as client:
        assert f":{port}/" in printed
        page = client.get(address(printed))
        assert "Fabrikam Retail" in page.text
        assert "token" not in str(page.url)
        for query, found in (("rep=tom&text=too+expensive", 1), ("since=2026-11-25", 0), ("outcome=missed", 1)):
            assert client.get(f"http://127.0.0.1:{port}/?{query}").text.count("data-step") == found
        assert "Trade, never discount" in client.get(f"http://127.0.0.1:{port}/calls/call-1").text
        assert client.get(f"http://127.0.0.1:{port}/calls/none").status_code == 404
        assert "server" not in page.headers


def test_a_journal_and_a_data_folder_that_can_not_be_written(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls can be read all the same, with a token that nobody keeps."""
    journal = journal_with_a_call(disk.folder / "offbook" / "journal.db")
    monkeypatch.setenv("XDG_DATA_HOME", str(disk.folder))
    assert disk.again("ro")
    with running(journal, 0) as printed, httpx2.Client(follow_redirects=True, trust_env=False) as client:
        assert "review.token: the token can't be kept there (Read-only file system)" in printed
        page = client.get(address(printed))
        assert "Fabrikam Retail" in page.text
        assert "Trade, never discount" in client.get(page.url.join("/calls/call-1")).text
        assert client.get(page.url.join("/?text=too+expensive")).text.count("data-step") == 1
    assert [each.name for each in (disk.folder / "offbook").iterdir()] == ["journal.db"]


def test_a_port_in_use_is_said_and_another_taken(tmp_path: Path) -> None:
    journal = journal_with_a_call(tmp_path / "journal.db")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(journal, port) as printed:
            assert f"Port {port} is in use; taking " in printed
            assert httpx2.get(address(printed), trust_env=False).status_code == 303


def test_it_listens_on_loopback_alone(tmp_path: Path) -> None:
    journal = journal_with_a_call(tmp_path / "journal.db")
    port = free_port()
    with running(journal, port):
        time.sleep(0.2)
        listening = Path("/proc/net/tcp").read_text()
        mine = [line.split()[1] for line in listening.splitlines() if f":{port:04X} " in line and " 0A " in line]
        assert mine == [f"0100007F:{port:04X}"]
