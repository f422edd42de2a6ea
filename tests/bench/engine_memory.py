"""The most memory that the engine takes in a call: `python -m tests.bench.engine_memory`, as long as the demo call."""

import subprocess
import time
from pathlib import Path

from rich.console import Console

from tests.processor import children
from tests.user import DEMO_CALL, OFFBOOK

BAR_MB = 600


def peak_mb(call: Path) -> float:
    """Of the process that hears, reads and decides, while the call is played in real time."""
    command = [str(OFFBOOK), "replay", str(call), "--headless", "--no-journal", "--model", "base"]
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as replay:
        while replay.poll() is None:
            peak = max([peak, *map(_peak_mb, children(replay.pid))])
            time.sleep(0.5)
    return peak


def _peak_mb(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def print_memory(peak: float, console: Console) -> None:
    console.print(f"The engine's memory at its peak: {peak:.0f} MB (bar: {BAR_MB} MB)")


if __name__ == "__main__":
    print_memory(peak_mb(DEMO_CALL), Console())
