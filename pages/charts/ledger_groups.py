"""Charts of the ledger by leader, month and department: matrix, control chart, scores."""

import textwrap
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from pages.charts import ledger
from pages.charts.charts import Spec, finish_spec, make_value_axis
from pages.charts.theme import PALETTES
from pages.wording import figures
from pages.wording.language import _, lang, localize_name

RowsAndSpec = tuple[pl.DataFrame, Spec]


def draw_leader_matrix(
    rows: pl.DataFrame, leaders: list[str], palette: str, *, sample: bool, narrow: bool = False
) -> RowsAndSpec:
    """Draw projects by leader: a dot where a leader has a project; a separate column for projects without a leader.

    A project without exactly one leader has red squares. rows: label, leaders (names of the project's leaders), in
    order; leaders: all names, in order. narrow: names of leaders are vertical, where there is no room for them side
    by side.
    """
    none = _("没有领导")
    pairs = [
        (place, row["label"], leader, len(row["leaders"]) == 1)
        for place, row in enumerate(rows.iter_rows(named=True))
        for leader in (row["leaders"] or [none])
    ]
    schema = {"place": pl.Int64, "label": pl.String, "leader": pl.String, "single": pl.Boolean}
    data = pl.DataFrame(pairs, schema=schema, orient="row")
    columns = tuple(leaders) + ((none,) if none in data["leader"].to_list() else ())
    wrapped = {leader: leader if narrow else _wrap_leader_name(leader) for leader in columns}
    data = data.with_columns(pl.col("leader").replace(wrapped))
    columns = tuple(wrapped.values())
    return data, ledger.add_sample_watermark(
        _build_leader_matrix_spec(palette, columns, narrow), sample=sample, palette=palette
    )


def _wrap_leader_name(text: str) -> str:
    """Break a name into lines of the width of a column, separated by |."""
    wide = 8 if lang() == "zh" else 14
    return "|".join(textwrap.wrap(text, wide, break_long_words=lang() == "zh", break_on_hyphens=False)) or text


@cache
def _build_leader_matrix_spec(palette: str, leaders: tuple[str, ...], narrow: bool) -> Spec:
    colours = PALETTES[palette]
    lines = max((leader.count("|") for leader in leaders), default=0)
    look: dict[str, Any] = {"labelAngle": 270 if narrow else 0, "labelLimit": 150 if narrow else 110}
    axis = alt.Axis(
        orient="top", labelExpr="split(datum.label, '|')", labelOverlap=False, ticks=False, domain=False, grid=True,
        gridColor=colours["line"], labelColor=colours["quiet"], labelPadding=8 + 13 * lines, **look,
    )  # fmt: skip
    x = alt.X("leader:N", title=None, axis=axis, scale=alt.Scale(domain=list(leaders)))
    y = alt.Y(
        "label:N", title=None, sort=alt.EncodingSortField("place", order="ascending"),
        axis=alt.Axis(labelLimit=190, ticks=False, domain=False, grid=True, gridColor=colours["line"],
                      labelColor=colours["ink"], labelFontSize=12),
    )  # fmt: skip
    tip = [alt.Tooltip("label:N", title=_("项目")), alt.Tooltip("leader:N", title=_("领导"))]
    dots = alt.Chart().encode(x=x, y=y, tooltip=tip)
    layers = alt.layer(
        dots.transform_filter("datum.single").mark_point(filled=True, size=130, color=colours["figure"], opacity=1),
        dots.transform_filter("!datum.single").mark_point(
            shape="square", size=130, color=colours["red"], filled=True, opacity=1
        ),
    )
    return finish_spec(layers.properties(height=alt.Step(26)), "", colours)


def draw_control_chart(rows: pl.DataFrame, palette: str, *, sample: bool) -> RowsAndSpec:
    """Draw the share of cases closed on time by month, between its limits; a month outside them is marked.

    rows: of the control chart in queries.ledger.efficiency.
    """
    data = rows.select(
        "month", "closed", "on_time", "out",
        *((100 * pl.col(column)).alias(column) for column in ("share", "mean", "lower", "upper")),
        label=pl.when("out").then(pl.format("{}%", (100 * pl.col("share")).round(0).cast(pl.Int64)))
        .otherwise(pl.lit("")),
        when=ledger.make_texts(rows["month"], figures.format_period),
    )  # fmt: skip
    return data, ledger.add_sample_watermark(_build_control_chart_spec(lang(), palette), sample=sample, palette=palette)


