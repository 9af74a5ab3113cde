"""Keep ledgers: for each park a folder of versions, and which of them is in use."""

import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import duckdb
import polars as pl

from data.ledger.definition import get_sheet_definitions, read_ledger_schema
from data.ledger.ledger import SAMPLE_PARK, Ledger, make_ledger
from data.paths import SAMPLE as SAMPLE_FOLDER
from data.paths import get_ledgers_path
from data.storage import atomic
from data.storage.atomic import StorageError
from data.storage.store import Store

VERSION_PATTERN = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")
TIME_FORMAT = "%Y%m%dT%H%M%S"
CURRENT = "current"
GOING_BACK = "going_back"  # what a restore without a version goes from and to, until it has told


class DamagedLedger(StorageError):
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
    """There is no such version to restore. zh: the same in Chinese."""

    def __init__(self, park: str, name: str | None, kept: list[str]) -> None:
        zh, en = "、".join(kept) or "没有", ", ".join(kept) or "none"
        super().__init__(f"no such version of {park}: {name or 'the one before'}. There are: {en}")
        self.zh = f"{park} 没有{f'版本 {name}' if name else '更早的版本'}。留存的版本：{zh}"


@dataclass(frozen=True, order=True)
class LedgerVersion:
    """One kept ledger: its name (time of loading in UTC, then its version; sortable) and whether it is in use."""

    name: str
    in_use: bool

    @property
    def loaded(self) -> str:
        """Return when it was loaded (UTC), as 2025-03-01 08:30:00."""
        t = self.name
        return f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[9:11]}:{t[11:13]}:{t[13:15]}"


def get_ledgers_folder() -> Path:
    """Return the folder of the ledgers: the one named by PARK_LEDGERS, else data/ledgers."""
    return get_ledgers_path()


def get_ledger_park_codes() -> list[str]:
    """Return the codes of parks that have a ledger in use, sorted."""
    if not get_ledgers_folder().exists():
        return []
    return sorted(path.name for path in get_ledgers_folder().iterdir() if (path / CURRENT).exists())


def get_kept_park_codes() -> list[str]:
    """Return the codes of parks of which a ledger is kept, in use or not, sorted."""
    if not get_ledgers_folder().exists():
        return []
    folders = [path for path in get_ledgers_folder().iterdir() if path.is_dir()]
    return sorted(path.name for path in folders if (path / CURRENT).exists() or get_ledger_store(path.name).get_names())


def get_ledger_store(park: str) -> Store:
    """Return the store of the ledgers of a park."""
    return Store(get_ledgers_folder() / park, VERSION_PATTERN, CURRENT, ".duckdb")


def read_current_version(park: str) -> str | None:
    """Return the name of the version in use; None if there is none, "" if its mark cannot be read."""
    try:
        said = get_ledger_store(park).read_pointer()
    except (OSError, ValueError):
        return ""
    return None if said is None else said.strip()


def find_park_ledger(park: str) -> Ledger | None:
    """Return the ledger of a park: the sample, the one in use, or None. Raises DamagedLedger if its file is
    unreadable.
    """
    if park == SAMPLE_PARK:
        return read_sample_ledger()
    name = read_current_version(park)
    if name is None:
        return None
    if not VERSION_PATTERN.fullmatch(name):
        raise DamagedLedger(park, CURRENT)
    path = get_ledger_store(park).get_path(name)
    try:
        status = path.stat()
        return _read_cached_ledger(path, (status.st_ino, status.st_size, status.st_mtime_ns))
    except (duckdb.Error, OSError, LookupError, pl.exceptions.PolarsError, UnicodeError) as error:
        if read_current_version(park) != name:  # another one was put in use meanwhile, and this one is gone
            return find_park_ledger(park)
        raise DamagedLedger(park, path.name) from error


@lru_cache(maxsize=8)
def _read_cached_ledger(path: Path, _stamp: tuple[int, ...]) -> Ledger:
    return read_ledger_file(path)


@lru_cache(maxsize=1)
def read_sample_ledger() -> Ledger:
    """Return the sample ledger, from data/sample/."""
    tables = {}
    for table, sheet in get_sheet_definitions().items():
        read = {name: pl.String() if isinstance(kind, pl.List) else kind for name, kind in sheet.schema.items()}
        rows = pl.read_csv(SAMPLE_FOLDER / f"{table}.csv", schema=read)
        lists = [name for name, kind in sheet.schema.items() if isinstance(kind, pl.List)]
        tables[table] = rows.with_columns(pl.col(name).str.split(";") for name in lists)
    return make_ledger(tables, "sample.xlsx")


def keep_ledger(new: Ledger) -> LedgerVersion:
    """Keep a ledger for good and put it in use; the previous one stays and can be restored.

    A ledger with exactly the rows of the one in use is not kept twice, so that a killed load can be repeated. A
    killed process leaves the old one in use. Raises StorageError if the disk refuses.
    """
    store = get_ledger_store(new.park_id)
    told = (("台账", "ledger"), ("在用的台账", "The ledger in use"))
    with store.convert_disk_errors(*told, also=(duckdb.Error,)), store.hold():
        used = _find_identical_version(new)
        if used is None:
            used = f"{_make_version_time(new.park_id)}-{new.version}"
            with atomic.open_draft(store.get_path(used)) as draft:
                write_ledger_file(new, draft)
            _activate_version(store, used)
        for former in store.get_names():
            if former != used and former.endswith(new.version):  # the same rows, loaded before or by a killed process
                store.delete(former)
    return LedgerVersion(used, in_use=True)


