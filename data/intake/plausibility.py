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
# What asks for them, own figures last; $parks and $indicators are lists of codes, as of list_codes().
EARLIER_FIGURES = """
select
    observation.park_id::varchar as park_id,
    observation.indicator_id::varchar as indicator_id,
    period,
    value::double * factor::double as value,
from observation
inner join unit using (unit_id)
where list_contains($parks, observation.park_id::varchar)
    and list_contains($indicators, observation.indicator_id::varchar)
    and value is not null
order by evidence = 'own'
"""


def list_codes(readings: Sequence[SheetReading]) -> dict[str, list[str]]:
    """List the places and indicators of figures as parameters of a question: which of these are in use already."""
    columns = {"parks": "park_id", "indicators": "indicator_id"}
    found = {
        kind: {code for read in readings for code in read.accepted[name].unique()} for kind, name in columns.items()
    }
    return {kind: sorted(codes) for kind, codes in found.items()}


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
    figures = rows.select(*KEY, log=pl.col("value").cast(pl.Float64).log10() + scale.gather(numbers))
    held = earlier.unique(KEY, keep="last").select(*KEY, log=pl.col("value").log10())
    series = _sort_by_series(pl.concat([figures, held]) if held.height else figures)
    series, told = series.filter(pl.col("log").is_finite()), list[Flaw]()
    if held.height:
        # Each stands once, so that a figure and the one in use in its place are neighbours.
        mine, change = pl.col("at") < rows.height, pl.coalesce(_step(1, "figure"), _step(-1, "figure"))
        large = series.select("at", times=10 ** change.abs()).filter(mine, pl.col("times") >= LARGE_CHANGE)
        told = _name_largest_change(large, rows, readings, known)
        series = series.filter(mine | change.is_null())
    return told + _name_jumps(_find_jumps(series, rows.height), rows, readings, known)


def _name_largest_change(
    large: pl.DataFrame, rows: pl.DataFrame, readings: Sequence[SheetReading], known: Vocabulary
) -> list[Flaw]:
    """large: places of figures in `rows`, and how many times the one in use, or a part of it, each is."""
    if large.is_empty():
        return []
    most = large.sort("times", "at", descending=[True, False]).row(0, named=True)
    row = rows.row(most["at"], named=True)
    times = f"{most['times']:,.0f}" if most["times"] >= 100 else f"{most['times']:.3g}"  # 10,000, not 1e+04
    zh = f"{_label(row, known, 'zh')}与在用的数相差 {times} 倍，这样的数有 {large.height} 个。请核对单位和数值"
    en = (
        f"{_label(row, known, 'en')} is {times} times the figure in use, or a part of it; "
        f"{large.height:,} figures are like that. Check unit and number"
    )
    return [_make_remark(row, readings, zh, en)]


def _find_jumps(series: pl.DataFrame, height: int) -> pl.DataFrame:
    """Find figures that are a power of ten away from their neighbours in time: their place, and the power.

    Neighbours are the figures before and after in the series, at its ends the two on one side; and those in use alone,
    as a whole file may be in a wrong unit. series: as of _sort_by_series(); from place `height` on stand those in use.
    """
    found = [_find_powers(series, _step(1), _step(-1), _step(-2), _step(2))]
    in_use = pl.col("at") >= height
    if (of := series.filter(in_use)["series"].unique()).len():
        sides = [pl.when(in_use).then("log").forward_fill(), pl.when(in_use).then("log").backward_fill()]
        steps = [(pl.col("log") - side).over("series") for side in sides]
        found.append(_find_powers(series.filter(pl.col("series").is_in(of.implode())), *steps))
    return pl.concat(found).filter(pl.col("at") < height).unique("at", keep="first")


def _name_jumps(
    jumps: pl.DataFrame, rows: pl.DataFrame, readings: Sequence[SheetReading], known: Vocabulary
) -> list[Flaw]:
    wrong = rows[jumps["at"]].with_columns(jumps["power"]).sort("of", ROW)
    found, extra = list[Flaw](), wrong.height - MOST_NAMED
    for row in wrong.head(MOST_NAMED).iter_rows(named=True):
        times, larger = f"{10 ** abs(row['power']):,.0f}", row["power"] > 0
        zh = f"{_label(row, known, 'zh')}约为前后各期的 {f'{times} 倍' if larger else f'{times} 分之一'}。请核对单位"
        part = f"{times} times" if larger else f"a {times}th of"
        en = f"{_label(row, known, 'en')} is about {part} the figures before and after it; check the unit"
        if extra > 0 and len(found) == MOST_NAMED - 1:
            zh, en = f"{zh}。另有 {extra} 个这样的", f"{en}; and {extra:,} more like it"
        found.append(_make_remark(row, readings, zh, en))
    return found


def _step(by: int, same: str = "series") -> pl.Expr:
    """Return the logarithm of how many times a figure is the one so many places before it; null if of another series.

    same: column with the numbers of series, or of figures.
    """
    return pl.when(pl.col(same) == pl.col(same).shift(by)).then(pl.col("log") - pl.col("log").shift(by))


def _find_powers(series: pl.DataFrame, *steps: pl.Expr) -> pl.DataFrame:
    """Find the figures that are off by a power of ten from two others: their place, and the power.

    steps: logarithms of how many times one is those before and after it; then of what takes the place of the one after
    the last, and before the first.
    """
    before, after, *instead = steps
    last, first = instead or (after, before)
    far = series.select("at", one=pl.coalesce(before, last, after), other=pl.coalesce(after, first, before))
    far = far.filter(pl.col("one").abs() >= 1 - NEAR)
    power = pl.col("one").round()
    near = ((pl.col("one") - power).abs() <= NEAR) & ((pl.col("other") - power).abs() <= NEAR)
    return far.select("at", power=power).filter(far.select(near & power.abs().is_between(1, 4)).to_series())


def _sort_by_series(figures: pl.DataFrame) -> pl.DataFrame:
    """Sort figures by series (place, indicator, kind of period) and time.

    Returns figure and series (a number for each), log, and at (their row).
    By numbers, and without the other columns, which takes a twentieth of sorting the whole by its texts.
    """
    texts, numbers = encode_texts(figures["period"])
    kinds, ranks = texts.str.len_bytes().cast(pl.UInt64), texts.rank("ordinal").cast(pl.UInt64)
    series = encode_combinations(figures, ["park_id", "indicator_id"]) * 32 + kinds.gather(numbers)
    key = series * (texts.len() + 1) + ranks.gather(numbers)
    order = key.arg_sort()
    columns = {"figure": key, "series": series, "log": figures["log"]}
    return pl.DataFrame({name: column.gather(order) for name, column in columns.items()} | {"at": order})


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
