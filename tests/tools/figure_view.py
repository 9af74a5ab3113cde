"""The table `figure` of a database made the view again that the schema declares, so that it follows new figures."""

import re

import duckdb

from data.database import figure_table, shape


def restore_figure_view(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the table and create the view, with its comments."""
    [view] = re.findall(r"^create view figure as.*?;$", shape.read_schema(), re.MULTILINE | re.DOTALL)
    comments = figure_table.make_comment_statements(connection, "figure", "view")
    connection.execute("drop table figure")
    connection.execute(view)
    for comment in comments:
        connection.execute(comment)
