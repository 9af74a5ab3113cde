"""Let a reader say which column holds what: the few things that a sheet leaves open, or every field."""

import streamlit as st

from pages.wording import plain_text
from pages.wording.language import _, join_items, lang
from queries import upload, upload_shapes
from queries.upload import ColumnDefinition, ColumnMapping, Sheet, SpreadColumn, UploadedFile

FIRST_ROWS = 5
BOXES_PER_ROW = 3  # boxes beside each other
BOX_WIDTH = 360  # pixels of one that stands alone


def ask_open_fields(
    draft: UploadedFile, sheet: Sheet, mapping: ColumnMapping, key: str, *, unit: bool
) -> ColumnMapping:
    """Ask for the fields that a sheet leaves open, each with a box of its own, and return the mapping with the answers.

    unit: whether rows were refused because they have no unit.
    """
    still = st.container()
    asked = list(mapping.lacking)
    asked += [field for field in upload.get_fields(mapping.table) if field.name == "unit" and unit]
    columns, fixed = dict(mapping.columns), dict(mapping.fixed)
    options = {label_column(sheet, at): at for at in range(len(sheet.heads))}
    boxes = (
        st.columns(min(BOXES_PER_ROW, len(asked)), gap="medium") if len(asked) > 1 else [st.container(width=BOX_WIDTH)]
    )
    for number, field in enumerate(asked):
        offered = [*options] if field.name != "unit" else []
        offered += upload_shapes.suggest_answers(field.name, draft.name, draft.known, lang())
        with boxes[number % len(boxes)]:
            answer: str | None = st.selectbox(
                describe_question(field), list(dict.fromkeys(offered)), index=None,
                key=f"{key}_ask_{mapping.table}_{field.name}", accept_new_options=True,
                placeholder=_("选一项，或写一个值") if field.name == "unit" else _("写一个值，或选一列"),
                help=field.note[lang()] or None,
            )  # fmt: skip
        if answer in options and field.name != "unit":
            columns[field.name] = options[answer]
        elif answer:
            fixed[field.name] = answer
    mapping = mapping.changed(columns=columns, fixed=fixed)
    with still:
        if mapping.lacking:
            show_lacking_fields(mapping)
    return mapping


def describe_question(field: ColumnDefinition) -> str:
    """Return the question for one field that a sheet leaves open."""
    questions = {
        "park": _("地区：整张表是哪个地区？"),
        "indicator": _("指标：整张表是哪个指标？"),
        "period": _("时期：整张表是哪一期？"),
        "year": _("年度：整张表是哪一年？"),
        "unit": _("单位：没有写单位的数用什么单位？"),
        "value": _("{field}：是哪一列？", field=field.head[lang()]),
    }
    return questions.get(field.name, _("{field}：是哪一列，或整张表都是什么？", field=field.head[lang()]))


def show_lacking_fields(mapping: ColumnMapping) -> None:
    """Say which required fields a sheet lacks."""
    missing = join_items([field.head[lang()] for field in mapping.lacking])
    st.warning(
        _(
            "还缺：{fields}。请指定哪一列，或写一个适用于整张表的值。",
            fields=plain_text.escape_markdown(missing),
        ),
        icon=":material/view_column:",
    )


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


def label_column(sheet: Sheet, place: int) -> str:
    """Return the label of a column: its letter and its head."""
    return f"{sheet.letters[place]} {sheet.heads[place]}".strip()
