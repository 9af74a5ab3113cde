"""Show the elements of every page: head, key numbers, charts, actions, sources, remarks."""

from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlencode

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.charts import charts, pictures
from pages.ui import downloads, embed, embed_snippet, place_links
from pages.ui.cell_text import MarkdownCell
from pages.wording import figures, plain_text
from pages.wording.language import _, capture_run_context, join_items, lang, localize_name

Row = dict[str, Any]
MOST_REMARKS = 80
MOST_LOCATORS = 8
OWN_DATA_KEY = "own_data"  # of the session: what its reader put in
MOST_CITED, MOST_CITED_PLACES = 4, 6  # sources in one line, places in each
PROFILE_PAGE = "place"  # where the name of the place would lead to the page itself
HOST_SLASHES = 2  # of http://host, which is an address only with a third


def show_head(eyebrow: list[str], title: str, paragraph: str) -> None:
    """Show the eyebrow, the answer as title, and the numbers behind it.

    eyebrow, title: text, of the eyebrow a MarkdownCell too; paragraph: Markdown.
    """
    if embed.keep_title(title, paragraph):
        return
    parts = [part if isinstance(part, MarkdownCell) else plain_text.escape_markdown(part) for part in eyebrow if part]
    st.caption("　".join(parts))
    st.title(plain_text.escape_markdown(title), anchor=False)
    if paragraph:
        st.markdown(paragraph)


def show_key_numbers(
    entries: list[tuple[str, str, str]], columns: int = 2, width: int = 120, *, lead: bool = False
) -> None:
    """Show key numbers, two in a row on a phone.

    entries: what it is (long names wrap), the value, and a quiet line below.
    lead: they are the answer of the page, before its charts.
    """
    if embed.keep_piece(lambda: show_key_numbers(entries, columns, width), lead=lead):
        return
    grid = st.grid(columns, min_column_width=width, gap=("xsmall", "medium"))
    for label, value, below in entries:
        # A heading of three lines is one element; label, value and caption apart are five, and a page has twenty.
        lines = [
            f":small[:gray[{plain_text.escape_markdown(label)}]]",
            plain_text.format_bold(value),
            f":small[:gray[{plain_text.escape_markdown(below)}]]" if below else "",
        ]
        grid.markdown("\\\n".join(line for line in lines if line) + "\n---", anchors=False)


