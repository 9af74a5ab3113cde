"""Charts of many places: ranked dots, slopes between two years, two indicators against each other.

As in charts.py, built in Altair once for each unit and palette, and served as dicts with separate rows. `role` of a
point: main (the place compared), lit (its peers), other.
"""

import math
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts.chart_points import require_one_unit
from pages.charts.charts import Spec, compute_text_width, finish_spec, make_tooltip, make_value_axis
from pages.charts.name_places import LINE_OF_TEXT, choose_free_names, separate_levels
from pages.charts.theme import PALETTES
from pages.wording.language import lang

RowsAndSpec = tuple[pl.DataFrame, Spec]
LEAST_HEIGHT, MOST_HEIGHT, ROW_HEIGHT = 300, 560, 3.2  # pixels of the ranked dots, and of one of very many places
SLOPE_HEIGHT, SCATTER_HEIGHT = 460, 440
ASIDE = 18  # pixels from a dot to its name
MOST_NAMED = 26  # names in a chart of this height
WIDE_SPAN = 20  # largest over smallest, from which on a scale is logarithmic
MOST_DECADES = 6
SIDE_ROOM = 190  # pixels beside a slope for name and number


def draw_ranked_dots(points: pl.DataFrame, palette: str, width: int) -> RowsAndSpec:
    """Draw one dot for each place, the first on top, with the names of the main place, its peers and the two ends.

    points: of make_points() in one unit, in the order of their ranks, with role; width: pixels of the chart.
    """
    height = min(max(LEAST_HEIGHT, ROW_HEIGHT * points.height), MOST_HEIGHT)
    step = height / points.height
    data = points.with_row_index("place_in_order").with_columns(level=pl.col("place_in_order") + 0.5)
    ends = pl.col("place_in_order").is_in([0, points.height - 1])
    named = data.filter((pl.col("role") != "other") | ends).sort(pl.col("role") != "main", ~ends, "place_in_order")
    named = named.head(min(MOST_NAMED, int(height / LINE_OF_TEXT))).sort("place_in_order")
    number = pl.col("label").str.strip_suffix(require_one_unit(points)).str.strip_chars_end()  # the axis names the unit
    named = named.with_columns(text=pl.format("{} {}", "place", number))
    low, high = min(0.0, float(points["value"].min())), float(points["value"].max())  # type: ignore[arg-type]
    per_pixel = ((high - low) or 1.0) / width
    dots = [(value / per_pixel, level * step) for value, level in data.select("value", "level").iter_rows()]
    sides, levels = [], []
    for value, level, text in named.select("value", "level", "text").iter_rows():
        long = compute_text_width(text)
        # A name stands to the right of its dot, near the edge to the left; dots of the larger ones lie above it.
        right = value / per_pixel + ASIDE + long < high / per_pixel
        near, far = sorted(
            (value / per_pixel + (ASIDE if right else -ASIDE), value / per_pixel + (long if right else -long))
        )
        covers = any(near < x < far and abs(y - level * step) < LINE_OF_TEXT / 2 for x, y in dots)
        levels.append(level * step + (LINE_OF_TEXT * 0.75 if right else -LINE_OF_TEXT / 2) * covers)
        sides.append("right" if right else "left")
    moved = separate_levels(levels, LINE_OF_TEXT, -LINE_OF_TEXT / 2, height + LINE_OF_TEXT / 2)
    named = named.with_columns(
        at=pl.Series([level / step for level in moved], dtype=pl.Float64), side=pl.Series(sides, dtype=pl.String)
    )
    aside = pl.when(side="right").then(ASIDE * per_pixel).otherwise(-ASIDE * per_pixel)
    named = named.with_columns(name_x=pl.col("value") + aside)
    data = data.join(named.select("place_in_order", "at", "side", "name_x", "text"), on="place_in_order", how="left")
    return data, _build_dots_spec(require_one_unit(points), lang(), palette, points.height, round(height))


@cache
def _build_dots_spec(unit: str, language: str, palette: str, places: int, height: int) -> Spec:
    colours = PALETTES[palette]
    scale = alt.Scale(zero=unit != "%", nice=True)
    x = alt.X("value:Q", title=None, axis=make_value_axis(colours, unit), scale=scale)
    edge = LINE_OF_TEXT * places / height  # rows above the first and below the last, for their names
    y = alt.Y("level:Q", axis=None, scale=alt.Scale(domain=[-edge, places + edge], reverse=True, nice=False))
    base = alt.Chart().encode(x=x, y=y)
    named = base.transform_filter("datum.side")
    hue: Any = (
        alt.when("datum.role === 'main'").then(alt.value(colours["figure"]))
        .when("datum.role === 'lit'").then(alt.value(colours["ink"])).otherwise(alt.value(colours["quiet"]))
    )  # fmt: skip

    def text(side: str) -> Any:
        aligned: Any = {"align": "left" if side == "right" else "right", "dx": 3 if side == "right" else -3}
        return (
            named.transform_filter(f"datum.side === '{side}'")
            .mark_text(fontSize=12, baseline="middle", limit=400, **aligned)
            .encode(x="name_x:Q", y="at:Q", text="text:N", color=hue)
        )

    layers = alt.layer(
        named.mark_rule(strokeWidth=1, color=colours["line"]).encode(x2="name_x:Q", y2="at:Q"),
        *_mark_dots(base, colours, language, sizes=(26, 60, 130)),
        text("right"),
        text("left"),
    )
    return finish_spec(layers.properties(height=height), unit, colours)


