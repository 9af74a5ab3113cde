"""One place beside others: what is asked, what is said of it, over the years, and how targets were kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages.exploring import facets
from pages.ui import filters, layout
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, listed, name, sentences
from queries.figures import comparison, precedence

Row = dict[str, Any]
MOST_VERSIONS = 4


@dataclass(frozen=True)
class Asked:
    """What the reader compares: the place, the definition (a row of definitions()), how it is measured, of which
    larger place, beside which kinds of places, in which year.

    rows: the figures of all years; kinds: of places, by their code.
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

    @property
    def address(self) -> dict[str, str]:
        """The whole view as parameters of an address."""
        codes = {
            "lang": lang(), "park": self.place["park_id"], "indicator": self.definition["indicator_id"],
            "year": str(self.year), "as": self.measure,
        }  # fmt: skip
        codes |= {"role": ",".join(self.roles)} if self.roles else {}
        codes |= {"asof": self.asof.isoformat()} if self.asof else {}
        return codes | ({"of": self.whole["park_id"]} if self.whole else {})

    @property
    def indicator(self) -> str:
        """What is measured, as its rows call it."""
        return name(self.rows.row(0, named=True), "indicator")

    @property
    def kind(self) -> str:
        """What places are ranked."""
        kind = kind_of(self.place["kind"])
        return _("所选范围内的{kind}", kind=kind) if self.roles else kind


def kind_of(code: str) -> str:
    """A kind of place that is ranked, in words."""
    kinds = {"zone": _("高新区"), "etdz": _("经开区"), "city": _("地市"), "province": _("省份")}
    return kinds.get(code, "")


def asked(page: str, parks: pl.DataFrame, own: str) -> Asked:
    """The filters: who, what, how measured, which year, of which larger place, beside whom.

    parks: places with figures; own: the place of this installation, the default.
    """
    with filters.fold():
        who, what, when = st.columns([3, 5, 4], gap="medium")
        how, beside = st.columns([3, 9], gap="medium", vertical_alignment="bottom")
        asof = filters.known_by(page)
    with who:
        park = filters.single(f"{page}_park", "park", _("谁"), filters.named(parks, "park_id"), own)
    offered = comparison.definitions(park, asof)
    if offered.is_empty():
        layout.empty(st.container())
    with what:
        options = {row["indicator_id"]: _offer(row) for row in offered.iter_rows(named=True)}
        filters.renamed("indicator", {code: row["indicator_id"] for row in offered.iter_rows(named=True)
                                      for code in row["names"]})  # fmt: skip
        chosen = filters.single(f"{page}_indicator", "indicator", _("比什么"), options, next(iter(options)))
    definition = offered.filter(pl.col("indicator_id") == chosen).row(0, named=True)
    with how:
        kinds = {"level": _("数值"), "growth": _("增速"), "share": _("占比")}
        measure = filters.single_pills(f"{page}_as", "as", _("怎么量"), kinds, "level")
    with beside:
        present = set(parks["role"])
        known = {code: text for code, text in facets.roles().items() if code in present}
        roles = filters.several(st.pills, f"{page}_role", "role", _("和谁比"), known, [], selection_mode="multi")
    with how:
        wholes = comparison.wholes(park, chosen, asof) if measure == "share" else []
        whole = _whole(page, parks, wholes) if wholes else None
    rows = comparison.measured(chosen, measure, whole, roles, park, lang(), asof)
    with when:
        year = _year(page, rows, comparison.default_year(rows, park)) if rows.height else 0
    named = {row["park_id"]: row for row in parks.iter_rows(named=True)}
    every = dict(parks.select("park_id", "kind").iter_rows())
    return Asked(named[park], definition, measure, named.get(whole or ""), roles, year, rows, every, asof)


def _offer(row: Row) -> str:
    return _("{indicator}（{n} 个地区）", indicator=name(row, "name"), n=row["places"])


def _whole(page: str, parks: pl.DataFrame, wholes: list[str]) -> str:
    named = filters.named(parks, "park_id")
    options = {code: named[code] for code in wholes}
    filters.outlived(f"{page}_of", "of", options)
    return filters.single(f"{page}_of", "of", _("占哪里"), options, next(iter(options)))


def _year(page: str, rows: pl.DataFrame, default: int) -> int:
    """The year that is compared; how many places have it stands beside it."""
    counts = rows.group_by("period").agg(pl.col("park_id").n_unique()).sort("period", descending=True)
    options = {year: _("{year}年（{n} 个地区）", year=year, n=n) for year, n in counts.iter_rows()}
    filters.outlived(f"{page}_year", "year", options)
    return int(filters.single(f"{page}_year", "year", _("哪一年"), options, str(default)))


def nothing(top: Any, asked: Asked) -> None:
    """No figure can be measured so: say why in the title's place, what to do, and stop."""
    of = {"place": name(asked.place, "name"), "indicator": name(asked.definition, "name")}
    if asked.measure == "share":
        title = _("{indicator}：所在地区没有同一年的同口径数，算不出{place}的占比", **of)
    else:
        title = _("{indicator}：在所选的地区里没有查到整年的数", **of)
    layout.empty(top, title, _("请换一个指标、量法或年份，或按“恢复默认”。"))


