"""Charts of several places over several years: lines, dots, small multiples.

As in charts.py, built in Altair once for each unit and palette, and served as dicts with separate rows.
"""

from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts.chart_points import require_one_unit
from pages.charts.charts import OWN_FILTER, Spec, compute_text_width, finish_spec, make_tooltip, make_value_axis
from pages.charts.theme import PALETTES
from pages.wording import figures
from pages.wording.language import lang

OPEN_MIDDLE_SHARE = 0.28  # of a point of an own figure, open
RowsAndSpec = tuple[pl.DataFrame, Spec]
HEIGHT, SMALL_CHART_HEIGHT = 300, 110
AXIS_WIDTH, CELL_GAP, LEAST_CELL_WIDTH = (
    60,
    24,
    110,
)  # pixels of small charts: their first axis, the gap, the least width
MANY_YEARS, FEW_YEARS = 10, 4  # written below a wide and a narrow chart
NAME_ROOM = 110  # pixels
FEW_POINTS = 40  # of one place
DOT_LINE_HEIGHT = 42  # pixels of a line of dots
LABEL_ROOM = 0.06  # of the height, between the names at the ends of two lines
MOST_NAME_SHIFT = 0.8  # of that room, from the end of its line to a name
NAME_WIDTH = 0.25  # of the width: names nearer to each other than that would touch


def add_line_segments(points: pl.DataFrame, breaks: pl.DataFrame, step: float = 1) -> pl.DataFrame:
    """Add the column line: points of a place with the same value may be joined.

    A line has no period left out and crosses no break. points: park_id, comparable_key, at (year plus the elapsed
    part of it); breaks: park_id, comparable_key, year; step: years between two points that are joined.
    """
    keys = ["park_id", "comparable_key"]
    broken = breaks.select(*keys, at=pl.col("year").cast(pl.Float64)).with_columns(breaks_here=pl.lit(1))
    placed = points.with_row_index("place_in_rows")
    together = pl.concat([placed, broken.join(points.select(keys).unique(), on=keys)], how="diagonal")
    together = together.sort("park_id", "comparable_key", "at", pl.col("breaks_here").is_null())
    after_gap = (pl.col("at") - pl.col("at").shift().over(keys) > step + 0.01).fill_null(False)
    starts = after_gap | pl.col("breaks_here").is_not_null()
    together = together.with_columns(line=starts.cum_sum().over(keys))
    kept = together.filter(pl.col("breaks_here").is_null()).sort("place_in_rows").drop("breaks_here", "place_in_rows")
    return kept.with_columns(line=pl.format("{} {} {}", "park_id", "comparable_key", "line"))


def draw_lines(points: pl.DataFrame, palette: str, *, narrow: bool = False) -> RowsAndSpec:
    """Draw one line for each place with its name at the end; the main place in the accent colour.

    A single place has its number at the end instead.

    points: of make_points() in one unit, with park_id, at, line, best (whether a line goes through it) and
    main; narrow: the name is above its line instead of to the right of it.
    """
    ends = points.filter("best").group_by("park_id").agg(pl.col("at").max())
    data = points.join(ends.with_columns(last=pl.lit(value=True)), on=["park_id", "at"], how="left")
    data = data.with_columns(last=pl.col("last").fill_null(value=False) & pl.col("best"))
    said = "place" if points["park_id"].n_unique() > 1 else "label"
    data = _separate_place_names(data.with_columns(name=pl.when("last").then(said).otherwise(pl.lit(""))))
    span = (int(points["at"].min()), int(points["at"].max() + 0.999))  # type: ignore[operator, arg-type]
    return data, _build_lines_spec(
        require_one_unit(points), lang(), palette, span, _compute_point_size(points), narrow=narrow
    )


def _compute_point_size(points: pl.DataFrame) -> int:
    """Return the area of a point in square pixels.

    In a long series only the line is visible, and a point is merely a target for the pointer.
    """
    return 36 if points.group_by("park_id").len()["len"].max() <= FEW_POINTS else 6  # type: ignore[operator]


def _separate_place_names(data: pl.DataFrame) -> pl.DataFrame:
    """Move the names at the ends of lines apart, so that none covers another.

    A name that would end up too far from its line is left out; the tooltip shows it.
    """
    low, high = min(0.0, float(data["value"].min())), float(data["value"].max())  # type: ignore[arg-type]
    wide = NAME_WIDTH * (float(data["at"].max()) - float(data["at"].min()))  # type: ignore[arg-type]
    room, levels = LABEL_ROOM * ((high - low) or 1.0), {}
    written: list[tuple[float, float]] = []
    ends = data.filter("last").sort(~pl.col("main"), "value").select("park_id", "at", "value").iter_rows()
    for park, at, value in ends:
        near = sorted(level for other, level in written if abs(other - at) < wide or wide == 0)
        level = value
        for other in near:
            level = other + room if abs(level - other) < room else level
        if level - value < MOST_NAME_SHIFT * room:
            levels[park] = level
            written.append((at, level))
    named = pl.col("last") & pl.col("park_id").is_in(list(levels))
    level = pl.col("park_id").replace_strict(levels, return_dtype=pl.Float64, default=None)
    return data.with_columns(
        name_at=pl.when(named).then(level).otherwise("value"),
        name=pl.when(named).then("name").otherwise(pl.lit("")),
        last=named,
    )


