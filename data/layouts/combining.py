"""What the heads of a table and its titles say together: periods that complete each other, or leave it open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.layouts import titles
from data.layouts.heads import YEAR_ON_YEAR, HeadMeaning, is_yearless
from data.values.period_search import find_ambiguous_months
from data.values.periods import is_bare_year, parse_period
from data.values.vocabulary import normalize_name

THIS_MONTH = re.compile("[本当](月|期)(?!.*累计数?$)|报告[月期]")
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
    measured: Mapping[int, HeadMeaning], heads: Sequence[str], texts: Sequence[str], *, dated: bool, yearly: bool
) -> Combination:
    """Return the columns of values and growths with what the titles say of them.

    measured: by place. texts: of data.layouts.titles.find_texts(). dated: a column gives each row its period. yearly:
    it gives its year alone.
    """
    kept, untaken = dict(measured), dict[int, str]()
    growths_alone = titles.speak_of_growths(texts) and all(
        one.role == "value" and not one.unit for one in measured.values()
    )
    if titles.speaks_of_other_numbers(texts) or growths_alone:
        for place in measured:
            if not SAYS_DONE.search(heads[place]):
                untaken[place] = "titled"
    unclear = find_ambiguous_months(one.period for one in measured.values() if one.period)
    part = titles.find_title_part(texts)
    spans = part.startswith("1-")
    parted = any(one.period and not is_bare_year(one.period) for one in measured.values())
    other_growths, cumulated = titles.speak_of_other_growths(texts), titles.cumulate_months(texts)
    for place, one in measured.items():
        years = yearly or is_bare_year(one.period)
        open_part = part and years and not one.span and (not spans or (parted and not yearly))
        this_month = one.span == "cumulative" and not one.period and THIS_MONTH.search(heads[place])
        if one.period in unclear or _is_open(one, measured, texts, this_month=bool(this_month)) or open_part:
            untaken[place] = "unclear period"
        elif part and years and one.span in ("", "cumulative") and not yearly:
            months = part if spans or not one.span else f"1-{part}"
            kept[place] = replace(one, period=f"{parse_period(one.period).code}年{months}", span="")
        elif cumulated and not one.span and (dated if not one.period else not is_bare_year(one.period)):
            kept[place] = replace(one, span="cumulative")
        if one.role == "growth" and other_growths and not re.search(YEAR_ON_YEAR, normalize_name(heads[place])):
            untaken[place] = "unclear growth"
    taken = {place: one for place, one in kept.items() if place not in untaken}
    return Combination(taken, untaken, part if yearly and spans else "")


def _is_open(one: HeadMeaning, measured: Mapping[int, HeadMeaning], texts: Sequence[str], *, this_month: bool) -> bool:
    """Return whether it is open which months a column means: 累计 beside months, or up to this month, in a table of a
    year; a month that had not ended when the table was made.
    """
    titled = titles.find_title_period(texts)
    code = parse_period(titled).code if titled else ""
    if not code:
        return False
    months = [other.period for other in measured.values() if is_yearless(other.period)]
    if len(code) == 4:
        return one.span == "cumulative" and not one.period and (this_month or bool(months))
    return is_yearless(one.period) and parse_period(one.period, code[:4]).code[-2:] > code[-2:]
