"""Pictures for link previews: one size, a chart between its title and its source, or a card of text."""

import re
from html import escape
from typing import Any

from pages.charts.pictures import FONT, Picture, in_light, renderer, wrapped
from pages.charts.theme import PALETTES
from pages.wording.language import _

WIDTH, HEIGHT = 1200, 630  # pixels, as chat programs show them large
EDGE = 60
INNER = WIDTH - 2 * EDGE
TOP, FOOT = 96, 556  # between the name of the site and the sources
TITLE, TEXT, SMALL = 40, 30, 20  # sizes of letters
DRAWN, WIDEST = 640, 1500  # pixels of a chart before it is fitted
SIZE = re.compile(r'^<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


def png(title: str, paragraph: str, picture: Picture | None, sources: str, link: str) -> bytes:
    """A PNG of 1200 by 630 of a view. paragraph: shown where there is no chart."""
    return bytes(renderer().svg_to_png(svg(title, paragraph, picture, sources, link)))


def svg(title: str, paragraph: str, picture: Picture | None, sources: str, link: str) -> str:
    """The same as SVG."""
    colours = PALETTES["light"]
    lines = cut(title, INNER / TITLE, 3)
    below = TOP + TITLE * 1.3 * len(lines)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        f'<rect x="{EDGE}" y="40" width="6" height="26" fill="{colours["figure"]}"/>',
        text([_("园区指标浏览器")], EDGE + 18, 62, 24, colours["quiet"]),
        text(lines, EDGE, TOP + TITLE, TITLE, colours["ink"]),
        chart(picture, below + 12, FOOT - 24)
        if picture
        else text(cut(paragraph, INNER / TEXT, 6), EDGE, below + TEXT + 24, TEXT, colours["quiet"]),
        f'<rect x="{EDGE}" y="{FOOT}" width="{INNER}" height="1" fill="{colours["line"]}"/>',
        text(cut(_("来源：{sources}", sources=sources), INNER / SMALL, 1) if sources else [], EDGE, FOOT + 30, SMALL,
             colours["quiet"]),
        text(cut(link, INNER / SMALL * 0.9, 1), EDGE, FOOT + 58, SMALL, colours["quiet"]),
    ]  # fmt: skip
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">'
    return "\n".join([head, *parts, "</svg>"])


def cut(said: str, width: float, most: int) -> list[str]:
    """At most so many lines of so many Chinese characters; what is left out is told by …."""
    lines = wrapped(said, int(width))
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def text(lines: list[str], x: float, y: float, size: int, colour: str) -> str:
    """Lines of text from a baseline on."""
    spans = "".join(
        f'<tspan x="{x}" y="{y + place * size * 1.3:g}">{escape(printable(line))}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text font-size="{size}" fill="{colour}">{spans}</text>'


def printable(line: str) -> str:
    """A line without the characters that XML does not allow."""
    return "".join(character for character in line if character.isprintable())


def chart(picture: Picture, top: float, bottom: float) -> str:
    """The chart in the room between two heights, as large as it fits, drawn wider where it is tall."""
    room = bottom - top
    drawn = rendered(picture, DRAWN)
    width, height = measured(drawn)
    if height / width > room / INNER:
        drawn = rendered(picture, min(WIDEST, round(height * INNER / room) - round(width) + DRAWN))
        width, height = measured(drawn)
    scale = min(INNER / width, room / height)
    inside = drawn.partition(">")[2]
    return (
        f'<svg x="{EDGE}" y="{top:g}" width="{width * scale:g}" height="{height * scale:g}" '
        f'viewBox="0 0 {width:g} {height:g}" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}'
    )


def measured(drawn: str) -> tuple[float, float]:
    """Width and height of an SVG. Raises ValueError for a text that is none."""
    found = SIZE.search(drawn)
    if found is None:
        raise ValueError("not an SVG with a width and a height")
    return float(found[1]), float(found[2])


def rendered(picture: Picture, width: int) -> str:
    """The chart alone as SVG, its marks in a place of this width."""
    spec = in_light(picture.spec)
    body: dict[str, Any] = {key: value for key, value in spec.items() if key not in ("config", "autosize")}
    document = body | {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "width": width,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12}},
        "data": {"values": picture.rows.to_dicts()},
    }
    return str(renderer().vegalite_to_svg(document, vl_version="6.1"))
