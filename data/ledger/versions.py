"""Where ledgers are kept: for each park a folder of versions, and which of them is in use."""

import contextlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from data.ledger.ledger import SAMPLE, Ledger, loaded, of_tables, saved
from data.paths import SAMPLE as SAMPLE_FOLDER
from data.paths import ledgers_path
from data.storage import atomic
from data.storage.atomic import StoreFailed
from data.tables.form import sheets

FORM = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")
TIME = "%Y%m%dT%H%M%S"
CURRENT = "current"
GOING_BACK = "going_back"  # what a restore without a version goes from and to, until it has told


class Damaged(StoreFailed):
    """The file of a ledger in use is missing or cannot be read. zh: the same in Chinese."""

    def __init__(self, park: str, file: str) -> None:
        super().__init__(
            f"{park} 的台账文件 {file} 不见了或已损坏，读不出来。请在服务器上重新载入工作簿，或运行 "
            f"python -m data.load --restore {park} 恢复上一个版本，或用 --remove {park} 停用",
            f"the ledger of {park} cannot be read: its file {file} is missing or damaged. On the server, load the "
            f"workbook again, or go back with python -m data.load --restore {park}, or take it out of use with "
            f"--remove {park}",
        )
        self.park, self.file = park, file


class NoSuchVersion(LookupError):
    """There is no such version to go back to."""


@dataclass(frozen=True, order=True)
class Version:
    """One kept ledger: when it was loaded (UTC, sortable), its version, whether it is in use."""

    name: str
    in_use: bool

    @property
    def loaded(self) -> str:
        """When it was loaded, as 2025-03-01 08:30:00."""
        t = self.name
        return f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[9:11]}:{t[11:13]}:{t[13:15]}"


def folder() -> Path:
    """Where the ledgers stand: the folder named by PARK_LEDGERS, else data/ledgers."""
    return ledgers_path()


def parks() -> list[str]:
    """Parks that have a ledger in use, by code."""
    if not folder().exists():
        return []
    return sorted(path.name for path in folder().iterdir() if (path / CURRENT).exists())


def current(park: str) -> str | None:
    """Name of the version in use; None where there is none. A mark that cannot be read gives ""."""
    try:
        return (folder() / park / CURRENT).read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        return ""


def ledger(park: str) -> Ledger | None:
    """The ledger of a park: the sample, the one in use, or None. Raises Damaged where its file cannot be read."""
    if park == SAMPLE:
        return sample()
    name = current(park)
    if name is None:
        return None
    if not FORM.fullmatch(name):
        raise Damaged(park, CURRENT)
    path = folder() / park / f"{name}.duckdb"
    try:
        status = path.stat()
        return _loaded(path, (status.st_ino, status.st_size, status.st_mtime_ns))
    except (duckdb.Error, OSError, LookupError, pl.exceptions.PolarsError, UnicodeError) as error:
        if current(park) != name:  # another one was put in use meanwhile, and this one is gone
            return ledger(park)
        raise Damaged(park, path.name) from error


@lru_cache(maxsize=8)
def _loaded(path: Path, _stamp: tuple[int, ...]) -> Ledger:
    return loaded(path)


@lru_cache(maxsize=1)
def sample() -> Ledger:
    """The sample ledger, from data/sample/."""
    tables = {}
    for table, sheet in sheets().items():
        read = {name: pl.String() if isinstance(kind, pl.List) else kind for name, kind in sheet.schema.items()}
        rows = pl.read_csv(SAMPLE_FOLDER / f"{table}.csv", schema=read)
        lists = [name for name, kind in sheet.schema.items() if isinstance(kind, pl.List)]
        tables[table] = rows.with_columns(pl.col(name).str.split(";") for name in lists)
    return of_tables(tables, "sample.xlsx")


