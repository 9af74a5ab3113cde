"""Rows as files. The same rows give the same bytes, on a page and at a route."""

import io
import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from data.paths import database_path
from data.tables.form import sheets
from data.values.safe_cells import harmless
from queries.catalogue import catalogue
from queries.database import engine
from queries.figures.observations import public

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "duckdb": "application/octet-stream",
    "png": "image/png",
    "svg": "image/svg+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
XLSX_ROWS = 100_000
JSON_ROWS = 100_000  # it is read and written whole
GROUP = 50_000  # rows of a row group of Parquet
SHEETS = {"zh": ("数据", "说明", "口径"), "en": ("Data", "Notes", "Definitions")}
VERSION = r"[0-9A-Za-z+.-]{4,64}"


class TooManyRows(ValueError):
    """More rows than the format is made for; the message names another format."""


def name(view: str, rows: pl.DataFrame, suffix: str, period: tuple[str | None, str | None] = (None, None)) -> str:
    """File name: view, period, data version, and whether rows are invented or some reader's own. ASCII only."""
    kinds = {
        kind
        for column in ("evidence", "lit_evidence")
        if column in rows.columns
        for kind in rows[column].cast(pl.String)
    }
    if kinds == {"sample"}:
        view = f"sample-{view}"
    elif "own" in kinds:
        view = f"own-{view}" if kinds == {"own"} else f"with-own-{view}"
    span = "-".join(part for part in period if part) or "all"
    # A column of a reader's SQL may bear this name and hold anything.
    told = str(rows["data_version"][0]) if "data_version" in rows.columns and rows.height else ""
    version = told if re.fullmatch(VERSION, told) else engine.data_version()
    return f"park-{view}-{span}-{version}.{suffix}"


def as_csv(rows: pl.DataFrame, *, bom: bool = True) -> bytes:
    """UTF-8 CSV with ASCII column names; with a byte order mark for spreadsheets, without for programs."""
    return b"".join(csv_pieces(iter([rows]), bom=bom))


def csv_pieces(pieces: Iterator[pl.DataFrame], *, bom: bool = True, safe: bool = True) -> Iterator[bytes]:
    """The bytes of as_csv() of the pieces one after another.

    safe: cells that a spreadsheet would run are made harmless.
    """
    start = b"\xef\xbb\xbf" if bom else b""
    for place, piece in enumerate(pieces):
        rows = flat(plain(public(piece)))
        buffer = io.BytesIO()
        buffer.write(b"" if place else start)
        (harmless(rows) if safe else rows).write_csv(
            buffer, include_header=not place, line_terminator="\r\n", batch_size=4096
        )
        yield buffer.getvalue()


def plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers as text without zeros that nobody printed: 552, not 552.0 or 552.0000."""
    floats = [column for column, kind in rows.schema.items() if kind.is_float()]
    decimals = [column for column, kind in rows.schema.items() if kind.is_decimal()]
    return rows.with_columns(
        pl.when(pl.col(floats) == 0)
        .then(0.0)
        .otherwise(pl.col(floats))
        .name.keep()  # no -0
        .cast(pl.String)
        .str.strip_suffix(".0"),
        pl.col(decimals).cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix("."),
    )


def as_json(rows: pl.DataFrame, head: dict[str, Any] | None = None) -> bytes:
    """{data_version, ...head, count, rows: [...]}, numbers as numbers, dates as ISO text.

    Raises TooManyRows above 100,000 rows.
    """
    if rows.height > JSON_ROWS:
        raise TooManyRows(
            f"{rows.height:,} rows: JSON takes up to {JSON_ROWS:,}. Take JSON lines, CSV or Parquet, or filter."
        )
    own = "data_version" in rows.columns and rows.height > 0
    version = rows["data_version"][0] if own else engine.data_version()
    content: dict[str, object] = {"data_version": version, **(head or {})}
    content |= {"count": rows.height, "rows": public(rows).to_dicts()}
    return json.dumps(content, ensure_ascii=False, default=_json, allow_nan=False).encode()


def as_jsonl(rows: pl.DataFrame) -> bytes:
    """One JSON object a line, each as in the rows of as_json()."""
    return b"".join(jsonl_pieces(iter([rows])))


def jsonl_pieces(pieces: Iterator[pl.DataFrame]) -> Iterator[bytes]:
    """The bytes of as_jsonl() of the pieces one after another."""
    for piece in map(public, pieces):
        decimals = [column for column, kind in piece.schema.items() if kind.is_decimal()]
        rows = piece.with_columns(pl.col(decimals).cast(pl.Float64)) if decimals else piece
        buffer = io.BytesIO()  # as text it would be decoded and encoded again, which takes as long as the writing
        rows.write_ndjson(buffer)
        yield buffer.getvalue()


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Parquet with the columns of the CSV and their types."""
    return b"".join(parquet_pieces(iter([rows])))


