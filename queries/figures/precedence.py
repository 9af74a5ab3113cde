"""Several versions of one figure: which one counts, and which others there are.

A version is another number for the same place, definition, period and kind of unit: a forecast, a first
release, a revision. Everything that needs one number of several calls this module, so that title, chart, table
and route agree. The order of versions is the column precedence of the table `figure`: among the rows, the
version with the smallest one counts, and rows that were not known by a day are not among them.
"""

from typing import Any

import polars as pl

Row = dict[str, Any]
KEYS = ("park_id", "comparable_key", "period", "dimension")
VERSION_OF = {"value": "version_of", "growth_pct": "growth_version_of"}  # column by the number that is wanted


def mark_versions(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of VERSION_OF: if a figure has several versions among the rows, the observation_id of the one
    that counts; null if it has one.

    rows: columns of observations.sql, in any order, which is kept. Rows without the number that is wanted are not
    versions of those with it.
    """
    columns: dict[str, pl.Expr] = {}
    for of, name in VERSION_OF.items():
        figure = [*KEYS, pl.col(of).is_null()]
        first = pl.col("observation_id").sort_by("precedence").first().over(figure)
        columns[name] = pl.when(pl.len().over(figure) > 1).then(first)
    if rows.is_empty():
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in columns)
    return rows.with_columns(**columns)


def is_earlier_version(of: str = "value") -> pl.Expr:
    """Return an expression: whether a row of mark_versions() is a version that does not count."""
    return pl.col(VERSION_OF[of]).is_not_null() & (pl.col(VERSION_OF[of]) != pl.col("observation_id"))


def select_counting_versions(rows: pl.DataFrame, of: str = "value") -> pl.DataFrame:
    """Return the version of each figure that counts, in the order of the rows.

    rows: of mark_versions(), all versions of a figure or none. of: value or growth_pct, the number that is wanted.
    """
    return rows.filter(~is_earlier_version(of))


def get_earlier_versions(rows: pl.DataFrame) -> dict[str, list[Row]]:
    """Return the published versions of a figure that do not count, oldest first, by the code of the one that does.

    The same number in another text is no version. rows: of mark_versions().
    """
    others = rows.filter(is_earlier_version() & pl.col("value").is_not_null() & (pl.col("evidence") == "published"))
    if others.is_empty():
        return {}
    said = ["value_text", "unit_id", "bound"]
    counting = rows.filter(pl.col("observation_id").is_in(others["version_of"].to_list()))
    counting = counting.select(version_of="observation_id", **{f"_{name}": name for name in said})
    others = others.join(counting, on="version_of", how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"_{name}") for name in said).fill_null(value=False)
    others = others.filter(~same).select(rows.columns)
    found: dict[str, list[Row]] = {}
    for row in others.sort("source_published", nulls_last=False, maintain_order=True).iter_rows(named=True):
        found.setdefault(row["version_of"], []).append(row)
    return found
