"""Show filters and keep their whole state in the address, as codes: read before each widget, written after it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import address, device, place_links
from pages.wording.language import _, join_items, lang
from pages.wording.plain_text import escape_markdown

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)  # that a calendar offers
MOST_CODE_LETTERS, MOST_CODES_SHOWN = 40, 8  # letters of a code that is not known, and how many such codes, are told
ALL = "all"  # no choice is every choice; in the address it is told apart from the default


def choose_several(
    widget: Callable[..., list[str]],
    key: str,
    parameter: str,
    label: str,
    options: dict[str, str],
    default: list[str],
    **more: object,
) -> list[str]:
    """Show a widget for several codes, bound to a parameter, and return the codes chosen.

    options: the label of each code, as text; default: the codes of an address without the parameter.
    """
    get_chosen_codes(key, parameter, options, default)
    shown = {code: escape_markdown(text) for code, text in options.items()} if widget is st.pills else options
    chosen = list(widget(label, list(options), key=key, format_func=shown.__getitem__, wrap=True, **more))
    address.sync_to_address(key, chosen, {parameter: None if chosen == default else ",".join(chosen) or ALL})
    return chosen


def get_chosen_codes(key: str, parameter: str, options: Iterable[str], default: list[str]) -> list[str]:
    """Return the codes that a widget of choose_several() holds in this run.

    To be called before the widget is shown, where other filters depend on its codes.
    """
    known = set(options)
    raw = address.find_parameter(parameter, lambda text: {*filter(None, text.split(","))} <= known | {ALL})

    def read() -> tuple[list[str], list[str]]:
        asked = default if raw is None else [code for code in raw.split(",") if code and code != ALL]
        return [code for code in asked if code in known], [code for code in asked if code not in known]

    address.sync_from_address(key, (raw,), read)
    return list(st.session_state[key] or [])


def choose_one(key: str, parameter: str, label: str, options: dict[str, str], default: str) -> str:
    """Show a select box for one code, bound to a parameter, and return the code chosen.

    options: the label of each code. The default may depend on other filters.
    """
    raw = address.find_parameter(parameter, options.__contains__)
    known = raw in options

    def read() -> tuple[str, list[str]]:
        return (raw if raw and known else default), ([raw] if raw and not known else [])

    address.sync_from_address(key, (raw, default, *options), read)
    chosen: str = st.selectbox(label, list(options), key=key, format_func=options.__getitem__)
    address.sync_to_address(key, chosen, {parameter: None if chosen == default else chosen})
    address.get_kept()[key].seen = (address.find_parameter(parameter, options.__contains__), default, *options)
    return chosen


def choose_pill(key: str, parameter: str, label: str, options: dict[str, str], default: str) -> str:
    """Show a row of choices for one code, bound to a parameter, and return the code chosen.

    options: the label of each code, as text. The default may depend on other filters.
    """
    raw = address.find_parameter(parameter, options.__contains__)
    known = raw in options

    def read() -> tuple[str, list[str]]:
        return (raw if raw and known else default), ([raw] if raw and not known else [])

    address.sync_from_address(key, (raw, default, *options), read)
    shown = {code: escape_markdown(text) for code, text in options.items()}
    chosen = st.segmented_control(
        label, list(options), key=key, format_func=shown.__getitem__, required=True, label_visibility="collapsed"
    )
    value = str(chosen or default)
    address.sync_to_address(key, value, {parameter: None if value == default else value})
    address.get_kept()[key].seen = (address.find_parameter(parameter, options.__contains__), default, *options)
    return value


def choose_search_words(key: str, parameter: str, label: str) -> str:
    """Show a box for search words, bound to a parameter, and return the words."""
    raw = st.query_params.get(parameter)
    address.sync_from_address(key, (raw,), lambda: (raw or "", []), typed=True)
    asked: str = st.text_input(
        label, key=key, placeholder=label, icon=":material/search:", label_visibility="collapsed"
    )
    address.sync_to_address(key, asked, {parameter: asked or None})
    return asked.strip()


def find_requested_code(parameter: str, codes: list[str]) -> str | None:
    """Return the code that the address asks for; None where it asks for none.

    Where the code is not known, show one line that says so and return None.
    """
    raw, held = address.find_parameter(parameter, codes.__contains__), f"{parameter}_shown"
    if raw is None and st.session_state.get(held):
        # A link to the page itself runs it with the new address, and the browser keeps showing the old one.
        st.query_params.from_dict(st.query_params.to_dict())
    known = raw if raw in codes else None
    st.session_state[held] = known
    if raw is not None and known is None:
        _show_codes([raw])
    return known


def choose_day(key: str, parameter: str, label: str) -> date | None:
    """Show a box for a day, bound to a parameter, and return the day; None when none is given."""
    raw = address.find_parameter(parameter, lambda text: _parse_day(text) is not None)

    def read() -> tuple[date | None, list[str]]:
        asked = _parse_day(raw) if raw else None
        return asked, [raw] if raw and asked is None else []

    address.sync_from_address(key, (raw,), read)
    chosen: date | None = st.date_input(label, value=None, key=key, min_value=FIRST_DAY, max_value=LAST_DAY)
    address.sync_to_address(key, chosen, {parameter: chosen.isoformat() if chosen else None})
    return chosen


def _parse_day(text: str) -> date | None:
    """Return the day that a text of an address names; None for none, and for one that no calendar here offers."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def choose_asof_day(page: str) -> date | None:
    """Return the day by which figures had to be published; None where the address names none.

    The box for the day is shown only where the address names one.
    """
    return choose_day(f"{page}_asof", "asof", _("只用这一天之前公布的")) if st.query_params.get("asof") else None


