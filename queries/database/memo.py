"""Answers that take long: made once and remembered, however many readers ask at the same time."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import cachetools

if TYPE_CHECKING:
    from cachetools import _cached_wrapper_info

T = TypeVar("T")


def once(most: int) -> "Callable[[Callable[..., T]], _cached_wrapper_info[T]]":
    """Remember so many answers of a function; whoever asks for one that is being made waits for it.

    An error is remembered for nobody. The function gets cache_clear() and cache_info().
    """
    return cachetools.cached(cachetools.LRUCache(most), condition=threading.Condition(), info=True)
