"""Worker processes for readers' SQL: their start and end, and whose turn it is."""

import contextlib
import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

from data.storage.processes import ChildProcess
from queries.sql.limits import (
    MEMORY,
    QUERIES_AT_ONCE,
    QUERIES_AT_ONCE_EACH,
    TURN_SECONDS,
    WAITING,
    WAITING_EACH,
    Refused,
)

IDLE_SECONDS = 540.0  # a worker ends itself after 600

log = logging.getLogger("park")

RefusalReason = tuple[str, str]  # code and detail of a refusal


class QueryWorker(ChildProcess):
    """A process that answers one question at a time (queries/sql/worker.py)."""

    def __init__(self, path: Path, stamp: tuple[object, ...]) -> None:
        self.stamp, self.used, self.version = stamp, time.monotonic(), ""
        super().__init__("queries.sql.worker", {"database": str(path.absolute()), "memory": MEMORY})

    def ready(self) -> str:
        """Wait until the database is open; return why it is not, or ""."""
        head, _ = self.read()
        self.version = str(head["version"])
        return str(head["trouble"])

    def cause_of_death(self) -> str:
        """Return the code of the refusal for the question during which the process died."""
        cause = super().cause_of_death()
        if cause == "failed":
            log.error("the process of a query ended with code %s", self.process.returncode)
        return cause

    def fits(self, stamp: tuple[object, ...]) -> bool:
        """Tell whether the process lives, is not about to end itself, and has this very database file open."""
        fresh = time.monotonic() - self.used < IDLE_SECONDS
        return fresh and self.stamp == stamp and self.living


class Ticket:
    """A question that waits for its turn, or has had it. given: None while it waits, False where it made room."""

    def __init__(self, client: Hashable) -> None:
        self.client = client
        self.given: bool | None = None


class QueryPool:
    """Gives turns to clients, and keeps idle workers for the next question.

    Each client has its own queue. Turns go round: one for each client, then the next for each, so that a client who
    asks much waits for its own questions only. A client has QUERIES_AT_ONCE_EACH questions running.
    """

    def __init__(self) -> None:
        self.turn = threading.Condition()
        self.idle: list[QueryWorker] = []
        self.started: weakref.WeakSet[QueryWorker] = weakref.WeakSet()
        self.running: list[Hashable] = []  # the client of each question that runs
        self.queues: dict[Hashable, deque[Ticket]] = {}  # in the order of turns; no queue is empty

    @property
    def waiting(self) -> int:
        """Return how many questions wait for their turn."""
        return sum(map(len, self.queues.values()))

    @contextlib.contextmanager
    def place(self, client: Hashable, ended: Callable[[], RefusalReason | None]) -> Iterator[None]:
        """Wait for a turn and hold it (context manager). Raises Refused: with what ended() returns, busy, or many.

        ended: returns why the client's question was ended while it waited, or None.
        """
        ticket = Ticket(client)
        with self.turn:
            self._queue(ticket)
            self.turn.wait_for(lambda: ended() or ticket.given is not None, TURN_SECONDS)
            why = ended() or (None if ticket.given else ("busy", str(len(self.running))))
            if why:
                self._leave(ticket)
                raise Refused(*why)
        try:
            yield
        finally:
            with self.turn:
                self._leave(ticket)

    def _queue(self, ticket: Ticket) -> None:
        own = self.queues.get(ticket.client, deque())
        if len(own) >= WAITING_EACH:
            raise Refused("many", str(len(own)))
        if self.waiting >= WAITING:
            longest = max(self.queues.values(), key=len)
            if len(longest) <= len(own) + 1:
                raise Refused("busy", str(len(self.running)))
            longest.pop().given = False
        own.append(ticket)
        self.queues[ticket.client] = own
        self._give()

    def _leave(self, ticket: Ticket) -> None:
        if ticket.given:
            self.running.remove(ticket.client)
        elif ticket.given is None:
            self.queues[ticket.client].remove(ticket)
            if not self.queues[ticket.client]:
                del self.queues[ticket.client]
        self._give()

    def _give(self) -> None:
        """Give turns to as many as may run, each to the first client in line; that client then goes to the end."""
        for client in list(self.queues):
            if len(self.running) < QUERIES_AT_ONCE and self.running.count(client) < QUERIES_AT_ONCE_EACH:
                queue = self.queues.pop(client)
                queue.popleft().given = True
                self.running.append(client)
                if queue:
                    self.queues[client] = queue
        self.turn.notify_all()

    def wake(self) -> None:
        """Wake those who wait, so that they see that a question was ended."""
        with self.turn:
            self.turn.notify_all()

    def take(self, path: Path, stamp: tuple[object, ...]) -> QueryWorker:
        """Return a worker for this file: an idle one that fits, else a new one, which has no version yet."""
        with self.turn:
            idle, self.idle = self.idle, []
            fitting = [worker for worker in idle if worker.fits(stamp)]
            self.idle = fitting[1:]
        for worker in idle:
            if worker not in fitting:
                worker.close()
        worker = fitting[0] if fitting else QueryWorker(path, stamp)
        self.started.add(worker)
        return worker

    def keep(self, worker: QueryWorker) -> None:
        """Take back a worker that is ready for the next question."""
        worker.used = time.monotonic()
        with self.turn:
            self.idle.append(worker)

    def close(self) -> None:
        """End all workers, including those that answer a question."""
        with self.turn:
            idle, self.idle = self.idle, []
        for worker in list(self.started):
            worker.kill()
        for worker in idle:
            worker.close()
