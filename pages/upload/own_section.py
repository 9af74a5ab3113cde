"""A reader's own figures in the session: the section to load and remove them."""

from functools import partial

import polars as pl
import streamlit as st

from pages.ui import downloads
from pages.upload import files
from pages.upload.own_notice import get_session_figures, set_session_figures
from pages.wording import plain_text
from pages.wording.language import _, lang
from queries import upload
from queries.database.own_figures import OwnFigures, OwnFile

MOST_LINKED_CODES = 6  # codes in a link to where a file is seen


def show_own_section(heading: str) -> None:
    """Show the section to load own figures: templates, the place to drop files, what is loaded."""
    st.subheader(heading, anchor=False)
    st.markdown(
        _(
            "放入 CSV 或 Excel 文件：先核对，您确认后才载入。载入的数只在这个浏览器标签页的会话里，处处标明“自有”，"
            "别人看不到，也不保存；刷新或关闭页面就没有了。"
        )
    )
    show_templates()
    data = get_session_figures()
    if data is not None:
        show_held_files(data)
    file = files.choose_file_to_load([file.sha256 for file in data.files] if data is not None else [])
    if file is not None:
        set_session_figures((data or OwnFigures()).with_file(file))
        st.rerun()


def show_templates() -> None:
    """Show downloads of empty tables to fill in."""
    language = lang()
    with st.container(horizontal=True):
        for table, label in {"observation": _("数据模板"), "target": _("目标模板")}.items():
            for suffix, kind in {"xlsx": "Excel", "csv": "CSV"}.items():
                downloads.show_download_button(
                    f"{label} · {kind}",
                    partial(upload.make_upload_template, table, suffix, language),
                    f"park-template-{table}.{suffix}",
                    suffix,
                    f"sources_own_template_{table}_{suffix}",
                )


def show_held_files(data: OwnFigures) -> None:
    """Show the loaded files, each with links to where its figures are seen and a button to remove it."""
    st.markdown("**" + _("已载入，只有您看得到") + "**")
    for place, file in enumerate(data.files):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"{plain_text.escape_markdown(file.name)} :gray[{describe_file_contents(file)}]", width="content"
            )
            seen = data.remember(("seen", place), partial(data.fetch_codes, place))
            for script, label, query in make_file_links(file, seen):
                st.page_link(script, label=label, icon=":material/arrow_forward:", query_params=query, width="content")
            st.button(
                _("移除"), icon=":material/delete:", type="tertiary",
                key=f"sources_own_remove_{place}_{file.sha256[:8]}",
                on_click=lambda place=place: set_session_figures(data.without(place)),
            )  # fmt: skip


def describe_file_contents(file: OwnFile) -> str:
    """Describe how much a file holds."""
    said = [_("{n} 条数据", n=f"{file.observations:,}")] if file.observations else []
    said += [_("{n} 项目标", n=f"{file.targets:,}")] if file.targets else []
    return " · ".join(said) or _("只有地区或指标的名称")


def make_file_links(file: OwnFile, seen: pl.DataFrame) -> list[tuple[str, str, dict[str, str]]]:
    """Return links to pages that show the figures of a file: script, label and query.

    seen: indicator_id and park_id of its figures and targets.
    """
    found = []
    if file.observations:
        codes = {"indicator": seen["indicator_id"].unique(maintain_order=True).to_list(),
                 "park": seen["park_id"].unique(maintain_order=True).to_list()}  # fmt: skip
        query = {"lang": lang(), "evidence": "published,own"}
        query |= {key: ",".join(values) for key, values in codes.items() if len(values) <= MOST_LINKED_CODES}
        found.append(("explore.py", _("看图表"), query))
    if seen.height:
        park = seen["park_id"].mode().sort()[0]
        found.append(("overview.py", _("看目标"), {"lang": lang(), "park": park}))
    return found
