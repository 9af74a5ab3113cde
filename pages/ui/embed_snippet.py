"""The snippet that shows a view on another site: one line of HTML, to copy with one click."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.charts.pictures import Picture, wrapped
from pages.ui import embed
from pages.wording.language import _

HEIGHT = 600  # pixels, of a view without a chart or with one whose height is not a number
AROUND, BAND = 180, 26  # of a chart: its axes and edges; of a chart that gives a height to each of its bands, more
NARROW = ((16, 27), (26, 21))  # title and sources in a column of 360 pixels: characters of a line, pixels of a line
VERSION = 26  # characters that follow the sources


def snippet(key: str, name: str, link: str, title: str, drawn: list[Picture]) -> None:
    """The snippet of a view; where it has several charts, of the one that is chosen.

    key: of the widget; name: of the rows, as in the names of files; drawn: the charts.
    """
    st.caption(_("嵌入其他网页"))
    place = 0
    if len(drawn) > 1:
        titles = [picture.title for picture in drawn]
        place = st.selectbox(_("哪一幅图"), range(len(drawn)), format_func=titles.__getitem__, key=f"{key}_frame")
    # The first chart needs no code: the link of a view then is that of its frame but for one word.
    more = {"embed": "true"} | ({embed.CHART: embed.coded(name, place)} if place else {})
    st.code(iframe(f"{link}&{urlencode(more)}", title, tall(title, drawn[place]) if drawn else HEIGHT), language="html",
            wrap_lines=True)  # fmt: skip


def iframe(address: str, title: str, height: int) -> str:
    """The element of HTML."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        'loading="lazy" style="border:0"></iframe>'
    )


def tall(title: str, picture: Picture) -> int:
    """Pixels that a frame of this chart needs in a narrow column, so that it does not scroll in itself."""
    height = picture.spec.get("height")
    if isinstance(height, dict):
        bands = [picture.rows[column].n_unique() for column in fields(picture.spec, "y") & set(picture.rows.columns)]
        height = BAND + float(height["step"]) * max(bands, default=1)
    if not isinstance(height, int | float):
        return HEIGHT
    texts = zip((title, picture.sources + " " * 2 * VERSION), NARROW, strict=True)
    return AROUND + round(height) + sum(len(wrapped(text, letters)) * line for text, (letters, line) in texts)


def fields(spec: dict[str, Any], *channels: str) -> set[str]:
    """The columns that a chart lays out along some channels, where they are not measured."""
    found = set()
    for part in (spec, *spec.get("layer", [])):
        for channel in channels:
            of = part.get("encoding", {}).get(channel, {})
            if "field" in of and of.get("type") in ("nominal", "ordinal"):
                found.add(of["field"])
    return found
