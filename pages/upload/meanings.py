"""What each column of a sheet means, or why it is not read, and what was left out of a file."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import cell_text, device, tables
from pages.wording import plain_text
from pages.wording.language import _, lang
from queries import upload, upload_shapes
from queries.upload import ColumnMapping, Sheet, SpreadColumn
from queries.upload_shapes import ColumnDescription

LEAST_FOLDED = 4  # columns that become one row of a long table
MOST_ROWS_WHOLE = 16  # rows of the table that are shown without moving it
HEIGHT_OF_MANY = 520  # pixels


def show_file_remarks(sheets: Sequence[Sheet]) -> None:
    """Show what was left out of a file that belongs to none of its sheets: sheets that are hidden."""
    names = {sheet.name for sheet in sheets}
    for remark in (one for sheet in sheets for one in sheet.remarks if one.sheet not in names):
        st.caption(f":material/visibility_off: {plain_text.escape_markdown(remark.describe(lang()))}")


def show_column_meanings(sheet: Sheet, mapping: ColumnMapping) -> None:
    """Show column by column what a sheet means, folded where every column was taken; then what was left out of it."""
    described = upload_shapes.describe_columns(sheet, mapping)
    left = sum(not one.taken for one in described)
    if len(described) > MOST_ROWS_WHOLE:
        described = fold_runs(described, sheet, mapping)
    label = _("各列的含义，{n} 列没有读", n=left) if left else _("各列的含义")
    remarks = [one for one in sheet.remarks if one.sheet == sheet.name]
    with st.expander(label, icon=":material/view_column:", expanded=bool(left)):
        many = len(described) > MOST_ROWS_WHOLE
        with st.container(height=HEIGHT_OF_MANY if many else "content", border=False):
            if device.is_phone():
                st.markdown("\n".join(f"- {format_line(one)}" for one in described))
            else:
                tables.show_whole_table([describe_row(one) for one in described])
    for remark in remarks:
        st.caption(f":material/info: {plain_text.escape_markdown(remark.rule(lang()))}")


def fold_runs(described: Sequence[ColumnDescription], sheet: Sheet, mapping: ColumnMapping) -> list[ColumnDescription]:
    """Return the columns of a wide table with those as one that stand beside each other and say the same but period or
    indicator.
    """
    fields = {field.name: field.head for field in upload.get_fields(mapping.table)}
    parts = {sheet.letters[part.place]: part for part in mapping.spread if part.of is None}
    runs: list[list[ColumnDescription]] = []
    for one in described:
        mine, last = parts.get(one.letters), parts.get(runs[-1][-1].letters) if runs else None
        if mine and last and identify_kind(mine) == identify_kind(last):
            runs[-1].append(one)
        else:
            runs.append([one])
    found: list[ColumnDescription] = []
    for run in runs:
        if len(run) < LEAST_FOLDED:
            found += run
            continue
        first, last_one, part = run[0], run[-1], parts[run[0].letters]
        each = _("每列一个时期") if part.period else _("每列一个指标")
        meaning = {code: fields[part.field][code] + ("，" if code == "zh" else ", ") + each for code in ("zh", "en")}
        letters, heads = f"{first.letters}–{last_one.letters}", f"{first.head} … {last_one.head}"
        found.append(ColumnDescription(letters, heads, True, meaning["zh"], meaning["en"]))
    return found


def identify_kind(part: SpreadColumn) -> tuple[object, ...]:
    """Return what columns have in common that differ in their period alone, or in their indicator alone."""
    if part.period:
        return part.field, "period", part.indicator, part.unit, part.span
    return part.field, "indicator", part.span


def describe_row(one: ColumnDescription) -> tables.Row:
    """Return the cells of one column: its letters, its head and its meaning; grey where it is not read."""
    heads = (_("列"), _("表头或内容"), _("含义"))
    cells = (one.letters or _("整张表"), one.head)
    if one.taken:
        return dict(zip(heads, (*cells, one.meaning(lang())), strict=True))
    grey = [f":gray[{plain_text.escape_markdown(text)}]" for text in cells]
    return dict(zip(heads, map(cell_text.MarkdownCell, (*grey, format_reason(one))), strict=True))


def format_reason(one: ColumnDescription) -> str:
    """Return in Markdown why a column is not read, in grey."""
    told = plain_text.escape_markdown(_("不读：{reason}", reason=one.meaning(lang())))
    return f":gray[:material/block: {told}]"


def format_line(one: ColumnDescription) -> str:
    """Return one column as a line of Markdown: its letters, its head, and its meaning."""
    letters, head = plain_text.format_bold(one.letters or _("整张表")), plain_text.escape_markdown(one.head)
    if not one.taken:
        return f"{letters} :gray[{head}] {format_reason(one)}"
    return f"{letters} {head} → {plain_text.escape_markdown(one.meaning(lang()))}"
