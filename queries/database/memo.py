"""Memoization of answers that take long: each is computed once, however many readers ask at the same time."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import cachetools

if TYPE_CHECKING:
    from cachetools import _cached_wrapper_info

T = TypeVar("T")


def memoize(most: int) -> "Callable[[Callable[..., T]], _cached_wrapper_info[T]]":
    """Memoize the last `most` answers of a function; a caller who asks for one that is being computed waits for it.

    Errors are not memoized. The function gets cache_clear() and cache_info().
    """
    return cachetools.cached(cachetools.LRUCache(most), condition=threading.Condition(), info=True)
