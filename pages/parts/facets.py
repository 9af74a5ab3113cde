"""Facets of a search: words to find, theme, indicator, kind of place, place, years, evidence, each with its counts."""

from functools import cache
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.parts import charts, figures, filters, layout, pictures, screen
from pages.parts.charts import PALETTES
from pages.parts.words import _, lang, name

Counts = dict[str, dict[str, int]]
BAND, LARGE = 44, 200  # pixels of the small and the large chart of years


def roles() -> dict[str, str]:
    """What a place is to the park of this installation, by code."""
    return {
        "self": _("本园区"), "city": _("所在城市"), "city_peer": _("同城园区"), "hunan_peer": _("省内各地"),
        "national_peer": _("外省高新区"), "context": _("全省与合计"), "benchmark": _("全国"), "own": _("自有"),
    }  # fmt: skip


def asked(page: str, door: Any, indicators: pl.DataFrame, parks: pl.DataFrame) -> tuple[Any, Counts]:
    """The choice of the reader, and how many figures each code of each facet has under all other choices.

    door: queries.explore; indicators: rows with indicator_id and names, what is derived among them; parks: likewise.
    """
    text = filters.words(f"{page}_find", "find", _("查指标、地区、代码或拼音，如 jgm、湘潭财政收入"))
    cube = door.cube()
    years = _span(cube)
    kinds = [kind for kind in ("published", "derived", "own") if kind in set(cube["evidence"])]
    default = [kind for kind in kinds if kind != "derived"]
    known = {
        "theme": (["economy", "innovation", "livelihood"], []), "indicator": (indicators["indicator_id"].to_list(), []),
        "role": (list(roles()), []), "park": (parks["park_id"].to_list(), []), "evidence": (kinds, default),
    }  # fmt: skip
    held = {facet: filters.held(f"{page}_{facet}", facet, *codes) for facet, codes in known.items()}
    first, last = filters.held_span(f"{page}_years", years)
    choice = door.Choice(
        text,
        tuple(held["theme"]),
        tuple(held["indicator"]),
        tuple(held["role"]),
        tuple(held["park"]),
        tuple(held["evidence"]),
        first,
        last,
    )
    counts = door.counts(choice)
    named = {"indicator": filters.named(indicators, "indicator_id"), "park": filters.named(parks, "park_id")}
    with filters.fold():
        _bar(page, counts, held, named, known, years)
    return choice, counts


def _bar(
    page: str,
    counts: Counts,
    held: dict[str, list[str]],
    named: dict[str, dict[str, str]],
    known: dict[str, tuple[list[str], list[str]]],
    years: tuple[int, int],
) -> None:
    """The widgets of the facets, in two rows."""
    what, where, when = st.columns([4, 4, 4], gap="medium")
    with what:
        _listed(page, "indicator", _("指标"), counts, held, named["indicator"], _("全部指标"))
    with where:
        _listed(page, "park", _("地区"), counts, held, named["park"], _("全部地区"))
    with when:
        st.markdown(_("时期"))
        _histogram(counts["year"], years)
        filters.span(f"{page}_years", years, bare=True)
    called = {
        "theme": {code: figures.theme(code) for code in known["theme"][0]},
        "role": roles(),
        "evidence": {code: figures.evidence(code) for code in known["evidence"][0]},
    }
    labels = {"theme": _("方面"), "role": _("地区类别"), "evidence": _("性质")}
    for column, facet in zip(st.columns([3, 6, 3], gap="medium"), ("theme", "role", "evidence"), strict=True):
        with column:
            _pills(page, facet, labels[facet], counts, held, called[facet], known[facet][1])


def _counted(text: str, n: int) -> str:
    return f"{text}（{n}）" if lang() == "zh" else f"{text} ({n})"


def _listed(
    page: str, facet: str, label: str, counts: Counts, held: dict[str, list[str]], named: dict[str, str], empty: str
) -> None:
    """A list to pick from: codes with figures, most first, and those chosen."""
    here = counts[facet]
    codes = [code for code in here if code in named] + [code for code in held[facet] if code not in here]
    options = {code: _counted(named[code], here.get(code, 0)) for code in codes}
    filters.several(st.multiselect, f"{page}_{facet}", facet, label, options, [], placeholder=empty, select_all=False)


