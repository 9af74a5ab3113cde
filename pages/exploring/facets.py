"""Facets of a search: words to find, theme, indicator, kind of place, place, years, evidence, each with its counts."""

from functools import cache
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from data.themes import BY_CODE
from pages.charts import charts
from pages.charts.theme import PALETTES
from pages.ui import device, downloads, filters, layout
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, listed, name
from queries.exploring import exploration

Counts = dict[str, dict[str, int]]
BAND = 44  # pixels of the chart of years
STARTS = 12
MOST_BESIDE = 12  # targets and promises that are listed where no figure was found


def roles() -> dict[str, str]:
    """What a place is to the park of this installation, by code."""
    return {
        "self": _("本园区"), "city": _("所在城市"), "city_peer": _("同城园区"), "hunan_peer": _("省内各地"),
        "national_peer": _("外省高新区"), "context": _("全省与合计"), "benchmark": _("全国"), "own": _("自有"),
    }  # fmt: skip


def asked(page: str, indicators: pl.DataFrame, parks: pl.DataFrame, bar: Any) -> tuple[exploration.Choice, Counts]:
    """The choice of the reader, and how many figures each code of each facet has under all other choices.

    indicators: rows with indicator_id and names, what is derived among them; parks: likewise;
    bar: the place of the box for words.
    """
    with bar:
        text = filters.words(f"{page}_find", "find", _("指标、地区或拼音，如 jgm、湘潭财政收入"))
    asof = filters.known_by(page)
    cube = exploration.cube(asof)
    if cube.is_empty():
        layout.empty(st.container())
    kinds = [kind for kind in ("published", "derived", "own") if kind in set(cube["evidence"])]
    known = {
        "theme": (list(BY_CODE), []), "indicator": (indicators["indicator_id"].to_list(), []),
        "role": (list(roles()), []), "park": (parks["park_id"].to_list(), []),
        "evidence": (kinds, [kind for kind in kinds if kind != "derived"]),
    }  # fmt: skip
    held = {facet: filters.held(f"{page}_{facet}", facet, *codes) for facet, codes in known.items()}
    years = cube.select(pl.col("first_year").min(), pl.col("last_year").max()).row(0)
    first, last = filters.held_span(f"{page}_years", years)
    themes, named_indicators, kinds_of_place, places, evidence = (tuple(held[facet]) for facet in known)
    choice = exploration.Choice(text, themes, named_indicators, kinds_of_place, places, evidence, first, last, asof)
    counts = exploration.counts(choice)
    named = {
        "indicator": filters.named(indicators, "indicator_id"), "park": filters.named(parks, "park_id"),
        "theme": figures.themes(), "role": roles(),
        "evidence": {code: figures.evidence(code) for code in kinds},
    }  # fmt: skip
    with filters.fold():
        _bar(page, counts, held, named, known["evidence"][1], years)
    return choice, counts


def _bar(
    page: str, counts: Counts, held: dict[str, list[str]], named: dict[str, dict[str, str]], kinds: list[str],
    years: tuple[int, int],
) -> None:  # fmt: skip
    """The widgets of the facets: what, where, and when with how it is known."""
    what, where, when = st.columns([5, 5, 4], gap="medium")
    with what:
        _listed(page, "indicator", _("指标"), counts, held, named["indicator"], _("全部指标"))
        _pills(page, "theme", _("方面"), counts, held, named["theme"], [], bare=True)
    with where:
        _listed(page, "park", _("地区"), counts, held, named["park"], _("全部地区"))
        _pills(page, "role", _("地区类别"), counts, held, named["role"], [], bare=True)
    with when:
        _pills(page, "evidence", _("性质"), counts, held, named["evidence"], kinds)
        if counts["year"]:
            _histogram(counts["year"], years)
        filters.span(f"{page}_years", years, bare=bool(counts["year"]))


def _counted(text: str, n: int) -> str:
    return f"{text}（{n:,}）" if lang() == "zh" else f"{text} ({n:,})"


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
    default: list[str], *, bare: bool = False,
) -> None:  # fmt: skip
    """A row of choices: codes with figures, and those chosen. bare: what they are is plain from the list above."""
    here = counts[facet]
    options = {code: _counted(text, here.get(code, 0)) for code, text in named.items()
               if here.get(code) or code in held[facet]}  # fmt: skip
    if options:
        shown = "collapsed" if bare else "visible"
        key = f"{page}_{facet}"
        filters.several(st.pills, key, facet, label, options, default, selection_mode="multi", label_visibility=shown)


def _histogram(by_year: dict[str, int], years: tuple[int, int]) -> None:
    """How many figures each year has, above the slider of years."""
    every = pl.DataFrame({"year": [str(year) for year in range(years[0], years[1] + 1)]})
    counted = every.with_columns(n=pl.col("year").replace_strict(by_year, default=0, return_dtype=pl.Int64))
    st.vega_lite_chart(counted, bars_of_years(device.palette(), lang()), alt=_("每年的条数"))


@cache
def bars_of_years(palette: str, language: str) -> charts.Spec:
    """Small bars without axes; rows: year and n."""
    colours = PALETTES[palette]
    tip = [alt.Tooltip("year:N", title=_("年份")), alt.Tooltip("n:Q", title=_("条数"))]
    mark = alt.Chart().mark_bar(color=colours["figure"], opacity=0.55)
    x, y = alt.X("year:N", title=None, axis=None), alt.Y("n:Q", title=None, stack=None, axis=None)
    return charts.finished(mark.encode(x=x, y=y, tooltip=tip).properties(height=BAND), "", colours)


