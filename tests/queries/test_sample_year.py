"""The sample year played month by month: what each meeting saw, and that no later one changes it."""

import datetime
from decimal import Decimal

import polars as pl
import pytest

from data.ledger import versions
from data.states import codes
from queries.ledger import leaders, ledgers, meeting, monthly, preplan, progress, rewards, summary, supervision

Day = datetime.date
MEETINGS = [
    Day(2025, 3, 10), Day(2025, 4, 10), Day(2025, 5, 12), Day(2025, 6, 10), Day(2025, 7, 10), Day(2025, 8, 11),
    Day(2025, 9, 10), Day(2025, 10, 10), Day(2025, 11, 10), Day(2025, 12, 10), Day(2026, 1, 12),
]  # fmt: skip
# The lights of S01 to S12 at three meetings: o on course, b behind, f far behind, w watching, - cannot be judged.
LIGHTS = {
    Day(2025, 4, 10): "obbofoofo-bo",
    Day(2025, 7, 10): "obbofoofb-bf",
    Day(2025, 10, 10): "ooboboobo-bb",
}
LETTERS = {"on_course": "o", "behind": "b", "far_behind": "f", "watching": "w", "cannot_judge": "-"}


@pytest.fixture(scope="module")
def sample():
    return versions.read_sample_ledger()


@pytest.mark.parametrize("day", LIGHTS)
def test_the_lights_of_three_meetings_are_the_known_ones(sample, day):
    aims = progress.judge_ledger_targets(sample, day)
    assert aims["target_id"].to_list() == [f"S{number:02}" for number in range(1, 13)]
    assert "".join(LETTERS[status] for status in aims["status"]) == LIGHTS[day]


@pytest.mark.parametrize(
    ("day", "far", "changed", "missing", "overdue", "carried", "due"),
    [
        (
            Day(2025, 4, 10), ["S05", "S08"], ["S02", "S04", "S05", "S07", "S08"], [("S10", "2025-03")],
            ["R011", "R019"], ["H01", "H02"], ["R039", "R029"],
        ),
        (
            Day(2025, 7, 10), ["S08", "S05", "S12"], [], [("S10", "2025-06")], [], ["H07", "H08", "H06"],
            ["R009", "R024", "R002", "R012", "R036", "R017", "R006"],
        ),
        (
            Day(2025, 10, 10), [], ["S02", "S05", "S12"], [("S10", "2025-09"), ("S11", "2025-09")], ["R008"],
            ["H13", "H14", "H12", "H06"], ["R022", "R038", "R023", "R013"],
        ),
    ],
)  # fmt: skip
def test_the_agenda_of_three_meetings_is_the_known_one(sample, day, far, changed, missing, overdue, carried, due):
    aims = progress.judge_ledger_targets(sample, day)
    assert monthly.filter_far_behind(aims)["target_id"].to_list() == far
    assert monthly.filter_changed(aims)["target_id"].to_list() == changed
    assert monthly.filter_without_return(aims, day).select("target_id", "lacks").rows() == missing
    assert preplan.get_ledger_tasks(sample, day).filter(pl.col("state") == "overdue")["task_id"].to_list() == overdue
    assert monthly.filter_carried_over(monthly.get_ledger_followups(sample, day))["followup_id"].to_list() == carried
    assert monthly.get_tasks_due_next(sample, day)["task_id"].to_list() == due


def test_at_the_end_of_the_year_seven_targets_are_met_three_missed_and_two_not_known(sample):
    day = ledgers.get_default_day(sample)
    assert day == Day(2026, 1, 6)
    aims = progress.judge_ledger_targets(sample, day)
    assert dict(aims["status"].value_counts().iter_rows()) == {"met": 7, "missed": 3, "cannot_judge": 2}
    assert dict(aims.filter(pl.col("reason").is_not_null()).select("target_id", "reason").iter_rows()) == {
        "S10": "NO_ACTUAL", "S11": "STALE",
    }  # fmt: skip


