"""How far a year has come, by month, and how far earlier years had come by the same month."""

from datetime import date, timedelta

import polars as pl

WHOLE_YEAR = 12
CUMULATIVE_SPANS = ("year", "to_date", "date")  # kinds of periods that say how far a year has come
SERIES_KEYS = ("park_id", "comparable_key")
INTERVAL_ENDS = ("", "_low", "_high")
OUTCOME_COLUMNS = (
    "level_unit_id", "actual", "actual_value_text", "actual_unit_id", "actual_bound", "actual_period",
    "actual_observation_id", "actual_source_id", "growth_text", "growth_period", "growth_observation_id",
    "growth_source_id", "base", "base_low", "base_high", "base_value_text", "base_unit_id", "base_bound",
    "base_period", "base_observation_id", "base_source_id", "actual_evidence", "growth_evidence", "base_evidence",
    "past", "past_value_text", "past_unit_id", "past_period", "past_observation_id", "comparable", "growth_bound",
)  # fmt: skip
FIGURE_COLUMNS = (
    "value_text", "unit_id", "dimension", "factor", "bound", "growth_text", "period", "observation_id", "source_id",
    "low_in", "high_in", "month", "evidence", "revised",
)  # fmt: skip


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


def get_past(cases: pl.DataFrame, by_month: pl.DataFrame) -> pl.DataFrame:
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
    last = prefix_columns(last, "past").join(
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


def get_city_growth(cases: pl.DataFrame, by_month: pl.DataFrame, parks: pl.DataFrame) -> pl.DataFrame:
    """Return the growth of the city that a place lies in, for the same definition and months."""
    city = parks.filter(pl.col("role") == "city")["park_id"].to_list()
    inside = parks.filter(pl.col("role").is_in(["self", "city_peer"]))["park_id"].to_list()
    growths = by_month.filter(pl.col("park_id").is_in(city) & pl.col("growth").is_not_null())
    wanted = cases.filter(pl.col("park_id").is_in(inside)).select("target_id", "comparable_key", "year", "month")
    found = wanted.join(growths, on=["comparable_key", "year", "month"])
    found = found.sort("precedence")
    return found.unique("target_id", keep="first", maintain_order=True).select("target_id", peer="growth")


def prefix_columns(figures: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the columns of a figure prefixed with its role: base_low, actual_source_id, growth_month."""
    values = "growth" if kind == "growth" else "value"
    ends = {"value": ("value", "low", "high"), "growth": ("growth", "growth_low", "growth_high")}[values]
    return figures.select(
        "target_id",
        *(pl.col(column).alias(f"{kind}{end}") for column, end in zip(ends, INTERVAL_ENDS, strict=True)),
        *(pl.col(column).alias(f"{kind}_{column}".replace("growth_growth", "growth")) for column in FIGURE_COLUMNS),
    )
