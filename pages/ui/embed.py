"""A view in short: its title, its chart or main table, its sources. For a frame on another site, and for previews."""

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import FragmentHandledException

from pages.ui import error_page
from pages.wording import plain_text
from pages.wording.language import _, lang

if TYPE_CHECKING:  # this stands beside the start of the server, which waits for no chart
    import polars as pl

    from pages.charts.pictures import Picture

FIRST = "overview"  # the page that is at the root; Streamlit takes another page of its name for the same
HEADER = "X-Preview"  # by which a run that nobody looks at names what it is to fill
CHART = "chart"  # the parameter that names another chart than the first
HIDDEN = "whole_page"
FEW = 6  # rows of a table or a list
GRID_ROWS = 50
FRAME = " ".join(
    f"[data-testid=stApp]:has(.st-key-{HIDDEN}) {rule}"
    for rule in (
        f".st-key-{HIDDEN} {{display: none}}",
        "[data-testid=stMainBlockContainer] {padding: 1rem}",
        "[data-testid=stElementToolbar] {display: none}",
        "h1 {font-size: 1.3rem !important; padding: 0 0 0.4rem !important}",
    )
)


class Ended(Exception):
    """A page ended in its middle. After Streamlit's own stop nothing more could be drawn."""


@dataclass
class Short:
    """What a run of a page has to say in short."""

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
    def called(self) -> str:
        """Its title, which says of invented rows that they are: away from the page nothing else does."""
        return _("示例：{title}", title=self.title) if self.sample else self.title

    def picture(self, code: str | None = None) -> "Picture | None":
        """The chart of this code, else the first; None where the page answers with something else."""
        if code in self.pictures:
            return self.pictures[code]
        return None if self.lead else next(iter(self.pictures.values()), None)


waiting: dict[str, Short] = {}  # of previews, by a name that nobody can guess
_now: ContextVar[Short | None] = ContextVar("short", default=None)


def asked() -> bool:
    """Whether this view is shown in short."""
    return _now.get() is not None


def said(title: str, paragraph: str) -> bool:
    """Keep title and paragraph of a view that is shown in short; whether it is."""
    view = _now.get()
    if view is not None:
        view.title, view.paragraph = view.title or title, view.paragraph or paragraph
    return view is not None


def invented() -> str:
    """Mark a view that is shown in short as one of the sample; the sentence that says so."""
    view = _now.get()
    if view is not None:
        view.sample = True
    return _("示例数据：园区、人员和数字都是虚构的，只用来说明这一页怎么用。")


def kept(piece: Callable[[], None], *, lead: bool = False) -> bool:
    """Keep a table or numbers to be drawn later, or not at all; whether the view is shown in short.

    lead: it goes before the charts of the page.
    """
    view = _now.get()
    if view is not None:
        view.pieces.append(piece)
        view.lead = view.lead or (piece if lead else None)
    return view is not None


def beginning(rows: "pl.DataFrame", draw: "Callable[[pl.DataFrame], None]", most: int = FEW) -> None:
    """The first rows, and of how many they are the first."""
    draw(rows.head(most))
    if rows.height > most:
        st.caption(_("第 {first}—{last} 条，共 {n} 条", first=1, last=most, n=rows.height))


def taken(
    name: str, rows: "pl.DataFrame", drawn: "list[Picture]", link: str = "", sources: str = "", *, plain: bool = False
) -> bool:
    """Keep what can be taken away from a view: link, sources, charts; whether it is shown in short.

    name: of the rows, as in the names of files: a chart is named after them and its place.
    plain: the rows can be read as they are.
    """
    view = _now.get()
    if view is not None:
        view.link, view.sources = view.link or link, view.sources or sources
        if not view.version and "data_version" in rows.columns:
            view.version = str(rows["data_version"][0])
        view.pictures |= {coded(name, place): picture for place, picture in enumerate(drawn)}
        if plain and view.rows is None:
            view.rows = rows
    return view is not None


def coded(name: str, place: int) -> str:
    """The code of a chart, as in the names of its files."""
    return f"{name}-{place + 1}"


def run(page: Callable[[], None], version: str) -> None:
    """Run a page: whole, or in a frame nothing but its title, its chart or main table, and its source."""
    preview = waiting.get(st.context.headers.get(HEADER, ""))
    view = preview or Short()
    _now.set(view if st.context.is_embedded else None)
    try:
        if not st.context.is_embedded:
            page()
            return
        # What a page says between its charts has no place in a frame. The document brings the rule that hides it: a
        # style that arrived with the page would come half a second later than what it hides.
        with st.container(key=HIDDEN), suppress(Ended):
            page()
        _now.set(None)
        if preview is None:
            draw(view, version)
    except FragmentHandledException:  # told where it stood
        view.title = ""
        raise
    except Exception as error:
        view.title = ""  # nothing is told of a view that failed
        error_page.told(error)
    finally:
        _now.set(None)


def draw(view: Short, version: str) -> None:
    """Title, one chart or table, one line of sources with the way to the whole page."""
    st.title(plain_text.plain(view.called or _("园区指标浏览器")), anchor=False)
    if view.sample:
        st.caption(":material/science: " + invented())
    picture = view.picture(st.query_params.get(CHART))
    sources = picture.sources if picture else view.sources
    if picture:
        if picture.title != view.title:
            st.caption(plain_text.plain(picture.title))
        st.vega_lite_chart(picture.rows, picture.spec, alt=picture.title)
    elif view.pieces:
        (view.lead or view.pieces[0])()
    elif view.rows is not None:
        beginning(view.rows, _grid, GRID_ROWS)
    else:
        st.markdown(view.paragraph)
    told = [_("来源：{sources}", sources=plain_text.plain(sources))] if sources else []
    whole = _("完整页面")
    told += [_("数据版本 {version}", version=view.version or version)]
    told += [f"[{whole}]({plain_text.safe(view.link or here())})"]
    st.caption(" · ".join(told))


def _grid(rows: "pl.DataFrame") -> None:
    st.dataframe(rows, hide_index=True, placeholder="—")


def here() -> str:
    """The address of the whole page of this view, as it was asked for."""
    base = str(st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(st.query_params.to_dict() | {'lang': lang()}, safe=',')}"
