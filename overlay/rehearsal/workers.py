"""Runs a function on all cores with Dask: in processes of this machine, or on a cluster that a person named.

Locally no port is opened: Dask's process pool talks over pipes. Its local cluster would listen on a port without a
password, where every user of this machine could read the calls' words.
"""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import dask

from asr.errors import BadInputError
from overlay.settings import cores

_In = TypeVar("_In")
_Out = TypeVar("_Out")
CONNECT_S = 10


@dataclass(frozen=True)
class Workers:
    """How many calls go at a time."""

    cores: int

    def each(self, function: Callable[[_In], _Out], inputs: Iterable[_In]) -> Iterator[_Out]:
        """The results in order; as many at a time as there are cores, so that an end in between loses no more."""
        rest = iter(inputs)
        while batch := list(islice(rest, self.cores)):
            # Packed, for Dask would walk through every word to look for what is to be computed first.
            yield from dask.compute(
                *(dask.delayed(_unpacked, pure=False)(pickle.dumps((function, one))) for one in batch)
            )


@contextmanager
def workers(scheduler: str | None) -> Iterator[Workers]:
    """All cores of this machine, or of the cluster at `scheduler`. Raises BadInputError where none answers there."""
    if scheduler is not None:
        with _cluster(scheduler) as found:
            yield found
        return
    # The workers are started anew, and numpy reads this once: of several threads each would only wait for the others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    pool = ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"), _leave_interrupts)
    try:
        with dask.config.set(scheduler="processes", pool=pool, chunksize=1):
            yield Workers(cores())
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Workers]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise BadInputError(
            f"--scheduler {scheduler}: no Dask scheduler answers there; start one, or leave it out."
        ) from error
    with client:
        there = sum(client.ncores().values())
        if not there:
            raise BadInputError(
                f"--scheduler {scheduler}: it has no workers; start some with `dask worker {scheduler}`."
            )
        yield Workers(there)


def _unpacked(packed: bytes) -> object:
    function, one = pickle.loads(packed)
    return function(one)


def _leave_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
