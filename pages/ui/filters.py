"""Filters whose whole state is in the address, as codes: read from it before the widget, written to it after."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl
import streamlit as st

from pages.ui import device
from pages.wording import figures
from pages.wording.language import _, lang, listed, name
from pages.wording.plain_text import plain

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)  # that a calendar offers
CODE, CODES = 40, 8  # letters of a code that is not known, and how many such codes, are told
ALL = "all"  # no choice is every choice; in the address it is told apart from the default


@dataclass(frozen=True)
class View:
    """What a page shows, as codes; an empty list is all; `first` and `last` are years, None where not limited."""

    theme: str
    parks: list[str]
    indicators: list[str]
    evidence: tuple[str, ...]
    first: int | None
    last: int | None
    asof: date | None = None  # the day by which figures had to be published

    @property
    def address(self) -> dict[str, str]:
        """The whole view as parameters of an address, defaults included, so that it keeps its meaning."""
        codes = {
            "lang": lang(),
            "park": ",".join(self.parks) or ALL,
            "indicator": ",".join(self.indicators) or ALL,
            "from": str(self.first or ""),
            "to": str(self.last or ""),
            "evidence": ",".join(self.evidence),
            "compare": st.query_params.get("compare", ""),
            "asof": self.asof.isoformat() if self.asof else "",
        }
        return {key: text for key, text in codes.items() if text}

    @property
    def question(self) -> dict[str, Any]:
        """The view as arguments of observations()."""
        return self.aims | {"evidence": self.evidence}

    @property
    def aims(self) -> dict[str, Any]:
        """The view as arguments of targets()."""
        return {
            "theme": self.theme,
            "parks": self.parks or None,
            "indicators": self.indicators or None,
            "first": date(self.first, 1, 1) if self.first else None,
            "last": date(self.last, 12, 31) if self.last else None,
            "lang": lang(),
            "asof": self.asof,
        }

    @property
    def span(self) -> tuple[str | None, str | None]:
        """The years as they stand in a file name."""
        return (str(self.first) if self.first else None, str(self.last) if self.last else None)


def follow(key: str, raw: Any, read: Callable[[], tuple[Any, list[str]]]) -> None:
    """Before a widget: it follows the address when the address changed from outside.

    raw: what the address holds now; read: what that means, and the codes in it that are not known.
    """
    state = st.session_state
    if key not in state or raw != state.get(f"{key}_seen"):
        state[key], state[f"{key}_unknown"] = read()
        state[f"{key}_held"] = state[key]
    state[f"{key}_seen"] = raw


def lead(key: str, value: Any, texts: dict[str, str | None]) -> None:
    """After a widget: the address follows it once it was changed by hand; a default (None) is left out.

    Nothing is written on arrival: that would push an entry into the browser's history and break "back".
    """
    state = st.session_state
    if value == state[f"{key}_held"]:
        return
    for parameter, text in texts.items():
        if text is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = text
    state[f"{key}_held"], state[f"{key}_unknown"] = value, []
    state[f"{key}_seen"] = tuple(texts.values())


def several(
    widget: Callable[..., Any],
    key: str,
    parameter: str,
    label: str,
    options: dict[str, str],
    default: list[str],
    **more: Any,
) -> list[str]:
    """A widget of several codes bound to a parameter; options are codes and what each is called, as text."""
    held(key, parameter, options, default)
    shown = {code: plain(text) for code, text in options.items()} if widget is st.pills else options
    chosen = list(widget(label, list(options), key=key, format_func=shown.__getitem__, wrap=True, **more))
    lead(key, chosen, {parameter: None if chosen == default else ",".join(chosen) or ALL})
    return chosen


def held(key: str, parameter: str, options: Iterable[str], default: list[str]) -> list[str]:
    """The codes that a widget of several holds in this run, before it is drawn: others may depend on them."""
    raw = st.query_params.get(parameter)
    known = set(options)

    def read() -> tuple[list[str], list[str]]:
        asked = default if raw is None else [code for code in raw.split(",") if code and code != ALL]
        return [code for code in asked if code in known], [code for code in asked if code not in known]

    follow(key, (raw,), read)
    return list(st.session_state[key] or [])


def outlived(key: str, parameter: str, options: Iterable[str]) -> None:
    """Before a widget: what was chosen in it, and is no choice any more under other filters, leaves the address.

    A code of a link that was never known stays, so that the reader is told.
    """
    raw = st.query_params.get(parameter)
    if raw is not None and raw not in options and raw == st.session_state.get(f"{key}_held"):
        st.query_params.pop(parameter)


def renamed(parameter: str, known_as: dict[str, str]) -> None:
    """Before a widget: a code of the address that stands for another one is that one."""
    raw = st.query_params.get(parameter, "")
    if known_as.get(raw, raw) != raw:
        st.query_params[parameter] = known_as[raw]


def single(key: str, parameter: str, label: str, options: dict[str, str], default: str) -> str:
    """A select box of one code bound to a parameter. The default may depend on other filters."""
    raw = st.query_params.get(parameter)
    known = raw in options

    def read() -> tuple[str, list[str]]:
        return (raw if raw and known else default), ([raw] if raw and not known else [])

    follow(key, (raw, default, *options), read)
    chosen: str = st.selectbox(label, list(options), key=key, format_func=options.__getitem__)
    lead(key, chosen, {parameter: None if chosen == default else chosen})
    st.session_state[f"{key}_seen"] = (st.query_params.get(parameter), default, *options)
    return chosen


def single_pills(key: str, parameter: str, label: str, options: dict[str, str], default: str) -> str:
    """A row of choices of which one is taken, bound to a parameter. The default may depend on other filters."""
    raw = st.query_params.get(parameter)
    known = raw in options

    def read() -> tuple[str, list[str]]:
        return (raw if raw and known else default), ([raw] if raw and not known else [])

    follow(key, (raw, default, *options), read)
    shown = {code: plain(text) for code, text in options.items()}
    chosen = st.segmented_control(
        label, list(options), key=key, format_func=shown.__getitem__, required=True, label_visibility="collapsed"
    )
    value = str(chosen or default)
    lead(key, value, {parameter: None if value == default else value})
    st.session_state[f"{key}_seen"] = (st.query_params.get(parameter), default, *options)
    return value


def words(key: str, parameter: str, label: str) -> str:
    """A box for words to find, bound to a parameter."""
    raw = st.query_params.get(parameter)
    follow(key, (raw,), lambda: (raw or "", []))
    asked: str = st.text_input(
        label, key=key, placeholder=label, icon=":material/search:", label_visibility="collapsed"
    )
    lead(key, asked, {parameter: asked or None})
    return asked.strip()


def one(parameter: str, codes: list[str]) -> str | None:
    """A code that the address asks for; None where it asks for none, and one line where it is not known."""
    raw, held = st.query_params.get(parameter), f"{parameter}_shown"
    if raw is None and st.session_state.get(held):
        # A link to the page itself runs it with the new address, and the browser keeps showing the old one.
        st.query_params.from_dict(st.query_params.to_dict())
    known = raw if raw in codes else None
    st.session_state[held] = known
    if raw is not None and known is None:
        _strange([raw])
    return known


def day(key: str, parameter: str, label: str) -> date | None:
    """A day bound to a parameter; None when it is not given."""
    raw = st.query_params.get(parameter)

    def read() -> tuple[date | None, list[str]]:
        try:
            asked = date.fromisoformat(raw) if raw else None
            if asked and not FIRST_DAY <= asked <= LAST_DAY:
                return None, [str(raw)]
            return asked, []
        except ValueError:
            return None, [str(raw)]

    follow(key, (raw,), read)
    chosen: date | None = st.date_input(label, value=None, key=key, min_value=FIRST_DAY, max_value=LAST_DAY)
    lead(key, chosen, {parameter: chosen.isoformat() if chosen else None})
    return chosen


def known_by(page: str) -> date | None:
    """The day by which figures had to be published, where the address names one."""
    return day(f"{page}_asof", "asof", _("只用这一天之前公布的")) if st.query_params.get("asof") else None


def span(key: str, years: tuple[int, int], *, bare: bool = False) -> tuple[int | None, int | None]:
    """A slider over years bound to from= and to=; None at an end that is not limited. bare: its label stands above."""
    low, high = years
    if low == high:
        return None, None
    held_span(key, years)
    # Not select_slider: without `value` it forgets at the second run that it holds two years.
    shown: Literal["collapsed", "visible"] = "collapsed" if bare else "visible"
    chosen: Any = st.slider(_("时期"), low, high, key=key, format="%d", label_visibility=shown)
    first, last = int(chosen[0]), int(chosen[1])
    texts = {"from": None if first == low else str(first), "to": None if last == high else str(last)}
    lead(key, (first, last), texts)
    return (None if first == low else first), (None if last == high else last)


def held_span(key: str, years: tuple[int, int]) -> tuple[int | None, int | None]:
    """The years that the slider holds in this run, before it is drawn; None at an end that is not limited."""
    low, high = years
    raw = (st.query_params.get("from"), st.query_params.get("to"))

    def read() -> tuple[tuple[int, int], list[str]]:
        unknown = [text for text in raw if text is not None and not (text.isdecimal() and low <= int(text) <= high)]
        first, last = (
            end if text is None or text in unknown else int(text) for text, end in zip(raw, years, strict=True)
        )
        return ((first, last), unknown) if first <= last else (years, [f"{first}–{last}"])

    follow(key, raw, read)
    first, last = (int(end) for end in st.session_state[key])
    return (None if first == low else first), (None if last == high else last)


def bar(
    page: str,
    theme: str,
    parks: pl.DataFrame,
    indicators: pl.DataFrame,
    default_parks: list[str],
) -> View:
    """The filters of a page in one bar, folded on a phone: place, indicator, period, evidence, reset.

    parks, indicators: the rows to choose from, in order, with codes and names in both languages.
    """
    years = (int(indicators["first_year"].drop_nulls().min()), int(indicators["last_year"].drop_nulls().max()))  # type: ignore[arg-type]
    loaded = ("own",) if indicators["own"].sum() else ()
    kinds = {kind: figures.evidence(kind) for kind in ("published", "derived", *loaded)}
    with fold():
        place, what, when, how = st.columns([4, 4, 3, 3], gap="medium")
        with place:
            chosen_parks = any_of(page, "park", _("地区"), parks, default_parks, _("全部地区"))
        with what:
            chosen = any_of(page, "indicator", _("指标"), indicators, [], _("全部指标"))
        with when:
            first, last = span(f"{page}_years", years)
        with how:
            told_by = _("公布：来源所印。推算：由公布数按公式算出，附区间。")
            if loaded:
                told_by = _("公布：来源所印。推算：由公布数按公式算出，附区间。自有：由使用者载入。")
            evidence = several(
                st.pills,
                f"{page}_evidence",
                "evidence",
                _("性质"),
                kinds,
                list(kinds),
                selection_mode="multi",
                help=told_by,
            )
        asof = known_by(page)
    wanted = tuple(kind for kind in kinds if kind in evidence) or tuple(kinds)
    return View(theme, chosen_parks, chosen, wanted, first, last, asof)


def any_of(page: str, kind: str, label: str, rows: pl.DataFrame, default: list[str], no_choice: str) -> list[str]:
    """A multiselect of the codes of rows, bound to the parameter that is called as their kind."""
    return several(
        st.multiselect,
        f"{page}_{kind}",
        kind,
        label,
        named(rows, f"{kind}_id"),
        default,
        placeholder=no_choice,
        select_all=False,  # its label is English whatever the page's language; choosing nothing is all
    )


def fold() -> Any:
    """The place of the filters: open in a bar on a wide screen, folded away on a phone."""
    return st.expander(_("筛选"), icon=":material/tune:") if device.phone() else st.container()


def named(rows: pl.DataFrame, code: str) -> dict[str, str]:
    """Codes and what each is called in the language of this run."""
    return {row[code]: name(row, "name") for row in rows.iter_rows(named=True)}


def reset(page: str) -> None:
    """Back to the defaults: the address of the page with the language alone."""
    for key in list(st.session_state):
        if str(key).startswith(f"{page}_"):
            del st.session_state[key]
    for parameter in list(st.query_params):
        if parameter != "lang":
            st.query_params.pop(parameter, None)


def turn(label: str, key: str, changes: dict[str, str], icon: str | None = None) -> None:
    """A button that leads to another view of the same page: it changes these parameters, an empty text takes one away.

    A link to the page itself would run it anew and leave the browser's address as it was.
    """

    def to() -> None:
        for parameter, text in changes.items():
            if text:
                st.query_params[parameter] = text
            else:
                st.query_params.pop(parameter, None)

    st.button(plain(label), key=key, on_click=to, icon=icon)


def chosen(*parameters: str) -> dict[str, str]:
    """Those of the parameters that the address holds, for a link to the same view."""
    return {key: st.query_params[key] for key in parameters if st.query_params.get(key)}


def counted(shown: int, total: int) -> None:
    """How many of how many rows are shown."""
    st.caption(_("显示 {shown} 条，共 {total} 条", shown=f"{shown:,}", total=f"{total:,}"))


def told(page: str, shown: int, total: int, own: tuple[str, ...] = ("compare",)) -> None:
    """One line: how many of how many rows are shown, codes of the link that are not known, and the way back.

    own: as in ignored().
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        counted(shown, total)
        st.button(
            _("恢复默认"),
            key=f"{page}_reset_button",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=reset,
            args=(page,),
        )
    ignored(page, own)


def ignored(page: str, own: tuple[str, ...] = ("compare",), *, here: bool = False) -> None:
    """One line for the codes of the link that are not known, where there are any.

    own: filters further down the page, which tell of theirs themselves, with here=True.
    """
    mine = [
        codes
        for key, codes in st.session_state.items()
        if str(key).startswith(f"{page}_")
        and str(key).endswith("_unknown")
        and here == (str(key).removeprefix(f"{page}_").removesuffix("_unknown") in own)
    ]
    unknown = [code for codes in mine for code in codes]
    if unknown:
        _strange(unknown)


def _strange(codes: list[str]) -> None:
    """The line about codes of a link; what a stranger wrote into it is no Markdown. An underscore within is none."""
    shown = plain(listed([code[:CODE] for code in codes[:CODES]]))
    st.caption(":material/link_off: " + _("链接里有不认识的代码，已忽略：{codes}", codes=shown))
