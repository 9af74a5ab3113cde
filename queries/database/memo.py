"""Memoization of answers that take long: each is computed once, however many readers ask at the same time."""

import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import cachetools

from queries.database import run_context
from queries.database.engine import get_data_version

if TYPE_CHECKING:
    from cachetools import _cached_wrapper_info

P = ParamSpec("P")
T = TypeVar("T")


def memoize(most: int) -> "Callable[[Callable[..., T]], _cached_wrapper_info[T]]":
    """Memoize the last `most` answers of a function; a caller who asks for one that is being computed waits for it.

    Errors are not memoized. The function gets cache_clear() and cache_info().
    """
    return cachetools.cached(cachetools.LRUCache(most), condition=threading.Condition(), info=True)


def memoize_per_data_version(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Memoize the last `most` answers of a function of plain values, for each state of the data.

    What rests on own figures is only for the reader who loaded them: while some are held, the answer is kept with them.
    """

    def of(answer: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def kept(_version: str, *key: P.args, **more: P.kwargs) -> T:
            return answer(*key, **more)

        @wraps(answer)
        def asked(*key: P.args, **more: P.kwargs) -> T:
            mine = run_context.find_held_figures()
            if mine is not None:
                told: T = mine.remember((answer.__name__, get_data_version(), *key), lambda: answer(*key, **more))
                return told
            return kept(get_data_version(), *key, **more)  # type: ignore[arg-type] # texts, which can be hashed

        return asked

    return of