@cache
def _build_control_chart_spec(language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    said = (
        "(slice(datum.value, 5) == '01' ? slice(datum.value, 0, 4) + '年' : '') + "
        "toNumber(slice(datum.value, 5)) + '月'"
        if language == "zh"
        else "timeFormat(datetime(toNumber(slice(datum.value, 0, 4)), toNumber(slice(datum.value, 5)) - 1, 1), "
        "slice(datum.value, 5) == '01' ? '%b %Y' : '%b')"
    )
    axis = alt.Axis(
        labelExpr=said, labelAngle=0, ticks=False, grid=False, domainColor=colours["line"], labelOverlap=True,
        labelColor=colours["quiet"], labelPadding=6,
    )  # fmt: skip
    x = alt.X("month:N", title=None, axis=axis, scale=alt.Scale(padding=0.4))
    y = alt.Y("share:Q", title=None, axis=make_value_axis(colours, "%"), scale=alt.Scale(zero=False, nice=True))
    tip = [
        alt.Tooltip("when:N", title=_("月份")),
        alt.Tooltip("closed:Q", title=_("办结")),
        alt.Tooltip("on_time:Q", title=_("按时")),
        alt.Tooltip("share:Q", title=_("按时率，%"), format=".1f"),
        alt.Tooltip("lower:Q", title=_("下限"), format=".1f"),
        alt.Tooltip("upper:Q", title=_("上限"), format=".1f"),
    ]
    base = alt.Chart().encode(x=x, tooltip=tip)
    quiet: dict[str, Any] = {"color": colours["quiet"]}
    layers = alt.layer(
        base.mark_area(interpolate="step", fillOpacity=0.1, **quiet).encode(y="lower:Q", y2="upper:Q"),
        base.mark_line(strokeDash=[5, 4], strokeWidth=1.5, **quiet).encode(y="mean:Q"),
        base.mark_line(color=colours["figure"], strokeWidth=2).encode(y=y),
        base.mark_point(filled=True, size=55, color=colours["figure"], opacity=1).encode(y=y),
        base.transform_filter("datum.out")
        .mark_point(size=190, strokeWidth=2.5, color=colours["target"], opacity=1)
        .encode(y=y),
        base.mark_text(dy=18, fontSize=12, fontWeight=600, color=colours["target"]).encode(y=y, text="label:N"),
    )
    title = _("按时率，%；虚线为平均，阴影为上下限")
    return finish_spec(layers.properties(height=ledger.HEIGHT), title, colours)


def draw_scores(rows: pl.DataFrame, palette: str, *, sample: bool) -> RowsAndSpec:
    """Draw one bar for each scored department; where an input is not known, the span of possible scores.

    rows: of the scores in queries.ledger.rewards, those with a formula.
    """
    lines = []
    for place, row in enumerate(rows.iter_rows(named=True)):
        known = row["score"] is not None
        said = (
            _("{score} 分", score=format_score(row["score"]))
            if known
            else _("不能算，在 {low} 至 {high} 之间", low=format_score(row["low"]), high=format_score(row["high"]))
        )
        rank = _("第 {n} 名", n=row["rank"]) if known else ""
        head = "　".join(part for part in (localize_name(row, "department"), rank, said) if part)
        lines.append((place, head, row["score"], None if known else row["low"], None if known else row["high"]))
    schema = {"place": pl.Int64, "head": pl.String, "score": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    data = pl.DataFrame(lines, schema=schema, orient="row")
    return data, ledger.add_sample_watermark(_build_scores_spec(lang(), palette), sample=sample, palette=palette)


def format_score(value: float) -> str:
    """Format a score with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@cache
def _build_scores_spec(language: str, palette: str) -> Spec:
    colours = PALETTES[palette]
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("score:Q", title=None, axis=make_value_axis(colours, ""), scale=alt.Scale(zero=True, nice=True))
    tip = [alt.Tooltip("head:N", title=_("部门"))]
    base = alt.Chart().encode(y=y, tooltip=tip)
    layers = alt.layer(
        base.mark_bar(height=12, yOffset=12, color=colours["figure"]).encode(x=x),
        base.mark_bar(
            height=12,
            yOffset=12,
            fillOpacity=0.14,
            color=colours["figure"],
            stroke=colours["figure"],
            strokeDash=[5, 3],
        ).encode(x="low:Q", x2="high:Q"),
        alt.Chart()
        .mark_text(align="left", baseline="middle", dy=-7, fontSize=13, color=colours["ink"], limit=900)
        .encode(y=y, x=alt.value(0), text="head:N"),
    )
    return finish_spec(layers.properties(height=alt.Step(44)), _("分"), colours)
