"""What every page is made of: head, key numbers, charts, actions, sources, remarks."""

from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from pages.charts import charts, pictures
from pages.ui import downloads, embed, embed_snippet
from pages.wording import figures, plain_text
from pages.wording.language import _, lang, listed, name, resumed

Row = dict[str, Any]
REMARKS = 80
LOCATORS = 8
OWN = "own_data"  # of the session: what its reader put in
CITED, CITED_PLACES = 4, 6  # sources in one line, places in each
SLASHES = 2  # of http://host, which is an address only with a third


def head(eyebrow: list[str], title: str, paragraph: str) -> None:
    """Eyebrow, the answer as title, and the numbers behind it; the first two are text, the paragraph is Markdown."""
    if embed.said(title, paragraph):
        return
    st.caption("　".join(plain_text.plain(part) for part in eyebrow if part))
    st.title(plain_text.plain(title), anchor=False)
    if paragraph:
        st.markdown(paragraph)


def numbers(entries: list[tuple[str, str, str]], columns: int = 2, width: int = 120, *, lead: bool = False) -> None:
    """Key numbers, two in a row on a phone: what it is (long names wrap), the value, and a quiet line below.

    lead: they are the answer of the page, before its charts.
    """
    if embed.kept(lambda: numbers(entries, columns, width), lead=lead):
        return
    grid = st.grid(columns, min_column_width=width, gap=("xsmall", "medium"))
    for label, value, below in entries:
        # A heading of three lines is one element; label, value and caption apart are five, and a page has twenty.
        lines = [
            f":small[:gray[{plain_text.plain(label)}]]",
            plain_text.bold(value),
            f":small[:gray[{plain_text.plain(below)}]]" if below else "",
        ]
        grid.markdown("\\\n".join(line for line in lines if line) + "\n---", anchors=False)


def chart(
    page: str,
    drawn: tuple[pl.DataFrame, charts.Spec],
    title: str,
    alt: str,
    rows: pl.DataFrame,
    address: str,
    *,
    small: bool = False,
    called: str = "",
) -> pictures.Picture:
    """A chart under its title; returned is what a picture of it needs.

    called: the title of the picture, where it must say more than the heading: away from the page nothing else names
    the place.
    """
    data, spec = drawn
    picture = pictures.Picture(called or title, data, spec, cited(rows), address)
    return drawn_under("" if small else title, picture, alt)


def drawn_under(heading: str, picture: pictures.Picture, alt: str) -> pictures.Picture:
    """Draw a chart under its heading, where it has one; a frame draws what it shows itself."""
    if not embed.asked():
        if heading:
            st.subheader(plain_text.plain(heading), anchor=False)
        st.vega_lite_chart(picture.rows, picture.spec, alt=alt)
        if "kind" in picture.rows.columns and (picture.rows["kind"] == "own").any():
            st.caption(_("图中自有的数：条形里有一道细线，圆点中间留空。"))
    return picture


def cited(rows: pl.DataFrame) -> str:
    """The sources of some rows in one line: title, day, place; "" for rows that have none of their own."""
    if not {"source_title", "source_published"} <= set(rows.columns):
        return ""
    places: dict[str, dict[str, None]] = {}
    for row in rows.iter_rows(named=True):
        source = f"{row['source_title']} ({figures.day(row['source_published'])})"
        places.setdefault(source, {})[row.get("locator") or ""] = None
    said = []
    for source, locators in sorted(places.items()):
        more = " …" if len(locators) > CITED_PLACES else ""
        said.append(f"{source} {listed(list(locators)[:CITED_PLACES])}{more}".strip())
    own = _("（含自有的数）") if figures.with_own(rows) else ""
    return own + listed(said[:CITED]) + (" …" if len(said) > CITED else "")


def noted(rows: pl.DataFrame) -> list[Row]:
    """Rows of which a reader must know more than their cells say."""
    if "note" not in rows.columns or "indicator_id" not in rows.columns:
        return []
    return [row for row in rows.iter_rows(named=True) if row["note"] or row.get("status") == "not_published"]


def remarks(rows: list[Row]) -> None:
    """What a reader must know of single rows."""
    lines = []
    for row in rows[:REMARKS]:
        when = figures.period(row["period"]) if "period" in row else str(row["year"])
        note = row["note"] or _("原文只给增速，数值未公布")
        lines.append(
            _(
                "- **{indicator}**（{where}）：{note}",
                indicator=plain_text.within_bold(name(row, "indicator")),
                where=plain_text.plain(f"{name(row, 'park')} {when}"),
                note=plain_text.plain(note),
            )
        )
    if len(rows) > REMARKS:
        lines.append(_("- 其余 {n} 条见下载文件", n=len(rows) - REMARKS))
    st.markdown("\n".join(lines))


