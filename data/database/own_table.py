"""Many own figures: kept in a table of their own, which takes a third of the time to fill and of the room.

The name `observation` then belongs to a view over two tables of the schema `kept`: `printed` has the figures of the
sources and `own` those of own files. A reader sees the columns of the schema and no others.
What follows from other columns is made when it is read: code, locator and kind of an own row, and a text that says no
more than number and decimals. A column that says the same in every own row stands in the view alone.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.database.figure_table import comments_of
from data.database.own_rows import PLACE, Arriving, cited
from data.database.source_files import columns_of

TABLE = "observation"
# What may well say the same in every row; the others differ wherever there are many.
ALIKE = ("decimals", "bound", "source_id", "growth_decimals", *(name for name in PLACE if name != "row"))


def fill(connection: duckdb.DuckDBPyConnection, own: Sequence[Path], order: str) -> None:
    """Make the view in place of the empty table `observation`, and fill what it reads.

    own: folders of batches. order: of the figures of the sources; own ones stand in the same, by their row.
    """
    columns = columns_of(connection, TABLE)
    rows = Arriving(connection, TABLE, own)
    same = _same(connection, rows)
    stored = [name for name in rows.present if name not in same]
    keys = [key for key in (*order.split(", ")[:-1], "source_id", "sheet_no", "row") if key in stored]
    names = ", ".join(columns)
    comments = comments_of(connection, TABLE, "view")
    connection.execute("create schema kept")
    typed = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    connection.execute(f"create table kept.printed as select {typed} from stage_{TABLE} order by {order}")
    connection.execute(f"create table kept.own as select {', '.join(stored)} from {rows} order by {', '.join(keys)}")
    said = same | {name: f"null::{kind}" for name, kind in rows.columns.items() if name not in rows.present}
    whole = ", ".join([*stored, *(f"{literal} as {name}" for name, literal in said.items())])
    connection.execute(f"drop table main.{TABLE}")
    connection.execute(
        f"create view main.{TABLE} as select {names} from kept.printed "
        f"union all select {cited(TABLE, columns)} from (select {whole} from kept.own)"
    )
    for comment in comments:
        connection.execute(comment)


def _same(connection: duckdb.DuckDBPyConnection, rows: Arriving) -> dict[str, str]:
    """The columns that say the same in every row, with what they say as a literal of SQL."""
    names = [name for name in ALIKE if name in rows.present]
    parts = ", ".join(f"min({name})::varchar, max({name})::varchar, count({name})" for name in names)
    [(count, *found)] = connection.sql(f"select count(*), {parts} from {rows}").fetchall()
    same = {}
    for at, name in enumerate(names):
        least, most, filled = found[3 * at : 3 * at + 3]
        if filled == count and least == most:
            same[name] = "'" + least.replace("'", "''") + f"'::{rows.columns[name]}"
    return same
