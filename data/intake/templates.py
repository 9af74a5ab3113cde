"""Make empty tables to download and fill in: CSV and XLSX, in both languages, with lists and one example row."""

import io
from datetime import UTC, datetime
from typing import Any

import polars as pl

from data.intake.fields import TABLE_WORDS, Field, get_fields
from data.tables.problems import ROW
from data.tables.workbook_out import GUIDE, LISTS
from data.themes import THEMES
from data.values.vocabulary import Vocabulary

EXAMPLE_MARKS = {"zh": "示例行，载入时略过", "en": "Example row, left out when the file is loaded"}
LIST_ROWS = 5_000  # rows below the heads that offer a list
NOTE_FIELD = Field("note", "备注", "Note")
EXAMPLE_CELLS = {
    "observation": ({"park": "湘潭高新区", "indicator": "技工贸总收入", "period": "2013", "value": "720.1",
    "unit": "亿元",
                     "growth": "43.6"},
                    {"park": "Xiangtan High-tech Zone",
                     "indicator": "Total revenue from technology, industry and trade", "period": "2013",
                     "value": "720.1", "unit": "100 million yuan", "growth": "43.6"}),
    "target": ({"park": "湘潭高新区", "indicator": "技工贸总收入", "year": "2014", "value": "40", "unit": "%",
                "measure": "增长", "comparator": "以上", "strength": "力争"},
               {"park": "Xiangtan High-tech Zone", "indicator": "Total revenue from technology, industry and trade",
                "year": "2014", "value": "40", "unit": "%", "measure": "growth", "comparator": "at_least",
                "strength": "strive"}),
    "park": ({"code": "my_park", "name_zh": "某某高新区", "kind": "高新区", "province_zh": "湖南"},
             {"code": "my_park", "name_zh": "某某高新区", "name_en": "My High-tech Zone", "kind": "zone"}),
    "indicator": ({"code": "charging_piles", "name_zh": "公共充电桩", "theme": "民生", "unit": "个", "measure": "时点",
                   "definition_zh": "年末对外开放的充电桩"},
                  {"code": "charging_piles", "name_zh": "公共充电桩", "name_en": "Public charging points",
                   "theme": "livelihood", "unit": "items", "measure": "stock",
                   "definition_en": "Charging points open to the public at the end of the year"}),
}  # fmt: skip
CHOICES = {
    "measure": (("水平", "增长"), ("level", "growth")),
    "comparator": (("达到", "以上", "左右", "突破"), ("reach", "at_least", "about", "exceed")),
    "strength": (("确保", "力争", "目标"), ("ensure", "strive", "goal")),
    "bound": (("余", "以上", "约", "突破", "预计"), ("more_than", "at_least", "about", "exceeded", "expected")),
    "basis": (
        ("可比价格", "可比口径", "调整后基数", "名义", "未说明"),
        ("constant price", "like for like", "adjusted base", "nominal", "not stated"),
    ),
    "kind": (("高新区", "经开区", "城市", "省", "合计"), ("zone", "etdz", "city", "province", "aggregate")),
    "theme": (tuple(theme.zh for theme in THEMES), tuple(theme.code for theme in THEMES)),
    "direction": (("越多越好", "越少越好"), ("up", "down")),
}
MEASURE_CHOICES = (("累计", "时点", "比率"), ("flow", "stock", "rate"))  # of an indicator, in its field `measure`
EXCLUDED_FIELDS = ("year", "month")  # of figures: only for files that keep year and month apart
GUIDES = {
    "zh": (
        "一行一个数。深色表头必填，表头不要改。",
        "灰色的一行是示例，载入时自动略过，也可以删去。",
        "没有数的格子留空，不要填 0。数后可带“余、以上”，数前可带“约、突破、预计”。",
        "填好后在“数据与来源”页上载入（只在本次会话里有效），或在服务器上运行 python -m data.load 文件名。",
        "各列：",
    ),
    "en": (
        "One figure in a row. Dark heads are required; leave the heads as they are.",
        "The grey row is an example. It is left out when the file is loaded; you may delete it.",
        "Leave a cell empty where there is no number; do not write 0.",
        "Load the file on the page Data and sources (for your session only), or on the server with "
        "python -m data.load FILE.",
        "Columns:",
    ),
}


def _get_template_fields(table: str) -> list[Field]:
    left = EXCLUDED_FIELDS if table == "observation" else ()
    fields = [one for one in get_fields(table) if one.name not in left]
    return fields if any(one.name == "note" for one in fields) else [*fields, NOTE_FIELD]


