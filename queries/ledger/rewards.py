"""Rewards and penalties: the declared formula, its inputs, each department's score, and what one point more needs.

Pure except for compute_score_items() and get_score_subjects(), which query the ledger. No formula is assumed: a
department without a declared one has no score.
"""

from datetime import date

import polars as pl

from data.ledger.ledger import Ledger
from queries.ledger import ledgers
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.progress import judge_ledger_targets
from queries.ledger.supervision import get_ledger_orders
from queries.targets.rules import DEFAULT_RULE

FULL_CAP = 100.0  # per cent of completion that counts where no cap is declared
POINT_DECIMALS = 2  # of the points of an item, rounded half up; a score is the sum of its items as they are shown
CROSSED_OFF_STATES = ("crossed_off", "crossed_off_late")
COMPUTED_DECIMALS = 9


class BadWeight(ValueError):
    """A weight to try is no number, out of range, or of no item: the message says which, and what is allowed."""


def parse_weights(text: str, known: list[str]) -> dict[str, float]:
    """Parse weights to try from an address: K01:30,K02:25. Raises BadWeight."""
    found: dict[str, float] = {}
    for part in filter(None, text.split(",")):
        item, _colon, number = part.partition(":")
        try:
            weight = float(number)
        except ValueError as error:
            raise BadWeight(f"{part!r} is no weight; write K01:30") from error
        if item not in known:
            raise BadWeight(f"no item {item!r}; there are {', '.join(known)}")
        if not 0 <= weight <= 1000:
            raise BadWeight(f"the weight of {item} must lie between 0 and 1000, got {number}")
        found[item] = weight
    return found


def compute_score_items(
    of: Ledger, asof: date, rule: str = DEFAULT_RULE, lang: str = "zh", weights: dict[str, float] | None = None
) -> pl.DataFrame:
    """Compute every item of the formula that had been declared by a day, with its inputs and its points.

    weights: by item, in place of the declared ones. One row per item, in the order of department and number:
    rule_id, department_id with names; about (target or task) with its name; declared_weight, weight, cap (per
    cent); completion (1 is all; null where it is not known), counted (up to the cap), points; adjust_when,
    adjustment, holds, adjusted; score (points and adjustment; null where the completion is); low and high: the
    least and the most it may be; missing: why the completion is not known; more: completion that one point more
    needs, null where the cap is reached; more_value: the same in the unit of the target; park, evidence, day and
    source.
    """
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["assessment_rule"].rename({"weight": "declared_weight"})
    tried = pl.DataFrame({"rule_id": list(weights or {}), "tried": list((weights or {}).values())},
                         schema={"rule_id": pl.String, "tried": pl.Float64})  # fmt: skip
    rows = rows.join(tried, on="rule_id", how="left", maintain_order="left")
    rows = rows.with_columns(weight=pl.coalesce("tried", "declared_weight")).drop("tried")
    aims = judge_ledger_targets(of, asof, rule, lang).select(
        "target_id", "status", "reason",
        aim_completion="completion", full_value="value",
        # Of a growth: by how many points it falls short, none where it does not.
        short=pl.when(pl.col("measure") == "growth").then(pl.max_horizontal(-pl.col("gap_points"), pl.lit(0.0))),
        grows=pl.col("measure") == "growth",
        aim_zh="indicator_zh", aim_en="indicator_en", unit_zh=pl.coalesce("level_unit_zh", "unit_zh"),
        unit_scale=pl.coalesce("level_unit_scale", "unit_scale"),
        unit_scaled_en=pl.coalesce("level_unit_scaled_en", "unit_scaled_en"),
        flow=pl.col("indicator_measure") == "flow",
    )  # fmt: skip
    work = get_ledger_tasks(of, asof, lang).select(
        "task_id", "state", "verdict", "returned", task_zh="title_zh", task_en="title_en"
    ).join(_compute_done_shares(then), on="task_id", how="left", maintain_order="left")  # fmt: skip
    given = get_ledger_orders(of, asof, lang)
    rows = rows.join(aims, on="target_id", how="left", maintain_order="left")
    rows = rows.join(work, on="task_id", how="left", maintain_order="left")
    told = pl.concat([given["target_id"], given["task_id"]]).drop_nulls().unique()
    rows = rows.with_columns(
        about=pl.coalesce("target_id", "task_id"),
        about_zh=pl.coalesce("aim_zh", "task_zh"),
        about_en=pl.coalesce("aim_en", "task_en"),
        completion=pl.when(pl.col("task_id").is_null()).then("aim_completion")
        .when(pl.col("state").is_in(CROSSED_OFF_STATES)).then(1.0)
        .otherwise(pl.col("done_share").fill_null(0.0)),
        holds=pl.when(pl.col("adjust_when") == "late").then(pl.col("state") == "crossed_off_late")
        .when(pl.col("adjust_when") == "returned")
        .then((pl.col("verdict") == "return").fill_null(False) | pl.col("returned").is_not_null())
        .when(pl.col("adjust_when") == "missed").then(pl.col("status") == "missed")
        .when(pl.col("adjust_when") == "met").then(pl.col("status") == "met")
        .when(pl.col("adjust_when") == "ordered")
        .then(pl.coalesce("target_id", "task_id").is_in(told.implode())),
    )  # fmt: skip
    undeclared = pl.col("grows").fill_null(value=False) & pl.col("per_point").is_null()
    rows = add_scores(rows).with_columns(
        missing=pl.when(pl.col("counted").is_null()).then(
            pl.coalesce("reason", pl.when(undeclared).then(pl.lit("NO_FORMULA")), pl.lit("NO_ACTUAL"))
        ),
        # Of a stock the way from its base counts, not the level: one point is no fixed amount of it.
        more_value=pl.when(pl.col("flow")).then(pl.col("more") * pl.col("full_value")),
    )
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "assessment_rule", lang)
    wanted = [
        "rule_id", "department_id", "department_zh", "department_en", "target_id", "task_id", "about", "about_zh",
        "about_en", "declared_weight", "weight", "cap", "per_point", "completion", "short", "counted", "points",
        "adjust_when", "adjustment", "holds", "adjusted", "score", "low", "high", "missing", "more", "more_value",
        "unit_zh", "unit_scale", "unit_scaled_en", "declared",
    ]  # fmt: skip
    marks = [column for column in rows.columns if column in SOURCE_COLUMNS]
    return rows.select(*wanted, *marks).with_columns(rule=pl.lit(rule)).sort("department_id", "rule_id")


