"""Which sheet of a file is read, and which of its columns holds what: guessed, shown in words, changed where wanted."""

from typing import Any

import streamlit as st

from pages.wording import plain_text
from pages.wording.language import _, lang, listed

FIRST_ROWS = 5
ACROSS = 3  # boxes beside each other


def asked(intake: Any, draft: Any, key: str) -> dict[int, Any]:
    """The chosen sheets of a file by their places, each with how it is read (data.intake.columns.Mapping). Of a sheet
    that cannot be read yet it says what is missing; then nothing is given.

    intake: queries.upload; key: of the widgets of this file.
    """
    guesses = {place: draft.guess(place) for place in range(len(draft.sheets))}
    mappings = {}
    for place in chosen(draft, guesses, key):
        guess, sheet = guesses[place], draft.sheets[place]
        of = _("“{sheet}”表：", sheet=sheet.name) if len(draft.sheets) > 1 else ""
        line = st.empty()
        if st.toggle(_("改列的对应"), value=bool(guess.lacking), key=f"{key}_{place}_change"):
            guess = by_hand(intake, draft, place, guess, f"{key}_{place}")
        line.caption(plain_text.plain(of + told(intake, sheet, guess)))
        if guess.lacking:
            missing = listed([field.head(lang()) for field in guess.lacking])
            st.warning(_("还缺：{fields}。请指定哪一列，或写一个适用于整张表的值。", fields=plain_text.plain(missing)),
                       icon=":material/view_column:")  # fmt: skip
        mappings[place] = guess
    return {} if any(guess.lacking for guess in mappings.values()) else mappings


def chosen(draft: Any, guesses: dict[int, Any], key: str) -> list[int]:
    """The sheets to read; those that can be read as they are are chosen first."""
    places = list(range(len(draft.sheets)))
    if len(places) == 1:
        return places
    ready = [place for place in places if not guesses[place].lacking] or places[:1]
    names = {place: draft.sheets[place].name or str(place + 1) for place in places}
    picked = st.pills(
        _("读哪些工作表"), places, selection_mode="multi", default=ready,
        format_func=lambda at: plain_text.plain(names[at]),
        key=f"{key}_sheets", wrap=True,
    )  # fmt: skip
    if not picked:
        st.caption(_("请至少选一张工作表。"))
    return sorted(picked)


def told(intake: Any, sheet: Any, mapping: Any) -> str:
    """In one line how a sheet is read."""
    apart = "，" if lang() == "zh" else ", "
    parts = [_("表头在第 {row} 行", row=sheet.head_row)]
    fields = {field.name: field.head(lang()) for field in intake.fields_of(mapping.table)}
    parts += [f"{fields[code]} ← {column(sheet, place)}" for code, place in mapping.columns.items()]
    if mapping.spread:
        places = [part.place for part in mapping.spread]
        ends = [sheet.letters[min(places)], sheet.letters[max(places)]]
        each = _("每列一个指标") if any(part.indicator for part in mapping.spread) else _("每列一个时期")
        parts.append(_("数值 ← {first} 至 {last} 列，{each}", first=ends[0], last=ends[1], each=each))
    parts += [_("{field}：{value}（整张表）", field=fields[code], value=text) for code, text in mapping.fixed.items()]
    return _("读作：") + apart.join(parts)


def column(sheet: Any, place: int) -> str:
    """What a column is called: its letter and its head."""
    return f"{sheet.letters[place]} {sheet.heads[place]}".strip()


def by_hand(intake: Any, draft: Any, place: int, guess: Any, key: str) -> Any:
    """The mapping as the reader sets it: what the sheet holds, and for each field its column or one text for all."""
    sheet = draft.sheets[place]
    head(sheet)
    named = intake.tables(lang())
    table = st.segmented_control(
        _("这张表是"), list(named), default=guess.table, format_func=named.__getitem__, key=f"{key}_table",
        required=True,
    )  # fmt: skip
    if table != guess.table:
        guess = draft.guess(place, table)
    options = {column(sheet, at): at for at in range(len(sheet.heads))}
    spread = spread_of(sheet, guess, options, f"{key}_{table}")
    columns, fixed = {}, {}
    boxes = st.columns(ACROSS, gap="medium")
    for number, field in enumerate(intake.fields_of(guess.table)):
        with boxes[number % ACROSS]:
            value = box(field, sheet, guess, list(options), f"{key}_{table}_{field.name}")
        if value in options:
            columns[field.name] = options[value]
        elif value:
            fixed[field.name] = value
    st.caption(_("带 * 的必须有。写一个值，就用于整张表，例如单位写“亿元”。"))
    return guess.changed(columns=columns, fixed=fixed, spread=spread)


def head(sheet: Any) -> None:
    """The first rows of a sheet as they stand in the file."""
    shown = sheet.rows.head(FIRST_ROWS)
    names = {f"c{place}": column(sheet, place) for place in range(len(sheet.heads))}
    st.dataframe(shown.rename({"row": _("行"), **names}), hide_index=True, alt=_("文件的前几行"))


def spread_of(sheet: Any, guess: Any, options: dict[str, int], key: str) -> tuple[Any, ...]:
    """The columns of a wide table that hold numbers; the reader may take some away."""
    if not guess.spread:
        return ()
    parts = {column(sheet, part.place): part for part in guess.spread}
    picked = st.multiselect(
        _("数值列（每列一个时期或指标）"), list(parts), default=list(parts), key=f"{key}_spread", select_all=False,
        placeholder=_("没有"),
    )  # fmt: skip
    return tuple(part for text, part in parts.items() if text in picked)


def box(field: Any, sheet: Any, guess: Any, options: list[str], key: str) -> str | None:
    """The column that holds a field, or one text for every row; None: neither."""
    at, text = guess.columns.get(field.name), guess.fixed.get(field.name)
    begin = column(sheet, at) if at is not None else text
    offered = options if begin is None or begin in options else [begin, *options]
    label, index = field.head(lang()) + (" *" if field.needed else ""), None if begin is None else offered.index(begin)
    given: str | None = st.selectbox(
        label, offered, index=index,
        key=key, placeholder=_("选一列，或写一个值"), accept_new_options=True, help=field.note(lang()) or None,
    )  # fmt: skip
    return given