def _make_example_row(table: str, lang: str) -> list[str]:
    shown = EXAMPLE_CELLS[table][0 if lang == "zh" else 1] | {"note": EXAMPLE_MARKS[lang]}
    return [shown.get(one.name, "") for one in _get_template_fields(table)]


def remove_example_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a sheet without the example row of its template."""
    first = rows.head(20)
    marked = pl.any_horizontal(pl.exclude(ROW).is_in(list(EXAMPLE_MARKS.values())))
    examples = first.filter(marked)[ROW]
    return rows.filter(~pl.col(ROW).is_in(examples.implode())) if examples.len() else rows


def make_csv_template(table: str, lang: str) -> bytes:
    """Return the empty table as CSV for a spreadsheet: heads and the example row."""
    heads = [one.head(lang) for one in _get_template_fields(table)]
    row = pl.DataFrame([_make_example_row(table, lang)], schema=heads, orient="row")
    return b"\xef\xbb\xbf" + row.write_csv().encode()


def make_xlsx_template(table: str, lang: str, known: Vocabulary) -> bytes:
    """Return the empty table as a workbook: heads with notes, lists of codes and units, the example row."""
    import xlsxwriter  # noqa: PLC0415 - only who downloads a workbook pays for it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    look = {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5", "text_wrap": True}),
        "needed": book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE7F0", "text_wrap": True}),
        "example": book.add_format({"italic": True, "font_color": "#6B7280", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    page = book.add_worksheet(TABLE_WORDS[table][0 if lang == "zh" else 1])
    guide = book.add_worksheet(GUIDE[lang])
    offered = _write_lists(book, known, lang)
    page.freeze_panes(1, 0)
    page.set_row(0, 32)
    example = _make_example_row(table, lang)
    for place, one in enumerate(_get_template_fields(table)):
        # Periods and codes as text: 2013-06 must not become a day, 0012 not 12.
        texts = one.name in ("period", "code", "note")
        wide = 30 if one.name in ("park", "indicator", "note", "name_zh", "definition_zh") else 14
        page.set_column(place, place, wide, look["text"] if texts else None)
        page.write_string(0, place, one.head(lang), look["needed" if one.needed else "head"])
        page.write_string(1, place, example[place], look["example"])
        rule = _make_validation_rule(table, one, offered, lang)
        if rule:
            page.data_validation(1, place, LIST_ROWS, place, rule)
    _write_guide(guide, table, lang, look["wrap"])
    book.close()
    return buffer.getvalue()


def _write_lists(book: Any, known: Vocabulary, lang: str) -> dict[str, str]:
    """Write the lists that are longer than a cell may hold to a hidden sheet; return their ranges by field."""
    hidden = book.add_worksheet(LISTS)
    hidden.hide()
    lists = {
        "park": known.parks[f"name_{lang}"], "indicator": known.indicators[f"name_{lang}"],
        "unit": known.units[f"name_{lang}"].unique(maintain_order=True),
    }  # fmt: skip
    ranges = {}
    for place, (name, values) in enumerate(lists.items()):
        hidden.write_column(0, place, values.to_list())
        letter = chr(ord("A") + place)
        ranges[name] = f"={LISTS}!${letter}$1:${letter}${max(1, values.len())}"
    return ranges


def _make_validation_rule(table: str, one: Field, offered: dict[str, str], lang: str) -> dict[str, Any]:
    """Return what a cell offers in the spreadsheet; it does not insist, since other words may be right too."""
    place = 0 if lang == "zh" else 1
    rule: dict[str, Any] = {"ignore_blank": True, "show_error": False, "validate": "any"}
    if one.name in offered:
        rule |= {"validate": "list", "source": offered[one.name]}
    elif table == "indicator" and one.name == "measure":
        rule |= {"validate": "list", "source": list(MEASURE_CHOICES[place])}
    elif one.name in CHOICES:
        rule |= {"validate": "list", "source": list(CHOICES[one.name][place])}
    elif not one.note(lang):
        return {}
    if one.note(lang):
        rule |= {"input_title": one.head(lang)[:32], "input_message": one.note(lang)[:255]}
    return rule


def _write_guide(page: Any, table: str, lang: str, wrap: Any) -> None:
    page.set_column(0, 0, 110, wrap)
    apart, needed = ("：", "（必填）") if lang == "zh" else (": ", " (required)")
    lines = list(GUIDES[lang])
    for one in _get_template_fields(table):
        note = one.note(lang)
        lines.append(f"{one.head(lang)}{needed if one.needed else ''}{apart + note if note else ''}")
    for place, line in enumerate(lines):
        page.write_string(place, 0, line, wrap)
