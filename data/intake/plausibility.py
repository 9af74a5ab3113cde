"""Figures that are right in form and doubtful in size: against an earlier batch, and against their own series."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from data.intake.reader import SheetReading
from data.tables.problems import ROW, Flaw
from data.values.per_distinct_value import encode_combinations, encode_texts
from data.values.vocabulary import Vocabulary

LARGE_CHANGE = 5  # times
NEAR = 0.2  # of a power of ten, as a logarithm: 6.3 to 15.8 times is ten times
MOST_NAMED = 5
KEY = ["park_id", "indicator_id", "period"]
EARLIER = {**dict.fromkeys(KEY, pl.String), "value": pl.Float64}  # figures that are there, in base units


def find_doubtful_figures(readings: Sequence[SheetReading], earlier: pl.DataFrame, known: Vocabulary) -> list[Flaw]:
    """Return remarks on figures of a file that are most likely in a wrong unit, or wrong.

    Named are the one that changed most against an earlier batch, by LARGE_CHANGE times or more; and those that are
    about 10, 100, 1000 or 10,000 times the figures before and after them in their own series.
    earlier: columns as EARLIER. known: names, units and their factors.
    """
    factors = dict(known.units.select("unit_id", "factor").rows())
    frames = [
        read.accepted.select(*KEY, ROW, "place", "value_text", "value", "unit_id", of=pl.lit(number, pl.Int32))
        for number, read in enumerate(readings)
        if read.table == "observation" and read.accepted.height
    ]
    if not frames:
        return []
    rows = pl.concat(frames)
    units, numbers = encode_texts(rows["unit_id"])
    scale = units.replace_strict(factors, default=1.0, return_dtype=pl.Float64).log10()
    rows = rows.with_columns(log=pl.col("value").cast(pl.Float64).log10() + scale.gather(numbers))
    figures = rows.filter(pl.col("log").is_finite()).drop("value", "unit_id")
    held = earlier.select(*KEY, log=pl.col("value").log10()).filter(pl.col("log").is_finite())
    if figures.is_empty():
        return []
    return [*_find_largest_change(figures, held, readings, known), *_find_jumps(figures, held, readings, known)]


def _find_largest_change(
    figures: pl.DataFrame, held: pl.DataFrame, readings: Sequence[SheetReading], known: Vocabulary
) -> list[Flaw]:
    if held.is_empty():
        return []
    before = held.unique(KEY, keep="last").rename({"log": "was"})
    both = figures.join(before, on=KEY, how="inner").with_columns(times=10 ** (pl.col("log") - pl.col("was")).abs())
    large = both.filter(pl.col("times") >= LARGE_CHANGE).sort("times", descending=True)
    if large.is_empty():
        return []
    row = large.row(0, named=True)
    zh = (
        f"{_label(row, known, 'zh')}与在用的数相差 {row['times']:.3g} 倍，这样的数有 {large.height} 个。"
        "请核对单位和数值"
    )
    en = (
        f"{_label(row, known, 'en')} is {row['times']:.3g} times the figure in use, or a part of it; "
        f"{large.height:,} figures are like that. Check unit and number"
    )
    return [_make_remark(row, readings, zh, en)]


def _find_jumps(
    figures: pl.DataFrame, held: pl.DataFrame, readings: Sequence[SheetReading], known: Vocabulary
) -> list[Flaw]:
    """Return remarks on figures that are a power of ten away from their neighbours in time.

    Neighbours are the figures before and after in the series, at its ends the two on one side; and those in use alone,
    as a whole file may be in a wrong unit.
    """
    more = held.join(figures.select(KEY), on=KEY, how="anti") if held.height else held
    both = pl.concat([figures.select(*KEY, "log"), more])
    series = _sort_by_series(both)
    before, after = _step(1), _step(-1)
    power = _find_power(pl.coalesce(before, _step(-2), after), pl.coalesce(after, _step(2), before))
    if more.height:
        in_use = pl.when(pl.col("at") >= figures.height).then("log")
        sides = [in_use.forward_fill().over("series"), in_use.backward_fill().over("series")]
        steps = [pl.col("log") - side for side in sides]
        power = pl.coalesce(power, _find_power(pl.coalesce(*steps), pl.coalesce(*reversed(steps))))
    off = series.select("at", power=power).filter(pl.col("power").is_not_null(), pl.col("at") < figures.height)
    wrong = figures[off["at"]].with_columns(off["power"])
    found = list[Flaw]()
    for row in wrong.sort("of", ROW).head(MOST_NAMED).iter_rows(named=True):
        times, larger = f"{10 ** abs(row['power']):,.0f}", row["power"] > 0
        zh = f"{_label(row, known, 'zh')}约为前后各期的 {f'{times} 倍' if larger else f'{times} 分之一'}。请核对单位"
        part = f"{times} times" if larger else f"a {times}th of"
        en = f"{_label(row, known, 'en')} is about {part} the figures before and after it; check the unit"
        extra = wrong.height - MOST_NAMED
        if extra > 0 and len(found) == MOST_NAMED - 1:
            zh, en = f"{zh}。另有 {extra} 个这样的", f"{en}; and {extra:,} more like it"
        found.append(_make_remark(row, readings, zh, en))
    return found


def _step(by: int) -> pl.Expr:
    """Return the logarithm of how many times a figure is one of its series, so many places before it."""
    return pl.when(pl.col("series") == pl.col("series").shift(by)).then(pl.col("log") - pl.col("log").shift(by))


def _find_power(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Return the power of ten by which a figure is off both of its neighbours; null where it is not."""
    power = one.round()
    near = ((one - power).abs() <= NEAR) & ((other - power).abs() <= NEAR) & power.abs().is_between(1, 4)
    return pl.when(near).then(power)


def _sort_by_series(figures: pl.DataFrame) -> pl.DataFrame:
    """Sort figures by series (place, indicator, kind of period) and time; returns series, at (their row) and log.

    By numbers, and without the other columns, which takes a twentieth of sorting the whole by its texts.
    """
    texts, numbers = encode_texts(figures["period"])
    kinds, ranks = texts.str.len_bytes().cast(pl.UInt64), texts.rank("ordinal").cast(pl.UInt64)
    series = encode_combinations(figures, ["park_id", "indicator_id"]) * 32 + kinds.gather(numbers)
    key = series * (texts.len() + 1) + ranks.gather(numbers)
    order = key.arg_sort()
    return pl.DataFrame({"series": series.gather(order), "at": order, "log": figures["log"].gather(order)})


def _label(row: dict[str, Any], known: Vocabulary, lang: str) -> str:
    place, indicator = (
        dict(rows.select(code, f"name_{lang}").rows()).get(row[code], row[code])
        for rows, code in ((known.parks, "park_id"), (known.indicators, "indicator_id"))
    )
    if lang == "zh":
        return f"{place}{indicator}（{row['period']}）{row['value_text']}"
    return f"{place}, {indicator} ({row['period']}), {row['value_text']},"


def _make_remark(row: dict[str, Any], readings: Sequence[SheetReading], zh: str, en: str) -> Flaw:
    sheet = readings[row["of"]].sheet
    return Flaw(sheet.name, row[ROW], sheet.head(row["place"]), "", zh, en, notice=True)
