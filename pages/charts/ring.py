"""The six mechanisms as one loop."""

import textwrap
from collections.abc import Iterable
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts import charts
from pages.charts.theme import PALETTES

Spec = dict[str, Any]
MOST_BOX_LETTERS = 17  # letters
RING_HEIGHT, ROW_GAP = 240, 0.35  # height of three rows of boxes, and the part of a row that is between two
HALF_BOX_HEIGHT = RING_HEIGHT / (3 - ROW_GAP) * (1 - ROW_GAP) / 2


def draw_ring(nodes: Iterable[tuple[int, str]], palette: str) -> tuple[pl.DataFrame, Spec]:
    """Draw six steps as one loop, down the right and back up the left, with arrows from each to the next.

    nodes: position (1 to 6) and name. Returns the rows to serve and the spec.
    """
    places = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (1, 2), 5: (0, 2), 6: (0, 1)}
    turns = {1: "{}  →", 4: "←  {}"}
    rows = []
    for n, title in nodes:
        # A long English name takes several lines; a Chinese one has no spaces to break at.
        lines = textwrap.wrap(f"{n} {title}", MOST_BOX_LETTERS, break_long_words=False, break_on_hyphens=False)
        said = turns.get(n, "{}").format("\n".join(lines))
        shift = HALF_BOX_HEIGHT - charts.LINE_HEIGHT / 2 * (
            len(lines) - 1
        )  # an offset is counted from the upper edge of a band
        rows.append({"x": places[n][0], "y": places[n][1], "name": said, "shift": shift, "position": n})
    return pl.DataFrame(rows), _build_ring_spec(palette)


@cache
def _build_ring_spec(palette: str) -> Spec:
    colours = PALETTES[palette]
    x = alt.X("x:O", axis=None, scale=alt.Scale(paddingInner=0.12, paddingOuter=0))
    y = alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=ROW_GAP, paddingOuter=0))
    boxes = (
        alt.Chart()
        .mark_rect(cornerRadius=6, fill=colours["figure"], fillOpacity=0.08, stroke=colours["figure"])
        .encode(x=x, y=y)
    )
    names = (
        alt.Chart()
        .mark_text(
            fontSize=14, fontWeight=600, color=colours["ink"], limit=520, lineBreak="\n", lineHeight=charts.LINE_HEIGHT
        )
        .encode(x=x, y=y, yOffset=alt.YOffset("shift:Q", scale=None), text="name:N")
    )
    flow = alt.Chart().transform_calculate(arrow="{1:'', 2:'↓', 3:'↓', 4:'', 5:'↑', 6:'↑'}[datum.position]")
    down = (
        flow.transform_filter("datum.arrow == '↓'")
        .mark_text(fontSize=20, dy=45, color=colours["quiet"])
        .encode(x=x, y=y, text="arrow:N")
    )
    up = (
        flow.transform_filter("datum.arrow == '↑'")
        .mark_text(fontSize=20, dy=-45, color=colours["quiet"])
        .encode(x=x, y=y, text="arrow:N")
    )
    layers = alt.layer(boxes, names, down, up)
    return charts.finish_spec(layers.properties(height=RING_HEIGHT), "", colours)