@cache
def _build_lines_spec(
    unit: str, language: str, palette: str, years: tuple[int, int], size: int, *, narrow: bool
) -> Spec:
    colours = PALETTES[palette]
    step = max(1, -(-(years[1] - years[0]) // (FEW_YEARS if narrow else MANY_YEARS)))
    written: dict[str, Any] = {"align": "right", "dy": -12} if narrow else {"align": "left", "dx": 8}
    x = alt.X(
        "at:Q", title=None, axis=_make_year_axis(colours, years, step), scale=alt.Scale(domain=list(years), nice=False)
    )
    y = alt.Y("value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, color=hue)
    joined = base.transform_filter("datum.best")
    marks = _make_point_encoding()
    layers = alt.layer(
        joined.transform_filter("!datum.main").mark_line(strokeWidth=1.5, opacity=0.8).encode(detail="line:N"),
        joined.transform_filter("datum.main").mark_line(strokeWidth=2.5).encode(detail="line:N"),
        base.mark_point(size=size, strokeWidth=1.5).encode(
            tooltip=make_tooltip(language), stroke=hue, fill=hue, **marks
        ),
        _draw_open_middle(base, colours, size * OPEN_MIDDLE_SHARE),
        base.transform_filter("datum.last")
        .mark_text(fontSize=12, **written)
        .encode(text="name:N", y=alt.Y("name_at:Q"), color=hue),
    )
    spec = finish_spec(layers.properties(height=HEIGHT), unit, colours)
    spec["padding"] = {"right": 12 if narrow else NAME_ROOM, "left": 5, "top": 5, "bottom": 5}
    return spec


def _make_year_axis(colours: dict[str, str], years: tuple[int, int], step: int) -> alt.Axis:
    return alt.Axis(
        format="d", values=list(range(years[0], years[1] + 1, step)), grid=False, ticks=False,
        domainColor=colours["line"], labelColor=colours["quiet"], labelPadding=6, labelOverlap=False,
    )  # fmt: skip


def _make_point_encoding() -> dict[str, Any]:
    """Return the encoding of evidence for points.

    Published is filled, derived open, conditional a diamond; own is filled, with an open middle drawn over it.
    """
    computed = "datum.kind === 'derived' || datum.kind === 'conditional'"
    return {
        "fillOpacity": alt.when(computed).then(alt.value(0.05)).otherwise(alt.value(1)),
        "shape": alt.when("datum.kind === 'conditional'").then(alt.value("diamond")).otherwise(alt.value("circle")),
    }


def _draw_open_middle(base: alt.Chart, colours: dict[str, str], size: float, **shape: Any) -> Any:
    """Draw the open middle of a point of an own figure."""
    paper = alt.value(colours["paper"])
    marks = base.transform_filter(OWN_FILTER).mark_point(size=size, strokeWidth=0, **shape)
    return marks.encode(color=paper, fill=paper, fillOpacity=alt.value(1))


def _label_point() -> pl.Expr:
    """Return an expression for the text of a point; that of an own figure says so."""
    own = pl.col("label") + pl.lit(figures.format_evidence_mark("own"))
    return pl.when(pl.col("kind") == "own").then(own).otherwise("label")


def draw_dots(points: pl.DataFrame, palette: str) -> RowsAndSpec:
    """Draw one line of dots for each place: the latest figure filled and labelled, the earlier ones small.

    points: of make_points() in one unit, with park_id, at and main; places are in descending order of their latest
    figure.
    """
    latest = points.sort("at", descending=True, maintain_order=True).unique("park_id", keep="first")
    order = latest.sort("value", descending=True)["park_id"].to_list()
    ids = latest.select("park_id", "at", written=_label_point(), when="period")
    data = points.join(ids, on=["park_id", "at"], how="left", maintain_order="left").with_columns(
        place_in_order=pl.col("park_id").replace_strict(
            {park: number for number, park in enumerate(order)}, return_dtype=pl.Int64
        ),
        latest=pl.col("written").is_not_null(),
    )
    once = pl.col("latest") & pl.col("park_id").is_first_distinct()
    head = pl.format("{}　{} {}", "place", "when", "written")
    data = data.sort("latest", descending=True, maintain_order=True)
    data = data.with_columns(head=pl.when(once).then(head).otherwise(pl.lit("")))
    return data, _build_dots_spec(require_one_unit(points), lang(), palette)


@cache
def _build_dots_spec(unit: str, language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    y = alt.Y("place_in_order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, tooltip=make_tooltip(language))
    shape: dict[str, Any] = {"yOffset": 8}
    layers = alt.layer(
        alt.Chart().transform_filter("datum.head != ''").mark_rule(color=colours["line"], **shape).encode(y=y),
        base.transform_filter("!datum.latest").mark_point(size=28, filled=True, opacity=0.35, **shape)
        .encode(color=hue),
        base.transform_filter("datum.latest").mark_point(size=80, strokeWidth=1.5, **shape).encode(
            stroke=hue, fill=hue, **_make_point_encoding()
        ),
        _draw_open_middle(base.transform_filter("datum.latest"), colours, 80 * OPEN_MIDDLE_SHARE, **shape),
        alt.Chart().mark_text(align="left", baseline="middle", dy=-8, fontSize=12, color=colours["ink"], limit=900)
        .encode(y=y, x=alt.value(0), text="head:N"),
    )  # fmt: skip
    return finish_spec(layers.properties(height=alt.Step(DOT_LINE_HEIGHT)), unit, colours)


def draw_small_multiples(points: pl.DataFrame, palette: str, room: int) -> RowsAndSpec:
    """Draw a small chart for each place, with its last figure in its head, all on the same scales.

    points: of make_points() in one unit, with park_id, at, line, best and main; room: pixels of a whole row.
    """
    last = points.filter("best").sort("at").group_by("park_id").agg(end=_label_point().last())
    data = points.join(last, on="park_id", how="left", maintain_order="left")
    longest = max(compute_text_width(text) for text in [*data["place"].unique(), *data["end"].unique()])
    columns = next((n for n in (3, 2) if _compute_cell_width(room, n) >= max(longest, LEAST_CELL_WIDTH)), 1)
    data = data.with_columns(head=pl.format("{}\n{}", "place", "end")).drop("end")
    order = tuple(data["head"].unique(maintain_order=True))
    years = (int(points["at"].min()), int(points["at"].max() + 0.999))  # type: ignore[operator, arg-type]
    size = _compute_point_size(points)
    return data, _build_small_multiples_spec(
        require_one_unit(points), lang(), palette, order, years, columns, _compute_cell_width(room, columns), size
    )


def _compute_cell_width(room: int, columns: int) -> int:
    """Compute the width in pixels of one of several small charts in a row, with an axis before the first."""
    return (room - AXIS_WIDTH) // columns - CELL_GAP


@cache
def _build_small_multiples_spec(
    unit: str,
    language: str,
    palette: str,
    order: tuple[str, ...],
    years: tuple[int, int],
    columns: int,
    width: int,
    size: int,
) -> Spec:
    colours = PALETTES[palette]
    few = [years[0], years[1]] if years[0] != years[1] else [years[0]]
    axis = alt.Axis(
        format="d", values=few, grid=False, ticks=False, domainColor=colours["line"], labelColor=colours["quiet"],
        labelFlush=True,
    )  # fmt: skip
    x = alt.X("at:Q", title=None, axis=axis, scale=alt.Scale(domain=[years[0] - 0.3, years[1] + 0.3], nice=False))
    y = alt.Y("value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, color=hue)
    layers = alt.layer(
        base.transform_filter("datum.best").mark_line(strokeWidth=1.8).encode(detail="line:N"),
        base.mark_point(size=size, strokeWidth=1.2).encode(
            tooltip=make_tooltip(language), stroke=hue, fill=hue, **_make_point_encoding()
        ),
        _draw_open_middle(base, colours, size * OPEN_MIDDLE_SHARE),
    ).properties(width=width, height=SMALL_CHART_HEIGHT)  # fmt: skip
    small = finish_spec(layers, unit, colours)
    head = {
        "title": None,
        "labelColor": colours["ink"],
        "labelFontSize": 12,
        "labelAnchor": "start",
        "labelExpr": "split(datum.label, '\\n')",
        "labelPadding": 4,
    }
    return {
        "facet": {"field": "head", "type": "nominal", "sort": list(order), "header": head},
        "columns": columns,
        "spacing": {"column": CELL_GAP, "row": 16},
        "resolve": {"axis": {"x": "independent"}},  # else those above an empty place have no years
        "spec": {key: part for key, part in small.items() if key not in ("config", "title", "autosize")},
        **{key: small[key] for key in ("config", "title") if key in small},
    }
