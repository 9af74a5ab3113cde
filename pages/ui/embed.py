"""Show a view in short, for a frame on another site and for previews: title, chart or main table, sources."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import FragmentHandledException

from pages.ui import error_page
from pages.wording import plain_text
from pages.wording.language import _, lang
from queries.database.run_context import RunContext, get_run_context, use_run_context

if TYPE_CHECKING:  # this stands beside the start of the server, which waits for no chart
    import polars as pl

    from pages.charts.pictures import Picture

ROOT_PAGE = "overview"  # the page that is at the root; Streamlit takes another page of its name for the same
PREVIEW_HEADER = "X-Preview"  # by which a run that nobody looks at names what it is to fill
CHART_PARAMETER = "chart"  # the parameter that names another chart than the first
HIDDEN_KEY = "whole_page"
FEW_ROWS = 6  # rows of a table or a list
GRID_ROWS = 50
FRAME_STYLE = " ".join(
    f"[data-testid=stApp]:has(.st-key-{HIDDEN_KEY}) {rule}"
    for rule in (
        f".st-key-{HIDDEN_KEY} {{display: none}}",
        "[data-testid=stMainBlockContainer] {padding: 1rem}",
        "[data-testid=stElementToolbar] {display: none}",
        "h1 {font-size: 1.3rem !important; padding: 0 0 0.4rem !important}",
    )
)


class PageEnded(Exception):
    """Raised where a page ends in its middle: after Streamlit's own stop nothing more could be drawn."""


@dataclass
class ShortView:
    """A view in short: what one run of a page says for a frame or a preview."""

    title: str = ""
    paragraph: str = ""
    link: str = ""
    sources: str = ""
    lead: Callable[[], None] | None = None  # of a page whose answer is no chart
    pieces: list[Callable[[], None]] = field(default_factory=list)
    pictures: "dict[str, Picture]" = field(default_factory=dict)
    rows: "pl.DataFrame | None" = field(default=None, repr=False)
    version: str = ""  # of the rows
    sample: bool = False  # whether what it shows is invented

    @property
    def display_title(self) -> str:
        """Return the title; of invented rows it says that they are, because away from the page nothing else does."""
        return _("示例：{title}", title=self.title) if self.sample else self.title

    def picture(self, code: str | None = None) -> "Picture | None":
        """Return the chart of this code, else the first; None where the page answers with something else."""
        if code in self.pictures:
            return self.pictures[code]
        return None if self.lead else next(iter(self.pictures.values()), None)


pending_previews: dict[str, ShortView] = {}  # of previews, by a name that nobody can guess


@dataclass(frozen=True)
class PageContext(RunContext):
    """The context of one run of a page."""

    view: ShortView | None = None  # what it is shown in short, in a frame or for a preview; None: whole


def open_view() -> ShortView | None:
    """Return what this run is to fill with its view in short; None where the page is shown whole."""
    return (_find_pending_preview() or ShortView()) if st.context.is_embedded else None


def _find_pending_preview() -> ShortView | None:
    return pending_previews.get(st.context.headers.get(PREVIEW_HEADER, ""))


def find_view() -> ShortView | None:
    """Return the view in short of this run; None where the page is shown whole."""
    context = get_run_context()
    return context.view if isinstance(context, PageContext) else None


def is_short() -> bool:
    """Return whether this run shows its view in short."""
    return find_view() is not None


def keep_title(title: str, paragraph: str) -> bool:
    """Keep the title and paragraph of a view that is shown in short; return whether it is shown in short."""
    view = find_view()
    if view is not None:
        view.title, view.paragraph = view.title or title, view.paragraph or paragraph
    return view is not None


def mark_view_as_sample() -> str:
    """Mark a view that is shown in short as one of sample data; return the sentence that says so."""
    view = find_view()
    if view is not None:
        view.sample = True
    return _("示例数据：园区、人员和数字都是虚构的，只用来说明这一页怎么用。")


