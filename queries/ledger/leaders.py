"""A leader for each project: who leads what, where that rule is broken, and which problems are open."""

from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from data.languages import LANGUAGES
from data.ledger.ledger import Ledger
from data.states import urgency
from queries.ledger import ledgers
from queries.ledger.ledgers import AHEAD_DAYS, CACHED_STATES
from queries.ledger.preplan import OPEN_STATES, get_ledger_tasks

BREACHES = ("no_leader", "two_leaders", "no_team")


def get_ledger_projects(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return every project and enterprise that the ledger knew on a day, by number.

    One row per project: its columns with names in both languages; leaders (codes) and leaders_zh, leaders_en;
    breaches (codes of BREACHES); problems_open, problems_late, oldest_problem_days; state (done, stopped, overdue,
    due_soon, running, not_started); days_left until it is due, null once it is done or stopped; park, evidence, day
    and source.
    """
    return _get_ledger_projects(of, asof, lang)


@lru_cache(maxsize=CACHED_STATES)
def _get_ledger_projects(of: Ledger, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["project"].with_columns(pl.col("leaders").fill_null([]))
    count = pl.col("leaders").list.len()
    rows = rows.with_columns(
        breaches=pl.concat_list(
            pl.when(count == 0).then(pl.lit("no_leader")),
            pl.when(count > 1).then(pl.lit("two_leaders")),
            pl.when(pl.col("team").is_null()).then(pl.lit("no_team")),
        ).list.drop_nulls(),
        state=pl.when(pl.col("done").is_not_null()).then(pl.lit("done"))
        .when(pl.col("stage") == "stopped").then(pl.lit("stopped"))
        .when(pl.col("due") < asof).then(pl.lit("overdue"))
        .when(pl.col("due") <= asof + timedelta(days=AHEAD_DAYS)).then(pl.lit("due_soon"))
        .when(pl.col("start") > asof).then(pl.lit("not_started"))
        .otherwise(pl.lit("running")),
    )  # fmt: skip
    finished = pl.col("state").is_in(["done", "stopped"])
    rows = rows.with_columns(days_left=pl.when(~finished).then((pl.col("due") - pl.lit(asof)).dt.total_days()))
    stuck = get_ledger_problems(of, asof, lang).filter(pl.col("state") != "solved")
    told = stuck.group_by("project_id").agg(
        problems_open=pl.len(), problems_late=(pl.col("state") == "late").sum(), oldest_problem_days=pl.col("age").max()
    )
    rows = rows.join(told, on="project_id", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("problems_open", "problems_late").fill_null(0))
    named = then.tables["leader"].select("leader_id", zh="name", en=pl.coalesce("name_en", "name"))
    for language in LANGUAGES:
        names = dict(named.select("leader_id", language).iter_rows())
        rows = rows.with_columns(
            pl.col("leaders").list.eval(pl.element().replace(names)).list.join("、" if language == "zh" else ", ")
            .alias(f"leaders_{language}")
        )  # fmt: skip
    rows = ledgers.add_source_columns(ledgers.add_name_columns(rows, then), then, asof, "project", lang)
    return rows.sort(pl.col("project_id").str.len_chars(), "project_id", maintain_order=True)


def get_ledger_problems(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Return every problem that had been raised by a day: late ones first, then open, solved; each the oldest first.

    One row per problem: its columns with names in both languages; state (late: open past its promise; open,
    solved); age in days, up to its solution; late_days past its promise; park, evidence, day and source.
    """
    return _get_ledger_problems(of, asof, lang)


@lru_cache(maxsize=CACHED_STATES)
def _get_ledger_problems(of: Ledger, asof: date, lang: str) -> pl.DataFrame:
    then = ledgers.get_ledger_at(of, asof)
    end = pl.coalesce("solved", pl.lit(asof))
    late = (end - pl.col("promised")).dt.total_days()
    rows = then.tables["problem"].with_columns(
        state=pl.when(pl.col("solved").is_not_null()).then(pl.lit("solved"))
        .when((pl.col("promised") < asof).fill_null(False)).then(pl.lit("late"))
        .otherwise(pl.lit("open")),
        age=(end - pl.col("raised")).dt.total_days(),
        late_days=pl.when(late > 0).then(late),
    )  # fmt: skip
    names = then.tables["project"].select(
        "project_id", project_zh="name", project_en=pl.coalesce("name_en", "name"), leaders="leaders"
    )
    rows = ledgers.add_name_columns(rows, then).join(names, on="project_id", how="left", maintain_order="left")
    rows = ledgers.add_source_columns(rows, then, asof, "problem", lang)
    order = pl.col("state").replace_strict(urgency("problem"), return_dtype=pl.Int8)
    return rows.sort(order, "raised", "problem_id", maintain_order=True)


def compute_leader_loads(of: Ledger, asof: date, lang: str = "zh") -> pl.DataFrame:
    """Compute what each leader carries on a day, the heaviest load first.

    One row per leader: leader_id, leader_zh, leader_en; projects (not finished), problems_open, problems_late,
    tasks_open, tasks_overdue; park, evidence, day and source.
    """
    then = ledgers.get_ledger_at(of, asof)
    rows = then.tables["leader"].select("leader_id", "name", "name_en")
    carried = get_ledger_projects(of, asof, lang).filter(~pl.col("state").is_in(["done", "stopped"]))
    held = carried.select("leaders", "problems_open", "problems_late").explode("leaders").rename(
        {"leaders": "leader_id"}
    )  # fmt: skip
    held = held.group_by("leader_id").agg(pl.col("problems_open", "problems_late").sum(), projects=pl.len())
    work = get_ledger_tasks(of, asof, lang).filter(pl.col("state").is_in(OPEN_STATES))
    work = work.group_by("leader_id").agg(tasks_open=pl.len(), tasks_overdue=(pl.col("state") == "overdue").sum())
    rows = rows.join(held, on="leader_id", how="left").join(work, on="leader_id", how="left", maintain_order="left")
    counts = ("projects", "problems_open", "problems_late", "tasks_open", "tasks_overdue")
    rows = rows.with_columns(pl.col(counts).fill_null(0).cast(pl.Int64))
    rows = ledgers.add_name_columns(rows.drop("name", "name_en"), then)
    rows = ledgers.add_source_columns(rows, then, asof, "leader", lang)
    return rows.sort("projects", "tasks_open", descending=True, maintain_order=True)
