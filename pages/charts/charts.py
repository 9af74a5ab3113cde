"""Charts: written in Altair once for each kind, unit and palette; served as Vega-Lite dicts beside their rows."""

import textwrap
from collections.abc import Iterable
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts.theme import PALETTES
from pages.wording import figures
from pages.wording.language import _, lang, name

Spec = dict[str, Any]
LABELLED_BARS = 9
ROOM = 880  # pixels of a chart as wide as the page
IN_A_BOX = 17  # letters
LINE = 17  # pixels
RING, GAP = 240, 0.35  # height of three rows of boxes, and the part of a row that is between two
NEAR = 0.08  # of the height of a chart, in which two texts would touch
OWN, INNER = "datum.kind === 'own'", 2  # pixels of the line inside a bar of an own figure
FIGURES = "datum.kind != 'target' && datum.kind != 'conditional'"
# What follows only if the growth was meant so is a mark, and no bar like what was published.
CONDITIONAL = "datum.kind == 'conditional'"
GUESS: dict[str, Any] = {"shape": "diamond", "size": 110, "filled": False, "strokeWidth": 1.5, "strokeDash": [3, 2]}
HALF_A_BOX = RING / (3 - GAP) * (1 - GAP) / 2


class MixedUnits(ValueError):
    """Two units on one axis."""


def one_unit(points: pl.DataFrame) -> str:
    """The unit of all points. Raises MixedUnits: 亿元 and 套 share no axis."""
    units = points["unit"].unique().sort().to_list()
    if len(units) > 1:
        raise MixedUnits(f"One chart, one unit; got {', '.join(units)}. Split rows by unit first.")
    return units[0] if units else ""


def points(
    rows: pl.DataFrame, targets: pl.DataFrame | None = None, *, by: str = "indicator", rate: bool = False
) -> pl.DataFrame:
    """Points of a chart, in the order of the rows: one for each figure, one for each target.

    rows: of observations(); targets: of targets(). by: what a category is, indicator, park or period.
    rate: draw growth in per cent instead of the level.
    """
    drawn = [
        _point(row, by, rate=rate)
        for row in rows.iter_rows(named=True)
        if row["growth_pct" if rate else "value"] is not None
    ]
    wanted = "growth" if rate else "level"
    aims = [] if targets is None else [row for row in targets.iter_rows(named=True) if row["measure"] == wanted]
    drawn += [_aim(row, by) for row in aims]
    taken = {point["category"] for point in drawn if point["kind"] not in ("own", "target")}
    for point in drawn:
        if point["kind"] == "own" and point["category"] in taken:
            point["category"] += figures.mark("own")
    return pl.DataFrame(drawn, schema=SCHEMA, orient="row")


SCHEMA = {
    "category": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "kind": pl.String,
    "label": pl.String,
    "short": pl.String,
    "unit": pl.String,
    "year": pl.Int64,
    "indicator": pl.String,
    "place": pl.String,
    "period": pl.String,
    "printed": pl.String,
    "evidence": pl.String,
    "source": pl.String,
}


def _category(row: dict[str, Any], by: str) -> str:
    if by == "period":
        return figures.period(row["period"])
    if by == "park":
        return f"{name(row, 'park')}　{figures.period(row['period'])}"
    return name(row, "indicator")


def _point(row: dict[str, Any], by: str, *, rate: bool) -> dict[str, Any]:
    scale = 1.0 if rate else figures.scale(row)
    ends = (None, None) if rate else (row["low"], row["high"])
    shown = figures.percent(row) if rate else figures.number(row)
    return {
        "category": _category(row, by),
        "value": row["growth_pct"] if rate else row["value"] * scale,
        "low": None if ends[0] is None else ends[0] * scale,
        "high": None if ends[1] is None else ends[1] * scale,
        "kind": figures.kind(row),
        "label": shown,
        "short": shown,
        "unit": "%" if rate else figures.unit(row),
        "year": row["year"],
        "indicator": name(row, "indicator"),
        "place": name(row, "park"),
        "period": figures.period(row["period"]),
        "printed": f"{shown} · {figures.basis(row['growth_basis'])}" if rate else figures.number(row, printed=True),
        "evidence": figures.evidence(figures.kind(row)),
        "source": f"{row['source_title']}, {row['locator']}",
    }