def _make_version_time(park: str) -> str:
    """Return the time for the name of a new version: now, or one second after the latest version if that is later.

    So names keep the order of loading, also within one second and after the clock was put back.
    """
    latest = max((version.name[:15] for version in get_ledger_versions(park)), default="")
    now = datetime.now(UTC).strftime(TIME_FORMAT)
    if now > latest:
        return now
    return (datetime.strptime(latest, TIME_FORMAT) + timedelta(seconds=1)).strftime(TIME_FORMAT)


def _find_identical_version(new: Ledger) -> str | None:
    """Return the version in use if it is readable and holds exactly these rows, else None."""
    try:
        used = find_park_ledger(new.park_id)
    except DamagedLedger:
        return None
    return read_current_version(new.park_id) if used == new and used.version == new.version else None


def _activate_version(store: Store, name: str) -> None:
    """Put a version in use, atomically."""
    store.write_pointer(name)
    (store.home / GOING_BACK).unlink(missing_ok=True)


def delete_all_ledger_drafts() -> None:
    """Delete drafts left by killed loads of every park, at the start of a server."""
    for home in get_ledgers_folder().glob("*/"):
        get_ledger_store(home.name).delete_drafts()


def get_ledger_versions(park: str) -> list[LedgerVersion]:
    """Return all kept ledgers of a park, the latest first."""
    used = read_current_version(park)
    return [LedgerVersion(name, used == name) for name in reversed(get_ledger_store(park).get_names())]


@contextmanager
def begin_restore(park: str, name: str | None = None) -> Iterator[LedgerVersion]:
    """Put a kept version in use again: the one named, else the one before the one in use, or the latest where none is
    in use; a context manager.

    name: or the beginning of its name or version. Without a name, the restore is complete only when the context is
    left; until then the same call, repeated after a kill, goes back to the same version. Raises NoSuchVersion,
    which lists the versions that exist, and StorageError if the disk refuses.
    """
    store = get_ledger_store(park)
    kept = [version.name for version in get_ledger_versions(park)]
    if name is None:
        found = _find_previous_version(store, kept)
    else:
        found = [one for one in kept if one.startswith(name) or one[16:].startswith(name)]
    if len(found) != 1:
        raise NoSuchVersion(park, name, kept)
    try:
        with store.hold():
            if name is None:
                going = f"{read_current_version(park)}\n{found[0]}"
                atomic.write_file_atomically(store.home / GOING_BACK, going.encode())
                store.write_pointer(found[0])
            else:
                _activate_version(store, found[0])
        yield LedgerVersion(found[0], in_use=True)
        (store.home / GOING_BACK).unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        raise StorageError(
            f"没有恢复：{error.strerror}。在用的台账不变",
            f"could not restore: {error.strerror}. The ledger in use is unchanged.",
        ) from error


def restore_version(park: str, name: str | None = None) -> LedgerVersion:
    """Put a kept version in use again, for callers with nothing to report; see begin_restore()."""
    with begin_restore(park, name) as found:
        return found


def _find_previous_version(store: Store, kept: list[str]) -> list[str]:
    """Return the version before the one in use, or the one that a killed restore was going back to; empty if none.

    Where the ledger was taken out of use it is the latest.
    """
    used = read_current_version(store.home.name)
    with contextlib.suppress(OSError, ValueError):
        begun = (store.home / GOING_BACK).read_text("utf-8").split("\n")
        if len(begun) == 2 and used in begun and begun[1] in kept:
            return [begun[1]]
    if used is None:
        return kept[:1]
    # Where the one in use is gone it still has its place among the others.
    return [one for one in kept if one < used][:1]


def deactivate_ledger(park: str) -> None:
    """Take the ledger of a park out of use; its versions stay and can be restored."""
    store = get_ledger_store(park)
    if store.home.is_dir():
        with store.hold():
            (store.home / GOING_BACK).unlink(missing_ok=True)
            store.delete_pointer()


def write_ledger_file(ledger: Ledger, path: Path) -> None:
    """Write a ledger as a DuckDB file, in one transaction."""
    with duckdb.connect(path, config={"default_block_size": "16384"}) as connection:
        connection.execute("begin")
        connection.execute(read_ledger_schema())
        for table, rows in ledger.tables.items():
            if rows.height:
                connection.register("arriving", rows.to_arrow())
                connection.execute(f"insert into {table} ({', '.join(rows.columns)}) from arriving")
                connection.unregister("arriving")
        connection.execute("insert into ledger values ($1, $2, now()::timestamp)", [ledger.version, ledger.file_name])
        connection.execute("commit")
        connection.execute("checkpoint")


def read_ledger_file(path: Path) -> Ledger:
    """Read the ledger in a DuckDB file."""
    with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
        tables = {table: _read_table(connection, table) for table in get_sheet_definitions()}
        version, name = connection.sql("select version, file_name from ledger").fetchall()[0]
    return Ledger(tables["park"]["park_id"][0], version, name, tables)


def _read_table(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    rows: pl.DataFrame = connection.sql(f"select * from {table}").pl()
    schema = get_sheet_definitions()[table].schema
    # A file that was saved before a column was added has none of it.
    missing = [pl.lit(None, kind).alias(column) for column, kind in schema.items() if column not in rows.columns]
    return rows.with_columns(missing).select(pl.col(column).cast(kind) for column, kind in schema.items())
