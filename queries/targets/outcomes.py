"""Find the outcome, the base and the missing figures of each target, and judge the targets by them.

Pure apart from judge_targets(), which queries the database. Only figures of one comparable_key are compared,
never across a recorded break in the series, and only those that had been published by the day asked about.
Published figures have priority over loaded ones, which count only where no published figure says anything.
Expected figures decide nothing. Levels of two years give a growth only where queries.figures.growth allows it.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from queries.catalogue.catalogue import SUM_KINDS
from queries.database import own_figures, run_context
from queries.database.engine import fetch, get_data_version
from queries.database.memo import memoize
from queries.figures.growth import NOMINAL, OFFICE_BASES
from queries.targets.rules import DEFAULT_RULE, get_rule_version, read_rules
from queries.targets.status import judge_cases

SERIES_KEYS = ("park_id", "comparable_key")
INTERVAL_ENDS = ("", "_low", "_high")
WHOLE_YEAR = 12
CUMULATIVE_SPANS = ("year", "to_date", "date")  # kinds of periods that say how far a year has come
OUTCOME_COLUMNS = (
    "level_unit_id", "actual", "actual_value_text", "actual_unit_id", "actual_bound", "actual_period",
    "actual_observation_id", "actual_source_id", "growth_text", "growth_period", "growth_observation_id",
    "growth_source_id", "base", "base_low", "base_high", "base_value_text", "base_unit_id", "base_bound",
    "base_period", "base_observation_id", "base_source_id", "actual_evidence", "growth_evidence", "base_evidence",
    "past", "past_value_text", "past_unit_id", "past_period", "past_observation_id", "comparable", "growth_bound",
)  # fmt: skip


def judge_targets(rule: str = DEFAULT_RULE, asof: date | None = None, lang: str = "zh") -> pl.DataFrame:
    """Judge all targets and return them with their status.

    rule: code of a rule in data/rules. asof: only what had been published by this day counts, and the targets set
    by then; None: all that is known today. lang: zh or en, for texts of sources.

    One row per target, in the order of targets.sql: its columns and those of queries.targets.status.judge_cases(),
    the outcome (actual_*, growth_*), the base (base_*), the number that would unlock it and where it is published
    (unlock_*, where_*), rule and day. Levels are in level_unit_id; growth and completion gaps are in per cent and
    percentage points.
    Raises KeyError for an unknown rule, DatabaseMissing before the first build.
    """
    asked = (rule, get_rule_version(rule), asof or date.today(), asof is not None, lang)
    version, mine = get_data_version(), run_context.find_held_figures()
    if mine is None:
        return _judge_published(version, *asked)
    rows: pl.DataFrame = mine.remember(("judged", version, *asked), lambda: _judge_all(*asked, mine))
    return rows


@memoize(64)
def _judge_published(version: str, rule: str, rule_version: str, asof: date, limited: bool, lang: str) -> pl.DataFrame:
    """Judge all targets once; `version` is the data version they belong to."""
    with run_context.hide_own_figures():
        return _judge_all(rule, rule_version, asof, limited, lang, None)


def _judge_all(
    rule: str, rule_version: str, asof: date, limited: bool, lang: str, mine: own_figures.OwnFigures | None
) -> pl.DataFrame:
    """Judge all targets, a reader's own included: by published figures, and where these say nothing by loaded ones."""
    known = {"lang": lang, "asof": asof if limited else None}
    targets = fetch("targets", **known)
    if mine is not None:
        targets = pl.concat([targets, mine.fetch("targets", **known)])
    about = _get_related_codes(targets, mine)
    asked: dict[str, Any] = {"theme": None, "first": None, "last": None, "evidence": ["published", "own"]} | about
    figures = fetch("observations", **asked, **known)
    if mine is not None:
        figures = pl.concat([figures, mine.fetch("observations", **asked, **known)])
    published = figures.filter(pl.col("evidence") == "published")
    rows = _judge_under_rule(targets, published, rule, asof).with_columns(lit_evidence=_mark_evidence("published"))
    if published.height < figures.height:
        with_own = _judge_under_rule(targets, figures, rule, asof).with_columns(lit_evidence=_mark_evidence("own"))
        rows = _combine_with_own(rows, with_own)
    rows = rows.with_columns(rule=pl.lit(rule), rule_version=pl.lit(rule_version), asof=pl.lit(asof.isoformat()))
    return add_unlocking_numbers(add_other_form(rows), fetch("publications"), fetch("parks"))


