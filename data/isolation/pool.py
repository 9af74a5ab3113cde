"""Processes in which users' files are read: limits, turns, and one kept ready (data/isolation/worker.py).

A command reads and loads its files in a process of its own (data/loading/command.py). No heavy library is
imported here.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from data import settings
from data.storage.processes import EXIT_CAUSES, ChildProcess

MEGABYTE = 1_000_000
PARALLEL_READERS = 2  # files that are read
TURN_SECONDS = 8.0  # how long a file waits for its turn
IDLE_SECONDS = 600
LATE_SECONDS = 5.0  # beyond its time, in which a process should have ended itself
WATCH_INTERVAL_SECONDS = 0.05
ADDRESS_RESERVE = 3_000 * MEGABYTE  # beyond the memory, that libraries reserve and do not use
THREADS = "2"


class NoFreeReader(Exception):
    """Error: too many files are being read."""


@dataclass(frozen=True)
class Limits:
    """Limits of reading: seconds, bytes of memory held."""

    seconds: float
    memory: int


def get_visitor_limits() -> Limits:
    """Return the limits for a file that a visitor puts into a page: PARK_READ_SECONDS, PARK_READ_MEMORY_MB."""
    seconds, megabytes = (
        settings.get_number_setting("PARK_READ_SECONDS"),
        settings.get_number_setting("PARK_READ_MEMORY_MB"),
    )
    return Limits(seconds, int(megabytes * MEGABYTE))


def get_operator_limits(size: int) -> Limits:
    """Return the limits for files on the command line. size: of all of them together, in bytes."""
    megabytes = size / MEGABYTE
    return Limits(120 + 6 * megabytes, int(2_000 + 20 * megabytes) * MEGABYTE)


class ReaderProcess(ChildProcess):
    """A process that reads one file at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.used = limits, time.monotonic()
        given = {name: text for name, text in os.environ.items() if name.startswith("PARK_")}
        super().__init__(
            "data.isolation.worker",
            {"memory": limits.memory + ADDRESS_RESERVE},
            given | {"POLARS_MAX_THREADS": THREADS},
        )

    def fits(self, limits: Limits) -> bool:
        """Return whether it can read another file: alive, not about to end by itself, with the same limits."""
        return self.living and self.limits == limits and time.monotonic() - self.used < IDLE_SECONDS / 2


def enforce_limits(child: ChildProcess, limits: Limits, done: threading.Event, ended: list[str]) -> None:
    """Kill a process that holds too much memory, or does not end itself in time. ended: receives timeout or memory.

    done: set when the process need not be watched any more. The process's own limit is one of address space, of
    which libraries take a gigabyte more than they ever use.
    """
    until = time.monotonic() + limits.seconds + LATE_SECONDS
    while not done.wait(WATCH_INTERVAL_SECONDS):
        late = time.monotonic() > until
        if late or child.memory > limits.memory:
            ended.append("timeout" if late else "memory")
            child.kill()
            return


def run_within_limits(module: str, arguments: Sequence[str], limits: Limits) -> tuple[int, str]:
    """Run a command within limits: return its exit code, and what ended it.

    What ended it is timeout, memory, failed, or "" for nothing.
    """
    done, ended = threading.Event(), list[str]()
    first = {"memory": limits.memory + ADDRESS_RESERVE, "seconds": limits.seconds}
    child = ChildProcess(module, first, {"POLARS_MAX_THREADS": THREADS}, arguments)
    threading.Thread(target=enforce_limits, args=(child, limits, done, ended), daemon=True).start()
    try:
        code = child.process.wait()
    finally:
        done.set()
        child.close()
    cause = ended[0] if ended else EXIT_CAUSES.get(code, "failed") if code < 0 else ""
    return code, cause


class ReaderPool:
    """A pool that gives turns to files, and keeps one process for the next file."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(PARALLEL_READERS)
        self.lock = threading.Lock()
        self.idle: ReaderProcess | None = None

    @contextmanager
    def reader(self, limits: Limits) -> Iterator[ReaderProcess]:
        """Lend a process when it is the caller's turn. Raises NoFreeReader if too many files are being read."""
        if not self.turns.acquire(timeout=TURN_SECONDS):
            raise NoFreeReader
        try:
            with self.lock:
                idle, self.idle = self.idle, None
            if idle is not None and not idle.fits(limits):
                idle.close()
                idle = None
            yield idle or ReaderProcess(limits)
        finally:
            self.turns.release()

    def keep(self, reader: ReaderProcess) -> None:
        """Take back a process for the next file."""
        reader.used = time.monotonic()
        with self.lock:
            before, self.idle = self.idle, reader
        if before is not None:
            before.close()

    def start(self, limits: Limits) -> None:
        """Start a process for the next file, if none is ready."""
        with self.lock:
            if self.idle is None:
                self.idle = ReaderProcess(limits)

    def close(self) -> None:
        with self.lock:
            idle, self.idle = self.idle, None
        if idle is not None:
            idle.close()


READER_POOL = ReaderPool()
atexit.register(READER_POOL.close)


def start_reader(limits: Limits | None = None) -> None:
    """Start a process in the background, so that the next file need not wait for it.

    limits: None for those of visitors.
    """
    READER_POOL.start(limits or get_visitor_limits())
