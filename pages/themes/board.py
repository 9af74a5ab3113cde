"""The board: every target of a place and year with its status, by theme; by which rule, and what would tell more."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from data.states import codes
from pages.ledger import preplan
from pages.ui import downloads, filters, layout, tables
from pages.upload import own_section
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, lang, listed, name, sentences

Row = dict[str, Any]


@dataclass(frozen=True)
class View:
    """What the board shows, as codes; asof: the day by which figures had to be published, None for all."""

    park: str
    year: int
    rule: str
    asof: date | None

    @property
    def address(self) -> dict[str, str]:
        """The whole view as parameters of an address, so that it keeps its meaning."""
        codes = {"lang": lang(), "park": self.park, "year": str(self.year), "rule": self.rule}
        codes |= {"asof": self.asof.isoformat()} if self.asof else {}
        return codes | {key: st.query_params[key] for key in ("status",) if st.query_params.get(key)}


def asked(parks: pl.DataFrame, aims: pl.DataFrame, rules: dict[str, Any], own: str, one: str | None) -> View:
    """The filters of the board: place, year, rule and day.

    aims: all targets; own: the place it opens with; one: the target whose own view is shown, which has place and year.
    """
    shown = aims.filter(pl.col("target_id") == (one or ""))
    with filters.fold():
        widths = [4, 3, 3, 2] if shown.height else [3, 2, 4, 3]
        columns = st.columns(widths, gap="medium")
        how, known, place, when = columns if shown.height else (*columns[2:], *columns[:2])
        if shown.height:
            park, year = shown["park_id"][0], str(shown["year"][0])
        else:
            with place:
                park = filters.single("overview_park", "park", _("地区"), filters.named(parks, "park_id"), own)
            years = aims.filter(pl.col("park_id") == park)["year"].unique().sort(descending=True).to_list()
            first = min(years) if park == own else max(years)
            with when:
                options = {str(year): figures.period(year) for year in years}
                year = filters.single("overview_year", "year", _("年度"), options, str(first))
        with how:
            named = {code: name(rule.texts, "name") for code, rule in rules.items()}
            rule = filters.single("overview_rule", "rule", _("评定规则"), named, next(iter(named)))
        with known:
            asof = filters.day("overview_asof", "asof", _("只用这一天之前公布的"))
    filters.ignored("overview", own=("status",))
    return View(park, int(year), rule, asof)


def counts(aims: pl.DataFrame) -> None:
    """How many targets stand how, worst first, and what a published number would tell. No average of lights."""
    st.subheader(_("{n} 项目标", n=aims.height), anchor=False)
    entries = []
    for status in codes("target"):
        of_status = aims.filter(pl.col("status") == status)
        if of_status.height:
            named = [name(row, "indicator") for row in of_status.unique("indicator_id", maintain_order=True).to_dicts()]
            few = listed(named) if len(named) < 3 else ""
            entries.append((target_status.called(status), str(of_status.height), few))
    layout.numbers(entries)


def unlocked(locked: pl.DataFrame) -> None:
    """The one number that would tell most, and how many targets wait for it."""
    if locked.is_empty():
        return
    st.subheader(_("只差一个数"), anchor=False)
    waiting = locked.group_by("indicator_id", maintain_order=True).agg(
        pl.len().alias("n"), pl.first("unlock_zh", "unlock_en")
    )
    top = waiting.sort("n", descending=True, maintain_order=True).row(0, named=True)
    said = [_("公布{number}，就能评定 {n} 项目标。", number=plain_text.plain(name(top, "unlock")), n=top["n"])]
    if waiting.height > 1:
        said.append(_("其余各项要等的数，列在本页下方。"))
    st.markdown(sentences(said))


def chosen(aims: pl.DataFrame) -> pl.DataFrame:
    """The filter by status, with counts; none chosen is all."""
    present = [status for status in codes("target") if status in aims["status"].to_list()]
    of = dict(aims["status"].value_counts().iter_rows())
    options = {status: f"{target_status.called(status)} {of[status]}" for status in present}
    wanted = filters.several(
        st.pills, "overview_status", "status", _("按状态筛选"), options, [], selection_mode="multi",
        label_visibility="collapsed",
    )  # fmt: skip
    filters.ignored("overview", own=("status",), here=True)
    return aims.filter(pl.col("status").is_in(wanted)) if wanted else aims


def show(aims: pl.DataFrame, published: pl.DataFrame, view: View) -> None:
    """Every target in one table, by theme. published: figures of the place, for outcome and base."""
    known = {row["observation_id"]: row for row in published.iter_rows(named=True)}
    printed = aims.filter(pl.col("evidence") == "published")
    one_source = printed["source_id"].n_unique() < 2
    # A link opens another tab, which is another session: what this one holds would not be in it.
    linked = own_section.held() is None

    def cells(row: Row) -> Row:
        figure = known.get(row["growth_observation_id"] or row["actual_observation_id"])
        named = f"{name(row, 'indicator')} {figures.mark(row['evidence']).strip()}".strip()
        called = tables.joined(named) if linked else tables.loose(named)
        return {
            _("目标"): tables.Rich(f"[{called}]({opened(row, view)})" if linked else called),
            _("状态"): _loose(target_status.light(row)),
            _("要求"): figures.aim(row),
            _("上年"): target_status.base(row, known.get(row["base_observation_id"])),
            _("结果"): _loose(plain_text.plain(target_status.outcome(row, figure))),
            _("完成率"): target_status.completion(row) if row["measure"] == "level" else "—",
            _("差距"): figures.gap(row),
            _("原因"): target_status.reason(row),
            _("出处"): row["locator"] if one_source else f"{row['publisher']} {row['locator']}",
        }

    def draw(part: pl.DataFrame) -> None:
        lines: list[Row] = []
        for (theme,), group in part.group_by("theme", maintain_order=True):
            rows = [cells(row) for row in group.iter_rows(named=True)]
            blank = dict.fromkeys(rows[0], tables.Rich(""))
            lines += [blank | {_("目标"): tables.Rich(f":gray[{figures.theme(theme)}]")}, *rows]
        tables.whole(lines, right=(_("上年"), _("结果"), _("完成率"), _("差距")))

    tables.paged("overview_board", aims, draw, tables.ROWS)
    if not linked:
        preplan.pick("overview", "target", _("打开一项目标"), aims, "target_id", "indicator")
    if one_source and printed.height:
        first = printed.row(0, named=True)
        cited = plain_text.linked(
            f"{first['source_title']}（{figures.cited(first)}）"
            if lang() == "zh"
            else f"{first['source_title']} ({figures.cited(first)})",
            first["source_url"],
        )
        said = _("目标均出自：{source}") if printed.height == aims.height else _("公布的目标均出自：{source}")
        st.caption(said.format(source=cited))


def _loose(text: str) -> tables.Rich:
    """A cell in Markdown whose words do not break, but before the mark of an own figure."""
    mark = figures.mark("own")
    parts = text.partition(mark)
    kept = [tables.joined(part.strip(), markdown=True) for part in parts if part.strip()]
    return tables.Rich(" ".join(kept))


def opened(row: Row, view: View) -> str:
    """The address of a target's own view, with what the board was seen by."""
    codes = {key: code for key, code in view.address.items() if key in ("lang", "rule", "asof")}
    return "?" + urlencode(codes | {"target": row["target_id"]})