def _aim(row: dict[str, Any], by: str) -> dict[str, Any]:
    growth = row["measure"] == "growth"
    scale = 1.0 if growth else figures.scale(row)
    return {
        "category": _category(row | {"period": str(row["year"])}, by),
        "value": row["value"] * scale,
        "low": None,
        "high": None,
        "kind": "target",
        "label": figures.aim(row),
        "short": figures.bare(row),
        "unit": "%" if growth else figures.unit(row),
        "year": row["year"],
        "indicator": name(row, "indicator"),
        "place": name(row, "park"),
        "period": figures.period(row["year"]),
        "printed": figures.aim(row),
        "evidence": _("目标"),
        "source": f"{row['source_title']}, {row['locator']}",
    }


def in_one_unit(points: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The points in the unit of most rows: 19.7万亿元 beside 720.1亿元 is 197000 on the axis; texts stay as printed.

    rows: for each point its unit_id, evidence, factor and base_value, base_low, base_high as in observations(), and the
    names of the unit; all measure the same. Own figures follow the unit of the others.
    """
    if rows["unit_id"].n_unique() < 2:
        return points
    others = rows.filter(pl.col("evidence") != "own")
    most = (others if others.height else rows)["unit_id"].mode().sort()[0]
    common = rows.filter(pl.col("unit_id") == most).row(0, named=True)
    return points.with_columns(
        *(
            (rows[f"base_{end}"] / common["factor"] * figures.scale(common)).alias(end)
            for end in ("value", "low", "high")
        ),
        unit=pl.lit(figures.unit(common)),
    )


def bars(drawn: pl.DataFrame, palette: str, room: int = ROOM) -> tuple[pl.DataFrame, Spec]:
    """Horizontal bars, one band for each category, its name and numbers written above it; targets as ochre marks.

    drawn: of points(), in one unit; room: pixels in which a name and its numbers stand in one line, else in two.
    Returns the rows to serve and the spec.
    """
    unit = one_unit(drawn)
    order = {category: place for place, category in enumerate(drawn["category"].unique(maintain_order=True))}
    said: dict[str, list[str]] = {}
    for row in drawn.iter_rows(named=True):
        word = (
            _("{year}年目标", year=row["year"])
            if row["kind"] == "target"
            else (
                "" if row["kind"] == "published" or row["category"].endswith(figures.mark("own")) else row["evidence"]
            )
        )
        said.setdefault(row["category"], []).append(f"{word} {row['label']}".strip())
    heads = {category: f"{category}　{' · '.join(texts)}" for category, texts in said.items()}
    lines = 2 if max(map(pixels, heads.values()), default=0) > room else 1
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
    return rows, _bars(unit, lang(), palette, lines)


def pixels(text: str) -> float:
    """About how wide a text is."""
    return sum(13 if character > "\u2e80" else 6.5 for character in text)


@cache
def _bars(unit: str, language: str, palette: str, lines: int) -> Spec:
    colours = PALETTES[palette]
    more = LINE / 2 * (lines - 1)
    written: dict[str, Any] = {"dy": -7 - more, "lineBreak": "\n", "lineHeight": LINE}
    filled: dict[str, Any] = {"height": 12, "yOffset": 12 + more}
    # Of places beside each other one may be the main one; without such, all are.
    hue: Any = (
        alt.when("datum.main === false").then(alt.value(colours["quiet"])).otherwise(alt.value(colours["figure"]))
    )
    ruled: dict[str, Any] = {"thickness": 3, "size": 20, "yOffset": 12 + more, "color": colours["target"]}
    y = alt.Y("place_in_order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    # Two versions of one figure lie on one another; stacked they would be read as a sum.
    x = alt.X("value:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True), stack=None)
    figure = alt.Chart().transform_filter(FIGURES).encode(y=y, x=x, tooltip=tooltip_of(language))
    guess = alt.Chart().transform_filter(CONDITIONAL).encode(y=y, x=x, tooltip=tooltip_of(language))
    target = alt.Chart().transform_filter("datum.kind == 'target'").encode(y=y, x=x, tooltip=tooltip_of(language))
    layers = alt.layer(
        figure.mark_bar(**filled).encode(color=hue, stroke=hue, **evidence_of()),
        figure.transform_filter(OWN).mark_bar(**(filled | {"height": INNER}), color=colours["paper"]),
        _whisker(figure, colours, 12 + more).encode(x="low:Q", x2="high:Q", y=y),
        guess.mark_point(yOffset=12 + more, color=colours["figure"], **GUESS),
        target.mark_tick(**ruled, orient="vertical", opacity=1),
        alt.Chart()
        .mark_text(align="left", baseline="middle", fontSize=13, color=colours["ink"], limit=1200, **written)
        .encode(y=y, x=alt.value(0), text="head:N"),
    )
    return finished(layers.properties(height=alt.Step(46 + LINE * (lines - 1))), unit, colours)


def periods(drawn: pl.DataFrame, palette: str) -> tuple[pl.DataFrame, Spec]:
    """Vertical bars over the years of one indicator and place; a year without a figure stays a gap.

    drawn: of points(by="period"), in one unit. Returns the rows to serve and the spec.
    """
    unit = one_unit(drawn)
    years = range(drawn["year"].min(), drawn["year"].max() + 1)  # type: ignore[arg-type, operator]
    known = dict(zip(drawn["year"], drawn["category"], strict=True))
    few = drawn.height <= LABELLED_BARS
    categories = drawn["category"].unique(maintain_order=True).to_list()
    if drawn["category"].n_unique() == len(known):
        categories = [known.get(year, figures.period(year)) for year in years]
    word = pl.when(pl.col("kind") == "published").then(pl.lit("")).otherwise(pl.col("evidence") + " ")
    text = word + pl.col("short")
    highest = pl.col("value").filter(pl.col("kind") != "target").max().over("year")
    near = (pl.col("kind") == "target") & ((pl.col("value") - highest).abs() < NEAR * pl.col("value").max())
    rows = drawn.with_columns(
        (text if few else pl.lit("")).alias("text"),
        near=near.fill_null(value=False),
        text_at=pl.max_horizontal("value", highest),
    )
    return rows, _periods(unit, lang(), palette, tuple(categories))


@cache
def _periods(unit: str, language: str, palette: str, categories: tuple[str, ...]) -> Spec:
    colours = PALETTES[palette]
    axis = alt.Axis(labelAngle=0, domainColor=colours["line"], ticks=False, labelOverlap=True, labelPadding=6)
    x = alt.X("category:N", title=None, scale=alt.Scale(domain=list(categories)), axis=axis)
    y = alt.Y("value:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=True), stack=None)
    base = alt.Chart().encode(x=x, y=y, tooltip=tooltip_of(language))
    figure = base.transform_filter(FIGURES)
    guess = base.transform_filter(CONDITIONAL)
    target = base.transform_filter("datum.kind == 'target'")
    label: dict[str, Any] = {"dy": -8, "fontSize": 12}
    layers = alt.layer(
        figure.mark_bar(width=alt.RelativeBandSize(0.45), color=colours["figure"], stroke=colours["figure"]).encode(
            **evidence_of()
        ),
        figure.transform_filter(OWN).mark_bar(width=INNER, color=colours["paper"]),
        _whisker(figure, colours).encode(x=x, y="low:Q", y2="high:Q"),
        guess.mark_point(color=colours["figure"], **GUESS),
        target.mark_tick(orient="horizontal", thickness=3, size=64, color=colours["target"], opacity=1),
        figure.mark_text(color=colours["ink"], **label).encode(text="text:N"),
        guess.mark_text(color=colours["ink"], **(label | {"dy": -14})).encode(text="short:N"),
        target.transform_filter("!datum.near")
        .mark_text(color=colours["target"], fontWeight=600, **label)
        .encode(text="text:N"),
        # Over the text of the figure that it is near to.
        target.transform_filter("datum.near")
        .mark_text(color=colours["target"], fontWeight=600, **(label | {"dy": -8 - LINE}))
        .encode(text="text:N", y=alt.Y("text_at:Q", stack=None)),
    )
    # Over the last bar of a narrow chart a text may reach beyond the axis.
    room = {"left": 5, "right": 16, "top": 5, "bottom": 5}
    return finished(layers.properties(height=260, padding=room), unit, colours)


def composition(part: dict[str, Any], rest: dict[str, Any], unit: str, palette: str) -> tuple[pl.DataFrame, Spec]:
    """One bar of a whole: the part that was published, filled, and the rest that was computed, outlined.

    part, rest: value, label, kind, printed, source. Returns the rows to serve and the spec.
    """
    rows = pl.DataFrame(
        [
            {"start": 0.0, "end": part["value"], **part},
            {"start": part["value"], "end": part["value"] + rest["value"], **rest},
        ]
    )
    return rows, _composition(unit, lang(), palette)


@cache
def _composition(unit: str, language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    x = alt.X("start:Q", title=None, axis=axis_of(colours, unit), scale=alt.Scale(zero=True, nice=False))
    base = alt.Chart().encode(x=x, x2="end:Q", tooltip=tooltip_of(language))
    said = alt.Chart().mark_text(align="left", baseline="middle", fontSize=13, color=colours["ink"], limit=1000)
    above = said.transform_filter("datum.kind === 'published'").encode(x=alt.value(0), y=alt.value(8), text="label:N")
    below = said.transform_filter("datum.kind !== 'published'").encode(x=alt.value(0), y=alt.value(70), text="label:N")
    bar = base.mark_bar(height=30, color=colours["figure"], stroke=colours["figure"]).encode(
        y=alt.value(39), **evidence_of()
    )
    return finished(alt.layer(bar, above, below).properties(height=84), unit, colours)


def ring(nodes: Iterable[tuple[int, str]], palette: str) -> tuple[pl.DataFrame, Spec]:
    """Six steps as one loop: down the right, back up the left; arrows from each to the next.

    nodes: position (1 to 6) and name. Returns the rows to serve and the spec.
    """
    places = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (1, 2), 5: (0, 2), 6: (0, 1)}
    turns = {1: "{}  →", 4: "←  {}"}
    rows = []
    for n, title in nodes:
        # A long English name takes several lines; a Chinese one has no spaces to break at.
        lines = textwrap.wrap(f"{n} {title}", IN_A_BOX, break_long_words=False, break_on_hyphens=False)
        said = turns.get(n, "{}").format("\n".join(lines))
        shift = HALF_A_BOX - LINE / 2 * (len(lines) - 1)  # an offset is counted from the upper edge of a band
        rows.append({"x": places[n][0], "y": places[n][1], "name": said, "shift": shift, "position": n})
    return pl.DataFrame(rows), _ring(palette)


@cache
def _ring(palette: str) -> Spec:
    colours = PALETTES[palette]
    x = alt.X("x:O", axis=None, scale=alt.Scale(paddingInner=0.12, paddingOuter=0))
    y = alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=GAP, paddingOuter=0))
    boxes = (
        alt.Chart()
        .mark_rect(cornerRadius=6, fill=colours["figure"], fillOpacity=0.08, stroke=colours["figure"])
        .encode(x=x, y=y)
    )
    names = (
        alt.Chart()
        .mark_text(fontSize=14, fontWeight=600, color=colours["ink"], limit=520, lineBreak="\n", lineHeight=LINE)
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
    return finished(layers.properties(height=RING), "", colours)


def axis_of(colours: dict[str, str], unit: str) -> alt.Axis:
    form = ".1~f" if unit == "%" else ",~f"
    return alt.Axis(
        tickCount=4, format=form, gridColor=colours["line"], domain=False, ticks=False,
        labelColor=colours["quiet"], labelFlush=False,
    )  # fmt: skip


def evidence_of() -> dict[str, Any]:
    """Published filled; derived outlined in dashes; own filled, with a thin line inside that is drawn over it; sample
    dotted: told apart in grey too."""
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


def _whisker(figure: alt.Chart, colours: dict[str, str], offset: float = 0) -> Any:
    """The interval of a derived figure, drawn where it is wide enough to see."""
    wide = "datum.kind == 'derived' && datum.high - datum.low > 0.02 * datum.value"
    return figure.transform_filter(wide).mark_rule(strokeWidth=2, color=colours["ink"], yOffset=offset)


def tooltip_of(language: str) -> list[alt.Tooltip]:
    titles = {
        "indicator": _("指标"),
        "place": _("地区"),
        "period": _("时期"),
        "printed": _("数值"),
        "evidence": _("性质"),
        "source": _("来源"),
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def finished(chart: Any, unit: str, colours: dict[str, str]) -> Spec:
    """A dict without rows, with the unit above the axis."""
    if unit:
        head = alt.Title(unit, anchor="start", fontSize=12, fontWeight="normal", color=colours["quiet"], offset=8)
        chart = chart.properties(title=head)
    spec: Spec = chart.configure_view(stroke=None).to_dict()
    for part in (spec, *spec.get("layer", [])):
        for key in ("$schema", "data", "datasets"):
            part.pop(key, None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
