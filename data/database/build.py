"""Build the database from the sources and the own files in use: a draft, checked, swapped in; or every defect named
and the old file stays.

Run: python -m data.build            build data/park.duckdb (or the file that PARK_DATABASE names)
     python -m data.build --check    only check; writes nothing
"""

import contextlib
import errno
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
from data.database.source_files import MADE, Defect, checked, make_codes, read_sources
from data.paths import database_path, sources_path
from data.storage import atomic, batches

HERE = Path(__file__).parent
TRIES = 5  # readings of sources that change meanwhile
PAUSE_SECONDS = 0.2  # before the second; so much more before each that follows
SMALL_BLOCKS = "16384"  # many small tables: a tenth of the file size
MANY = 50_000  # own rows from which on large blocks are smaller in all, and faster
ORDER = {"observation": "indicator_id, park_id, period_start, period_end, observation_id"}


class BrokenSources(ValueError):
    """The sources, or own files in use, break a rule. `defects` holds all of them, sorted by file and line."""

    def __init__(self, defects: list[Defect]) -> None:
        self.defects = defects
        lines = [str(defect) for defect in defects]
        count = len(lines)
        super().__init__(f"{count} defect{'s' if count != 1 else ''} in the sources:\n" + "\n".join(lines))


class BuildFailed(OSError):
    """The database could not be written; the one in service is unchanged.

    cause: disk (full), folder (no right to write, or no folder), store (of own files), restless (sources that keep
    changing), or other.
    """

    def __init__(self, said: str, cause: str = "other") -> None:
        super().__init__(said)
        self.cause = cause


class Draft(NamedTuple):
    """A whole database to be swapped in, and the data version of what was read for it."""

    path: Path
    version: str


def fingerprint(sources: Path, own: Sequence[Path] | None = None) -> str:
    """The data version: twelve hex digits over everything that the database depends on.

    own: folders of batches; None: those in use. Raises BrokenSources for a source that is no file or may not be read.
    """
    digest = hashlib.sha256()
    for batch in map(batches.read, batches.in_use() if own is None else own):
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


