"""Places beside each other within one definition: who published, who stands where, and who kept its targets."""

from typing import Any

import polars as pl

from queries import catalogue
from queries.database import fetch
from queries.observations import observations

REACHED, MISSED = ("met",), ("missed",)
RUNNING = ("on_course", "behind", "far_behind", "watching")
RANKS = {"rank": pl.Int64, "rank_first": pl.Int64, "rank_last": pl.Int64, "ranked": pl.Int64}


def annual(rows: pl.DataFrame) -> pl.DataFrame:
    """Of figures for whole years, the one of each place, definition and year that goes before others.

    rows: of observations(). A published figure goes before one that was loaded, a final one before an expected one,
    and the latest published before those of before.
    """
    first = [pl.col("evidence") != "own", pl.col("bound") != "expected"]
    whole = rows.filter((pl.col("period").str.len_chars() == 4) & pl.col("value").is_not_null())
    ranked = whole.sort(*first, "source_published", descending=True, nulls_last=True, maintain_order=True)
    chosen = ranked.unique(["park_id", "comparable_key", "period"], keep="first", maintain_order=True)
    return whole.join(chosen.select("observation_id"), on="observation_id", how="semi", maintain_order="left")


def definitions(park: str) -> pl.DataFrame:
    """Definitions under which two places or more have figures for a whole year or growth rates, to choose from.

    park: the place that is compared. One row per comparable_key: indicator_id and name of its most used name, places,
    mine (whether the place has any), peers (most places of its kind in a year in which it has a figure) and year (that
    year, the latest such). Those in which the place stands beside most come first.
    """
    rows = observations(evidence=("published", "own")).filter(pl.col("period").str.len_chars() == 4)
    kinds = catalogue.parks().select("park_id", "kind")
    rows = rows.join(kinds, on="park_id").with_columns(year=pl.col("period").cast(pl.Int64))
    mine = rows.filter(pl.col("park_id") == park)
    kind = kinds.filter(pl.col("park_id") == park)["kind"].to_list()[:1]
    beside = (
        rows.filter(pl.col("kind").is_in(kind))
        .join(mine.select("comparable_key", "year").unique(), on=["comparable_key", "year"], how="semi")
        .group_by("comparable_key", "year")
        .agg(peers=pl.col("park_id").n_unique())
        .sort("peers", "year", descending=True)
        .unique("comparable_key", keep="first", maintain_order=True)
    )
    named = rows.group_by("comparable_key", "indicator_id", maintain_order=True).len()
    named = named.sort("len", descending=True, maintain_order=True).unique("comparable_key", keep="first")
    keys = rows.group_by("comparable_key", maintain_order=True).agg(
        places=pl.col("park_id").n_unique(), mine=(pl.col("park_id") == park).any(), latest=pl.col("year").max()
    )
    keys = keys.filter(pl.col("places") > 1).join(named.drop("len"), on="comparable_key", maintain_order="left")
    keys = keys.join(beside, on="comparable_key", how="left", maintain_order="left")
    names = catalogue.indicators().select("indicator_id", "name_zh", "name_en", "unit_id")
    keys = keys.join(names, on="indicator_id", maintain_order="left").with_columns(pl.col("peers").fill_null(0))
    order = ["mine", pl.col("unit_id") != "rank", "peers", "places"]
    return keys.sort(order, descending=True, maintain_order=True).with_columns(
        year=pl.coalesce("year", "latest")
    ).drop("latest", "unit_id")  # fmt: skip


def standing(rows: pl.DataFrame, year: int, park: str) -> pl.DataFrame:
    """Who stands where in a year, among the places of one kind that published a figure. Nobody else is ranked.

    rows: figures of one definition, as levels or as measured otherwise. park: the place whose kind is ranked. Of
    several versions for a place the one stands here that is from the text which most of the others are from.

    One row per place with a figure for the year, the ranked ones first by size: the columns of the rows, kind, and
    compared (value in the unit that most rows have), rank, rank_first and rank_last (what rounding leaves open),
    ranked (how many are). Of other kinds those are null. More is first, unless less is wanted.
    """
    here = _side_by_side(rows.filter((pl.col("period") == str(year)) & pl.col("value").is_not_null()))
    kinds = catalogue.parks().select("park_id", "kind")
    here = _in_one_unit(here.join(kinds, on="park_id", maintain_order="left"))
    same = kinds.filter(pl.col("park_id") == park)["kind"].to_list()[:1]
    down = catalogue.indicators().filter(pl.col("direction") == "down")["indicator_id"].to_list()
    peers = here.filter(pl.col("kind").is_in(same))
    falling = peers.height > 0 and peers["indicator_id"][0] in down and peers["unit_id"][0] == "rank"
    peers = peers.sort("compared", descending=not falling, maintain_order=True)
    others = here.filter(~pl.col("kind").is_in(same)).with_columns(
        *(pl.lit(None, kind).alias(column) for column, kind in RANKS.items())
    )
    ends = [_ends(row) for row in peers.iter_rows(named=True)]
    ranks = [_rank(ends, place, falling=falling) for place in range(len(ends))]
    ranked = pl.DataFrame(ranks, schema=RANKS, orient="row")
    return pl.concat([peers.hstack(ranked), others]).drop("_scale")


