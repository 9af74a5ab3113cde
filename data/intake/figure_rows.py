"""Read rows of figures and targets: place, indicator, period, number and unit, each recognised or refused."""

import re
from collections.abc import Callable

import polars as pl

from data.intake.columns import ColumnMapping, get_field_head, select_fields
from data.intake.duplicates import remove_duplicate_rows
from data.intake.lookup import find_indicator_code, find_place_code, find_unit_code
from data.intake.target_rows import add_target_kinds, make_targets
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet
from data.values import growth_basis, numbers
from data.values.per_distinct_value import add_answer_columns
from data.values.periods import parse_period as period_of
from data.values.vocabulary import Vocabulary

MOST_ROWS = 3_000_000
Progress = Callable[[float, str, str], None]


def read_figures_or_targets(
    sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, defects: Defects, notices: list[Flaw], told: Progress
) -> tuple[pl.DataFrame, int]:
    """Return the figures or targets of a sheet, and the number of its rows without any; see data.intake.reader."""
    rows = unpivot_rows(sheet, mapping)
    told(0.1, "正在识别地区和指标", "recognising places and indicators")
    rows = add_answer_columns(
        rows, ["park"], lambda text: find_place_code(text, known), ["park_id", "park_zh", "park_en"]
    )
    rows = add_answer_columns(
        rows,
        ["indicator"],
        lambda text: find_indicator_code(text, known),
        ["indicator_id", "indicator_zh", "indicator_en"],
    )
    told(0.3, "正在识读数值", "reading the numbers")
    rows, skipped = add_parsed_numbers(rows, targets=mapping.table == "target")
    told(0.5, "正在核对时期和单位", "checking periods and units")
    if mapping.table == "target":
        rows = add_target_kinds(rows, known)
    rows = add_periods(rows, sheet, mapping, notices)
    units = dict(known.indicators.select("indicator_id", "unit_id").rows())
    dimensions = dict(known.units.select("unit_id", "dimension").rows())
    rows = add_answer_columns(
        rows, ["indicator_id", "unit", "unit_in_cell", "grows"],
        lambda code, unit, inside, grows: find_unit_code(code, unit, inside, grows, known, units, dimensions),
        ["unit_id", "unit_zh", "unit_en"],
    )  # fmt: skip
    told(0.7, "正在汇总问题", "collecting the defects")
    add_cell_defects(rows, sheet, mapping, defects)
    if mapping.table == "target":
        good = make_targets(rows, sheet, mapping, defects, known)
    else:
        good = make_observations(rows, sheet, mapping, defects, notices)
    told(0.85, "正在查找重复", "looking for duplicates")
    good = remove_duplicate_rows(good, sheet, mapping, defects, notices)
    bad = defects.rows()
    return good.filter(~pl.col(ROW).is_in(bad.implode())) if bad.len() else good, skipped


def unpivot_rows(sheet: Sheet, mapping: ColumnMapping) -> pl.DataFrame:
    """Return one row per cell of a wide table, else per row of the sheet: fields as text, `row`, `place` and `head`."""
    rows = select_fields(sheet, mapping)
    if not mapping.spread:
        place = mapping.columns.get("value", mapping.columns.get("growth", 0))
        grown = mapping.columns.get("growth")
        return rows.with_columns(
            place=pl.lit(place, dtype=pl.Int32),
            head=pl.lit(None, dtype=pl.String),
            grown_on=pl.lit(
                None if grown is None else growth_basis.parse_growth_basis(sheet.head(grown)), dtype=pl.String
            ),
        )
    pieces = []
    groups: dict[tuple[str | None, str | None], dict[str, int]] = {}
    units: dict[tuple[str | None, str | None], str | None] = {}
    for part in mapping.spread:
        about = (part.period, part.indicator)
        groups.setdefault(about, {})[part.field] = part.place
        if part.field == "value":
            units[about] = part.unit
    for (period, indicator), places in groups.items():
        said = {"period": period, "indicator": indicator, "unit": units.get((period, indicator))}
        fixed = {name: pl.lit(text) for name, text in said.items() if text is not None}
        taken = {name: sheet.rows[f"c{place}"] for name, place in places.items()}
        place = places.get("value", next(iter(places.values())))
        grown_on = growth_basis.parse_growth_basis(sheet.head(places["growth"])) if "growth" in places else None
        pieces.append(
            rows.with_columns(
                **fixed, **taken, place=pl.lit(place, dtype=pl.Int32), head=pl.lit(sheet.head(place)),
                grown_on=pl.lit(grown_on, dtype=pl.String),
            )
        )  # fmt: skip
    return pl.concat(pieces).sort(ROW, maintain_order=True)


