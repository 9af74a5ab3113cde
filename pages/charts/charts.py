"""Charts, built in Altair once for each kind, unit and palette; served as Vega-Lite dicts with separate rows."""

from functools import cache
from typing import Any

import altair as alt
import polars as pl
from altair.utils import schemapi

from pages.charts import chart_points
from pages.charts.theme import PALETTES
from pages.wording import figures
from pages.wording.language import _, lang

schemapi.disable_debug_mode()  # a third of the time of a chart drawn for the first time; tests hold every spec valid

Spec = dict[str, Any]
LABELLED_BARS = 9
PAGE_WIDTH = 880  # pixels of a chart as wide as the page
LINE_HEIGHT = 17  # pixels
TOUCHING_SHARE = 0.08  # of the height of a chart, in which two texts would touch
OWN_FILTER, INNER_LINE_WIDTH = "datum.kind === 'own'", 2  # pixels of the line inside a bar of an own figure
FIGURE_FILTER = "datum.kind != 'target' && datum.kind != 'conditional'"
# What follows only if the growth was meant so is a mark, and no bar like what was published.
CONDITIONAL_FILTER = "datum.kind == 'conditional'"
CONDITIONAL_MARK: dict[str, Any] = {
    "shape": "diamond",
    "size": 110,
    "filled": False,
    "strokeWidth": 1.5,
    "strokeDash": [3, 2],
}


def draw_bars(drawn: pl.DataFrame, palette: str, room: int = PAGE_WIDTH) -> tuple[pl.DataFrame, Spec]:
    """Draw horizontal bars, one band for each category, with its name and numbers above it; targets as ochre marks.

    drawn: of chart_points.make_points(), in one unit; room: pixels that hold a name and its numbers in one line; else
    they take two. Returns the rows to serve and the spec.
    """
    unit = chart_points.require_one_unit(drawn)
    order = {category: place for place, category in enumerate(drawn["category"].unique(maintain_order=True))}
    said: dict[str, list[str]] = {}
    for row in drawn.iter_rows(named=True):
        word = (
            _("{year}年目标", year=row["year"])
            if row["kind"] == "target"
            else (
                ""
                if row["kind"] == "published" or row["category"].endswith(figures.format_evidence_mark("own"))
                else row["evidence"]
            )
        )
        said.setdefault(row["category"], []).append(f"{word} {row['label']}".strip())
    heads = {category: f"{category}　{' · '.join(texts)}" for category, texts in said.items()}
    lines = 2 if max(map(compute_text_width, heads.values()), default=0) > room else 1
    if lines > 1:
        heads = {category: f"{category}\n{' · '.join(texts)}" for category, texts in said.items()}
    rows = drawn.with_columns(
        pl.col("category").replace_strict(order, return_dtype=pl.Int64).alias("place_in_order"),
        # Written once for each band: a text drawn twice looks bold.
        pl.when(pl.col("category").is_first_distinct())
        .then(pl.col("category").replace_strict(heads, return_dtype=pl.String))
        .otherwise(pl.lit(""))
        .alias("head"),
    )
    return rows, _build_bars_spec(unit, lang(), palette, lines)


def compute_text_width(text: str) -> float:
    """Compute roughly how wide a text is, in pixels."""
    return sum(13 if character > "\u2e80" else 6.5 for character in text)


