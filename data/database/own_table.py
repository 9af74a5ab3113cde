"""Keep many own figures in a separate table, which takes a third of the time to fill and of the space.

The name `observation` then belongs to a view over two tables of the schema `kept`: `printed` has the figures of
the sources and `own` those of own files. A reader sees only the columns of the schema. What follows from other
columns is computed on reading: code, locator and kind of an own row, and texts that only repeat number and
decimals. A column with the same value in every own row is a constant of the view.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.database.figure_table import make_comment_statements
from data.database.own_rows import PLACE_TYPES, OwnRowsSubquery, make_own_select_list
from data.database.source_files import get_column_types

TABLE = "observation"
# What may well say the same in every row; the others differ wherever there are many.
MAYBE_UNIFORM_COLUMNS = (
    "decimals",
    "bound",
    "source_id",
    "growth_decimals",
    *(name for name in PLACE_TYPES if name != "row"),
)


def fill_own_table(connection: duckdb.DuckDBPyConnection, own: Sequence[Path], order: str) -> None:
    """Replace the empty table `observation` by the view, and fill the tables that it reads.

    own: folders of batches. order: of the figures of the sources; own figures follow the same order, then their
    row.
    """
    columns = get_column_types(connection, TABLE)
    rows = OwnRowsSubquery(connection, TABLE, own)
    same = _find_uniform_columns(connection, rows)
    stored = [name for name in rows.present if name not in same]
    keys = [key for key in (*order.split(", ")[:-1], "source_id", "sheet_no", "row") if key in stored]
    names = ", ".join(columns)
    comments = make_comment_statements(connection, TABLE, "view")
    connection.execute("create schema kept")
    typed = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    connection.execute(f"create table kept.printed as select {typed} from stage_{TABLE} order by {order}")
    connection.execute(f"create table kept.own as select {', '.join(stored)} from {rows} order by {', '.join(keys)}")
    said = same | {name: f"null::{kind}" for name, kind in rows.columns.items() if name not in rows.present}
    whole = ", ".join([*stored, *(f"{literal} as {name}" for name, literal in said.items())])
    connection.execute(f"drop table main.{TABLE}")
    connection.execute(
        f"create view main.{TABLE} as select {names} from kept.printed "
        f"union all select {make_own_select_list(TABLE, columns)} from (select {whole} from kept.own)"
    )
    for comment in comments:
        connection.execute(comment)


def _find_uniform_columns(connection: duckdb.DuckDBPyConnection, rows: OwnRowsSubquery) -> dict[str, str]:
    """Return the columns that have the same value in every row, with that value as an SQL literal."""
    names = [name for name in MAYBE_UNIFORM_COLUMNS if name in rows.present]
    [first] = connection.sql(f"select {', '.join(f'{name}::varchar' for name in names)} from {rows} limit 1").fetchall()
    literals = {
        name: "'" + text.replace("'", "''") + f"'::{rows.columns[name]}"
        for name, text in zip(names, first, strict=True)
        if text is not None
    }
    # Comparing with one value takes a fifth of looking for the least and the greatest.
    differ = ", ".join(f"count(*) filter ({name} is distinct from {literal})" for name, literal in literals.items())
    [counts] = connection.sql(f"select {differ} from {rows}").fetchall() if literals else [()]
    return {name: literals[name] for name, count in zip(literals, counts, strict=True) if not count}
