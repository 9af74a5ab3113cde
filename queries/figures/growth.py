"""Bases of growth, and what may be computed from a growth under each. Pure: no database, no page.

Arithmetic connects a growth and two levels of consecutive years only if the growth is nominal and both levels
are of the same place and scope. Dividing a level at current prices by a growth at comparable prices gives a
number that nobody published; a growth of enterprises above designated size refers to this year's list, one of
investment or revenue to an adjusted base. If no source states the basis of a growth, the level of the year
before may be derived only under the condition that the growth is nominal and like for like.
"""

from collections.abc import Collection
from typing import Any

GROWTH_BASES = ("constant_price", "comparable_scope", "restated", "nominal", "unknown")
NOMINAL = "nominal"
UNKNOWN = "unknown"
# An office that keeps both years itself compares what it reported; a real growth still says nothing of either level,
# and a list that changed is another list.
OFFICE_BASES = (NOMINAL, UNKNOWN, "restated")
GROWTH_BASIS_NAMES = {
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


def judge_base_derivation(row: dict[str, Any], sums: Collection[str], breaks: Collection[Break]) -> str | None:
    """Judge whether last year's level follows from a figure and its growth: "plain", "conditional", or None if not.

    row: of observations.sql. sums: places that are sums of others. breaks: years at which a series changes.
    """
    if row["park_id"] in sums or row["bound"] != "none" or row["value"] is None or row["growth_pct"] is None:
        return None
    if (row["park_id"], row["comparable_key"], row["period_end"].year) in breaks:
        return None
    return {NOMINAL: "plain", UNKNOWN: "conditional"}.get(row["growth_basis"])
