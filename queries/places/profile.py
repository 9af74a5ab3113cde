"""What is known of one place: the zones that belong to it, and the latest of each indicator with its rank."""

from datetime import date

import polars as pl

from queries.catalogue import catalogue
from queries.database import run_context
from queries.database.engine import fetch, get_data_version
from queries.database.printed_figures import choose_fetch
from queries.figures import precedence
from queries.figures.observations import get_observations

RANKS = ("rank", "rank_first", "rank_last", "ranked")


def get_latest_figures(park: str, lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Return the latest figure for a whole year of each definition of a place, with its rank in that year.

    park: code of the place. asof: by the figures known by this day; None: all.

    One row per comparable_key, in the order of the indicators: the columns of get_observations() and rank,
    rank_first, rank_last, ranked as in queries.figures.ranking.rank_places(); null for sums of places, and while a
    reader's own files are held that have figures of the definition.
    """
    ranks = choose_fetch(whole_years=True)("latest", park=park, asof=asof)
    rows = get_yearly_figures(park, lang, asof)
    newest = rows.group_by("comparable_key", maintain_order=True).last()
    newest = newest.select(rows.columns).join(
        ranks.select("observation_id", *RANKS), on="observation_id", how="left", maintain_order="left"
    )
    unsure = pl.col("park_id").is_in(list(catalogue.get_sum_places()))
    mine = run_context.find_held_figures()
    if mine is not None:
        unsure |= pl.col("comparable_key").is_in(mine.fetch("compared", asof=asof)["comparable_key"].to_list())
    cleared = [pl.when(unsure).then(None).otherwise(pl.col(name)).alias(name) for name in RANKS]
    order = {code: place for place, code in enumerate(catalogue.get_indicators()["indicator_id"])}
    place = pl.col("indicator_id").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return newest.with_columns(cleared).sort(place, maintain_order=True)


def get_yearly_figures(park: str, lang: str = "zh", asof: date | None = None) -> pl.DataFrame:
    """Return the figures of a place for whole years that count, by definition and year: rows of get_observations()."""
    rows = get_observations(parks=[park], evidence=("published", "own"), lang=lang, asof=asof)
    rows = rows.filter((pl.col("span") == "year") & pl.col("value").is_not_null())
    return precedence.select_counting_versions(rows).sort("comparable_key", "year", maintain_order=True)


def get_zones() -> pl.DataFrame:
    """Return the directory of national zones by the time of approval, with approved area (hectares) and city.

    One row a zone; the columns of the table zone, approved_year, approved_area, approved_area_text, and the names of
    the city.
    """
    return fetch("zones").with_columns(data_version=pl.lit(get_data_version()))


def get_zones_of(park: str) -> pl.DataFrame:
    """Return the zones of the directory that a place is, or that lie in it. One row a zone, as in get_zones()."""
    return get_zones().filter((pl.col("park_id") == park) | (pl.col("host_park_id") == park))
