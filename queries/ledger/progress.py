"""Judge targets by a ledger: its own and those published for its park, by its monthly returns and plan."""

import calendar
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from data.ledger.ledger import Ledger
from queries.database.engine import fetch, fetch_printed, get_data_version
from queries.ledger import ledgers
from queries.targets.cases import build_cases
from queries.targets.course import OUTCOME_COLUMNS, count_closed_months
from queries.targets.outcomes import add_level_unit, add_other_form, add_unlocking_numbers
from queries.targets.rules import DEFAULT_RULE, get_rule_version, read_rules
from queries.targets.status import judge_cases

DECEMBER = 12
NEVER_STALE = 1200  # months: a month of the past is judged by what that month knew


def judge_ledger_targets(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Judge the targets of a ledger's park on a day.

    One row per target, by year and number: columns as in queries.targets.targets.get_judged_targets(), then plan
    (planned cumulative value of the month), last (the same month of the year before), growth_of_month (per cent on
    it), before (status by the month before; null where there is none), department_id. Levels are in level_unit_id.
    Raises KeyError for an unknown rule.
    """
    return _judge_ledger_targets(of, get_data_version(), asof, rule, get_rule_version(rule), lang)


@lru_cache(maxsize=64)
def _judge_ledger_targets(
    of: Ledger, version: str, asof: date, rule: str, rule_version: str, lang: str
) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    targets, figures = _get_targets(then, asof, lang), _get_figures(then, asof, lang)
    cases = _build_ledger_cases(then, targets, figures, asof, read_rules()[rule].stale_months)
    lit = judge_cases(cases, read_rules()[rule], read_rules()[DEFAULT_RULE], asof)
    rows = targets.join(lit, on="target_id", maintain_order="left")
    rows = rows.join(cases.select("target_id", *OUTCOME_COLUMNS), on="target_id", maintain_order="left")
    rows = add_level_unit(rows, fetch("units"))
    rows = rows.with_columns(rule=pl.lit(rule), rule_version=pl.lit(rule_version), asof=pl.lit(asof.isoformat()))
    rows = add_unlocking_numbers(add_other_form(rows), fetch("publications"), fetch("parks"))
    rows = _add_plan_and_past(rows, then)
    history = get_lights_by_month(of, asof, rule, lang).select("target_id", month=pl.col("month") + 1, before="status")
    first = pl.col("month") == 2
    rows = rows.join(history, on=["target_id", "month"], how="left", maintain_order="left")
    owner = then.tables["target"].select("target_id", "department_id")
    rows = rows.join(owner, on="target_id", how="left", maintain_order="left")
    rows = rows.with_columns(before=pl.when(~first).then("before"), evidence=pl.lit(of.evidence))
    return ledgers.add_name_columns(rows, then)


def get_lights_by_month(of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh") -> pl.DataFrame:
    """Return the light that each month's return gave, by what was known on a day.

    One row per target and month that has data, in order: target_id, year, month, status, completion, planned_share,
    gap_points, pace, actual.
    """
    return _get_lights_by_month(of, get_data_version(), asof, rule, get_rule_version(rule), lang)


@lru_cache(maxsize=64)
def _get_lights_by_month(of: Ledger, version: str, asof: date, rule: str, rule_version: str, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    targets, figures = _get_targets(then, asof, lang), _get_figures(then, asof, lang)
    # One question for all months: each month is a place of its own, which holds what that month knew.
    month = pl.col("period_end").dt.month()
    last = targets["year"].max() if targets.height else asof.year
    places, known = [], []
    for number in range(1, DECEMBER + 1):
        place = pl.format("{}@{}", "park_id", pl.lit(number))
        by_then = (pl.col("period_end").dt.year() < pl.col("of_year")) | (month <= number)
        held = figures.with_columns(of_year=pl.lit(last, pl.Int32)).filter(by_then).drop("of_year")
        places.append(
            targets.with_columns(place.alias("park_id"), target_id=pl.format("{}@{}", "target_id", pl.lit(number)))
        )
        known.append(held.with_columns(place.alias("park_id")))
    plan = pl.concat(
        [
            compute_plan_shares(then, targets).with_columns(target_id=pl.format("{}@{}", "target_id", pl.lit(number)))
            for number in range(1, DECEMBER + 1)
        ]
    )
    cases = build_cases(
        pl.concat(places), pl.concat(known), asof, units=fetch("units"), breaks=fetch("breaks"),
        parks=fetch("parks"), stale_months=NEVER_STALE, plan=plan,
    )  # fmt: skip
    lit = judge_cases(cases, read_rules()[rule], read_rules()[DEFAULT_RULE], asof)
    code = pl.col("target_id").str.split("@")
    rows = lit.join(cases.select("target_id", "actual"), on="target_id", maintain_order="left")
    rows = rows.with_columns(target_id=code.list.first(), asked=code.list.last().cast(pl.Int32))
    rows = rows.filter((pl.col("month") == pl.col("asked")) & (pl.col("status") != "cannot_judge"))
    return rows.join(targets.select("target_id", "year"), on="target_id", maintain_order="left").select(
        "target_id", "year", "month", "status", "completion", "planned_share", "gap_points", "pace", "actual",
    ).sort("target_id", "month")  # fmt: skip


def count_months_behind(history: pl.DataFrame) -> pl.DataFrame:
    """Count for each target how many months in a row, up to the latest, it has been behind.

    history: of get_lights_by_month(). One row per target: target_id, months, far (whether the latest is far
    behind).
    """
    bad = pl.col("status").is_in(["behind", "far_behind", "missed"])
    return (
        history.sort("target_id", "month")
        .group_by("target_id", maintain_order=True)
        .agg(
            months=bad.reverse().cum_prod().cast(pl.Int64).sum(),
            far=pl.col("status").last().is_in(["far_behind", "missed"]),
        )
    )


def _build_ledger_cases(
    then: Ledger, targets: pl.DataFrame, figures: pl.DataFrame, asof: date, stale: int
) -> pl.DataFrame:
    return build_cases(
        targets, figures, asof, units=fetch("units"), breaks=fetch("breaks"), parks=fetch("parks"),
        stale_months=stale, plan=compute_plan_shares(then, targets),
    )  # fmt: skip


def _get_targets(then: Ledger, asof: date, lang: str) -> pl.DataFrame:
    """Return the targets of the ledger and those published for its park by the day, in the columns of targets.sql."""
    printed = fetch("targets", lang=lang, asof=asof)
    own = then.tables["target"].join(
        fetch("indicators", theme=None).select(
            "indicator_id", "unit_id", "comparable_key", "direction", "growth_basis", indicator_zh="name_zh",
            indicator_en="name_en", indicator_measure="measure",
        ),
        on="indicator_id", maintain_order="left",
    )  # fmt: skip
    growth = pl.col("measure") == "growth"
    own = own.with_columns(unit_id=pl.when(growth).then(pl.lit("percent")).otherwise("unit_id"))
    units = fetch("units").select(
        "unit_id", unit_zh="name_zh", unit_en="name_en", unit_scale="scale_en", unit_scaled_en="scaled_name_en"
    )
    own = own.join(units, on="unit_id", how="left", maintain_order="left")
    text = pl.col("value").cast(pl.String).str.strip_suffix(".0")
    own = own.with_columns(
        value_text=text, strength=pl.lit("goal"), confidence=pl.lit("high"),
        decimals=text.str.extract(r"\.(\d+)").str.len_chars().fill_null(0).cast(pl.Int32),
    )  # fmt: skip
    own = ledgers.add_source_columns(own, then, asof, "target", lang).with_columns(publisher=pl.col("park_zh"))
    missing = [pl.lit(None, kind).alias(name) for name, kind in printed.schema.items() if name not in own.columns]
    own = own.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in printed.schema.items())
    mine = printed.filter(pl.col("park_id") == then.park_id)
    rows = pl.concat([mine, own]).unique("target_id", keep="last", maintain_order=True)
    return rows.sort("year", pl.col("target_id").str.len_chars(), "target_id", maintain_order=True)


def _get_figures(then: Ledger, asof: date, lang: str) -> pl.DataFrame:
    """Return the monthly returns and what was published of the park by the day, in the columns of observations.sql.

    An office's own numbers are exact; those that were printed were rounded.
    """
    asked: dict[str, Any] = {"theme": None, "indicators": None, "first": None, "last": None, "evidence": ["published"]}
    printed = fetch_printed("observations", parks=[then.park_id], **asked, lang=lang, asof=asof)
    of_indicator = (
        fetch("indicators", theme=None)
        .select("indicator_id", "comparable_key", "measure", "unit_id", "theme", "growth_basis")
        .join(fetch("units").select("unit_id", "dimension", "factor"), on="unit_id", maintain_order="left")
    )
    rows = then.tables["monthly_return"].join(of_indicator, on="indicator_id", maintain_order="left")
    year, number = pl.col("month").str.slice(0, 4), pl.col("month").str.slice(5, 2)
    stock, end = pl.col("measure") != "flow", (pl.col("month") + "-01").str.to_date().dt.month_end()
    period = (
        pl.when(number == "12").then(year).when(stock | (number == "01")).then("month")
        .otherwise(pl.format("{}-01/{}", year, "month"))
    )  # fmt: skip
    span = (
        pl.when(number == "12").then(pl.lit("year")).when(stock).then(pl.lit("date"))
        .when(number == "01").then(pl.lit("month")).otherwise(pl.lit("to_date"))
    )  # fmt: skip
    base = pl.col("value") * pl.col("factor")
    rows = rows.with_columns(
        span=span, year=end.dt.year(), first_month=pl.when(span == "date").then(end.dt.month()).otherwise(1),
        last_month=end.dt.month(), base_value=base, base_low=base, base_high=base, low_in=True, high_in=True,
        growth_low="growth", growth_high="growth",
        period=period, period_start=(year + "-01-01").str.to_date(), period_end=end, low=pl.col("value"),
        high=pl.col("value"), value_text=pl.col("value").cast(pl.String).str.strip_suffix(".0"), bound=pl.lit("none"),
        observation_id=pl.format("{}.{}", "indicator_id", "month"), confidence=pl.lit("high"),
        decimals=pl.lit(0, pl.Int32), growth_pct="growth",
        growth_text=pl.col("growth").cast(pl.String).str.strip_suffix(".0"),
    )  # fmt: skip
    rows = ledgers.add_source_columns(rows, then, asof, "monthly_return", lang).with_columns(
        source_published=pl.col("reported").dt.to_string("iso:strict"),
        # Each month is reported once: no two of them are versions of one figure, and all come after what was printed.
        precedence=pl.format("1-0-{}", "observation_id"),
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in printed.schema.items() if name not in rows.columns]
    own = rows.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in printed.schema.items())
    return pl.concat([printed, own])


def compute_plan_shares(then: Ledger, targets: pl.DataFrame) -> pl.DataFrame:
    """Return what the approved plan has by each month, per target.

    share_plan is, of a flow, its share of the year: over the plan's December, else over the target's level. plan
    is, of a stock or a rate, the number itself.
    """
    plan = then.tables["monthly_plan"].select(
        "indicator_id",
        planned="value",
        year=pl.col("month").str.slice(0, 4).cast(pl.Int32),
        month=pl.col("month").str.slice(5, 2).cast(pl.Int32),
    )
    whole = plan.filter(pl.col("month") == DECEMBER).select("indicator_id", "year", whole="planned")
    rows = targets.select("target_id", "indicator_id", "year", "measure", "value", "indicator_measure")
    rows = rows.join(plan, on=["indicator_id", "year"]).join(whole, on=["indicator_id", "year"], how="left")
    level = pl.when(pl.col("measure") == "level").then("value")
    share = pl.col("planned") / pl.coalesce("whole", level)
    flow = pl.col("indicator_measure") == "flow"
    return rows.select(
        "target_id", "month", share_plan=pl.when(flow).then(share), plan=pl.when(~flow).then("planned")
    ).filter(pl.any_horizontal(pl.col("share_plan", "plan").is_not_null()))


def _add_plan_and_past(rows: pl.DataFrame, then: Ledger) -> pl.DataFrame:
    """Add the month's plan, last year's value and the growth on it: as reported, else computed from the two values."""
    code = pl.format("{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2))
    past = pl.format("{}-{}", pl.col("year") - 1, pl.col("month").cast(pl.String).str.zfill(2))
    rows = rows.with_columns(month_code=code, past_code=past)
    plan = then.tables["monthly_plan"].select("indicator_id", month_code="month", plan="value")
    last = then.tables["monthly_return"].select("indicator_id", past_code="month", last="value")
    rows = rows.join(plan, on=["indicator_id", "month_code"], how="left", maintain_order="left")
    rows = rows.join(last, on=["indicator_id", "past_code"], how="left", maintain_order="left")
    reported = then.tables["monthly_return"].select("indicator_id", month_code="month", growth_of_month="growth")
    rows = rows.join(reported, on=["indicator_id", "month_code"], how="left", maintain_order="left")
    flow = (pl.col("indicator_measure") == "flow") & pl.col("comparable") & (pl.col("last") > 0)
    quotient = pl.when(flow).then(100 * (pl.col("actual") / pl.col("last") - 1))
    return rows.with_columns(growth_of_month=pl.coalesce("growth_of_month", quotient)).drop("month_code", "past_code")


def get_last_closed_month(asof: date) -> tuple[int, int]:
    """Return year and month of the last month that had ended by a day."""
    months = count_closed_months(asof)
    return (months - 1) // 12, (months - 1) % 12 + 1


def get_month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
