"""The processes in which files of others are read: their limits, turns, and one kept ready (data/isolation/worker.py).

A command reads and loads its files in one of its own (data/loading/command.py). Nothing heavy is imported here.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from data import settings
from data.storage.processes import CAUSES, Child

MEGABYTE = 1_000_000
AT_ONCE = 2  # files that are read
TURN_SECONDS = 8.0  # how long a file waits for its turn
IDLE_SECONDS = 600
LATE_SECONDS = 5.0  # beyond its time, in which a process should have ended itself
LOOK_SECONDS = 0.05
ADDRESSES = 3_000 * MEGABYTE  # beyond the memory, that libraries reserve and do not use
THREADS = "2"


class Busy(Exception):
    """Too many files are being read."""


@dataclass(frozen=True)
class Limits:
    """What reading may take: seconds, bytes of memory held."""

    seconds: float
    memory: int


def of_visitors() -> Limits:
    """What a file that somebody dropped on a page may take: PARK_READ_SECONDS, PARK_READ_MEMORY_MB."""
    seconds, megabytes = settings.quantity("PARK_READ_SECONDS"), settings.quantity("PARK_READ_MEMORY_MB")
    return Limits(seconds, int(megabytes * MEGABYTE))


def of_operators(size: int) -> Limits:
    """What files on the command line may take; size: of all of them, in bytes."""
    megabytes = size / MEGABYTE
    return Limits(120 + 6 * megabytes, int(2_000 + 20 * megabytes) * MEGABYTE)


class Reader(Child):
    """A process that reads one file at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.used = limits, time.monotonic()
        given = {name: text for name, text in os.environ.items() if name.startswith("PARK_")}
        super().__init__(
            "data.isolation.worker", {"memory": limits.memory + ADDRESSES}, given | {"POLARS_MAX_THREADS": THREADS}
        )

    def fits(self, limits: Limits) -> bool:
        """Whether it can read another file: alive, not at its end, of the same limits."""
        return self.living and self.limits == limits and time.monotonic() - self.used < IDLE_SECONDS / 2


def watch(child: Child, limits: Limits, done: threading.Event, ended: list[str]) -> None:
    """End a process that holds too much memory, or does not end itself in time. ended: is told which.

    Its own limit is one of addresses, of which libraries take a gigabyte more than they ever use.
    """
    until = time.monotonic() + limits.seconds + LATE_SECONDS
    while not done.wait(LOOK_SECONDS):
        late = time.monotonic() > until
        if late or child.memory > limits.memory:
            ended.append("timeout" if late else "memory")
            child.kill()
            return


def run(module: str, arguments: Sequence[str], limits: Limits) -> tuple[int, str]:
    """Run a command within limits: its exit code, and what ended it: timeout, memory, failed, or "" for nothing."""
    done, ended = threading.Event(), list[str]()
    first = {"memory": limits.memory + ADDRESSES, "seconds": limits.seconds}
    child = Child(module, first, {"POLARS_MAX_THREADS": THREADS}, arguments)
    threading.Thread(target=watch, args=(child, limits, done, ended), daemon=True).start()
    try:
        code = child.process.wait()
    finally:
        done.set()
        child.bury()
    cause = ended[0] if ended else CAUSES.get(code, "failed") if code < 0 else ""
    return code, cause


class Desk:
    """Gives turns, and keeps one process for the next file."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.lock = threading.Lock()
        self.idle: Reader | None = None

    @contextmanager
    def reader(self, limits: Limits) -> Iterator[Reader]:
        """A process, in turn. Raises Busy where too many files are being read."""
        if not self.turns.acquire(timeout=TURN_SECONDS):
            raise Busy
        try:
            with self.lock:
                idle, self.idle = self.idle, None
            if idle is not None and not idle.fits(limits):
                idle.bury()
                idle = None
            yield idle or Reader(limits)
        finally:
            self.turns.release()

    def keep(self, reader: Reader) -> None:
        """Take back a process for the next file."""
        reader.used = time.monotonic()
        with self.lock:
            before, self.idle = self.idle, reader
        if before is not None:
            before.bury()

    def start(self, limits: Limits) -> None:
        """Have a process ready."""
        with self.lock:
            if self.idle is None:
                self.idle = Reader(limits)

    def close(self) -> None:
        with self.lock:
            idle, self.idle = self.idle, None
        if idle is not None:
            idle.bury()


DESK = Desk()
atexit.register(DESK.close)


def start(limits: Limits | None = None) -> None:
    """Start a process beside whatever is done now, so that the next file need not wait for it."""
    DESK.start(limits or of_visitors())
