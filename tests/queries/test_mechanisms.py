"""The rules of the six mechanisms, each with an answer found by hand on a ledger of a few rows."""

import datetime
import math
import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from data.ledger import ledger as ledgers
from data.ledger import versions
from data.ledger.definition import get_sheet_definitions
from data.values import workdays
from queries.ledger import chain, efficiency, monthly, preplan, progress, rewards, summary, supervision
from queries.ledger import leaders as projects
from queries.ledger import ledgers as ledgers_of
from queries.targets.rules import read_rules

Day = datetime.date
TODAY = Day(2025, 6, 10)
START = Day(2025, 1, 6)


def frame(table, rows):
    marked = [{"park_id": "demo", **row} for row in rows]
    return pl.DataFrame(marked, schema=get_sheet_definitions()[table].schema, orient="row", strict=False)


def small(**tables):
    """A ledger of a few rows: two departments, two leaders, one target of 120 with a plan of ten a month."""
    rows = {
        "park": [{"park_id": "demo", "name": "小园区"}],
        "department": [
            {"department_id": "D1", "name": "产业局", "kind": "industry", "since": START},
            {"department_id": "D2", "name": "督查办", "name_en": "Supervision", "kind": "other", "since": START},
        ],
        "leader": [{"leader_id": code, "name": code, "since": START} for code in ("L1", "L2")],
        "target": [aim("M1", 120)],
        "monthly_plan": [
            {"indicator_id": "fiscal_revenue", "month": f"2025-{month:02}", "value": 10.0 * month, "approved": START}
            for month in range(2, 13)
        ],
    } | tables
    return ledgers.make_ledger({table: frame(table, of_table) for table, of_table in rows.items()}, "small.xlsx")


def aim(code, value, indicator="fiscal_revenue", measure="level"):
    return {
        "target_id": code, "theme": "economy", "indicator_id": indicator, "year": 2025, "measure": measure,
        "comparator": "reach", "value": value, "department_id": "D1", "set_on": START,
    }  # fmt: skip


def task(code, due, **more):
    return {
        "task_id": code, "theme": "economy", "title": code, "department_id": "D1", "assigned": START, "start": START,
        "due": due, "target_id": "M1",
    } | more  # fmt: skip


