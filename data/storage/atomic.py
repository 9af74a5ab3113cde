"""Files written whole or not at all: drafts that are renamed, locks on folders, and what killed writers left behind.

Whoever writes drafts into a folder holds its lock meanwhile. So who holds the lock knows that every draft it finds is
nobody's any more, however young; the system takes the lock from a process that is killed.
"""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

STALE_DRAFT_SECONDS = 600  # where the system knows no locks
PATIENCE_SECONDS = 600
_held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


class StoreFailed(OSError):
    """Something could not be read or written; what was in use is unchanged. zh: the same in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


class Busy(StoreFailed):
    """Another process holds the folder."""

    def __init__(self) -> None:
        super().__init__("另一次载入还没有结束。请稍后再试", "another load is under way; try again when it is done")


@contextmanager
def locked(place: Path, seconds: float = PATIENCE_SECONDS) -> Iterator[bool]:
    """Hold a folder against other builds and loads; waits for them. The system lets go when a process is killed.

    Gives whether it is held: where the system knows no such locks, or the folder cannot be opened, it is not. Who
    holds it already goes on. Raises Busy after `seconds`.
    """
    place = place.absolute()
    if place in _held.get():
        yield True
        return
    try:
        import fcntl  # noqa: PLC0415 - not everywhere

        descriptor = os.open(place, os.O_RDONLY)
    except (ImportError, OSError):
        yield False
        return
    try:
        held = _taken(fcntl, descriptor, time.monotonic() + seconds)
        before = _held.set(_held.get() | {place}) if held else None
        try:
            yield held
        finally:
            if before:
                _held.reset(before)
    finally:
        os.close(descriptor)


def _taken(fcntl: object, descriptor: int, until: float) -> bool:
    """Whether the lock was got; False on a file system without locks."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined]
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy from None
            time.sleep(0.05)
        except OSError:
            return False
        else:
            return True


def sweep(place: Path, pattern: str = "*.draft*") -> None:
    """Delete drafts that killed writers left in a folder: files, folders, logs of DuckDB and its folders for sorting.

    Where somebody else is at work in the folder, nothing; without locks, what is old.
    """
    with contextlib.suppress(Busy), locked(place, 0) as held:
        for draft in place.glob(pattern):
            with contextlib.suppress(OSError):
                if held or time.time() - draft.lstat().st_mtime > STALE_DRAFT_SECONDS:
                    remove(draft)


def remove(path: Path) -> None:
    """Delete a file, a link or a folder, where it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def draft_of(path: Path) -> Path:
    """A name beside a path for what will be renamed to it."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex}.draft")


def put(path: Path, content: bytes) -> None:
    """Write a small file at once or not at all."""
    draft = draft_of(path)
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        synced(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def flushed(path: Path) -> None:
    """Have the disk hold what was written to a file."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def synced(place: Path) -> None:
    """Have the disk know the names in a folder, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
