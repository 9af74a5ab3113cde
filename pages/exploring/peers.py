"""Compare one place with others: the choice of the reader, and what the figures say in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.exploring import facets
from pages.exploring.peer_choice import Peers, choose_peers
from pages.ui import address, filters, layout, place_links
from pages.wording import figures, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.figures import comparison, precedence

Row = dict[str, Any]
MOST_VERSIONS = 4
NO_PEERS = Peers("", (), "")


@dataclass(frozen=True)
class PeerComparison:
    """What the reader compares.

    definition: of get_compared_definitions(); measure: level, growth or share; whole: larger place of a share, or None;
    roles: codes of the kinds of places to compare with, empty for all; year: the year that is compared.
    rows: the figures of all years; kinds: of places, by their code. peers: who is lit; view: which picture is shown.
    """

    place: Row
    definition: Row
    measure: str
    whole: Row | None
    roles: list[str]
    year: int
    rows: pl.DataFrame
    kinds: dict[str, str]
    asof: date | None = None
    peers: Peers = NO_PEERS
    view: str = "rank"

    @property
    def address(self) -> dict[str, str]:
        """Return the whole view as parameters of an address."""
        codes = {
            "lang": lang(), "park": self.place["park_id"], "indicator": self.definition["indicator_id"],
            "year": str(self.year), "as": self.measure,
        }  # fmt: skip
        codes |= {"role": ",".join(self.roles)} if self.roles else {}
        codes |= {"asof": self.asof.isoformat()} if self.asof else {}
        codes |= self.peers.address | ({"view": self.view} if self.view != "rank" else {})
        return codes | ({"of": self.whole["park_id"]} if self.whole else {})

    @property
    def indicator(self) -> str:
        """Return what is measured, by the name in its rows."""
        return localize_name(self.rows.row(0, named=True), "indicator")

    @property
    def kind(self) -> str:
        """Return the kind of places that are ranked, in words."""
        kind = label_place_kind(self.place["kind"])
        return _("所选范围内的{kind}", kind=kind) if self.roles else kind


def label_place_kind(code: str) -> str:
    """Return a kind of place that is ranked, in words; "" for other kinds."""
    kinds = {"zone": _("高新区"), "etdz": _("经开区"), "city": _("地市"), "province": _("省份")}
    return kinds.get(code, "")


def choose_comparison(page: str, parks: pl.DataFrame, own: str) -> PeerComparison:
    """Show the filters of a comparison and return what is chosen.

    They are: who, what, how measured, which year, of which larger place, compared with whom.
    parks: places with figures; own: the place of this installation, the default.
    """
    with filters.make_filter_area():
        who, what, when = st.columns([3, 5, 4], gap="medium")
        how, beside = st.container(horizontal=True, gap="medium", vertical_alignment="bottom"), st.container()
        asof = filters.choose_asof_day(page)
    with who:
        park = filters.choose_one(f"{page}_park", "park", _("谁"), place_links.get_place_options(parks), own)
    offered = comparison.get_compared_definitions(park, asof)
    if offered.is_empty():
        layout.stop_without_rows(st.container())
    with what:
        options = {row["indicator_id"]: _label_definition(row) for row in offered.iter_rows(named=True)}
        address.normalize_parameter("indicator", {code: row["indicator_id"] for row in offered.iter_rows(named=True)
                                      for code in row["names"]})  # fmt: skip
        chosen = filters.choose_one(f"{page}_indicator", "indicator", _("比什么"), options, next(iter(options)))
    definition = offered.filter(pl.col("indicator_id") == chosen).row(0, named=True)
    with how:
        kinds = {"level": _("数值"), "growth": _("增速"), "share": _("占比")}
        kinds |= {"per_gdp": _("每百亿元产出"), "per_people": _("每万人")} if definition["is_amount"] else {}
        measure = filters.choose_pill(f"{page}_as", "as", _("怎么量"), kinds, "level")
    roles: list[str] = []
    if st.query_params.get("role"):  # a narrower range comes with an address alone
        with beside:
            present = set(parks["role"])
            known = {code: text for code, text in facets.get_role_labels().items() if code in present}
            roles = filters.choose_several(
                st.pills, f"{page}_role", "role", _("和谁比"), known, [], selection_mode="multi"
            )
    with how:
        wholes = comparison.find_larger_places(park, chosen, asof) if measure == "share" else []
        whole = _choose_whole(page, parks, wholes) if wholes else None
    rows = comparison.get_compared_figures(chosen, measure, whole, roles, park, lang(), asof)
    with when:
        year = _choose_year(page, rows, comparison.find_default_year(rows, park)) if rows.height else 0
    mine = parks.row(by_predicate=pl.col("park_id") == park, named=True)
    every = dict(parks.select("park_id", "kind").iter_rows())
    with how:
        views = {"rank": _("排位"), "years": _("历年"), "slope": _("两年之间"), "scatter": _("两个指标")}
        view = filters.choose_pill(f"{page}_view", "view", _("看什么"), views, "rank")
        peers = choose_peers(page, parks, mine, year, asof)
    larger = parks.row(by_predicate=pl.col("park_id") == whole, named=True) if whole else None
    return PeerComparison(mine, definition, measure, larger, roles, year, rows, every, asof, peers, view)


def _label_definition(row: Row) -> str:
    return _("{indicator}（{n} 个地区）", indicator=localize_name(row, "name"), n=row["places"])


def _choose_whole(page: str, parks: pl.DataFrame, wholes: list[str]) -> str:
    named = filters.get_names_by_code(parks, "park_id")
    options = {code: named[code] for code in wholes}
    address.remove_stale_choice(f"{page}_of", "of", options)
    return filters.choose_one(f"{page}_of", "of", _("占哪里"), options, next(iter(options)))


def _choose_year(page: str, rows: pl.DataFrame, default: int) -> int:
    """Show the choice of the year that is compared, each with how many places have it."""
    counts = rows.group_by("period").agg(pl.col("park_id").n_unique()).sort("period", descending=True)
    options = {year: _("{year}年（{n} 个地区）", year=year, n=n) for year, n in counts.iter_rows()}
    address.remove_stale_choice(f"{page}_year", "year", options)
    return int(filters.choose_one(f"{page}_year", "year", _("哪一年"), options, str(default)))


def stop_without_comparison(top: DeltaGenerator, asked: PeerComparison) -> None:
    """Say in place of the title why no figure can be measured so, say what to do, and end the page."""
    of = {"place": localize_name(asked.place, "name"), "indicator": localize_name(asked.definition, "name")}
    if asked.measure == "share":
        title = _("{indicator}：所在地区没有同一年的同口径数，算不出{place}的占比", **of)
    else:
        title = _("{indicator}：在所选的地区里没有查到整年的数", **of)
    layout.stop_without_rows(top, title, _("请换一个指标、量法或年份，或按“恢复默认”。"))


def describe_standing(standing: pl.DataFrame, asked: PeerComparison) -> str:
    """Return the figure of the place, and its rank among those of its kind of which a figure was found.

    standing: rows of standing().
    """
    ranked = standing.filter(pl.col("rank").is_not_null())
    mine = standing.filter(pl.col("park_id") == asked.place["park_id"])
    place = localize_name(asked.place, "name")
    called = {"year": asked.year, "indicator": asked.indicator, "kind": asked.kind, "n": ranked.height}
    if mine.is_empty() and ranked.is_empty():
        return _("{year}年{indicator}：没有查到{place}的同口径数", place=place, **called)
    if mine.is_empty():
        return _("{year}年{indicator}：查到 {n} 个{kind}的同口径数，没有{place}的", place=place, **called)
    row = mine.row(0, named=True)
    called |= {
        "place": place,
        "value": figures.format_figure(row) + figures.format_evidence_mark(row["evidence"]),
        "rank": figures.format_rank(row),
    }
    if ranked.is_empty():  # a sum of zones has no peers
        return _("{year}年{indicator}：{place}{value}", **called)
    if ranked.height == 1:
        return _("{year}年{indicator}：{place}{value}，没有查到其他{kind}的同口径数", **called)
    return _("{year}年{indicator}：{place}{value}，在查到同口径数的 {n} 个{kind}里居第 {rank}", **called)


def describe_standing_limits(standing: pl.DataFrame, asked: PeerComparison, zones: int) -> str:
    """Return what rounding and other versions leave open, how few figures there are, and what a total is.

    zones: how many national zones the register of this site has.
    """
    ranked = standing.filter(pl.col("rank").is_not_null())
    mine = ranked.filter(pl.col("park_id") == asked.place["park_id"])
    said = []
    for row in mine.filter((pl.col("evidence") == "derived") & pl.col("low").is_not_null()).iter_rows(named=True):
        span = figures.format_interval(row["low"], row["high"], 4, figures.get_unit_scale(row))
        unit = figures.label_unit(row)
        unit = unit if unit == "%" or lang() == "zh" else f" {unit}"
        said.append(_("由公布数推算，舍入之内在 {span}{unit} 之间。", span=span, unit=unit))
    for row in mine.filter(pl.col("rank_first") != pl.col("rank_last")).iter_rows(named=True):
        said.append(_("按所印的数居第 {rank}；舍入之内可能是第 {first} 至第 {last}。", rank=row["rank"],
                      first=row["rank_first"], last=row["rank_last"]))  # fmt: skip
    found = ranked.filter(pl.col("evidence") != "own").height
    if ranked.height and asked.place["kind"] == "zone" and not asked.roles:
        said.append(
            _("本站名录有 {zones} 个国家高新区，这一年的同口径整年数只查到 **{n}** 个；没有查到的不参加排名，"
              "所以这不是全国排名。各高新区范围不同。", zones=zones, n=found)
        )  # fmt: skip
        said += [_("另有 {n} 个是自有的数。", n=ranked.height - found)] if ranked.height > found else []
    elif ranked.height > 1:
        said.append(
            _(
                "只排查到数的 **{n}** 个{kind}，其余不参加排名。",
                n=ranked.height,
                kind=plain_text.escape_markdown(asked.kind),
            )
        )
    return join_sentences([*said, *_describe_versions(mine, asked), *_describe_totals(asked)])


def _describe_versions(mine: pl.DataFrame, asked: PeerComparison) -> list[str]:
    """Return other figures of the same place and year, where there are any."""
    same = asked.rows.filter((pl.col("park_id") == asked.place["park_id"]) & (pl.col("period") == str(asked.year)))
    known = precedence.get_earlier_versions(same)
    others = [other for code in mine["observation_id"] for other in known.get(code, [])]
    if not others:
        return []
    told = [
        _(
            "{figure}（{published}）",
            figure=figures.format_figure(row) + figures.format_evidence_mark(row["evidence"]),
            published=figures.format_publication(row),
        )
        for row in others[:MOST_VERSIONS]
    ]
    return [
        _(
            "此前还公布过{others}；各地都用最后公布的数，有定数的不用预计数。",
            others=plain_text.escape_markdown(join_items(told)),
        )
    ]


def _describe_totals(asked: PeerComparison) -> list[str]:
    """Return what must be known of a total of zones: it has other members every year."""
    if asked.measure == "growth" and asked.place["kind"] == "zone":
        return [_("全国等合计数各年所含的园区不同，不推算增速，只列公布的。")]
    if asked.measure == "share" and asked.whole and asked.whole["kind"] == "country":
        return [_("全国合计所含的高新区逐年增多，各年的占比不能直接相比。")]
    return []


def show_merged_names(rows: pl.DataFrame) -> None:
    """Show which printed names are counted as one, where several are, and that the grouping is ours."""
    known = rows[f"indicator_{lang()}"].unique(maintain_order=True).to_list()
    if len(known) > 1:
        st.caption(
            _(
                "这里合并了几个名称：{names}。按本站归类口径相同，并非公布。",
                names=plain_text.escape_markdown(join_items(known)),
            )
        )


def show_peer_links(asked: PeerComparison, indicators: pl.DataFrame) -> None:
    """Show links to all figures of the place and of the definition, and to the targets of the place."""
    key = asked.definition["comparable_key"]
    same = indicators.filter((pl.col("comparable_key") == key) & (pl.col("observations") > 0))["indicator_id"].to_list()
    codes, place = {"lang": lang(), "indicator": ",".join(same)}, localize_name(asked.place, "name")
    park, icon = {"park": asked.place["park_id"]}, ":material/arrow_forward:"
    with st.container(horizontal=True):
        label = plain_text.escape_markdown(
            _("{place}的{indicator}，每一个数", place=place, indicator=localize_name(asked.definition, "name"))
        )
        st.page_link("explore.py", label=label, icon=icon, query_params=codes | park)
        st.page_link("explore.py", label=_("这个口径的所有数"), icon=icon, query_params=codes)
        if asked.place["targets"]:
            label = plain_text.escape_markdown(_("{place}的目标，逐项", place=place))
            st.page_link("overview.py", label=label, icon=icon, query_params={"lang": lang()} | park)
