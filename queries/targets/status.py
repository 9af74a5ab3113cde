"""Judge the status of targets: met, missed, on course or behind, or why it cannot be judged. No database, no page.

A target is judged from one row of cases (see CASE_COLUMNS). While its year runs, a level is judged by its
completion against the share of the year planned by then, and a growth by the growth of the same months less the
target, in percentage points. Once the year is over, the interval of the outcome is compared with the target.
The first that fits is given: cannot judge, met, watching, on course, far behind, behind.
"""

from datetime import date
from functools import reduce

import polars as pl

from queries.targets.rules import PLANNED_SHARE_METHODS, Light, Rule

STATUSES = ("met", "missed", "borderline", "on_course", "behind", "far_behind", "watching", "cannot_judge")
REASONS = (
    "NO_ACTUAL", "NO_BASE", "NO_PAST", "NO_GROWTH", "NO_PLAN", "EXPECTED", "SCOPE_MISMATCH", "UNIT_MISMATCH", "STALE",
    "FUTURE", "NO_NUMERIC_TARGET",
)  # fmt: skip
INTERVAL_ENDS = ("", "_low", "_high")  # the middle of an interval, and its ends
COMPUTED_DECIMALS = 9  # decimals of computed numbers that are given away
THRESHOLD_DECIMALS = 6  # decimals that a threshold may have