def carried(view: View) -> dict[str, str]:
    """What a link to the page of a theme takes along: language and place."""
    return {"lang": lang(), "park": view.park}


def judged_by(rule: Any, aims: pl.DataFrame) -> None:
    """One line beside the board: rule, version and day; the rule in words one click away."""
    row = aims.row(0, named=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _(
                "评定规则：{rule}（版本 {version}），按{day}之前公布的材料",
                rule=plain_text.plain(name(rule.texts, "name")), version=plain_text.plain(row["rule_version"]),
                day=figures.day(row["asof"]),
            )
        )  # fmt: skip
        with downloads.opened(_("怎样评定"), "rule", "overview_rule_text") as wanted:
            if wanted:
                st.markdown(told(rule))


def told(rule: Any) -> str:
    """How a target is judged, in words."""
    lines = [
        _("年度已有全年数的，拿结果的区间与目标比：下端达到目标为已完成，上端不到为未完成，其余为临界。"),
        _("年内看进度：{said}", said=plain_text.plain(name(rule.texts, "text"))),
        _("≈ 表示原文的舍入可能改变状态。口径不同的数不相比；缺数的不评，写明缺什么。"),
        _("规则出处：{source}。", source=plain_text.plain(name(rule.texts, "source"))),
    ]
    return "\n".join(f"- {line}" for line in lines)


def locked(rows: pl.DataFrame) -> None:
    """What cannot be judged: the target, why, the one number that would tell, and where it is usually published."""
    if rows.is_empty():
        return
    st.subheader(_("还不能评定的，各差哪个数"), anchor=False)

    def cells(row: Row) -> Row:
        return {
            _("目标"): name(row, "indicator") + " " + figures.aim(row),
            _("原因"): target_status.reason(row),
            _("差哪个数"): name(row, "unlock"),
            _("通常在哪里公布"): name(row, "where"),
        }

    tables.table("overview_locked", rows, cells)
