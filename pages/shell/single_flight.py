"""Things that cost something: made once for all who ask at the same time, a few at a time, and kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from cachetools import TTLCache

T = TypeVar("T")
SECONDS = 8  # that a robot waits; most give up after ten
WAITING = 16  # things that are waited for
KEPT, MINUTES = 64, 10  # things, and how long a ledger that was loaded since may go unnoticed


class Busy(Exception):
    """More wait already than can be served in time."""


class Once(Generic[T]):
    """Makes a thing once for all who ask for it, a few at a time, and keeps it for a while."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self.kept: TTLCache[object, T] = TTLCache(KEPT, MINUTES * 60)
        self.made: dict[object, asyncio.Task[T]] = {}
        self.turns = turns

    async def get(self, key: object, make: Callable[[], Awaitable[T]]) -> T:
        """The thing of this key. Raises Busy, TimeoutError, or what `make` raises; such is not kept."""
        if key in self.kept:
            return self.kept[key]
        if key not in self.made:
            if len(self.made) >= WAITING:
                raise Busy
            self.made[key] = asyncio.create_task(self._make(key, make))
            # Whoever asked may have gone when it fails; then nobody else takes note of the failure.
            self.made[key].add_done_callback(lambda task: task.cancelled() or task.exception())
        async with asyncio.timeout(SECONDS):
            return await asyncio.shield(self.made[key])

    async def _make(self, key: object, make: Callable[[], Awaitable[T]]) -> T:
        try:
            async with self.turns:
                self.kept[key] = await make()
                return self.kept[key]
        finally:
            del self.made[key]
