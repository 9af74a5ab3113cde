"""Read rows of figures and targets: place, indicator, period, number and unit, each recognised or refused."""

from collections.abc import Callable

import polars as pl

from data.intake.duplicates import join_growth_rows, remove_duplicate_rows
from data.intake.lookup import find_indicator_code, find_place_code, find_unit_code
from data.intake.other_rows import refuse_other_rows
from data.intake.period_cells import add_periods
from data.intake.target_rows import add_target_kinds, make_targets
from data.layouts.columns import ColumnMapping, get_field_head, select_fields
from data.layouts.heads import is_yearless
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet
from data.values import growth_basis, numbers
from data.values.per_distinct_value import add_answer_columns
from data.values.vocabulary import Vocabulary

SMALL_GROWTHS_NAMED = 5
UNCLEAR_GROWTH = (
    "看不出是增速还是增减额。增速请写“增速（%）”，增减额不能载入",
    "growth in per cent, or the amount of the change; write 增速（%） for growth, a change in amount is not loaded",
)
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
        ["indicator_id", "indicator_zh", "indicator_en", "unit_in_name", "span_in_name", "role_in_name"],
    )
    if "unit" in mapping.fixed and "unit" not in mapping.columns:
        rows = _apply_title_unit(rows, known)
    rows, grown = move_named_growths(rows)
    told(0.3, "正在识读数值", "reading the numbers")
    rows, skipped = add_parsed_numbers(rows, targets=mapping.table == "target")
    told(0.5, "正在核对时期和单位", "checking periods and units")
    if mapping.table == "target":
        rows = add_target_kinds(rows, known)
    rows = add_periods(rows, sheet, mapping, known, notices)
    units = dict(known.indicators.select("indicator_id", "unit_id").rows())
    dimensions = dict(known.units.select("unit_id", "dimension").rows())
    rows = add_answer_columns(
        rows, ["indicator_id", "unit", "unit_in_cell", "unit_in_name", "grows"],
        lambda code, unit, inside, named, grows: find_unit_code(
            code, unit, inside, named, grows, known, units, dimensions
        ),
        ["unit_id", "unit_zh", "unit_en"],
    )  # fmt: skip
    told(0.7, "正在汇总问题", "collecting the defects")
    add_cell_defects(rows, sheet, mapping, defects)
    if mapping.table == "observation":
        rows = refuse_other_rows(rows, sheet, mapping, known, defects)
    if mapping.table == "target":
        good = make_targets(rows, sheet, mapping, defects, known)
    else:
        good = make_observations(rows, sheet, mapping, defects, notices)
    told(0.85, "正在查找重复", "looking for duplicates")
    if grown:
        joined = join_growth_rows(good)
        if lost := good.height - joined.height:
            zh = f"{lost} 个增速在单独的行里，已并到同一地区、指标、时期的数值旁，位置按数值那一行"
            en = f"{lost:,} growths stand in rows of their own and were put beside their values, whose rows are named"
            notices.append(Flaw(sheet.name, 0, "", "", zh, en, notice=True))
        good = joined
    good = remove_duplicate_rows(good, sheet, mapping, defects, notices)
    bad = defects.rows()
    return good.filter(~pl.col(ROW).is_in(bad.implode())) if bad.len() else good, skipped


def _apply_title_unit(rows: pl.DataFrame, known: Vocabulary) -> pl.DataFrame:
    """Return the rows with the unit of the titles where it holds: the one behind a name goes before it, and an amount
    of money in the title says nothing of counts and shares.
    """
    kinds = dict(known.units.select("unit_id", "dimension").rows())
    counted = [code for code, unit in known.indicators.select("indicator_id", "unit_id").rows()
               if kinds[unit] in ("count", "share", "rank")]  # fmt: skip
    money = [text for text in rows["unit"].unique().drop_nulls()
             if all(kinds[one].startswith("money") for one in known.find_units(text))]  # fmt: skip
    silent = pl.col("unit").is_in(money) & pl.col("indicator_id").is_in(counted)
    named = pl.col("unit_in_name") != ""
    return rows.with_columns(unit=pl.when(named).then("unit_in_name").when(~silent.fill_null(value=False)).then("unit"))


