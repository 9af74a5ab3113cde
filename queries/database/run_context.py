"""What one run of a page or one request is answered in: language, own figures, and the state of the data.

The router sets it once for each run of a page, the server once for each request; everybody else reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the start of the server reads the language and waits for no database
    from queries.database.own_figures import OwnFigures
    from queries.database.state import DatabaseState


@dataclass(frozen=True)
class RunContext:
    """The context of one run or request; without one: Chinese, no own figures, the current data."""

    language: str = "zh"
    own: "OwnFigures | None" = None
    state: "DatabaseState | None" = None  # pinned for the run, whatever is swapped in meanwhile


_context: ContextVar[RunContext] = ContextVar("run", default=RunContext())  # noqa: B039 - it is frozen


def get_run_context() -> RunContext:
    """Return the context of this run."""
    return _context.get()


def set_run_context(context: RunContext) -> None:
    """Set the context of this run; nothing of the one before is left."""
    _context.set(context)


@contextmanager
def use_run_context(context: RunContext) -> Iterator[None]:
    """Use another context for a while, and then this run's own again."""
    token = _context.set(context)
    try:
        yield
    finally:
        _context.reset(token)


def find_held_figures() -> "OwnFigures | None":
    """Return the own figures that this run of a page sees in addition to the database; None: none."""
    return get_run_context().own


@contextmanager
def hide_own_figures() -> Iterator[None]:
    """Hide all own figures while an answer is computed that all readers share."""
    with use_run_context(replace(get_run_context(), own=None)):
        yield