def _side_by_side(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each place: published, from the text that speaks of most places, final, the latest published."""
    spoken_of = pl.col("park_id").n_unique().over("source_id")
    order = [pl.col("evidence") != "own", spoken_of, pl.col("bound") != "expected", pl.col("source_published")]
    ranked = rows.sort(order, descending=True, nulls_last=True, maintain_order=True)
    chosen = ranked.unique("park_id", keep="first").select("observation_id")
    return rows.join(chosen, on="observation_id", how="semi", maintain_order="left")


def _in_one_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds compared: the value in the unit of most rows; rows of another dimension have none and fall away."""
    factors = catalogue.units().select("unit_id", "dimension", "factor")
    rows = rows.join(factors, on="unit_id", how="left", maintain_order="left")
    if rows.is_empty():
        return rows.with_columns(compared="value", _scale=pl.lit(1.0)).drop("dimension", "factor")
    printed = rows.filter(pl.col("evidence") != "own")
    most = (printed if printed.height else rows)["unit_id"].mode().sort()[0]
    common = rows.filter(pl.col("unit_id") == most).row(0, named=True)
    alike = pl.col("dimension").eq_missing(pl.lit(common["dimension"]))
    scale = (pl.col("factor") / (common["factor"] or 1.0)).fill_null(1.0)
    return (
        rows.filter(alike)
        .with_columns(_scale=scale)
        .with_columns(compared=pl.col("value") * pl.col("_scale"))
        .drop("dimension", "factor")
    )


def _ends(row: dict[str, Any]) -> tuple[float, float, float]:
    """Value and interval in the common unit; an end that nobody knows is open."""
    low = float("-inf") if row["low"] is None else row["low"] * row["_scale"]
    high = float("inf") if row["high"] is None else row["high"] * row["_scale"]
    return row["compared"], low, high


def _rank(ends: list[tuple[float, float, float]], place: int, *, falling: bool) -> tuple[int, int, int, int]:
    """Rank by the value, and the ranks that rounding leaves open."""
    value, low, high = ends[place]
    others = [end for number, end in enumerate(ends) if number != place]
    ahead = sum(other[0] < value if falling else other[0] > value for other in others)
    surely_ahead = sum(other[2] <= low if falling else other[1] >= high for other in others if other[0] != value)
    surely_behind = sum(other[1] >= high if falling else other[2] <= low for other in others if other[0] != value)
    return ahead + 1, surely_ahead + 1, len(ends) - surely_behind, len(ends)


def zones_named() -> int:
    """How many zones the directory of national high-tech zones names; most have published nothing that is here."""
    return int(fetch("zone_count")["zones"][0])


def wholes(park: str) -> list[str]:
    """Larger places that hold a place, the smallest first."""
    return fetch("parts").filter(pl.col("park_id") == park)["whole_id"].to_list()


def parts(whole: str) -> dict[str, int | None]:
    """Places that a larger place holds, with the year from which on it does; None: always."""
    return dict(fetch("parts").filter(pl.col("whole_id") == whole).select("park_id", "since").iter_rows())


def records(targets: pl.DataFrame) -> pl.DataFrame:
    """How places kept the targets they set: one row per place, most targets first.

    targets: of targets(); what was published of them counts, by published results. set, reached, missed, open (the year
    is not over), unknown (no result was published, or rounding leaves it open): counts; years: first to last; decided:
    reached and missed together.
    """
    status = pl.when(pl.col("lit_evidence") == "published").then("status").otherwise(pl.lit("cannot_judge"))
    counted = (
        targets.filter(pl.col("evidence") == "published")
        .group_by("park_id", "park_zh", "park_en", maintain_order=True)
        .agg(
            set=pl.len().cast(pl.Int64),
            reached=status.is_in(REACHED).sum().cast(pl.Int64),
            missed=status.is_in(MISSED).sum().cast(pl.Int64),
            open=status.is_in(RUNNING).sum().cast(pl.Int64),
            first_year=pl.col("year").min(),
            last_year=pl.col("year").max(),
            source_id=pl.col("source_id").unique().sort().str.join("; "),
            data_version=pl.col("data_version").first(),
        )
    )
    counted = counted.with_columns(
        decided=pl.col("reached") + pl.col("missed"),
        unknown=pl.col("set") - pl.col("reached") - pl.col("missed") - pl.col("open"),
    )
    return counted.sort("set", descending=True, maintain_order=True)