def _mark_dots(base: alt.Chart, colours: dict[str, str], language: str, sizes: tuple[int, int, int]) -> list[Any]:
    """Mark the dots of other places, of peers and of the main place, each over those before."""
    tooltip = make_tooltip(language)
    looks = (
        ("other", sizes[0], colours["quiet"], 0.5), ("lit", sizes[1], colours["ink"], 0.9),
        ("main", sizes[2], colours["figure"], 1.0),
    )  # fmt: skip
    return [
        base.transform_filter(f"datum.role === '{role}'")
        .mark_point(filled=True, size=size, color=colour, opacity=opacity)
        .encode(tooltip=tooltip)
        for role, size, colour, opacity in looks
    ]


def is_wide(values: pl.Series) -> bool:
    """Return whether values differ so much that only a logarithmic scale shows the small ones."""
    least, most = values.min(), values.max()
    return values.len() > 0 and bool(least > 0 and most / least > WIDE_SPAN)  # type: ignore[operator]


def draw_slopes(points: pl.DataFrame, palette: str) -> RowsAndSpec:
    """Draw a line for each place between two years, with names and numbers of the main place and its peers.

    points: of make_points() in one unit, of two years each, with park_id, role and dashed (whether the two do not
    join). Wide spans are drawn on a logarithmic scale, on which like slopes are like growth.
    """
    wide = is_wide(points["value"])
    first, last = points["year"].min(), points["year"].max()
    values = points["value"].log10() if wide else points["value"]
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    low, high = (math.floor(low * 5) / 5, math.ceil(high * 5) / 5) if wide else (min(0.0, low), high * 1.02)
    data = points.with_columns(scaled=values, side=pl.when(year=first).then(pl.lit("left")).otherwise(pl.lit("right")))
    marked = []
    for side in ("left", "right"):
        named = data.filter((pl.col("side") == side) & (pl.col("role") != "other"))
        named = named.sort(pl.col("role") != "main", "value", descending=[False, True]).head(MOST_NAMED)
        pixels = [(high - level) / (high - low) * SLOPE_HEIGHT for level in named["scaled"]]
        moved = separate_levels(pixels, LINE_OF_TEXT, 0, SLOPE_HEIGHT)
        at = [high - pixel / SLOPE_HEIGHT * (high - low) for pixel in moved]
        said = "label" if side == "left" else pl.format("{} {}", "label", "place")
        marked.append(named.select("park_id", "side", text=said, at=pl.Series(at, dtype=pl.Float64)))
    data = data.join(pl.concat(marked), on=["park_id", "side"], how="left", maintain_order="left")
    if wide:
        data = data.with_columns(pl.lit(10.0).pow(pl.col("at")).alias("at"))
        low, high = 10**low, 10**high
    spec = _build_slope_spec(require_one_unit(points), lang(), palette, (str(first), str(last)), (low, high), wide=wide)
    return data.with_columns(pl.col("year").cast(pl.String).alias("end")), spec


@cache
def _build_slope_spec(
    unit: str,
    language: str,
    palette: str,
    years: tuple[str, str],
    span: tuple[float, float],
    *,
    wide: bool,
) -> Spec:
    colours = PALETTES[palette]
    axis = alt.Axis(
        labelAngle=0, domain=False, ticks=False, orient="top", labelColor=colours["quiet"], labelFontSize=12
    )
    x = alt.X("end:N", title=None, axis=axis, scale=alt.Scale(domain=list(years), padding=0.02))
    scale = alt.Scale(type="log" if wide else "linear", domain=list(span), nice=False)
    y = alt.Y("value:Q", title=None, axis=None, scale=scale)
    base = alt.Chart().encode(x=x, y=y, detail="park_id:N")
    hue: Any = alt.when("datum.role === 'main'").then(alt.value(colours["figure"])).otherwise(alt.value(colours["ink"]))
    dash: Any = alt.when("datum.dashed").then(alt.value([4, 3])).otherwise(alt.value([1, 0]))

    def text(side: str) -> Any:
        aligned: Any = {"align": "right" if side == "left" else "left", "dx": -9 if side == "left" else 9}
        return (
            base.transform_filter(f"datum.side === '{side}' && datum.text")
            .mark_text(fontSize=12, baseline="middle", limit=SIDE_ROOM, **aligned)
            .encode(y="at:Q", text="text:N", color=hue)
        )

    lines = [
        base.transform_filter(f"datum.role === '{role}'")
        .mark_line(strokeWidth=width, color=colour, opacity=opacity).encode(strokeDash=dash)
        for role, width, colour, opacity in (
            ("other", 1, colours["quiet"], 0.28), ("lit", 1.4, colours["ink"], 0.75), ("main", 3, colours["figure"], 1),
        )
    ]  # fmt: skip
    layers = alt.layer(*lines, *_mark_dots(base, colours, language, sizes=(10, 34, 90)), text("left"), text("right"))
    spec = finish_spec(layers.properties(height=SLOPE_HEIGHT), unit, colours)
    spec["padding"] = {"left": 5, "right": 16, "top": 5, "bottom": 5}  # a text is wider than was reckoned
    return spec


