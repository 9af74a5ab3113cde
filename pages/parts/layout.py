"""What every page is made of: head, key numbers, charts, table, actions, sources."""

from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from pages.parts import charts, downloads, figures, pictures, screen
from pages.parts.words import _, lang, listed, name

Row = dict[str, Any]
WHOLE_TABLE = 30
SCROLLED = 16
LOCATORS = 8
SLASHES = 2  # of http://host, which is an address only with a third


def head(eyebrow: list[str], title: str, paragraph: str) -> None:
    """Eyebrow, the answer as title, and the numbers behind it."""
    st.caption("　".join(part for part in eyebrow if part))
    st.title(title, anchor=False)
    if paragraph:
        st.markdown(paragraph)


def numbers(entries: list[tuple[str, str, str]], columns: int = 2, width: int = 120) -> None:
    """Key numbers, two in a row on a phone: what it is (long names wrap), the value, and a quiet line below."""
    grid = st.grid(columns, min_column_width=width, gap="medium")
    for label, value, below in entries:
        with grid.cell(), st.container(gap=None):
            st.caption(plain(label))
            st.header(plain(value), anchor=False)
            if below:
                st.caption(plain(below))


def chart(
    page: str,
    drawn: tuple[pl.DataFrame, charts.Spec],
    title: str,
    alt: str,
    rows: pl.DataFrame,
    address: str,
    *,
    small: bool = False,
) -> pictures.Picture:
    """A chart under its title; returned is what a picture of it needs."""
    data, spec = drawn
    if not small:
        st.subheader(title, anchor=False)
    st.vega_lite_chart(data, spec, alt=alt)
    cited = sorted(
        {
            f"{row['source_title']} ({figures.day(row['source_published'])}) {row['locator']}"
            for row in rows.iter_rows(named=True)
        }
    )
    return pictures.Picture(title, data, spec, listed(cited[:4]) + (" …" if len(cited) > 4 else ""), address)


def table(rows: pl.DataFrame, alt: str = "") -> None:
    """The rows as a table: what, where, when, how much as printed, which kind, from where; remarks below it."""
    several = rows["park_id"].n_unique() > 1
    shown = [
        {_("指标"): name(row, "indicator")}
        | ({_("地区"): name(row, "park")} if several else {})
        | {
            _("时期"): figures.period(row["period"]),
            _("数值"): figures.number(row, printed=True),
            _("增长"): f"{row['growth_text']}%" if row["growth_text"] else "—",
            _("性质"): figures.evidence(row["evidence"]),
            _("来源"): f"{row['publisher']} {figures.day(row['source_published'])}",
            _("依据"): row["formula"] or row["locator"],
        }
        for row in rows.iter_rows(named=True)
    ]
    grid(shown, alt or _("上图各点的数值与来源"), right=(_("数值"), _("增长")))
    remarks(rows)


def remarks(rows: pl.DataFrame) -> None:
    """What a reader must know of single rows, folded away."""
    noted = [row for row in rows.iter_rows(named=True) if row["note"] or (row.get("status") == "not_published")]
    if not noted:
        return
    with st.expander(_("说明 {n} 条", n=len(noted)), icon=":material/info:"):
        lines = []
        for row in noted[:80]:
            said = row["note"] or _("原文只给增速，数值未公布")
            when = figures.period(row["period"]) if "period" in row else str(row["year"])
            where = f"{name(row, 'park')} {when}"
            lines.append(
                _(
                    "- **{indicator}**（{where}）：{note}",
                    indicator=plain(name(row, "indicator")),
                    where=where,
                    note=plain(said),
                )
            )
        st.markdown("\n".join(lines))


def grid(shown: list[Row], alt: str, right: tuple[str, ...] = ()) -> None:
    """Rows of text: a plain table whose cells wrap, or a grid to scroll where the rows are many or the screen small.

    A plain table costs the browser a third of what a grid costs, and nothing in it is cut.
    """
    if not shown:
        return
    frame = pl.DataFrame(shown, infer_schema_length=None)
    if len(shown) <= WHOLE_TABLE and not screen.phone():
        cells = frame.with_columns(pl.all().map_elements(plain, return_dtype=pl.String))
        st.table(cells, border="horizontal", hide_index=True, alt=alt)
        return
    columns = {}
    for place, label in enumerate(shown[0]):
        longest = max(_width(str(row[label] or "")) for row in shown)
        pixels = int(min(460, max(_width(label), longest) * 7.0 + 22))
        side: Any = "right" if label in right else "left"
        columns[label] = st.column_config.TextColumn(label, width=pixels, alignment=side, pinned=place == 0)
    st.dataframe(
        frame, hide_index=True, column_config=columns, alt=alt, height=600 if len(shown) > SCROLLED else "content"
    )