def parquet_pieces(pieces: Iterator[pl.DataFrame]) -> Iterator[bytes]:
    """The bytes of as_parquet() of the pieces one after another; their bounds leave no trace."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - 40 ms that only a download pays

    written = Written()
    writer = None
    for group in _groups(map(public, pieces)):
        # Polars makes one array of each column; Arrow's writer would begin a page at each join.
        table = group.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        if writer is None:
            writer = pq.ParquetWriter(written, table.schema, compression="zstd", store_schema=True)
        writer.write_table(table, row_group_size=GROUP)
        yield written.taken()
    if writer is not None:
        writer.close()
    yield written.taken()


class Written(io.RawIOBase):
    """A file that is only written to, and hands over what was written since it was last asked."""

    def __init__(self) -> None:
        self.buffer, self.place = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        size = memoryview(content).nbytes
        self.buffer += content
        self.place += size
        return size

    def tell(self) -> int:
        return self.place

    def taken(self) -> bytes:
        """What was written since."""
        content, self.buffer = bytes(self.buffer), bytearray()
        return content


def _groups(pieces: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows in pieces of GROUP rows; at least one piece, which may be empty."""
    held: pl.DataFrame | None = None
    for piece in pieces:
        held = piece if held is None else pl.concat([held, piece])
        while held.height > GROUP:
            yield held.head(GROUP)
            held = held.slice(GROUP)
    if held is not None:
        yield held


def as_xlsx(rows: pl.DataFrame, lang: str = "zh") -> bytes:
    """A workbook: the rows with a frozen header and real numbers, notes on columns, definitions of the indicators.

    Raises TooManyRows above 100,000 rows.
    """
    import xlsxwriter  # noqa: PLC0415 - 60 ms that only a download pays

    if rows.height > XLSX_ROWS:
        raise TooManyRows(
            f"{rows.height:,} rows: a workbook takes up to {XLSX_ROWS:,}. Take CSV or Parquet, or filter."
        )
    rows = public(rows)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    head = book.add_format({"bold": True, "bottom": 1})
    data, notes, definitions = (book.add_worksheet(sheet) for sheet in SHEETS[lang])
    _sheet(data, harmless(flat(rows)), head)
    _sheet(notes, meanings(rows, lang), head, width=60)
    _sheet(definitions, _definitions(rows, lang), head, width=40)
    book.close()
    return buffer.getvalue()


def _sheet(sheet: object, rows: pl.DataFrame, head: object, width: int = 14) -> None:
    sheet.write_row(0, 0, rows.columns, head)  # type: ignore[attr-defined]
    sheet.freeze_panes(1, 0)  # type: ignore[attr-defined]
    sheet.set_column(0, max(0, len(rows.columns) - 1), width)  # type: ignore[attr-defined]
    if rows.width and rows.height:
        sheet.autofilter(0, 0, rows.height, rows.width - 1)  # type: ignore[attr-defined]
    for place, row in enumerate(rows.iter_rows(), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, bool) or (isinstance(cell, int | float) and math.isfinite(cell)):
                sheet.write(place, column, cell)  # type: ignore[attr-defined]
            elif cell is not None:
                sheet.write_string(place, column, str(cell))  # type: ignore[attr-defined]