def show_chart(
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
    """Show a chart under its title and return what a picture of it needs.

    drawn: its rows and its spec; rows: the rows with the sources to cite; small: without a heading.
    called: the title of the picture, where it must say more than the heading: away from the page nothing else names
    the place.
    """
    data, spec = drawn
    picture = pictures.Picture(called or title, data, spec, describe_sources(rows), address)
    return show_picture("" if small else title, picture, alt)


def show_picture(heading: str, picture: pictures.Picture, alt: str) -> pictures.Picture:
    """Show a chart under its heading, where it has one, and return it; a frame draws what it shows itself."""
    if not embed.is_short():
        if heading:
            st.subheader(plain_text.escape_markdown(heading), anchor=False)
        st.vega_lite_chart(picture.rows, picture.spec, alt=alt)
        if "kind" in picture.rows.columns and (picture.rows["kind"] == "own").any():
            st.caption(_("图中自有的数：条形里有一道细线，圆点中间留空。"))
    return picture


def describe_sources(rows: pl.DataFrame) -> str:
    """Return the sources of some rows in one line: title, day, place; "" for rows that have none of their own."""
    if not {"source_title", "source_published"} <= set(rows.columns):
        return ""
    columns = ["source_title", "source_published", *(["locator"] if "locator" in rows.columns else [])]
    places: dict[tuple[str, str], dict[str, None]] = {}
    for title, published, *locator in rows.select(columns).iter_rows():
        places.setdefault((title, published), {})[(locator and locator[0]) or ""] = None
    said = []
    for (title, published), found in places.items():
        more = " …" if len(found) > MOST_CITED_PLACES else ""
        cited = f"{join_items(list(found)[:MOST_CITED_PLACES])}{more}"
        said.append(f"{title} ({figures.format_date(published)}) {cited}".strip())
    said.sort()
    cited = join_items(said[:MOST_CITED]) + (" …" if len(said) > MOST_CITED else "")
    return _("（含自有的数）{cited}", cited=cited) if figures.has_own_figures(rows) else cited


def get_noted_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of which a reader must know more than their cells say."""
    if "note" not in rows.columns or "indicator_id" not in rows.columns:
        return rows.clear()
    told = pl.col("note").fill_null("") != ""
    if "status" in rows.columns:
        told |= (pl.col("status") == "not_published").fill_null(value=False)
    return rows.filter(told)


def show_remarks(rows: pl.DataFrame, *, linked: bool = True) -> None:
    """Show what a reader must know of single rows; no more than MOST_REMARKS of them.

    linked: names of places lead to their profile.
    """
    lines = []
    for row in rows.head(MOST_REMARKS).iter_rows(named=True):
        when = figures.format_period(row["period"]) if "period" in row else str(row["year"])
        where = place_links.name_place(row) if linked else plain_text.escape_markdown(localize_name(row, "park"))
        note = row["note"] or _("原文只给增速，数值未公布")
        lines.append(
            _(
                "- {indicator}（{where}）：{note}",
                indicator=plain_text.format_bold(localize_name(row, "indicator")),
                where=f"{where} {plain_text.escape_markdown(when)}",
                note=plain_text.escape_markdown(note),
            )
        )
    if rows.height > MOST_REMARKS:
        lines.append(_("- 其余 {n} 条见下载文件", n=rows.height - MOST_REMARKS))
    st.markdown("\n".join(lines))


def stop_without_rows(top: DeltaGenerator, title: str = "", advice: str = "") -> NoReturn:
    """Say in place of the title that no row fits, say what to change, and end the page."""
    title = title or _("没有符合条件的数据")
    advice = advice or _("请增加地区或指标，放宽时期，或按“恢复默认”。")
    embed.keep_title(title, advice)
    top.title(plain_text.escape_markdown(title), anchor=False)
    st.info(advice, icon=":material/search_off:")
    stop_page()


def stop_page() -> NoReturn:
    """End the page here; in a frame, what the page said so far is shown."""
    if embed.is_short():
        raise embed.PageEnded
    st.stop()


def build_page_address(parameters: dict[str, str]) -> str:
    """Return the full address of this page with these parameters; opened anywhere it shows the same."""
    base = str(st.context.url or "").partition("?")[0]
    base = f"{base}/" if base.count("/") == HOST_SLASHES else base
    return f"{base}?{urlencode(parameters, safe=',')}"


def build_route_address(route: str, parameters: dict[str, str]) -> str:
    """Return the full address of a route for programs."""
    base = build_page_address({}).partition("?")[0].rsplit("/", 1)[0]
    return f"{base}/api/{route}?{urlencode(parameters, safe=',')}"


def show_actions(
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
    """Show the row of quiet actions: copy link and citation, download, sources, remarks, and those of `more`.

    What an action shows is made when it is opened. Nothing is shown where there are no rows.
    view: the name of the rows in the file names and the route; drawn: the charts; span: years for the file names.
    """
    if rows.is_empty():  # nothing to take away, and no data version to cite
        return
    if embed.keep_exports(view, rows, drawn, link, describe_sources(rows)):
        return
    if figures.is_sample_only(rows):
        title = _("示例：{title}", title=title)
    again, key, remarked = capture_run_context(), f"{page}_{view}", get_noted_rows(rows)

    @st.fragment  # to open one runs this row and not the page
    def menus() -> None:
        again()  # a fragment runs without the router
        with st.container(horizontal=True):
            with downloads.show_popover(_("复制链接"), "link", f"{key}_link") as wanted:
                if wanted:
                    if st.session_state.get(OWN_DATA_KEY) is not None and figures.has_own_figures(rows):
                        st.caption(_("链接不带您的自有数据：别人打开，只看到公布的数。"))
                    show_link_and_citation(link, format_citation(title, link, rows))
                    embed_snippet.show_embed_snippet(key, view, link, title, drawn)
            downloads.show_download_menu(page, view, rows, drawn, span)
            if "source_title" in rows.columns:  # a list of sources has none of its own
                count = rows["source_id"].n_unique()
                with downloads.show_popover(_("来源 {n} 种", n=count), "menu_book", f"{key}_sources") as wanted:
                    if wanted:
                        show_sources(rows, indicators)
            if remarked.height:
                with downloads.show_popover(_("说明 {n} 条", n=remarked.height), "info", f"{key}_notes") as wanted:
                    if wanted:
                        show_remarks(remarked, linked=page != PROFILE_PAGE)
            if more:
                more()

    menus()


def show_link_and_citation(link: str, cited: str) -> None:
    """Show the link of this view and a citation, each to copy with one click."""
    st.code(link, language=None, wrap_lines=True)
    st.caption(_("引用"))
    st.code(cited, language=None, wrap_lines=True)


def format_citation(title: str, link: str, rows: pl.DataFrame) -> str:
    """Return a citation: title, data version, link."""
    version = rows["data_version"][0]
    if lang() == "zh":
        return f"园区指标浏览器．{title}．数据版本 {version}．{link}"
    return f"Park Explorer. {title}. Data version {version}. {link}"


def show_sources(rows: pl.DataFrame, indicators: pl.DataFrame) -> None:
    """Show every source of the rows with its locators, and every definition."""
    said = []
    columns = ["source_id", "source_title", "source_url", "source_published"]
    for source in rows.select(columns).unique(maintain_order=True).iter_rows(named=True):
        here = rows.filter(pl.col("source_id") == source["source_id"])["locator"].unique(maintain_order=True).to_list()
        title = plain_text.format_link(source["source_title"], source["source_url"])
        places = plain_text.escape_markdown(join_items(here[:MOST_LOCATORS])) + (
            " …" if len(here) > MOST_LOCATORS else ""
        )
        said.append(f"{title}  \n:gray[{figures.format_date(source['source_published'])} · {places}]")
    if "indicator_id" in rows.columns:
        used = indicators.filter(pl.col("indicator_id").is_in(rows["indicator_id"].unique().to_list()))
        for row in used.iter_rows(named=True):
            said.append(
                f"{plain_text.format_bold(localize_name(row, 'name'))}  \n"
                f":gray[{plain_text.escape_markdown(localize_name(row, 'definition'))}]"
            )
    st.markdown("\n\n".join(said))


def get_link_parameters() -> dict[str, str]:
    """Return the parameters that a link to another page takes along: language and place."""
    return {key: st.query_params[key] for key in ("lang", "park") if key in st.query_params}