def keep_piece(piece: Callable[[], None], *, lead: bool = False) -> bool:
    """Keep a table or numbers to be drawn later, or not at all; return whether the view is shown in short.

    lead: it goes before the charts of the page.
    """
    view = find_view()
    if view is not None:
        view.pieces.append(piece)
        view.lead = view.lead or (piece if lead else None)
    return view is not None


def show_first_rows(rows: "pl.DataFrame", draw: "Callable[[pl.DataFrame], None]", most: int = FEW_ROWS) -> None:
    """Show the first rows, and of how many they are the first."""
    draw(rows.head(most))
    if rows.height > most:
        st.caption(_("第 {first}—{last} 条，共 {n} 条", first=1, last=most, n=f"{rows.height:,}"))


def keep_exports(
    name: str, rows: "pl.DataFrame", drawn: "list[Picture]", link: str = "", sources: str = "", *, plain: bool = False
) -> bool:
    """Keep link, sources and charts of a view that is shown in short; return whether it is shown in short.

    name: of the rows, as in the names of files: a chart is named after them and its place.
    plain: the rows can be read as they are.
    """
    view = find_view()
    if view is not None:
        view.link, view.sources = view.link or link, view.sources or sources
        if not view.version and "data_version" in rows.columns:
            view.version = str(rows["data_version"][0])
        view.pictures |= {make_chart_code(name, place): picture for place, picture in enumerate(drawn)}
        if plain and view.rows is None:
            view.rows = rows
    return view is not None


def make_chart_code(name: str, place: int) -> str:
    """Return the code of a chart, as in the names of its files; place counts from 0."""
    return f"{name}-{place + 1}"


def run_page(page: Callable[[], None], version: str) -> None:
    """Run a page: whole, or in a frame only its title, its chart or main table, and its source.

    version: of the data, for a view whose rows name none.
    """
    run, view = get_run_context(), find_view()
    try:
        if view is None:
            page()
            return
        # What a page says between its charts has no place in a frame. The document brings the rule that hides it: a
        # style that arrived with the page would come half a second later than what it hides.
        with st.container(key=HIDDEN_KEY), suppress(PageEnded):
            page()
        if _find_pending_preview() is None:
            with use_run_context(RunContext(run.language, run.own, run.state)):
                show_short_view(view, version)
    except Exception as error:
        if view is not None:
            view.title = ""  # nothing is told of a view that failed
        if isinstance(error, FragmentHandledException):  # told where it stood
            raise
        error_page.show_failure(error)


def show_short_view(view: ShortView, version: str) -> None:
    """Show the title, one chart or table, and one line of sources with a link to the whole page."""
    st.title(plain_text.escape_markdown(view.display_title or _("园区指标浏览器")), anchor=False)
    if view.sample:
        st.caption(":material/science: " + mark_view_as_sample())
    picture = view.picture(st.query_params.get(CHART_PARAMETER))
    sources = picture.sources if picture else view.sources
    if picture:
        if picture.title != view.title:
            st.caption(plain_text.escape_markdown(picture.title))
        st.vega_lite_chart(picture.rows, picture.spec, alt=picture.title)
    elif view.pieces:
        (view.lead or view.pieces[0])()
    elif view.rows is not None:
        show_first_rows(view.rows, _show_grid, GRID_ROWS)
    else:
        st.markdown(view.paragraph)
    told = [_("来源：{sources}", sources=plain_text.escape_markdown(sources))] if sources else []
    whole = _("完整页面")
    told += [_("数据版本 {version}", version=view.version or version)]
    told += [f"[{whole}]({plain_text.escape_url(view.link or build_whole_page_address())})"]
    st.caption(" · ".join(told))


def _show_grid(rows: "pl.DataFrame") -> None:
    st.dataframe(rows, hide_index=True, placeholder="—")


def build_whole_page_address() -> str:
    """Return the address of the whole page of this view, with the parameters that it was asked with."""
    base = str(st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(st.query_params.to_dict() | {'lang': lang()}, safe=',')}"
