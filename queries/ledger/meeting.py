"""The targets that a monthly meeting is about: those of one year, the same for page, circular, counts and routes."""

from datetime import date

import polars as pl

from data.ledger.ledger import Ledger
from data.states import RED
from queries.ledger.ledgers import SOURCE
from queries.ledger.progress import closed_month, standing
from queries.targets.rules import DEFAULT

FAR = RED["target"]  # statuses of a target that are red
BAD = ("behind", *FAR)  # those short of what was to be reached


def reviewed(of: Ledger, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """Targets that a meeting on a day goes through: those of the year of its month. Rows of standing()."""
    aims = standing(of, asof, rule, lang)
    return aims.filter(pl.col("year") == year_of(aims, asof))


def year_of(aims: pl.DataFrame, asof: date) -> int:
    """The year that a meeting is about: that of the last closed month, else, where no target is of it, the day's own.

    aims: of standing(). In January the year before is reviewed, unless the ledger begins with the new one.
    """
    year, _month = closed_month(asof)
    return year if (aims["year"] == year).any() else asof.year


def of_other_years(of: Ledger, asof: date, rule: str = DEFAULT, lang: str = "zh") -> pl.DataFrame:
    """How many targets the ledger and the park have for years that a meeting on a day is not about, by year.

    One row per year and kind: year, printed (published for the park, else set in the ledger), targets.
    """
    aims = standing(of, asof, rule, lang)
    others = aims.filter(pl.col("year") != year_of(aims, asof)).with_columns(printed=pl.col("source_id") != SOURCE)
    return others.group_by("year", "printed").agg(targets=pl.len()).sort("year", "printed", descending=True)
