"""What a command and all of its descendants take, from /proc: memory, threads, open handles, CPU; and whether it grows.

Thread: `sampler` (owner: Sampler) looks every few seconds until the block ends.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
WITHIN = 0.05
"""Memory that is flat stays so near to what it was."""


@dataclass(frozen=True)
class Sample:
    """One look. `at` is on the sampler's clock (s).

    `rss_mb` counts twice what two of the processes share, but nothing that others do changes it, as it would PSS.
    """

    at: float
    rss_mb: float
    threads: int
    handles: int
    cpu_s: float
    """Of all processes so far, with those that are over and were waited for."""


@dataclass(frozen=True)
class Span:
    """A part of the samples, from `begin` to `end` (s)."""

    begin: float
    end: float

    def of(self, samples: Sequence[Sample]) -> list[Sample]:
        found = [sample for sample in samples if self.begin <= sample.at <= self.end]
        assert len(found) >= 3, f"{len(found)} samples from {self.begin:.0f} to {self.end:.0f} s tell nothing"
        return found


class Sampler:
    """Looks at the process `root` and its descendants while the block lasts. `clock` gives a sample's time (s)."""

    def __init__(self, root: int, clock: Callable[[], float], every_s: float) -> None:
        self.samples: list[Sample] = []
        self._root, self._clock, self._every_s = root, clock, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="sampler", daemon=True)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(self._every_s):
            self.samples.append(look(self._root, self._clock()))


def look(root: int, at: float) -> Sample:
    """What the process `root` and its descendants take now. Of one that ends meanwhile, what could still be read."""
    processes = [Path(f"/proc/{pid}") for pid in family(root)]
    return Sample(
        at,
        rss_mb=sum(map(_rss_mb, processes)),
        threads=sum(len(_entries(process / "task")) for process in processes),
        handles=sum(len(_entries(process / "fd")) for process in processes),
        cpu_s=sum(map(_cpu_s, processes)),
    )


def family(root: int) -> list[int]:
    """The process and its descendants, parents first."""
    found = [root]
    for pid in found:
        for thread in _entries(Path(f"/proc/{pid}/task")):
            found += [int(child) for child in _read(Path(f"/proc/{pid}/task/{thread}/children")).split()]
    return found


def cost(samples: Sequence[Sample], span: Span) -> float:
    """CPU that was taken in a span, in cores: 0.05 is a twentieth of one."""
    first, *_, last = span.of(samples)
    return (last.cpu_s - first.cpu_s) / (last.at - first.at)


def least_cost(samples: Sequence[Sample], span: Span, seconds: float) -> float:
    """The same of the cheapest part of a span that is so long: what others do on the machine makes CPU dearer, too."""
    begins = (sample.at for sample in span.of(samples) if sample.at + seconds <= span.end)
    return min(cost(samples, Span(begin, begin + seconds)) for begin in begins)


def growth(samples: Sequence[Sample], before: Span, after: Span) -> list[str]:
    """Sentences about what is not the same in `after` as it was in `before`; none where all is flat."""
    was, now = before.of(samples), after.of(samples)
    told = []
    memory = _middle(was, "rss_mb"), _middle(now, "rss_mb")
    if abs(memory[1] / memory[0] - 1) > WITHIN:
        told.append(f"memory: {memory[0]:.0f} MB became {memory[1]:.0f} MB")
    for what in ("threads", "handles"):
        if _middle(now, what) > _middle(was, what):
            told.append(f"{what}: {_middle(was, what):.0f} became {_middle(now, what):.0f}")
    return told


def table(samples: Sequence[Sample], spans: Sequence[Span]) -> str:
    """The middle of each span, a line each."""
    lines = ["from s    to s  RSS MB  threads  handles  % of a core"]
    for span in spans:
        found = span.of(samples)
        figures = (_middle(found, what) for what in ("rss_mb", "threads", "handles"))
        lines.append(
            "{:6.0f}  {:6.0f}  {:6.1f}  {:7.0f}  {:7.0f}  {:11.2f}".format(
                span.begin, span.end, *figures, 100 * cost(samples, span)
            )
        )
    return "\n".join(lines)


def _middle(samples: Sequence[Sample], what: str) -> float:
    return float(median(getattr(sample, what) for sample in samples))


def _rss_mb(process: Path) -> float:
    pages = _read(process / "statm").split()
    return int(pages[1]) * PAGE_MB if pages else 0.0


def _cpu_s(process: Path) -> float:
    fields = _read(process / "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) * TICK_S


def _read(file: Path) -> str:
    with suppress(OSError):
        return file.read_text()
    return ""


def _entries(folder: Path) -> list[str]:
    with suppress(OSError):
        return [entry.name for entry in folder.iterdir()]
    return []