# One row: one target with what is known of it, all numbers in the unit of the target.
CASE_COLUMNS = {
    "target_id": pl.String,
    "indicator_id": pl.String,
    "kind": pl.String,  # level, growth or milestone
    "measure": pl.String,  # of the indicator: flow, stock or rate
    "direction": pl.String,  # up or down; a flow that is to stay below its target is a ceiling
    "comparator": pl.String,  # reach, at_least, about or exceed
    "value": pl.Float64,  # the target's own number, exact
    "decimals": pl.Int32,  # with which it was printed; tells how near "about" is
    "reason": pl.String,  # why it cannot be judged, known before
    "month": pl.Int32,  # last closed month with data: 12 once the year's figure is known
    "actual": pl.Float64,  # year to date, or at that month's end for a stock or a rate
    "actual_low": pl.Float64,  # null where open
    "actual_high": pl.Float64,
    "actual_low_in": pl.Boolean,  # whether the end itself is possible
    "actual_high_in": pl.Boolean,
    "growth": pl.Float64,  # on the same months of the year before, as printed, per cent
    "growth_low": pl.Float64,
    "growth_high": pl.Float64,
    "comparable": pl.Boolean,  # whether levels of two years may be divided for a growth; see queries.figures.growth
    "base": pl.Float64,  # the whole year before
    "base_low": pl.Float64,
    "base_high": pl.Float64,
    "share_plan": pl.Float64,  # of the year planned by that month: in the approved plan
    "plan": pl.Float64,  # what the approved plan has at that month's end, of a stock or a rate
    "share_own_mean": pl.Float64,  # mean of own shares over two or more past years
    "share_own_mean_low": pl.Float64,
    "share_own_mean_high": pl.Float64,
    "past": pl.Float64,  # last year's value by the same month
    "past_low": pl.Float64,
    "past_high": pl.Float64,
    "peer": pl.Float64,  # growth of the city that the place lies in, per cent
    "start": pl.Date,  # of a milestone
    "due": pl.Date,
    "done": pl.Date,
}
_YEAR_OVER = pl.col("month") == 12
_RATE = pl.col("kind") == "growth"
_STOCK = (pl.col("measure") != "flow") & ~_RATE
_DOWN = (pl.col("direction") == "down") & ~_RATE
_CEILING = _DOWN & (pl.col("measure") == "flow")
_PRINTED = _RATE & pl.col("growth").is_not_null()
_COMPARABLE = pl.col("comparable").fill_null(value=False)


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
    frame = _add_pace(_add_planned_share(_add_measured(frame), rule)).with_columns(
        _find_reason(), covered=_is_covered(rule)
    )
    for end in INTERVAL_ENDS:
        frame = frame.with_columns(_judge_running_year(frame, rule, default, asof, end))
    lit = pl.when(_YEAR_OVER & (pl.col("kind") != "milestone")).then(_judge_finished_year()).otherwise("light")
    frame = frame.with_columns(
        status=pl.when(pl.col("reason").is_null()).then(lit).otherwise(pl.lit("cannot_judge"))
    ).with_columns(
        # A rule asked for a number that is not known, such as the growth of the city.
        reason=pl.when(pl.col("status") == "cannot_judge").then(
            pl.coalesce("reason", pl.when(~_RATE & pl.col("p").is_null()).then(pl.lit("NO_PLAN")), pl.lit("NO_ACTUAL"))
        ),
    )
    running = ~_YEAR_OVER & pl.col("reason").is_null()
    close = (pl.col("status") == "borderline") | (_is_met_to_the_digit() & ~pl.col("high_in"))
    flips = pl.when(_YEAR_OVER).then(close).otherwise(pl.col("light_low") != pl.col("light_high"))
    below = (pl.col("growth") > 0) & (pl.col("ahead") < pl.col("base"))
    return frame.with_columns(
        # What cannot be judged has no numbers that look like a judgement.
        pl.when(pl.col("reason").is_null()).then(column).alias(column)
        for column in _JUDGED_COLUMNS
    ).select(
        "target_id",
        "status",
        near=pl.col("reason").is_null() & (pl.col("kind") != "milestone") & flips.fill_null(True),
        reason="reason",
        over=_YEAR_OVER.fill_null(False),
        month="month",
        completion=pl.col("c").round(COMPUTED_DECIMALS),
        completion_low=pl.min_horizontal("c_low", "c_high").round(COMPUTED_DECIMALS),
        completion_high=pl.max_horizontal("c_low", "c_high").round(COMPUTED_DECIMALS),
        planned_share="p",
        planned_by="planned_by",
        pace=pl.col("s").round(COMPUTED_DECIMALS),
        gap_points=pl.col("d").round(COMPUTED_DECIMALS),
        gap_amount=pl.when(~_RATE).then(pl.col("measured") - pl.col("value")).round(COMPUTED_DECIMALS),
        measured="measured",
        low="measured_low",
        high="measured_high",
        low_in="low_in",
        high_in="high_in",
        basis="basis",
        needed=pl.when(_RATE).then("level"),
        # Grown so far and less than last year in the end: no year does that, the two numbers do not belong together.
        outlook=pl.when(running & ~_STOCK & ~_RATE & ~below.fill_null(value=False)).then("ahead"),
        needed_per_month=pl.when(running & ~_STOCK).then(_compute_remainder() / (12 - pl.col("month"))),
        needed_growth=pl.when(running & ~_STOCK & _COMPARABLE & (pl.col("base") > pl.col("past"))).then(
            100 * (_compute_remainder() / (pl.col("base") - pl.col("past")) - 1)
        ),
        lit_by=pl.when(pl.col("covered")).then(pl.lit(rule.rule_id)).otherwise(pl.lit(default.rule_id)),
    )


def _compute_remainder() -> pl.Expr:
    """Return what remains to be reached: level less actual."""
    return pl.col("level") - pl.col("actual")


