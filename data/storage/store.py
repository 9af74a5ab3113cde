"""A folder of entries that are written whole and never changed, and a pointer: a file that says which are in use."""

import contextlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.storage import atomic
from data.storage.atomic import StorageError


@dataclass(frozen=True)
class Store:
    """One folder of entries, in place or not, damaged or not; every change is made under its lock.

    pattern: of the names of entries. pointer: name of the file that says which are in use. suffix: of the files that
    entries are; "" if they are folders.
    """

    home: Path
    pattern: re.Pattern[str]
    pointer: str
    suffix: str = ""

    def get_path(self, name: str) -> Path:
        """Return the path of an entry."""
        return self.home / f"{name}{self.suffix}"

    def get_names(self) -> list[str]:
        """Return the names of all entries, sorted, in use or not, damaged or not."""
        found = (path.name.removesuffix(self.suffix) for path in self.home.glob(f"*{self.suffix}"))
        return sorted(name for name in found if self.pattern.fullmatch(name) and self._is_entry(self.get_path(name)))

    def _is_entry(self, path: Path) -> bool:
        return path.is_file() if self.suffix else path.is_dir()

    def read_pointer(self) -> str | None:
        """Return what the pointer says; None if there is none. Raises OSError, ValueError if it cannot be read."""
        try:
            return (self.home / self.pointer).read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write_pointer(self, text: str) -> None:
        """Write the pointer, atomically."""
        atomic.write_file_atomically(self.home / self.pointer, text.encode())

    def delete_pointer(self) -> None:
        """Take all entries out of use; they stay."""
        (self.home / self.pointer).unlink(missing_ok=True)
        atomic.sync_folder(self.home)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock of the folder, which is made if it is not there, and delete what killed writers left in it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with atomic.hold_lock(self.home):
            self.delete_drafts()
            yield

    def delete_drafts(self) -> None:
        """Delete drafts that killed writers left behind."""
        atomic.delete_abandoned_drafts(self.home)

    def place(self, draft: Path, name: str) -> None:
        """Put a draft in the place of an entry. Call sync() when all are in place."""
        draft.rename(self.get_path(name))

    def sync(self) -> None:
        """Have the system write the names of the entries to disk."""
        atomic.sync_folder(self.home)

    def delete(self, name: str) -> None:
        """Delete an entry; a half-deleted one is never found under its name."""
        draft = atomic.make_draft_path(self.get_path(name))
        with contextlib.suppress(FileNotFoundError):
            self.get_path(name).rename(draft)
        atomic.delete_path(draft)

    @contextmanager
    def convert_disk_errors(
        self,
        what: tuple[str, str],
        left: tuple[str, str],
        also: tuple[type[Exception], ...] = (),
        known: tuple[type[OSError], ...] = (),
    ) -> Iterator[None]:
        """Turn the error of a disk that refuses into a StorageError: what could not be written, why, what to do.

        what: was to be written; left: stays as it was; both in Chinese and English. also: errors that mean the same.
        known: errors of the system that say enough.
        """
        refusals: tuple[type[Exception], ...] = (OSError, *also)
        try:
            yield
        except refusals as error:
            if isinstance(error, (StorageError, *known)):
                raise
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
            reason = reason.replace(f"{self.home}{os.sep}", "")
            raise StorageError(
                f"{what[0]}写不进去：{reason}。请腾出空间或检查文件夹权限，再载入一次。{left[0]}不变",
                f"the {what[1]} could not be written: {reason}. Free some space or check the folder's permissions, "
                f"then load it again. {left[1]} is unchanged.",
            ) from error
