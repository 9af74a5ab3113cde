"""Make costly things once for all concurrent requests, a few at a time, and keep them for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from cachetools import TTLCache

T = TypeVar("T")
WAIT_SECONDS = 8  # that a robot waits; most give up after ten
MOST_WAITING_TASKS = 16  # things that are waited for
MOST_KEPT, KEPT_MINUTES = 64, 10  # things, and how long a ledger that was loaded since may go unnoticed


class TooManyWaiting(Exception):
    """More requests are waiting already than can be served in time."""


class SingleFlight(Generic[T]):
    """Makes a value once for all who request it at the same time, a few at a time, and keeps it for a while."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self.kept: TTLCache[object, T] = TTLCache(MOST_KEPT, KEPT_MINUTES * 60)
        self.made: dict[object, asyncio.Task[T]] = {}
        self.turns = turns

    async def get(self, key: object, make: Callable[[], Awaitable[T]]) -> T:
        """Return the value of this key. Raises TooManyWaiting, TimeoutError, or what `make` raises; keeps no error."""
        if key in self.kept:
            return self.kept[key]
        if key not in self.made:
            if len(self.made) >= MOST_WAITING_TASKS:
                raise TooManyWaiting
            self.made[key] = asyncio.create_task(self._make(key, make))
            # Whoever asked may have gone when it fails; then nobody else takes note of the failure.
            self.made[key].add_done_callback(lambda task: task.cancelled() or task.exception())
        async with asyncio.timeout(WAIT_SECONDS):
            return await asyncio.shield(self.made[key])

    async def _make(self, key: object, make: Callable[[], Awaitable[T]]) -> T:
        try:
            async with self.turns:
                self.kept[key] = await make()
                return self.kept[key]
        finally:
            del self.made[key]
