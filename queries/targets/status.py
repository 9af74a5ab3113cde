"""Judge the status of targets: met, missed, on course or behind, or why it cannot be judged. No database, no page.

A target is judged from one row of cases (see CASE_COLUMNS). While its year runs, a level is judged by its
completion against the share of the year planned by then, and a growth by the growth of the same months less the
target, in percentage points. Once the year is over, the interval of the outcome is compared with the target.
The first that fits is given: cannot judge, met, watching, on course, far behind, behind.
"""

from datetime import date
from functools import reduce

import polars as pl

from queries.targets.course import INTERVAL_ENDS
from queries.targets.measures import (
    CASE_COLUMNS,
    CEILING,
    COMPARABLE,
    COMPUTED_DECIMALS,
    DOWN,
    JUDGED_COLUMNS,
    RATE,
    STOCK,
    YEAR_OVER,
    add_measured,
    add_pace,
    add_planned_share,
    compute_remainder,
)
from queries.targets.rules import Light, Rule

STATUSES = ("met", "missed", "borderline", "on_course", "behind", "far_behind", "watching", "cannot_judge")
REASONS = (
    "NO_ACTUAL", "NO_BASE", "NO_PAST", "NO_GROWTH", "NO_PLAN", "EXPECTED", "SCOPE_MISMATCH", "UNIT_MISMATCH", "STALE",
    "FUTURE", "NO_NUMERIC_TARGET",
)  # fmt: skip


def judge_cases(cases: pl.DataFrame, rule: Rule, default: Rule, asof: date) -> pl.DataFrame:
    """Judge every case under a rule, on a day.

    cases: columns as in CASE_COLUMNS; missing ones are taken as unknown.
    rule: the rule asked for; default: the rule for targets that it does not cover.

    One row per case, in the same order: target_id; status, one of STATUSES; near, whether rounding could flip it;
    reason, one of REASONS where it cannot be judged; over, whether the year is over; month; for a level target
    completion and its ends, planned_share and planned_by, pace, and gap_amount, outcome less target in its unit;
    gap_points, percentage points: growth less target, or completion less planned share; measured, low and high:
    what is compared with the target (a growth for a growth target); low_in and high_in: whether that end itself is
    possible; basis: printed or levels; needed: the level that a nominal growth target asks for; outlook,
    needed_per_month and needed_growth, per cent; lit_by: the rule that gave the light.
    """
    missing = [pl.lit(None, kind).alias(column) for column, kind in CASE_COLUMNS.items() if column not in cases.columns]
    frame = cases.with_columns(missing).with_columns(pl.col(column).cast(kind) for column, kind in CASE_COLUMNS.items())
    frame = add_pace(add_planned_share(add_measured(frame), rule)).with_columns(
        _find_reason(), covered=_is_covered(rule)
    )
    for end in INTERVAL_ENDS:
        frame = frame.with_columns(_judge_running_year(frame, rule, default, asof, end))
    lit = pl.when(YEAR_OVER & (pl.col("kind") != "milestone")).then(_judge_finished_year()).otherwise("light")
    frame = frame.with_columns(
        status=pl.when(pl.col("reason").is_null()).then(lit).otherwise(pl.lit("cannot_judge"))
    ).with_columns(
        # A rule asked for a number that is not known, such as the growth of the city.
        reason=pl.when(pl.col("status") == "cannot_judge").then(
            pl.coalesce("reason", pl.when(~RATE & pl.col("p").is_null()).then(pl.lit("NO_PLAN")), pl.lit("NO_ACTUAL"))
        ),
    )
    running = ~YEAR_OVER & pl.col("reason").is_null()
    close = (pl.col("status") == "borderline") | (_is_met_to_the_digit() & ~pl.col("high_in"))
    flips = pl.when(YEAR_OVER).then(close).otherwise(pl.col("light_low") != pl.col("light_high"))
    below = (pl.col("growth") > 0) & (pl.col("ahead") < pl.col("base"))
    return frame.with_columns(
        # What cannot be judged has no numbers that look like a judgement.
        pl.when(pl.col("reason").is_null()).then(column).alias(column)
        for column in JUDGED_COLUMNS
    ).select(
        "target_id",
        "status",
        near=pl.col("reason").is_null() & (pl.col("kind") != "milestone") & flips.fill_null(True),
        reason="reason",
        over=YEAR_OVER.fill_null(False),
        month="month",
        completion=pl.col("c").round(COMPUTED_DECIMALS),
        completion_low=pl.min_horizontal("c_low", "c_high").round(COMPUTED_DECIMALS),
        completion_high=pl.max_horizontal("c_low", "c_high").round(COMPUTED_DECIMALS),
        planned_share="p",
        planned_by="planned_by",
        pace=pl.col("s").round(COMPUTED_DECIMALS),
        gap_points=pl.col("d").round(COMPUTED_DECIMALS),
        gap_amount=pl.when(~RATE).then(pl.col("measured") - pl.col("value")).round(COMPUTED_DECIMALS),
        measured="measured",
        low="measured_low",
        high="measured_high",
        low_in="low_in",
        high_in="high_in",
        basis="basis",
        needed=pl.when(RATE).then("level"),
        # Grown so far and less than last year in the end: no year does that, the two numbers do not belong together.
        outlook=pl.when(running & ~STOCK & ~RATE & ~below.fill_null(value=False)).then("ahead"),
        needed_per_month=pl.when(running & ~STOCK).then(compute_remainder() / (12 - pl.col("month"))),
        needed_growth=pl.when(running & ~STOCK & COMPARABLE & (pl.col("base") > pl.col("past"))).then(
            100 * (compute_remainder() / (pl.col("base") - pl.col("past")) - 1)
        ),
        lit_by=pl.when(pl.col("covered")).then(pl.lit(rule.rule_id)).otherwise(pl.lit(default.rule_id)),
    )


