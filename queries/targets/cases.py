"""The figures that stand beside each target: base, result, latest month, expected value, earlier years."""

from datetime import date

import polars as pl

from queries.catalogue.catalogue import SUM_KINDS
from queries.figures.growth import NOMINAL, OFFICE_BASES
from queries.targets.course import (
    INTERVAL_ENDS,
    OUTCOME_COLUMNS,
    SERIES_KEYS,
    WHOLE_YEAR,
    count_closed_months,
    get_city_growth,
    get_cumulative_figures,
    get_past,
    prefix_columns,
)


def build_cases(
    targets: pl.DataFrame,
    figures: pl.DataFrame,
    asof: date,
    *,
    units: pl.DataFrame,
    breaks: pl.DataFrame,
    parks: pl.DataFrame,
    stale_months: int,
    plan: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Build the cases of judge_cases(): each target with its outcome, base, past shares and what is missing.

    The columns are those that queries.targets.status.judge_cases() takes.

    targets, figures: rows of targets.sql and observations.sql. breaks: park, comparable_key and year at which a
    series must not be compared with the year before. plan: target_id, month and share_plan of an approved monthly
    plan.

    One row per target, in their order. Of several final figures for one period, a published one has priority over a
    loaded one, then the target's own indicator over another of its comparable_key, then the order of versions
    decides. Where no final figure is known for the year, the expected one is given, to be shown only.
    """
    by_month = get_cumulative_figures(figures)
    own = targets.select(
        "target_id", *SERIES_KEYS, "indicator_id", "year", "value", "decimals", "comparator", "direction", "unit_id",
        "base_comparable_key", "base_scope", target_basis="growth_basis", measure="indicator_measure", kind="measure",
    ).join(units.select("unit_id", "dimension", "factor"), on="unit_id", how="left", maintain_order="left")  # fmt: skip
    expected = by_month.filter(~pl.col("final") & (pl.col("month") == WHOLE_YEAR))
    by_month = by_month.filter("final")
    whole = by_month.filter((pl.col("month") == WHOLE_YEAR) & pl.col("value").is_not_null())
    base = _pick_best(
        own.with_columns(year_before=pl.col("year") - 1), whole.rename({"year": "year_before"}), "year_before"
    )
    cases = own.join(prefix_columns(base, "base"), on="target_id", how="left", maintain_order="left")
    cases = _add_printed_base(cases, whole)
    # A growth target has no unit of its own: its levels stand in that of the base.
    rate = pl.col("kind") == "growth"
    cases = cases.with_columns(
        dimension=pl.when(rate).then("base_dimension").otherwise("dimension"),
        factor=pl.when(rate).then("base_factor").otherwise("factor"),
        level_unit_id=pl.when(rate).then("base_unit_id").otherwise("unit_id"),
    )
    known = by_month.filter(pl.col("value").is_not_null())
    level = _pick_best(cases, known, "year", latest=True)
    grown = _pick_best(cases.filter(rate), by_month.filter(pl.col("growth").is_not_null()), "year", latest=True)
    cases = cases.join(prefix_columns(level, "actual"), on="target_id", how="left", maintain_order="left")
    cases = cases.join(prefix_columns(grown, "growth"), on="target_id", how="left", maintain_order="left")
    cases = _convert_to_one_unit(_align_months(cases))
    cases = cases.join(get_past(cases, by_month), on="target_id", how="left", maintain_order="left")
    cases = cases.join(get_city_growth(cases, by_month, parks), on="target_id", how="left", maintain_order="left")
    if plan is not None:
        cases = cases.join(plan, on=["target_id", "month"], how="left", maintain_order="left")
    broken = breaks.select(*SERIES_KEYS, "year", broken=True).unique()
    cases = cases.join(broken, on=[*SERIES_KEYS, "year"], how="left", maintain_order="left")
    cases = cases.with_columns(comparable=_is_comparable(parks))
    cases = _add_reason(_add_expected(cases, expected), asof, stale_months)
    return cases.drop("dimension", "factor", "broken", "was_expected")


def _is_comparable(parks: pl.DataFrame) -> pl.Expr:
    """Tell whether the outcome may be divided by last year's figure to get a growth; see queries.figures.growth."""
    sums = parks.filter(pl.col("kind").is_in(SUM_KINDS))["park_id"]
    before = pl.when(pl.col("month") < WHOLE_YEAR).then("past_evidence").otherwise("base_evidence")
    # One office's own two years are of one version.
    kept = ((pl.col("actual_evidence") != "published") & (before != "published")).fill_null(value=False)
    basis = pl.when(kept).then(pl.col("target_basis").is_in(OFFICE_BASES)).otherwise(pl.col("target_basis") == NOMINAL)
    other = pl.when(pl.col("month") < WHOLE_YEAR).then("past_revised").otherwise("base_revised")
    revised = pl.col("actual_revised").fill_null(value=False) | other.fill_null(value=False)
    apart = pl.col("broken").fill_null(value=False) | (revised & ~kept)
    return basis & ~apart & ~pl.col("park_id").is_in(sums.implode())


def _add_expected(cases: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Add the expected figure where no final one of the whole year is known; it is shown, never judged by.

    Adds was_expected.
    """
    level = pl.col("kind") == "level"
    open_year = cases.filter((pl.col("month") != WHOLE_YEAR).fill_null(value=True))
    found = pl.concat(
        [
            prefix_columns(_pick_best(open_year.filter(part), expected.filter(known), "year"), "actual")
            for part, known in (
                (level, pl.col("value").is_not_null()),
                (~level, pl.col("growth").is_not_null()),
            )
        ]
    )
    shown = [column for column in found.columns if column in OUTCOME_COLUMNS and column != "actual"]
    found = found.select("target_id", *shown, growth_text_expected="actual_growth_text", was_expected=True)
    cases = cases.join(found, on="target_id", how="left", suffix="_expected", maintain_order="left")
    return cases.with_columns(pl.coalesce(column, f"{column}_expected").alias(column) for column in shown).drop(
        *(f"{column}_expected" for column in shown), "growth_text_expected"
    )


def _pick_best(cases: pl.DataFrame, figures: pl.DataFrame, year: str, *, latest: bool = False) -> pl.DataFrame:
    """Return for each target the one figure of its place, definition and year that has priority over the others."""
    wanted = cases.select("target_id", *SERIES_KEYS, year, pl.col("indicator_id").alias("own_name"))
    offered = wanted.join(figures, on=[*SERIES_KEYS, year])
    order = [pl.col("month")] if latest else []
    order += [_is_published(), pl.col("indicator_id") == pl.col("own_name")]
    ranked = offered.sort([*order, "precedence"], descending=[True] * len(order) + [False], nulls_last=True)
    return ranked.unique("target_id", keep="first", maintain_order=True)


def _is_published() -> pl.Expr:
    return pl.col("evidence") == "published"


def _add_printed_base(cases: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """Add the published base where the base year was published under another name; it is shown, never computed with."""
    other = cases.filter(pl.col("base").is_null()).select(
        "target_id", "park_id", "indicator_id", comparable_key="base_comparable_key", year_before=pl.col("year") - 1
    )
    found = prefix_columns(_pick_best(other, whole.rename({"year": "year_before"}), "year_before"), "base")
    shown = [column for column in found.columns if column in OUTCOME_COLUMNS and column != "base"]
    cases = cases.join(
        found.select("target_id", *shown), on="target_id", how="left", suffix="_other", maintain_order="left"
    )
    cases = cases.with_columns(pl.coalesce(column, f"{column}_other").alias(column) for column in shown)
    return cases.drop(f"{column}_other" for column in shown)


def _align_months(cases: pl.DataFrame) -> pl.DataFrame:
    """Add the last month with data; clear a level or a growth of an earlier month, since the two are not compared."""
    month = pl.max_horizontal("actual_month", "growth_month").alias("month")
    cases = cases.with_columns(month)
    for kind in ("actual", "growth"):
        of_kind = [column for column in cases.columns if column == kind or column.startswith(f"{kind}_")]
        fits = pl.col(f"{kind}_month") == pl.col("month")
        cases = cases.with_columns(pl.when(fits).then(column).alias(column) for column in of_kind)
    return cases


def _convert_to_one_unit(cases: pl.DataFrame) -> pl.DataFrame:
    """Convert levels to the unit of the target, or of a growth target's base; null where the dimension differs."""
    cases = cases.with_columns(
        dimension=pl.coalesce("dimension", "actual_dimension"),
        factor=pl.coalesce("factor", "actual_factor"),
        level_unit_id=pl.coalesce("level_unit_id", "actual_unit_id"),
    )
    for kind in ("actual", "base"):
        same = pl.col(f"{kind}_dimension") == pl.col("dimension")
        if kind == "actual":
            cases = cases.with_columns(unit_differs=(~same).fill_null(False))
        scale = pl.col(f"{kind}_factor") / pl.col("factor")
        scaled = [
            pl.when(same & (scale == 1)).then(f"{kind}{end}").when(same).then(pl.col(f"{kind}{end}") * scale)
            .alias(f"{kind}{end}")
            for end in INTERVAL_ENDS
        ]  # fmt: skip
        cases = cases.with_columns(scaled)
    return cases


def _add_reason(cases: pl.DataFrame, asof: date, stale_months: int) -> pl.DataFrame:
    """Add the reason why a target cannot be judged, as far as the figures show it."""
    rate, printed = pl.col("kind") == "growth", pl.col("growth").is_not_null()
    level, whole = pl.col("actual").is_not_null(), pl.col("month") == WHOLE_YEAR
    before = pl.when(whole).then("base").otherwise("past").is_not_null()
    judged = pl.when(rate).then(printed | (level & before & pl.col("comparable"))).otherwise(level)
    lacking = (
        pl.when(~pl.col("comparable")).then(pl.lit("NO_GROWTH"))
        .when(whole).then(pl.lit("NO_BASE"))
        .otherwise(pl.lit("NO_PAST"))
    )  # fmt: skip
    late = count_closed_months(asof) - (pl.col("year") * 12 + pl.col("month"))
    other_scope = (pl.col("base_scope") == "definition").fill_null(False)
    broken = rate & ~printed & pl.col("broken").fill_null(False) & (pl.col("target_basis") == NOMINAL)
    stale = (~whole & (late > stale_months)).fill_null(value=False)
    return cases.with_columns(
        reason=pl.when(pl.col("year") > asof.year).then(pl.lit("FUTURE"))
        .when(pl.col("unit_differs") & ~judged).then(pl.lit("UNIT_MISMATCH"))
        .when(broken & level).then(pl.lit("SCOPE_MISMATCH"))
        .when(pl.col("was_expected") & (~judged | stale)).then(pl.lit("EXPECTED"))
        .when(judged & stale).then(pl.lit("STALE"))
        .when(~judged & other_scope).then(pl.lit("SCOPE_MISMATCH"))
        .when(~judged & rate & (level | ~pl.col("comparable"))).then(lacking)
        .when(~judged).then(pl.lit("NO_ACTUAL"))
    ).drop("unit_differs")  # fmt: skip
