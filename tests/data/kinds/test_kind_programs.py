"""Workbooks as several programs write them: the same sheet in other XML, formulas with and without their results."""

import io
import re
import zipfile

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.data.kinds.drawing import FLOWS, LAWS, PLACE, Figure, draw_flows, draw_growths, draw_numbers, hold_law, load
from tests.tools.workbooks import SHEET, book, changed

HEADS = ["地区", "指标", "时期", "数值", "单位", "同比增速(%)"]
PREFIXED = r"<(/?)(?=[a-zA-Z])"
DIALECTS = {
    "prefixed": lambda text: re.sub(PREFIXED, r"<\1x:", text).replace('xmlns="', 'xmlns:x="', 1),
    "cells without references": lambda text: re.sub(r'(<c)( r="[A-Z]+\d+")', r"\1", text),
    "rows without numbers": lambda text: re.sub(r'(<row) r="\d+"', r"\1", text),
    "style first": lambda text: re.sub(r'<((?:\w+:)?c) (r="\w+") (s="\d+")', r"<\1 \3 \2", text),
    "line breaks in tags": lambda text: re.sub(r'" (?=[a-z]+=")', '"\n ', text),
    "indented": lambda text: text.replace("><", ">\n  <"),
    "spaces before the end of a tag": lambda text: re.sub(r'"/>', '" />', text),
    "single quotes": lambda text: text.replace('"', "'"),
    "a declaration of one byte order": lambda text: "\ufeff" + text,
}
FORMATS = ["0.0%", '0.0"%"', "General"]


def write_table(workbook, lines, percent):
    page = workbook.add_worksheet("数据")
    shown = workbook.add_format({"num_format": percent})
    page.write_row(0, 0, HEADS)
    for row, (name, value, growth) in enumerate(lines, start=1):
        page.write_row(row, 0, [PLACE, name, "2013", float(value), "亿元"])
        stored = round(float(growth) / 100, 6) if percent == "0.0%" else float(growth)
        page.write_number(row, 5, stored, shown)


def inline(content: bytes) -> bytes:
    """The same workbook with its texts in the cells, as programs that stream write them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        shared = package.read("xl/sharedStrings.xml").decode()
    texts = re.findall(r"<si>(.*?)</si>", shared)
    return changed(
        content,
        SHEET,
        lambda text: re.sub(
            r' t="s"><v>(\d+)</v>', lambda cell: f' t="inlineStr"><is>{texts[int(cell[1])]}</is>', text
        ),
    )


@LAWS
@given(st.data())
def test_the_same_table_is_read_the_same_whichever_program_wrote_it(known, data):
    draw = data.draw
    names = draw_flows(draw)
    lines = list(zip(names, draw_numbers(draw, len(names)), draw_growths(draw, len(names)), strict=True))
    percent = draw(st.sampled_from(FORMATS))
    content = book(lambda workbook: write_table(workbook, lines, percent))
    if draw(st.booleans()):
        content = inline(content)
    for name in draw(st.lists(st.sampled_from(list(DIALECTS)), unique=True)):
        if name != "single quotes":
            content = changed(content, SHEET, DIALECTS[name])
    if draw(st.booleans()):
        content = changed(content, SHEET, DIALECTS["single quotes"])
    if draw(st.booleans()):
        content = changed(content, "xl/styles.xml", DIALECTS["prefixed"])
    whole = draw(st.booleans())
    if whole:
        content = changed(
            content, "xl/_rels/workbook.xml.rels", lambda text: text.replace('Target="work', 'Target="/xl/work')
        )
    hold_law(
        load(content, known, "file.xlsx"),
        [
            Figure(FLOWS[name], "2013", show(value), growth=show(growth) if percent == "General" else growth)
            for name, value, growth in lines
        ],
    )


def show(number):
    """A number as a cell without a format shows it: 100 for 100.0."""
    return f"{float(number):.15g}"


@LAWS
@given(st.data())
def test_a_formula_is_its_saved_result_and_without_one_refuses_its_row(known, data):
    draw = data.draw
    names = draw_flows(draw)
    values = draw_numbers(draw, len(names))
    kinds = draw(st.lists(st.sampled_from(["number", "result", "none", "#REF!", "#DIV/0!"]), min_size=3, max_size=3))
    rows = list(zip(names, values, kinds, strict=False))

    def write(workbook: xlsxwriter.Workbook) -> None:
        page = workbook.add_worksheet("数据")
        page.write_row(0, 0, HEADS[:-1])
        for row, (name, value, kind) in enumerate(rows, start=1):
            page.write_row(row, 0, [PLACE, name, "2013", float(value), "亿元"])
            if kind != "number":
                result = {"result": float(value), "none": -7654321}.get(kind, kind)
                page.write_formula(row, 3, "=B1+1", None, result)

    dropped = draw(st.sampled_from(["", "<v></v>", "<v/>"]))
    content = changed(book(write), SHEET, lambda text: text.replace("<v>-7654321</v>", dropped))
    for name in draw(st.lists(st.sampled_from(["prefixed", "indented", "cells without references"]), unique=True)):
        content = changed(content, SHEET, DIALECTS[name])
    found = load(content, known, "file.xlsx")
    good = [kind in {"number", "result"} for _, _, kind in rows]
    drawn = {Figure(FLOWS[row[0]], "2013", show(row[1])) for row, kept in zip(rows, good, strict=True) if kept}
    assert found.figures == drawn, found.told
    assert found.refused == [(row, "数值") for row, kept in enumerate(good, start=2) if not kept]
