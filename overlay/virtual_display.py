"""A display that nobody sees, for the demo where there is no screen: Xvfb, and openbox if it is there.

No thread of its own; the display ends with the block, and with this process even where that is killed.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import NamedTemporaryFile

from asr.errors import BadInputError

SIZE = (1280, 800)
SETTINGS = '<openbox_config xmlns="http://openbox.org/3.4/rc"/>'
"""None of the user's, which may move or decorate windows."""
_PR_SET_PDEATHSIG = 1


@contextmanager
def virtual_display(size: tuple[int, int] = SIZE) -> Iterator[str]:
    """The name of a display of its own, such as :99. Raises BadInputError where there can be none."""
    with ExitStack() as stack:
        name = _serve(size, stack)
        settings = stack.enter_context(NamedTemporaryFile("w", suffix=".xml"))
        settings.write(SETTINGS)
        settings.flush()
        _start(["openbox", "--sm-disable", "--config-file", settings.name], stack, {"DISPLAY": name})
        yield name


def _serve(size: tuple[int, int], stack: ExitStack) -> str:
    reading, writing = os.pipe()
    screen = f"{size[0]}x{size[1]}x24"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    started = _start(command, stack, {}, writing)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    if not number:
        why = "did not start" if started else "is not installed"
        raise BadInputError(f"There is no display, and a virtual one can't be made, for Xvfb {why} (see .ci/setup).")
    return f":{number}"


def _start(command: list[str], stack: ExitStack, variables: dict[str, str], *kept: int) -> bool:
    """False where the program is missing."""
    if sys.platform == "win32" or shutil.which(command[0]) is None:
        return False
    process = subprocess.Popen(
        command,
        env=os.environ | variables,
        pass_fds=kept,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the call, not for the display under it
        preexec_fn=_end_with_parent,
    )
    stack.callback(_end, process)
    return True


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
