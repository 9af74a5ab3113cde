"""Choose the sheets of a file and which column holds what: guessed, as chosen before, or said by hand."""

import streamlit as st

from pages.upload import by_hand, meanings
from pages.upload.by_hand import label_column
from pages.wording import plain_text
from pages.wording.language import _, lang
from queries import upload, upload_shapes
from queries.upload import ColumnMapping, Sheet, UploadedFile

# In the state of the session: what was chosen by hand, by the shape of the sheet, with the sheet it was chosen for.
CHOSEN_KEY = "own_chosen_mappings"
MOST_ASKED = 2  # required fields that are asked for one by one; of a sheet that lacks more, every field is shown


def choose_mappings(draft: UploadedFile, key: str) -> dict[int, ColumnMapping]:
    """Return the chosen sheets of a file by their places, each with its mapping.

    Empty while any chosen sheet lacks a required field; a warning says what is missing.
    key: prefix of the widgets of this file.
    """
    guesses = {place: draft.guess(place) for place in range(len(draft.sheets))}
    carried = {place: find_carried_mapping(draft.sheets[place], guesses[place], f"{key}_{place}") for place in guesses}
    proposed = {place: carried[place] or guess for place, guess in guesses.items()}
    mappings = {}
    for place in choose_sheets(draft, proposed, key):
        mappings[place] = choose_mapping(draft, place, guesses[place], carried[place], f"{key}_{place}")
    return {} if any(mapping.lacking for mapping in mappings.values()) else mappings


def choose_sheets(draft: UploadedFile, proposed: dict[int, ColumnMapping], key: str) -> list[int]:
    """Show the sheets and return those to read; at first, those whose required fields were all found."""
    places = list(range(len(draft.sheets)))
    meanings.show_file_remarks(draft.sheets)
    if len(places) == 1:
        return places
    ready = [place for place in places if not proposed[place].lacking] or places[:1]
    labels = list(upload_shapes.label_sheets(draft.sheets, lang()).values())
    names = {place: label or str(place + 1) for place, label in enumerate(labels)}
    picked = st.pills(
        _("读哪些工作表"), places, selection_mode="multi", default=ready,
        format_func=lambda at: plain_text.escape_markdown(names[at]),
        key=f"{key}_sheets", wrap=True,
    )  # fmt: skip
    if not picked:
        st.caption(_("请至少选一张工作表。"))
    return sorted(picked)


def choose_mapping(
    draft: UploadedFile, place: int, guess: ColumnMapping, carried: ColumnMapping | None, key: str
) -> ColumnMapping:
    """Show how one sheet is read, with what may be said by hand, and return its mapping.

    carried: the mapping that was chosen for another sheet of its shape; None for none.
    """
    sheet, mapping = draft.sheets[place], carried or guess
    said = st.container(gap="small")
    if carried is not None:
        key += "_carried"
    by_reader = st.toggle(_("改列的对应"), value=len(mapping.lacking) > MOST_ASKED, key=f"{key}_change")
    if by_reader:
        mapping = by_hand.choose_mapping_by_hand(draft, place, mapping, key)
        if mapping.lacking:
            by_hand.show_lacking_fields(mapping)
    elif mapping.lacking or get_unit_flag(key) in st.session_state:
        with said:
            mapping = by_hand.ask_open_fields(draft, sheet, mapping, key, unit=get_unit_flag(key) in st.session_state)
    if carried is None:
        keep_chosen_mapping(sheet, guess, mapping, key)
    with said:
        told = describe_mapping(sheet, mapping)
        if len(draft.sheets) > 1:
            label = upload_shapes.label_sheets(draft.sheets, lang())[upload_shapes.get_sheet_key(sheet)]
            told = _("“{sheet}”表：{mapping}", sheet=label or str(place + 1), mapping=told)
        st.caption(plain_text.escape_markdown(told))
        if carried is not None:
            show_carried_line(key)
        meanings.show_column_meanings(sheet, mapping)
    return mapping


def get_unit_flag(key: str) -> str:
    """Return the key of the session's state that is set once rows of a sheet were refused as they have no unit."""
    return f"{key.removesuffix('_carried')}_unit_asked"


def find_carried_mapping(sheet: Sheet, guess: ColumnMapping, key: str) -> ColumnMapping | None:
    """Return the mapping that was chosen for another sheet of the same shape in this session; None for none."""
    chosen = st.session_state.get(CHOSEN_KEY, {}).get(upload_shapes.identify_shape(sheet))
    if chosen is None or chosen[0] == key or st.session_state.get(f"{key}_guessed"):
        return None
    carried = upload_shapes.carry_mapping(chosen[1], guess)
    return None if upload_shapes.is_same_reading(carried, guess) else carried


def keep_chosen_mapping(sheet: Sheet, guess: ColumnMapping, mapping: ColumnMapping, key: str) -> None:
    """Keep a complete mapping that differs from the guess, for the next sheet of its shape.

    What the titles of this sheet say holds for this sheet alone.
    """
    if not mapping.lacking and not upload_shapes.is_same_reading(mapping, guess):
        kept = st.session_state.setdefault(CHOSEN_KEY, {})
        kept[upload_shapes.identify_shape(sheet)] = (key, upload_shapes.select_answers(mapping, guess))


def show_carried_line(key: str) -> None:
    """Say that a sheet is read as another of its shape was, with a button to read it as guessed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(":material/history: " + _("表头与前面的表相同，按那次选的列读取。"), width="content")
        st.button(
            _("改用自动判断"), key=f"{key}_guess", type="tertiary",
            on_click=lambda: st.session_state.update({f"{key.removesuffix('_carried')}_guessed": True}),
        )  # fmt: skip


def describe_mapping(sheet: Sheet, mapping: ColumnMapping) -> str:
    """Describe in one line how a sheet is read."""
    apart = "，" if lang() == "zh" else ", "
    parts = [_("表头在第 {row} 行", row=sheet.head_row)]
    fields = {field.name: field.head[lang()] for field in upload.get_fields(mapping.table)}
    parts += [f"{fields[code]} ← {label_column(sheet, place)}" for code, place in mapping.columns.items()]
    for measure in ("value", "growth"):
        spread = [part for part in mapping.spread if part.field == measure]
        if len(spread) == 1:
            parts.append(f"{fields[measure]} ← {label_column(sheet, spread[0].place)}")
        elif spread:
            ends = [sheet.letters[spread[0].place], sheet.letters[spread[-1].place]]
            each = _("每列一个指标") if any(part.indicator for part in spread) else _("每列一个时期")
            told = {"field": fields[measure], "first": ends[0], "last": ends[1], "each": each}
            parts.append(_("{field} ← {first} 至 {last} 列，{each}", **told))
    parts += [_("{field}：{value}（整张表）", field=fields[code], value=text) for code, text in mapping.fixed.items()]
    return _("读作：{columns}", columns=apart.join(parts))
