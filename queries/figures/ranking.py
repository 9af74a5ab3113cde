"""Ranks of places that have a figure of one definition; what rounding leaves open is kept open."""

from typing import Any

import polars as pl

from queries.catalogue import catalogue
from queries.catalogue.catalogue import SUM_KINDS
from queries.figures import precedence

RANK_SCHEMA = {"rank": pl.Int64, "rank_first": pl.Int64, "rank_last": pl.Int64, "ranked": pl.Int64}
Ends = tuple[float, float, float]


def select_annual_figures(rows: pl.DataFrame) -> pl.DataFrame:
    """Return, of figures for whole years, the version that counts of each place, definition and year.

    rows: of get_observations(); queries.figures.precedence says which version counts.
    """
    return precedence.select_counting_versions(rows.filter((pl.col("span") == "year") & pl.col("value").is_not_null()))


def rank_places(rows: pl.DataFrame, year: int, park: str) -> pl.DataFrame:
    """Rank the places of one kind that have a figure for a year. Other places are not ranked, nor are sums of places.

    rows: figures of one definition, as levels or as another measure. park: the place whose kind is ranked. Of
    several versions the one that counts is used, as everywhere.

    One row per place with a figure for the year, the ranked ones first, in their order: the columns of the rows,
    kind, compared (value in the unit of the place, or if it has none, in that of most rows; null in another kind of
    unit), rank (how many are ahead as printed, plus one), rank_first and rank_last (what rounding leaves open),
    ranked (how many are). Equal counts share a rank. For other kinds, or in another kind of unit, the four ranks
    are null. More is first, unless less is wanted.
    """
    here = select_annual_figures(rows.filter(pl.col("year") == year))
    kinds = catalogue.get_parks().select("park_id", "kind")
    here = add_compared_value(here.join(kinds, on="park_id", maintain_order="left"), park)
    # A place that has figures in two kinds of unit stands here with the one that can be ranked.
    known = pl.col("compared").is_not_null()
    here = here.filter(known | ~known.any().over("park_id")).unique("park_id", keep="first", maintain_order=True)
    same = kinds.filter((pl.col("park_id") == park) & ~pl.col("kind").is_in(SUM_KINDS))["kind"].to_list()
    peer = pl.col("kind").is_in(same) & pl.col("compared").is_not_null()
    down = catalogue.get_indicators().filter(pl.col("direction") == "down")["indicator_id"].to_list()
    peers = here.filter(peer)
    falling = bool(peers["indicator_id"].is_in(down).any())
    peers = peers.sort("_middle", descending=not falling, maintain_order=True)
    ends = [_make_ends(row, falling=falling) for row in peers.iter_rows(named=True)]
    ranks = pl.DataFrame([_compute_rank(ends, place) for place in range(len(ends))], schema=RANK_SCHEMA, orient="row")
    others = here.filter(~peer).with_columns(
        *(pl.lit(None, kind).alias(column) for column, kind in RANK_SCHEMA.items())
    )
    return pl.concat([peers.hstack(ranks), others]).drop("_middle")


def add_compared_value(rows: pl.DataFrame, park: str) -> pl.DataFrame:
    """Add compared: the value in the unit of the place, else of most rows; null if a unit is of another kind."""
    if rows.is_empty():
        return rows.with_columns(compared="value", _middle="value")
    own = rows.filter(pl.col("park_id") == park)["unit_id"].to_list()
    unit = own[0] if own else rows["unit_id"].mode().sort()[0]
    common = rows.filter(pl.col("unit_id") == unit).row(0, named=True)
    alike = pl.col("dimension").eq_missing(pl.lit(common["dimension"]))
    # What was computed is shown with few digits; two that look alike may be known apart.
    middle = pl.when(evidence="derived").then((pl.col("base_low") + pl.col("base_high")) / 2)
    return rows.with_columns(
        compared=pl.when(unit_id=unit).then("value").when(alike).then(pl.col("base_value") / common["factor"]),
        _middle=pl.coalesce(middle, "base_value"),
    )


def _make_ends(row: dict[str, Any], *, falling: bool) -> Ends:
    """Return value and interval in the base unit, with unknown ends open; mirrored if less is first."""
    low = float("-inf") if row["base_low"] is None else row["base_low"]
    high = float("inf") if row["base_high"] is None else row["base_high"]
    return (-row["_middle"], -high, -low) if falling else (row["_middle"], low, high)


def _compute_rank(ends: list[Ends], place: int) -> tuple[int, int, int, int]:
    """Return the rank by value, the first and last rank that rounding leaves open, and how many places are ranked.

    An end of an interval is not a possible value itself if it is wider than a point: 552 may be 552.4, not 552.5.
    """
    value, low, high = ends[place]
    others = [end for number, end in enumerate(ends) if number != place]
    ahead = sum(other[0] > value for other in others)
    surely = sum(other[1] > high or (other[1] == high and low < high) for other in others)
    possibly = sum(other[2] > low for other in others)
    return ahead + 1, surely + 1, possibly + 1, len(ends)