def _width(text: str) -> float:
    return sum(1.8 if ord(character) > 0x2E80 else 1.0 for character in text)


def targets_table(rows: pl.DataFrame) -> None:
    """Targets as a table: what, for which year, what was asked, how firmly, from where; remarks below it."""
    several = rows["park_id"].n_unique() > 1
    shown = [
        {_("目标"): name(row, "indicator")}
        | ({_("地区"): name(row, "park")} if several else {})
        | {
            _("年度"): str(row["year"]),
            _("要求"): figures.aim(row),
            _("措辞"): figures.strength(row["strength"]),
            _("来源"): f"{row['publisher']} {figures.day(row['source_published'])}",
            _("依据"): row["locator"],
        }
        for row in rows.iter_rows(named=True)
    ]
    grid(shown, _("目标、年度、要求与出处"), right=(_("要求"),))
    remarks(rows)


def empty(top: Any) -> None:
    """No row fits: say so in the title's place, say what to change, and stop."""
    top.title(_("没有符合条件的数据"), anchor=False)
    st.info(_("请增加地区或指标，放宽时期，或按“恢复默认”。"), icon=":material/search_off:")
    st.stop()


def address(parameters: dict[str, str]) -> str:
    """The full address of this view; opened anywhere it shows the same."""
    base = str(st.context.url or "").partition("?")[0]
    base = f"{base}/" if base.count("/") == SLASHES else base
    return f"{base}?{urlencode(parameters, safe=',')}"


def actions(
    page: str,
    view: str,
    rows: pl.DataFrame,
    link: str,
    title: str,
    drawn: list[pictures.Picture],
    indicators: pl.DataFrame,
    span: tuple[str | None, str | None] = (None, None),
) -> None:
    """The row of quiet actions: copy link and citation, download, sources."""
    with st.container(horizontal=True):
        with st.popover(_("复制链接"), icon=":material/link:", type="tertiary"):
            st.code(link, language=None, wrap_lines=True)
            st.caption(_("引用"))
            st.code(citation(title, link, rows), language=None, wrap_lines=True)
        downloads.menu(page, view, rows, drawn, span)
        count = rows["source_id"].n_unique() if rows.height else 0
        label, key = _("来源 {n} 种", n=count), f"{page}_{view}_sources"
        with st.popover(label, icon=":material/menu_book:", type="tertiary", key=key, on_change="rerun") as opened:
            if opened.open:
                sources(rows, indicators)


def citation(title: str, link: str, rows: pl.DataFrame) -> str:
    """A ready citation: title, data version, link."""
    version = rows["data_version"][0] if rows.height and "data_version" in rows.columns else ""
    if lang() == "zh":
        return f"园区指标浏览器．{title}．数据版本 {version}．{link}"
    return f"Park Explorer. {title}. Data version {version}. {link}"


def sources(rows: pl.DataFrame, indicators: pl.DataFrame) -> None:
    """Every source on the screen with its locators, and every definition."""
    said = []
    columns = ["source_id", "source_title", "source_url", "source_published"]
    for source in rows.select(columns).unique(maintain_order=True).iter_rows(named=True):
        here = rows.filter(pl.col("source_id") == source["source_id"])["locator"].unique(maintain_order=True).to_list()
        title = plain(source["source_title"])
        linked = f"[{title}]({source['source_url']})" if source["source_url"] else title
        places = plain(listed(here[:LOCATORS])) + (" …" if len(here) > LOCATORS else "")
        said.append(f"{linked}  \n:gray[{figures.day(source['source_published'])} · {places}]")
    if "indicator_id" in rows.columns:
        used = indicators.filter(pl.col("indicator_id").is_in(rows["indicator_id"].unique().to_list()))
        for row in used.iter_rows(named=True):
            said.append(f"**{plain(name(row, 'name'))}**  \n:gray[{plain(name(row, 'definition'))}]")
    st.markdown("\n\n".join(said))


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    for mark in "\\`*_[]$~":
        text = text.replace(mark, "\\" + mark)
    return text


def carried() -> dict[str, str]:
    """What a link to another page takes along: language and place."""
    return {key: st.query_params[key] for key in ("lang", "park") if key in st.query_params}