def unpivot_rows(sheet: Sheet, mapping: ColumnMapping) -> pl.DataFrame:
    """Return one row per cell of a wide table, else per row of the sheet: fields as text, and where they stand.

    More columns: row, place (of the value's column), head, span, grown_on.
    """
    rows = select_fields(sheet, mapping)
    if not mapping.spread:
        place = mapping.columns.get("value", mapping.columns.get("growth", 0))
        return _describe_piece(rows, sheet, place, mapping.columns.get("growth"), head=None)
    valued = {part.place for part in mapping.spread if part.field == "value"}
    growths = {part.of: part.place for part in mapping.spread if part.field == "growth" and part.of in valued}
    pieces = []
    for part in mapping.spread:
        if part.place in growths.values():
            continue
        growth = part.place if part.field == "growth" else growths.get(part.place)
        said = {"period": part.period, "indicator": part.indicator, "unit": part.unit}
        fixed = {name: pl.lit(text) for name, text in said.items() if text is not None}
        if part.period and is_yearless(part.period) and "period" in mapping.columns:
            fixed["year"] = pl.coalesce("year", "period")  # 年份 in each row, 9月 in the head
        taken = {"value": sheet.rows[f"c{part.place}"]} if part.field == "value" else {}
        if growth is not None:
            taken["growth"] = sheet.rows[f"c{growth}"]
        piece = rows.with_columns(**fixed).with_columns(**taken)
        pieces.append(_describe_piece(piece, sheet, part.place, growth, head=sheet.head(part.place), span=part.span))
    return pl.concat(pieces).sort(ROW, maintain_order=True)


def move_named_growths(rows: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """Return the rows whose names say that their numbers are growths with these as growths; and if there are any."""
    grown = (pl.col("role_in_name") == "growth").fill_null(value=False)
    if not rows.select(grown.any()).item():
        return rows, False
    # 固定资产投资增长 in 亿元 is an amount as likely as a rate.
    amount = pl.col("unit").is_not_null() & ~pl.col("unit").str.contains("%|％|百分")
    unclear = grown & amount & ~pl.col("indicator").str.contains("速|率|幅|同比|%|％")
    rows = rows.with_columns(
        indicator_id=pl.when(~unclear).then("indicator_id"),
        indicator_zh=pl.when(unclear).then(pl.lit(UNCLEAR_GROWTH[0])).otherwise("indicator_zh"),
        indicator_en=pl.when(unclear).then(pl.lit(UNCLEAR_GROWTH[1])).otherwise("indicator_en"),
    )
    growth = pl.when(grown).then(pl.coalesce("value", "growth")).otherwise("growth")
    return rows.with_columns(growth=growth, value=pl.when(~grown).then("value")), True


def _describe_piece(
    rows: pl.DataFrame, sheet: Sheet, place: int, growth: int | None, *, head: str | None, span: str = ""
) -> pl.DataFrame:
    grown_on = None if growth is None else growth_basis.parse_growth_basis(sheet.head(growth))
    return rows.with_columns(
        place=pl.lit(place, dtype=pl.Int32), head=pl.lit(head, dtype=pl.String), span=pl.lit(span),
        grown_on=pl.lit(grown_on, dtype=pl.String),
    )  # fmt: skip


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
        unit_in_cell=value["unit"], value_problem=value["problem"],
        rounded=value["rounded"] | growth["rounded"], marked=value["marked"] | growth["marked"],
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
    for said, head, text in (("value_problem", valued, "value"), ("growth_problem", grown, "growth")):
        wrong = rows.filter(pl.col(said) != "")
        for problem in wrong[said].unique(maintain_order=True):
            defects.add(wrong.filter(pl.col(said) == problem), head, pl.col(text), *numbers.PROBLEMS[problem])
    ranked = rows.filter(pl.col("unit_id") == "rank", pl.col("growth_number").is_not_null())
    defects.add(
        ranked, grown, pl.col("growth"), "名次没有增速。请删去增速", "a rank has no growth in per cent; remove it"
    )
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
    marked = rows.filter("marked")
    if marked.height:
        first = marked.row(0, named=True)
        zh, en = f"{marked.height} 个数带注号，注号已去掉", f"{marked.height:,} numbers had marks of notes, left out"
        shown = str(first["value"] if first["value"] is not None else first["growth"])
        notices.append(Flaw(sheet.name, first[ROW], first["head"] or "", shown, zh, en, notice=True))
    small = rows.filter(
        pl.col("growth_number").abs() < 1, ~pl.col("growth_percent"), pl.col("growth_decimals") >= 2
    )  # fmt: skip
    for first in small.head(SMALL_GROWTHS_NAMED).iter_rows(named=True):
        said, more = first["growth"], small.height - SMALL_GROWTHS_NAMED
        zh = f"增速小于 1，已按百分数理解（{said} 就是 {said}%）。若指 43.6% 而写成 0.436，请改写"
        en = f"a growth below 1 was taken as per cent ({said} is {said}%); where 0.436 means 43.6%, write 43.6"
        if more > 0 and first[ROW] == small[ROW][SMALL_GROWTHS_NAMED - 1]:
            zh, en = f"{zh}。另有 {more} 个这样的", f"{en}; and {more:,} more like it"
        head = get_field_head(sheet, mapping, "growth")
        notices.append(Flaw(sheet.name, first[ROW], head, str(said), zh, en, notice=True))