def test_every_state_of_every_table_is_there_at_some_meeting(sample):
    seen: dict[str, set[str]] = {}
    for day in [*MEETINGS, ledgers.get_default_day(sample)]:
        for name, rows in (
            ("task", preplan.get_ledger_tasks(sample, day)), ("order", supervision.get_ledger_orders(sample, day)),
            ("followup", monthly.get_ledger_followups(sample, day)),
        ):  # fmt: skip
            seen.setdefault(name, set()).update(rows["state"])
    assert seen["task"] == set(codes("task"))
    assert seen["order"] == set(codes("supervision"))
    assert seen["followup"] == set(monthly.STATES)


def test_a_past_meeting_is_the_same_however_much_is_loaded_after_it(sample):
    """Cut off everything after a meeting: the same meeting sees the same."""
    for day in MEETINGS[1:9:3]:
        cut = sample.as_of(day)
        for question in (
            progress.judge_ledger_targets,
            preplan.get_ledger_tasks,
            supervision.get_ledger_orders,
            summary.get_red_entries,
        ):
            whole, then = question(sample, day), question(cut, day)
            assert whole.drop("data_version").equals(then.drop("data_version")), (question.__name__, day)


def test_from_meeting_to_meeting_crossed_off_tasks_stay_crossed_off(sample):
    before: set[str] = set()
    for day in MEETINGS:
        rows = preplan.get_ledger_tasks(sample, day)
        done = set(rows.filter(pl.col("state").is_in(["crossed_off", "crossed_off_late"]))["task_id"])
        assert before <= done
        before = done
    assert len(before) == 32


def test_scores_of_the_last_meeting_name_the_department_that_lacks_a_figure(sample):
    day = ledgers.get_default_day(sample)
    ranked = rewards.compute_scores(rewards.compute_score_items(sample, day), rewards.get_score_subjects(sample, day))
    assert ranked.select("department_id", "score", "rank").rows()[:4] == [
        ("D04", 103.0, 1), ("D03", 92.5, 2), ("D01", 87.98, 3), ("D02", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("day", [*MEETINGS, Day(2026, 1, 6)])
def test_a_total_is_the_sum_of_its_items_as_they_are_shown(sample, day):
    found = rewards.compute_score_items(sample, day)
    for row in (
        rewards.compute_scores(found, rewards.get_score_subjects(sample, day))
        .filter(pl.col("score").is_not_null())
        .to_dicts()
    ):
        of_subject = found.filter(pl.col("department_id") == row["department_id"]).to_dicts()
        shown = [Decimal(f"{one['score']:.2f}") for one in of_subject]
        assert all(Decimal(str(one["score"])) == two for one, two in zip(of_subject, shown, strict=True))
        assert Decimal(str(row["score"])) == sum(shown)


def test_points_are_rounded_half_up_before_they_are_added():
    rows = pl.DataFrame({"points": [1.005, -1.005, 2.675, 22.5450000001, 30.4265, None]})
    assert rows.select(rewards.round_points(pl.col("points"))).to_series().to_list() == [
        1.01, -1.01, 2.68, 22.55, 30.43, None,
    ]  # fmt: skip


def test_the_counts_of_the_mechanisms_are_those_of_their_pages(sample):
    day = ledgers.get_default_day(sample)
    burning = summary.get_red_entries(sample, day)

    def red(kind, state=None):
        return burning.filter((pl.col("kind") == kind) & ((pl.col("state") == state) if state else True)).height

    work, aims = preplan.get_ledger_tasks(sample, day), meeting.get_meeting_targets(sample, day)
    in_hand = dict(summary.count_by_mechanism(sample, day).select("mechanism_id", "in_hand").iter_rows())
    assert in_hand["monthly"] == red("target") == aims.filter(pl.col("status") == "missed").height == 3
    assert (
        in_hand["supervision"]
        == supervision.get_ledger_orders(sample, day).filter(pl.col("state") != "closed").height
        == 7
    )
    assert (red("task", "overdue"), red("task", "returned")) == (4, 1)
    assert (
        work.filter(pl.col("state") == "overdue").height
        == leaders.compute_leader_loads(sample, day)["tasks_overdue"].sum()
        == 4
    )
    assert red("due") == supervision.get_ledger_due_orders(sample, day).filter(pl.col("order_id").is_null()).height == 7
    assert burning.height == int(summary.count_by_mechanism(sample, day)["red"].sum()) == 32
    assert burning["code"].n_unique() == 25