def meanings(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    """What the columns of these rows hold. One row per column: column, meaning, which is empty where none is known."""
    comments: dict[str, str] = {}
    tables = {table["table_id"]: table for table in catalogue.tables().iter_rows(named=True)}
    own = _table_of(rows.columns, tables)
    # The table that the rows are of speaks first: park_id is who measured in one, and who promised in another.
    order = [*([own] if own else []), *ENTITIES, *sorted(tables, key=COMPUTED.__contains__)]
    for table in (tables[code] for code in order if code in tables):
        for column, comment in zip(table["columns"], table[f"comments_{lang}"], strict=True):
            comments.setdefault(column, comment)
    for sheet in sheets().values():
        for of_sheet in sheet.columns:
            said = "。" if lang == "zh" else ". "
            told = said.join(filter(None, (of_sheet.head[lang], of_sheet.note[lang])))
            # A name stands in both languages, in columns of its own.
            for column in {of_sheet.name, f"{of_sheet.name.removesuffix('_en')}_{lang}"}:
                comments.setdefault(column, told)
    held = set(tables[own]["columns"]) if own in tables else set()
    notes = {column: chinese if lang == "zh" else english for column, (chinese, english) in COLUMN_NOTES.items()}
    comments |= {column: note for column, note in notes.items() if column not in held}
    noted = [(column, comments.get(column, "")) for column in rows.columns]
    return pl.DataFrame(noted, schema={"column": pl.String, "meaning": pl.String}, orient="row")


# Tables that rows are of, by their first column; in another place the same code may be that of another table.
KEYS = {
    "target_id": "target", "commitment_id": "commitment", "title_id": "title", "zone_id": "zone",
    "indicator_id": "indicator", "source_id": "source", "park_id": "park",
}  # fmt: skip
COMPUTED = ("figure", "release")  # views that follow from the tables beside them
ENTITIES = ("source", "park", "unit", "indicator", "mechanism")  # whose codes mean the same wherever they stand


def _table_of(columns: list[str], tables: dict[str, dict[str, Any]]) -> str | None:
    """The table whose rows these columns are of: the one with just these, else the one whose code leads; None: none."""
    alike = next((code for code, table in tables.items() if list(table["columns"]) == columns), None)
    if alike or "observation_id" in columns:
        return alike or "observation"
    return KEYS.get(columns[0]) if columns else None


# Columns that questions add to those of the tables.
COLUMN_NOTES = {
    "low": (
        "区间下限：舍入或界限词所允许的最小值。",
        "Lower end of the interval that rounding or a bound word leaves open.",
    ),
    "high": ("区间上限；没有上限则空。", "Upper end; empty where it is open."),
    "formula": ("推算所用的公式。", "How a derived figure was computed."),
    "source_title": ("来源的标题。", "Title of the source."),
    "source_url": (
        "来源的地址；只引用、不给链接的留空。",
        "Address of the source; empty where it is cited and not linked.",
    ),
    "locator": ("在材料中的位置。", "Where in the source."),
    "data_version": ("生成本文件的数据版本。", "State of the sources this file was made from."),
    "park_zh": ("地区简称，中文。", "Short name of the place, in Chinese."),
    "park_en": ("地区简称，英文。", "Short name of the place, in English."),
    "indicator_zh": ("指标名称，按原文。", "Name of the indicator as printed."),
    "indicator_en": ("指标的英文名称。", "Name of the indicator in English."),
    "base_indicator_zh": ("公布基年所用的名称，中文。", "Name under which the base year was published, in Chinese."),
    "base_indicator_en": ("公布基年所用的名称，英文。", "Name under which the base year was published, in English."),
    "related_indicator_zh": ("后来公布的相关指标，中文。", "Name of the later published figure, in Chinese."),
    "related_indicator_en": ("后来公布的相关指标，英文。", "Name of the later published figure, in English."),
    "unit_zh": ("单位，按原文。", "Unit as printed."),
    "unit_en": ("单位的英文，逐字。", "Unit in English, word for word."),
    "unit_scale": (
        "乘上它，换算成英文读者习惯的单位。",
        "Multiplies the value into the unit that English readers expect.",
    ),
    "unit_scaled_en": ("英文读者习惯的单位。", "That unit."),
    "note": ("读者须知。", "What a reader must know."),
    "publisher": ("来源的发布者。", "Who published the source."),
    "source_published": ("来源的发布日期，按所知。", "Date of publication of the source as far as known."),
    "status": (
        "数据：published 公布，derived 推算，not_published 原文只给增速。目标：met 已完成，missed 未完成，"
        "borderline 临界，on_course 正常，behind 滞后，far_behind 严重滞后，watching 观察期，cannot_judge 不可评估。",
        "Of a figure: published, derived or not_published (only a growth rate was printed). Of a target: met, missed, "
        "borderline, on_course, behind, far_behind, watching or cannot_judge.",
    ),
    "near": ("舍入可能改变状态。", "Whether rounding could change the status."),
    "lit_evidence": (
        "状态所依据的数的性质：published 公布，own 自有。",
        "Kind of the figures that the status rests on: published, or own.",
    ),
    "actual_evidence": ("结果数的性质。", "Kind of evidence of the outcome."),
    "growth_evidence": ("结果增速的性质。", "Kind of evidence of the growth."),
    "base_evidence": ("上年数的性质。", "Kind of evidence of the year before."),
    "own": ("其中由使用者载入的条数。", "How many of them users of this installation loaded."),
    "reason": (
        "不可评估的原因：NO_ACTUAL 结果未公布，NO_GROWTH 增速未公布、两年数值推不出来，NO_BASE 缺上年全年数，"
        "NO_PAST 缺上年同期数，NO_PLAN 没有计划进度也没有往年进度，EXPECTED 只有预计数，SCOPE_MISMATCH 口径待确认，"
        "UNIT_MISMATCH 单位不同，STALE 数据过时，FUTURE 未到期，NO_NUMERIC_TARGET 没有数字。",
        "Why it cannot be judged: NO_ACTUAL, the outcome was not published; NO_GROWTH, the growth was not, and no two "
        "levels tell it; NO_BASE, the whole year before is missing; NO_PAST, its same months are; NO_PLAN, there is "
        "neither a plan nor progress of earlier years; EXPECTED, only an expected figure is known; SCOPE_MISMATCH, the "
        "definitions may differ; UNIT_MISMATCH; STALE, no recent figure; FUTURE, not due; NO_NUMERIC_TARGET.",
    ),
    "over": (
        "目标：当年数是否已有；有了就按年终评定。效能事项：超过承诺的工作日。",
        "Of a target: whether the figure of the whole year is known: then the verdict is final. Of a case: working "
        "days beyond the promise.",
    ),
    "month": ("所用数据截至的月份。", "Last month of the data used."),
    "completion": ("完成率：已完成数除以目标数。", "Completion: reached over wanted."),
    "completion_low": ("完成率的下端。", "Lower end of the completion."),
    "completion_high": ("完成率的上端。", "Upper end of the completion."),
    "planned_share": ("计划进度：按计划到这个月应完成全年的几成。", "Share of the year planned by that month."),
    "planned_by": (
        "计划进度的来历：plan 批准的月计划，own_mean 往年均值，last_year 上年同期，linear 按月平均（只用于时点数）。",
        "Where it is from: plan, the approved monthly plan; own_mean, the mean of past years; last_year; linear, by "
        "months, of what stands at a date alone.",
    ),
    "pace": ("完成率与计划进度之比。", "Completion over planned share."),
    "gap_points": (
        "差距，百分点：增速目标为增速减去目标（年内为同期增速），其余为完成率与计划进度之差。",
        "Gap in percentage points: of a growth target its growth (of the same months while the year runs) less the "
        "target; else completion less plan.",
    ),
    "gap_amount": (
        "数值目标：结果减去目标，用目标的单位。",
        "Of a level target: outcome less target, in the unit of the target.",
    ),
    "comparable": (
        "两年的数值能不能相除得出增速：须为名义增速、同一范围、最终数，中间没有换口径。",
        "Whether the levels of two years may be divided for a growth: nominal, of one scope, final, no break between.",
    ),
    "growth_basis": (
        "增速的口径：constant_price 可比价格，comparable_scope 可比口径，restated 调整后的基数，nominal 名义，"
        "unknown 原文未说明。原文自己写明的优先，否则按该指标；合计数的范围逐年可能不同。",
        "What a growth is taken on: constant_price, comparable_scope, restated, nominal or unknown; as its source "
        "says, else as of its indicator; the members of a sum may differ from year to year.",
    ),
    "growth_bound": ("结果的增速：界限词。", "Of the printed growth: bound word."),
    "level_dimension": ("数值单位的量纲。", "What the unit of the levels measures."),
    "past": ("上年同期的数，用 level_unit_id 的单位。", "The same months of the year before, in level_unit_id."),
    "past_value_text": ("上年同期数：所印的数。", "Of the same months of the year before: as printed."),
    "past_unit_id": ("上年同期数：单位代码。", "Of the same months of the year before: unit code."),
    "past_period": ("上年同期数：时期。", "Of the same months of the year before: period."),
    "past_observation_id": (
        "上年同期数：数据行的代码。",
        "Of the same months of the year before: code of its row.",
    ),
    "short": ("增速比目标低几个百分点，不低则为 0。", "By how many points a growth falls short of its target; else 0."),
    "measured": (
        "拿来与目标相比的数：增速目标为增速（%），其余为数值。",
        "What is held against the target: a growth in per cent, or a level.",
    ),
    "low_in": ("区间下端本身是否可能。", "Whether the lower end itself is possible."),
    "high_in": ("区间上端本身是否可能。", "Whether the upper end itself is possible."),
    "basis": (
        "printed 公布的数；levels 由两年的数相除。",
        "printed: as published; levels: from the values of two years.",
    ),
    "needed": (
        "名义增速目标折成的数值；别的增速折不成数值。",
        "The level that a nominal growth target asks for; other growth asks for none.",
    ),
    "lit_by": (
        "实际所用的规则；所选规则不适用的目标按 default。",
        "The rule that gave the status; default where the one asked for does not apply.",
    ),
    "level_unit_zh": ("数值的单位。", "Unit of the levels, in Chinese."),
    "level_unit_scale": (
        "乘上它，换算成英文读者习惯的单位。",
        "Multiplies a level into the unit that English readers expect.",
    ),
    "level_unit_scaled_en": ("英文读者习惯的单位。", "That unit."),
    "level_unit_id": ("数值所用单位的代码。", "Code of the unit of the levels."),
    "outlook": ("外推：照现在的进度，全年的数。", "Extrapolation: the whole year at the present pace."),
    "needed_per_month": ("余下每月还要完成的数。", "Still needed in each month that is left."),
    "needed_growth": (
        "余下各月须比上年同期增长，%。",
        "Growth that the remaining months need on those of the year before, per cent.",
    ),
    "actual": ("结果，用 level_unit_id 的单位。", "The outcome, in level_unit_id."),
    "base": ("上年的数，用 level_unit_id 的单位。", "The year before, in level_unit_id."),
    "actual_value_text": ("结果：所印的数。", "Of the outcome: as printed."),
    "actual_unit_id": ("结果：单位代码。", "Of the outcome: unit code."),
    "actual_bound": ("结果：界限词。", "Of the outcome: bound word."),
    "actual_period": ("结果：时期。", "Of the outcome: period."),
    "actual_observation_id": ("结果：数据行的代码。", "Of the outcome: code of its row."),
    "actual_source_id": ("结果：来源代码。", "Of the outcome: code of its source."),
    "growth_period": ("结果的增速：时期。", "Of the printed growth: period."),
    "growth_observation_id": ("结果的增速：数据行的代码。", "Of the printed growth: code of its row."),
    "growth_source_id": ("结果的增速：来源代码。", "Of the printed growth: code of its source."),
    "base_value_text": ("上年数：所印的数。", "Of the year before: as printed."),
    "base_unit_id": ("上年数：单位代码。", "Of the year before: unit code."),
    "base_bound": ("上年数：界限词。", "Of the year before: bound word."),
    "base_period": ("上年数：时期。", "Of the year before: period."),
    "base_observation_id": ("上年数：数据行的代码。", "Of the year before: code of its row."),
    "base_source_id": ("上年数：来源代码。", "Of the year before: code of its source."),
    "finding_id": (
        "发现的代码：规则与所涉代码，重建后不变。",
        "Code of the finding: its rule and the codes concerned; stays the same.",
    ),
    "rule_zh": ("规则名称，中文。", "Name of the rule, in Chinese."),
    "rule_en": ("规则名称，英文。", "Name of the rule, in English."),
    "severity": (
        "contradiction 矛盾，needs_definition 待定口径，note 说明。",
        "contradiction, needs_definition or note.",
    ),
    "indicators": ("所涉指标的代码。", "Codes of the indicators concerned."),
    "sentence_zh": ("一句话，中文。", "In one sentence, in Chinese."),
    "sentence_en": ("一句话，英文。", "In one sentence, in English."),
    "misfit_low": ("超出舍入的差，下端。", "The misfit beyond rounding, lower end."),
    "misfit_high": ("超出舍入的差，上端。", "The misfit beyond rounding, upper end."),
    "misfit_zh": ("差量的是什么，用什么单位，中文。", "What the misfit measures and in which unit, in Chinese."),
    "misfit_en": ("差量的是什么，用什么单位，英文。", "What the misfit measures and in which unit, in English."),
    "explanation_zh": ("可能的合理解释，中文。", "An innocent explanation, in Chinese."),
    "explanation_en": ("可能的合理解释，英文。", "An innocent explanation, in English."),
    "caveats": ("所涉各行的备注。", "Remarks of the rows concerned."),
    "observations": ("所涉数据行的代码。", "Codes of the figures concerned."),
    "targets": ("所涉目标的代码。", "Codes of the targets concerned."),
    "sources": ("所涉来源的代码。", "Codes of the sources concerned."),
    "source_titles": ("所涉来源的标题。", "Titles of the sources concerned."),
    "base_low": ("上年数区间的下端。", "Lower end of the year before."),
    "base_high": ("上年数区间的上端。", "Upper end of the year before."),
    "form_low": (
        "推算：目标换成另一种说法（数值或增速），区间下端。",
        "Derived: the target in its other form, lower end.",
    ),
    "form_high": ("推算：目标换成另一种说法，区间上端。", "Derived: the target in its other form, upper end."),
    "form_unit_id": ("另一种说法的单位代码。", "Unit of the other form."),
    "form_formula": ("另一种说法的公式。", "Formula of the other form."),
    "derivation_id": ("推算数的代码。", "Code of the derived figure."),
    "inputs": ("推算所用的数据行的代码。", "Codes of the rows that a derived figure follows from."),
    "unlock_zh": ("公布哪一个数就能评估，中文。", "The one number that would let it be judged, in Chinese."),
    "unlock_en": ("公布哪一个数就能评估，英文。", "The one number that would let it be judged, in English."),
    "where_zh": ("这种数通常在哪里公布，中文。", "Where such a number is usually published, in Chinese."),
    "where_en": ("这种数通常在哪里公布，英文。", "Where such a number is usually published, in English."),
    "rule": ("评定所用的规则。", "The rule asked for."),
    "rule_version": ("规则的版本。", "Version of the rule."),
    "asof": ("按这一天之前已公布的材料评定。", "Judged by what had been published by this day."),
    "base_comparable_key": ("基年名称的口径代码。", "Code of the definition of the base's name."),
    "base_scope": (
        "基年的另一名称：wording 只差一两个字；definition 范围不同。由本站判断。",
        "The base's other name differs by a word (wording) or covers something else (definition). Our reading.",
    ),
    "indicator_measure": (
        "flow 年内累计，stock 存量，rate 占比或名次。",
        "flow: adds up within the year; stock: stands at a date; rate: share or rank.",
    ),
    "state": (
        "承诺：announced 已宣布；traced 后来公布过同一事项的数，是线索，不是兑现的证明。台账：所处的状态，"
        "overdue 逾期，returned 退回，due_soon 临期，waiting 待验收，in_progress 进行中，not_started 未开始，"
        "crossed_off 已消号，crossed_off_late 逾期消号，late 超过时限或承诺，unanswered 逾期未复，answered 已复，"
        "on_time 按时，late_open 在办超时。",
        "Of a commitment: announced, or traced where a later figure about the same thing was published, which is no "
        "proof. Of a row of the ledger: how it stands on the day.",
    ),
    "evidence": (
        "性质：published 公布，derived 推算，own 自有台账，sample 示例（虚构）。",
        "published, derived, own (a ledger of one's own) or sample (invented).",
    ),
    "overdue_days": ("逾期天数；未逾期为 0。", "Days past the day it was due; 0 where it is not."),
    "days_left": ("距时限的天数；办结的留空。", "Days until it is due, negative after; empty once it is closed."),
    "steps": ("节点数。", "Number of steps."),
    "steps_done": ("已完成的节点数。", "Number of steps that are done."),
    "aim_id": ("所对应的目标或承诺的编号。", "Number of the target or commitment it serves."),
    "aim_zh": ("所对应的目标或承诺，中文。", "The target or commitment it serves, in Chinese."),
    "aim_en": ("所对应的目标或承诺，英文。", "The target or commitment it serves, in English."),
    "department_zh": ("部门名称，中文。", "Name of the department, in Chinese."),
    "department_en": ("部门名称，英文。", "Name of the department, in English."),
    "leader_zh": ("领导职务，中文。", "Post of the leader, in Chinese."),
    "leader_en": ("领导职务，英文。", "Post of the leader, in English."),
    "leaders_zh": ("联点领导，中文。", "Leaders of the project, in Chinese."),
    "leaders_en": ("联点领导，英文。", "Leaders of the project, in English."),
    "breaches": (
        "没有做到的：no_leader 没有领导，two_leaders 不止一名领导，no_team 没有班子。",
        "What is broken: no_leader, two_leaders (more than one), no_team.",
    ),
    "problems_open": ("未解决的问题数。", "Problems that are open."),
    "problems_late": ("其中超过承诺的。", "Of these, past their promise."),
    "oldest_problem_days": ("最久的未解决问题，天。", "Age of the oldest open problem, days."),
    "age": ("从下达或提出到办结，未办结的到当日，天。", "Days from the start to the close, or to the day asked about."),
    "days_to_reply": ("回复用时，天。", "Days from issue to reply."),
    "days_to_close": ("办结用时，天。", "Days from issue to close."),
    "late_days": ("超过时限的天数。", "Days past its day."),
    "about": ("所涉目标、任务或问题的编号。", "Number of the target, task or problem it is about."),
    "about_zh": ("所涉事项的名称，中文。", "What it is about, in Chinese."),
    "about_en": ("所涉事项的名称，英文。", "What it is about, in English."),
    "months": ("连续滞后的月数。", "Months behind in a row."),
    "days": ("逾期或超过承诺的天数。", "Days overdue or past the promise."),
    "far": ("最近一月是否严重滞后。", "Whether it was far behind in the last month."),
    "order_id": ("未办结的督办单编号；没有则空。", "Number of an order that is not closed; empty where there is none."),
    "step": ("按规则该到升级办法的第几步。", "Step of the rule's ladder that applies."),
    "step_zh": ("该步的做法，中文。", "What is done at that step, in Chinese."),
    "step_en": ("该步的做法，英文。", "What is done at that step, in English."),
    "used": ("实际用的工作日，从受理的次一工作日算起。", "Working days taken, counted from the one after acceptance."),
    "service_id": ("服务的代码，即所填的名称。", "Code of the service: its name as written."),
    "cases": ("受理件数。", "Cases taken in."),
    "closed": ("办结；事项组里为办结件数。", "Closed; in groups, the number of cases closed."),
    "on_time": ("按时办结件数。", "Cases closed within their promise."),
    "median": ("用时中位数，工作日。", "Median of the working days taken."),
    "p90": (
        "九成的事项在多少个工作日内办结（最近秩）。",
        "Ninetieth percentile of the working days, nearest rank: the value of rank ceil(0.9 n).",
    ),
    "open_late": ("在办超时件数。", "Open cases past their promise."),
    "share": ("按时办结的比例。", "Share closed within the promise."),
    "plan": ("月计划累计数，用 level_unit_id 的单位。", "Planned cumulative value of the month, in level_unit_id."),
    "last": ("上年同期累计数，用 level_unit_id 的单位。", "The same months of the year before, in level_unit_id."),
    "growth_of_month": ("累计同比增长，%。", "Growth on the same months of the year before, per cent."),
    "before": ("上月的状态。", "Status by the month before."),
    "items": ("考核项数。", "Number of items in the formula."),
    "full": ("满分。", "Points for 100 per cent."),
    "score": ("得分；有缺数的为空。", "Score; empty where an input is missing."),
    "rank": ("名次；相同的并列。", "Rank; equals share one."),
    "tied": ("是否并列。", "Whether the rank is shared."),
    "missing": ("缺数的考核项，或缺数的原因。", "Items without an input, or why the input is missing."),
    "declared_weight": ("公布的权重。", "The declared weight."),
    "counted": ("计入的完成率，不超过上限。", "Completion that counts, up to the cap."),
    "points": ("权重乘计入的完成率。", "Weight times the completion that counts."),
    "holds": ("加减分条件是否成立。", "Whether the condition of the adjustment holds."),
    "adjusted": ("实际计入的加减分。", "The adjustment that was made."),
    "more": ("再得一分须提高的完成率（1 为 100%）。", "Completion that one point more needs (1 is 100 per cent)."),
    "more_value": ("再得一分须再完成的数，用目标的单位。", "The same in the unit of the target."),
    "mechanism_id": ("机制代码。", "Code of the mechanism."),
    "kind": ("类别。", "Kind."),
    "code": ("编号。", "Number."),
    "compared": (
        "折成同一单位的数值，用来排名；计量的东西不同的留空。",
        "The value in one unit, by which places are ranked; empty where the unit measures another thing.",
    ),
    "rank_first": ("舍入之内可能的最前名次。", "First rank that rounding leaves open."),
    "rank_last": ("舍入之内可能的最后名次。", "Last rank that rounding leaves open."),
    "ranked": ("参加排名的地区数。", "How many places are ranked."),
    "set": ("查到的目标数，等于以下各项之和。", "Targets that were found: the sum of those below."),
    "reached": ("完成的目标数。", "Targets that were met."),
    "missed": ("未完成的目标数。", "Targets that were missed."),
    "open": ("年度未完、正在进行的目标数。", "Targets whose year is not over."),
    "unknown": ("不能判断的目标数。", "Targets that cannot be judged."),
    "decided": ("能判断的目标数：完成与未完成之和。", "Targets that can be judged: met and missed."),
    "first_year": ("最早的年度。", "First year."),
    "last_year": ("最晚的年度。", "Last year."),
}


def _definitions(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    used = rows["indicator_id"].cast(pl.String).unique().to_list() if "indicator_id" in rows.columns else []
    columns = ["indicator_id", f"name_{lang}", f"unit_{lang}", "measure", f"definition_{lang}", "comparable_key"]
    named = catalogue.indicators().select(columns)
    derived = catalogue.derivations(lang).select(
        pl.col("derivation_id").alias("indicator_id"),
        f"name_{lang}",
        pl.lit(None, pl.String).alias(f"unit_{lang}"),
        pl.col("kind").alias("measure"),
        pl.col("definition").alias(f"definition_{lang}"),
        pl.format("derived.{}", "derivation_id").alias("comparable_key"),
    )
    return pl.concat([named, derived]).filter(pl.col("indicator_id").is_in(used))


def as_file(rows: pl.DataFrame, suffix: str, lang: str = "zh") -> bytes:
    """The rows in the format of a suffix: csv (with byte order mark), xlsx, parquet, json or jsonl."""
    if suffix == "xlsx":
        return as_xlsx(rows, lang)
    return {"csv": as_csv, "parquet": as_parquet, "json": as_json, "jsonl": as_jsonl}[suffix](rows)


def flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists become text with semicolons; codes of ENUM columns become text."""
    lists = [column for column, kind in rows.schema.items() if isinstance(kind, pl.List)]
    codes = [column for column, kind in rows.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return rows.with_columns(pl.col(lists).list.join("; "), pl.col(codes).cast(pl.String)) if lists or codes else rows


def database_file() -> bytes:
    """The whole database as a DuckDB file."""
    return database_path().read_bytes()


def jsonable(content: object) -> object:
    """The content as JSON knows it: dates as ISO text, decimals as numbers."""
    plain: object = json.loads(json.dumps(content, ensure_ascii=False, default=_json, allow_nan=False))
    return plain


def _json(value: object) -> object:
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