def add_parsed_numbers(rows: pl.DataFrame, *, targets: bool) -> tuple[pl.DataFrame, int]:
    """Add the parsed numbers; return the rows with a value or growth, and the count of skipped sheet rows."""
    if targets:
        # 力争增长40%以上: the words before the number say how it is meant.
        said = (
            pl.col("value").str.extract(r"^\s*((?:确保|力争|同比|比上年|实现|达到|增长|提高|完成)+)", 1).fill_null("")
        )
        rows = rows.with_columns(said=said, value=pl.col("value").str.strip_prefix(said))
        rows = rows.with_columns(
            growth=pl.lit(None, dtype=pl.String), bound=pl.lit(None, dtype=pl.String),
            basis=pl.lit(None, dtype=pl.String),
        )  # fmt: skip
    grown, in_cell = growth_basis.split_growth_basis(rows["growth"])
    value, growth = numbers.parse_numbers(rows["value"]), numbers.parse_growths(grown)
    rows = rows.with_columns(
        number=value["value"], value_text=value["text"], decimals=value["decimals"], bound_in_cell=value["bound"],
        unit_in_cell=value["unit"], value_problem=value["problem"], rounded=value["rounded"] | growth["rounded"],
        growth_number=growth["value"], growth_text=growth["text"], growth_problem=growth["problem"],
        growth_percent=growth["unit"] == "%", growth_decimals=growth["decimals"], basis_in_cell=in_cell,
        basis_told=growth_basis.parse_growth_bases(rows["basis"]),
    )  # fmt: skip
    nothing = (
        pl.col("number").is_null() & (pl.col("value_problem") == "")
        & pl.col("growth_number").is_null() & (pl.col("growth_problem") == "")
    )  # fmt: skip
    kept, skipped = rows, 0
    if rows.select(nothing.any()).item():
        kept = rows.filter(~nothing)
        skipped = rows[ROW].n_unique() - kept[ROW].n_unique()
    grows = pl.when(pl.col("number").is_null() & (pl.col("value_problem") == "")).then(pl.lit("only"))
    return kept.with_columns(grows=grows), skipped


def add_periods(rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, notices: list[Flaw]) -> pl.DataFrame:
    """Add the period in the schema's form, or what is wrong with it."""
    if mapping.table == "target":
        return add_answer_columns(rows, ["year"], _parse_row_year, ["period_code", "period_zh", "period_en", "day"])
    rows = add_answer_columns(
        rows, ["period", "year", "month"], _parse_row_period, ["period_code", "period_zh", "period_en", "day"]
    )
    days = rows["day"].drop_nulls().unique()
    if days.is_empty():
        return rows
    head = get_field_head(sheet, mapping, "period")
    if set(days.str.slice(5)) in ({"12-31"}, {"01-01"}):
        zh = "日期都是年末或年初，已按全年理解。若是当月的数，请写成 2013-12"
        en = "the dates are all ends or beginnings of years and were taken as whole years; write 2013-12 for a month"
        rows = rows.with_columns(
            period_code=pl.when(pl.col("day").is_not_null())
            .then(pl.col("period_code").str.head(4))
            .otherwise("period_code")
        )
    else:
        zh, en = "日期已按所在月份理解", "days were taken as their months"
    notices.append(Flaw(sheet.name, 0, head, "", zh, en, notice=True))
    return rows


def _parse_row_period(text: str | None, year: str | None, month: str | None) -> tuple[str | None, ...]:
    if text is None and month is not None:
        text = month
    elif text is None or (month is not None and re.fullmatch(r"\d{4}年?", text.strip())):
        text, year = (text or year or ""), text or year
        if month is not None:
            text = month
    if not text:
        return None, "不能空着", "must not be empty", None
    found = period_of(text, year)
    return found.code or None, found.zh, found.en, found.day.isoformat() if found.day else None


def _parse_row_year(text: str | None) -> tuple[str | None, ...]:
    if not text:
        return None, "不能空着", "must not be empty", None
    found = period_of(text)
    if found.code and len(found.code) > 4:
        return None, "目标只按年度，请写成 2014", "targets are for whole years; write 2014", None
    return found.code or None, found.zh, found.en, None


def add_cell_defects(rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects) -> None:
    """Add the defects of place, indicator, period, numbers and unit."""
    in_heads = {"indicator": any(part.indicator for part in mapping.spread)}
    in_heads["period"] = any(part.period for part in mapping.spread)
    written = pl.concat_str("year", "month", "period", separator=" ", ignore_nulls=True)
    dated = "year" if mapping.table == "target" else "period"
    for name, code, text in (("park", "park_id", "park"), ("indicator", "indicator_id", "indicator"),
                             (dated, "period_code", written if dated == "period" else "year")):  # fmt: skip
        head: str | pl.Expr = pl.col("head") if in_heads.get(name) else get_field_head(sheet, mapping, name)
        said = "period" if code == "period_code" else name
        shown = pl.col(text) if isinstance(text, str) else text
        wrong = rows.filter(pl.col(code).is_null())
        defects.add(wrong, head, shown, pl.col(f"{said}_zh"), pl.col(f"{said}_en"))
    valued = pl.coalesce("head", pl.lit(get_field_head(sheet, mapping, "value")))
    grown = pl.lit(get_field_head(sheet, mapping, "growth"))
    for problem, (zh, en) in numbers.PROBLEMS.items():
        defects.add(rows.filter(pl.col("value_problem") == problem), valued, pl.col("value"), zh, en)
        defects.add(rows.filter(pl.col("growth_problem") == problem), grown, pl.col("growth"), zh, en)
    unclear = rows.filter(
        pl.col("unit_id").is_null(), pl.col("indicator_id").is_not_null(), pl.col("value_problem") == ""
    )
    inside = pl.col("unit_in_cell") != ""
    at = pl.when(inside).then(valued).otherwise(pl.lit(get_field_head(sheet, mapping, "unit")))
    shown = pl.when(inside).then("value").otherwise("unit")
    defects.add(unclear, at, shown, pl.col("unit_zh"), pl.col("unit_en"))


