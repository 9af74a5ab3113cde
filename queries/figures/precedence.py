"""Several versions of one figure: which one counts, and which others there are.

A version is another number for the same place, definition, period and kind of unit: a forecast, a first
release, a revision. Everything that needs one number of several calls this module, so that title, chart, table
and route agree. The order of versions is the column precedence of the table `figure`: among the rows, the
version with the smallest one counts, and rows that were not known by a day are not among them.
"""

from typing import Any

import polars as pl

Row = dict[str, Any]
KEYS = ("park_id", "comparable_key", "period")


def mark_versions(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Add version_of: if a figure has several versions among the rows, the observation_id of the one that counts; null
    if it has one.

    rows: of get_observations(), in any order, which is kept. of: value or growth_pct, the number that is wanted;
    rows without it are not versions of those with it.
    """
    if rows.is_empty():
        return rows.with_columns(version_of=pl.lit(None, pl.String))
    figure = [*KEYS, "dimension", pl.col(of).is_null()]
    first = pl.col("observation_id").sort_by("precedence").first().over(figure)
    return rows.with_columns(version_of=pl.when(pl.len().over(figure) > 1).then(first))


def is_earlier_version() -> pl.Expr:
    """Return an expression: whether a row of mark_versions() is a version that does not count."""
    return pl.col("version_of").is_not_null() & (pl.col("version_of") != pl.col("observation_id"))


def select_counting_versions(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Return the version of each figure that counts, in the order of the rows."""
    return mark_versions(rows, of).filter(~is_earlier_version()).drop("version_of")


def get_earlier_versions(rows: pl.DataFrame) -> dict[str, list[Row]]:
    """Return the published versions of a figure that do not count, oldest first, by the code of the one that does."""
    others = mark_versions(rows).filter(
        is_earlier_version() & pl.col("value").is_not_null() & (pl.col("evidence") == "published")
    )
    found: dict[str, list[Row]] = {}
    for row in others.sort("source_published", nulls_last=False, maintain_order=True).iter_rows(named=True):
        found.setdefault(row["version_of"], []).append(row)
    return found
