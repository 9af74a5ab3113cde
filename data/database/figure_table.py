"""Store what follows from each figure, computed once: replace the schema's view `figure` by a table of the same
name.

With many own figures it remains a view: its rows would take as much space again as the figures themselves. The rows
of the figures that were printed then stand in a table `figure` of the schema `kept`, for questions that need no other.
"""

import duckdb

VIEW = "figure"


def materialize_figure_view(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the view by a table with a primary key, in the order of the figures, and keep its comments."""
    comments = make_comment_statements(connection, VIEW, "table")
    connection.execute(f"create temp table stored as select * from {VIEW}")
    connection.execute(f"drop view {VIEW}")
    connection.execute(f"create table {VIEW} as select * from stored order by rowid")
    connection.execute("drop table stored")
    connection.execute(f"alter table {VIEW} add primary key (observation_id)")
    for comment in comments:
        connection.execute(comment)


def keep_printed_figures(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the rows of the view that are not of own files in a table beside it, in the order of the figures."""
    connection.execute(f"create table kept.{VIEW} as select * from main.{VIEW} where evidence <> 'own'")


def make_comment_statements(connection: duckdb.DuckDBPyConnection, name: str, kind: str) -> list[str]:
    """Return the statements that give a table or view the comments of the one that now has its name.

    kind: what it will be, table or view.
    """
    [(told,)] = connection.sql(
        "select comment from duckdb_tables() where schema_name = 'main' and table_name = $name "
        "union all select comment from duckdb_views() where schema_name = 'main' and view_name = $name",
        params={"name": name},
    ).fetchall()
    columns = connection.sql(
        "select column_name, comment from duckdb_columns() where schema_name = 'main' and table_name = $name",
        params={"name": name},
    ).fetchall()
    about = [(f"{kind} main.{name}", told), *((f"column main.{name}.{column}", comment) for column, comment in columns)]
    return [f"comment on {what} is '{comment.replace(chr(39), chr(39) * 2)}'" for what, comment in about]
