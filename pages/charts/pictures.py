"""Charts as pictures: title, unit, source line and link inside, Chinese glyphs rendered on any host."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pages.charts.charts import Spec
from pages.charts.theme import PALETTES
from pages.wording.language import _

FONTS = Path(__file__).parent.parent / "fonts"
FONT = "Park Explorer Sans"
WIDTH = 760
TITLE_WIDTH = 44
FOOTER_WIDTH = 58


@dataclass(frozen=True)
class Picture:
    """A chart with what a picture of it needs to stand alone."""

    title: str
    rows: pl.DataFrame = field(repr=False)
    spec: Spec = field(repr=False)
    sources: str
    link: str


@cache
def renderer() -> Any:
    """The Vega renderer with the font that the project carries."""
    import vl_convert  # noqa: PLC0415 - 40 MB that only a picture needs

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def standalone(picture: Picture) -> dict[str, Any]:
    """A whole Vega-Lite document: the chart's own spec and rows between its title and its source, on white."""
    colours = PALETTES["light"]
    spec = in_light(picture.spec)
    unit = spec.pop("title", {}).get("text", "")
    lines = [
        *wrapped(_("来源：{sources}", sources=picture.sources), FOOTER_WIDTH),
        *wrapped(picture.link, FOOTER_WIDTH),
    ]
    body = {key: value for key, value in spec.items() if key not in ("config", "autosize")}
    footer_mark = {"type": "text", "align": "left", "baseline": "top", "x": 0, "y": 0, "lineHeight": 16}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "#FFFFFF",
        "padding": 20,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12}},
        "title": {
            "text": wrapped(picture.title, TITLE_WIDTH),
            "subtitle": unit,
            "anchor": "start",
            "fontSize": 17,
            "color": colours["ink"],
            "subtitleColor": colours["quiet"],
            "subtitleFontSize": 12,
            "offset": 12,
            "frame": "group",
        },
        "spacing": 14,
        "vconcat": [
            body | {"width": WIDTH, "data": {"values": picture.rows.to_dicts()}},
            {
                "width": WIDTH,
                "height": 16 * len(lines),
                "data": {"values": [{}]},
                "mark": footer_mark | {"fontSize": 12, "color": colours["quiet"], "fontWeight": "normal"},
                "encoding": {"text": {"value": lines}},
            },
        ],
    }


def in_light(spec: Spec) -> Spec:
    """The same chart in the colours of light mode: a picture is printed on white, whatever its reader has."""
    text = json.dumps(spec)
    for part, colour in PALETTES["dark"].items():
        text = text.replace(colour, PALETTES["light"][part])
    light: Spec = json.loads(text)
    return light


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` Chinese characters; a Latin letter counts half. Words are kept whole where they fit."""
    text = re.sub(r"(?<=\w)’(?=[a-z])", "'", text)  # in the font the curved one is as wide as a Chinese character
    lines, line, length = [], "", 0.0
    for piece in _pieces(text, width):
        size = sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in piece)
        if length + size > width and line:
            lines.append(line.rstrip())
            line, length = "", 0.0
        line, length = line + piece, length + size
    return [*lines, line.rstrip()]


def _pieces(text: str, width: int) -> list[str]:
    """What a line does not break: words, and Chinese characters with the marks that end them."""
    words = re.findall(r"[\u2e80-\uffef][，。、；：！？）》”]*|[^\s\u2e80-\uffef]+\s*|\s+", text)
    longest = max(width, 1)  # a word of half the letters of a line; a longer one is broken
    return [word[at : at + longest] for word in words for at in range(0, len(word), longest)]


def png(picture: Picture) -> bytes:
    """The chart as a PNG, twice the size of the screen."""
    return bytes(renderer().vegalite_to_png(standalone(picture), vl_version="6.1", scale=2))


def svg(picture: Picture) -> bytes:
    """The chart as an SVG."""
    return str(renderer().vegalite_to_svg(standalone(picture), vl_version="6.1")).encode()
