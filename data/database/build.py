"""Build the database from the sources and the own files in use: write a draft, check it and swap it in, or report
every defect and keep the old file.

Run: python -m data.build            build data/park.duckdb (or the file that PARK_DATABASE names)
     python -m data.build --check    only check; writes nothing
"""

import contextlib
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from data.database import figure_table, own_rows, own_table, shape
from data.database.constraints import Defect
from data.database.source_files import BUILD_TABLES, find_source_defects, make_code_types, read_sources
from data.paths import get_database_path, get_sources_path
from data.storage import atomic, batches

HERE = Path(__file__).parent
TRIES = 5  # readings of sources that change meanwhile
PAUSE_SECONDS = 0.2  # before the second; so much more before each that follows
READABLE_SINCE = "v1.2.0"  # the oldest DuckDB that can open the file; a file for 1.0 is two fifths larger
SMALL_BLOCKS = "16384"  # many small tables: a tenth of the file size
MANY_OWN_ROWS = 50_000  # own rows from which on large blocks are smaller in all, and faster
SORT_ORDERS = {"observation": "indicator_id, park_id, period_start, period_end, observation_id"}


class BrokenSources(ValueError):
    """The sources, or own files in use, break a rule. `defects`: all of them, sorted by file and line."""

    def __init__(self, defects: list[Defect]) -> None:
        self.defects = defects
        lines = [str(defect) for defect in defects]
        count = len(lines)
        super().__init__(f"{count} defect{'s' if count != 1 else ''} in the sources:\n" + "\n".join(lines))


class BuildFailed(OSError):
    """The database could not be written; the one in service is unchanged.

    cause: disk (full), folder (not writable, or missing), store (of own files), restless (sources that keep
    changing), or other.
    """

    def __init__(self, said: str, cause: str = "other") -> None:
        super().__init__(said)
        self.cause = cause


class DatabaseDraft(NamedTuple):
    """A complete database ready to be swapped in, and the data version of what was read for it."""

    path: Path
    version: str


def compute_data_version(sources: Path, own: Sequence[Path] | None = None) -> str:
    """Compute the data version: twelve hex digits over everything that the database depends on.

    own: folders of batches; None: those in use. Raises BrokenSources for a source that is not a file or cannot be
    read.
    """
    digest = hashlib.sha256()
    for batch in map(batches.read_batch, batches.get_batch_folders_in_use() if own is None else own):
        digest.update(json.dumps([batch.batch_id, batch.file_name, batch.loaded, batch.digest]).encode())
    code = sorted([*HERE.rglob("*.py"), *HERE.rglob("*.sql")])
    unread: list[Defect] = []
    for path in code:
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for path in sorted(sources.rglob("*.csv")):
        name = path.relative_to(sources).as_posix()
        try:
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        except OSError as error:
            rule = f"cannot be read: {error.strerror or error}; put a CSV file there that the server may read"
            unread.append(Defect(name, 1, "", "", rule))
    if unread:
        raise BrokenSources(unread)
    return digest.hexdigest()[:12]


def read_source_stamps(sources: Path, own: Sequence[Path]) -> frozenset[tuple[object, ...]]:
    """Return what shows, without reading them, whether sources or own files have changed.

    One tuple per file: path, inode, mode, size and times; the path alone where the file's status cannot be read.
    """
    found = set[tuple[object, ...]]()
    for path in [*sources.rglob("*.csv"), *(file for folder in own for file in folder.glob("*"))]:
        try:
            status = path.stat()
        except OSError:
            found.add((str(path),))
        else:
            times = (status.st_mtime_ns, status.st_ctime_ns)
            found.add((str(path), status.st_ino, status.st_mode, status.st_size, *times))
    return frozenset(found)


def read_until_stable(sources: Path, own: Sequence[Path], read: Callable[[str], None]) -> str:
    """Read sources and own files, again if they change meanwhile; return the data version of what was read.

    read: called with that version; its result of an earlier attempt must be discarded. Defects found while the
    files were changing are left to the next attempt. Raises what `read` raises, and BuildFailed if the sources keep
    changing.
    """
    for turn in range(TRIES):
        time.sleep(turn * PAUSE_SECONDS)
        before = read_source_stamps(sources, own)
        failure: Exception | None = None
        version = ""
        try:
            version = compute_data_version(sources, own)
            read(version)
            # A digest too: a file system may keep times so coarsely that a change leaves none.
            same = compute_data_version(sources, own) == version
        except (BrokenSources, OSError, duckdb.Error) as error:
            failure, same = error, True
        if same and read_source_stamps(sources, own) == before:
            if failure:
                raise failure
            return version
    raise BuildFailed(
        f"The sources changed while they were read, {TRIES} times in a row. Wait until nobody writes there, then run "
        "python -m data.build. The database in service is unchanged.",
        "restless",
    )


def has_many_own_rows(files: Sequence[batches.Batch]) -> bool:
    """Return whether own files hold so many figures that the database is laid out for them."""
    return sum(batch.rows.get("observation", 0) for batch in files) > MANY_OWN_ROWS