def title(standing: pl.DataFrame, asked: Asked) -> str:
    """What the place has, and where it stands among those of its kind of which a figure was found."""
    ranked = standing.filter(pl.col("rank").is_not_null())
    mine = standing.filter(pl.col("park_id") == asked.place["park_id"])
    place = name(asked.place, "name")
    called = {"year": asked.year, "indicator": asked.indicator, "kind": asked.kind, "n": ranked.height}
    if mine.is_empty() and ranked.is_empty():
        return _("{year}年{indicator}：没有查到{place}的同口径数", place=place, **called)
    if mine.is_empty():
        return _("{year}年{indicator}：查到 {n} 个{kind}的同口径数，没有{place}的", place=place, **called)
    row = mine.row(0, named=True)
    called |= {"place": place, "value": figures.number(row) + figures.mark(row["evidence"]), "rank": rank(row)}
    if ranked.is_empty():  # a sum of zones has no peers
        return _("{year}年{indicator}：{place}{value}", **called)
    if ranked.height == 1:
        return _("{year}年{indicator}：{place}{value}，没有查到其他{kind}的同口径数", **called)
    return _("{year}年{indicator}：{place}{value}，在查到同口径数的 {n} 个{kind}里居第 {rank}", **called)


def rank(row: Row) -> str:
    """A rank in digits, with all that rounding leaves open; — where there is nobody to be ranked with."""
    if row["rank"] is None or row["ranked"] == 1:
        return "—"
    ends = dict.fromkeys((row["rank_first"], row["rank_last"]))
    return ("—" if lang() == "zh" else "–").join(map(str, ends))


def paragraph(standing: pl.DataFrame, asked: Asked, zones: int) -> str:
    """What rounding and other versions leave open, how few figures there are, and what a total is."""
    ranked = standing.filter(pl.col("rank").is_not_null())
    mine = ranked.filter(pl.col("park_id") == asked.place["park_id"])
    said = []
    for row in mine.filter((pl.col("evidence") == "derived") & pl.col("low").is_not_null()).iter_rows(named=True):
        span = figures.span(row["low"], row["high"], 4)
        said.append(_("由公布数推算，舍入之内在 {span}% 之间。", span=span))
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
            _("只排查到数的 **{n}** 个{kind}，其余不参加排名。", n=ranked.height, kind=plain_text.plain(asked.kind))
        )
    return sentences([*said, *_versions(mine, asked), *_totals(asked)])


def _versions(mine: pl.DataFrame, asked: Asked) -> list[str]:
    """Other figures of the same place and year, where there are any."""
    same = asked.rows.filter((pl.col("park_id") == asked.place["park_id"]) & (pl.col("period") == str(asked.year)))
    known = precedence.earlier(same)
    others = [other for code in mine["observation_id"] for other in known.get(code, [])]
    if not others:
        return []
    told = [f"{figures.number(row)}{figures.mark(row['evidence'])} ({figures.cited(row)})" if lang() == "en" else
            f"{figures.number(row)}（{figures.cited(row)}）"
            for row in others[:MOST_VERSIONS]]  # fmt: skip
    return [
        _("此前还公布过{others}；各地都用最后公布的数，有定数的不用预计数。", others=plain_text.plain(listed(told)))
    ]


def _totals(asked: Asked) -> list[str]:
    """A total of zones has other members every year."""
    if asked.measure == "growth" and asked.place["kind"] == "zone":
        return [_("全国等合计数各年所含的园区不同，不推算增速，只列公布的。")]
    if asked.measure == "share" and asked.whole and asked.whole["kind"] == "country":
        return [_("全国合计所含的高新区逐年增多，各年的占比不能直接相比。")]
    return []


def merged(rows: pl.DataFrame) -> None:
    """Where several printed names stand together, which, and that the grouping is ours."""
    known = rows[f"indicator_{lang()}"].unique(maintain_order=True).to_list()
    if len(known) > 1:
        st.caption(
            _("这里合并了几个名称：{names}。按本站归类口径相同，并非公布。", names=plain_text.plain(listed(known)))
        )


def doors(asked: Asked, indicators: pl.DataFrame) -> None:
    """Ways on: all figures of the place and of the definition, and its targets one by one."""
    key = asked.definition["comparable_key"]
    same = indicators.filter((pl.col("comparable_key") == key) & (pl.col("observations") > 0))["indicator_id"].to_list()
    codes, place = {"lang": lang(), "indicator": ",".join(same)}, name(asked.place, "name")
    park, icon = {"park": asked.place["park_id"]}, ":material/arrow_forward:"
    with st.container(horizontal=True):
        label = plain_text.plain(
            _("{place}的{indicator}，每一个数", place=place, indicator=name(asked.definition, "name"))
        )
        st.page_link("explore.py", label=label, icon=icon, query_params=codes | park)
        st.page_link("explore.py", label=_("这个口径的所有数"), icon=icon, query_params=codes)
        if asked.place["targets"]:
            label = plain_text.plain(_("{place}的目标，逐项", place=place))
            st.page_link("overview.py", label=label, icon=icon, query_params={"lang": lang()} | park)