def keep(new: Ledger) -> Version:
    """Keep a ledger for good and put it in use; the one before stays and can be restored.

    One that holds the very same rows as the one in use is not kept twice, so that a load that was killed can be
    repeated. A killed process leaves the old one in use. Raises StoreFailed when the disk refuses.
    """
    home = folder() / new.park_id
    try:
        home.mkdir(parents=True, exist_ok=True)
        with atomic.locked(home):
            sweep(home)
            used = _sound(new)
            if used is None:
                name = f"{_moment(new.park_id)}-{new.version}"
                draft = atomic.draft_of(home / name)
                try:
                    saved(new, draft)
                    atomic.flushed(draft)
                    draft.replace(home / f"{name}.duckdb")
                    atomic.synced(home)
                finally:
                    for path in (draft, draft.with_name(draft.name + ".wal")):
                        atomic.remove(path)
                _point(home, name)
                used = name
            for former in home.glob(f"????????T??????-{new.version}.duckdb"):
                if former.stem != used:  # the same rows, loaded before or by a process that was killed
                    former.unlink(missing_ok=True)
    except (duckdb.Error, OSError) as error:
        if isinstance(error, StoreFailed):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        reason = reason.replace(f"{home}{os.sep}", "")
        raise StoreFailed(
            f"台账写不进去：{reason}。请腾出空间或检查文件夹权限，再载入一次。在用的台账不变",
            f"the ledger could not be written: {reason}. Free some space or check the folder's permissions, then load "
            "it again. The ledger in use is unchanged.",
        ) from error
    return Version(used, in_use=True)


def _moment(park: str) -> str:
    """Now, as versions are named; a second after the latest version where that is later, so that names keep the order
    in which ledgers were loaded, also within one second and when the clock was put back."""
    latest = max((version.name[:15] for version in versions(park)), default="")
    now = datetime.now(UTC).strftime(TIME)
    if now > latest:
        return now
    return (datetime.strptime(latest, TIME) + timedelta(seconds=1)).strftime(TIME)


def _sound(new: Ledger) -> str | None:
    """The version in use, where it holds these very rows and can be read."""
    try:
        used = ledger(new.park_id)
    except Damaged:
        return None
    return current(new.park_id) if used == new and used.version == new.version else None


def _point(home: Path, name: str) -> None:
    """Put a version in use, at once or not at all."""
    atomic.put(home / CURRENT, name.encode())
    (home / GOING_BACK).unlink(missing_ok=True)


def sweep(home: Path) -> None:
    """Delete drafts that a killed load left behind."""
    atomic.sweep(home)


def sweep_all() -> None:
    """The same for every park, at the start of a server."""
    for home in folder().glob("*/"):
        sweep(home)


def versions(park: str) -> list[Version]:
    """All kept ledgers of a park, the latest first."""
    home, used = folder() / park, current(park)
    names = [path.stem for path in home.glob("*.duckdb") if FORM.fullmatch(path.stem)] if home.exists() else []
    return [Version(name, used == name) for name in sorted(names, reverse=True)]


@contextmanager
def restoring(park: str, name: str | None = None) -> Iterator[Version]:
    """Put a kept version in use again: the one named, else the one before the one in use.

    name: or the beginning of its name or version. Where no version is named, going back counts as done when this is
    left; until then the same call again, after a kill, goes back to the same version. Raises NoSuchVersion with those
    that there are.
    """
    home = folder() / park
    kept = [version.name for version in versions(park)]
    if name is None:
        found = _before(home, kept)
    else:
        found = [one for one in kept if one.startswith(name) or one[16:].startswith(name)]
    if len(found) != 1:
        names = ", ".join(kept) or "none"
        raise NoSuchVersion(f"no such version of {park}: {name or 'the one before'}. There are: {names}")
    try:
        with atomic.locked(home):
            sweep(home)
            if name is None:
                atomic.put(home / GOING_BACK, f"{current(park)}\n{found[0]}".encode())
                atomic.put(home / CURRENT, found[0].encode())
            else:
                _point(home, found[0])
        yield Version(found[0], in_use=True)
        (home / GOING_BACK).unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, StoreFailed):
            raise
        raise StoreFailed(
            f"没有恢复：{error.strerror}。在用的台账不变",
            f"could not restore: {error.strerror}. The ledger in use is unchanged.",
        ) from error


def restore(park: str, name: str | None = None) -> Version:
    """The same for callers that have nothing to tell."""
    with restoring(park, name) as found:
        return found


def _before(home: Path, kept: list[str]) -> list[str]:
    """The version before the one in use; or the one that a killed restore was going back to."""
    used = current(home.name)
    with contextlib.suppress(OSError, ValueError):
        begun = (home / GOING_BACK).read_text("utf-8").split("\n")
        if len(begun) == 2 and used in begun and begun[1] in kept:
            return [begun[1]]
    # Where the one in use is gone it still has its place among the others.
    return [one for one in kept if used and one < used][:1]


def remove(park: str) -> None:
    """Take the ledger of a park out of use; its versions stay and can be restored."""
    home = folder() / park
    if home.is_dir():
        with atomic.locked(home):
            (home / GOING_BACK).unlink(missing_ok=True)
            (home / CURRENT).unlink(missing_ok=True)
            atomic.synced(home)
