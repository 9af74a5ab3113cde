"""The period of each row: from its cells, the head of its column and the title, in the form of the schema."""

import re
from functools import partial

import polars as pl

from data.layouts.columns import ColumnMapping, get_field_head
from data.tables.problems import Flaw
from data.tables.sheet import Sheet
from data.values.per_distinct_value import add_answer_columns
from data.values.period_search import find_ambiguous_months
from data.values.periods import is_bare_year, parse_period, resolve_span
from data.values.vocabulary import Vocabulary

PeriodAnswer = tuple[str | None, str, str, str | None, str | None]
ANSWERS = ["period_code", "period_zh", "period_en", "day", "moved"]
AMBIGUOUS = (
    "可能是 1 月，也可能是 10 月（表格软件会去掉末尾的 0）。请写成 2013-01 或 2013-10",
    "may be January or October, as a spreadsheet program drops a zero at the end; write 2013-01 or 2013-10",
)

OTHER_YEAR = (
    "与年份一栏不是同一年，请只留对的一个",
    "is not in the year of its row; keep the right one",
)
END_OF_FLOW = (
    "这个指标是一段时期的数，没有期末数。请写明当月（2013年9月）或累计（2013年1—9月）",
    "this indicator is counted over a period and has no figure at its end; write the month (2013-09) or the months up "
    "to it (2013-01/2013-09)",
)
SUM = re.compile("合计|总计|小计|累计")
SUM_OF_MONTHS = (
    "可能是全年，也可能只是上面各月之和。请写成 2013 或 2013-01/2013-09",
    "may be the whole year, or the sum of the months above alone; write 2013 or 2013-01/2013-09",
)


def add_periods(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, notices: list[Flaw]
) -> pl.DataFrame:
    """Add the period in the schema's form, or what is wrong with it: period_code, period_zh, period_en.

    What is cumulated is a span for flows; a stock keeps the month in which its span ends.
    """
    if mapping.table == "target":
        return add_answer_columns(rows, ["year"], _parse_row_year, ANSWERS)
    written = rows["period"].drop_nulls().unique()
    unclear = find_ambiguous_months(written) | _find_open_sums(written)
    parse = partial(_parse_row_period, unclear=unclear, yearly="year" in mapping.columns)
    stocks, flows = (
        known.indicators.filter(pl.col("measure") == kind)["indicator_id"].implode() for kind in ("stock", "flow")
    )
    rows = rows.with_columns(
        kind=pl.when(pl.col("indicator_id").is_in(stocks))
        .then(pl.lit("stock"))
        .when(pl.col("indicator_id").is_in(flows))
        .then(pl.lit("flow")),
        span=pl.when(pl.col("span_in_name").fill_null("") != "").then("span_in_name").otherwise("span"),
    )
    rows = _write_quarters(rows, sheet, mapping)
    rows = add_answer_columns(rows, ["period", "year", "month", "span", "kind"], parse, ANSWERS)
    head = get_field_head(sheet, mapping, "period")
    moved = rows.filter(pl.col("moved").is_not_null())
    if moved.height:
        zh = f"{moved.height} 个时点数的时期写成一段，已按末月理解，例如 {moved['moved'][0]}"
        en = f"{moved.height:,} stocks were given for a span and were taken at its last month: {moved['moved'][0]}"
        notices.append(Flaw(sheet.name, 0, head, "", zh, en, notice=True))
    return _take_days(rows, sheet, head, notices)


def _write_quarters(rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping) -> pl.DataFrame:
    """Write out the quarters and half-years that a column so headed gives by their numbers: 2 below 季度 is 2季度."""
    for field in ("month", "period"):
        head = sheet.heads[mapping.columns[field]] if field in mapping.columns else ""
        bare, cell = r"^([1-9]|[一二三四])(\.0)?$", pl.col(field).str.strip_chars()
        if re.search("月|month", head, re.IGNORECASE):
            continue
        if re.search("季|quarter", head, re.IGNORECASE):
            span = r"^([1-4一二三四])\s*[-–—~～至到]\s*([1-4一二三四])$"
            rows = rows.with_columns(cell.str.replace(bare, "${1}季度").str.replace(span, "${1}—${2}季度").alias(field))
        elif re.search("半年|half", head, re.IGNORECASE):
            half = (
                pl.when(cell.str.contains(r"^(1(\.0)?|上|一)$")).then(pl.lit("上半年"))
                .when(cell.str.contains(r"^(2(\.0)?|下|二)$")).then(pl.lit("下半年"))
                .when(cell.str.contains(bare)).then(cell + "半年").otherwise(pl.col(field))
            )  # fmt: skip
            rows = rows.with_columns(half.alias(field))
    return rows


def _find_open_sums(written: pl.Series) -> set[str]:
    """Return the texts that sum up a year in a column that also has parts of years: 2013年合计 below 2013年9月."""
    sums = {text.strip() for text in written if SUM.search(text) and len(parse_period(text).code) == 4}
    parts = sums and any(len(parse_period(text, "2000").code) > 4 for text in written)
    return sums if parts else set()


def _take_days(rows: pl.DataFrame, sheet: Sheet, head: str, notices: list[Flaw]) -> pl.DataFrame:
    days = rows["day"].drop_nulls().unique()
    if days.is_empty():
        return rows
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


def _parse_row_period(
    text: str | None,
    year: str | None,
    month: str | None,
    span: str | None,
    kind: str | None,
    *,
    unclear: set[str],
    yearly: bool,
) -> PeriodAnswer:
    if text is None and month is not None:
        text = month
    elif text is None or (month is not None and is_bare_year(text)):
        text, year = (text or year or ""), text or year
        if month is not None:
            text = month
    if not text:
        return None, "不能空着", "must not be empty", None, None
    if text.strip() in unclear:
        return None, *(SUM_OF_MONTHS if SUM.search(text) else AMBIGUOUS), None, None
    found = parse_period(text, year)
    if found.code and yearly and year and (own := parse_period(year).code) and found.code[:4] != own[:4]:
        return None, *OTHER_YEAR, None, None
    if not found.code:
        return None, found.zh, found.en, None, None
    code, zh, en = resolve_span(found.code, span or "")
    moved = None
    if code and len(code) > 4 and kind == "flow" and (span == "end" or (found.at_end and span != "cumulative")):
        return None, *END_OF_FLOW, None, None
    if code and kind == "stock" and "/" in code:
        code, moved = code[-7:], f"{text} → {code[-7:]}"
    return code, zh, en, found.day.isoformat() if found.day else None, moved


def _parse_row_year(text: str | None) -> PeriodAnswer:
    if not text:
        return None, "不能空着", "must not be empty", None, None
    found = parse_period(text)
    if found.code and len(found.code) > 4:
        return None, "目标只按年度，请写成 2014", "targets are for whole years; write 2014", None, None
    return found.code or None, found.zh, found.en, None, None
