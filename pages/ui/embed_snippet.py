"""Make the snippet that shows a view on another site: one line of HTML, to copy with one click."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.charts.pictures import Picture, wrap_text
from pages.ui import embed
from pages.wording.language import _

DEFAULT_FRAME_HEIGHT = 600  # pixels, of a view without a chart or with one whose height is not a number
CHART_EDGES, CHART_EDGES_OF_BANDS = (
    180,
    26,
)  # of a chart: its axes and edges; of a chart that gives a height to each of its bands, more
NARROW_LINES = (
    (16, 27),
    (26, 21),
)  # title and sources in a column of 360 pixels: characters of a line, pixels of a line
VERSION_LETTERS = 26  # characters that follow the sources


def show_embed_snippet(key: str, name: str, link: str, title: str, drawn: list[Picture]) -> None:
    """Show the snippet of a view; where it has several charts, of the one that the reader chooses.

    key: of the widget; name: of the rows, as in the names of files; drawn: the charts.
    """
    st.caption(_("嵌入其他网页"))
    place = 0
    if len(drawn) > 1:
        titles = [picture.title for picture in drawn]
        place = st.selectbox(_("哪一幅图"), range(len(drawn)), format_func=titles.__getitem__, key=f"{key}_frame")
    # The first chart needs no code: the link of a view then is that of its frame but for one word.
    more = {"embed": "true"} | ({embed.CHART_PARAMETER: embed.make_chart_code(name, place)} if place else {})
    st.code(
        build_iframe(
            f"{link}&{urlencode(more)}",
            title,
            compute_frame_height(title, drawn[place]) if drawn else DEFAULT_FRAME_HEIGHT,
        ),
        language="html",
        wrap_lines=True,
    )


def build_iframe(address: str, title: str, height: int) -> str:
    """Return the iframe element of HTML; height in pixels."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        'loading="lazy" style="border:0"></iframe>'
    )


def compute_frame_height(title: str, picture: Picture) -> int:
    """Compute the pixels that a frame of this chart needs in a narrow column so as not to scroll."""
    height = picture.spec.get("height")
    if isinstance(height, dict):
        bands = [
            picture.rows[column].n_unique()
            for column in get_discrete_columns(picture.spec, "y") & set(picture.rows.columns)
        ]
        height = CHART_EDGES_OF_BANDS + float(height["step"]) * max(bands, default=1)
    if not isinstance(height, int | float):
        return DEFAULT_FRAME_HEIGHT
    texts = zip((title, picture.sources + " " * 2 * VERSION_LETTERS), NARROW_LINES, strict=True)
    return CHART_EDGES + round(height) + sum(len(wrap_text(text, letters)) * line for text, (letters, line) in texts)


def get_discrete_columns(spec: dict[str, Any], *channels: str) -> set[str]:
    """Return the columns that a chart lays out along some channels as categories, not as measures."""
    found = set()
    for part in (spec, *spec.get("layer", [])):
        for channel in channels:
            of = part.get("encoding", {}).get(channel, {})
            if "field" in of and of.get("type") in ("nominal", "ordinal"):
                found.add(of["field"])
    return found
