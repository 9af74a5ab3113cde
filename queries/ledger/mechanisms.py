"""The six mechanisms and what each carries."""

import polars as pl

from queries.database.engine import fetch


def get_mechanisms(lang: str = "zh") -> pl.DataFrame:
    """Return the six mechanisms, in the order of the text. One row per mechanism; columns as in mechanisms.sql.

    targets and commitments count what it carries; stated is named where the text gives no more than its name.
    """
    return fetch("mechanisms", lang=lang)


def get_mechanism_links(mechanisms: list[str] | None = None, themes: list[str] | None = None) -> pl.DataFrame:
    """Return which target or commitment each mechanism carries.

    One row per pair; columns as in mechanism_links.sql. basis is stated where the text says so, reading where it is
    our reading. None: all; [] gives no rows.
    """
    return fetch("mechanism_links", mechanisms=mechanisms, themes=themes)