def _add_measured(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what is compared with the target: a level, a printed growth, or the growth from two levels.

    A growth is divided by the year before; while the year runs, by the same months of it.
    """

    def before(end: str) -> pl.Expr:
        return pl.when(_YEAR_OVER).then(f"base{end}").otherwise(f"past{end}")

    quotient = _RATE & ~_PRINTED & _COMPARABLE & (before("") > 0)
    return frame.with_columns(
        *(
            _remove_float_error(
                pl.when(_PRINTED).then(f"growth{end}")
                .when(quotient).then((pl.col(f"actual{end}") / before(other) - 1) * 100)
                .when(~_RATE).then(f"actual{end}")
            ).alias(f"measured{end}")
            for end, other in _OPPOSITE_END.items()
        ),
        low_in=_RATE | pl.col("actual_low_in").fill_null(True),
        # Half is rounded up: the upper end of a printed growth would have been printed as the next digit. One that was
        # not rounded has no other end.
        high_in=pl.when(_PRINTED).then(pl.col("growth_low") == pl.col("growth_high"))
        .otherwise(~_RATE & pl.col("actual_high_in")).fill_null(False),
        basis=pl.when(_PRINTED | (~_RATE & pl.col("actual").is_not_null())).then(pl.lit("printed"))
        .when(quotient & pl.col("actual").is_not_null()).then(pl.lit("levels")),
        level=pl.when(~_RATE).then("value").when(_COMPARABLE).then(pl.col("base") * (1 + pl.col("value") / 100)),
        # Last year's months carried on as they were then, else the share of the year that is known.
        ahead=pl.when(pl.col("past") > 0).then(pl.col("base") * pl.col("actual") / pl.col("past")),
    )  # fmt: skip


def _remove_float_error(number: pl.Expr) -> pl.Expr:
    """Return a computed number without floating-point error: rounded to THRESHOLD_DECIMALS where only it differs.

    50 of 100 by half of the year is a pace of a half and not a little less, in whatever order it was divided.
    """
    near = number.round(THRESHOLD_DECIMALS)
    return pl.when((number - near).abs() <= 1e-12 * pl.max_horizontal(number.abs(), 1.0)).then(near).otherwise(number)


def _add_planned_share(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Add the planned share p of a level target: the first that is known, in the order of the rule; else null.

    January and February are one period. Months over twelve are no plan for what has a season.
    """
    last = {end: pl.col(f"past{end}") / pl.col(f"base{_OPPOSITE_END[end]}") for end in INTERVAL_ENDS}
    # Shares of the year say nothing of a stock: it stands somewhere between its base and its target.
    way = pl.col("value") - pl.col("base")
    planned = pl.when(_STOCK & (way != 0)).then((pl.col("plan") - pl.col("base")) / way).otherwise("share_plan")
    shares: dict[str, dict[str, pl.Expr]] = {
        "plan": dict.fromkeys(INTERVAL_ENDS, planned),
        "own_mean": {end: pl.when(~_STOCK).then(f"share_own_mean{end}") for end in INTERVAL_ENDS},
        "last_year": {end: pl.when(~_STOCK & (pl.col("base") > 0)).then(last[end]) for end in INTERVAL_ENDS},
        "linear": dict.fromkeys(INTERVAL_ENDS, pl.when(_STOCK).then(pl.col("month") / 12)),
    }
    named = [pl.when(shares[method][""].is_not_null()).then(pl.lit(method)) for method in rule.planned_share]
    frame = frame.with_columns(planned_by=pl.when(~_YEAR_OVER & ~_RATE).then(pl.coalesce(named)))
    chosen = {
        end: pl.coalesce(
            [pl.when(pl.col("planned_by") == method).then(shares[method][end]) for method in PLANNED_SHARE_METHODS]
        )
        for end in INTERVAL_ENDS
    }
    return frame.with_columns(
        pl.when(_YEAR_OVER & ~_RATE).then(1.0).otherwise(share).alias(f"p{end}") for end, share in chosen.items()
    )


_OPPOSITE_END = {"": "", "_low": "_high", "_high": "_low"}
_JUDGED_COLUMNS = (
    "c", "c_low", "c_high", "p", "planned_by", "s", "d", "measured", "measured_low", "measured_high", "low_in",
    "high_in", "basis",
)  # fmt: skip


def _add_pace(frame: pl.DataFrame) -> pl.DataFrame:
    """Add completion c and pace s of a level, and the gap d of either kind, at the middle and at both ends."""
    frame = frame.with_columns(_compute_completion(end) for end in INTERVAL_ENDS)
    for end, other in _OPPOSITE_END.items():
        c, p, same = pl.col(f"c{end}"), pl.col(f"p{other}"), pl.col(f"p{end}")
        pace = (
            pl.when(_CEILING & (c > 0)).then(same / c)
            .when(~_CEILING & (p > 0)).then(c / p)
            # Nothing was planned by now: what is not there cannot be late.
            .when(~_CEILING & (p == 0) & c.is_not_null()).then(1.0)
        )  # fmt: skip
        gap = pl.when(_RATE).then(pl.col(f"measured{end}") - pl.col("value")).otherwise(100 * (c - p))
        frame = frame.with_columns(
            _remove_float_error(pace).alias(f"s{end}"), _remove_float_error(gap).alias(f"d{end}")
        )
    carried = pl.when(pl.col("p") > 0).then(pl.col("actual") / pl.col("p"))
    return frame.with_columns(ahead=pl.coalesce("ahead", carried))


def _compute_completion(end: str) -> pl.Expr:
    """Compute reached over wanted; of a stock or rate the way gone from the base to the target; of a growth null."""
    actual = pl.col(f"actual{end}")
    value, middle = pl.col("value"), pl.col("base")
    ahead = pl.when(_DOWN).then(middle - value).otherwise(value - middle) > 0
    return (
        pl.when(_RATE).then(None)
        # The base stands above and below the line: one value of it at a time.
        .when(_STOCK & ahead).then((actual - middle) / (value - middle))
        .when(_STOCK & _DOWN & (actual > 0)).then(value / actual)
        .when(value != 0).then(actual / value)
        .alias(f"c{end}")
    )  # fmt: skip


def _find_reason() -> pl.Expr:
    """Return why a target cannot be judged: the reason known before, else what is missing here."""
    number, known = pl.col("kind") != "milestone", pl.col("measured").is_not_null() & pl.col("month").is_not_null()
    return (
        pl.when(pl.when(number).then(pl.col("value").is_null()).otherwise(pl.col("due").is_null()))
        .then(pl.lit("NO_NUMERIC_TARGET"))
        .when(pl.col("reason").is_not_null()).then("reason")
        .when(number & ~known & _RATE & pl.col("actual").is_not_null()).then(
            pl.when(~_COMPARABLE).then(pl.lit("NO_GROWTH")).when(_YEAR_OVER).then(pl.lit("NO_BASE")).otherwise(pl.lit("NO_PAST"))
        )
        .when(number & ~known).then(pl.lit("NO_ACTUAL"))
        .when(number & ~_YEAR_OVER & _STOCK & pl.col("base").is_null()).then(pl.lit("NO_BASE"))
        .alias("reason")
    )  # fmt: skip


def _is_covered(rule: Rule) -> pl.Expr:
    """Tell whether the rule covers a target; without lights for its kind (number or date) the default covers it."""
    lights = (
        pl.when(pl.col("kind") == "milestone").then(bool(rule.milestones))
        .when(_RATE).then(bool(rule.growths))
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
        pl.when(pl.when(_DOWN).then(kept).otherwise(reached) | _is_met_to_the_digit()).then(pl.lit("met"))
        .when(pl.when(_DOWN).then(broken).otherwise(short)).then(pl.lit("missed"))
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
        g=pl.when(_RATE).then(f"measured{end}").otherwise(f"growth{end}"),
        m="month",
        t="value",
        done=done,
        late=done & (pl.col("done") > pl.col("due")),
        overdue=~done & (pl.col("due") < asof),
        reached=pl.when(_DOWN).then(pl.col(f"measured{end}") <= pl.col("value"))
        # A growth may be lost again: it is met once the year is over.
        .when(_RATE).then(pl.lit(value=False))
        .otherwise(pl.col(f"measured{end}") >= pl.col("value")),
        waiting=~done & (pl.col("start") > asof).fill_null(False),
    )  # fmt: skip

    def lights(of: Rule) -> pl.Expr:
        of_growth = _pick_first_light(of.growths, of.growth_otherwise)
        return pl.when(_RATE).then(of_growth).otherwise(_pick_first_light(of.lights, of.otherwise))

    def milestones(of: Rule) -> pl.Expr:
        return (
            pl.when(pl.col("waiting"))
            .then(pl.lit("watching"))
            .otherwise(_pick_first_light(of.milestones, of.milestone_otherwise))
        )

    mine, number = pl.col("covered"), pl.col("kind") != "milestone"
    light = (
        pl.when(~number).then(pl.when(mine).then(milestones(rule)).otherwise(milestones(default)))
        .when(_CEILING & ~pl.col("reached")).then(pl.lit("far_behind"))
        .when(~_CEILING & pl.col("reached")).then(pl.lit("met"))
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
