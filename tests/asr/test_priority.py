"""What decodes makes room for others, and nothing else does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from user import ROOT

from asr.priority import NICE, hearing_environment

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="niceness is each thread's own on Linux alone")
AUTOGROUP = pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel has no autogroup")
THREADS = """
import os, threading
from asr.priority import lower_engine, lower_thread
os.nice({already})
if {live}:
    lower_engine()
def nice():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
def decode():
    lower_thread()
    lower_thread()
    later = threading.Thread(target=lambda: print(nice()))
    later.start()
    later.join()
    print(nice())
decoding = threading.Thread(target=decode)
decoding.start()
decoding.join()
print(nice())
"""
SESSION = """
import pathlib
from asr.priority import lower_engine
lower_engine()
print(pathlib.Path("/proc/self/autogroup").read_text().split()[-1])
"""
GUEST = f"""
import pathlib, subprocess, sys
group = pathlib.Path("/proc/self/autogroup")
print(group.read_text())
subprocess.run([sys.executable, "-c", {SESSION!r}], check=True, stdout=subprocess.DEVNULL)
print(group.read_text())
"""


def run(program: str, *, own_session: bool = False) -> list[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=ROOT, start_new_session=own_session, capture_output=True, text=True, check=True
    ).stdout.split()


@LINUX
@pytest.mark.parametrize("already", [0, 15])
def test_a_thread_is_lowered_once_and_never_raised_and_those_it_begins_follow(already: int) -> None:
    before = min(19, os.getpriority(os.PRIO_PROCESS, 0) + already)
    lowered = str(max(NICE, before))
    assert run(THREADS.format(already=already, live=True)) == [lowered, lowered, str(before)]


@LINUX
def test_a_recording_is_not_lowered() -> None:
    before = str(os.getpriority(os.PRIO_PROCESS, 0))
    assert run(THREADS.format(already=0, live=False)) == [before] * 3


@AUTOGROUP
def test_the_engines_own_session_is_lowered_and_never_another_programs() -> None:
    assert run(SESSION, own_session=True) == [str(NICE)]
    # An engine within another program's session; this program's own may be the kernel's first, which has no autogroup.
    group, _, nice, *after = run(GUEST, own_session=True)
    assert nice == "0"
    assert after == [group, "nice", "0"]


@LINUX
def test_matrix_products_keep_to_one_thread() -> None:
    program = "import os, numpy as np; a = np.ones((800, 800)); a @ a; print(len(os.listdir('/proc/self/task')))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=hearing_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1"]


@pytest.mark.parametrize("name", ["OPENBLAS_NUM_THREADS", "MALLOC_ARENA_MAX"])
def test_who_chose_another_number_keeps_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name, raising=False)
    assert hearing_environment()[name] == "1"
    monkeypatch.setenv(name, "3")
    assert hearing_environment()[name] == "3"
