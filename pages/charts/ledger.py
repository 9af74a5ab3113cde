"""Charts of the ledger over time: burn-down, timeline, course of a target.

As in charts.py, built in Altair once for each kind and palette, and served as dicts with separate rows.
Charts of sample rows have the word for it (示例) across the plot.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any, TypeVar

import altair as alt
import polars as pl

from data.states import state_of
from pages.charts.charts import Spec, finish_spec, make_value_axis
from pages.charts.theme import PALETTES
from pages.wording import figures, ledger_status
from pages.wording.language import _, lang, localize_name

RowsAndSpec = tuple[pl.DataFrame, Spec]
T = TypeVar("T")
TIMELINE_BAND_HEIGHT = 38  # pixels of a line of the timeline
HEIGHT = 260


def make_texts(values: Iterable[T], word: Callable[[T], str | None]) -> pl.Series:
    """Return the text of each value, made here: a thread of Polars does not know the language of the run."""
    return pl.Series([word(value) for value in values], dtype=pl.String)


def to_chart_time(day: date | None) -> str | None:
    """Format a day for a chart; without the hour, another time zone would show the day before."""
    return None if day is None else f"{day.isoformat()}T00:00:00"


def _make_time_axis(colours: dict[str, str], language: str, **more: Any) -> alt.Axis:
    month = (
        "(timeFormat(datum.value, '%m') == '01' ? timeFormat(datum.value, '%Y') + '年' : '') + "
        "toNumber(timeFormat(datum.value, '%m')) + '月'"
        if language == "zh"
        else "timeFormat(datum.value, timeFormat(datum.value, '%m') == '01' ? '%b %Y' : '%b')"
    )
    return alt.Axis(
        labelExpr=month, tickCount="month", grid=False, ticks=False, domainColor=colours["line"],
        labelColor=colours["quiet"], labelOverlap=True, labelPadding=6, **more,
    )  # fmt: skip


def add_sample_watermark(spec: Spec, *, sample: bool, palette: str) -> Spec:
    """Return the chart with the word for sample rows (示例) across it if its rows are of the sample."""
    if not sample:
        return spec
    word: Spec = {
        "data": {"values": [{}]},
        "mark": {
            "type": "text", "text": _("示例"), "fontSize": 54, "fontWeight": 700, "angle": 340,
            "color": PALETTES[palette]["quiet"], "opacity": 0.16, "tooltip": None,
        },
        "encoding": {"x": {"value": {"expr": "width / 2"}}, "y": {"value": {"expr": "height / 2"}}},
    }  # fmt: skip
    return spec | {"layer": [*spec["layer"], word]}


def draw_burndown(rows: pl.DataFrame, palette: str, *, sample: bool) -> RowsAndSpec:
    """Draw the open tasks at each month's end as a line up to the day asked about; those planned to be open, dashed.

    rows: of the burn-down in queries.ledger.preplan.
    """
    words = {"open": _("未消号"), "planned": _("按计划应剩")}
    lines = rows.unpivot(["open", "planned"], index="day", variable_name="kind", value_name="tasks").drop_nulls()
    ends = pl.col("day") == pl.col("day").max().over("kind")
    data = lines.with_columns(
        day=make_texts(lines["day"], to_chart_time),
        line=pl.col("kind").replace_strict(words, return_dtype=pl.String),
        label=pl.when(ends & (pl.col("kind") == "open"))
        .then(pl.format("{} {}", pl.lit(words["open"]), "tasks"))
        .otherwise(pl.lit("")),
        shown=make_texts(lines["day"], lambda day: figures.format_date(day.isoformat())),
    )
    spec = _build_burndown_spec(lang(), palette, words["open"], words["planned"])
    return data, add_sample_watermark(spec, sample=sample, palette=palette)


@cache
def _build_burndown_spec(language: str, palette: str, actual: str, planned: str) -> Spec:
    colours = PALETTES[palette]
    x = alt.X("day:T", title=None, axis=_make_time_axis(colours, language))
    y = alt.Y("tasks:Q", title=None, axis=make_value_axis(colours, ""), scale=alt.Scale(zero=True, nice=True))
    tip = [
        alt.Tooltip("line:N", title=_("线")),
        alt.Tooltip("shown:N", title=_("日期")),
        alt.Tooltip("tasks:Q", title=_("任务")),
    ]
    base = alt.Chart().encode(x=x, y=y, tooltip=tip)
    solid = base.transform_filter("datum.kind == 'open'")
    dashed = base.transform_filter("datum.kind == 'planned'")
    layers = alt.layer(
        dashed.mark_line(strokeDash=[5, 4], color=colours["quiet"], interpolate="step-after"),
        solid.mark_line(color=colours["figure"], strokeWidth=2.5),
        solid.mark_point(color=colours["figure"], filled=True, size=40, opacity=1),
        solid.mark_text(color=colours["ink"], dy=-14, dx=6, align="left", fontSize=13, fontWeight=600).encode(
            text="label:N"
        ),
    )
    title = _("任务数；实线为{actual}，虚线为{planned}", actual=actual, planned=planned)
    return finish_spec(layers.properties(height=HEIGHT), title, colours)


def draw_timeline(rows: pl.DataFrame, asof: date, palette: str, *, sample: bool) -> RowsAndSpec:
    """Draw one bar for each row from its start to its due day, filled up to where it was finished; a line on the day.

    rows: label, start, due, done (null while open), state: its word.
    """
    data = rows.with_columns(
        place=pl.int_range(pl.len()),
        start=make_texts(rows["start"], to_chart_time),
        due=make_texts(rows["due"], to_chart_time),
        done=make_texts(rows["done"], to_chart_time),
        until=make_texts(rows["done"].fill_null(asof), to_chart_time),
        begun=pl.col("start") <= pl.coalesce("done", pl.lit(asof)),
        today=pl.lit(to_chart_time(asof)),
        shown=make_texts(rows["due"], lambda day: figures.format_date(day.isoformat())),
    )
    return data, add_sample_watermark(_build_timeline_spec(lang(), palette), sample=sample, palette=palette)


@cache
def _build_timeline_spec(language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    tip = [
        alt.Tooltip("label:N", title=_("事项")),
        alt.Tooltip("state:N", title=_("状态")),
        alt.Tooltip("shown:N", title=_("时限")),
    ]
    axis = _make_time_axis(colours, language, orient="top")
    planned = alt.Chart().encode(y=y, x=alt.X("start:T", title=None, axis=axis), x2="due:T", tooltip=tip)
    spent = (
        alt.Chart()
        .transform_filter("datum.begun")
        .encode(y=y, x=alt.X("start:T", title=None, axis=axis), x2="until:T", tooltip=tip)
    )
    bar: dict[str, Any] = {"color": colours["figure"], "yOffset": 8}
    layers = alt.layer(
        planned.mark_bar(height=10, fillOpacity=0.12, stroke=colours["figure"], strokeOpacity=0.5, **bar),
        spent.mark_bar(height=4, **bar),
        alt.Chart().mark_tick(
            orient="vertical", thickness=3, size=16, color=colours["target"], yOffset=8, opacity=1
        ).encode(y=y, x="due:T", tooltip=tip),
        alt.Chart().transform_filter("datum.place == 0").mark_rule(color=colours["ink"], strokeDash=[2, 2]).encode(
            x="today:T"
        ),
        alt.Chart()
        .mark_text(align="left", baseline="middle", dy=-9, fontSize=12, color=colours["ink"], limit=900)
        .encode(y=y, x=alt.value(0), text="label:N"),
    )  # fmt: skip
    return finish_spec(layers.properties(height=alt.Step(TIMELINE_BAND_HEIGHT)), "", colours)


def draw_target_course(rows: pl.DataFrame, unit: str, scale: float, palette: str, *, sample: bool) -> RowsAndSpec:
    """Draw one target through its year: reached (solid), planned (ochre), last year (dashed).

    January and February are one point. For a stock, its base and its target are dotted, and the axis begins near
    them.
    rows: of the course in queries.ledger.monthly; unit and scale: in which the reader's language shows the values.
    """
    words = {
        "actual": _("完成数"), "plan": _("月计划"), "last": _("上年同期"), "base": _("上年末"), "target": _("目标"),
    }  # fmt: skip
    stock = bool((rows["kind"] == "base").any())
    last = pl.col("month") == pl.col("month").max().over("kind")
    data = rows.with_columns(
        value=pl.col("value") * scale, line=pl.col("kind").replace_strict(words, return_dtype=pl.String)
    ).with_columns(label=pl.when(last).then("line").otherwise(pl.lit("")), label_at="value")
    return _separate_line_labels(data, from_zero=not stock), add_sample_watermark(
        _build_target_course_spec(lang(), palette, unit, stock), sample=sample, palette=palette
    )


def _separate_line_labels(data: pl.DataFrame, *, from_zero: bool) -> pl.DataFrame:
    """Move the labels at the ends of lines apart, so that none covers another."""
    most, least = float(data["value"].max() or 1.0), float(data["value"].min() or 0.0)  # type: ignore[arg-type]
    room = 0.075 * (most if from_zero else most - least)
    ends = data.filter(pl.col("label") != "").sort("value").select("kind", "value")
    places: dict[str, float] = {}
    lowest = float("-inf")
    for kind, value in ends.iter_rows():
        lowest = max(value, lowest + room)
        places[kind] = lowest
    return data.with_columns(
        label_at=pl.when(pl.col("label") != "")
        .then(pl.col("kind").replace_strict(places, return_dtype=pl.Float64, default=None))
        .otherwise("label_at")
    )


@cache
def _build_target_course_spec(language: str, palette: str, unit: str, stock: bool) -> Spec:
    colours = PALETTES[palette]
    said = (
        "datum.value == 2 ? '1—2月' : datum.value + '月'"
        if language == "zh"
        else "datum.value == 2 ? 'Jan–Feb' : timeFormat(datetime(2000, datum.value - 1, 1), '%b')"
    )
    axis = alt.Axis(
        labelExpr=said, values=list(range(2, 13)), grid=False, ticks=False, domainColor=colours["line"],
        labelColor=colours["quiet"], labelOverlap=True, labelPadding=6,
    )  # fmt: skip
    x = alt.X("month:Q", title=None, axis=axis, scale=alt.Scale(domain=[2, 13.4], nice=False))
    y = alt.Y("value:Q", title=None, axis=make_value_axis(colours, unit), scale=alt.Scale(zero=not stock, nice=True))
    tip = [
        alt.Tooltip("line:N", title=_("线")),
        alt.Tooltip("month:Q", title=_("月份")),
        alt.Tooltip("value:Q", title=unit),
    ]
    base = alt.Chart().encode(x=x, y=y, tooltip=tip)
    look: dict[str, dict[str, Any]] = {
        "last": {"color": colours["quiet"], "strokeDash": [5, 4]},
        "plan": {"color": colours["target"]},
        "base": {"color": colours["quiet"], "strokeDash": [2, 2]},
        "target": {"color": colours["target"], "strokeDash": [2, 2]},
        "actual": {"color": colours["figure"], "strokeWidth": 2.5},
    }
    lines = []
    for kind, drawn in look.items():
        of_kind = base.transform_filter(f"datum.kind == '{kind}'")
        lines.append(of_kind.mark_line(**drawn))
        lines.append(
            of_kind.mark_text(align="left", dx=6, baseline="middle", fontSize=12, color=drawn["color"]).encode(
                text="label:N", y=alt.Y("label_at:Q")
            )
        )
    actual = base.transform_filter("datum.kind == 'actual'").mark_point(
        filled=True, size=40, color=colours["figure"], opacity=1
    )
    return finish_spec(alt.layer(*lines, actual).properties(height=HEIGHT), unit, colours)


def make_task_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Return tasks as rows of a timeline: label, start, due, done, state."""
    lines = [
        (
            f"{state_of(row['state'], 'task').mark} {row['task_id']} {localize_name(row, 'title')}",
            row["start"], row["due"], row["finished"], ledger_status.label_state(row["state"]),
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    schema = {"label": pl.String, "start": pl.Date, "due": pl.Date, "done": pl.Date, "state": pl.String}
    return pl.DataFrame(lines, schema=schema, orient="row")
