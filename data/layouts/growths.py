"""To which column of values each column of growths belongs."""

import re
from collections.abc import Mapping, Sequence

from data.layouts.heads import HeadMeaning
from data.values.periods import parse_period, resolve_span

# Columns that may stand between a value and its growth: they have no growth of their own.
PASSED = {
    "rank", "completion", "progress", "share", "contribution", "points", "change", "sequential", "average",
    "based growth", "planned growth", "earlier growth", "unclear growth", "ownerless growth", "last year",
}  # fmt: skip


def assign_growths(
    measured: Mapping[int, HeadMeaning],
    dated: str | None = None,
    year: str | None = None,
    others: Mapping[int, str] | None = None,
    compared: Sequence[int] = (),
    heads: Sequence[str] = (),
) -> dict[int, int]:
    """Return the column of the value to which each column of growth belongs, by its place; without a value, itself.

    measured: the columns of values and growths, by place. dated, year: the period and the year of the titles, as
    written: with them 累计 and 1-9月 are known to mean the same in a table of 2013年9月. A growth that says its period,
    span or indicator belongs to the value of which it says so. One that says nothing belongs to the only value; to the
    later of several years; or to the value beside it, where values and growths alternate. Any other is left out.
    others: columns of numbers that are not read, with the reason: a growth that says nothing may be that of one of
    them, and then it belongs to no value. compared: growths that say on which year they are.
    heads: of all columns.
    """
    values = [place for place in sorted(measured) if measured[place].role == "value"]
    growths = [place for place in sorted(measured) if measured[place].role == "growth"]
    codes = {place: _compute_period_code(one, dated, year) for place, one in measured.items()}
    owners: dict[int, int] = {}
    alike: dict[tuple[str, str, str], list[int]] = {}
    for place in growths:
        one = measured[place]
        if values:
            alike.setdefault((one.indicator, one.period, one.span), []).append(place)
        elif one.indicator or not _stands_behind_others(place, others or {}):
            owners[place] = place
    # Those that say their period or span first: what they own is left to no other.
    for about, some in sorted(alike.items(), key=lambda item: item[0][1:] == ("", "")):
        fitting = [value for value in values if not any(about) or _agrees(
            measured[some[0]], measured[value], codes[some[0]], codes[value])]  # fmt: skip
        fitting = [value for value in fitting if value not in owners.values()] or fitting
        within = _find_within_year(some, values, measured, codes) if not fitting else []
        if within:  # 2013年 over 1-9月 and 同比: the growth of the one span, of several none
            owners |= {some[0]: within[0]} if len(within) == len(some) == 1 else {}
            continue
        if not fitting:
            owners |= {place: place for place in some if measured[place].period}
            continue
        found = _assign_bare_growths(some, growths, fitting, measured, codes)
        like = _find_others_like(about, others or {}, heads)
        owners |= {
            place: value
            for place, value in found.items()
            if about[2] or not _is_barred(place, value, values, _mark_later(like, heads, codes[value]), compared)
        }
    taken = list(owners.values())
    return {place: value for place, value in owners.items() if taken.count(value) == 1}


def _stands_behind_others(growth: int, others: Mapping[int, str]) -> bool:
    """Return whether a growth without a value stands right behind numbers that are not read, whose growth it may be."""
    before = growth - 1
    while before in others:
        if others[before] not in PASSED - {"last year"}:
            return True
        before -= 1
    return False


def _find_within_year(
    growths: Sequence[int], values: Sequence[int], measured: Mapping[int, HeadMeaning], codes: Mapping[int, str]
) -> list[int]:
    """Return the values of parts of the year that growths name, of their indicator."""
    one, year = measured[growths[0]], codes[growths[0]]
    if len(year) != len("2013") or not one.period:
        return []
    return [value for value in values if codes[value][:4] == year and measured[value].indicator == one.indicator]


def _mark_later(others: Mapping[int, str], heads: Sequence[str], code: str) -> dict[int, str]:
    """Return columns that are not read with "later" as the reason for those of a later year than a value's."""
    years = {place: re.findall(r"(?:19|20)\d\d", heads[place]) for place in others}
    return {
        place: "later" if (code and any(year > code[:4] for year in years[place])) or "明年" in heads[place] else reason
        for place, reason in others.items()
    }


def _find_others_like(about: tuple[str, str, str], others: Mapping[int, str], heads: Sequence[str]) -> dict[int, str]:
    """Return those columns that are not read of which a growth may be. about: indicator and period that it names."""
    said = [word for word in about[:2] if word]
    return {place: reason for place, reason in others.items() if all(word in heads[place] for word in said)}


def _compute_period_code(one: HeadMeaning, dated: str | None, year: str | None) -> str:
    """Return the period that a column means in a table of a period; "" if it is not known."""
    written = one.period or dated
    code = parse_period(written, year).code if written else ""
    return (resolve_span(code, one.span)[0] or "") if code else ""


