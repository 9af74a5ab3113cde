"""What the heads of a table and its titles say together: periods that complete each other, or leave it open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.layouts import titles
from data.layouts.heads import HeadMeaning, is_yearless
from data.values.periods import find_ambiguous_months, parse_period

SAYS_DONE = re.compile("完成|实际|实绩|达到|actual", re.IGNORECASE)


@dataclass(frozen=True)
class Combination:
    """What heads and titles say together.

    measured: the columns that are read, with their periods. untaken: those that are not, with the reason. month: the
    part of each year that the titles say, for a table with a column of years; "" for none.
    """

    measured: dict[int, HeadMeaning]
    untaken: dict[int, str]
    month: str = ""


def combine_with_titles(
    measured: Mapping[int, HeadMeaning], heads: Sequence[str], texts: Sequence[str], *, yearly: bool
) -> Combination:
    """Return the columns of values and growths with what the titles say of them.

    measured: by place. texts: titles and the name of the sheet. yearly: a column gives each row its year alone.
    """
    kept, untaken = dict(measured), dict[int, str]()
    if titles.speaks_of_other_numbers(texts):
        for place in measured:
            if not SAYS_DONE.search(heads[place]):
                untaken[place] = "titled"
    unclear = find_ambiguous_months(one.period for one in measured.values() if one.period)
    part = titles.find_title_part(texts)
    spans = part.startswith("1-")
    parted = any(one.period and not _is_bare_year(one.period) for one in measured.values())
    for place, one in measured.items():
        years = yearly or _is_bare_year(one.period)
        open_part = part and years and not one.span and (not spans or (parted and not yearly))
        if one.period in unclear or _is_open(one, measured, texts) or open_part:
            untaken[place] = "unclear period"
        elif part and years and not one.span and not yearly:
            kept[place] = replace(one, period=f"{parse_period(one.period).code}年{part}")
    taken = {place: one for place, one in kept.items() if place not in untaken}
    return Combination(taken, untaken, part if yearly and spans else "")


def _is_bare_year(period: str) -> bool:
    """Return whether a period as written is a year alone: 2013年, and not 2013年全年 or 2013年末."""
    return re.fullmatch(r"\d{4}年?度?", period) is not None


def _is_open(one: HeadMeaning, measured: Mapping[int, HeadMeaning], texts: Sequence[str]) -> bool:
    """Return whether it is open which months a column means: 累计 beside months in a table of a year, a month that had
    not ended when the table was made.
    """
    titled = titles.find_title_period(texts)
    code = parse_period(titled).code if titled else ""
    if not code:
        return False
    months = [other.period for other in measured.values() if is_yearless(other.period)]
    if len(code) == 4:
        return one.span == "cumulative" and not one.period and bool(months)
    return is_yearless(one.period) and parse_period(one.period, code[:4]).code[-2:] > code[-2:]
