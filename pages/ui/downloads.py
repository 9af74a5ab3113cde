"""Show downloads of exactly the rows shown; each file is made when it is asked for."""

import contextvars
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import streamlit as st

from pages.charts import pictures
from pages.ui import embed, error_page
from pages.wording.language import _, lang
from queries.export import formats

log = logging.getLogger("park")


@contextmanager
def show_popover(label: str, icon: str, key: str) -> Iterator[bool]:
    """Show a menu behind a quiet button and yield whether it is open: a closed menu is neither made nor sent."""
    with st.popover(label, icon=f":material/{icon}:", type="tertiary", key=key, on_change="rerun") as popover:
        yield bool(popover.open)


def show_extra_downloads(page: str, view: str, rows: pl.DataFrame) -> None:
    """Show the download menu of rows that a page shows besides its own.

    None in a frame, which gives the rows of the page.
    """
    if not embed.is_short():
        show_download_menu(page, view, rows, [])


def show_download_menu(
    page: str,
    view: str,
    rows: pl.DataFrame,
    drawn: list[pictures.Picture],
    span: tuple[str | None, str | None] = (None, None),
) -> None:
    """Show the download menu of a page: the rows in three formats, each chart as PNG and SVG.

    rows: what the table shows; view: their name in the file name and the route; drawn: the charts.
    """
    if rows.is_empty() or embed.keep_exports(view, rows, drawn, plain=True):
        return
    language = lang()
    with show_popover(_("下载 {n} 行", n=rows.height), "download", f"{page}_{view}_download") as wanted:
        if not wanted:
            return
        with st.container(horizontal=True):
            for suffix in formats.BUTTONS:
                show_download_button(
                    f"{formats.FORMATS[suffix].label} · " + _("{n} 行", n=rows.height),
                    lambda suffix=suffix: formats.as_file(rows, suffix, language),  # type: ignore[misc]
                    formats.make_file_name(view, rows, suffix, span),
                    suffix,
                    f"{page}_{view}_{suffix}",
                )
        for place, picture in enumerate(drawn):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(picture.title)  # a name that a reader gave a column may look like Markdown
                for suffix in ("png", "svg"):
                    make = pictures.render_png if suffix == "png" else pictures.render_svg
                    show_download_button(
                        suffix.upper(),
                        lambda make=make, picture=picture: make(picture),  # type: ignore[misc]
                        formats.make_file_name(embed.make_chart_code(view, place), rows, suffix, span),
                        suffix,
                        f"{page}_{view}_{place}_{suffix}",
                    )


def show_download_button(label: str, make: Callable[[], bytes], file_name: str, suffix: str, key: str) -> None:
    """Show one download; `make` runs on the click, in another thread, with the language of this run.

    Where it fails no file comes: Streamlit says so below the button, in the words of pages/ui/device.py.
    """
    context, number = contextvars.copy_context(), error_page.get_session_number()

    def made() -> bytes:
        try:
            return context.copy().run(make)
        except Exception:
            log.exception("download failed", extra={"error_id": number, "path": file_name})
            raise

    data: Any = made
    st.download_button(
        label,
        data,
        file_name,
        formats.FORMATS[suffix].media_type,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )
