"""Show the facets of a search, with counts: words, theme, indicator, kind of place, place, years, evidence."""

from functools import cache

import altair as alt
import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.themes import THEMES_BY_CODE
from pages.charts import charts
from pages.charts.theme import PALETTES
from pages.ui import device, downloads, filters, layout, place_links
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, join_items, lang
from queries.exploring import exploration, search

Counts = dict[str, dict[str, int]]
HISTOGRAM_HEIGHT = 44  # pixels of the chart of years
MOST_STARTS = 12
MOST_TARGETS_LISTED = 12  # targets and promises that are listed where no figure was found


def get_role_labels() -> dict[str, str]:
    """Return what a place is to the park of this installation, by code."""
    return {
        "self": _("本园区"), "city": _("所在城市"), "city_peer": _("同城园区"), "hunan_peer": _("省内各地"),
        "national_peer": _("外省各地"), "context": _("全省与合计"), "benchmark": _("全国"), "own": _("自有"),
    }  # fmt: skip


def choose_facets(
    page: str, indicators: pl.DataFrame, parks: pl.DataFrame, bar: DeltaGenerator
) -> tuple[exploration.Choice, Counts]:
    """Show the facets; return the choice of the reader and the counts of the facets.

    The counts are, for each code of each facet, how many figures it has under all other choices.
    indicators: rows with indicator_id and names, including what is derived; parks: likewise, with park_id.
    bar: the place of the box for words.
    """
    with bar:
        text = filters.choose_search_words(f"{page}_find", "find", _("指标、地区或拼音，如 jgm、湘潭财政收入"))
    asof = filters.choose_asof_day(page)
    cube = exploration.get_figure_counts(asof)
    if cube.is_empty():
        layout.stop_without_rows(st.container())
    present = cube["evidence"].unique().to_list()
    kinds = [kind for kind in ("published", "derived", "own") if kind in present]
    known = {
        "theme": (list(THEMES_BY_CODE), []), "indicator": (indicators["indicator_id"].to_list(), []),
        "role": (list(get_role_labels()), []), "park": (parks["park_id"].to_list(), []),
        "evidence": (kinds, [kind for kind in kinds if kind != "derived"]),
    }  # fmt: skip
    held = {facet: filters.get_chosen_codes(f"{page}_{facet}", facet, *codes) for facet, codes in known.items()}
    years = cube.select(pl.col("first_year").min(), pl.col("last_year").max()).row(0)
    first, last = filters.get_chosen_years(f"{page}_years", years)
    themes, named_indicators, kinds_of_place, places, evidence = (tuple(held[facet]) for facet in known)
    choice = exploration.Choice(text, themes, named_indicators, kinds_of_place, places, evidence, first, last, asof)
    counts = exploration.compute_facet_counts(choice)
    named = {
        "indicator": filters.get_names_by_code(indicators, "indicator_id"),
        "park": place_links.get_place_options(parks),
        "theme": figures.label_themes(),
        "role": get_role_labels(),
        "evidence": {code: figures.label_evidence(code) for code in kinds},
    }
    with filters.make_filter_area():
        _show_facets(page, counts, held, named, known["evidence"][1], years)
    return choice, counts


def _show_facets(
    page: str, counts: Counts, held: dict[str, list[str]], named: dict[str, dict[str, str]], kinds: list[str],
    years: tuple[int, int],
) -> None:  # fmt: skip
    """Show the widgets of the facets: what, where, and when with how it is known."""
    what, where, when = st.columns([5, 5, 4], gap="medium")
    with what:
        _show_list(page, "indicator", _("指标"), counts, held, named["indicator"], _("全部指标"))
        _show_pills(page, "theme", _("方面"), counts, held, named["theme"], [], bare=True)
    with where:
        _show_list(page, "park", _("地区"), counts, held, named["park"], _("全部地区"))
        _show_pills(page, "role", _("地区类别"), counts, held, named["role"], [], bare=True)
    with when:
        _show_pills(page, "evidence", _("性质"), counts, held, named["evidence"], kinds)
        if counts["year"]:
            _show_histogram(counts["year"], years)
        filters.choose_years(f"{page}_years", years, bare=bool(counts["year"]))


def _label_with_counts(names: dict[str, str], counts: dict[str, int]) -> dict[str, str]:
    """Return each name with its count in brackets, by code."""
    said = _("{name}（{n}）")  # translated once: a list has hundreds of names
    return {code: said.format(name=text, n=f"{counts.get(code, 0):,}") for code, text in names.items()}


def _show_list(
    page: str, facet: str, label: str, counts: Counts, held: dict[str, list[str]], named: dict[str, str], empty: str
) -> None:
    """Show a list to pick from: codes with figures, those with most figures first, and those chosen."""
    here = counts[facet]
    codes = [code for code in here if code in named] + [code for code in held[facet] if code not in here]
    options = _label_with_counts({code: named[code] for code in codes}, here)
    filters.choose_several(
        st.multiselect, f"{page}_{facet}", facet, label, options, [], placeholder=empty, select_all=False
    )


def _show_pills(
    page: str, facet: str, label: str, counts: Counts, held: dict[str, list[str]], named: dict[str, str],
    default: list[str], *, bare: bool = False,
) -> None:  # fmt: skip
    """Show a row of choices: codes with figures, and those chosen.

    bare: without a label, since the list above makes it plain.
    """
    here = counts[facet]
    present = {code: text for code, text in named.items() if here.get(code) or code in held[facet]}
    options = _label_with_counts(present, here)
    if options:
        shown = "collapsed" if bare else "visible"
        key = f"{page}_{facet}"
        filters.choose_several(
            st.pills, key, facet, label, options, default, selection_mode="multi", label_visibility=shown
        )


def _show_histogram(by_year: dict[str, int], years: tuple[int, int]) -> None:
    """Show how many figures each year has, above the slider of years."""
    every = pl.DataFrame({"year": [str(year) for year in range(years[0], years[1] + 1)]})
    counted = every.with_columns(n=pl.col("year").replace_strict(by_year, default=0, return_dtype=pl.Int64))
    st.vega_lite_chart(counted, draw_year_bars(device.get_palette(), lang()), alt=_("每年的条数"))


@cache
def draw_year_bars(palette: str, language: str) -> charts.Spec:
    """Return the spec of small bars without axes; rows: year and n."""
    colours = PALETTES[palette]
    tip = [alt.Tooltip("year:N", title=_("年份")), alt.Tooltip("n:Q", title=_("条数"))]
    mark = alt.Chart().mark_bar(color=colours["figure"], opacity=0.55)
    x, y = alt.X("year:N", title=None, axis=None), alt.Y("n:Q", title=None, stack=None, axis=None)
    return charts.finish_spec(mark.encode(x=x, y=y, tooltip=tip).properties(height=HISTOGRAM_HEIGHT), "", colours)


def show_starting_points(page: str, named: dict[str, pl.DataFrame], counts: Counts) -> None:
    """Show where to begin when nothing or too little is chosen: indicators and places with most figures.

    named: rows of indicators and of parks, with codes and names.
    """
    for facet, heading in (("indicator", _("从数最多的指标开始")), ("park", _("从数最多的地区开始"))):
        codes = filters.get_names_by_code(named[facet], f"{facet}_id")
        room = device.fit_to_screen(600, 300)  # a button cuts what is longer
        known = [code for code in counts[facet] if code in codes and charts.compute_text_width(codes[code]) < room]
        first = known[: device.fit_to_screen(MOST_STARTS, MOST_STARTS // 2)]
        if len(first) < 2:
            continue
        st.subheader(heading, anchor=False)
        with st.container(horizontal=True):
            for code, label in _label_with_counts({code: codes[code] for code in first}, counts[facet]).items():
                filters.show_view_button(label, f"{page}_start_{code}", {facet: code})


def stop_with_too_many_rows(
    page: str, top: DeltaGenerator, address: str, named: dict[str, pl.DataFrame], counts: Counts, *, narrowed: bool
) -> None:  # fmt: skip
    """Say that there are more figures than a page can show, and end the page.

    Shown are how many there are, what to do, the whole as a file, and where to begin.
    address: of the file; narrowed: whether the reader has chosen anything yet.
    """
    n = f"{counts['all']['']:,}"
    with top:
        sizes = {"places": len(counts["park"]), "names": len(counts["indicator"])}
        layout.show_head([_("自助查询")], _("{places} 个地区、{names} 个指标，共 {n} 个数", n=n, **sizes), "")
    said = _(
        "共 {n} 条，多于本页能画和能列的 {most} 条。请再选指标、地区或年份；要全部，可[下载 CSV]({address})。",
        n=n, most=f"{exploration.MOST_FIGURES:,}", address=plain_text.escape_url(address),
    )  # fmt: skip
    if narrowed:
        st.info(said, icon=":material/filter_alt:")
    else:
        begin = {"n": n, "address": plain_text.escape_url(address)}
        st.caption(_("选指标、地区或年份，就能画图、列表；全部 {n} 条可[下载 CSV]({address})。", **begin))
    show_starting_points(page, named, counts)
    layout.stop_page()


def stop_if_only_targets(top: DeltaGenerator, choice: exploration.Choice) -> None:
    """Where no figure fits but targets or promises do, say so, link to them, and end the page; else do nothing."""
    aims = exploration.get_chosen_targets(choice, lang())
    promises = exploration.find_chosen_commitments(choice, lang())
    if aims.is_empty() and promises.is_empty():
        return
    counted = [_("{n} 项目标", n=aims.height)] if aims.height else []
    counted += [_("{n} 项承诺", n=promises.height)] if promises.height else []
    with top:
        layout.show_head([_("自助查询")], _("没有公布过这样的数，但有 {found}", found=join_items(counted)), "")
    icon = ":material/arrow_forward:"
    for row in aims.head(MOST_TARGETS_LISTED).iter_rows(named=True):
        label = target_status.describe_target_briefly(row)
        query = {"lang": lang(), "target": row["target_id"]}
        st.page_link("overview.py", label=plain_text.escape_markdown(label), icon=icon, query_params=query)
    for row in promises.head(MOST_TARGETS_LISTED).iter_rows(named=True):
        label = target_status.describe_promise_briefly(row)
        query = {"lang": lang(), "park": row["park_id"]}
        script = f"{THEMES_BY_CODE[row['theme']].promises}.py"
        st.page_link(script, label=plain_text.escape_markdown(label), icon=icon, query_params=query)
    layout.stop_page()


def stop_without_matches(page: str, top: DeltaGenerator, choice: exploration.Choice, unknown: tuple[str, ...]) -> None:
    """Say that no figure fits, and end the page.

    Shown are the words that name nothing (unknown) and what may have been meant, or which part of the choice to give
    up, and how many figures there would be without it.
    """
    instead = search.suggest_correction(choice.text) if unknown else None
    eased = {} if unknown else exploration.count_without_each_part(choice)
    parts = {
        "find": _("查找的词"), "theme": _("方面"), "indicator": _("指标"), "role": _("地区类别"), "park": _("地区"),
        "evidence": _("性质"), "year": _("时期"),
    }  # fmt: skip
    if unknown:
        said = _("没有叫“{words}”的指标或地区。", words=plain_text.escape_markdown(join_items(list(unknown))))
    elif len(eased) == 1 and "find" in eased:
        said = _("没有公布过这样的数。")
    elif eased:
        said = _("这些条件各自都有数，合在一起没有公布过。去掉一个条件就有：")
    else:
        said = _("没有公布过这样的数。请放宽时期，或按“恢复默认”。")
    with top:
        layout.show_head([_("自助查询")], _("没有符合条件的数据"), "")
    st.info(said, icon=":material/search_off:")
    with st.container(horizontal=True):
        if instead:
            filters.show_view_button(
                _("改查“{words}”", words=instead),
                f"{page}_instead",
                {"find": instead},
                ":material/search:",
            )
        for part, n in eased.items():
            dropped = {"from": "", "to": ""} if part == "year" else {part: filters.ALL if part == "evidence" else ""}
            label = _("不限{part}（{n}）", part=parts[part], n=f"{n:,}")
            filters.show_view_button(label, f"{page}_without_{part}", dropped, ":material/filter_alt_off:")
    layout.stop_page()


def show_program_address(address: str, rows: pl.DataFrame, measure: str) -> None:
    """Show the address at which a program gets these rows, to copy."""
    with downloads.show_popover(_("程序地址"), "api", "explore_program") as wanted:
        if not wanted:
            return
        st.code(address, language=None, wrap_lines=True)
        st.caption(_("同样的行；后缀 .csv 换成 .json、.parquet 或 .xlsx，格式随之改变。"))
        if measure != "level":
            st.caption(_("接口给所用的数值；增速、指数、占比按表中的公式由它们算出。"))
        if "own" in rows["evidence"]:
            st.caption(_("自有的行只在您这里，接口里没有。"))
