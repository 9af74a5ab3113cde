"""The tables that say what the words of a cell may name, filled without all the others."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.database import own_rows, shape
from data.database.build import BrokenSources
from data.database.source_files import make_code_types, read_sources
from data.storage import batches

CATALOGUE_TABLES = ("unit", "park", "indicator", "alias")


def fill_catalogue(connection: duckdb.DuckDBPyConnection, sources: Path, own: Sequence[Path]) -> None:
    """Fill the tables of units, places, indicators and other names alone, in a twentieth of the time of all.

    own: folders of batches. Raises BrokenSources where one of these tables cannot be read; what else is wrong with
    them is left to the build.
    """
    make_code_types(connection, sources, own_rows.collect_own_codes([batches.read_batch(path) for path in own]))
    # The comments of all other tables take most of the time of a schema.
    wanted = rf"^create (?:type .*?;|table (?:{'|'.join(CATALOGUE_TABLES)}) \(.*?^\);)"
    connection.execute("\n".join(re.findall(wanted, shape.read_schema(), re.MULTILINE | re.DOTALL)))
    if defects := read_sources(connection, sources, CATALOGUE_TABLES):
        raise BrokenSources(defects)
    for table in CATALOGUE_TABLES:
        connection.execute(own_rows.make_fill_statement(connection, table, own, "file, line"))
