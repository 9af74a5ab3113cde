"""Coverage: who published what for which year, whole years alone."""

from datetime import date

import polars as pl

from queries.catalogue import catalogue
from queries.database.engine import get_data_version
from queries.figures import comparison


def count_places(kinds: list[str], asof: date | None = None) -> pl.DataFrame:
    """Count, for each definition and year, the places of some kinds that have a figure.

    kinds: codes of kinds of places, [] for all. asof: by the figures known by this day; None: all.

    One row per definition and year, those with most figures first: comparable_key, indicator_id and names of its most
    used name, year, places, figures.
    """
    rows = _get_rows(kinds, asof)
    named = rows.group_by("comparable_key", "indicator_id", maintain_order=True).agg(pl.col("figures").sum())
    named = named.sort("figures", descending=True, maintain_order=True).unique("comparable_key", maintain_order=True)
    counts = rows.group_by("comparable_key", "year", maintain_order=True).agg(
        places=pl.col("park_id").n_unique(), figures=pl.col("figures").sum()
    )
    names = catalogue.get_indicators().select("indicator_id", "name_zh", "name_en", "theme")
    counts = counts.join(named.drop("figures"), on="comparable_key", maintain_order="left")
    counts = counts.join(names, on="indicator_id", maintain_order="left")
    counts = counts.sort(pl.col("figures").sum().over("comparable_key"), "year", descending=[True, False])
    return counts.with_columns(data_version=pl.lit(get_data_version()))


def list_publishers(indicator: str, kinds: list[str], asof: date | None = None) -> pl.DataFrame:
    """List who has a figure of the definition of an indicator, and for which year; those with most years first.

    One row per place and year: park_id, name_zh, name_en, kind, year, figures.
    """
    offered = catalogue.get_indicators()
    keys = offered.filter(pl.col("indicator_id") == indicator)["comparable_key"].to_list()
    rows = _get_rows(kinds, asof).filter(pl.col("comparable_key").is_in(keys))
    rows = rows.group_by("park_id", "year", maintain_order=True).agg(pl.col("figures").sum())
    names = catalogue.get_parks().select("park_id", "name_zh", "name_en", "kind").with_row_index("_place")
    rows = rows.join(names, on="park_id", maintain_order="left")
    rows = rows.sort(pl.len().over("park_id"), "_place", "year", descending=[True, False, False]).drop("_place")
    return rows.with_columns(data_version=pl.lit(get_data_version()))


def _get_rows(kinds: list[str], asof: date | None) -> pl.DataFrame:
    rows = comparison.get_figure_years(asof).with_columns(year=pl.col("period").cast(pl.Int64))
    places = catalogue.get_parks().select("park_id", "kind")
    rows = rows.join(places, on="park_id", maintain_order="left")
    return rows.filter(pl.col("kind").is_in(kinds)) if kinds else rows