def fill_database(
    connection: duckdb.DuckDBPyConnection,
    sources: Path,
    own: Sequence[Path] = (),
    version: str | None = None,
    *,
    sound: bool = False,
) -> None:
    """Read, check and load every table. own: folders of batches. Raises BrokenSources with all defects.

    version: the data version of exactly these sources; None: computed here, see compute_data_version().
    sound: the sources have been checked by this code already, so that only what own files add is checked.
    """
    files = [batches.read_batch(path) for path in own]
    make_code_types(connection, sources, own_rows.collect_own_codes(files))
    schema = shape.read_schema()
    connection.execute(schema)
    defects = read_sources(connection, sources)
    if not sound:
        defects += find_source_defects(connection)
    defects += own_rows.find_own_row_defects(connection, own, files)
    if defects:
        raise BrokenSources(sorted(set(defects), key=lambda defect: (defect.file, defect.line, defect.column)))
    for table in re.findall(r"^create table (\w+)", schema, re.MULTILINE):
        order = SORT_ORDERS.get(table, "file, line")
        if table == own_table.TABLE and has_many_own_rows(files):
            own_table.fill_own_table(connection, own, order)
        elif table not in BUILD_TABLES:
            connection.execute(own_rows.make_fill_statement(connection, table, own, order))
    if has_many_own_rows(files):
        figure_table.keep_printed_figures(connection)
    else:
        figure_table.materialize_figure_view(connection)
    own_rows.fill_batch_table(connection, files)
    names = {"version": version or compute_data_version(sources, own), "schema": shape.compute_schema_version()}
    connection.execute("insert into build values ($version, $schema)", names)


def check_sources(sources: Path | None = None) -> None:
    """Read and check the sources and the own files in use, in memory. Raises BrokenSources and BuildFailed."""
    sources = sources or get_sources_path()

    def read(version: str) -> None:
        with duckdb.connect(":memory:") as connection:
            fill_database(connection, sources, own, version)

    with _convert_store_failures():
        own = batches.get_batch_folders_in_use()
        read_until_stable(sources, own, read)


@contextmanager
def draft_database(
    sources: Path, database: Path, own: Sequence[Path], *, sound: Callable[[], bool] = lambda: False
) -> Iterator[DatabaseDraft]:
    """Write a complete database next to the one in service, ready to be swapped in; deleted at the end if it was not.

    sound: called during the build; returns whether the sources as they are then have been checked by this code; see
    fill_database(). Raises BrokenSources, or BuildFailed if the disk refuses or the sources keep changing.
    """
    delete_database_drafts(database)
    draft = database.with_name(f"{database.name}.{uuid.uuid4().hex}.draft")

    def write(version: str) -> None:
        delete_draft_files(draft)
        large = has_many_own_rows([batches.read_batch(path) for path in own])
        layout: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": READABLE_SINCE}
        layout |= {} if large else {"default_block_size": SMALL_BLOCKS}
        with duckdb.connect(draft, config=layout) as connection:
            connection.begin()  # hundreds of statements, written once
            fill_database(connection, sources, own, version, sound=sound())
            connection.commit()
            connection.execute("checkpoint")
        with draft.open("rb") as file:
            os.fsync(file.fileno())

    try:
        if database.is_dir():
            raise BuildFailed(
                f"{database.name} is a folder; a file is to stand there. Move it away, then run python -m data.build.",
                "folder",
            )
        database.parent.mkdir(parents=True, exist_ok=True)
        yield DatabaseDraft(draft, read_until_stable(sources, own, write))
    except (duckdb.OperationalError, duckdb.FatalException, OSError) as error:
        if isinstance(error, BuildFailed | batches.StorageError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        reason = reason.replace(f"{database.parent}{os.sep}", "")
        raise BuildFailed(
            f"{database.name} could not be written: {reason}. Free some space or check the folder's "
            "permissions, then run python -m data.build. The database in service is unchanged.",
            atomic.find_write_failure(error),
        ) from error
    finally:
        delete_draft_files(draft)


def build_database(sources: Path | None = None, database: Path | None = None) -> str:
    """Build the database and swap it in at once; return its data version.

    A reader that has the old file open keeps it until it opens the file again. Two builds at once run one after the
    other. Raises BrokenSources, or BuildFailed if the disk refuses; the old file stays.
    """
    sources, database = sources or get_sources_path(), database or get_database_path()
    with _convert_store_failures(), batches.hold_lock(database.parent):
        with draft_database(sources, database, batches.get_batch_folders_in_use()) as draft:
            draft.path.replace(database)
        return draft.version


@contextmanager
def _convert_store_failures() -> Iterator[None]:
    """Turn a failure in the store of own files into a failure of the build."""
    try:
        yield
    except batches.StorageError as error:
        raise BuildFailed(str(error), "store") from error


def delete_draft_files(draft: Path) -> None:
    """Delete a draft and its write-ahead log, if they exist."""
    for path in (draft, draft.with_name(draft.name + ".wal")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def delete_database_drafts(database: Path) -> None:
    """Delete drafts left by killed builds, with their logs and sort folders."""
    atomic.delete_abandoned_drafts(database.parent, f"{database.name}.*.draft*")


def build_if_stale(sources: Path | None = None, database: Path | None = None) -> str:
    """Build only if the database is missing or its sources or own files have changed; return its data version."""
    sources, database = sources or get_sources_path(), database or get_database_path()
    delete_database_drafts(database)
    batches.delete_batch_drafts()
    with _convert_store_failures():
        version = compute_data_version(sources)
    return version if shape.read_built_version(database) == version else build_database(sources, database)