BOUND_WORDS = {
    "none": "none", "无": "none", "at_least": "at_least", "以上": "at_least", "more_than": "more_than",
    "余": "more_than",
    "多": "more_than", "about": "about", "约": "about", "近": "about", "左右": "about", "expected": "expected",
    "预计": "expected", "exceeded": "exceeded", "突破": "exceeded", "超过": "exceeded", "or more": "at_least",
}  # fmt: skip


def make_observations(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects, notices: list[Flaw]
) -> pl.DataFrame:
    """Return the figures in the columns of the schema, those with a defect included."""
    written = pl.col("bound").str.strip_chars().str.to_lowercase()
    told = written.replace_strict(BOUND_WORDS, default=None, return_dtype=pl.String)
    rows = rows.with_columns(bound_told=told)
    defects.add(
        rows.filter(pl.col("bound").is_not_null() & pl.col("bound_told").is_null()),
        get_field_head(sheet, mapping, "bound"),
        pl.col("bound"),
        "须是余、以上、约、突破、预计之一，或留空",
        "must be one of more_than, at_least, about, exceeded, expected, or empty",
    )
    in_cell = pl.col("bound_in_cell")
    apart = rows.filter(pl.col("bound_told").is_not_null() & (in_cell != "none") & (pl.col("bound_told") != in_cell))
    defects.add(
        apart, get_field_head(sheet, mapping, "bound"), pl.col("bound"), "与数值里的界限词不一致，请只留一个",
        "does not agree with the word beside the number; keep one of them",
    )  # fmt: skip
    defects.add(
        rows.filter(pl.col("basis").is_not_null() & pl.col("basis_told").is_null()),
        get_field_head(sheet, mapping, "basis"),
        pl.col("basis"),
        "须是可比价格、可比口径、调整后基数、名义、未说明之一，或留空",
        "must be constant price, like for like, adjusted base, nominal, not stated, or empty",
    )
    _add_assumption_notices(rows, sheet, mapping, notices)
    bound = pl.when(in_cell != "none").then(in_cell).otherwise(pl.coalesce("bound_told", pl.lit("none")))
    # A bound word stands in the text of a number as well, as it would be printed.
    worded = (
        pl.when((in_cell == "none") & (bound == "more_than")).then(pl.col("value_text") + "余")
        .when((in_cell == "none") & (bound == "at_least")).then(pl.col("value_text") + "以上")
        .when((in_cell == "none") & (bound == "about")).then("约" + pl.col("value_text"))
        .when((in_cell == "none") & (bound == "exceeded")).then("突破" + pl.col("value_text"))
        .otherwise("value_text")
    )  # fmt: skip
    valued = pl.col("number").is_not_null()
    return rows.select(
        ROW, "place", "park_id", "indicator_id", period="period_code", value="number",
        value_text=pl.when(valued).then(worded), decimals=pl.when(valued).then("decimals"), unit_id="unit_id",
        bound=bound, growth_pct=pl.col("growth_number").cast(pl.Decimal(9, 4), strict=False),
        growth_text="growth_text", growth_basis=pl.when(pl.col("growth_number").is_not_null()).then(
            pl.coalesce("basis_in_cell", "basis_told", "grown_on")
        ), note_zh="note", note_en="note",
    )  # fmt: skip


def _add_assumption_notices(rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, notices: list[Flaw]) -> None:
    """Add notices about what was assumed of the numbers."""
    rounded = rows["rounded"].sum()
    if rounded:
        notices.append(
            Flaw(sheet.name, 0, "", "", f"{rounded} 个数的小数超过四位，已四舍五入到四位",
                 f"{rounded:,} numbers had more than four decimals and were rounded to four", notice=True)
        )  # fmt: skip
    grown = rows.filter(pl.col("growth_number").is_not_null())
    small = grown.filter(pl.col("growth_number").abs() < 1, ~pl.col("growth_percent"), pl.col("growth_decimals") >= 2)
    if small.height and small.height >= 0.8 * grown.height:
        first = small.row(0, named=True)
        said = first["growth"]
        zh = f"增速都小于 1，已按百分数理解（{said} 就是 {said}%）。若指 43.6% 而写成 0.436，请改写"
        en = f"all growth is below 1 and was taken as per cent ({said} is {said}%); where 0.436 means 43.6%, write 43.6"
        head = get_field_head(sheet, mapping, "growth")
        notices.append(Flaw(sheet.name, first[ROW], head, str(first["growth"]), zh, en, notice=True))
