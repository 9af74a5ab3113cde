"""Charts of several places over several years: lines, dots, small multiples.

Like those of charts.py: written in Altair once for each unit and palette, served as dicts beside their rows.
"""

from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts.charts import OWN, Spec, axis_of, finished, one_unit, pixels, tooltip_of
from pages.charts.theme import PALETTES
from pages.wording import figures
from pages.wording.language import lang

INNER = 0.28  # of a point of an own figure, open
Drawn = tuple[pl.DataFrame, Spec]
HEIGHT, SMALL = 300, 110
AXIS, BETWEEN, NARROWEST = 60, 24, 110  # pixels of small charts: their first axis, the gap, the least width
MANY_YEARS, FEW_YEARS = 10, 4  # written below a wide and a narrow chart
NAME_ROOM = 110  # pixels
FEW_POINTS = 40  # of one place
STEP = 42  # pixels of a line of dots
LABEL_ROOM = 0.06  # of the height, between the names at the ends of two lines
FARTHEST = 0.8  # of that room, from the end of its line to a name
NAME_WIDTH = 0.25  # of the width: names nearer to each other than that would touch


def in_segments(points: pl.DataFrame, breaks: pl.DataFrame, step: float = 1) -> pl.DataFrame:
    """Adds line: the points of a place that may be joined, without a period left out and not across a break.

    points: park_id, comparable_key, at (year, with the part of it that is over); breaks: park_id, comparable_key, year;
    step: years between two points that are joined.
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


def lines(points: pl.DataFrame, palette: str, *, narrow: bool = False) -> Drawn:
    """One line for each place, its name at its end, of a single one its number; the main place in the accent.

    points: of charts.points() in one unit, with park_id, at, line, best (whether a line goes through it) and main;
    narrow: the name stands above its line and not beside it.
    """
    ends = points.filter("best").group_by("park_id").agg(pl.col("at").max())
    data = points.join(ends.with_columns(last=pl.lit(value=True)), on=["park_id", "at"], how="left")
    data = data.with_columns(last=pl.col("last").fill_null(value=False) & pl.col("best"))
    said = "place" if points["park_id"].n_unique() > 1 else "label"
    data = _apart(data.with_columns(name=pl.when("last").then(said).otherwise(pl.lit(""))))
    span = (int(points["at"].min()), int(points["at"].max() + 0.999))  # type: ignore[operator, arg-type]
    return data, _lines(one_unit(points), lang(), palette, span, _size(points), narrow=narrow)


def _size(points: pl.DataFrame) -> int:
    """Square pixels of a point: of a long series only the line is to be seen, and a place to point at."""
    return 36 if points.group_by("park_id").len()["len"].max() <= FEW_POINTS else 6  # type: ignore[operator]


def _apart(data: pl.DataFrame) -> pl.DataFrame:
    """Puts the names at the ends of lines so far apart that none covers another; one that would end up elsewhere is
    left out, and stands where a reader points."""
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
        if level - value < FARTHEST * room:
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
def _lines(unit: str, language: str, palette: str, years: tuple[int, int], size: int, *, narrow: bool) -> Spec:
    colours = PALETTES[palette]
    step = max(1, -(-(years[1] - years[0]) // (FEW_YEARS if narrow else MANY_YEARS)))
    written: dict[str, Any] = {"align": "right", "dy": -12} if narrow else {"align": "left", "dx": 8}
    x = alt.X("at:Q", title=None, axis=_years(colours, years, step), scale=alt.Scale(domain=list(years), nice=False))
    y = alt.Y("value:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, color=hue)
    joined = base.transform_filter("datum.best")
    marks = _evidence_of_points()
    layers = alt.layer(
        joined.transform_filter("!datum.main").mark_line(strokeWidth=1.5, opacity=0.8).encode(detail="line:N"),
        joined.transform_filter("datum.main").mark_line(strokeWidth=2.5).encode(detail="line:N"),
        base.mark_point(size=size, strokeWidth=1.5).encode(tooltip=tooltip_of(language), stroke=hue, fill=hue, **marks),
        _middle(base, colours, size * INNER),
        base.transform_filter("datum.last").mark_text(fontSize=12, **written).encode(
            text="name:N", y=alt.Y("name_at:Q"), color=hue
        ),
    )  # fmt: skip
    spec = finished(layers.properties(height=HEIGHT), unit, colours)
    spec["padding"] = {"right": 12 if narrow else NAME_ROOM, "left": 5, "top": 5, "bottom": 5}
    return spec


def _years(colours: dict[str, str], years: tuple[int, int], step: int) -> alt.Axis:
    return alt.Axis(
        format="d", values=list(range(years[0], years[1] + 1, step)), grid=False, ticks=False,
        domainColor=colours["line"], labelColor=colours["quiet"], labelPadding=6, labelOverlap=False,
    )  # fmt: skip


def _evidence_of_points() -> dict[str, Any]:
    """Published filled, derived open, a diamond where it is conditional; own filled, with an open middle that is drawn
    over it."""
    computed = "datum.kind === 'derived' || datum.kind === 'conditional'"
    return {
        "fillOpacity": alt.when(computed).then(alt.value(0.05)).otherwise(alt.value(1)),
        "shape": alt.when("datum.kind === 'conditional'").then(alt.value("diamond")).otherwise(alt.value("circle")),
    }


def _middle(base: alt.Chart, colours: dict[str, str], size: float, **shape: Any) -> Any:
    """The open middle of a point of an own figure."""
    paper = alt.value(colours["paper"])
    marks = base.transform_filter(OWN).mark_point(size=size, strokeWidth=0, **shape)
    return marks.encode(color=paper, fill=paper, fillOpacity=alt.value(1))


def _told() -> pl.Expr:
    """The text of a point; one of an own figure says so."""
    own = pl.col("label") + pl.lit(figures.mark("own"))
    return pl.when(pl.col("kind") == "own").then(own).otherwise("label")


def dots(points: pl.DataFrame, palette: str) -> Drawn:
    """One line of dots for each place: the latest figure filled and written, those of before small.

    points: of charts.points() in one unit, with park_id, at and main; the places stand in the order of their latest.
    """
    latest = points.sort("at", descending=True, maintain_order=True).unique("park_id", keep="first")
    order = latest.sort("value", descending=True)["park_id"].to_list()
    ids = latest.select("park_id", "at", written=_told(), when="period")
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
    return data, _dots(one_unit(points), lang(), palette)


@cache
def _dots(unit: str, language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    y = alt.Y("place_in_order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("value:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, tooltip=tooltip_of(language))
    shape: dict[str, Any] = {"yOffset": 8}
    layers = alt.layer(
        alt.Chart().transform_filter("datum.head != ''").mark_rule(color=colours["line"], **shape).encode(y=y),
        base.transform_filter("!datum.latest").mark_point(size=28, filled=True, opacity=0.35, **shape)
        .encode(color=hue),
        base.transform_filter("datum.latest").mark_point(size=80, strokeWidth=1.5, **shape).encode(
            stroke=hue, fill=hue, **_evidence_of_points()
        ),
        _middle(base.transform_filter("datum.latest"), colours, 80 * INNER, **shape),
        alt.Chart().mark_text(align="left", baseline="middle", dy=-8, fontSize=12, color=colours["ink"], limit=900)
        .encode(y=y, x=alt.value(0), text="head:N"),
    )  # fmt: skip
    return finished(layers.properties(height=alt.Step(STEP)), unit, colours)


def multiples(points: pl.DataFrame, palette: str, room: int) -> Drawn:
    """A small chart for each place, its last figure in its head, all on the same scales.

    points: of charts.points() in one unit, with park_id, at, line, best and main; room: pixels of all in a row.
    """
    last = points.filter("best").sort("at").group_by("park_id").agg(end=_told().last())
    data = points.join(last, on="park_id", how="left", maintain_order="left")
    longest = max(pixels(text) for text in [*data["place"].unique(), *data["end"].unique()])
    columns = next((n for n in (3, 2) if _cell(room, n) >= max(longest, NARROWEST)), 1)
    data = data.with_columns(head=pl.format("{}\n{}", "place", "end")).drop("end")
    order = tuple(data["head"].unique(maintain_order=True))
    years = (int(points["at"].min()), int(points["at"].max() + 0.999))  # type: ignore[operator, arg-type]
    size = _size(points)
    return data, _multiples(one_unit(points), lang(), palette, order, years, columns, _cell(room, columns), size)


def _cell(room: int, columns: int) -> int:
    """Pixels of one of several small charts in a row, with an axis before the first."""
    return (room - AXIS) // columns - BETWEEN


@cache
def _multiples(
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
    y = alt.Y("value:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True))
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    base = alt.Chart().encode(x=x, y=y, color=hue)
    layers = alt.layer(
        base.transform_filter("datum.best").mark_line(strokeWidth=1.8).encode(detail="line:N"),
        base.mark_point(size=size, strokeWidth=1.2).encode(
            tooltip=tooltip_of(language), stroke=hue, fill=hue, **_evidence_of_points()
        ),
        _middle(base, colours, size * INNER),
    ).properties(width=width, height=SMALL)  # fmt: skip
    small = finished(layers, unit, colours)
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
        "spacing": {"column": BETWEEN, "row": 16},
        "resolve": {"axis": {"x": "independent"}},  # else those above an empty place have no years
        "spec": {key: part for key, part in small.items() if key not in ("config", "title", "autosize")},
        **{key: small[key] for key in ("config", "title") if key in small},
    }