def draw_scatter(points: pl.DataFrame, units: tuple[str, str], palette: str, width: int) -> RowsAndSpec:
    """Draw one dot for each place by two figures, and name the main place, its peers, and others where there is room.

    points: place, role, x, y, x_said, y_said and source; units: of the two axes, with their names; width: pixels.
    """
    wide = is_wide(points["x"]), is_wide(points["y"])
    order = pl.col("role").replace_strict({"main": 0, "lit": 1}, default=2, return_dtype=pl.Int64)
    data = points.sort(order, "x", descending=[False, True], maintain_order=True)
    spans, at = [], []
    for name, logarithmic in zip(("x", "y"), wide, strict=True):
        scaled = data[name].log10() if logarithmic else data[name]
        low, high = float(scaled.min()), float(scaled.max())  # type: ignore[arg-type]
        low = low if logarithmic else min(0.0, low)
        room = ((high - low) or 1) * 0.04
        spans.append((low - room if logarithmic or low < 0 else low, high + room))
        at.append(((scaled - spans[-1][0]) / (spans[-1][1] - spans[-1][0])).to_list())
    names = data["place"].to_list()
    chosen = choose_free_names(
        [(x * width, (1 - y) * SCATTER_HEIGHT) for x, y in zip(*at, strict=True)], names,
        [compute_text_width(name) for name in names], data.filter(pl.col("role") != "other").height, width,
    )  # fmt: skip
    data = data.with_columns(side=pl.Series([chosen.get(number, "") for number in range(data.height)], dtype=pl.String))
    ends = tuple((10**low, 10**high) if log else (low, high) for (low, high), log in zip(spans, wide, strict=True))
    return data, _build_scatter_spec(units, lang(), palette, ends, wide)


def _list_round_numbers(low: float, high: float) -> list[float]:
    """List 1, 2 and 5 times the powers of ten within a span; the powers alone where those are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) < MOST_DECADES else (1,)
    found = [step * 10.0**power for power in powers for step in steps]
    return [number for number in found if low <= number <= high]


@cache
def _build_scatter_spec(
    units: tuple[str, str], language: str, palette: str, spans: tuple[Any, ...], wide: tuple[bool, bool]
) -> Spec:
    colours = PALETTES[palette]

    def axis(name: str, number: int) -> Any:
        made = make_value_axis(colours, "").copy()
        kind: Any = "log" if wide[number] else "linear"
        if wide[number]:
            made.values = _list_round_numbers(*spans[number])
        scale = alt.Scale(type=kind, domain=list(spans[number]), nice=False)
        title: dict[str, Any] = {"title": units[number]} if number == 0 else {"title": None}
        made.titleColor, made.titleFontWeight, made.titleFontSize, made.titleAnchor = (
            colours["quiet"], "normal", 12, "end",
        )  # fmt: skip
        return {"x": alt.X, "y": alt.Y}[name](f"{name}:Q", axis=made, scale=scale, **title)

    base = alt.Chart().encode(x=axis("x", 0), y=axis("y", 1))
    hue: Any = (
        alt.when("datum.role === 'main'").then(alt.value(colours["figure"]))
        .when("datum.role === 'lit'").then(alt.value(colours["ink"])).otherwise(alt.value(colours["quiet"]))
    )  # fmt: skip

    def text(side: str) -> Any:
        aligned: Any = {"align": "left" if side == "right" else "right", "dx": 7 if side == "right" else -7}
        return (
            base.transform_filter(f"datum.side === '{side}'")
            .mark_text(fontSize=12, baseline="middle", **aligned).encode(text="place:N", color=hue)
        )  # fmt: skip

    layers = alt.layer(*_mark_dots(base, colours, language, sizes=(34, 60, 130)), text("right"), text("left"))
    return finish_spec(layers.properties(height=SCATTER_HEIGHT), units[1], colours)