def _mark_evidence(evidence: str) -> pl.Expr:
    return pl.when(pl.col("status") != "cannot_judge").then(pl.lit(evidence))


def _get_related_codes(targets: pl.DataFrame, mine: own_figures.OwnFigures | None) -> dict[str, list[str]]:
    """Return the codes of the places and indicators whose figures matter for the given targets.

    These are the targets' own, the city that a place lies in, and every indicator of the same definition.
    """
    parks, offered = fetch("parks"), fetch("indicators", theme=None)
    if mine is not None:
        offered = pl.concat([offered, mine.fetch("indicators", theme=None)]).unique("indicator_id", maintain_order=True)
    keys = pl.concat([targets["comparable_key"], targets["base_comparable_key"].drop_nulls()]).unique()
    cities = parks.filter(pl.col("role") == "city")["park_id"]
    return {
        "parks": pl.concat([targets["park_id"], cities]).unique().sort().to_list(),
        "indicators": offered.filter(pl.col("comparable_key").is_in(keys.implode()))["indicator_id"].to_list(),
    }


def _combine_with_own(rows: pl.DataFrame, with_own: pl.DataFrame) -> pl.DataFrame:
    """Return of each target the row judged by published figures, or the one that own figures give.

    The second is taken where the first cannot be judged, or where own figures reach a later month.
    """
    later = (pl.col("month_own") > pl.col("month")).fill_null(value=False)
    known = rows.join(with_own.select("target_id", month_own="month"), on="target_id", maintain_order="left")
    kept = known.filter((pl.col("status") != "cannot_judge") & ~later).drop("month_own")
    others = with_own.join(kept, on="target_id", how="anti")
    order = rows.select("target_id")
    return order.join(pl.concat([kept, others.select(kept.columns)]), on="target_id", maintain_order="left")


def _judge_under_rule(targets: pl.DataFrame, figures: pl.DataFrame, rule: str, asof: date) -> pl.DataFrame:
    """Judge the targets under a rule on a day; add the outcome, the base and the names of the unit."""
    asked, units = read_rules()[rule], fetch("units")
    cases = build_cases(
        targets,
        figures,
        asof,
        units=units,
        breaks=fetch("breaks"),
        parks=fetch("parks"),
        stale_months=asked.stale_months,
    )
    rows = targets.join(
        judge_cases(cases, asked, read_rules()[DEFAULT_RULE], asof), on="target_id", maintain_order="left"
    )
    rows = rows.join(cases.select("target_id", *OUTCOME_COLUMNS), on="target_id", maintain_order="left")
    return add_level_unit(rows, units)