def choose_years(key: str, years: tuple[int, int], *, bare: bool = False) -> tuple[int | None, int | None]:
    """Show a slider over years, bound to from= and to=, and return its two ends; None at an end that is not limited.

    bare: without a label, which stands above it.
    """
    low, high = years
    if low == high:
        return None, None
    get_chosen_years(key, years)
    # Not select_slider: without `value` it forgets at the second run that it holds two years.
    shown: Literal["collapsed", "visible"] = "collapsed" if bare else "visible"
    chosen: Any = st.slider(_("时期"), low, high, key=key, format="%d", label_visibility=shown)
    first, last = int(chosen[0]), int(chosen[1])
    texts = {"from": None if first == low else str(first), "to": None if last == high else str(last)}
    address.sync_to_address(key, (first, last), texts)
    return (None if first == low else first), (None if last == high else last)


def get_chosen_years(key: str, years: tuple[int, int]) -> tuple[int | None, int | None]:
    """Return the first and the last year that the slider holds in this run; None at an end that is not limited.

    To be called before the slider is shown.
    """
    low, high = years

    def is_known(text: str) -> bool:
        return text.isdecimal() and low <= int(text) <= high

    raw = (address.find_parameter("from", is_known), address.find_parameter("to", is_known))

    def read() -> tuple[tuple[int, int], list[str]]:
        unknown = [text for text in raw if text is not None and not is_known(text)]
        first, last = (int(text) if text and is_known(text) else end for text, end in zip(raw, years, strict=True))
        return ((first, last), unknown) if first <= last else (years, [f"{first}–{last}"])

    address.sync_from_address(key, raw, read)
    first, last = (int(end) for end in st.session_state[key])
    return (None if first == low else first), (None if last == high else last)


def choose_from_rows(
    page: str, kind: str, label: str, rows: pl.DataFrame, default: list[str], no_choice: str
) -> list[str]:
    """Show a multiselect of the codes of some rows and return the codes chosen; none chosen means all.

    kind: the parameter; the codes stand in the column of this name with _id.
    """
    return choose_several(
        st.multiselect,
        f"{page}_{kind}",
        kind,
        label,
        place_links.get_place_options(rows) if kind == "park" else get_names_by_code(rows, f"{kind}_id"),
        default,
        placeholder=no_choice,
        select_all=False,  # its label is English whatever the page's language; choosing nothing is all
    )


def make_filter_area() -> DeltaGenerator:
    """Return the container of the filters: open in a bar on a wide screen, folded away on a phone."""
    return st.expander(_("筛选"), icon=":material/tune:") if device.is_phone() else st.container()


def get_names_by_code(rows: pl.DataFrame, code: str) -> dict[str, str]:
    """Return the name of each code in the language of this run.

    code: the column of codes.
    """
    return dict(rows.select(code, f"name_{lang()}").iter_rows())


def reset_filters(page: str) -> None:
    """Reset the filters of a page: of its address only the language is kept."""
    for key in [key for key in map(str, st.session_state) if key.startswith(f"{page}_")]:
        del st.session_state[key]
        address.get_kept().pop(key, None)
    for parameter in list(st.query_params):
        if parameter != "lang":
            st.query_params.pop(parameter, None)


def show_view_button(label: str, key: str, changes: dict[str, str], icon: str | None = None) -> None:
    """Show a button that leads to another view of the same page.

    changes: the parameters that it sets; an empty text removes one.
    A link to the page itself would run it anew and leave the browser's address as it was.
    """

    def to() -> None:
        for parameter, text in changes.items():
            if text:
                st.query_params[parameter] = text
            else:
                st.query_params.pop(parameter, None)

    st.button(escape_markdown(label), key=key, on_click=to, icon=icon)


def show_row_count(shown: int, total: int) -> None:
    """Show how many of how many rows are shown."""
    st.caption(_("显示 {shown} 条，共 {total} 条", shown=f"{shown:,}", total=f"{total:,}"))


def show_filter_summary(page: str, shown: int, total: int, own: tuple[str, ...] = ("compare",)) -> None:
    """Show one line: how many of how many rows are shown, and a button that restores the defaults.

    Below it, codes of the link that are not known. own: as in show_unknown_codes().
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        show_row_count(shown, total)
        st.button(
            _("恢复默认"),
            key=f"{page}_reset_button",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=reset_filters,
            args=(page,),
        )
    show_unknown_codes(page, own)


def show_unknown_codes(page: str, own: tuple[str, ...] = ("compare",), *, here: bool = False) -> None:
    """Show one line with the codes of the link that are not known, where there are any.

    own: filters further down the page, which show their unknown codes themselves, with here=True.
    """
    unknown = [
        code
        for key, kept in sorted(address.get_kept().items())  # in whatever order the widgets were met
        if key.startswith(f"{page}_") and here == (key.removeprefix(f"{page}_") in own)
        for code in kept.unknown
    ]
    if unknown:
        _show_codes(unknown)


def _show_codes(codes: list[str]) -> None:
    """Show the line about unknown codes of a link, escaped: what a stranger wrote into a link is no Markdown.

    No more than MOST_CODES_SHOWN codes, each cut at MOST_CODE_LETTERS.
    """
    shown = escape_markdown(join_items([code[:MOST_CODE_LETTERS] for code in codes[:MOST_CODES_SHOWN]]))
    st.caption(":material/link_off: " + _("链接里有不认识的代码，已忽略：{codes}", codes=shown))
