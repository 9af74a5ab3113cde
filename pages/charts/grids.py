"""Grids of names and years: zones by province and year of approval, and who published what when."""

from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts.charts import Spec, finish_spec
from pages.charts.theme import PALETTES
from pages.wording.language import _, lang

ROW, CELL, SQUARE, NAME_ROOM = 20, 46, 70, 8  # pixels of a row, a column; of a square; between it and the next
BRIGHT_FROM = 200  # four times the count from which a number in its cell is written light
MOST_BESIDE = 4  # squares of one province and year in one row of a cell


def draw_zone_squares(zones: pl.DataFrame, own: str, palette: str) -> tuple[pl.DataFrame, Spec]:
    """Draw the zones whose year is known: a row a province, most zones on top, a column a year with approvals.

    zones: of queries.places, with approved_year; own: the park whose zone is drawn in the accent colour.
    Returns the rows to serve and the spec.
    """
    years = sorted(set(zones["approved_year"]))
    sizes = zones.group_by(f"province_{lang()}").len().sort("len", f"province_{lang()}", descending=[True, False])
    order = {name: place for place, name in enumerate(sizes[f"province_{lang()}"])}
    counts = dict(sizes.iter_rows())
    rows = zones.with_columns(
        column=pl.col("approved_year").replace_strict({year: n for n, year in enumerate(years)}, return_dtype=pl.Int64),
        row=pl.col(f"province_{lang()}").replace_strict(order, return_dtype=pl.Int64),
        beside=pl.int_range(pl.len()).over(f"province_{lang()}", "approved_year"),
        together=pl.len().over(f"province_{lang()}", "approved_year"),
        main=pl.col("park_id") == own,
    )
    width = pl.min_horizontal("together", pl.lit(MOST_BESIDE))
    step = 0.8 / MOST_BESIDE
    drawn = rows.select(
        x=pl.col("column") + (pl.col("beside") % MOST_BESIDE - (width - 1) / 2) * step,
        y=pl.col("row")
        + (pl.col("beside") // MOST_BESIDE) * 0.42
        - pl.when(pl.col("together") > MOST_BESIDE).then(0.21).otherwise(0),
        main=pl.col("main").fill_null(value=False),
        zone=pl.col(f"name_{lang()}"),
        approved=pl.col("approved_national"),
        place=pl.col(f"host_{lang()}").fill_null("—"),
        industries=pl.col(f"industries_{lang()}").fill_null("—"),
        area=pl.col("approved_area_text").fill_null("—"),
    )
    heads = tuple(f"{name} {counts[name]}" for name in order)
    per_year = dict(zones["approved_year"].value_counts().iter_rows())
    tops = tuple(f"{year}|{per_year[year]}" for year in years)
    return drawn, _build_spec(heads, tops, lang(), palette)


@cache
def _build_spec(heads: tuple[str, ...], tops: tuple[str, ...], language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    names, years = list(heads), list(tops)
    x_axis = alt.Axis(
        orient="top", values=list(range(len(years))), domain=False, ticks=False, grid=False,
        labelColor=colours["quiet"], labelExpr=f"split({years}[datum.value], '|')", labelLineHeight=14,
    )  # fmt: skip
    y_axis = alt.Axis(
        values=list(range(len(names))), domain=False, ticks=False, gridColor=colours["line"],
        labelColor=colours["ink"], labelExpr=f"{names}[datum.value]", labelLimit=220,
    )  # fmt: skip
    x = alt.X("x:Q", title=None, axis=x_axis, scale=alt.Scale(domain=[-0.5, len(years) - 0.5], nice=False))
    y = alt.Y(
        "y:Q", title=None, axis=y_axis, scale=alt.Scale(domain=[-0.7, len(names) - 0.3], reverse=True, nice=False)
    )
    hue: Any = alt.when("datum.main").then(alt.value(colours["figure"])).otherwise(alt.value(colours["quiet"]))
    titles = {
        "zone": _("园区"),
        "approved": _("批准"),
        "place": _("所在城市"),
        "area": _("核准面积（公顷）"),
        "industries": _("主导产业"),
    }
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    squares = (
        alt.Chart().mark_square(size=SQUARE, filled=True, opacity=0.85).encode(x=x, y=y, color=hue, tooltip=tooltip)
    )
    return finish_spec(alt.layer(squares).properties(height=ROW * len(names)), "", colours)


def draw_coverage(
    cells: pl.DataFrame, names: list[str], palette: str, *, counted: bool, narrow: bool
) -> tuple[pl.DataFrame, Spec]:
    """Draw a grid of names and years: a filled cell where something was published, an empty one where nothing was.

    cells: name, year, count, said (what the tooltip says) and href (where a cell leads); names: the rows from above.
    counted: whether the count sets the tone of a cell, and stands in it where it is not narrow.
    """
    years = list(range(cells["year"].min(), cells["year"].max() + 1))  # type: ignore[arg-type, operator]
    return cells, _build_coverage_spec(tuple(names), tuple(years), lang(), palette, counted=counted, narrow=narrow)


@cache
def _build_coverage_spec(
    names: tuple[str, ...], years: tuple[int, ...], language: str, palette: str, *, counted: bool, narrow: bool
) -> Spec:
    colours = PALETTES[palette]
    x_axis = alt.Axis(
        orient="top", domain=False, ticks=False, labelColor=colours["quiet"], labelAngle=0, labelOverlap=True
    )
    y_axis = alt.Axis(domain=False, ticks=False, labelColor=colours["ink"], labelLimit=140 if narrow else 260)
    x = alt.X("year:O", title=None, axis=x_axis, scale=alt.Scale(domain=list(years), paddingInner=0.08))
    y = alt.Y("name:N", title=None, axis=y_axis, scale=alt.Scale(domain=list(names), paddingInner=0.14))
    tone: Any = (
        alt.Opacity("count:Q", scale=alt.Scale(type="sqrt", range=[0.18, 1]), legend=None)
        if counted
        else alt.value(0.75)
    )
    tooltip = [
        alt.Tooltip("name:N", title=_("名称")), alt.Tooltip("year:O", title=_("年份")),
        alt.Tooltip("said:N", title=_("有数")),
    ]  # fmt: skip
    base = alt.Chart().encode(x=x, y=y, href="href:N")
    layers = [base.mark_rect(color=colours["figure"], cursor="pointer").encode(opacity=tone, tooltip=tooltip)]
    if counted and not narrow:
        hue: Any = (
            alt.when(f"datum.count * 4 > {BRIGHT_FROM}").then(alt.value(colours["paper"]))
            .otherwise(alt.value(colours["ink"]))
        )  # fmt: skip
        layers.append(base.mark_text(fontSize=10, cursor="pointer").encode(text="count:Q", color=hue, tooltip=tooltip))
    return finish_spec(alt.layer(*layers).properties(height=ROW * len(names)), "", colours)
