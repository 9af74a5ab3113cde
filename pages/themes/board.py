"""Show the board: every target of a place and year with its status, by theme.

Also by which rule the targets are judged, and which published number would tell more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from data.states import codes
from pages.ledger import listing
from pages.ui import cell_text, downloads, filters, layout, place_links, tables
from pages.upload import own_notice
from pages.wording import figures, plain_text, target_status
from pages.wording.language import _, join_items, join_sentences, lang, localize_name
from queries.targets.rules import Rule

Row = dict[str, Any]


@dataclass(frozen=True)
class BoardView:
    """The choices of the board as codes.

    asof: the day by which figures had to be published, None for all.
    """

    park: str
    year: int
    rule: str
    asof: date | None

    @property
    def address(self) -> dict[str, str]:
        """Return the whole view as parameters of an address, so that it keeps its meaning."""
        codes = {"lang": lang(), "park": self.park, "year": str(self.year), "rule": self.rule}
        codes |= {"asof": self.asof.isoformat()} if self.asof else {}
        return codes | {key: st.query_params[key] for key in ("status",) if st.query_params.get(key)}


def choose_board_view(
    parks: pl.DataFrame, aims: pl.DataFrame, rules: dict[str, Rule], own: str, one: str | None
) -> BoardView:
    """Show the filters of the board (place, year, rule and day) and return the view chosen.

    aims: all targets; own: the place it opens with.
    one: the target whose own view is shown; it determines place and year.
    """
    shown = aims.filter(pl.col("target_id") == (one or ""))
    with filters.make_filter_area():
        widths = [4, 3, 3, 2] if shown.height else [3, 2, 4, 3]
        columns = st.columns(widths, gap="medium")
        how, known, place, when = columns if shown.height else (*columns[2:], *columns[:2])
        if shown.height:
            park, year = shown["park_id"][0], str(shown["year"][0])
        else:
            with place:
                park = filters.choose_one("overview_park", "park", _("地区"), place_links.get_place_options(parks), own)
            years = aims.filter(pl.col("park_id") == park)["year"].unique().sort(descending=True).to_list()
            first = min(years) if park == own else max(years)
            with when:
                options = {str(year): figures.format_period(year) for year in years}
                year = filters.choose_one("overview_year", "year", _("年度"), options, str(first))
        with how:
            named = {code: localize_name(rule.texts, "name") for code, rule in rules.items()}
            rule = filters.choose_one("overview_rule", "rule", _("评定规则"), named, next(iter(named)))
        with known:
            asof = filters.choose_day("overview_asof", "asof", _("只用这一天之前公布的"))
    filters.show_unknown_codes("overview", own=("status",))
    return BoardView(park, int(year), rule, asof)


def show_status_counts(aims: pl.DataFrame) -> None:
    """Show how many targets have each status, worst first, and their names where they are few.

    There is no average of lights.
    """
    st.subheader(_("{n} 项目标", n=aims.height), anchor=False)
    entries = []
    for status in codes("target"):
        of_status = aims.filter(pl.col("status") == status)
        if of_status.height:
            named = [
                localize_name(row, "indicator")
                for row in of_status.unique("indicator_id", maintain_order=True).to_dicts()
            ]
            few = join_items(named) if len(named) < 3 else ""
            entries.append((target_status.label_state_for_choice(status), str(of_status.height), few))
    layout.show_key_numbers(entries)


def show_most_needed_number(locked: pl.DataFrame) -> None:
    """Show the one number that would let most targets be judged, and how many targets wait for it.

    locked: one row for each target that cannot be judged.
    """
    if locked.is_empty():
        return
    st.subheader(_("只差一个数"), anchor=False)
    waiting = locked.group_by("indicator_id", maintain_order=True).agg(
        pl.len().alias("n"), pl.first("unlock_zh", "unlock_en")
    )
    top = waiting.sort("n", descending=True, maintain_order=True).row(0, named=True)
    said = [
        _(
            "公布{number}，就能评定 {n} 项目标。",
            number=plain_text.escape_markdown(localize_name(top, "unlock")),
            n=top["n"],
        )
    ]
    if waiting.height > 1:
        said.append(_("其余各项要等的数，列在本页下方。"))
    st.markdown(join_sentences(said))


def choose_by_status(aims: pl.DataFrame) -> pl.DataFrame:
    """Show the filter by status, with counts, and return the targets chosen; none chosen means all."""
    present = [status for status in codes("target") if status in aims["status"].to_list()]
    of = dict(aims["status"].value_counts().iter_rows())
    options = {status: f"{target_status.label_state_for_choice(status)} {of[status]}" for status in present}
    wanted = filters.choose_several(
        st.pills, "overview_status", "status", _("按状态筛选"), options, [], selection_mode="multi",
        label_visibility="collapsed",
    )  # fmt: skip
    filters.show_unknown_codes("overview", own=("status",), here=True)
    return aims.filter(pl.col("status").is_in(wanted)) if wanted else aims


def show_board(aims: pl.DataFrame, published: pl.DataFrame, view: BoardView) -> None:
    """Show every target in one table, by theme.

    published: figures of the place, for outcome and base.
    """
    known = {row["observation_id"]: row for row in published.iter_rows(named=True)}
    printed = aims.filter(pl.col("evidence") == "published")
    one_source = printed["source_id"].n_unique() < 2
    # A link opens another tab, which is another session: what this one holds would not be in it.
    linked = own_notice.get_session_figures() is None

    def cells(row: Row) -> Row:
        figure = known.get(row["growth_observation_id"] or row["actual_observation_id"])
        named = f"{localize_name(row, 'indicator')} {figures.format_evidence_mark(row['evidence']).strip()}".strip()
        called = cell_text.format_unbroken(named) if linked else cell_text.format_breakable(named)
        return {
            _("目标"): cell_text.MarkdownCell(f"[{called}]({build_target_address(row, view)})" if linked else called),
            _("状态"): _format_result(target_status.label_status_with_mark(row)),
            _("要求"): figures.describe_target_value(row),
            _("上年"): target_status.describe_base(row, known.get(row["base_observation_id"])),
            _("结果"): _format_result(plain_text.escape_markdown(target_status.describe_outcome(row, figure))),
            _("完成率"): target_status.format_completion(row) if row["measure"] == "level" else "—",
            _("差距"): target_status.describe_gap(row),
            _("原因"): target_status.describe_status_reason(row),
            _("来源"): row["locator"] if one_source else f"{row['publisher']} {row['locator']}",
        }

    def draw(part: pl.DataFrame) -> None:
        lines: list[Row] = []
        for (theme,), group in part.group_by("theme", maintain_order=True):
            rows = [cells(row) for row in group.iter_rows(named=True)]
            blank = dict.fromkeys(rows[0], cell_text.MarkdownCell(""))
            lines += [blank | {_("目标"): cell_text.MarkdownCell(f":gray[{figures.label_theme(theme)}]")}, *rows]
        tables.show_whole_table(lines, right=(_("上年"), _("结果"), _("完成率"), _("差距")))

    tables.show_in_pages("overview_board", aims, draw, tables.ROWS_PER_PAGE)
    if not linked:
        listing.show_detail_picker("overview", "target", _("打开一项目标"), aims, "target_id", "indicator")
    if one_source and printed.height:
        first = printed.row(0, named=True)
        cited = plain_text.format_link(
            _("{source}（{published}）", source=first["source_title"], published=figures.format_publication(first)),
            first["source_url"],
        )
        said = _("目标均出自：{source}") if printed.height == aims.height else _("公布的目标均出自：{source}")
        st.caption(said.format(source=cited))


def _format_result(text: str) -> cell_text.MarkdownCell:
    """Return a cell in Markdown whose words do not break, except before the mark of an own figure."""
    mark = figures.format_evidence_mark("own")
    parts = text.partition(mark)
    kept = [cell_text.format_unbroken(part.strip(), markdown=True) for part in parts if part.strip()]
    return cell_text.MarkdownCell(" ".join(kept))


def build_target_address(row: Row, view: BoardView) -> str:
    """Return the address of a target's own view, with language, rule and day of the board."""
    codes = {key: code for key, code in view.address.items() if key in ("lang", "rule", "asof")}
    return "?" + urlencode(codes | {"target": row["target_id"]})