def starts(page: str, named: dict[str, pl.DataFrame], counts: Counts) -> None:
    """Nothing or too little chosen: where a reader can begin, the indicators and the places with most figures.

    named: rows of indicators and of parks, with codes and names.
    """
    for facet, heading in (("indicator", _("从数最多的指标开始")), ("park", _("从数最多的地区开始"))):
        codes = filters.named(named[facet], f"{facet}_id")
        room = device.fit(600, 300)  # a button cuts what is longer
        known = [code for code in counts[facet] if code in codes and charts.pixels(codes[code]) < room]
        first = known[: device.fit(STARTS, STARTS // 2)]
        if len(first) < 2:
            continue
        st.subheader(heading, anchor=False)
        with st.container(horizontal=True):
            for code in first:
                filters.turn(_counted(codes[code], counts[facet][code]), f"{page}_start_{code}", {facet: code})


def too_many(
    page: str, top: Any, most: int, address: str, named: dict[str, pl.DataFrame], counts: Counts
) -> None:  # fmt: skip
    """More figures than a page can show: how many, what to do, the whole as a file, where to begin; and stop."""
    n = f"{counts['all']['']:,}"
    with top:
        sizes = {"places": len(counts["park"]), "names": len(counts["indicator"])}
        layout.head([_("自助查询")], _("{places} 个地区、{names} 个指标，共 {n} 个数", n=n, **sizes), "")
    said = _(
        "共 {n} 条，多于本页能画和能列的 {most} 条。请再选指标、地区或年份；要全部，可[下载 CSV]({address})。",
        n=n, most=f"{most:,}", address=plain_text.safe(address),
    )  # fmt: skip
    st.info(said, icon=":material/filter_alt:")
    starts(page, named, counts)
    layout.stop()


def beside(top: Any, aims: pl.DataFrame, promises: pl.DataFrame) -> None:
    """No figure fits, but targets or promises do: say so, lead there, and stop; else nothing.

    aims: of targets(); promises: of commitments().
    """
    if aims.is_empty() and promises.is_empty():
        return
    counted = [_("{n} 项目标", n=aims.height)] if aims.height else []
    counted += [_("{n} 项承诺", n=promises.height)] if promises.height else []
    with top:
        layout.head([_("自助查询")], _("没有公布过这样的数，但有 {found}", found=listed(counted)), "")
    icon = ":material/arrow_forward:"
    for row in aims.head(MOST_BESIDE).iter_rows(named=True):
        label = _("{place}{year}年目标：{indicator}{aim}", place=name(row, "park"), year=row["year"],
                  indicator=name(row, "indicator"), aim=figures.aim(row))  # fmt: skip
        query = {"lang": lang(), "target": row["target_id"]}
        st.page_link("overview.py", label=plain_text.plain(label), icon=icon, query_params=query)
    for row in promises.head(MOST_BESIDE).iter_rows(named=True):
        label = _(
            "{place}{year}年承诺：{promise}", place=name(row, "park"), year=row["year"], promise=name(row, "name")
        )
        query = {"lang": lang(), "park": row["park_id"]}
        script = f"{BY_CODE[row['theme']].promises}.py"
        st.page_link(script, label=plain_text.plain(label), icon=icon, query_params=query)
    layout.stop()


def nothing(page: str, top: Any, unknown: tuple[str, ...], instead: str | None, eased: dict[str, int]) -> None:
    """No figure fits: which words name nothing and what may have been meant, or which part of the choice to give up;
    and stop.

    eased: by part, how many figures there would be without it.
    """
    parts = {
        "find": _("查找的词"), "theme": _("方面"), "indicator": _("指标"), "role": _("地区类别"), "park": _("地区"),
        "evidence": _("性质"), "year": _("时期"),
    }  # fmt: skip
    if unknown:
        said = _("没有叫“{words}”的指标或地区。", words=plain_text.plain(listed(list(unknown))))
    elif len(eased) == 1 and "find" in eased:
        said = _("没有公布过这样的数。")
    elif eased:
        said = _("这些条件各自都有数，合在一起没有公布过。去掉一个条件就有：")
    else:
        said = _("没有公布过这样的数。请放宽时期，或按“恢复默认”。")
    with top:
        layout.head([_("自助查询")], _("没有符合条件的数据"), "")
    st.info(said, icon=":material/search_off:")
    with st.container(horizontal=True):
        if instead:
            filters.turn(
                _("改查“{words}”", words=instead),
                f"{page}_instead",
                {"find": instead},
                ":material/search:",
            )
        for part, n in eased.items():
            dropped = {"from": "", "to": ""} if part == "year" else {part: filters.ALL if part == "evidence" else ""}
            label = _("不限{part}（{n}）", part=parts[part], n=f"{n:,}")
            filters.turn(label, f"{page}_without_{part}", dropped, ":material/filter_alt_off:")
    layout.stop()


def behind(address: str, rows: pl.DataFrame, measure: str) -> None:
    """The address at which a program gets these rows, to copy."""
    with downloads.opened(_("程序地址"), "api", "explore_program") as wanted:
        if not wanted:
            return
        st.code(address, language=None, wrap_lines=True)
        st.caption(_("同样的行；后缀 .csv 换成 .json、.parquet 或 .xlsx，格式随之改变。"))
        if measure != "level":
            st.caption(_("接口给所用的数值；增速、指数、占比按表中的公式由它们算出。"))
        if "own" in rows["evidence"]:
            st.caption(_("自有的行只在您这里，接口里没有。"))
