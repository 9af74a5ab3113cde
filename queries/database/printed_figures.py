"""Questions to which no own figure can belong: where own figures are many, they are asked of the printed ones alone."""

from collections.abc import Callable, Sequence

import polars as pl

from queries.database.engine import fetch, fetch_printed


def choose_fetch(
    indicators: Sequence[str] | None = None, parks: Sequence[str] | None = None, *, whole_years: bool = False
) -> Callable[..., pl.DataFrame]:
    """Return what to ask with: fetch() if the database has own figures of any of the indicators and places, else
    fetch_printed().

    indicators, parks: codes; None: all. whole_years: whether only figures of whole years matter. What a reader loaded
    is no part of the database, and does not count here.
    """
    counts = fetch("own_counts")
    for column, codes in (("indicator_id", indicators), ("park_id", parks)):
        counts = counts if codes is None else counts.filter(pl.col(column).is_in(codes))
    return fetch if counts["whole_years" if whole_years else "figures"].sum() else fetch_printed
