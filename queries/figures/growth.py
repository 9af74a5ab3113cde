"""What a growth is taken on, and what may be computed from it. Pure: no database, no page.

A growth and two levels of neighbouring years are bound by arithmetic only where the growth is nominal and both levels
are of the same place and scope. A growth at comparable prices divides a level at current prices into nothing that
anybody published; one above designated size stands on this year's list, one of investment or revenue on an adjusted
base. Where no source says what a growth is taken on, a level of the year before may be read under that condition alone.
"""

from collections.abc import Collection
from typing import Any

BASES = ("constant_price", "comparable_scope", "restated", "nominal", "unknown")
NOMINAL = "nominal"
UNKNOWN = "unknown"
# An office that keeps both years itself compares what it reported; a real growth still says nothing of either level,
# and a list that changed is another list.
KEPT = (NOMINAL, UNKNOWN, "restated")
WORDS = {
    "zh": {
        "constant_price": "可比价格", "comparable_scope": "可比口径", "restated": "调整后基数", "nominal": "名义",
        "unknown": "口径未说明",
    },
    "en": {
        "constant_price": "constant prices", "comparable_scope": "like for like", "restated": "adjusted base",
        "nominal": "nominal", "unknown": "basis not stated",
    },
}  # fmt: skip
CONDITION = {
    "zh": "推算以增速为同口径名义增速为前提；原文没有说明。",
    "en": "Holds if the printed growth is nominal and like for like, which the source does not say.",
}
Break = tuple[str, str, int]  # place, definition, first year that stands apart


def reading(row: dict[str, Any], sums: Collection[str], breaks: Collection[Break]) -> str | None:
    """Whether last year's level follows from a figure and its growth: "plain", "conditional", or None.

    row: of observations.sql. sums: places that are sums of others. breaks: years at which a series changes.
    """
    if row["park_id"] in sums or row["bound"] != "none" or row["value"] is None or row["growth_pct"] is None:
        return None
    if (row["park_id"], row["comparable_key"], row["period_end"].year) in breaks:
        return None
    return {NOMINAL: "plain", UNKNOWN: "conditional"}.get(row["growth_basis"])
