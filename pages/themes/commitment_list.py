"""Show commitments: promises without a number, grouped by what they build, each with its state."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ui import layout
from pages.wording import plain_text
from pages.wording.language import _, join_sentences, localize_name

Row = dict[str, Any]


def label_commitment_group(code: str) -> str:
    """Return the name of a group of commitments."""
    return {
        "strategy": _("战略与规划"),
        "platforms": _("平台"),
        "finance": _("金融"),
        "incubation": _("孵化"),
        "intellectual_property": _("知识产权"),
        "university_cooperation": _("产学研合作"),
        "public_spending": _("财政投入"),
        "employment": _("就业培训"),
        "education": _("教育"),
        "social_protection": _("低保与医保"),
        "pensions": _("养老"),
        "social_order": _("社会治理"),
        "work_safety": _("安全生产"),
        "spatial_plan": _("空间规划"),
        "expansion": _("扩区"),
    }[code]


def describe_commitment_state(row: Row) -> str:
    """Return the state of a commitment, as far as anything was published."""
    if row["state"] == "traced":
        return _("◌ 后来公布过相关数：{indicator}（不等于兑现）", indicator=localize_name(row, "related_indicator"))
    return _("◌ 结果未见公布")


def show_commitments(page: str, rows: pl.DataFrame, link: str, title: str, indicators: pl.DataFrame) -> None:
    """Show the commitments of a page in groups, then their files."""
    if rows.is_empty():
        return
    traced = rows.filter(pl.col("state") == "traced").height
    st.subheader(_("承诺 {n} 项", n=rows.height), anchor=False)
    year = rows["year"][0]
    said = [_("{year}年作出、没有数字的承诺；分组为本站所加。", year=year)]
    said += [_("{n} 项的结果未见公布。", n=rows.height - traced)]
    said += [_("{n} 项后来公布过相关的数。", n=traced)] if traced else []
    st.caption(join_sentences(said))
    grid = st.grid(3, min_column_width=240, gap="medium")
    for (code,), members in rows.group_by("builds", maintain_order=True):
        lines = [f"**{label_commitment_group(str(code))}**", ""]
        for row in members.iter_rows(named=True):
            lines.append(
                f"- {plain_text.escape_markdown(localize_name(row, 'name'))}  \n"
                f"  :gray[:small[{plain_text.escape_markdown(describe_commitment_state(row))}]]"
            )
        grid.markdown("\n".join(lines))
    layout.show_actions(f"{page}_commitments", "commitments", rows, link, title, [], indicators)