@cache
def _build_bars_spec(unit: str, language: str, palette: str, lines: int) -> Spec:
    colours = PALETTES[palette]
    more = LINE_HEIGHT / 2 * (lines - 1)
    written: dict[str, Any] = {"dy": -7 - more, "lineBreak": "\n", "lineHeight": LINE_HEIGHT}
    filled: dict[str, Any] = {"height": 12, "yOffset": 12 + more}
    # Of places beside each other one may be the main one; without such, all are.
    hue: Any = (
        alt.when("datum.main === false").then(alt.value(colours["quiet"])).otherwise(alt.value(colours["figure"]))
    )
    ruled: dict[str, Any] = {"thickness": 3, "size": 20, "yOffset": 12 + more, "color": colours["target"]}
    y = alt.Y("place_in_order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    # Two versions of one figure lie on one another; stacked they would be read as a sum.
    x = alt.X(
        "value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True), stack=None
    )
    figure = alt.Chart().transform_filter(FIGURE_FILTER).encode(y=y, x=x, tooltip=make_tooltip(language))
    guess = alt.Chart().transform_filter(CONDITIONAL_FILTER).encode(y=y, x=x, tooltip=make_tooltip(language))
    target = alt.Chart().transform_filter("datum.kind == 'target'").encode(y=y, x=x, tooltip=make_tooltip(language))
    layers = alt.layer(
        figure.mark_bar(**filled).encode(color=hue, stroke=hue, **make_evidence_encoding()),
        figure.transform_filter(OWN_FILTER).mark_bar(**(filled | {"height": INNER_LINE_WIDTH}), color=colours["paper"]),
        _draw_whisker(figure, colours, 12 + more).encode(x="low:Q", x2="high:Q", y=y),
        guess.mark_point(yOffset=12 + more, color=colours["figure"], **CONDITIONAL_MARK),
        target.mark_tick(**ruled, orient="vertical", opacity=1),
        alt.Chart()
        .mark_text(align="left", baseline="middle", fontSize=13, color=colours["ink"], limit=1200, **written)
        .encode(y=y, x=alt.value(0), text="head:N"),
    )
    return finish_spec(layers.properties(height=alt.Step(46 + LINE_HEIGHT * (lines - 1))), unit, colours)


def draw_period_bars(drawn: pl.DataFrame, palette: str) -> tuple[pl.DataFrame, Spec]:
    """Draw vertical bars over the years of one indicator and place; a year without a figure stays a gap.

    drawn: of chart_points.make_points(by="period"), in one unit. Returns the rows to serve and the spec.
    """
    unit = chart_points.require_one_unit(drawn)
    years = range(drawn["year"].min(), drawn["year"].max() + 1)  # type: ignore[arg-type, operator]
    known = dict(zip(drawn["year"], drawn["category"], strict=True))
    few = drawn.height <= LABELLED_BARS
    categories = drawn["category"].unique(maintain_order=True).to_list()
    if drawn["category"].n_unique() == len(known):
        categories = [known.get(year, figures.format_period(year)) for year in years]
    word = pl.when(pl.col("kind") == "published").then(pl.lit("")).otherwise(pl.col("evidence") + " ")
    text = word + pl.col("short")
    highest = pl.col("value").filter(pl.col("kind") != "target").max().over("year")
    near = (pl.col("kind") == "target") & ((pl.col("value") - highest).abs() < TOUCHING_SHARE * pl.col("value").max())
    rows = drawn.with_columns(
        (text if few else pl.lit("")).alias("text"),
        near=near.fill_null(value=False),
        text_at=pl.max_horizontal("value", highest),
    )
    return rows, _build_period_bars_spec(unit, lang(), palette, tuple(categories))


@cache
def _build_period_bars_spec(unit: str, language: str, palette: str, categories: tuple[str, ...]) -> Spec:
    colours = PALETTES[palette]
    axis = alt.Axis(labelAngle=0, domainColor=colours["line"], ticks=False, labelOverlap=True, labelPadding=6)
    x = alt.X("category:N", title=None, scale=alt.Scale(domain=list(categories)), axis=axis)
    y = alt.Y(
        "value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=True), stack=None
    )
    base = alt.Chart().encode(x=x, y=y, tooltip=make_tooltip(language))
    figure = base.transform_filter(FIGURE_FILTER)
    guess = base.transform_filter(CONDITIONAL_FILTER)
    target = base.transform_filter("datum.kind == 'target'")
    label: dict[str, Any] = {"dy": -8, "fontSize": 12}
    layers = alt.layer(
        figure.mark_bar(width=alt.RelativeBandSize(0.45), color=colours["figure"], stroke=colours["figure"]).encode(
            **make_evidence_encoding()
        ),
        figure.transform_filter(OWN_FILTER).mark_bar(width=INNER_LINE_WIDTH, color=colours["paper"]),
        _draw_whisker(figure, colours).encode(x=x, y="low:Q", y2="high:Q"),
        guess.mark_point(color=colours["figure"], **CONDITIONAL_MARK),
        target.mark_tick(orient="horizontal", thickness=3, size=64, color=colours["target"], opacity=1),
        figure.mark_text(color=colours["ink"], **label).encode(text="text:N"),
        guess.mark_text(color=colours["ink"], **(label | {"dy": -14})).encode(text="short:N"),
        target.transform_filter("!datum.near")
        .mark_text(color=colours["target"], fontWeight=600, **label)
        .encode(text="text:N"),
        # Over the text of the figure that it is near to.
        target.transform_filter("datum.near")
        .mark_text(color=colours["target"], fontWeight=600, **(label | {"dy": -8 - LINE_HEIGHT}))
        .encode(text="text:N", y=alt.Y("text_at:Q", stack=None)),
    )
    # Over the last bar of a narrow chart a text may reach beyond the axis.
    room = {"left": 5, "right": 16, "top": 5, "bottom": 5}
    return finish_spec(layers.properties(height=260, padding=room), unit, colours)


def draw_composition(part: dict[str, Any], rest: dict[str, Any], unit: str, palette: str) -> tuple[pl.DataFrame, Spec]:
    """Draw one bar of a whole: the part that was published, filled, and the rest that was computed, outlined.

    part, rest: value, label, kind, printed, source. Returns the rows to serve and the spec.
    """
    rows = pl.DataFrame(
        [
            {"start": 0.0, "end": part["value"], **part},
            {"start": part["value"], "end": part["value"] + rest["value"], **rest},
        ]
    )
    return rows, _build_composition_spec(unit, lang(), palette)


@cache
def _build_composition_spec(unit: str, language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    x = alt.X("start:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=True, nice=False))
    base = alt.Chart().encode(x=x, x2="end:Q", tooltip=make_tooltip(language))
    said = alt.Chart().mark_text(align="left", baseline="middle", fontSize=13, color=colours["ink"], limit=1000)
    above = said.transform_filter("datum.kind === 'published'").encode(x=alt.value(0), y=alt.value(8), text="label:N")
    below = said.transform_filter("datum.kind !== 'published'").encode(x=alt.value(0), y=alt.value(70), text="label:N")
    bar = base.mark_bar(height=30, color=colours["figure"], stroke=colours["figure"]).encode(
        y=alt.value(39), **make_evidence_encoding()
    )
    return finish_spec(alt.layer(bar, above, below).properties(height=84), unit, colours)


def make_value_axis(colours: dict[str, str], unit: str) -> alt.Axis:
    form = ".1~f" if unit == "%" else ",~f"
    return alt.Axis(
        tickCount=4, format=form, gridColor=colours["line"], domain=False, ticks=False,
        labelColor=colours["quiet"], labelFlush=False,
    )  # fmt: skip


def make_evidence_encoding() -> dict[str, Any]:
    """Return the encoding of evidence, distinguishable in grey too.

    Published is filled; derived has a dashed outline; own is filled, with a thin line drawn over it inside; sample
    is dotted.
    """
    fill = (
        alt.when("datum.kind === 'derived'").then(alt.value(0.14)).when("datum.kind === 'sample'").then(alt.value(0.3))
    )
    dash = (
        alt.when("datum.kind === 'derived'")
        .then(alt.value([5, 3]))
        .when("datum.kind === 'sample'")
        .then(alt.value([1, 3]))
    )
    return {
        "fillOpacity": fill.otherwise(alt.value(1)),
        "strokeDash": dash.otherwise(alt.value([1, 0])),
    }


def _draw_whisker(figure: alt.Chart, colours: dict[str, str], offset: float = 0) -> Any:
    """Draw the interval of a derived figure where it is wide enough to see."""
    wide = "datum.kind == 'derived' && datum.high - datum.low > 0.02 * datum.value"
    return figure.transform_filter(wide).mark_rule(strokeWidth=2, color=colours["ink"], yOffset=offset)


def make_tooltip(language: str) -> list[alt.Tooltip]:
    titles = {
        "indicator": _("指标"),
        "place": _("地区"),
        "period": _("时期"),
        "printed": _("数值"),
        "evidence": _("性质"),
        "source": _("来源"),
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def finish_spec(chart: alt.LayerChart | alt.FacetChart, unit: str, colours: dict[str, str]) -> Spec:
    """Convert a chart to a dict without rows, with the unit above the axis."""
    if unit:
        head = alt.Title(unit, anchor="start", fontSize=12, fontWeight="normal", color=colours["quiet"], offset=8)
        chart = chart.properties(title=head)
    spec: Spec = chart.configure_view(stroke=None).to_dict(validate=False)
    for part in (spec, *spec.get("layer", [])):
        for key in ("$schema", "data", "datasets"):
            part.pop(key, None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
