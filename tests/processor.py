"""How busy the processor is, and with whose work: from Linux' /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_IDLE = (3, 4)
"""The columns of /proc/stat for idling and waiting for a disk."""


@dataclass(frozen=True)
class Thread:
    """Its niceness, and the seconds of processor that it took so far."""

    nice: int
    cpu_s: float


def busy_s() -> float:
    """Seconds of all cores so far that were not idle, whoever had them; those another virtual machine took, too."""
    columns = [int(x) for x in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks for k, ticks in enumerate(columns) if k not in _IDLE) / _TICKS


def own_s() -> float:
    """Seconds so far of this process and all that it started, directly or not, that are still there or waited for."""
    rows = _processes()
    own, found = set(), {os.getpid()}
    while found:
        own |= found
        found = {pid for pid, row in rows.items() if int(row[1]) in own} - own
    return sum(sum(map(int, rows[pid][11:15])) for pid in own if pid in rows) / _TICKS


def children(process: int) -> list[int]:
    """What a process has started itself."""
    return sorted(pid for pid, row in _processes().items() if int(row[1]) == process)


def threads(process: int) -> dict[int, Thread]:
    """A process' threads, by their number; the main one has the process'."""
    return {
        number: Thread(int(row[16]), sum(map(int, row[11:13])) / _TICKS)
        for number, row in _rows(Path(f"/proc/{process}/task")).items()
    }


def _processes() -> dict[int, list[str]]:
    return _rows(Path("/proc"))


def _rows(folder: Path) -> dict[int, list[str]]:
    """What each `stat` says after the name, from the state on."""
    found = {}
    for entry in folder.iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it is gone
    return found
