"""The six mechanisms in words and tables: what each asks for, a matrix by theme, what each carries."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import charts, pictures
from pages.ui import filters, layout, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, join_items, join_sentences, lang, localize_name

Row = dict[str, Any]
CODES_OF_0_1 = {"leader": "leaders", "supervise": "supervision", "reward": "rewards"}  # in links made with 0.1.0


def describe_mechanisms(six: pl.DataFrame) -> str:
    """Return what the text says of the six mechanisms, and what was never published."""
    named = [localize_name(row, "name") for row in six.filter(pl.col("stated") == "named").iter_rows(named=True)]
    return join_sentences(
        [
            _(
                "原文说明了其中 {n} 项的做法，{named}只提到名称。",
                n=six.height - len(named),
                named=plain_text.escape_markdown(join_items(named)),
            ),
            _("**没有公布过任何任务台账、月度通报或考核结果**，因此这里只列它们各自管哪些目标和承诺，不评执行情况。"),
        ]
    )


def show_mechanism_ring(drawn: tuple[pl.DataFrame, charts.Spec], source: Row) -> list[pictures.Picture]:
    """Show the six mechanisms as one loop; return its picture.

    drawn: rows and spec of the chart; source: a row that names the text in which the six are listed.
    """
    heading = _("一个闭环")
    cited = f"{source['source_title']} ({figures.format_date(source['source_published'])}) {source['locator']}"
    link = layout.build_page_address({"lang": lang()})
    ring = layout.show_picture(heading, pictures.Picture(heading, *drawn, cited, link), _("六大机制首尾相接"))
    st.caption(
        _("顺序按原文；连成一圈是本站的画法：先安排，再有人管，按月看，落后就督，服务跟上，年终算账，来年再安排。")
    )
    return [ring]


def show_requirements(six: pl.DataFrame) -> None:
    """Show what each mechanism asks for, under a heading."""
    st.subheader(_("各自要求什么"), anchor=False)
    show_requirement_list(six)


def choose_mechanism_filters(six: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Show the filters of what each mechanism carries; return the chosen mechanism codes and themes."""
    filters.normalize_parameter("mechanism", CODES_OF_0_1)
    with filters.make_filter_area():
        one, two = st.columns(2, gap="medium")
        with one:
            codes = filters.get_names_by_code(six, "mechanism_id")
            wanted = filters.choose_several(
                st.pills, "mechanisms_mechanism", "mechanism", _("机制"), codes, [], selection_mode="multi"
            )
        with two:
            of_theme = filters.choose_several(
                st.pills, "mechanisms_theme", "theme", _("方面"), figures.label_themes(), [], selection_mode="multi"
            )
    return wanted, of_theme


def show_requirement_list(six: pl.DataFrame) -> None:
    """Show each mechanism with what it asks for, in our own words."""
    lines = []
    for row in six.iter_rows(named=True):
        mark = "" if row["stated"] == "full" else " :gray[" + _("（原文仅提名称）") + "]"
        lines.append(
            f"{row['position']}. {plain_text.format_bold(localize_name(row, 'name'))}{mark}  \n"
            f"   {plain_text.escape_markdown(localize_name(row, 'asks'))}"
        )
    st.markdown("\n".join(lines))


def show_theme_matrix(rows: pl.DataFrame) -> None:
    """Show a table of mechanism by theme: how many targets and commitments each carries.

    The basis of each assignment is the last column; its reasons are in a box below.
    """
    themes = rows["theme"].unique(maintain_order=True).to_list()
    themes = [theme for theme in figures.label_themes() if theme in themes]
    shown, reasons = [], []
    for (mechanism,), group in rows.group_by(f"mechanism_{lang()}", maintain_order=True):
        cells = {_("机制"): str(mechanism)}
        for theme in themes:
            of_theme = group.filter(pl.col("theme") == theme)
            targets = of_theme.filter(pl.col("kind") == "target").height
            cells[figures.label_theme(theme)] = label_carried_counts(targets, of_theme.height - targets)
        cells[_("依据")] = label_assignment_basis(group["basis"][0])
        reasons.append(
            f"- {plain_text.format_bold(str(mechanism))}　"
            f"{plain_text.escape_markdown(localize_name(group.row(0, named=True), 'reason'))}"
        )
        shown.append(cells)
    tables.show_whole_table(shown)
    with st.expander(_("这样归的理由"), icon=":material/info:"):
        st.markdown("\n".join(reasons))


def label_carried_counts(targets: int, commitments: int) -> str:
    """Return the counts of targets and commitments in one cell; a dash where both are zero."""
    parts = [_("目标 {n}", n=targets)] if targets else []
    parts += [_("承诺 {n}", n=commitments)] if commitments else []
    return " · ".join(part.replace(" ", tables.NO_BREAK) for part in parts) or "—"


def label_assignment_basis(code: str) -> str:
    """Return the basis of an assignment in words: stated by the text, or our reading of it."""
    said = _("原文写明") if code == "stated" else _("本站解读")
    return said.replace(" ", tables.NO_BREAK)


def show_mechanism_links(rows: pl.DataFrame, key: str = "mechanisms_links") -> None:
    """Show every pair of a mechanism and a target or commitment that it carries."""

    def cells(row: Row) -> Row:
        return {
            _("名称"): localize_name(row, "name"),
            _("要求"): figures.describe_target_value(row) if row["kind"] == "target" else _("承诺，没有数字"),
            _("方面"): figures.label_theme(row["theme"]),
            _("机制"): localize_name(row, "mechanism"),
            _("依据"): label_assignment_basis(row["basis"]),
        }

    tables.show_table(key, rows, cells)