SOURCE_COLUMNS = (
    "park_id", "park_zh", "park_en", "evidence", "asof", "source_id", "source_title", "source_url",
    "source_published", "locator", "data_version",
)  # fmt: skip


def _compute_done_shares(then: Ledger) -> pl.DataFrame:
    """Compute the share of each task that its finished steps make up."""
    done = pl.col("share").filter(pl.col("done").is_not_null()).sum() / 100
    return then.tables["step"].group_by("task_id").agg(done_share=done)


def add_scores(rows: pl.DataFrame) -> pl.DataFrame:
    """Add counted, points, adjusted, score, low, high and more to weight, cap, completion, adjustment and holds.

    A growth counts in full less per_point for each of the points that it is short, and not at all where the formula
    does not say what a point costs.
    """
    missing = [name for name in ("per_point", "short") if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing)
    cap = pl.col("cap").fill_null(FULL_CAP) / 100
    completion = pl.col("completion").clip(lower_bound=0.0)
    grown = (1 - pl.col("per_point") * pl.col("short") / pl.col("weight")).clip(lower_bound=0.0)
    # The least of a missing number and a cap would be the cap.
    reached = pl.when(completion.is_not_null()).then(pl.min_horizontal(completion, cap)).otherwise(grown)
    rows = rows.with_columns(counted=reached.round(COMPUTED_DECIMALS))
    points = round_points(pl.col("weight") * pl.col("counted"))
    adjusted = round_points(pl.when(pl.col("holds").fill_null(False)).then(pl.col("adjustment")).otherwise(0.0))
    unsure = pl.col("counted").is_null() & pl.col("adjustment").is_not_null()
    least = pl.when(unsure).then(pl.min_horizontal(pl.lit(0.0), "adjustment")).otherwise(adjusted)
    most = pl.when(unsure).then(pl.max_horizontal(pl.lit(0.0), "adjustment")).otherwise(adjusted)
    rows = rows.with_columns(points=points, adjusted=adjusted)
    room = (cap - pl.col("counted")).round(COMPUTED_DECIMALS)
    wanted = 1 / pl.col("weight")
    return rows.with_columns(
        score=round_points(pl.col("points") + pl.col("adjusted")),
        low=round_points(pl.col("points").fill_null(0.0) + least),
        high=round_points(pl.coalesce("points", pl.col("weight") * cap) + most),
        more=pl.when((pl.col("weight") > 0) & (wanted <= room) & pl.col("short").is_null()).then(wanted),
    )


def round_points(points: pl.Expr) -> pl.Expr:
    """Round points as they are shown: half up, also where floating point holds 1.005 as a little less."""
    nudged = points + points.sign() * 10.0**-COMPUTED_DECIMALS
    return nudged.round(POINT_DECIMALS, mode="half_away_from_zero")


def compute_scores(rows: pl.DataFrame, departments: pl.DataFrame) -> pl.DataFrame:
    """Compute the score of each department, best first; one without a declared formula comes last and has none.

    rows: of compute_score_items(); departments: department_id with names. One row per department: items, full
    (points for 100 per cent), score (the sum of the items as they are shown; null where an input is not known),
    low, high, rank (equal scores share one), tied, missing (items without an input).
    """
    found = rows.group_by("department_id", maintain_order=True).agg(
        items=pl.len(),
        full=pl.col("weight").sum(),
        score=pl.when(pl.col("score").is_not_null().all()).then(pl.col("score").sum()),
        low=pl.col("low").sum(),
        high=pl.col("high").sum(),
        missing=pl.col("rule_id").filter(pl.col("score").is_null()),
    )
    # A sum of decimals is a little beside itself; ranks and ties are those of what is shown.
    found = found.with_columns(round_points(pl.col(column)).alias(column) for column in ("score", "low", "high"))
    found = found.with_columns(rank=pl.col("score").rank("min", descending=True).cast(pl.Int64))
    found = found.with_columns(tied=(pl.len().over("score") > 1) & pl.col("score").is_not_null())
    every = departments.join(found, on="department_id", how="left", maintain_order="left")
    every = every.with_columns(pl.col("items").fill_null(0), pl.col("missing").fill_null([]))
    return every.sort("rank", "department_id", nulls_last=True, maintain_order=True)


def get_score_subjects(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return the departments that can be scored.

    One row per department: department_id and names; park, evidence, day and source.
    """
    then = ledgers.get_ledger_at(of, asof)
    rows = ledgers.add_name_columns(then.tables["department"].select("department_id"), then)
    return ledgers.add_source_columns(rows, then, asof, "department", lang)
