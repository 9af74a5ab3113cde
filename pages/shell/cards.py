"""Render the pictures of link previews: one size, a chart between its title and its sources, or a card of text."""

import re
from html import escape
from typing import Any

from pages.charts.pictures import FONT, Picture, convert_to_light, load_renderer, wrap_text
from pages.charts.theme import PALETTES
from pages.wording.language import _

WIDTH, HEIGHT = 1200, 630  # pixels, as chat programs show them large
EDGE = 60
INNER_WIDTH = WIDTH - 2 * EDGE
TOP, FOOT = 96, 556  # between the name of the site and the sources
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 40, 30, 20  # sizes of letters
DRAWN_WIDTH, WIDEST_DRAWN = 640, 1500  # pixels of a chart before it is fitted
SVG_SIZE = re.compile(r'^<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


def render_card_png(title: str, paragraph: str, picture: Picture | None, sources: str, link: str) -> bytes:
    """Render the preview of a view as a PNG of 1200 by 630 pixels. paragraph: shown where there is no chart."""
    return bytes(load_renderer().svg_to_png(render_card_svg(title, paragraph, picture, sources, link)))


def render_card_svg(title: str, paragraph: str, picture: Picture | None, sources: str, link: str) -> str:
    """Render the same as SVG."""
    colours = PALETTES["light"]
    lines = wrap_and_truncate(title, INNER_WIDTH / TITLE_SIZE, 3)
    below = TOP + TITLE_SIZE * 1.3 * len(lines)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        f'<rect x="{EDGE}" y="40" width="6" height="26" fill="{colours["figure"]}"/>',
        render_text_lines([_("园区指标浏览器")], EDGE + 18, 62, 24, colours["quiet"]),
        render_text_lines(lines, EDGE, TOP + TITLE_SIZE, TITLE_SIZE, colours["ink"]),
        render_fitted_chart(picture, below + 12, FOOT - 24)
        if picture
        else render_text_lines(
            wrap_and_truncate(paragraph, INNER_WIDTH / TEXT_SIZE, 6),
            EDGE,
            below + TEXT_SIZE + 24,
            TEXT_SIZE,
            colours["quiet"],
        ),
        f'<rect x="{EDGE}" y="{FOOT}" width="{INNER_WIDTH}" height="1" fill="{colours["line"]}"/>',
        render_text_lines(
            wrap_and_truncate(_("来源：{sources}", sources=sources), INNER_WIDTH / SMALL_SIZE, 1) if sources else [],
            EDGE,
            FOOT + 30,
            SMALL_SIZE,
            colours["quiet"],
        ),
        render_text_lines(
            wrap_and_truncate(link, INNER_WIDTH / SMALL_SIZE * 0.9, 1), EDGE, FOOT + 58, SMALL_SIZE, colours["quiet"]
        ),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">'
    return "\n".join([head, *parts, "</svg>"])


def wrap_and_truncate(said: str, width: float, most: int) -> list[str]:
    """Wrap a text into at most so many lines of so many Chinese characters; … marks what is left out.

    width: Chinese characters; most: lines.
    """
    lines = wrap_text(said, int(width))
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def render_text_lines(lines: list[str], x: float, y: float, size: int, colour: str) -> str:
    """Render lines of text from a baseline down, as an SVG element."""
    spans = "".join(
        f'<tspan x="{x}" y="{y + place * size * 1.3:g}">{escape(strip_unprintable(line))}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text font-size="{size}" fill="{colour}">{spans}</text>'


def strip_unprintable(line: str) -> str:
    """Remove the characters that XML does not allow."""
    return "".join(character for character in line if character.isprintable())


def render_fitted_chart(picture: Picture, top: float, bottom: float) -> str:
    """Render the chart between two heights, as large as fits; a tall chart is drawn wider first."""
    room = bottom - top
    drawn = render_chart(picture, DRAWN_WIDTH)
    width, height = parse_svg_size(drawn)
    if height / width > room / INNER_WIDTH:
        drawn = render_chart(
            picture, min(WIDEST_DRAWN, round(height * INNER_WIDTH / room) - round(width) + DRAWN_WIDTH)
        )
        width, height = parse_svg_size(drawn)
    scale = min(INNER_WIDTH / width, room / height)
    inside = drawn.partition(">")[2]
    return (
        f'<svg x="{EDGE}" y="{top:g}" width="{width * scale:g}" height="{height * scale:g}" '
        f'viewBox="0 0 {width:g} {height:g}" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}'
    )


def parse_svg_size(drawn: str) -> tuple[float, float]:
    """Return width and height of an SVG. Raises ValueError for a text that is not an SVG with both."""
    found = SVG_SIZE.search(drawn)
    if found is None:
        raise ValueError("not an SVG with a width and a height")
    return float(found[1]), float(found[2])


def render_chart(picture: Picture, width: int) -> str:
    """Render the chart alone as SVG, with its marks in an area of this width in pixels."""
    spec = convert_to_light(picture.spec)
    body: dict[str, Any] = {key: value for key, value in spec.items() if key not in ("config", "autosize")}
    document = body | {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "width": width,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12}},
        "data": {"values": picture.rows.to_dicts()},
    }
    return str(load_renderer().vegalite_to_svg(document, vl_version="6.1"))
