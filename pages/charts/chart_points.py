"""Points of charts: one for each figure and target, in one unit, with all that a chart says of it."""

from typing import Any

import polars as pl

from pages.wording import figures
from pages.wording.language import _, localize_name


class MixedUnits(ValueError):
    """Raised for two units on one axis."""


def require_one_unit(points: pl.DataFrame) -> str:
    """Return the unit of all points, "" without any. Raises MixedUnits for more than one: 亿元 and 套 share no axis."""
    units = points["unit"].unique().sort().to_list()
    if len(units) > 1:
        raise MixedUnits(f"One chart, one unit; got {', '.join(units)}. Split rows by unit first.")
    return units[0] if units else ""


def make_points(
    rows: pl.DataFrame, targets: pl.DataFrame | None = None, *, by: str = "indicator", rate: bool = False
) -> pl.DataFrame:
    """Return the points of a chart, in the order of the rows: one for each figure, then one for each target.

    rows: of observations; targets: of targets. by: what a category is, indicator, park or period.
    rate: draw growth in per cent instead of the level.
    """
    drawn = [
        _make_point(row, by, rate=rate)
        for row in rows.iter_rows(named=True)
        if row["growth_pct" if rate else "value"] is not None
    ]
    wanted = "growth" if rate else "level"
    aims = [] if targets is None else [row for row in targets.iter_rows(named=True) if row["measure"] == wanted]
    drawn += [_make_target_point(row, by) for row in aims]
    taken = {point["category"] for point in drawn if point["kind"] not in ("own", "target")}
    for point in drawn:
        if point["kind"] == "own" and point["category"] in taken:
            point["category"] += figures.format_evidence_mark("own")
    return pl.DataFrame(drawn, schema=POINT_SCHEMA, orient="row")


POINT_SCHEMA = {
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


def _label_category(row: dict[str, Any], by: str) -> str:
    if by == "period":
        return figures.format_period(row["period"])
    if by == "park":
        return f"{localize_name(row, 'park')}　{figures.format_period(row['period'])}"
    return localize_name(row, "indicator")


def _make_point(row: dict[str, Any], by: str, *, rate: bool) -> dict[str, Any]:
    scale = 1.0 if rate else figures.get_unit_scale(row)
    ends = (None, None) if rate else (row["low"], row["high"])
    shown = figures.format_growth_rate(row) if rate else figures.format_figure(row)
    return {
        "category": _label_category(row, by),
        "value": row["growth_pct"] if rate else row["value"] * scale,
        "low": None if ends[0] is None else ends[0] * scale,
        "high": None if ends[1] is None else ends[1] * scale,
        "kind": figures.classify_evidence(row),
        "label": shown,
        "short": shown,
        "unit": "%" if rate else figures.label_unit(row),
        "year": row["year"],
        "indicator": localize_name(row, "indicator"),
        "place": localize_name(row, "park"),
        "period": figures.format_period(row["period"]),
        "printed": f"{shown} · {figures.label_growth_basis(row['growth_basis'])}"
        if rate
        else figures.format_figure(row, printed=True),
        "evidence": figures.label_evidence(figures.classify_evidence(row)),
        "source": f"{row['source_title']}, {row['locator']}",
    }


def _make_target_point(row: dict[str, Any], by: str) -> dict[str, Any]:
    growth = row["measure"] == "growth"
    scale = 1.0 if growth else figures.get_unit_scale(row)
    return {
        "category": _label_category(row | {"period": str(row["year"])}, by),
        "value": row["value"] * scale,
        "low": None,
        "high": None,
        "kind": "target",
        "label": figures.describe_target_value(row),
        "short": figures.format_quantity(row),
        "unit": "%" if growth else figures.label_unit(row),
        "year": row["year"],
        "indicator": localize_name(row, "indicator"),
        "place": localize_name(row, "park"),
        "period": figures.format_period(row["year"]),
        "printed": figures.describe_target_value(row),
        "evidence": _("目标"),
        "source": f"{row['source_title']}, {row['locator']}",
    }


def convert_to_one_unit(points: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Convert the points to the unit of most rows: 19.7万亿元 with 720.1亿元 is 197000 on the axis.

    Texts stay as printed. rows: for each point its unit_id, evidence, factor, base_value, base_low and base_high as
    in observations, and the names of the unit; all measure the same. Own figures follow the unit of the others.
    """
    if rows["unit_id"].n_unique() < 2:
        return points
    others = rows.filter(pl.col("evidence") != "own")
    most = (others if others.height else rows)["unit_id"].mode().sort()[0]
    common = rows.filter(pl.col("unit_id") == most).row(0, named=True)
    return points.with_columns(
        *(
            (rows[f"base_{end}"] / common["factor"] * figures.get_unit_scale(common)).alias(end)
            for end in ("value", "low", "high")
        ),
        unit=pl.lit(figures.label_unit(common)),
    )
