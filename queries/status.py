"""The status of targets: met, missed, on course or behind, and why it cannot be said. Pure: no database, no page.

A target is judged from what stands in one row of cases (see CASE). While its year runs, a light compares the
completion with the share of the year that was planned by then; once the year is over, the interval of the outcome
is held against the target. The first that fits is given: cannot judge, met, watching, on course, far behind, behind.
"""

from datetime import date
from functools import reduce

import polars as pl

from queries.rules import METHODS, Light, Rule

STATUSES = ("met", "missed", "borderline", "on_course", "behind", "far_behind", "watching", "cannot_judge")
REASONS = ("NO_ACTUAL", "NO_BASE", "SCOPE_MISMATCH", "UNIT_MISMATCH", "STALE", "FUTURE", "NO_NUMERIC_TARGET")
ENDS = ("", "_low", "_high")  # the middle of an interval, and its ends
EXACT = 9  # decimals after which two computed numbers are one

# One row: one target with what is known of it, all numbers in the unit of the target.
CASE = {
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
    "base": pl.Float64,  # the whole year before
    "base_low": pl.Float64,
    "base_high": pl.Float64,
    "share_plan": pl.Float64,  # of the year planned by that month: in the approved plan
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
_OVER = pl.col("month") == 12
_RATE = pl.col("kind") == "growth"
_STOCK = (pl.col("measure") != "flow") & ~_RATE
_DOWN = (pl.col("direction") == "down") & ~_RATE
_CEILING = _DOWN & (pl.col("measure") == "flow")
_PRINTED = _RATE & pl.col("growth").is_not_null()
_WANTED = 1 + pl.col("value") / 100  # of a growth target: the factor


def judge(cases: pl.DataFrame, rule: Rule, default: Rule, asof: date) -> pl.DataFrame:
    """The status of every case under a rule, on a day.

    cases: columns as in CASE; those that are missing are taken as unknown.
    rule: the rule asked for; default: the one for targets that the rule is not made for.

    One row per case, in the same order: target_id; status, one of STATUSES; near, whether rounding could flip it;
    reason, one of REASONS where it cannot be judged; over, whether the year is over; completion and its ends;
    planned_share and planned_by; pace; gap_points, percentage points; measured, low and high: what is held against
    the target (a growth for a growth target); low_in and high_in: whether an end is possible itself; basis: printed
    or levels; needed: the level that a growth target asks for; outlook; needed_per_month; needed_growth, per cent;
    lit_by: the rule that gave the light.
    """
    missing = [pl.lit(None, kind).alias(column) for column, kind in CASE.items() if column not in cases.columns]
    frame = cases.with_columns(missing).with_columns(pl.col(column).cast(kind) for column, kind in CASE.items())
    frame = _paced(_planned(_measured(frame), rule)).with_columns(_reason(), covered=_covered(rule))
    for end in ENDS:
        frame = frame.with_columns(_light(frame, rule, default, asof, end))
    lit = pl.when(_OVER & (pl.col("kind") != "milestone")).then(_final()).otherwise("light")
    frame = frame.with_columns(
        status=pl.when(pl.col("reason").is_null()).then(lit).otherwise(pl.lit("cannot_judge"))
    ).with_columns(
        # A rule asked for a number that is not known, such as the growth of the city.
        reason=pl.when(pl.col("status") == "cannot_judge").then(pl.col("reason").fill_null("NO_ACTUAL")),
    )
    running = ~_OVER & pl.col("reason").is_null()
    close = (pl.col("status") == "borderline") | (_to_the_digit() & ~pl.col("high_in"))
    flips = pl.when(_OVER).then(close).otherwise(pl.col("light_low") != pl.col("light_high"))
    return frame.with_columns(
        # What cannot be judged has no numbers that look like a judgement.
        pl.when(pl.col("reason").is_null()).then(column).alias(column)
        for column in _JUDGED
    ).select(
        "target_id",
        "status",
        near=pl.col("reason").is_null() & (pl.col("kind") != "milestone") & flips.fill_null(True),
        reason="reason",
        over=_OVER.fill_null(False),
        month="month",
        completion="c",
        completion_low=pl.min_horizontal("c_low", "c_high"),
        completion_high=pl.max_horizontal("c_low", "c_high"),
        planned_share="p",
        planned_by="planned_by",
        pace="s",
        gap_points=pl.when(_RATE & _OVER).then(pl.col("measured") - pl.col("value")).otherwise("d").round(EXACT),
        measured="measured",
        low="measured_low",
        high="measured_high",
        low_in="low_in",
        high_in="high_in",
        basis="basis",
        needed=pl.when(_RATE).then("level"),
        outlook=pl.when(running & ~_STOCK & (pl.col("p") > 0)).then(pl.col("actual") / pl.col("p")),
        needed_per_month=pl.when(running & ~_STOCK).then(_left() / (12 - pl.col("month"))),
        needed_growth=pl.when(running & ~_STOCK & (pl.col("base") > pl.col("past"))).then(
            100 * (_left() / (pl.col("base") - pl.col("past")) - 1)
        ),
        lit_by=pl.when(pl.col("covered")).then(pl.lit(rule.rule_id)).otherwise(pl.lit(default.rule_id)),
    )


def _left() -> pl.Expr:
    """What is still to come."""
    return pl.col("level") - pl.col("actual")


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    """What is held against the target: a level, a printed growth, or the growth from two levels."""
    quotient = _RATE & ~_PRINTED & (pl.col("base") > 0)
    against = {"": "base", "_low": "base_high", "_high": "base_low"}
    return frame.with_columns(
        *(
            pl.when(_PRINTED).then(f"growth{end}")
            .when(quotient).then((pl.col(f"actual{end}") / pl.col(base) - 1) * 100)
            .when(~_RATE).then(f"actual{end}")
            .round(EXACT).alias(f"measured{end}")
            for end, base in against.items()
        ),
        low_in=_RATE | pl.col("actual_low_in").fill_null(True),
        # Half is rounded up: the upper end of a printed growth would have been printed as the next digit.
        high_in=~_RATE & pl.col("actual_high_in").fill_null(False),
        basis=pl.when(_PRINTED | (~_RATE & pl.col("actual").is_not_null())).then(pl.lit("printed"))
        .when(quotient & pl.col("actual").is_not_null()).then(pl.lit("levels")),
        level=pl.when(_RATE).then(pl.col("base") * _WANTED).otherwise("value"),
    )  # fmt: skip


def _planned(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The planned share p: the first that is known, in the order of the rule. January and February are one period."""
    last = {end: pl.col(f"past{end}") / pl.col(f"base{_OTHER[end]}") for end in ENDS}
    # Shares of the year say nothing of a stock: it stands somewhere between its base and its target.
    shares: dict[str, dict[str, pl.Expr]] = {
        "plan": dict.fromkeys(ENDS, pl.col("share_plan")),
        "own_mean": {end: pl.when(~_STOCK).then(f"share_own_mean{end}") for end in ENDS},
        "last_year": {end: pl.when(~_STOCK & (pl.col("base") > 0)).then(last[end]) for end in ENDS},
        "linear": dict.fromkeys(ENDS, pl.col("month") / 12),
    }
    named = [pl.when(shares[method][""].is_not_null()).then(pl.lit(method)) for method in rule.planned_share]
    frame = frame.with_columns(planned_by=pl.when(~_OVER).then(pl.coalesce(named)))
    chosen = {
        end: pl.coalesce([pl.when(pl.col("planned_by") == method).then(shares[method][end]) for method in METHODS])
        for end in ENDS
    }
    return frame.with_columns(
        pl.when(_OVER).then(1.0).otherwise(share).alias(f"p{end}") for end, share in chosen.items()
    )


_OTHER = {"": "", "_low": "_high", "_high": "_low"}
_JUDGED = (
    "c", "c_low", "c_high", "p", "planned_by", "s", "d", "measured", "measured_low", "measured_high", "low_in",
    "high_in", "basis",
)  # fmt: skip


def _paced(frame: pl.DataFrame) -> pl.DataFrame:
    """Completion c, pace s and gap d, at the middle and at both ends."""
    by_last = _RATE & (pl.col("planned_by") == "last_year")
    frame = frame.with_columns(_completion(end) for end in ENDS)
    for end, other in _OTHER.items():
        c, p, same = pl.col(f"c{end}"), pl.col(f"p{other}"), pl.col(f"p{end}")
        grown = (1 + pl.col(f"growth{end}") / 100) / _WANTED
        frame = frame.with_columns(
            # Where a figure stands in both c and p it falls out of their quotient, and must not widen it twice.
            pl.when(_PRINTED).then(grown)
            .when(by_last).then(pl.col(f"actual{end}") / (pl.col(f"past{other}") * _WANTED))
            .when(_CEILING & (c > 0)).then(same / c)
            .when(~_CEILING & (p > 0)).then(c / p)
            # Nothing was planned by now: what is not there cannot be late.
            .when(~_CEILING & (p == 0) & c.is_not_null()).then(1.0)
            .round(EXACT).alias(f"s{end}"),
            pl.when(_PRINTED).then(100 * pl.col("p") * (grown - 1))
            .when(by_last).then(100 * (pl.col(f"actual{end}") / _WANTED - pl.col(f"past{other}")) / pl.col("base"))
            .otherwise(100 * (c - p))
            .round(EXACT).alias(f"d{end}"),
        )  # fmt: skip
    return frame


def _completion(end: str) -> pl.Expr:
    """Reached over wanted; of a stock or rate, the way gone from the base to the target."""
    actual, base = pl.col(f"actual{end}"), pl.col(f"base{_OTHER[end]}")
    value, middle = pl.col("value"), pl.col("base")
    ahead = pl.when(_DOWN).then(middle - value).otherwise(value - middle) > 0
    grown = (1 + pl.col(f"growth{end}") / 100) / _WANTED
    return (
        pl.when(_PRINTED & _OVER).then(grown)
        .when(_PRINTED & actual.is_not_null() & (base > 0)).then(actual / (base * _WANTED))
        .when(_PRINTED).then(grown * pl.col("p"))
        .when(_RATE & (base > 0)).then(actual / (base * _WANTED))
        .when(_RATE).then(None)
        # The base stands above and below the line: one value of it at a time.
        .when(_STOCK & ahead).then((actual - middle) / (value - middle))
        .when(_STOCK & _DOWN & (actual > 0)).then(value / actual)
        .when(value != 0).then(actual / value)
        .round(EXACT).alias(f"c{end}")
    )  # fmt: skip


def _reason() -> pl.Expr:
    """Why a target cannot be judged: what was known before, else what is missing here."""
    number, known = pl.col("kind") != "milestone", pl.col("measured").is_not_null() & pl.col("month").is_not_null()
    return (
        pl.when(pl.when(number).then(pl.col("value").is_null()).otherwise(pl.col("due").is_null()))
        .then(pl.lit("NO_NUMERIC_TARGET"))
        .when(pl.col("reason").is_not_null()).then("reason")
        .when(number & ~known & _RATE & pl.col("base").is_null()).then(pl.lit("NO_BASE"))
        .when(number & ~known).then(pl.lit("NO_ACTUAL"))
        .when(number & ~_OVER & _STOCK & pl.col("base").is_null()).then(pl.lit("NO_BASE"))
        .alias("reason")
    )  # fmt: skip


def _covered(rule: Rule) -> pl.Expr:
    """Whether the rule is made for a target; one that says nothing of a number or a date leaves it to the default."""
    lights = pl.when(pl.col("kind") == "milestone").then(bool(rule.milestones)).otherwise(bool(rule.lights))
    fits = pl.col("kind").is_in(rule.measures) & lights
    return fits & pl.col("indicator_id").is_in(rule.indicators) if rule.indicators else fits


def _final() -> pl.Expr:
    """The verdict of a year that is over: met and missed only where no value of the interval says otherwise."""
    value, low, high = pl.col("value"), pl.col("measured_low"), pl.col("measured_high")
    low, high = low.fill_null(float("-inf")), high.fill_null(float("inf"))
    # "About 9" is reached by what rounds to 9.
    room = pl.when(pl.col("comparator") == "about").then(0.5 * pl.lit(10.0).pow(-pl.col("decimals").fill_null(0)))
    # Rounded like what is held against them: 6.5 less 0.05 is not quite 6.45 to a computer.
    least, most = ((value + sign * room.fill_null(0)).round(EXACT) for sign in (-1, 1))
    beyond = pl.col("comparator") == "exceed"
    reached = (low > least) | ((low == least) & ~(beyond & pl.col("low_in")))
    short = (high < least) | ((high == least) & (~pl.col("high_in") | beyond))
    kept = (high < most) | ((high == most) & ~(beyond & pl.col("high_in")))
    broken = (low > most) | ((low == most) & (~pl.col("low_in") | beyond))
    return (
        pl.when(pl.when(_DOWN).then(kept).otherwise(reached) | _to_the_digit()).then(pl.lit("met"))
        .when(pl.when(_DOWN).then(broken).otherwise(short)).then(pl.lit("missed"))
        .otherwise(pl.lit("borderline"))
    )  # fmt: skip


def _to_the_digit() -> pl.Expr:
    """Whether the outcome is the target's own number, printed with more decimals than the target.

    1000.0 reaches 1000: what rounding leaves open lies below the last digit of the target. It is met, and near.
    """
    # A tenth of a step of the target, or less; 13.45 less 13.35 is a little below 0.1 to a computer.
    finer = pl.col("measured_high") - pl.col("measured_low") < 0.5 * pl.lit(10.0).pow(-pl.col("decimals"))
    same = (pl.col("measured") == pl.col("value")) & (pl.col("basis") == "printed")
    return (same & finer & (pl.col("comparator") != "exceed")).fill_null(False)


def _light(frame: pl.DataFrame, rule: Rule, default: Rule, asof: date, end: str) -> pl.Series:
    """The light while the year runs, with the numbers at one end of their intervals."""
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
        .when(_RATE).then(pl.col(f"c{end}") >= 1)
        .otherwise(pl.col(f"measured{end}") >= pl.col("value")),
        waiting=~done & (pl.col("start") > asof).fill_null(False),
    )  # fmt: skip

    def lights(of: Rule) -> pl.Expr:
        return _first(of.lights, of.otherwise)

    def milestones(of: Rule) -> pl.Expr:
        return (
            pl.when(pl.col("waiting")).then(pl.lit("watching")).otherwise(_first(of.milestones, of.milestone_otherwise))
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


def _first(lights: tuple[Light, ...], otherwise: str) -> pl.Expr:
    """The first light whose condition holds; where a condition cannot be answered, none is given."""

    def before(rest: pl.Expr, light: Light) -> pl.Expr:
        unknown = pl.when(light.condition.is_null()).then(pl.lit("cannot_judge"))
        return unknown.when(light.condition).then(pl.lit(light.status)).otherwise(rest)

    return reduce(before, reversed(lights), pl.lit(otherwise))