def get_theme_link_parameters(view: BoardView) -> dict[str, str]:
    """Return the parameters that a link to a theme page takes along: language and place."""
    return {"lang": lang(), "park": view.park}


def show_rule(rule: Rule, aims: pl.DataFrame) -> None:
    """Show one line above the board: rule, version and day; the rule in words opens on a click."""
    row = aims.row(0, named=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _(
                "评定规则：{rule}（版本 {version}），按{day}之前公布的材料",
                rule=plain_text.escape_markdown(localize_name(rule.texts, "name")),
                version=plain_text.escape_markdown(row["rule_version"]),
                day=figures.format_date(row["asof"]),
            )
        )
        with downloads.show_popover(_("怎样评定"), "rule", "overview_rule_text") as wanted:
            if wanted:
                st.markdown(describe_rule(rule))


def describe_rule(rule: Rule) -> str:
    """Return how a target is judged, as a list in Markdown."""
    lines = [
        _("年度已有全年数的，拿结果的区间与目标比：下端达到目标为已完成，上端不到为未完成，其余为临界。"),
        _("年内看进度：{said}", said=plain_text.escape_markdown(localize_name(rule.texts, "text"))),
        _("≈ 表示原文的舍入可能改变状态。口径不同的数不相比；缺数的不评，写明缺什么。"),
        _("规则来源：{source}。", source=plain_text.escape_markdown(localize_name(rule.texts, "source"))),
    ]
    return "\n".join(f"- {line}" for line in lines)


def show_unjudged_targets(rows: pl.DataFrame) -> None:
    """Show which targets cannot be judged, and why.

    Each with the one number that would tell, and where it is usually published.
    """
    if rows.is_empty():
        return
    st.subheader(_("不可评估的，各差哪个数"), anchor=False)

    def cells(row: Row) -> Row:
        return {
            _("目标"): localize_name(row, "indicator") + " " + figures.describe_target_value(row),
            _("原因"): target_status.describe_status_reason(row),
            _("差哪个数"): localize_name(row, "unlock"),
            _("通常在哪里公布"): localize_name(row, "where"),
        }

    tables.show_table("overview_locked", rows, cells)