def _find_reason() -> pl.Expr:
    """Return why a target cannot be judged: the reason known before, else what is missing here."""
    number, known = pl.col("kind") != "milestone", pl.col("measured").is_not_null() & pl.col("month").is_not_null()
    return (
        pl.when(pl.when(number).then(pl.col("value").is_null()).otherwise(pl.col("due").is_null()))
        .then(pl.lit("NO_NUMERIC_TARGET"))
        .when(pl.col("reason").is_not_null()).then("reason")
        .when(number & ~known & RATE & pl.col("actual").is_not_null()).then(
            pl.when(~COMPARABLE).then(pl.lit("NO_GROWTH")).when(YEAR_OVER).then(pl.lit("NO_BASE")).otherwise(pl.lit("NO_PAST"))
        )
        .when(number & ~known).then(pl.lit("NO_ACTUAL"))
        .when(number & ~YEAR_OVER & STOCK & pl.col("base").is_null()).then(pl.lit("NO_BASE"))
        .alias("reason")
    )  # fmt: skip


def _is_covered(rule: Rule) -> pl.Expr:
    """Tell whether the rule covers a target; without lights for its kind (number or date) the default covers it."""
    lights = (
        pl.when(pl.col("kind") == "milestone").then(bool(rule.milestones))
        .when(RATE).then(bool(rule.growths))
        .otherwise(bool(rule.lights))
    )  # fmt: skip
    fits = pl.col("kind").is_in(rule.measures) & lights
    return fits & pl.col("indicator_id").is_in(rule.indicators) if rule.indicators else fits


