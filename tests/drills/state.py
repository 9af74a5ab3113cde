"""Drills of the state of the data: builds under change, files that are harmed, a server that is never started again."""

import contextlib
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from data import paths
from data.database import build, shape
from queries.database import detached, engine
from queries.database.state import DatabaseMissing, DataDamaged
from queries.service import watch
from tests.conftest import ROOT, SOURCES
from tests.hosting.servers import STREAMLIT, free_port, get, process

BUILDS = 6
CUTS = 14


@contextlib.contextmanager
def _place() -> Iterator[Path]:
    """A folder with a copy of the sources, named by the environment; as before at the end."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(SOURCES, place / "sources")
        os.environ |= {
            "PARK_DATABASE": str(place / "park.duckdb"),
            "PARK_SOURCES": str(place / "sources"),
            "PARK_BATCHES": str(place / "batches"),
        }
        try:
            yield place
        finally:
            engine.close_database()
            engine.damage.clear()
            os.environ.clear()
            os.environ.update(before)


def drill_builds_under_change() -> tuple[int, int, str]:
    """A build whose sources change while it reads claims the version of what it read, or fails with a sentence"""
    held = refused = 0
    with _place() as place:
        titles = place / "sources" / "title.csv"
        head, *rows = titles.read_text("utf-8").splitlines(keepends=True)
        chance = random.Random(720)
        claims: dict[str, int] = {}

        def write(count: int) -> None:
            more = [rows[-1].replace("N2,", f"N{number + 10},", 1) for number in range(count)]
            draft = place / "title.draft"
            draft.write_text("".join([head, *rows, *more]), "utf-8")
            draft.replace(titles)

        for count in range(4):
            write(count)
            claims[build.compute_data_version(place / "sources")] = len(rows) + count

        def change() -> None:
            for _ in range(2):
                time.sleep(chance.uniform(0, 0.7))
                write(chance.randrange(4))

        for _ in range(BUILDS):
            other = threading.Thread(target=change)
            other.start()
            try:
                version = build.build_database()
            except build.BuildFailed as error:
                refused += 1
                held += error.cause == "restless"
                continue
            finally:
                other.join()
            asked = "select count(*), any_value(data_version) from title, build"
            with duckdb.connect(paths.get_database_path(), read_only=True) as connection:
                [(count, claimed)] = connection.sql(asked).fetchall()
            held += claimed == version and claims[version] == count
    return BUILDS, held, f"{refused} refused as never at rest"


def drill_harmed_files() -> tuple[int, int, str]:
    """A database cut or overwritten anywhere is noticed when it is opened, asked or read through, and built anew"""
    tried = held = rebuilt = 0
    with _place():
        good_version = build.build_database()
        path = paths.get_database_path()
        good = path.read_bytes()
        whole = {table: engine.get_table_rows(table) for table in engine.fetch("tables")["table_id"]}
        chance = random.Random(588)
        harms = [good[: chance.randrange(len(good))] for _ in range(CUTS)]
        for _ in range(CUTS):
            start = chance.randrange(0, len(good) - 4096)
            harms.append(good[:start] + chance.randbytes(4096) + good[start + 4096 :])
        last: dict[bool, bytes] = {}
        for harm in harms:
            tried += 1
            path.write_bytes(harm)
            engine.close_database()
            noticed = True
            try:
                with closing(detached.DetachedConnection()) as apart:
                    apart.read_through()
                noticed = False
            except DataDamaged:
                last[isinstance(shape.read_built_version(path), str)] = harm
            # Either it was noticed, or no block was hit that holds data: every cell is as it was.
            held += noticed or all(engine.get_table_rows(table).equals(rows) for table, rows in whole.items())
            rebuilt += noticed
        for harm in last.values():  # one that does not open, one that opens and fails when it is read
            tried += 1
            path.write_bytes(harm)
            engine.close_database()
            mended = watch.Watch()
            mended.prepare()
            with (
                contextlib.suppress(DatabaseMissing),
                contextlib.closing(detached.DetachedConnection()) as apart,
            ):
                apart.read_through()
            mended.look(damaged=isinstance(engine.find_database_error(), DataDamaged))
            held += engine.find_database_error() is None and engine.get_data_version() == good_version
    return tried, held, f"{rebuilt} noticed; the others hit no block that is read"


def drill_a_server_never_started_again() -> tuple[int, int, str]:
    """A running server that is handed damaged files serves the last good state, and is in order again by itself"""
    tried = held = 0
    with _place() as place:
        build.build_database()
        path = paths.get_database_path()
        good = path.read_bytes()
        port = free_port()
        command = [*STREAMLIT, "--server.port", str(port), "--server.address", "localhost"]

        def content(address: str) -> tuple[int, bytes]:
            answer = get(port, address)
            return answer.status, answer.body

        with process(command, place / "log", lambda: get(port, "/api/ready").status == 200, 60, cwd=ROOT):
            time.sleep(8)  # it begins to look again when the first page may have been drawn
            for harm in (b"", b"text" * 9000, good[: len(good) // 2]):
                tried += 1
                before = content("/api/tables/title.csv")
                draft = place / "harm"
                draft.write_bytes(harm)
                draft.replace(path)
                served = content("/api/tables/title.csv") == before and before[0] == 200
                until = time.monotonic() + 20
                while time.monotonic() < until and shape.read_built_version(path) is None:
                    time.sleep(0.2)
                served = served and content("/api/tables/title.csv") == before
                held += served and shape.read_built_version(path) is not None and get(port, "/api/ready").status == 200
    return tried, held, "empty, text, half"
