"""Filters whose whole state is in the address, as codes: read from it before the widget, written to it after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import figures
from pages.parts.words import _, lang, listed, name

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
        }

    @property
    def span(self) -> tuple[str | None, str | None]:
        """The years as they stand in a file name."""
        return (str(self.first) if self.first else None, str(self.last) if self.last else None)


def coded(key: str, parameter: str, options: list[str], default: list[str]) -> None:
    """Before a widget: it follows the address when the address changed from outside; unknown codes are told."""
    raw = st.query_params.get(parameter)
    seen = f"{key}_seen"
    if key not in st.session_state or raw != st.session_state.get(seen):
        asked = default if raw is None else [code for code in raw.split(",") if code and code != ALL]
        st.session_state[key] = [code for code in asked if code in options]
        unknown = [code for code in asked if code not in options]
        st.session_state[f"{key}_unknown"] = [] if raw is None else unknown
    st.session_state[seen] = raw


def written(key: str, parameter: str, value: list[str], default: list[str]) -> None:
    """After a widget: the address follows it; a default is left out, so that arriving writes no history."""
    text = None if value == default else ",".join(value) or ALL
    unknown = st.session_state.get(f"{key}_unknown")
    if st.query_params.get(parameter) != text and not (unknown and st.session_state[f"{key}_first"] == value):
        if text is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = text
        st.session_state[f"{key}_unknown"] = []
        st.session_state[f"{key}_seen"] = text


def several(
    widget: Callable[..., Any],
    key: str,
    parameter: str,
    label: str,
    options: dict[str, str],
    default: list[str],
    **more: Any,
) -> list[str]:
    """A widget of several codes bound to a parameter; options are codes and what each is called."""
    coded(key, parameter, list(options), default)
    st.session_state[f"{key}_first"] = list(st.session_state[key])
    chosen: list[str] = list(
        widget(label, list(options), key=key, format_func=lambda code: options[code], wrap=True, **more)
    )
    st.session_state[f"{key}_first"] = (
        st.session_state[f"{key}_first"] if st.session_state.get(f"{key}_unknown") else chosen
    )
    written(key, parameter, chosen, default)
    return chosen


def single(key: str, parameter: str, label: str, options: dict[str, str], default: str, **more: Any) -> str:
    """A select box of one code bound to a parameter."""
    raw = st.query_params.get(parameter)
    if (
        key not in st.session_state
        or raw != st.session_state.get(f"{key}_seen")
        or st.session_state[key] not in options
    ):
        st.session_state[key] = raw if raw in options else default
        st.session_state[f"{key}_unknown"] = [raw] if raw is not None and raw not in options else []
    chosen: str = st.selectbox(label, list(options), key=key, format_func=lambda code: options[code], **more)
    text = None if chosen == default else chosen
    if raw != text and not (st.session_state[f"{key}_unknown"] and chosen == default):
        st.query_params.pop(parameter, None) if text is None else st.query_params.update({parameter: text})
        st.session_state[f"{key}_unknown"] = []
        raw = text
    st.session_state[f"{key}_seen"] = raw
    return chosen


def span(key: str, years: tuple[int, int]) -> tuple[int | None, int | None]:
    """A slider over years bound to from= and to=; None at an end that is not limited."""
    low, high = years
    asked: list[int] = []
    unknown = []
    for parameter, end in (("from", low), ("to", high)):
        raw = st.query_params.get(parameter)
        known = raw is not None and raw.isdigit() and low <= int(raw) <= high
        asked.append(int(raw) if known and raw else end)
        if raw is not None and not known:
            unknown.append(raw)
    if asked[0] > asked[1]:
        unknown, asked = [f"{asked[0]}–{asked[1]}"], [low, high]
    raws = (st.query_params.get("from"), st.query_params.get("to"))
    if key not in st.session_state or raws != st.session_state.get(f"{key}_seen"):
        st.session_state[key] = tuple(asked)
        st.session_state[f"{key}_unknown"] = unknown
    st.session_state[f"{key}_seen"] = raws
    if low == high:
        return None, None
    chosen: Any = st.select_slider(_("时期"), range(low, high + 1), key=key, format_func=str)
    first, last = int(chosen[0]), int(chosen[1])
    for parameter, year, end in (("from", first, low), ("to", last, high)):
        text = None if year == end else str(year)
        if st.query_params.get(parameter) != text and not st.session_state[f"{key}_unknown"]:
            if text is None:
                st.query_params.pop(parameter, None)
            else:
                st.query_params[parameter] = text
    if (first, last) != tuple(asked):
        st.session_state[f"{key}_unknown"] = []
    st.session_state[f"{key}_seen"] = (st.query_params.get("from"), st.query_params.get("to"))
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
    kinds = {kind: figures.evidence(kind) for kind in ("published", "derived")}
    with fold():
        place, what, when, how = st.columns([4, 4, 3, 3], gap="medium")
        with place:
            options = named(parks, "park_id")
            chosen_parks = several(
                st.multiselect, f"{page}_park", "park", _("地区"), options, default_parks, placeholder=_("全部地区")
            )
        with what:
            options = named(indicators, "indicator_id")
            chosen = several(
                st.multiselect, f"{page}_indicator", "indicator", _("指标"), options, [], placeholder=_("全部指标")
            )
        with when:
            first, last = span(f"{page}_years", years)
        with how:
            told_by = _("公布：来源所印。推算：由公布数按公式算出，附区间。")
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
    return View(
        theme, chosen_parks, chosen, tuple(kind for kind in kinds if kind in evidence) or tuple(kinds), first, last
    )


def fold() -> Any:
    """The place of the filters: open in a bar on a wide screen, folded away on a phone."""
    phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    return st.expander(_("筛选"), icon=":material/tune:") if phone else st.container()


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


def told(page: str, shown: int, total: int) -> None:
    """One line: how many of how many rows are shown, codes of the link that are not known, and the way back."""
    unknown = [
        code
        for key, codes in st.session_state.items()
        if str(key).startswith(f"{page}_") and str(key).endswith("_unknown")
        for code in codes
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("显示 {shown} 条，共 {total} 条", shown=shown, total=total))
        st.button(
            _("恢复默认"),
            key=f"{page}_reset_button",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=reset,
            args=(page,),
        )
    if unknown:
        st.caption(":material/link_off: " + _("链接里有不认识的代码，已忽略：{codes}", codes=listed(unknown)))