def reported(*values, year=2025, indicator="fiscal_revenue"):
    """Monthly returns from February on, each on the fifth of the month after."""
    return [
        {"indicator_id": indicator, "month": f"{year}-{month:02}", "value": value,
         "reported": Day(year + month // 12, month % 12 + 1, 5)}
        for month, value in enumerate(values, start=2)
    ]  # fmt: skip


PASSED = {"proof": "函1号", "assessor_id": "D2", "verdict": "pass"}


# 1 Pre-arrange and cross off


@pytest.mark.parametrize(
    ("row", "state", "late", "left"),
    [
        (task("A", Day(2025, 7, 1), start=Day(2025, 6, 11)), "not_started", 0, 21),
        (task("A", Day(2025, 6, 14)), "in_progress", 0, 4),
        (task("A", Day(2025, 6, 13)), "due_soon", 0, 3),
        (task("A", Day(2025, 6, 10)), "due_soon", 0, 0),
        (task("A", Day(2025, 6, 9)), "overdue", 1, -1),
        (task("A", Day(2025, 5, 31)), "overdue", 10, -10),
        (task("A", Day(2025, 6, 1), finished=Day(2025, 5, 30)), "waiting", 9, -9),
        (
            task("A", Day(2025, 6, 1), finished=Day(2025, 6, 1), assessed=Day(2025, 6, 5), **PASSED),
            "crossed_off", 0, None,
        ),
        (
            task("A", Day(2025, 6, 1), finished=Day(2025, 6, 2), assessed=Day(2025, 6, 5), **PASSED),
            "crossed_off_late", 0, None,
        ),
        (
            task("A", Day(2025, 7, 1), finished=Day(2025, 6, 1), assessed=Day(2025, 6, 5), assessor_id="D2",
                 verdict="return"),
            "returned", 0, 21,
        ),
        (task("A", Day(2025, 7, 1), assessed=Day(2025, 6, 5), assessor_id="D2", verdict="stop"), "stopped", 0, None),
        # Without evidence, or assessed by the owner, nothing is crossed off.
        (
            task("A", Day(2025, 7, 1), finished=Day(2025, 6, 1), assessed=Day(2025, 6, 5), **PASSED | {"proof": None}),
            "waiting", 0, 21,
        ),
        (
            task("A", Day(2025, 7, 1), finished=Day(2025, 6, 1), assessed=Day(2025, 6, 5),
                 **PASSED | {"assessor_id": "D1"}),
            "waiting", 0, 21,
        ),
        # Assessed on a later day than the one asked about: it still waits.
        (task("A", Day(2025, 7, 1), finished=Day(2025, 6, 1), assessed=Day(2025, 6, 11), **PASSED), "waiting", 0, 21),
    ],
)  # fmt: skip
def test_the_state_of_a_task_is_the_first_that_fits(row, state, late, left):
    (found,) = preplan.get_ledger_tasks(small(task=[row]), TODAY).to_dicts()
    assert (found["state"], found["overdue_days"], found["days_left"]) == (state, late, left)


def test_a_task_crossed_off_late_stays_late_for_ever():
    row = task("A", Day(2025, 3, 1), finished=Day(2025, 3, 2), assessed=Day(2025, 3, 5), **PASSED)
    of = small(task=[row])
    assert preplan.get_ledger_tasks(of, Day(2025, 3, 3))["state"].to_list() == ["waiting"]
    assert preplan.get_ledger_tasks(of, Day(2025, 3, 5))["state"].to_list() == ["crossed_off_late"]
    assert preplan.get_ledger_tasks(of, Day(2026, 3, 5))["state"].to_list() == ["crossed_off_late"]


def test_a_task_once_returned_stands_as_returned_until_it_is_finished_again():
    row = task(
        "A", Day(2025, 9, 1), returned=Day(2025, 4, 1), finished=Day(2025, 5, 1), assessed=Day(2025, 5, 6), **PASSED
    )
    of = small(task=[row])
    days = {Day(2025, 3, 31): "in_progress", Day(2025, 4, 1): "returned", Day(2025, 4, 30): "returned"}
    days |= {Day(2025, 5, 1): "waiting", Day(2025, 5, 6): "crossed_off"}
    assert {day: preplan.get_ledger_tasks(of, day)["state"][0] for day in days} == days


def test_the_burn_down_counts_what_is_open_up_to_the_day_and_what_the_plan_leaves():
    done = task("A", Day(2025, 3, 1), finished=Day(2025, 3, 20), assessed=Day(2025, 4, 2), **PASSED)
    rows = preplan.get_ledger_tasks(small(task=[done, task("B", Day(2025, 5, 15)), task("C", Day(2025, 7, 15))]), TODAY)
    found = {row["day"]: (row["open"], row["planned"]) for row in preplan.compute_burndown(rows, TODAY).to_dicts()}
    assert found[Day(2025, 2, 28)] == (3, 3)
    assert found[Day(2025, 3, 31)] == (3, 2)
    assert found[Day(2025, 4, 30)] == (2, 2)
    assert found[TODAY] == (2, 1)
    assert found[Day(2025, 7, 31)] == (None, 0)


def test_targets_without_an_open_task_tasks_that_serve_nothing_and_tasks_that_moved_nothing_are_named():
    done = task("A", Day(2025, 3, 31), finished=Day(2025, 3, 20), assessed=Day(2025, 3, 25), **PASSED)
    lost = task("B", Day(2025, 9, 1), target_id=None)
    of = small(task=[done, lost], monthly_return=reported(10, 15, 18, 20))
    assert preplan.get_targets_without_task(of, TODAY)["target_id"].to_list() == ["M1"]
    assert preplan.filter_tasks_without_aim(preplan.get_ledger_tasks(of, TODAY))["task_id"].to_list() == ["B"]
    (moved,) = preplan.get_ineffective_tasks(of, TODAY).to_dicts()
    # March: 15 of 120 against 30 planned, May: 20 against 50.
    assert (moved["task_id"], moved["gap_then"], moved["gap_now"]) == ("A", -12.5, pytest.approx(-25))
    better = small(task=[done, lost], monthly_return=reported(10, 15, 30, 40))
    assert preplan.get_ineffective_tasks(better, TODAY).is_empty()
    running = small(task=[task("C", Day(2025, 9, 1))], monthly_return=reported(10, 15, 18, 20))
    assert preplan.get_targets_without_task(running, TODAY).is_empty()


# 2 A leader for each project


def project(code, leaders, team="专班", **more):
    return {
        "project_id": code, "name": code, "kind": "project", "department_id": "D1", "leaders": leaders, "team": team,
        "assigned": START, "start": START, "due": Day(2025, 12, 1),
    } | more  # fmt: skip


def test_one_project_one_leader_one_team_and_each_breach_of_it():
    of = small(
        project=[
            project("X1", ["L1"]), project("X2", ["L1", "L2"]), project("X3", None), project("X4", ["L2"], None),
            project("X5", ["L1"], done=Day(2025, 5, 1)), project("X6", ["L1"], due=Day(2025, 6, 9)),
        ]
    )  # fmt: skip
    rows = projects.get_ledger_projects(of, TODAY)
    assert dict(rows.select("project_id", "breaches").iter_rows()) == {
        "X1": [], "X2": ["two_leaders"], "X3": ["no_leader"], "X4": ["no_team"], "X5": [], "X6": [],
    }  # fmt: skip
    assert rows["state"].to_list() == ["running"] * 4 + ["done", "overdue"]
    # L1 has X1, X2, X6; X5 is finished. L2 has X2 and X4.
    assert dict(projects.compute_leader_loads(of, TODAY).select("leader_id", "projects").iter_rows()) == {
        "L1": 3,
        "L2": 2,
    }


def test_a_problem_is_open_late_or_solved_and_has_an_age():
    def problem(code, **more):
        return {"problem_id": code, "project_id": "X1", "title": code, "raised": Day(2025, 5, 1)} | more

    of = small(
        project=[project("X1", ["L1"])],
        problem=[
            problem("W1", promised=Day(2025, 6, 10)), problem("W2", promised=Day(2025, 6, 1)), problem("W3"),
            problem("W4", promised=Day(2025, 5, 10), solved=Day(2025, 5, 20)),
        ],
    )  # fmt: skip
    rows = {row["problem_id"]: row for row in projects.get_ledger_problems(of, TODAY).to_dicts()}
    assert {code: (row["state"], row["age"], row["late_days"]) for code, row in rows.items()} == {
        "W1": ("open", 40, None), "W2": ("late", 40, 9), "W3": ("open", 40, None), "W4": ("solved", 19, 10),
    }  # fmt: skip
    assert projects.get_ledger_projects(of, TODAY).select(
        "problems_open", "problems_late", "oldest_problem_days"
    ).rows() == [(3, 1, 40)]


# 3 Monthly dispatch


def test_a_target_is_judged_by_its_plan_with_pace_gap_outlook_and_what_is_needed():
    of = small(monthly_return=reported(14, 21, 28, 35) + reported(8, 15, 22, 30, 38, 46, 54, 62, 70, 80, 90, year=2024))
    (row,) = progress.judge_ledger_targets(of, TODAY).to_dicts()
    assert (row["month"], row["actual"], row["plan"], row["last"], row["status"]) == (5, 35.0, 50.0, 30.0, "behind")
    assert row["completion"] == pytest.approx(35 / 120)
    assert row["planned_share"] == pytest.approx(50 / 120)
    assert row["planned_by"] == "plan"
    assert row["pace"] == pytest.approx(0.7)
    assert row["gap_points"] == pytest.approx(-12.5)
    # 35 after 30: carried on through last year's 90, and not through the plan, which would fall below it.
    assert row["outlook"] == pytest.approx(105)
    assert row["needed_per_month"] == pytest.approx(85 / 7)
    # 85 are left for seven months that brought 60 the year before.
    assert row["needed_growth"] == pytest.approx(100 * (85 / 60 - 1))
    assert row["growth_of_month"] == pytest.approx(100 * (35 / 30 - 1))
    assert row["before"] == "behind"


def test_a_growth_target_is_judged_against_the_year_before():
    last = reported(*range(10, 120, 10), year=2024)
    of = small(
        target=[aim("M2", 20, measure="growth")], monthly_plan=[], monthly_return=last + reported(11, 22, 33, 44)
    )
    (row,) = progress.judge_ledger_targets(of, TODAY).to_dicts()
    # 44 on 40 is a growth of 10 per cent, 10 points short of 20.
    assert (row["growth_of_month"], row["gap_points"]) == (pytest.approx(10), pytest.approx(-10))
    assert (row["planned_by"], row["pace"], row["completion"], row["status"]) == (None, None, None, "far_behind")


def test_a_growth_that_was_reported_goes_before_that_of_two_values():
    months = [row | {"growth": 21.5} if row["month"] == "2025-05" else row for row in reported(11, 22, 33, 44)]
    of = small(
        target=[aim("M2", 20, measure="growth")], monthly_plan=[],
        monthly_return=reported(*range(10, 120, 10), year=2024) + months,
    )  # fmt: skip
    (row,) = progress.judge_ledger_targets(of, TODAY).to_dicts()
    of_months, light = (row["measured"], row["growth_of_month"]), (row["basis"], row["status"])
    assert (of_months, light) == ((21.5, 21.5), ("printed", "on_course"))


@pytest.mark.parametrize(("growth", "status", "near"), [(12, "met", False), (11.96, "missed", False)])
def test_a_reported_growth_counts_as_it_was_typed(growth, status, near):
    months = reported(*range(11, 112, 10))
    of = small(
        target=[aim("M2", 12, measure="growth")],
        monthly_plan=[],
        monthly_return=[*months[:-1], months[-1] | {"growth": growth}],
    )
    (row,) = progress.judge_ledger_targets(of, Day(2026, 2, 10)).to_dicts()
    assert (row["measured"], row["status"], row["near"]) == (growth, status, near)


def test_where_nothing_was_planned_yet_nothing_is_late():
    plan = [
        {"indicator_id": "fiscal_revenue", "month": f"2025-{month:02}", "value": value, "approved": START}
        for month, value in ((2, 0), (3, 0), (12, 120))
    ]
    (row,) = progress.judge_ledger_targets(
        small(monthly_plan=plan, monthly_return=reported(0, 0)), Day(2025, 4, 10)
    ).to_dicts()
    assert (row["planned_share"], row["pace"], row["status"]) == (0.0, 1.0, "on_course")


def test_january_and_february_are_one_period_and_are_watched_when_far_behind():
    of = small(monthly_return=reported(5))
    assert progress.judge_ledger_targets(of, Day(2025, 3, 10))["status"].to_list() == ["watching"]
    assert progress.judge_ledger_targets(of, Day(2025, 3, 10))["before"].to_list() == [None]
    assert monthly.filter_without_return(
        progress.judge_ledger_targets(of, Day(2025, 2, 10)), Day(2025, 2, 10)
    ).is_empty()


def test_the_light_of_each_month_is_that_of_the_figure_of_that_month():
    of = small(monthly_return=reported(5, 15, 39, 30))
    history = progress.get_lights_by_month(of, TODAY)
    assert history.select("month", "status").rows() == [
        (2, "watching"), (3, "far_behind"), (4, "on_course"), (5, "behind"),
    ]  # fmt: skip
    assert progress.count_months_behind(history).rows() == [("M1", 1, False)]
    falling = small(monthly_return=reported(20, 29, 25, 26))
    assert progress.count_months_behind(progress.get_lights_by_month(falling, TODAY)).rows() == [("M1", 2, True)]


def test_a_return_is_known_from_the_day_it_was_reported():
    of = small(monthly_return=reported(20, 30, 40))
    assert progress.judge_ledger_targets(of, Day(2025, 5, 4))["month"].to_list() == [3]
    assert progress.judge_ledger_targets(of, Day(2025, 5, 5))["month"].to_list() == [4]


def test_the_agenda_begins_with_the_last_meeting_and_what_is_still_open_of_earlier_ones():
    def told(code, meeting, due, done=None):
        return {"followup_id": code, "meeting": meeting, "title": code, "due": due, "done": done}

    of = small(
        followup=[
            told("H1", Day(2025, 4, 10), Day(2025, 4, 30)),
            told("H2", Day(2025, 4, 10), Day(2025, 4, 30), Day(2025, 5, 2)),
            told("H3", Day(2025, 5, 12), Day(2025, 6, 1), Day(2025, 5, 20)),
            told("H4", Day(2025, 5, 12), Day(2025, 6, 20)),
            told("H5", TODAY, Day(2025, 6, 30)),
        ]
    )
    rows = monthly.get_ledger_followups(of, TODAY)
    assert dict(rows.select("followup_id", "state").iter_rows()) == {
        "H1": "late", "H2": "done_late", "H3": "done", "H4": "open", "H5": "open",
    }  # fmt: skip
    assert monthly.filter_carried_over(rows)["followup_id"].to_list() == ["H3", "H4", "H1"]


def test_a_target_without_the_last_closed_month_is_missing_it():
    aims = progress.judge_ledger_targets(small(monthly_return=reported(20, 30, 40)), TODAY)
    assert monthly.filter_without_return(aims, TODAY).select("target_id", "month", "lacks").rows() == [
        ("M1", 4, "2025-05")
    ]
    full = progress.judge_ledger_targets(small(monthly_return=reported(20, 30, 40, 50)), TODAY)
    assert monthly.filter_without_return(full, TODAY).is_empty()


def test_tasks_due_within_31_days_come_next():
    of = small(task=[task("A", Day(2025, 7, 11)), task("B", Day(2025, 7, 12)), task("C", Day(2025, 6, 10))])
    assert monthly.get_tasks_due_next(of, TODAY)["task_id"].to_list() == ["C", "A"]


# 4 Supervision


def order(code, **more):
    return {
        "supervision_id": code, "department_id": "D1", "issued": Day(2025, 5, 1), "reason": "overdue",
        "due": Day(2025, 5, 11), "task_id": "A",
    } | more  # fmt: skip


def test_an_order_is_open_unanswered_answered_or_closed_and_counts_its_days():
    of = small(
        task=[task("A", Day(2025, 4, 1))],
        supervision=[
            order("B1"), order("B2", due=Day(2025, 6, 10)), order("B3", replied=Day(2025, 5, 14)),
            order("B4", replied=Day(2025, 5, 4), closed=Day(2025, 5, 31)),
        ],
    )  # fmt: skip
    rows = {row["supervision_id"]: row for row in supervision.get_ledger_orders(of, TODAY).to_dicts()}
    told = {
        code: (row["state"], row["age"], row["days_to_reply"], row["days_to_close"], row["late_days"])
        for code, row in rows.items()
    }
    assert told == {
        "B1": ("unanswered", 40, None, None, 30), "B2": ("open", 40, None, None, 0),
        "B3": ("answered", 40, 13, None, 3), "B4": ("closed", 30, 3, 30, 0),
    }  # fmt: skip


def test_two_months_behind_an_overdue_task_and_a_late_problem_ought_to_be_ordered():
    of = small(
        monthly_return=reported(20, 29, 25, 26),
        task=[task("A", Day(2025, 5, 1)), task("B", Day(2025, 6, 10))],
        project=[project("X1", ["L1"])],
        problem=[
            {"problem_id": "W1", "project_id": "X1", "title": "W1", "raised": START, "promised": Day(2025, 3, 1)},
            {"problem_id": "W2", "project_id": "X1", "title": "W2", "raised": START, "promised": Day(2025, 6, 10)},
        ],
        supervision=[order("B1"), order("B2", task_id=None, problem_id="W1", replied=Day(2025, 5, 2),
                                        closed=Day(2025, 5, 3))],
    )  # fmt: skip
    rows = supervision.get_ledger_due_orders(of, TODAY)
    assert rows.select("reason", "about", "months", "days", "far", "order_id", "step").rows() == [
        ("behind", "M1", 2, None, True, None, 1),
        ("overdue", "A", None, 40, False, "B1", 2),
        ("problem", "W1", None, 101, False, None, 3),  # the order about it is closed
    ]
    one_month = small(monthly_return=reported(20, 30, 40, 30))
    assert supervision.get_ledger_due_orders(one_month, TODAY).is_empty()


def test_the_ladder_is_that_of_the_chosen_rule():
    of = small(monthly_return=reported(20, 20, 20, 20))
    assert supervision.get_ledger_due_orders(of, TODAY)["step_zh"].to_list() == ["提交工委会议研究"]
    assert supervision.get_ledger_due_orders(of, TODAY, "sanya-2022")["step_zh"].to_list() == ["红灯"]
    assert supervision.get_ledger_due_orders(of, TODAY, "ouhai-2020")["step"].to_list() == [None]
    assert [rung.name_en for rung in read_rules()["default"].ladder] == [
        "Supervision order", "Talk with the department", "Put before the committee",
    ]  # fmt: skip


# 5 Efficiency


def case(code, accepted, finished=None, promised=3, **more):
    return {
        "case_id": code, "service": "备案", "department_id": "D1", "accepted": accepted, "promised_days": promised,
        "finished": finished,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("accepted", "finished", "used"),
    [
        (Day(2025, 3, 3), Day(2025, 3, 3), 0),
        (Day(2025, 3, 3), Day(2025, 3, 4), 1),
        (Day(2025, 3, 7), Day(2025, 3, 10), 1),  # over a weekend
        (Day(2025, 9, 30), Day(2025, 10, 9), 1),  # over the National Day, eight days of it
        (Day(2025, 9, 26), Day(2025, 9, 28), 1),  # a Sunday worked in its place
        (Day(2025, 1, 27), Day(2025, 2, 8), 4),  # Spring Festival; then 5, 6, 7 February and the Saturday after
    ],
)
def test_working_days_follow_the_chinese_calendar(accepted, finished, used):
    (row,) = efficiency.get_service_cases(
        small(service_case=[case("F1", accepted, finished)]), Day(2025, 12, 31)
    ).to_dicts()
    assert row["used"] == used


def test_a_case_is_on_time_late_open_or_open_and_late():
    of = small(
        service_case=[
            case("F1", Day(2025, 6, 3), Day(2025, 6, 6)), case("F2", Day(2025, 6, 3), Day(2025, 6, 9)),
            case("F3", Day(2025, 6, 6)), case("F4", Day(2025, 6, 3)),
        ]
    )  # fmt: skip
    rows = efficiency.get_service_cases(of, TODAY)
    found = {row["case_id"]: (row["state"], row["used"], row["over"]) for row in rows.to_dicts()}
    assert found == {
        "F1": ("on_time", 3, 0), "F2": ("late", 4, 1), "F3": ("open", 2, 0), "F4": ("late_open", 5, 2),
    }  # fmt: skip


def test_a_year_whose_holidays_are_not_announced_gives_no_working_days():
    beyond = Day(workdays.LAST_YEAR + 1, 3, 1)
    (row,) = efficiency.get_service_cases(small(service_case=[case("F1", beyond)]), beyond).to_dicts()
    assert (row["used"], row["state"]) == (None, "no_calendar")


def test_the_summary_counts_share_median_and_nearest_rank_percentile():
    ends = [Day(2025, 3, day) for day in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14)]  # 0 to 9 working days
    of = small(service_case=[case(f"F{n}", Day(2025, 3, 3), end, promised=6) for n, end in enumerate(ends)])
    (row,) = efficiency.summarize_cases(efficiency.get_service_cases(of, TODAY), "service").to_dicts()
    assert (row["cases"], row["closed"], row["on_time"], row["share"]) == (10, 10, 7, 0.7)
    assert (row["median"], row["p90"]) == (4.5, 8)


def test_of_ten_cases_of_one_to_ten_working_days_nine_in_ten_took_nine_at_most():
    ends = [Day(2025, 3, day) for day in (4, 5, 6, 7, 10, 11, 12, 13, 14, 17)]
    of = small(service_case=[case(f"F{n}", Day(2025, 3, 3), end, promised=5) for n, end in enumerate(ends)])
    rows = efficiency.get_service_cases(of, TODAY)
    assert rows["used"].to_list() == list(range(1, 11))
    for by in efficiency.CASE_GROUPS:
        (row,) = efficiency.summarize_cases(rows, by).to_dicts()
        assert (row["p90"], row["median"], row["on_time"]) == (9, 5.5, 5), by


@pytest.mark.parametrize(
    ("values", "tenths", "found"),
    [
        ([], 9, None), ([7], 9, 7), ([1, 2], 9, 2), ([3, 1, 2], 5, 2), (range(1, 11), 9, 9), (range(1, 12), 9, 10),
        (range(1, 21), 9, 18), (range(1, 11), 5, 5), ([1] * 9 + [50], 9, 1), ([1] * 8 + [50] * 2, 9, 50),
    ],
)  # fmt: skip
def test_the_nearest_rank_is_a_value_that_was_taken(values, tenths, found):
    frame = pl.DataFrame({"used": list(values)}, schema={"used": pl.Int64})
    assert frame.select(efficiency.compute_nearest_rank(pl.col("used"), tenths)).item() == found


def test_the_ninetieth_percentile_is_the_nearest_rank_in_every_group_of_the_sample():
    sample = versions.read_sample_ledger()
    rows = efficiency.get_service_cases(sample, ledgers_of.get_default_day(sample))
    checked = 0
    for part in [rows, *(of for _month, of in rows.group_by("month"))]:
        for by in efficiency.CASE_GROUPS:
            key = "month" if by == "month" else f"{by}_id"
            for group in efficiency.summarize_cases(part, by).to_dicts():
                used = sorted(
                    row["used"] for row in part.to_dicts()
                    if row[key] == group[key] and row["state"] in ("on_time", "late")
                )  # fmt: skip
                checked += bool(used)
                assert group["p90"] == (used[math.ceil(0.9 * len(used)) - 1] if used else None), group[key]
                assert group["median"] == (statistics.median(used) if used else None), group[key]
    assert checked > 73
    may = efficiency.summarize_cases(rows, "month").filter(month="2025-05")
    assert may.select("closed", "p90").rows() == [(50, 11)]  # the 45th of 50; the 46th took 12


def test_the_control_chart_marks_the_month_beyond_three_standard_errors():
    rows = []
    for month in range(1, 8):
        for number in range(20):
            late = month == 4 and number < 12
            end = Day(2025, month, 28) if late else Day(2025, month, 15)
            rows.append(case(f"F{month}{number:02}", Day(2025, month, 14), end, promised=2))
    months = efficiency.compute_control_limits(
        efficiency.get_service_cases(small(service_case=rows), Day(2025, 12, 31))
    )
    mean = 128 / 140
    assert months["mean"].to_list() == pytest.approx([mean] * 7)
    assert months["lower"][0] == pytest.approx(mean - 3 * math.sqrt(mean * (1 - mean) / 20))
    assert months.filter("out")["month"].to_list() == ["2025-04"]
    few = efficiency.compute_control_limits(
        efficiency.get_service_cases(small(service_case=rows[:100]), Day(2025, 12, 31))
    )
    assert few["mean"].to_list() == [None] * 5


days = some.dates(Day(2005, 1, 1), Day(2026, 12, 31))


@settings(deadline=None, max_examples=60)
@given(days, days, days)
def test_working_days_add_up_and_never_exceed_the_days_between(first, middle, last):
    first, middle, last = sorted((first, middle, last))
    rows = pl.DataFrame({"a": [first, first, middle], "b": [last, middle, last]})
    whole, one, other = workdays.add_workday_counts(rows, "a", "b", "n")["n"].to_list()
    assert whole == one + other
    assert 0 <= whole <= (last - first).days


# 6 Rewards and penalties


def item(code, weight, department="D1", **more):
    return {"rule_id": code, "department_id": department, "weight": weight, "declared": START, "target_id": "M1"} | more


def test_a_score_is_weight_times_completion_up_to_the_cap_plus_what_is_added():
    done = task("A", Day(2025, 3, 1), finished=Day(2025, 3, 4), assessed=Day(2025, 3, 9), **PASSED)
    of = small(
        monthly_return=reported(20, 30, 40, 60),
        task=[done, task("B", Day(2025, 9, 1))],
        step=[
            {"task_id": "B", "number": 1, "title": "1", "share": 30, "due": Day(2025, 3, 1), "done": Day(2025, 3, 1)},
            {"task_id": "B", "number": 2, "title": "2", "share": 70, "due": Day(2025, 9, 1)},
        ],
        assessment_rule=[
            item("K1", 60),  # 60 of 120: half, 30 points
            item("K2", 20, target_id=None, task_id="A", adjust_when="late", adjustment=-3),  # 20 - 3
            item("K3", 10, target_id=None, task_id="B"),  # 30 per cent: 3 points
            item("K4", 10, cap=40),  # half, but 40 per cent at most: 4 points
        ],
    )
    rows = rewards.compute_score_items(of, TODAY)
    assert rows["score"].to_list() == pytest.approx([30, 17, 3, 4])
    ranked = rewards.compute_scores(rows, rewards.get_score_subjects(of, TODAY))
    assert ranked.select("department_id", "items", "full", "score", "rank").rows() == [
        ("D1", 4, 100.0, 54.0, 1), ("D2", 0, None, None, None),
    ]  # fmt: skip
    more = dict(rows.select("rule_id", "more").iter_rows())
    # One point of K1 is a sixtieth of the target: 2 of 120. K4 has reached its cap, K2 is done.
    assert more == {"K1": pytest.approx(1 / 60), "K2": None, "K3": pytest.approx(0.1), "K4": None}
    assert rows["more_value"][0] == pytest.approx(2.0)


def test_other_weights_change_the_score_and_not_what_was_declared():
    of = small(monthly_return=reported(20, 30, 40, 60), assessment_rule=[item("K1", 60)])
    rows = rewards.compute_score_items(of, TODAY, weights={"K1": 100.0})
    assert rows.select("declared_weight", "weight", "score").rows() == [(60.0, 100.0, 50.0)]
    assert of.tables["assessment_rule"]["weight"].to_list() == [60.0]


def test_an_unknown_input_gives_no_score_but_the_span_it_would_lie_in():
    of = small(
        monthly_return=reported(20, 30, 40, 60),
        target=[aim("M1", 120), aim("M2", 5, "pct_applications")],
        assessment_rule=[item("K1", 60), item("K2", 40, target_id="M2", cap=110, adjust_when="missed", adjustment=-5)],
    )
    rows = rewards.compute_score_items(of, TODAY)
    assert rows["missing"].to_list() == [None, "NO_ACTUAL"]
    (ranked, _other) = rewards.compute_scores(rows, rewards.get_score_subjects(of, TODAY)).to_dicts()
    assert (ranked["score"], ranked["rank"], ranked["missing"]) == (None, None, ["K2"])
    assert (ranked["low"], ranked["high"]) == (25.0, 74.0)


def test_equal_scores_share_a_rank_and_the_next_one_is_left_out():
    def ranks(*values):
        codes = [f"D{n}" for n in range(len(values))]
        rows = pl.DataFrame(
            {"rule_id": codes, "department_id": codes, "weight": 100.0, "cap": None, "completion": list(values),
             "adjustment": None, "holds": None},
            schema_overrides={"cap": pl.Float64, "adjustment": pl.Float64, "holds": pl.Boolean},
        )  # fmt: skip
        found = rewards.compute_scores(rewards.add_scores(rows), pl.DataFrame({"department_id": codes}))
        return dict(found.select("department_id", pl.struct("rank", "tied")).iter_rows())

    found = ranks(0.8, 0.9, 0.80001, 0.7)
    # 80 and 80.001 are both 80.00.
    assert found["D1"] == {"rank": 1, "tied": False}
    assert found["D0"] == found["D2"] == {"rank": 2, "tied": True}
    assert found["D3"] == {"rank": 4, "tied": False}


def test_no_formula_is_assumed_and_one_declared_later_is_not_known_yet():
    of = small(monthly_return=reported(20), assessment_rule=[item("K1", 60, declared=Day(2025, 6, 11))])
    assert rewards.compute_score_items(of, TODAY).is_empty()
    assert rewards.compute_scores(rewards.compute_score_items(of, TODAY), rewards.get_score_subjects(of, TODAY))[
        "score"
    ].to_list() == [None, None]
    assert rewards.compute_score_items(of, Day(2025, 6, 11)).height == 1


@pytest.mark.parametrize("text", ["K1", "K1:x", "K9:3", "K1:-1", "K1:1e9"])
def test_weights_that_cannot_be_used_are_refused(text):
    with pytest.raises(rewards.BadWeight):
        rewards.parse_weights(text, ["K1", "K2"])
    assert rewards.parse_weights("K1:30,K2:0", ["K1", "K2"]) == {"K1": 30.0, "K2": 0.0}


numbers = some.floats(0, 3, allow_nan=False)


@settings(deadline=None, max_examples=80)
@given(some.floats(0, 200), some.floats(0, 200) | some.none(), numbers, numbers)
def test_a_score_never_falls_when_the_completion_rises_and_never_passes_its_cap(weight, cap, one, other):
    rows = pl.DataFrame(
        {"weight": [weight] * 2, "cap": [cap] * 2, "completion": sorted((one, other)), "adjustment": [None] * 2,
         "holds": [None] * 2},
        schema={"weight": pl.Float64, "cap": pl.Float64, "completion": pl.Float64, "adjustment": pl.Float64,
                "holds": pl.Boolean},
    )  # fmt: skip
    less, more = rewards.add_scores(rows)["score"].to_list()
    assert less <= more + 1e-9
    assert more <= weight * (100 if cap is None else cap) / 100 + 0.005 + 1e-6  # two decimals, half up
    assert (rewards.add_scores(rows)["low"] <= rewards.add_scores(rows)["high"] + 1e-9).all()


# The chain


def whole():
    return small(
        monthly_return=reported(20, 29, 25, 26),
        target=[aim("M1", 120), aim("M2", 5, "pct_applications")],
        task=[
            task("A", Day(2025, 5, 1), leader_id="L1"), task("B", Day(2025, 9, 1), target_id="M2", leader_id="L1"),
            task("C", Day(2025, 3, 1), finished=Day(2025, 3, 1), assessed=Day(2025, 3, 4), **PASSED),
        ],
        project=[project("X1", ["L2"], target_id="M1")],
        problem=[{"problem_id": "W1", "project_id": "X1", "title": "W1", "raised": START}],
        supervision=[order("B1")],
        followup=[{"followup_id": "H1", "meeting": Day(2025, 5, 12), "title": "H1", "due": TODAY, "target_id": "M1"}],
    )  # fmt: skip


def test_the_chain_of_a_target_leads_to_everything_about_it_and_to_nothing_of_another():
    around = chain.build_chain_graph(whole(), TODAY).around("target:M1")
    assert set(around.nodes) == {
        "target:M1", "figure:M1@5", "task:A", "task:C", "evidence:C", "leader:L1", "leader:L2", "project:X1",
        "problem:W1", "supervision:B1", "followup:H1",
    }  # fmt: skip
    assert ("target:M1", "task:A") in around.edges
    assert ("leader:L1", "task:A") in around.edges


@pytest.mark.parametrize("start", ["task:A", "leader:L1", "supervision:B1", "project:X1", "followup:H1"])
def test_from_each_thing_the_chain_leads_back_to_its_target(start):
    around = chain.build_chain_graph(whole(), TODAY).around(start)
    assert "target:M1" in around.nodes
    assert start in around.nodes


def test_the_chain_of_an_unknown_thing_is_refused():
    with pytest.raises(chain.NotInLedger):
        chain.build_chain_graph(whole(), TODAY).around("target:M9")


def test_what_is_red_across_the_six_is_counted_and_named():
    rows = summary.get_red_entries(whole(), TODAY)
    assert rows.select("mechanism_id", "kind", "code").rows() == [
        ("preplan", "task", "A"),
        ("monthly", "target", "M1"),
        ("supervision", "supervision", "B1"),
        ("supervision", "due", "M1"),
    ]
    assert dict(summary.count_by_mechanism(whole(), TODAY).select("mechanism_id", "red").iter_rows()) == {
        "preplan": 1, "leaders": 0, "monthly": 1, "supervision": 2, "efficiency": 0, "rewards": 0,
    }  # fmt: skip
