"""To which column of values each column of growths belongs."""

from collections.abc import Mapping, Sequence

from data.layouts.heads import HeadMeaning
from data.values.periods import parse_period, resolve_span


def assign_growths(
    measured: Mapping[int, HeadMeaning], dated: str | None = None, year: str | None = None
) -> dict[int, int]:
    """Return the column of the value to which each column of growth belongs, by its place; without a value, itself.

    measured: the columns of values and growths, by place. dated, year: the period and the year of the titles, as
    written: with them 累计 and 1-9月 are known to mean the same in a table of 2013年9月. A growth that says its period,
    span or indicator belongs to the value of which it says so. One that says nothing belongs to the only value; to the
    later of several years; or to the value beside it, where values and growths alternate. Any other is left out.
    """
    values = [place for place in sorted(measured) if measured[place].role == "value"]
    growths = [place for place in sorted(measured) if measured[place].role == "growth"]
    codes = {place: _compute_period_code(one, dated, year) for place, one in measured.items()}
    owners: dict[int, int] = {}
    bare = []
    for place in growths:
        one = measured[place]
        if not values:
            owners[place] = place
        elif one.period or one.span or one.indicator:
            fitting = [value for value in values if _agrees(one, measured[value], codes[place], codes[value])]
            before = [value for value in fitting if value < place]
            if len(fitting) == 1 or (before and _is_beside(before[-1], place, values)):
                owners[place] = fitting[0] if len(fitting) == 1 else before[-1]
            elif not fitting and one.period:
                owners[place] = place
        else:
            bare.append(place)
    owners |= _assign_bare_growths(bare, values, measured)
    taken = list(owners.values())
    return {place: value for place, value in owners.items() if taken.count(value) == 1}


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


def _is_beside(value: int, growth: int, values: Sequence[int]) -> bool:
    return not any(value < other < growth for other in values)


def _assign_bare_growths(
    bare: Sequence[int], values: Sequence[int], measured: Mapping[int, HeadMeaning]
) -> dict[int, int]:
    if not bare or not values:
        return {}
    if len(values) == 1:
        return {bare[0]: values[0]} if len(bare) == 1 else {}
    years = {measured[value].period for value in values}
    if len(bare) == 1 and len(years) == len(values) and "" not in years:
        latest = max(values, key=lambda value: measured[value].period)
        return {bare[0]: latest} if bare[0] > latest or bare[0] < values[0] else {}
    before = {place: max((value for value in values if value < place), default=None) for place in bare}
    if all(value is not None for value in before.values()):
        return {place: value for place, value in before.items() if value is not None}
    after = {place: min((value for value in values if value > place), default=None) for place in bare}
    if all(value is not None for value in after.values()) and len(bare) == len(values):
        return {place: value for place, value in after.items() if value is not None}
    return {}
