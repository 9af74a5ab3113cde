"""The six mechanisms in words and tables: what each asks for, a matrix by theme, what each carries."""

from typing import Any

import polars as pl
import streamlit as st

from pages.charts import charts, pictures
from pages.ui import filters, layout, tables
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, listed, name, sentences

Row = dict[str, Any]


def paragraph(six: pl.DataFrame) -> str:
    """What the text says of the six, and what was never published."""
    named = [name(row, "name") for row in six.filter(pl.col("stated") == "named").iter_rows(named=True)]
    return sentences(
        [
            _(
                "原文说明了其中 {n} 项的做法，{named}只提到名称。",
                n=six.height - len(named),
                named=plain_text.plain(listed(named)),
            ),
            _("**没有公布过任何任务台账、月度通报或考核结果**，因此这里只列它们各自管哪些目标和承诺，不评执行情况。"),
        ]
    )


def circle(drawn: tuple[pl.DataFrame, charts.Spec], source: Row) -> list[pictures.Picture]:
    """The six as one loop; source: a row that names the text they stand in."""
    heading = _("一个闭环")
    cited = f"{source['source_title']} ({figures.day(source['source_published'])}) {source['locator']}"
    link = layout.address({"lang": lang()})
    ring = layout.drawn_under(heading, pictures.Picture(heading, *drawn, cited, link), _("六大机制首尾相接"))
    st.caption(
        _("顺序按原文；连成一圈是本站的画法：先安排，再有人管，按月看，落后就督，服务跟上，年终算账，来年再安排。")
    )
    return [ring]


def asked(six: pl.DataFrame) -> None:
    """What each asks for, under its heading."""
    st.subheader(_("各自要求什么"), anchor=False)
    asks(six)


def chosen(six: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The filters of what each carries: mechanism and theme."""
    with filters.fold():
        one, two = st.columns(2, gap="medium")
        with one:
            codes = filters.named(six, "mechanism_id")
            wanted = filters.several(
                st.pills, "mechanisms_mechanism", "mechanism", _("机制"), codes, [], selection_mode="multi"
            )
        with two:
            of_theme = filters.several(
                st.pills, "mechanisms_theme", "theme", _("方面"), figures.themes(), [], selection_mode="multi"
            )
    return wanted, of_theme


def asks(six: pl.DataFrame) -> None:
    """Each mechanism with what it asks for, in our own words."""
    lines = []
    for row in six.iter_rows(named=True):
        mark = "" if row["stated"] == "full" else " :gray[" + _("（原文仅提名称）") + "]"
        lines.append(
            f"{row['position']}. {plain_text.bold(name(row, 'name'))}{mark}  \n   {plain_text.plain(name(row, 'asks'))}"
        )
    st.markdown("\n".join(lines))


def matrix(rows: pl.DataFrame) -> None:
    """Mechanism by theme: how many targets and commitments each carries."""
    themes = rows["theme"].unique(maintain_order=True).to_list()
    themes = [theme for theme in figures.themes() if theme in themes]
    shown, reasons = [], []
    for (mechanism,), group in rows.group_by(f"mechanism_{lang()}", maintain_order=True):
        cells = {_("机制"): str(mechanism)}
        for theme in themes:
            of_theme = group.filter(pl.col("theme") == theme)
            targets = of_theme.filter(pl.col("kind") == "target").height
            cells[figures.theme(theme)] = counted(targets, of_theme.height - targets)
        cells[_("依据")] = basis(group["basis"][0])
        reasons.append(
            f"- {plain_text.bold(str(mechanism))}　{plain_text.plain(name(group.row(0, named=True), 'reason'))}"
        )
        shown.append(cells)
    tables.whole(shown)
    with st.expander(_("这样归的理由"), icon=":material/info:"):
        st.markdown("\n".join(reasons))


def counted(targets: int, commitments: int) -> str:
    """Targets and commitments in one cell."""
    parts = [_("目标 {n}", n=targets)] if targets else []
    parts += [_("承诺 {n}", n=commitments)] if commitments else []
    return " · ".join(part.replace(" ", tables.NO_BREAK) for part in parts) or "—"


def basis(code: str) -> str:
    """On what an assignment rests."""
    said = _("原文写明") if code == "stated" else _("本站解读")
    return said.replace(" ", tables.NO_BREAK)


def table(rows: pl.DataFrame, key: str = "mechanisms_links") -> None:
    """Every pair of mechanism and what it carries."""

    def cells(row: Row) -> Row:
        return {
            _("名称"): name(row, "name"),
            _("要求"): figures.aim(row) if row["kind"] == "target" else _("承诺，没有数字"),
            _("方面"): figures.theme(row["theme"]),
            _("机制"): name(row, "mechanism"),
            _("依据"): basis(row["basis"]),
        }

    tables.table(key, rows, cells)
