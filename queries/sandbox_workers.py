"""Processes that answer readers' SQL: their start and end, and whose turn it is."""

import contextlib
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from data.child import Child
from queries.sandbox_limits import AT_ONCE, MEMORY, TURN_SECONDS, WAITING, Refused

IDLE_SECONDS = 540.0  # a worker ends itself after 600

log = logging.getLogger("park")

Why = tuple[str, str]  # code and detail of a refusal


class Worker(Child):
    """A process that answers one question at a time (queries/sandbox_worker.py)."""

    def __init__(self, path: Path, stamp: tuple[object, ...]) -> None:
        self.stamp, self.used, self.version = stamp, time.monotonic(), ""
        super().__init__("queries.sandbox_worker", {"database": str(path.absolute()), "memory": MEMORY})

    def ready(self) -> str:
        """Wait until the database is open; return why it is not, or ""."""
        head, _ = self.read()
        self.version = str(head["version"])
        return str(head["trouble"])

    def cause_of_death(self) -> str:
        """The code of the question over which it died."""
        cause = super().cause_of_death()
        if cause == "failed":
            log.error("the process of a query ended with code %s", self.process.returncode)
        return cause

    def fits(self, stamp: tuple[object, ...]) -> bool:
        """Whether it lives and has this very database file open."""
        fresh = time.monotonic() - self.used < IDLE_SECONDS
        return fresh and self.stamp == stamp and self.living


class Desk:
    """Gives turns, and keeps workers for the next question."""

    def __init__(self) -> None:
        self.turn = threading.Condition()
        self.idle: list[Worker] = []
        self.started: weakref.WeakSet[Worker] = weakref.WeakSet()
        self.running = 0
        self.waiting = 0

    @contextlib.contextmanager
    def place(self, ended: Callable[[], Why | None]) -> Iterator[None]:
        """A turn. ended: why the question was ended while it waited. Raises Refused: that, or busy."""
        with self.turn:
            if self.waiting >= WAITING:
                raise Refused("busy", str(self.running))
            self.waiting += 1
            try:
                free = self.turn.wait_for(lambda: ended() or self.running < AT_ONCE, TURN_SECONDS)
            finally:
                self.waiting -= 1
            if ended() or not free:
                raise Refused(*(ended() or ("busy", str(self.running))))
            self.running += 1
        try:
            yield
        finally:
            with self.turn:
                self.running -= 1
                self.turn.notify_all()

    def wake(self) -> None:
        """Let those who wait see that a question was ended."""
        with self.turn:
            self.turn.notify_all()

    def take(self, path: Path, stamp: tuple[object, ...]) -> Worker:
        """A worker for this file; a new one has no version yet."""
        with self.turn:
            idle, self.idle = self.idle, []
            fitting = [worker for worker in idle if worker.fits(stamp)]
            self.idle = fitting[1:]
        for worker in idle:
            if worker not in fitting:
                worker.bury()
        worker = fitting[0] if fitting else Worker(path, stamp)
        self.started.add(worker)
        return worker

    def keep(self, worker: Worker) -> None:
        """Take back a worker that is ready for the next question."""
        worker.used = time.monotonic()
        with self.turn:
            self.idle.append(worker)

    def close(self) -> None:
        """End all workers, those with a question too."""
        with self.turn:
            idle, self.idle = self.idle, []
        for worker in list(self.started):
            worker.kill()
        for worker in idle:
            worker.bury()