def _pills(
    page: str, facet: str, label: str, counts: Counts, held: dict[str, list[str]], named: dict[str, str],
    default: list[str],
) -> None:  # fmt: skip
    """A row of choices: codes with figures, and those chosen."""
    here = counts[facet]
    options = {code: _counted(text, here.get(code, 0)) for code, text in named.items()
               if here.get(code) or code in held[facet]}  # fmt: skip
    filters.several(st.pills, f"{page}_{facet}", facet, label, options, default, selection_mode="multi")


def _histogram(by_year: dict[str, int], years: tuple[int, int]) -> None:
    """How many figures each year has, above the slider of years."""
    st.vega_lite_chart(_years(by_year, years), _bars_of_years(screen.palette(), lang(), BAND), alt=_("每年的条数"))


def _years(by_year: dict[str, int], years: tuple[int, int]) -> pl.DataFrame:
    every = pl.DataFrame({"year": [str(year) for year in range(years[0], years[1] + 1)]})
    return every.with_columns(n=pl.col("year").replace_strict(by_year, default=0, return_dtype=pl.Int64))


@cache
def _bars_of_years(palette: str, language: str, height: int) -> charts.Spec:
    colours = PALETTES[palette]
    tip = [alt.Tooltip("year:N", title=_("年份")), alt.Tooltip("n:Q", title=_("条数"))]
    small = height == BAND
    x = alt.X("year:N", title=None, axis=None if small else alt.Axis(
        labelAngle=0, labelOverlap=True, ticks=False, domainColor=colours["line"], labelColor=colours["quiet"],
    ))  # fmt: skip
    y = alt.Y("n:Q", title=None, axis=None if small else charts.axis_of(colours, ""))
    mark = alt.Chart().mark_bar(color=colours["figure"], opacity=0.55 if small else 1.0)
    return charts.finished(mark.encode(x=x, y=y, tooltip=tip).properties(height=height), "", colours)


def whole(indicators: pl.DataFrame, counts: Counts, cube: pl.DataFrame) -> list[pictures.Picture]:
    """Nothing chosen yet: how the figures lie over the years, and where a reader can begin."""
    years = _span(cube)
    heading, spec = _("每年有多少个数"), _bars_of_years(screen.palette(), lang(), LARGE)
    link = layout.address({"lang": lang()})
    drawn = layout.drawn_under(
        heading, pictures.Picture(heading, _years(counts["year"], years), spec, "", link), _("每年的条数")
    )
    st.caption(_("一个数的时期跨几年的，每年各算一次。"))
    st.subheader(_("从数最多的指标开始"), anchor=False)
    starts(indicators, counts["indicator"])
    return [drawn]


def _span(cube: pl.DataFrame) -> tuple[int, int]:
    return int(cube["first_year"].min()), int(cube["last_year"].max())  # type: ignore[arg-type]


def too_many(n: int, most: int, address: str) -> None:
    """More figures than a page can show: how many, what to do, and the whole as a file."""
    st.info(
        _(
            "共 {n} 条，多于本页能画和能列的 {most} 条。请再选指标、地区或年份；要全部，可[下载 CSV]({address})。",
            n=f"{n:,}",
            most=f"{most:,}",
            address=address,
        ),
        icon=":material/filter_alt:",
    )


def starts(indicators: pl.DataFrame, counts: dict[str, int], most: int = 12) -> None:
    """Where a reader can begin: the indicators with most figures, each a link to its view."""
    named = {row["indicator_id"]: name(row, "name") for row in indicators.iter_rows(named=True)}
    with st.container(horizontal=True):
        for code in [code for code in counts if code in named][:most]:
            query = {"lang": lang(), "indicator": code}
            st.page_link("explore.py", label=_counted(named[code], counts[code]), query_params=query)