def _judge_finished_year() -> pl.Expr:
    """Judge a year that is over: met and missed only where no value of the interval says otherwise."""
    value, low, high = pl.col("value"), pl.col("measured_low"), pl.col("measured_high")
    low, high = low.fill_null(float("-inf")), high.fill_null(float("inf"))
    # "About 9" is reached by what rounds to 9.
    room = pl.when(pl.col("comparator") == "about").then(0.5 * pl.lit(10.0).pow(-pl.col("decimals").fill_null(0)))
    # Rounded like what is held against them: 6.5 less 0.05 is not quite 6.45 to a computer.
    least, most = ((value + sign * room.fill_null(0)).round(COMPUTED_DECIMALS) for sign in (-1, 1))
    beyond = pl.col("comparator") == "exceed"
    reached = (low > least) | ((low == least) & ~(beyond & pl.col("low_in")))
    short = (high < least) | ((high == least) & (~pl.col("high_in") | beyond))
    kept = (high < most) | ((high == most) & ~(beyond & pl.col("high_in")))
    broken = (low > most) | ((low == most) & (~pl.col("low_in") | beyond))
    return (
        pl.when(pl.when(DOWN).then(kept).otherwise(reached) | _is_met_to_the_digit()).then(pl.lit("met"))
        .when(pl.when(DOWN).then(broken).otherwise(short)).then(pl.lit("missed"))
        .otherwise(pl.lit("borderline"))
    )  # fmt: skip


def _is_met_to_the_digit() -> pl.Expr:
    """Tell whether the outcome is the target's own number, printed with more decimals than the target.

    1000.0 reaches 1000: what rounding leaves open lies below the last digit of the target. It is met, and near.
    """
    # A tenth of a step of the target, or less; 13.45 less 13.35 is a little below 0.1 to a computer.
    finer = pl.col("measured_high") - pl.col("measured_low") < 0.5 * pl.lit(10.0).pow(-pl.col("decimals"))
    same = (pl.col("measured") == pl.col("value")) & (pl.col("basis") == "printed")
    return (same & finer & (pl.col("comparator") != "exceed")).fill_null(False)


def _judge_running_year(frame: pl.DataFrame, rule: Rule, default: Rule, asof: date, end: str) -> pl.Series:
    """Return the light while the year runs, from the numbers at one end of their intervals."""
    done = (pl.col("done") <= asof).fill_null(False)
    named = frame.with_columns(
        s=pl.col(f"s{end}"),
        d=pl.col(f"d{end}"),
        c=pl.col(f"c{end}"),
        g=pl.when(RATE).then(f"measured{end}").otherwise(f"growth{end}"),
        m="month",
        t="value",
        done=done,
        late=done & (pl.col("done") > pl.col("due")),
        overdue=~done & (pl.col("due") < asof),
        reached=pl.when(DOWN).then(pl.col(f"measured{end}") <= pl.col("value"))
        # A growth may be lost again: it is met once the year is over.
        .when(RATE).then(pl.lit(value=False))
        .otherwise(pl.col(f"measured{end}") >= pl.col("value")),
        waiting=~done & (pl.col("start") > asof).fill_null(False),
    )  # fmt: skip

    def lights(of: Rule) -> pl.Expr:
        of_growth = _pick_first_light(of.growths, of.growth_otherwise)
        return pl.when(RATE).then(of_growth).otherwise(_pick_first_light(of.lights, of.otherwise))

    def milestones(of: Rule) -> pl.Expr:
        return (
            pl.when(pl.col("waiting"))
            .then(pl.lit("watching"))
            .otherwise(_pick_first_light(of.milestones, of.milestone_otherwise))
        )

    mine, number = pl.col("covered"), pl.col("kind") != "milestone"
    light = (
        pl.when(~number).then(pl.when(mine).then(milestones(rule)).otherwise(milestones(default)))
        .when(CEILING & ~pl.col("reached")).then(pl.lit("far_behind"))
        .when(~CEILING & pl.col("reached")).then(pl.lit("met"))
        .otherwise(pl.when(mine).then(lights(rule)).otherwise(lights(default)))
        .alias(f"light{end}")
    )  # fmt: skip
    return named.select(light).to_series()


def _pick_first_light(lights: tuple[Light, ...], otherwise: str) -> pl.Expr:
    """Return the first light whose condition holds, or cannot_judge where a condition cannot be evaluated."""

    def before(rest: pl.Expr, light: Light) -> pl.Expr:
        unknown = pl.when(light.condition.is_null()).then(pl.lit("cannot_judge"))
        return unknown.when(light.condition).then(pl.lit(light.status)).otherwise(rest)

    return reduce(before, reversed(lights), pl.lit(otherwise))