def stamps(sources: Path, own: Sequence[Path]) -> frozenset[tuple[object, ...]]:
    """What tells, without reading them, that sources or own files are still those of before.

    A name, and the file's number, size and times; a name alone where no file can be asked for them.
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


def steadily(sources: Path, own: Sequence[Path], read: Callable[[str], None]) -> str:
    """Have sources and own files read, and again where they changed meanwhile; return the version of what was read.

    read: is given that version; what it did in a reading before is void. Defects met in a reading that a change went
    through are told by the next. Raises what `read` raises, and BuildFailed where the sources never rest.
    """
    for turn in range(TRIES):
        time.sleep(turn * PAUSE_SECONDS)
        before = stamps(sources, own)
        failure: Exception | None = None
        version = ""
        try:
            version = fingerprint(sources, own)
            read(version)
            # A digest too: a file system may keep times so coarsely that a change leaves none.
            same = fingerprint(sources, own) == version
        except (BrokenSources, OSError, duckdb.Error) as error:
            failure, same = error, True
        if same and stamps(sources, own) == before:
            if failure:
                raise failure
            return version
    raise BuildFailed(
        f"The sources changed while they were read, {TRIES} times in a row. Wait until nobody writes there, then run "
        "python -m data.build. The database in service is unchanged.",
        "restless",
    )


def built_version(database: Path) -> str | None:
    """The data version in a database file; None where there is no file, no readable one, or one of another schema."""
    if not database.is_file():
        return None
    try:
        # Settings as in queries.database.engine: DuckDB opens a file that this process has open with the same ones
        # only.
        with duckdb.connect(database, read_only=True, config={"enable_external_access": "false"}) as connection:
            return shape.look(connection)
    except (duckdb.Error, shape.OtherSchema):
        return None


def many(files: Sequence[batches.Batch]) -> bool:
    """Whether own files hold so many figures that the database is laid out for them."""
    return sum(batch.rows.get("observation", 0) for batch in files) > MANY


def fill(
    connection: duckdb.DuckDBPyConnection,
    sources: Path,
    own: Sequence[Path] = (),
    version: str | None = None,
    *,
    sound: bool = False,
) -> None:
    """Read, check and load every table. own: folders of batches. Raises BrokenSources with all defects.

    version: the data version of the very sources; None: see fingerprint().
    sound: they have been checked by this code, and only what own files add is to be checked.
    """
    files = [batches.read(path) for path in own]
    make_codes(connection, sources, own_rows.codes(files))
    schema = shape.schema()
    connection.execute(schema)
    defects = read_sources(connection, sources)
    if not sound:
        defects += checked(connection)
    defects += own_rows.checked(connection, own, files)
    if defects:
        raise BrokenSources(sorted(set(defects), key=lambda defect: (defect.file, defect.line, defect.column)))
    for table in re.findall(r"^create table (\w+)", schema, re.MULTILINE):
        order = ORDER.get(table, "file, line")
        if table == own_table.TABLE and many(files):
            own_table.fill(connection, own, order)
        elif table not in MADE:
            connection.execute(own_rows.filling(connection, table, own, order))
    if not many(files):
        figure_table.store(connection)
    own_rows.listed(connection, files)
    names = {"version": version or fingerprint(sources, own), "schema": shape.schema_version()}
    connection.execute("insert into build values ($version, $schema)", names)


def check(sources: Path | None = None) -> None:
    """Read and check the sources and the own files in use, in memory. Raises BrokenSources and BuildFailed."""
    sources = sources or sources_path()

    def read(version: str) -> None:
        with duckdb.connect(":memory:") as connection:
            fill(connection, sources, own, version)

    with _batches_readable():
        own = batches.in_use()
        steadily(sources, own, read)


@contextmanager
def drafted(
    sources: Path, database: Path, own: Sequence[Path], *, sound: Callable[[], bool] = lambda: False
) -> Iterator[Draft]:
    """A whole database beside the one in service, to be swapped in; gone at the end where it was not.

    sound: whether the sources as they stand when it is called have been checked by this code; see fill().
    Raises BrokenSources, or BuildFailed when the disk refuses or the sources never rest.
    """
    sweep(database)
    draft = database.with_name(f"{database.name}.{uuid.uuid4().hex}.draft")

    def write(version: str) -> None:
        remove(draft)
        large = many([batches.read(path) for path in own])
        with duckdb.connect(draft, config={} if large else {"default_block_size": SMALL_BLOCKS}) as connection:
            connection.begin()  # hundreds of statements, written once
            fill(connection, sources, own, version, sound=sound())
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
        yield Draft(draft, steadily(sources, own, write))
    except (duckdb.OperationalError, duckdb.FatalException, OSError) as error:
        if isinstance(error, BuildFailed | batches.StoreFailed):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        reason = reason.replace(f"{database.parent}{os.sep}", "")
        raise BuildFailed(
            f"{database.name} could not be written: {reason}. Free some space or check the folder's "
            "permissions, then run python -m data.build. The database in service is unchanged.",
            _cause(error),
        ) from error
    finally:
        remove(draft)


def _cause(error: Exception) -> str:
    """Whether the disk is full or the folder refuses. DuckDB tells it in words alone."""
    causes = {
        "disk": (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        "folder": (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
    }
    for cause, numbers in causes.items():
        if any(error.args[:1] == (number,) or os.strerror(number) in str(error) for number in numbers):
            return cause
    return "other"


def build(sources: Path | None = None, database: Path | None = None) -> str:
    """Build the database and swap it in at once; return its data version.

    A reader that has the old file open keeps it until it opens anew. Two builds at once run one after the other.
    Raises BrokenSources, or BuildFailed when the disk refuses; the old file stays.
    """
    sources, database = sources or sources_path(), database or database_path()
    with _batches_readable(), batches.locked(database.parent):
        with drafted(sources, database, batches.in_use()) as draft:
            draft.path.replace(database)
        return draft.version


@contextmanager
def _batches_readable() -> Iterator[None]:
    """What fails in the store of own files fails the build."""
    try:
        yield
    except batches.StoreFailed as error:
        raise BuildFailed(str(error), "store") from error


def remove(draft: Path) -> None:
    """Delete a draft and its write-ahead log, if they are there."""
    for path in (draft, draft.with_name(draft.name + ".wal")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def sweep(database: Path) -> None:
    """Delete drafts that a killed build left behind, with their logs and folders for sorting."""
    atomic.sweep(database.parent, f"{database.name}.*.draft*")


def ensure(sources: Path | None = None, database: Path | None = None) -> str:
    """Build only when the database is missing or its sources or own files have changed; return its data version."""
    sources, database = sources or sources_path(), database or database_path()
    sweep(database)
    batches.sweep()
    with _batches_readable():
        version = fingerprint(sources)
    return version if built_version(database) == version else build(sources, database)