def add_level_unit(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add the names of the unit of the levels, and its dimension."""
    named = {"level_unit_zh": "name_zh", "level_unit_scale": "scale_en", "level_unit_scaled_en": "scaled_name_en"}
    told = units.select(level_unit_id="unit_id", level_dimension="dimension", **named)
    return rows.join(told, on="level_unit_id", how="left", maintain_order="left")


def count_closed_months(day: date) -> int:
    """Count the months that have ended by a day, from year 0."""
    following = day + timedelta(days=1)
    return following.year * 12 + following.month - 1


def get_cumulative_figures(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the cumulative figures: one row per figure of a whole year, of January to a month, or of a date.

    Leaves out single months of a flow, which say nothing of the year to date.

    figures: rows of observations.sql.
    """
    return figures.filter(pl.col("span").is_in(CUMULATIVE_SPANS)).select(
        *SERIES_KEYS,
        "indicator_id", "observation_id", "source_id", "value", "value_text", "low", "high", "unit_id", "dimension",
        "factor", "base_value", "base_low", "base_high", "bound", "growth_text", "period", "evidence", "year",
        "growth_low", "growth_high", "low_in", "high_in", "precedence",
        month="last_month", growth="growth_pct", published=pl.col("evidence") == "published",
        final=pl.col("bound") != "expected",
    ).with_columns(revised=_is_revised())  # fmt: skip


def _is_revised() -> pl.Expr:
    """Tell whether other final figures were published for the same, and differ by more than rounding."""
    final = pl.col("bound") == "none"
    low, high = pl.when(final).then("base_low"), pl.when(final).then("base_high")
    same = (*SERIES_KEYS, "year", "month", "dimension", "published")
    apart = (low.max() > high.min()) | ((low.max() == high.min()) & (low.min() < low.max()))
    return apart.over(same).fill_null(value=False)


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
    cases = own.join(_prefix_columns(base, "base"), on="target_id", how="left", maintain_order="left")
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
    cases = cases.join(_prefix_columns(level, "actual"), on="target_id", how="left", maintain_order="left")
    cases = cases.join(_prefix_columns(grown, "growth"), on="target_id", how="left", maintain_order="left")
    cases = _convert_to_one_unit(_align_months(cases))
    cases = cases.join(_get_past(cases, by_month), on="target_id", how="left", maintain_order="left")
    cases = cases.join(_get_city_growth(cases, by_month, parks), on="target_id", how="left", maintain_order="left")
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
            _prefix_columns(_pick_best(open_year.filter(part), expected.filter(known), "year"), "actual")
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


_FIGURE_COLUMNS = (
    "value_text", "unit_id", "dimension", "factor", "bound", "growth_text", "period", "observation_id", "source_id",
    "low_in", "high_in", "month", "evidence", "revised",
)  # fmt: skip


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


def _prefix_columns(figures: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the columns of a figure prefixed with its role: base_low, actual_source_id, growth_month."""
    values = "growth" if kind == "growth" else "value"
    ends = {"value": ("value", "low", "high"), "growth": ("growth", "growth_low", "growth_high")}[values]
    return figures.select(
        "target_id",
        *(pl.col(column).alias(f"{kind}{end}") for column, end in zip(ends, INTERVAL_ENDS, strict=True)),
        *(pl.col(column).alias(f"{kind}_{column}".replace("growth_growth", "growth")) for column in _FIGURE_COLUMNS),
    )


def _add_printed_base(cases: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """Add the published base where the base year was published under another name; it is shown, never computed with."""
    other = cases.filter(pl.col("base").is_null()).select(
        "target_id", "park_id", "indicator_id", comparable_key="base_comparable_key", year_before=pl.col("year") - 1
    )
    found = _prefix_columns(_pick_best(other, whole.rename({"year": "year_before"}), "year_before"), "base")
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


def _get_past(cases: pl.DataFrame, by_month: pl.DataFrame) -> pl.DataFrame:
    """Return last year's value by the same month, and for a flow the mean share over two or more past years.

    A share is what was reached by that month of the whole year.
    """
    running = cases.filter(pl.col("month") < WHOLE_YEAR)
    values = by_month.filter(pl.col("value").is_not_null()).sort("precedence")
    values = values.unique([*SERIES_KEYS, "year", "month"], keep="first", maintain_order=True)
    whole = values.filter(pl.col("month") == WHOLE_YEAR)
    shares = values.filter(pl.col("month") < WHOLE_YEAR).join(whole, on=[*SERIES_KEYS, "year"], suffix="_year")
    shares = shares.filter(pl.col("dimension") == pl.col("dimension_year"))
    shares = shares.select(
        *SERIES_KEYS, "month", pl.col("year").alias("year_of_share"),
        share=pl.col("base_value") / pl.col("base_value_year"),
        share_low=pl.col("base_low") / pl.col("base_high_year"),
        share_high=pl.col("base_high") / pl.col("base_low_year"),
    )  # fmt: skip
    flows = running.filter(pl.col("measure") == "flow")
    found = flows.select("target_id", *SERIES_KEYS, "month", "year").join(shares, on=[*SERIES_KEYS, "month"])
    found = found.filter(pl.col("year_of_share") < pl.col("year"))
    several = pl.len() >= 2
    means = found.group_by("target_id").agg(
        pl.when(several).then(pl.col(f"share{end}").mean()).alias(f"share_own_mean{end}") for end in INTERVAL_ENDS
    )
    before = values.with_columns(pl.col("year") + 1)
    last = running.select(
        "target_id", *SERIES_KEYS, "year", "month", of_factor="factor", of_dimension="dimension"
    ).join(before, on=[*SERIES_KEYS, "year", "month"])
    last = last.filter(pl.col("dimension") == pl.col("of_dimension"))
    scale = pl.col("factor") / pl.col("of_factor")
    last = _prefix_columns(last, "past").join(
        last.select("target_id", _scale=scale), on="target_id", maintain_order="left"
    )
    last = last.with_columns(pl.col(f"past{end}") * pl.col("_scale") for end in INTERVAL_ENDS)
    columns = [column for column in last.columns if column in OUTCOME_COLUMNS] + [
        "past_low",
        "past_high",
        "past_evidence",
        "past_revised",
    ]
    return last.select("target_id", *columns).join(means, on="target_id", how="full", coalesce=True)


def _get_city_growth(cases: pl.DataFrame, by_month: pl.DataFrame, parks: pl.DataFrame) -> pl.DataFrame:
    """Return the growth of the city that a place lies in, for the same definition and months."""
    city = parks.filter(pl.col("role") == "city")["park_id"].to_list()
    inside = parks.filter(pl.col("role").is_in(["self", "city_peer"]))["park_id"].to_list()
    growths = by_month.filter(pl.col("park_id").is_in(city) & pl.col("growth").is_not_null())
    wanted = cases.filter(pl.col("park_id").is_in(inside)).select("target_id", "comparable_key", "year", "month")
    found = wanted.join(growths, on=["comparable_key", "year", "month"])
    found = found.sort("precedence")
    return found.unique("target_id", keep="first", maintain_order=True).select("target_id", peer="growth")


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


def add_other_form(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the other form of each target: the level for a growth target, the growth for a level target.

    form_low and form_high are the interval that the printed base leaves open, the target's own number being exact;
    form_unit_id is its unit, form_formula its computation. Null without a final base, and where the growth is not
    that of the two levels; see queries.figures.growth.
    """
    rate = pl.col("measure") == "growth"
    known = (pl.col("base_bound") == "none") & (pl.col("base") > 0) & pl.col("comparable")
    factor = 1 + pl.col("value") / 100
    number = pl.col("value_text").str.extract(r"(-?\d+(?:\.\d+)?)")
    level = pl.format("{} × (1 + {}%)", "base_value_text", number)
    growth = pl.format("{} ÷ {} − 1", number, "base_value_text")
    return rows.with_columns(
        pl.when(known & rate).then(pl.col("base_low") * factor)
        .when(known).then(100 * (pl.col("value") / pl.col("base_high") - 1)).round(6).alias("form_low"),
        pl.when(known & rate).then(pl.col("base_high") * factor)
        .when(known).then(100 * (pl.col("value") / pl.col("base_low") - 1)).round(6).alias("form_high"),
        pl.when(known & rate).then("level_unit_id").when(known).then(pl.lit("percent")).alias("form_unit_id"),
        pl.when(known & rate).then(level).when(known).then(growth).alias("form_formula"),
    )  # fmt: skip


def add_unlocking_numbers(rows: pl.DataFrame, publications: pl.DataFrame, parks: pl.DataFrame) -> pl.DataFrame:
    """Add the one number that would let a target be judged, and where such numbers are usually published."""
    year, zh, en = pl.col("year").cast(pl.String), pl.col("indicator_zh"), pl.col("indicator_en")
    base_zh, base_en = pl.col("base_indicator_zh"), pl.col("base_indicator_en")
    rate = pl.col("measure") == "growth"
    before = (pl.col("year") - 1).cast(pl.String)
    growth_zh = pl.format("{}年{}比上年的增速", year, zh)
    growth_en = pl.format("Growth of {} in {} on the year before", en, year)
    texts = {
        "unlock_zh": {
            "SCOPE_MISMATCH": pl.when(base_zh.is_not_null())
            .then(pl.format("以“{}”之名公布的{}年增速（基年公布的名称是“{}”）", zh, year, base_zh))
            .otherwise(growth_zh),
            "STALE": pl.when(rate).then(growth_zh).otherwise(pl.format("{}年全年的{}", year, zh)),
            "FUTURE": pl.when(rate).then(growth_zh).otherwise(pl.format("{}年的{}", year, zh)),
            "EXPECTED": pl.when(rate)
            .then(pl.format("{}年{}的最终增速", year, zh))
            .otherwise(pl.format("{}年{}的最终数", year, zh)),
            "NO_NUMERIC_TARGET": pl.format("{}的目标数", zh),
            "NO_GROWTH": growth_zh,
            "NO_BASE": pl.format("{}年的{}，或{}年的增速", before, zh, year),
            "NO_PAST": pl.format("{}年同期的{}，或{}年的累计增速", before, zh, year),
            "NO_PLAN": pl.format("{}的月计划，或往年同月和全年的数", zh),
        },
        "unlock_en": {
            "SCOPE_MISMATCH": pl.when(base_en.is_not_null())
            .then(pl.format("Growth in {} printed for “{}” (the base was printed as “{}”)", year, en, base_en))
            .otherwise(growth_en),
            "STALE": pl.when(rate).then(growth_en).otherwise(pl.format("{} for the whole of {}", en, year)),
            "FUTURE": pl.when(rate).then(growth_en).otherwise(pl.format("{} in {}", en, year)),
            "EXPECTED": pl.when(rate)
            .then(pl.format("The final growth of {} in {}", en, year))
            .otherwise(pl.format("The final figure for {} in {}", en, year)),
            "NO_NUMERIC_TARGET": pl.format("The number of the target for {}", en),
            "NO_GROWTH": growth_en,
            "NO_BASE": pl.format("{} in {}, or its growth in {}", en, before, year),
            "NO_PAST": pl.format("{} in the same months of {}, or its growth so far in {}", en, before, year),
            "NO_PLAN": pl.format("A monthly plan for {}, or the same month and the whole of earlier years", en),
        },
    }
    plain = {"unlock_zh": pl.format("{}年的{}", year, zh), "unlock_en": pl.format("{} in {}", en, year)}
    plain_growth = {
        "unlock_zh": pl.format("{}年的{}，或它的增速", year, zh),
        "unlock_en": pl.format("{} in {}, or its growth", en, year),
    }
    columns = []
    for column, by_reason in texts.items():
        told: Any = pl.when(pl.col("reason").is_null()).then(None)
        for reason, text in by_reason.items():
            told = told.when(pl.col("reason") == reason).then(text)
        columns.append(told.when(rate).then(plain_growth[column]).otherwise(plain[column]).alias(column))
    kinds = parks.select("park_id", park_kind="kind")
    rows = rows.with_columns(columns).join(kinds, on="park_id", how="left", maintain_order="left")
    rows = rows.join(publications, on=["park_kind", "theme"], how="left", maintain_order="left").drop("park_kind")
    locked = pl.col("reason").is_not_null()
    return rows.with_columns(pl.when(locked).then(column).alias(column) for column in ("where_zh", "where_en"))
