"""Several versions of one figure: which one counts, and which ones stand beside it.

A version is another number for the same place, definition, period and kind of unit: a forecast, a first release, a
revision. Everything that needs one number of several asks here, so that title, chart, table and route agree. The order
of versions is the column precedence of the table `figure`: the smallest of those among the rows counts, and rows that
were not known by a day are not among them.
"""

from typing import Any

import polars as pl

Row = dict[str, Any]
KEYS = ("park_id", "comparable_key", "period")


def marked(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Adds version_of: where a figure has several versions among the rows, the observation_id of the one that counts;
    null where it has one.

    rows: of observations(), in any order, which stays. of: value or growth_pct, the number that is wanted; rows without
    it are no versions of those with it.
    """
    if rows.is_empty():
        return rows.with_columns(version_of=pl.lit(None, pl.String))
    figure = [*KEYS, "dimension", pl.col(of).is_null()]
    first = pl.col("observation_id").sort_by("precedence").first().over(figure)
    return rows.with_columns(version_of=pl.when(pl.len().over(figure) > 1).then(first))


def is_earlier() -> pl.Expr:
    """Whether a row of marked() is a version that does not count."""
    return pl.col("version_of").is_not_null() & (pl.col("version_of") != pl.col("observation_id"))


def counting(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Of each figure the version that counts, in the order of the rows."""
    return marked(rows, of).filter(~is_earlier()).drop("version_of")


def earlier(rows: pl.DataFrame) -> dict[str, list[Row]]:
    """What was published of a figure beside the version that counts, oldest first; by the code of that version."""
    others = marked(rows).filter(is_earlier() & pl.col("value").is_not_null() & (pl.col("evidence") == "published"))
    found: dict[str, list[Row]] = {}
    for row in others.sort("source_published", nulls_last=False, maintain_order=True).iter_rows(named=True):
        found.setdefault(row["version_of"], []).append(row)
    return found
