"""What a column is said to hold is what the comment of that table's own column says, in files, package and routes."""

import polars as pl
import pytest

from queries.api import openapi, routes
from queries.catalogue import catalogue
from queries.database import engine as door
from queries.export import formats, package

# The table whose rows a route gives.
OF_ROUTE = {
    "/observations.{suffix}": "observation", "/compare.{suffix}": "observation",
    "/compare-years.{suffix}": "observation",
    "/targets.{suffix}": "target", "/status.json": "target", "/unlock.json": "target",
    "/commitments.{suffix}": "commitment", "/indicators.{suffix}": "indicator", "/sources.{suffix}": "source",
    "/parks.{suffix}": "park",
}  # fmt: skip


def comments(table, lang):
    row = catalogue.get_tables().row(by_predicate=pl.col("table_id") == table, named=True)
    return dict(zip(row["columns"], row[f"comments_{lang}"], strict=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_as_a_workbook_explains_its_own_columns(lang):
    for table in catalogue.get_tables()["table_id"]:
        rows = pl.DataFrame(schema=dict.fromkeys(comments(table, lang), pl.String))
        assert dict(formats.get_column_meanings(rows, lang).rows()) == comments(table, lang), table


@pytest.mark.parametrize(("path", "table"), OF_ROUTE.items())
def test_a_route_explains_the_columns_of_its_own_table(path, table):
    rows, own = routes.COLUMNS[path](), comments(table, "en")
    told = dict(formats.get_column_meanings(rows, "en").rows())
    described = openapi._columns(rows)["properties"]
    for column in own.keys() & set(rows.columns):
        assert told[column] == described[column]["description"] == own[column], (path, column)
    assert routes.api


def test_a_place_that_only_stands_in_a_row_is_not_the_one_that_promised():
    for path in ("/tasks.{suffix}", "/projects.{suffix}", "/records.{suffix}"):
        told = dict(formats.get_column_meanings(routes.COLUMNS[path](), "en").rows())
        assert told["park_id"] == "Code of the place, as in links."


def test_the_package_explains_each_table_by_its_own_comments():
    for resource in package.describe_package(door, "{table}.csv")["resources"]:
        own = comments(resource["title"], "en")
        assert {field["name"]: field["description"] for field in resource["schema"]["fields"]} == own
