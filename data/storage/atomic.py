"""Files written whole or not at all: drafts that are renamed, locks on folders, and removal of abandoned drafts.

Every writer of drafts holds the lock of the folder while it writes. So the holder of the lock knows that every
draft it finds is abandoned, however new; the system releases the lock of a process that is killed.
"""

import contextlib
import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

STALE_DRAFT_SECONDS = 600  # where the system knows no locks
LOCK_TIMEOUT_SECONDS = 600
_held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


class StorageError(OSError):
    """Error: something could not be read or written; what was in use is unchanged. zh: the message in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


class LockTimeout(StorageError):
    """Error: another process still holds the lock of the folder."""

    def __init__(self) -> None:
        super().__init__("另一次载入还没有结束。请稍后再试", "another load is under way; try again when it is done")


@contextmanager
def hold_lock(place: Path, seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[bool]:
    """Hold the lock of a folder against other builds and loads, waiting for them; released if the process is killed.

    Yields whether the lock is held: it is not if the system has no such locks or the folder cannot be opened. If
    this context holds it already, continues at once. Raises LockTimeout after `seconds`.
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
        held = _acquire_lock(fcntl, descriptor, time.monotonic() + seconds)
        before = _held.set(_held.get() | {place}) if held else None
        try:
            yield held
        finally:
            if before:
                _held.reset(before)
    finally:
        os.close(descriptor)


def _acquire_lock(fcntl: object, descriptor: int, until: float) -> bool:
    """Acquire the lock; return False on a file system without locks. Raises LockTimeout at the time `until`."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined]
        except BlockingIOError:
            if time.monotonic() >= until:
                raise LockTimeout from None
            time.sleep(0.05)
        except OSError:
            return False
        else:
            return True


def delete_abandoned_drafts(place: Path, pattern: str = "*.draft*") -> None:
    """Delete drafts that killed writers left in a folder: files, folders, and DuckDB's logs and temporary folders.

    Does nothing while another process holds the lock of the folder. If the lock cannot be held, deletes only drafts
    older than STALE_DRAFT_SECONDS.
    """
    with contextlib.suppress(LockTimeout), hold_lock(place, 0) as held:
        for draft in place.glob(pattern):
            with contextlib.suppress(OSError):
                if held or time.time() - draft.lstat().st_mtime > STALE_DRAFT_SECONDS:
                    delete_path(draft)


def delete_path(path: Path) -> None:
    """Delete a file, a link or a folder if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def make_draft_path(path: Path) -> Path:
    """Return a new, unique path in the same folder, for a draft that will be renamed to this path."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex}.draft")


@contextmanager
def open_draft(path: Path) -> Iterator[Path]:
    """Yield the path of a draft to write; when the block ends it is synced to disk and takes the place of the file.

    If the block fails, the file stays as it was. DuckDB's log beside the draft is deleted with it.
    """
    draft = make_draft_path(path)
    try:
        yield draft
        sync_file(draft)
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        for left in (draft, draft.with_name(draft.name + ".wal")):
            delete_path(left)


def write_file_atomically(path: Path, content: bytes) -> None:
    """Write a small file atomically: whole or not at all, and synced to disk."""
    with open_draft(path) as draft:
        draft.write_bytes(content)


def sync_file(path: Path) -> None:
    """Have the system write the content of a file to disk (fsync)."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(place: Path) -> None:
    """Have the system write the names in a folder to disk (fsync), if it can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def find_write_failure(error: Exception) -> str:
    """Return the cause of a failed write: disk (full), folder (refused) or other; only DuckDB's message says it."""
    causes = {
        "disk": (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        "folder": (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
    }
    for cause, numbers in causes.items():
        if any(error.args[:1] == (number,) or os.strerror(number) in str(error) for number in numbers):
            return cause
    return "other"
