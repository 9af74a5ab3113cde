"""Build the database from the sources and the own files in use: a draft, checked, swapped in; or every defect named
and the old file stays.

Run: python -m data.build            build data/park.duckdb (or the file that PARK_DATABASE names)
     python -m data.build --check    only check; writes nothing
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data import batches, bulk, drafts, owning
from data.reading import CODES, MADE, Defect, checked, make_codes, read_sources

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
SCHEMA = HERE / "schema.sql"
OWN = ("build.py", "reading.py", "owning.py", "bulk.py")
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
    """The database could not be written; the one in service is unchanged."""


def database_path() -> Path:
    """Where the database stands: the file named by PARK_DATABASE, else data/park.duckdb."""
    return Path(os.environ.get("PARK_DATABASE") or HERE / "park.duckdb")


def sources_path() -> Path:
    """Where the sources stand: the folder named by PARK_SOURCES, else data/sources."""
    return Path(os.environ.get("PARK_SOURCES") or SOURCES)


def fingerprint(sources: Path, own: Sequence[Path] | None = None) -> str:
    """The data version: twelve hex digits over everything that the database depends on.

    own: folders of batches; None: those in use.
    """
    digest = hashlib.sha256()
    for batch in map(batches.read, batches.in_use() if own is None else own):
        digest.update(json.dumps([batch.batch_id, batch.file_name, batch.loaded, batch.digest]).encode())
    code = [SCHEMA, *(HERE / name for name in OWN), *sorted(HERE.glob("checks/*.sql"))]
    for path in [*code, *sorted(sources.rglob("*.csv"))]:
        base = HERE if path in code else sources
        digest.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def built_version(database: Path) -> str | None:
    """The data version in a database file; None where there is no file, or no readable one."""
    if not database.exists():
        return None
    try:
        # Settings as in queries.database: DuckDB opens a file that this process has open with the same ones only.
        with duckdb.connect(database, read_only=True, config={"enable_external_access": "false"}) as connection:
            rows = connection.sql("select data_version from build").fetchall()
    except duckdb.Error:
        return None
    return str(rows[0][0]) if rows else None


def many(files: Sequence[batches.Batch]) -> bool:
    """Whether own files hold so many figures that the database is laid out for them."""
    return sum(batch.rows.get("observation", 0) for batch in files) > MANY


def fill(
    connection: duckdb.DuckDBPyConnection, sources: Path, own: Sequence[Path] = (), *, sound: bool = False
) -> None:
    """Read, check and load every table. own: folders of batches. Raises BrokenSources with all defects.

    sound: the very sources have been checked by this code, and only what own files add is to be checked.
    """
    files = [batches.read(path) for path in own]
    make_codes(connection, sources, owning.codes(files))
    schema = SCHEMA.read_text("utf-8")
    connection.execute(schema)
    defects = read_sources(connection, sources)
    if not sound:
        defects += checked(connection)
    defects += owning.checked(connection, own, files)
    if defects:
        raise BrokenSources(sorted(set(defects), key=lambda defect: (defect.file, defect.line, defect.column)))
    for table in re.findall(r"^create table (\w+)", schema, re.MULTILINE):
        order = ORDER.get(table, "file, line")
        if table == bulk.TABLE and many(files):
            bulk.fill(connection, own, order)
        elif table not in MADE:
            connection.execute(owning.filling(connection, table, own, order))
    owning.listed(connection, files)
    connection.execute("insert into build values ($version)", {"version": fingerprint(sources, own)})


def check(sources: Path | None = None) -> None:
    """Read and check the sources and the own files in use, in memory. Raises BrokenSources and BuildFailed."""
    with _batches_readable(), duckdb.connect(":memory:") as connection:
        fill(connection, sources or sources_path(), batches.in_use())


@contextmanager
def drafted(sources: Path, database: Path, own: Sequence[Path], *, sound: bool = False) -> Iterator[Path]:
    """A whole database beside the one in service, to be swapped in; gone at the end where it was not.

    sound: see fill().
    Raises BrokenSources, or BuildFailed when the disk refuses.
    """
    sweep(database)
    draft = database.with_name(f"{database.name}.{uuid.uuid4().hex}.draft")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        large = many([batches.read(path) for path in own])
        with duckdb.connect(draft, config={} if large else {"default_block_size": SMALL_BLOCKS}) as connection:
            connection.begin()  # hundreds of statements, written once
            fill(connection, sources, own, sound=sound)
            connection.commit()
            connection.execute("checkpoint")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        yield draft
    except (duckdb.OperationalError, duckdb.FatalException, OSError) as error:
        if isinstance(error, BuildFailed | batches.StoreFailed):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        reason = reason.replace(f"{database.parent}{os.sep}", "")
        raise BuildFailed(
            f"{database.name} could not be written: {reason}. Free some space or check the folder's "
            "permissions, then run python -m data.build. The database in service is unchanged."
        ) from error
    finally:
        remove(draft)


def build(sources: Path | None = None, database: Path | None = None) -> str:
    """Build the database and swap it in at once; return its data version.

    A reader that has the old file open keeps it until it opens anew. Two builds at once run one after the other.
    Raises BrokenSources, or BuildFailed when the disk refuses; the old file stays.
    """
    sources, database = sources or sources_path(), database or database_path()
    with _batches_readable(), batches.locked(database.parent):
        own = batches.in_use()
        with drafted(sources, database, own) as draft:
            draft.replace(database)
        return fingerprint(sources, own)


@contextmanager
def _batches_readable() -> Iterator[None]:
    """What fails in the store of own files fails the build."""
    try:
        yield
    except batches.StoreFailed as error:
        raise BuildFailed(str(error)) from error


def remove(draft: Path) -> None:
    """Delete a draft and its write-ahead log, if they are there."""
    for path in (draft, draft.with_name(draft.name + ".wal")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def sweep(database: Path) -> None:
    """Delete drafts that a killed build left behind, with their logs and folders for sorting."""
    drafts.sweep(database.parent, f"{database.name}.*.draft*")


def ensure(sources: Path | None = None, database: Path | None = None) -> str:
    """Build only when the database is missing or its sources or own files have changed; return its data version."""
    sources, database = sources or sources_path(), database or database_path()
    sweep(database)
    batches.sweep()
    with _batches_readable():
        version = fingerprint(sources)
    return version if built_version(database) == version else build(sources, database)


def main() -> int:
    """The command line. Exit code 0: built, checked, or nothing to do; 1: a defect or a refusing disk."""
    parser = argparse.ArgumentParser(prog="python -m data.build", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check the sources; write nothing")
    parser.add_argument("--if-stale", action="store_true", help="build only when the sources have changed")
    parser.add_argument("--sources", type=Path, default=sources_path(), help="folder of the CSV files")
    parser.add_argument("--database", type=Path, default=database_path(), help="file to write")
    options = parser.parse_args()
    try:
        if options.check:
            check(options.sources)
            print("The sources are in order.")
        else:
            version = (ensure if options.if_stale else build)(options.sources, options.database)
            print(f"{options.database.name}: data version {version}")
    except (BrokenSources, BuildFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


__all__ = ["CODES", "BrokenSources", "BuildFailed", "Defect", "build", "check", "ensure"]

if __name__ == "__main__":
    sys.exit(main())