def _agrees(growth: HeadMeaning, value: HeadMeaning, of_growth: str, of_value: str) -> bool:
    """Return whether a growth may be that of a value: what it says, the value says as well.

    of_growth, of_value: the codes of their periods, "" where they are not known: then their words are compared.
    """
    if growth.indicator and growth.indicator != value.indicator:
        return False
    if of_growth and of_value:
        return not (growth.period or growth.span) or of_growth == of_value
    return growth.period in ("", value.period) and growth.span in ("", value.span)


def _is_barred(
    growth: int, value: int, values: Sequence[int], others: Mapping[int, str], compared: Sequence[int]
) -> bool:
    """Return whether a growth that says nothing may be that of a column which is not read: of a plan, of an unknown
    indicator, of last year.
    """
    plain = PASSED if growth not in compared else PASSED | {"plan", "earlier"}
    if growth not in compared and others.get(value - 1) in ("earlier", "unclear period"):
        return True  # 上月, 本月, 增减%
    if value > growth:  # what stands before it must be no number of its own
        before = [place for place in others if max((at for at in values if at < growth), default=-1) < place < growth]
        return any(others[place] not in PASSED - {"last year"} for place in before)
    return any(others[place] not in plain for place in others if value < place < growth)


def _is_beside(value: int, growth: int, values: Sequence[int]) -> bool:
    return not any(value < other < growth for other in values)


def _assign_bare_growths(
    bare: Sequence[int], growths: Sequence[int], values: Sequence[int], measured: Mapping[int, HeadMeaning],
    codes: Mapping[int, str],
) -> dict[int, int]:  # fmt: skip
    """Return the owners of growths that say nothing but that they are growths."""
    if not bare or not values:
        return {}
    if len(values) == 1:
        return {bare[0]: values[0]} if len(bare) == 1 else {}
    if len(bare) == 1 and (years := _get_years(values, measured, codes)):
        latest = max(values, key=codes.__getitem__)
        outside = bare[0] > latest or bare[0] < values[0]
        alone = [value for value in values if value < bare[0]] == [latest]
        return {bare[0]: latest} if alone or (outside and _end_with_neighbours(years)) else {}
    runs = {}
    for place in bare:
        since = max((other for other in growths if other < place), default=-1)
        runs[place] = [value for value in values if since < value < place]
    if all(runs.values()):
        chosen = {place: _choose_value(run, measured, codes) for place, run in runs.items()}
        return {place: value for place, value in chosen.items() if value is not None}
    after = {place: min((value for value in values if value > place), default=None) for place in bare}
    if all(value is not None for value in after.values()) and len(bare) == len(values):
        return {place: value for place, value in after.items() if value is not None}
    return {}


def _get_years(values: Sequence[int], measured: Mapping[int, HeadMeaning], codes: Mapping[int, str]) -> list[int]:
    """Return the years of columns that are one indicator in the same part of different years, sorted; [] if not."""
    parts = {re.sub(r"\d{4}-?", "", codes[value]) for value in values}
    names = {measured[value].indicator for value in values}
    years = {codes[value] for value in values}
    if "" in years or len(parts) != 1 or len(names) != 1 or len(years) < 2:
        return []
    return sorted(int(code[:4]) for code in years)


def _end_with_neighbours(years: Sequence[int]) -> bool:
    """Return whether the last of sorted years follows on the one before it: else no growth is over one year."""
    return years[-1] - years[-2] == 1


def _choose_value(run: Sequence[int], measured: Mapping[int, HeadMeaning], codes: Mapping[int, str]) -> int | None:
    """Return which of the values that stand in a row before a growth it belongs to; None if that is not plain.

    Of several it is the one of the latest year, or the one beside it if that ends last and is the longest:
    本月, 累计, 增速.
    """
    if len(run) == 1:
        return run[0]
    if len({measured[value].indicator for value in run}) > 1:
        return None
    if years := _get_years(run, measured, codes):
        return max(run, key=codes.__getitem__) if _end_with_neighbours(years) else None
    spans = [measured[value].span for value in run]
    if any(not codes[value] for value in run):
        return run[-1] if spans[-1] == "cumulative" and set(spans[:-1]) == {"month"} else None
    *others, beside = [_get_ends(codes[value]) for value in run]
    return run[-1] if all((last == beside[1] and first > beside[0]) or (first == beside[0] and last < beside[1])
                          for first, last in others) else None  # fmt: skip


def _get_ends(code: str) -> tuple[str, str]:
    """Return the first and last month of a period of the schema."""
    return (f"{code}-01", f"{code}-12") if len(code) == 4 else (code[:7], code[-7:])
