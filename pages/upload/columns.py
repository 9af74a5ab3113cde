"""Choose the sheets of a file and which column holds what: guessed, described in words, changed where wanted."""

import streamlit as st

from pages.wording import plain_text
from pages.wording.language import _, join_items, lang
from queries import upload
from queries.upload import ColumnDefinition, ColumnMapping, Sheet, SpreadColumn, UploadedFile

FIRST_ROWS = 5
BOXES_PER_ROW = 3  # boxes beside each other


def choose_mappings(draft: UploadedFile, key: str) -> dict[int, ColumnMapping]:
    """Return the chosen sheets of a file by their places, each with its mapping.

    Empty while any chosen sheet lacks a required field; a warning says what is missing.
    key: prefix of the widgets of this file.
    """
    guesses = {place: draft.guess(place) for place in range(len(draft.sheets))}
    mappings = {}
    for place in choose_sheets(draft, guesses, key):
        guess, sheet = guesses[place], draft.sheets[place]
        line = st.empty()
        if st.toggle(_("改列的对应"), value=bool(guess.lacking), key=f"{key}_{place}_change"):
            guess = choose_mapping_by_hand(draft, place, guess, f"{key}_{place}")
        told = describe_mapping(sheet, guess)
        if len(draft.sheets) > 1:
            told = _("“{sheet}”表：{mapping}", sheet=sheet.name, mapping=told)
        line.caption(plain_text.escape_markdown(told))
        if guess.lacking:
            missing = join_items([field.head[lang()] for field in guess.lacking])
            st.warning(
                _(
                    "还缺：{fields}。请指定哪一列，或写一个适用于整张表的值。",
                    fields=plain_text.escape_markdown(missing),
                ),
                icon=":material/view_column:",
            )
        mappings[place] = guess
    return {} if any(guess.lacking for guess in mappings.values()) else mappings


def choose_sheets(draft: UploadedFile, guesses: dict[int, ColumnMapping], key: str) -> list[int]:
    """Show the sheets and return those to read; at first, those whose required fields were all found."""
    places = list(range(len(draft.sheets)))
    if len(places) == 1:
        return places
    ready = [place for place in places if not guesses[place].lacking] or places[:1]
    names = {place: draft.sheets[place].name or str(place + 1) for place in places}
    picked = st.pills(
        _("读哪些工作表"), places, selection_mode="multi", default=ready,
        format_func=lambda at: plain_text.escape_markdown(names[at]),
        key=f"{key}_sheets", wrap=True,
    )  # fmt: skip
    if not picked:
        st.caption(_("请至少选一张工作表。"))
    return sorted(picked)


def describe_mapping(sheet: Sheet, mapping: ColumnMapping) -> str:
    """Describe in one line how a sheet is read."""
    apart = "，" if lang() == "zh" else ", "
    parts = [_("表头在第 {row} 行", row=sheet.head_row)]
    fields = {field.name: field.head[lang()] for field in upload.get_fields(mapping.table)}
    parts += [f"{fields[code]} ← {label_column(sheet, place)}" for code, place in mapping.columns.items()]
    if mapping.spread:
        places = [part.place for part in mapping.spread]
        ends = [sheet.letters[min(places)], sheet.letters[max(places)]]
        each = _("每列一个指标") if any(part.indicator for part in mapping.spread) else _("每列一个时期")
        parts.append(_("数值 ← {first} 至 {last} 列，{each}", first=ends[0], last=ends[1], each=each))
    parts += [_("{field}：{value}（整张表）", field=fields[code], value=text) for code, text in mapping.fixed.items()]
    return _("读作：{columns}", columns=apart.join(parts))


def label_column(sheet: Sheet, place: int) -> str:
    """Return the label of a column: its letter and its head."""
    return f"{sheet.letters[place]} {sheet.heads[place]}".strip()


def choose_mapping_by_hand(draft: UploadedFile, place: int, guess: ColumnMapping, key: str) -> ColumnMapping:
    """Show the mapping for editing and return it: the table, and for each field its column or one text for all rows."""
    sheet = draft.sheets[place]
    show_sheet_rows(sheet)
    named = upload.label_tables(lang())
    table = st.segmented_control(
        _("这张表是"), list(named), default=guess.table, format_func=named.__getitem__, key=f"{key}_table",
        required=True,
    )  # fmt: skip
    if table != guess.table:
        guess = draft.guess(place, table)
    options = {label_column(sheet, at): at for at in range(len(sheet.heads))}
    spread = choose_spread_columns(sheet, guess, options, f"{key}_{table}")
    columns, fixed = {}, {}
    boxes = st.columns(BOXES_PER_ROW, gap="medium")
    for number, field in enumerate(upload.get_fields(guess.table)):
        with boxes[number % BOXES_PER_ROW]:
            value = choose_field_column(field, sheet, guess, list(options), f"{key}_{table}_{field.name}")
        if value in options:
            columns[field.name] = options[value]
        elif value:
            fixed[field.name] = value
    st.caption(_("带 * 的必须有。写一个值，就用于整张表，例如单位写“亿元”。"))
    return guess.changed(columns=columns, fixed=fixed, spread=spread)


def show_sheet_rows(sheet: Sheet) -> None:
    """Show the first rows of a sheet as they are in the file."""
    shown = sheet.rows.head(FIRST_ROWS)
    names = {f"c{place}": label_column(sheet, place) for place in range(len(sheet.heads))}
    st.dataframe(shown.rename({"row": _("行"), **names}), hide_index=True, alt=_("文件的前几行"))


def choose_spread_columns(
    sheet: Sheet, guess: ColumnMapping, options: dict[str, int], key: str
) -> tuple[SpreadColumn, ...]:
    """Return the columns of a wide table that hold numbers; the reader may remove some."""
    if not guess.spread:
        return ()
    parts = {label_column(sheet, part.place): part for part in guess.spread}
    picked = st.multiselect(
        _("数值列（每列一个时期或指标）"), list(parts), default=list(parts), key=f"{key}_spread", select_all=False,
        placeholder=_("没有"),
    )  # fmt: skip
    return tuple(part for text, part in parts.items() if text in picked)


def choose_field_column(
    field: ColumnDefinition, sheet: Sheet, guess: ColumnMapping, options: list[str], key: str
) -> str | None:
    """Return the column that holds a field, or one text for every row; None for neither."""
    at, text = guess.columns.get(field.name), guess.fixed.get(field.name)
    begin = label_column(sheet, at) if at is not None else text
    offered = options if begin is None or begin in options else [begin, *options]
    label, index = field.head[lang()] + (" *" if field.needed else ""), None if begin is None else offered.index(begin)
    given: str | None = st.selectbox(
        label, offered, index=index,
        key=key, placeholder=_("选一列，或写一个值"), accept_new_options=True, help=field.note[lang()] or None,
    )  # fmt: skip
    return given
