"""Charts as pictures with title, unit, sources and link; Chinese glyphs are rendered on any host."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
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
    """A chart with everything that a picture of it needs."""

    title: str
    rows: pl.DataFrame = field(repr=False)
    spec: Spec = field(repr=False)
    sources: str
    link: str


@cache
def load_renderer() -> ModuleType:
    """Load the Vega renderer with the font that the project includes."""
    import vl_convert  # noqa: PLC0415 - 40 MB that only a picture needs

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def build_standalone_spec(picture: Picture) -> dict[str, Any]:
    """Build a whole Vega-Lite document: the chart's own spec and rows between title and sources, on white."""
    colours = PALETTES["light"]
    spec = convert_to_light(picture.spec)
    unit = spec.pop("title", {}).get("text", "")
    lines = [
        *wrap_text(_("来源：{sources}", sources=picture.sources), FOOTER_WIDTH),
        *wrap_text(picture.link, FOOTER_WIDTH),
    ]
    body = {key: value for key, value in spec.items() if key not in ("config", "autosize")}
    footer_mark = {"type": "text", "align": "left", "baseline": "top", "x": 0, "y": 0, "lineHeight": 16}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "#FFFFFF",
        "padding": 20,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12}},
        "title": {
            "text": wrap_text(picture.title, TITLE_WIDTH),
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


def convert_to_light(spec: Spec) -> Spec:
    """Convert a chart to the colours of light mode: a picture is printed on white, whatever mode the reader uses."""
    text = json.dumps(spec)
    for part, colour in PALETTES["dark"].items():
        text = text.replace(colour, PALETTES["light"][part])
    light: Spec = json.loads(text)
    return light


def wrap_text(text: str, width: int) -> list[str]:
    """Wrap a text into lines of at most `width` Chinese characters; a Latin letter counts half.

    Words are kept whole where they fit.
    """
    text = re.sub(r"(?<=\w)’(?=[a-z])", "'", text)  # in the font the curved one is as wide as a Chinese character
    lines, line, length = [], "", 0.0
    for piece in _split_pieces(text, width):
        size = sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in piece)
        if length + size > width and line:
            lines.append(line.rstrip())
            line, length = "", 0.0
        line, length = line + piece, length + size
    return [*lines, line.rstrip()]


def _split_pieces(text: str, width: int) -> list[str]:
    """Split a text into what a line does not break: words, and Chinese characters with the punctuation after them."""
    words = re.findall(r"[\u2e80-\uffef][，。、；：！？）》”]*|[^\s\u2e80-\uffef]+\s*|\s+", text)
    longest = max(width, 1)  # a word of half the letters of a line; a longer one is broken
    return [word[at : at + longest] for word in words for at in range(0, len(word), longest)]


def render_png(picture: Picture) -> bytes:
    """Render the chart as PNG, at twice the size of the screen."""
    return bytes(load_renderer().vegalite_to_png(build_standalone_spec(picture), vl_version="6.1", scale=2))


def render_svg(picture: Picture) -> bytes:
    """Render the chart as SVG."""
    return str(load_renderer().vegalite_to_svg(build_standalone_spec(picture), vl_version="6.1")).encode()