def empty(top: Any, title: str = "", advice: str = "") -> NoReturn:
    """No row fits: say so in the title's place, say what to change, and stop."""
    title = title or _("没有符合条件的数据")
    advice = advice or _("请增加地区或指标，放宽时期，或按“恢复默认”。")
    embed.said(title, advice)
    top.title(plain_text.plain(title), anchor=False)
    st.info(advice, icon=":material/search_off:")
    stop()


def stop() -> NoReturn:
    """End the page here; where it is shown in short, what it said so far is shown."""
    if embed.asked():
        raise embed.Ended
    st.stop()


def address(parameters: dict[str, str]) -> str:
    """The full address of this view; opened anywhere it shows the same."""
    base = str(st.context.url or "").partition("?")[0]
    base = f"{base}/" if base.count("/") == SLASHES else base
    return f"{base}?{urlencode(parameters, safe=',')}"


def program(route: str, parameters: dict[str, str]) -> str:
    """The full address of a route for programs."""
    base = address({}).partition("?")[0].rsplit("/", 1)[0]
    return f"{base}/api/{route}?{urlencode(parameters, safe=',')}"


def actions(
    page: str,
    view: str,
    rows: pl.DataFrame,
    link: str,
    title: str,
    drawn: list[pictures.Picture],
    indicators: pl.DataFrame,
    span: tuple[str | None, str | None] = (None, None),
    more: Callable[[], None] | None = None,
) -> None:
    """The row of quiet actions: copy link and citation, download, sources, remarks, and more of a page's own.

    Each is made when it is opened.
    """
    if rows.is_empty():  # nothing to take away, and no data version to cite
        return
    if embed.taken(view, rows, drawn, link, cited(rows)):
        return
    if figures.invented(rows):
        title = _("示例：{title}", title=title)
    again, key, remarked = resumed(), f"{page}_{view}", noted(rows)

    @st.fragment  # to open one runs this row and not the page
    def menus() -> None:
        again()  # a fragment runs without the router
        with st.container(horizontal=True):
            with downloads.opened(_("复制链接"), "link", f"{key}_link") as wanted:
                if wanted:
                    if st.session_state.get(OWN) is not None and figures.with_own(rows):
                        st.caption(_("链接不带您的自有数据：别人打开，只看到公布的数。"))
                    quoted(link, citation(title, link, rows))
                    embed_snippet.snippet(key, view, link, title, drawn)
            downloads.menu(page, view, rows, drawn, span)
            if "source_title" in rows.columns:  # a list of sources has none of its own
                count = rows["source_id"].n_unique()
                with downloads.opened(_("来源 {n} 种", n=count), "menu_book", f"{key}_sources") as wanted:
                    if wanted:
                        sources(rows, indicators)
            if remarked:
                with downloads.opened(_("说明 {n} 条", n=len(remarked)), "info", f"{key}_notes") as wanted:
                    if wanted:
                        remarks(remarked)
            if more:
                more()

    menus()


def quoted(link: str, cited: str) -> None:
    """The link of this view and a ready citation, each to copy with one click."""
    st.code(link, language=None, wrap_lines=True)
    st.caption(_("引用"))
    st.code(cited, language=None, wrap_lines=True)


def citation(title: str, link: str, rows: pl.DataFrame) -> str:
    """A ready citation: title, data version, link."""
    version = rows["data_version"][0]
    if lang() == "zh":
        return f"园区指标浏览器．{title}．数据版本 {version}．{link}"
    return f"Park Explorer. {title}. Data version {version}. {link}"


def sources(rows: pl.DataFrame, indicators: pl.DataFrame) -> None:
    """Every source on the screen with its locators, and every definition."""
    said = []
    columns = ["source_id", "source_title", "source_url", "source_published"]
    for source in rows.select(columns).unique(maintain_order=True).iter_rows(named=True):
        here = rows.filter(pl.col("source_id") == source["source_id"])["locator"].unique(maintain_order=True).to_list()
        title = plain_text.linked(source["source_title"], source["source_url"])
        places = plain_text.plain(listed(here[:LOCATORS])) + (" …" if len(here) > LOCATORS else "")
        said.append(f"{title}  \n:gray[{figures.day(source['source_published'])} · {places}]")
    if "indicator_id" in rows.columns:
        used = indicators.filter(pl.col("indicator_id").is_in(rows["indicator_id"].unique().to_list()))
        for row in used.iter_rows(named=True):
            said.append(f"{plain_text.bold(name(row, 'name'))}  \n:gray[{plain_text.plain(name(row, 'definition'))}]")
    st.markdown("\n\n".join(said))


def carried() -> dict[str, str]:
    """What a link to another page takes along: language and place."""
    return {key: st.query_params[key] for key in ("lang", "park") if key in st.query_params}
