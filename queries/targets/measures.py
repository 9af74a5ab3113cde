"""What a rule compares: completion, share of the plan, pace, each as an interval."""

import polars as pl

from queries.targets.rules import PLANNED_SHARE_METHODS, Rule

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


YEAR_OVER = pl.col("month") == 12


RATE = pl.col("kind") == "growth"


STOCK = (pl.col("measure") != "flow") & ~RATE


DOWN = (pl.col("direction") == "down") & ~RATE


CEILING = DOWN & (pl.col("measure") == "flow")


_PRINTED = RATE & pl.col("growth").is_not_null()


COMPARABLE = pl.col("comparable").fill_null(value=False)


def compute_remainder() -> pl.Expr:
    """Return what remains to be reached: level less actual."""
    return pl.col("level") - pl.col("actual")


def add_measured(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what is compared with the target: a level, a printed growth, or the growth from two levels.

    A growth is divided by the year before; while the year runs, by the same months of it.
    """

    def before(end: str) -> pl.Expr:
        return pl.when(YEAR_OVER).then(f"base{end}").otherwise(f"past{end}")

    quotient = RATE & ~_PRINTED & COMPARABLE & (before("") > 0)
    return frame.with_columns(
        *(
            _remove_float_error(
                pl.when(_PRINTED).then(f"growth{end}")
                .when(quotient).then((pl.col(f"actual{end}") / before(other) - 1) * 100)
                .when(~RATE).then(f"actual{end}")
            ).alias(f"measured{end}")
            for end, other in _OPPOSITE_END.items()
        ),
        low_in=RATE | pl.col("actual_low_in").fill_null(True),
        # Half is rounded up: the upper end of a printed growth would have been printed as the next digit. One that was
        # not rounded has no other end.
        high_in=pl.when(_PRINTED).then(pl.col("growth_low") == pl.col("growth_high"))
        .otherwise(~RATE & pl.col("actual_high_in")).fill_null(False),
        basis=pl.when(_PRINTED | (~RATE & pl.col("actual").is_not_null())).then(pl.lit("printed"))
        .when(quotient & pl.col("actual").is_not_null()).then(pl.lit("levels")),
        level=pl.when(~RATE).then("value").when(COMPARABLE).then(pl.col("base") * (1 + pl.col("value") / 100)),
        # Last year's months carried on as they were then, else the share of the year that is known.
        ahead=pl.when(pl.col("past") > 0).then(pl.col("base") * pl.col("actual") / pl.col("past")),
    )  # fmt: skip


def _remove_float_error(number: pl.Expr) -> pl.Expr:
    """Return a computed number without floating-point error: rounded to THRESHOLD_DECIMALS where only it differs.

    50 of 100 by half of the year is a pace of a half and not a little less, in whatever order it was divided.
    """
    near = number.round(THRESHOLD_DECIMALS)
    return pl.when((number - near).abs() <= 1e-12 * pl.max_horizontal(number.abs(), 1.0)).then(near).otherwise(number)


def add_planned_share(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Add the planned share p of a level target: the first that is known, in the order of the rule; else null.

    January and February are one period. Months over twelve are no plan for what has a season.
    """
    last = {end: pl.col(f"past{end}") / pl.col(f"base{_OPPOSITE_END[end]}") for end in INTERVAL_ENDS}
    # Shares of the year say nothing of a stock: it stands somewhere between its base and its target.
    way = pl.col("value") - pl.col("base")
    planned = pl.when(STOCK & (way != 0)).then((pl.col("plan") - pl.col("base")) / way).otherwise("share_plan")
    shares: dict[str, dict[str, pl.Expr]] = {
        "plan": dict.fromkeys(INTERVAL_ENDS, planned),
        "own_mean": {end: pl.when(~STOCK).then(f"share_own_mean{end}") for end in INTERVAL_ENDS},
        "last_year": {end: pl.when(~STOCK & (pl.col("base") > 0)).then(last[end]) for end in INTERVAL_ENDS},
        "linear": dict.fromkeys(INTERVAL_ENDS, pl.when(STOCK).then(pl.col("month") / 12)),
    }
    named = [pl.when(shares[method][""].is_not_null()).then(pl.lit(method)) for method in rule.planned_share]
    frame = frame.with_columns(planned_by=pl.when(~YEAR_OVER & ~RATE).then(pl.coalesce(named)))
    chosen = {
        end: pl.coalesce(
            [pl.when(pl.col("planned_by") == method).then(shares[method][end]) for method in PLANNED_SHARE_METHODS]
        )
        for end in INTERVAL_ENDS
    }
    return frame.with_columns(
        pl.when(YEAR_OVER & ~RATE).then(1.0).otherwise(share).alias(f"p{end}") for end, share in chosen.items()
    )


_OPPOSITE_END = {"": "", "_low": "_high", "_high": "_low"}


JUDGED_COLUMNS = (
    "c", "c_low", "c_high", "p", "planned_by", "s", "d", "measured", "measured_low", "measured_high", "low_in",
    "high_in", "basis",
)  # fmt: skip


def add_pace(frame: pl.DataFrame) -> pl.DataFrame:
    """Add completion c and pace s of a level, and the gap d of either kind, at the middle and at both ends."""
    frame = frame.with_columns(_compute_completion(end) for end in INTERVAL_ENDS)
    for end, other in _OPPOSITE_END.items():
        c, p, same = pl.col(f"c{end}"), pl.col(f"p{other}"), pl.col(f"p{end}")
        pace = (
            pl.when(CEILING & (c > 0)).then(same / c)
            .when(~CEILING & (p > 0)).then(c / p)
            # Nothing was planned by now: what is not there cannot be late.
            .when(~CEILING & (p == 0) & c.is_not_null()).then(1.0)
        )  # fmt: skip
        gap = pl.when(RATE).then(pl.col(f"measured{end}") - pl.col("value")).otherwise(100 * (c - p))
        frame = frame.with_columns(
            _remove_float_error(pace).alias(f"s{end}"), _remove_float_error(gap).alias(f"d{end}")
        )
    carried = pl.when(pl.col("p") > 0).then(pl.col("actual") / pl.col("p"))
    return frame.with_columns(ahead=pl.coalesce("ahead", carried))


def _compute_completion(end: str) -> pl.Expr:
    """Compute reached over wanted; of a stock or rate the way gone from the base to the target; of a growth null."""
    actual = pl.col(f"actual{end}")
    value, middle = pl.col("value"), pl.col("base")
    ahead = pl.when(DOWN).then(middle - value).otherwise(value - middle) > 0
    return (
        pl.when(RATE).then(None)
        # The base stands above and below the line: one value of it at a time.
        .when(STOCK & ahead).then((actual - middle) / (value - middle))
        .when(STOCK & DOWN & (actual > 0)).then(value / actual)
        .when(value != 0).then(actual / value)
        .alias(f"c{end}")
    )  # fmt: skip
