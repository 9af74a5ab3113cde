"""The targets that a monthly meeting reviews: those of one year, the same for page, circular, counts and routes."""

from datetime import date

import polars as pl

from data.ledger.ledger import Ledger
from data.states import RED
from queries.ledger.ledgers import LEDGER_SOURCE
from queries.ledger.progress import get_last_closed_month, judge_ledger_targets
from queries.targets.rules import DEFAULT_RULE

FAR_STATUSES = RED["target"]  # statuses of a target that are red
BEHIND_STATUSES = ("behind", *FAR_STATUSES)  # those short of what was to be reached


def get_meeting_targets(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return the targets that a meeting on a day reviews: those of the year of its month.

    Rows of judge_ledger_targets().
    """
    aims = judge_ledger_targets(of, asof, rule, lang)
    return aims.filter(pl.col("year") == get_meeting_year(aims, asof))


def get_meeting_year(aims: pl.DataFrame, asof: date) -> int:
    """Return the year that a meeting reviews: that of the last closed month, or the day's own where it has no target.

    aims: of judge_ledger_targets(). In January the year before is reviewed, unless the ledger begins with the new
    one.
    """
    year, _month = get_last_closed_month(asof)
    return year if (aims["year"] == year).any() else asof.year


def count_other_year_targets(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Count the targets that the ledger and the park have for years that a meeting on a day does not review.

    One row per year and kind, the latest year first: year, printed (published for the park, else set in the
    ledger), targets.
    """
    aims = judge_ledger_targets(of, asof, rule, lang)
    others = aims.filter(pl.col("year") != get_meeting_year(aims, asof)).with_columns(
        printed=pl.col("source_id") != LEDGER_SOURCE
    )
    return others.group_by("year", "printed").agg(targets=pl.len()).sort("year", "printed", descending=True)
