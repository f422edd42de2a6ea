"""A process makes room for others."""

import os
import subprocess
import sys

import pytest
from user import ROOT

from overlay.priority import NICE, hearing_environment

PROGRAM = """
import os, threading
from overlay.priority import lower_priority
os.nice({already})
lower_priority()
lower_priority()
print(os.getpriority(os.PRIO_PROCESS, 0))
later = threading.Thread(target=lambda: print(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
later.start()
later.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has priority classes instead")
@pytest.mark.parametrize("already", [0, 15])
def test_it_is_lowered_once_and_never_raised(already: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(already=already)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(max(NICE, min(19, own + already)))] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="counts the threads in /proc")
def test_matrix_products_keep_to_one_thread() -> None:
    program = "import os, numpy as np; a = np.ones((800, 800)); a @ a; print(len(os.listdir('/proc/self/task')))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=hearing_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1"]


def test_who_chose_another_number_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    assert hearing_environment()["OPENBLAS_NUM_THREADS"] == "3"
