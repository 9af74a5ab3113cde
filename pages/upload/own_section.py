"""A reader's own figures in the session: the line on every page that says so, and the section where they are put in."""

from typing import Any

import polars as pl
import streamlit as st

from pages.ui import downloads, layout
from pages.upload import files
from pages.wording import plain_text
from pages.wording.language import _, lang

FEW = 6  # codes in a link to where a file is seen


def held() -> Any:
    """What this reader put in (queries.database.own_figures.Own); None: nothing."""
    return st.session_state.get(layout.OWN)


def keep(data: Any) -> None:
    """Hold it for this session; None: hold nothing."""
    st.session_state[layout.OWN] = data


def told(page: str) -> None:
    """One quiet line while there is something of the reader's own in the figures; page: the address of the page."""
    data = held()
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = _("含您的自有数据 {n} 条，只有您看得到。", n=f"{data.rows:,}")
        st.caption(":material/lock: " + said, width="content")
        if page != "sources":
            query = {"lang": lang(), "show": "own"}
            st.page_link("sources.py", label=_("查看或移除"), query_params=query, width="content")


def section(heading: str, own: Any, intake: Any) -> None:
    """Where a reader puts in figures of one's own: templates, the place to drop files, what is held.

    own, intake: queries.database.own_figures and queries.upload.
    """
    st.subheader(heading, anchor=False)
    st.markdown(
        _(
            "放入 CSV 或 Excel 文件：先核对，您确认后才载入。载入的数只在这个浏览器标签页的会话里，处处标明“自有”，"
            "别人看不到，也不保存；刷新或关闭页面就没有了。"
        )
    )
    templates(intake)
    data = held()
    if data is not None:
        listed(data)
    file = files.taken(intake, [file.sha256 for file in data.files] if data is not None else [])
    if file is not None:
        keep((data or own.Own()).with_file(file))
        st.rerun()


def templates(intake: Any) -> None:
    """Empty tables to fill in."""
    language = lang()
    with st.container(horizontal=True):
        for table, label in {"observation": _("数据模板"), "target": _("目标模板")}.items():
            for suffix, kind in {"xlsx": "Excel", "csv": "CSV"}.items():
                downloads.button(
                    f"{label} · {kind}",
                    lambda table=table, suffix=suffix: intake.template(table, suffix, language),  # type: ignore[misc]
                    f"park-template-{table}.{suffix}",
                    suffix,
                    f"sources_own_template_{table}_{suffix}",
                )


def listed(data: Any) -> None:
    """The files that are held, where their figures are seen, and the way to take each out."""
    st.markdown("**" + _("已载入，只有您看得到") + "**")
    for place, file in enumerate(data.files):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{plain_text.plain(file.name)} :gray[{counted(file)}]", width="content")
            seen = data.remember(("seen", place), lambda place=place: data.codes(place))
            for script, label, query in doors(file, seen):
                st.page_link(script, label=label, icon=":material/arrow_forward:", query_params=query, width="content")
            st.button(
                _("移除"), icon=":material/delete:", type="tertiary",
                key=f"sources_own_remove_{place}_{file.sha256[:8]}",
                on_click=lambda place=place: keep(data.without(place)),
            )  # fmt: skip


def counted(file: Any) -> str:
    """How much a file holds, in words."""
    said = [_("{n} 条数据", n=f"{file.observations:,}")] if file.observations else []
    said += [_("{n} 项目标", n=f"{file.targets:,}")] if file.targets else []
    return " · ".join(said) or _("只有地区或指标的名称")


def doors(file: Any, seen: pl.DataFrame) -> list[tuple[str, str, dict[str, str]]]:
    """Pages on which the figures of a file are seen; seen: indicator_id and park_id of its figures and targets."""
    found = []
    if file.observations:
        codes = {"indicator": seen["indicator_id"].unique(maintain_order=True).to_list(),
                 "park": seen["park_id"].unique(maintain_order=True).to_list()}  # fmt: skip
        query = {"lang": lang(), "evidence": "published,own"}
        query |= {key: ",".join(values) for key, values in codes.items() if len(values) <= FEW}
        found.append(("explore.py", _("看图表"), query))
    if seen.height:
        park = seen["park_id"].mode().sort()[0]
        found.append(("overview.py", _("看目标"), {"lang": lang(), "park": park}))
    return found
