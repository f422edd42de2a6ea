"""Nothing leaves the machine: a whole live call and its review, without a network, under a witness of every connect."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_command import READY_S, play, speech_of_both
from sound_server import SoundServer
from user import DEMO_PLAYBOOK, OFFBOOK

from overlay.virtual_display import virtual_display

ON_CI = ("CI", "PYTEST_CURRENT_TEST", "GITHUB_ACTIONS", "BUILD_ID", "TF_BUILD", "ORT_DISABLE_TELEMETRY")
TRACED = ("connect", "sendto", "sendmsg", "sendmmsg")
_INTERNET = re.compile(r"sa_family=AF_INET6?\b.*")
_LOOPBACK = re.compile(r'inet_addr\("127\.[0-9.]+"\)|inet_pton\(AF_INET6, "(::1|::ffff:127\.[0-9.]+)"')
# Both in one shell, so that the reader of the pages is on the same island.
SCRIPT = """
ip link set lo up
{offbook} listen --now --events {folder}/events.jsonl --journal {folder}/journal.db >{folder}/terminal 2>&1 &
listen=$!
echo $listen > {folder}/pid
wait $listen
{offbook} review --no-browser --port 0 --journal {folder}/journal.db > {folder}/review 2>&1 &
review=$!
for _ in $(seq 200); do grep -q Ctrl-C {folder}/review && break; sleep 0.1; done
{python} -c "{fetch}" "$(grep -o 'http[^ ]*' {folder}/review)" > {folder}/page
kill $review
"""
FETCH = (
    "import sys, urllib.request, http.cookiejar as c; "
    "o = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(c.CookieJar())); "
    "print(o.open(sys.argv[1]).read().decode())"
)


def island() -> str | None:
    """Why this machine gives no network of its own to a process, or None."""
    if shutil.which("strace") is None:
        return "strace is missing"
    tried = subprocess.run(
        ["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False
    )
    return None if tried.returncode == 0 else f"no network namespace can be made here: {tried.stderr.strip()}"


pytestmark = pytest.mark.skipif(island() is not None, reason=island() or "")


def strace(log: Path, *command: str | Path) -> list[str]:
    return [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        f"trace={','.join(TRACED)}",
        "-o",
        str(log),
        *map(str, command),
    ]


def outward(log: Path) -> list[str]:
    """The calls that name an address of the internet, but for loopback."""
    return [line for line in log.read_text().splitlines() if _INTERNET.search(line) and not _LOOPBACK.search(line)]


@pytest.mark.usefixtures("machine")
def test_a_whole_call_and_its_review_need_no_network_and_ask_for_none(server: SoundServer, tmp_path: Path) -> None:
    script = SCRIPT.format(offbook=OFFBOOK, python=sys.executable, folder=tmp_path, fetch=FETCH)
    log, events = tmp_path / "strace", tmp_path / "events.jsonl"
    with virtual_display() as display:
        command = ["unshare", "-n", *strace(log, "bash", "-c", script)]
        # Libraries that report home hold back where they see a CI machine; a rep's is none.
        kept = {name: value for name, value in os.environ.items() if name not in ON_CI}
        run = subprocess.Popen(command, env=kept | {"DISPLAY": display, "OFFBOOK_SETTINGS": os.devnull})
        try:
            until = time.monotonic() + READY_S
            while '"levels"' not in (events.read_text() if events.exists() else ""):
                assert time.monotonic() < until, (tmp_path / "terminal").read_text()
                time.sleep(0.2)
            play(server, speech_of_both(tmp_path))
            while '"card_shown"' not in events.read_text():
                assert time.monotonic() < until + 60, events.read_text()[-2000:]
                time.sleep(0.2)
            os.kill(int((tmp_path / "pid").read_text()), signal.SIGINT)
            assert run.wait(90) == 0, (tmp_path / "terminal").read_text()
        finally:
            run.kill()
            run.wait()
    heard = [json.loads(line) for line in events.read_text().splitlines()]
    assert heard[-1]["type"] == "call_ended"
    assert "They run Zendesk today" in (tmp_path / "terminal").read_text()
    assert "Offbook" in (tmp_path / "page").read_text()
    assert heard[0]["call"] in (tmp_path / "page").read_text()
    witnessed = log.read_text()
    assert 'inet_addr("127.0.0.1")' in witnessed, "the witness sees the overlay connect to the feed"
    assert outward(log) == []


@pytest.mark.usefixtures("machine")
def test_another_playbook_is_tried_on_calls_without_a_network(tmp_path: Path) -> None:
    line = {"i": 0, "t0": 20.0, "speaker": "buyer", "person": None, "text": "We are on Zendesk."}
    labels = {"stage": "discovery", "role": None, "competitors": [], "moments": []}
    for name in ("x", "y"):  # one alone needs no workers
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"call": name} | line | labels) + "\n")
    tried = [OFFBOOK, "try", DEMO_PLAYBOOK, "--against", DEMO_PLAYBOOK, "--calls", tmp_path, "--json"]
    script = f"ip link set lo up; {shlex.join(map(str, tried))}"
    log = tmp_path / "strace"
    kept = {name: value for name, value in os.environ.items() if name not in ON_CI}
    run = subprocess.run(
        ["unshare", "-n", *strace(log, "bash", "-c", script)], env=kept, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["calls"] == [{"call": name, "changes": []} for name in ("x", "y")]
    assert not _INTERNET.search(log.read_text()), "not even this machine's own ports"


def test_the_witness_sees_a_connect_to_elsewhere(tmp_path: Path) -> None:
    code = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"
    subprocess.run(
        strace(tmp_path / "log", "unshare", "-n", sys.executable, "-c", code), capture_output=True, check=False
    )
    (found,) = outward(tmp_path / "log")
    assert "192.0.2.1" in found
