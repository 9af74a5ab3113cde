"""The status of targets: each rule by hand, the real cases, and that rounding never changes a verdict unseen."""

import random
import shutil
from datetime import date

import polars as pl
import pytest

from data import paths
from queries.database.engine import fetch
from queries.figures.observations import get_observations
from queries.targets.cases import build_cases
from queries.targets.outcomes import judge_targets
from queries.targets.rules import BadRule, get_rule_version, read_rule, read_rules
from queries.targets.status import REASONS, STATUSES, judge_cases
from queries.targets.targets import get_judged_targets, get_unlocking_numbers
from tests.tools.facts import with_facts

DAY = date(2015, 3, 31)
LEVEL = {"target_id": "x", "kind": "level", "measure": "flow", "direction": "up", "comparator": "reach", "decimals": 0}


def printed(text: str, name: str = "actual") -> dict:
    """A figure as printed, with its rounding: 718 is 717.5 to 718.5, the upper end excluded."""
    half = 0.5 * 10 ** -len(text.partition(".")[2])
    ends = {name: float(text), f"{name}_low": float(text) - half, f"{name}_high": float(text) + half}
    return ends | ({"actual_low_in": True, "actual_high_in": False} if name == "actual" else {})


def one(rule: str = "default", asof: date = DAY, **case) -> dict:
    """The judgement of a single case."""
    frame = pl.DataFrame([LEVEL | case])
    return judge_cases(frame, read_rules()[rule], read_rules()["default"], asof).row(0, named=True)


def in_plan(month: int, **case) -> dict:
    """A month of a year whose approved plan is spread evenly."""
    return {"month": month, "share_plan": month / 12} | case


def light(**case) -> str:
    """Status in a word, with ≈ where rounding could flip it."""
    found = one(**case)
    return found["status"] + (" ≈" if found["near"] and found["status"] != "borderline" else "")


# At year end.


@pytest.mark.parametrize(
    ("outcome", "wanted", "comparator", "status"),
    [
        ("1003", 1000, "reach", "met"),
        ("999", 1000, "reach", "missed"),
        ("1000", 1000.2, "reach", "borderline"),  # 999.5 to 1000.5
        ("1000.0", 1000, "reach", "met ≈"),  # the same number with more decimals
        ("1000", 1000, "reach", "borderline"),
        ("13.4", 13.4, "reach", "borderline"),  # printed no finer, whatever 13.45 − 13.35 is to a computer
        ("13.40", 13.4, "reach", "met ≈"),
        ("13", 13.5, "reach", "missed"),  # 13.5 itself would be printed 14
        ("2000.0", 2000, "exceed", "borderline"),  # to reach it is not to exceed it
        ("2001", 2000, "exceed", "met"),
        ("8.6", 9, "about", "met"),  # 8.55 to 8.65 rounds to 9
        ("8.4", 9, "about", "missed"),
        ("8.5", 9, "about", "borderline"),
    ],
)
def test_a_year_that_is_over_is_judged_by_both_ends_of_the_outcome(outcome, wanted, comparator, status):
    decimals = len(str(wanted).partition(".")[2])
    case = printed(outcome) | {"value": wanted, "comparator": comparator, "decimals": decimals, "month": 12}
    assert light(**case) == status


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_step_below_about_a_number_misses_it_and_the_number_itself_meets_it_whichever_number_it_is(decimals):
    step, rows = 10**-decimals, []
    for number in range(1, 3000):
        for steps, wanted in ((-1, "missed"), (0, "met"), (1, "met")):
            outcome = printed(f"{(number + steps) * step:.{decimals}f}")
            ends = {name: round(outcome[name], 6) for name in ("actual_low", "actual_high")}
            rows.append(
                LEVEL | outcome | ends | {
                    "target_id": wanted, "comparator": "about", "decimals": decimals, "value": round(number * step, 6),
                    "month": 12,
                }
            )  # fmt: skip
    found = judge_cases(pl.DataFrame(rows), read_rules()["default"], read_rules()["default"], DAY)
    assert found.filter(pl.col("status") != pl.col("target_id")).is_empty()


def test_an_exact_count_that_equals_its_target_is_met_without_doubt():
    exact = {"actual": 1100, "actual_low": 1100, "actual_high": 1100, "actual_low_in": True, "actual_high_in": True}
    assert light(**exact, value=1100, month=12) == "met"


def test_an_open_outcome_of_1000_or_more_meets_1000_and_leaves_1200_open():
    open_end = {"actual": 1000, "actual_low": 1000, "actual_high": None, "actual_low_in": True, "month": 12}
    assert light(**open_end, value=1000) == "met"
    assert light(**open_end, value=1200) == "borderline"


def test_an_outcome_of_about_has_no_interval_and_is_borderline():
    assert light(actual=40, actual_low=None, actual_high=None, value=30, month=12) == "borderline"


def test_1000_0_meets_1000_and_misses_growth_of_40_by_1_13_points():
    known = printed("1000.0") | printed("720.1", "base") | {"month": 12, "comparable": True}
    assert light(**known, value=1000) == "met ≈"
    growth = one(**known, kind="growth", comparator="at_least", value=40)
    assert growth["status"] == "missed"
    assert round(growth["gap_points"], 2) == -1.13
    assert (round(growth["low"], 2), round(growth["high"], 2)) == (38.85, 38.89)
    assert growth["basis"] == "levels"
    assert (growth["completion"], growth["planned_share"], growth["pace"]) == (None, None, None)


def test_levels_that_make_no_growth_leave_a_growth_target_without_a_verdict():
    known = printed("1000.0") | printed("720.1", "base") | printed("500.0", "past") | {"kind": "growth", "value": 40}
    for month in (6, 12):
        found = one(**known, month=month, comparable=False)
        assert (found["status"], found["reason"]) == ("cannot_judge", "NO_GROWTH")
        assert {found[column] for column in ("needed", "needed_growth", "measured", "gap_points")} == {None}


def test_a_printed_growth_goes_before_the_growth_of_two_levels():
    known = printed("3000") | printed("2600", "base") | printed("20", "growth") | {"month": 12, "value": 30}
    found = one(**known, kind="growth")
    assert (found["measured"], found["gap_points"], found["basis"], found["status"]) == (20, -10, "printed", "missed")


def test_a_ceiling_is_kept_from_below():
    ceiling = {"direction": "down", "value": 50, "month": 12}
    assert light(**printed("49"), **ceiling) == "met"
    assert light(**printed("51"), **ceiling) == "missed"
    assert light(**printed("50"), **ceiling) == "borderline"


def test_a_falling_stock_is_met_from_below():
    stock = {"measure": "stock", "direction": "down", "value": 10, "month": 12} | printed("20", "base")
    assert light(**printed("9"), **stock) == "met"
    assert light(**printed("12"), **stock) == "missed"
    assert one(**printed("15"), **stock)["completion"] == 0.5


# While the year runs.


@pytest.mark.parametrize(
    ("actual", "month", "status"),
    [
        ("50.0", 6, "on_course"),  # s = 1
        ("47.5", 6, "on_course ≈"),  # s = 0.95 at the middle, below it at the lower end
        ("47.6", 6, "on_course"),
        ("47.4", 6, "behind"),
        ("30.0", 6, "behind ≈"),  # s = 0.60
        ("29.9", 6, "far_behind"),  # s < 0.60, d = -20.1, m = 6
        ("5.0", 1, "watching"),
        ("5.0", 2, "watching"),  # m = 2 and far behind by ratio
        ("12.0", 2, "behind"),  # s = 0.72
        ("100.1", 9, "met"),
    ],
)
def test_the_default_lights_against_100_by_a_plan_of_even_months(actual, month, status):
    assert light(**printed(actual), value=100, **in_plan(month), asof=date(2014, 10, 1)) == status


def test_without_a_plan_and_without_past_years_a_level_has_no_light():
    for rule in ("default", "sanya-2022", "yinchuan-2025", "xinhuang-2015"):
        found = one(rule, **printed("50.0"), value=100, month=6)
        assert (found["status"], found["reason"]) == ("cannot_judge", "NO_PLAN")
        assert (found["planned_share"], found["pace"], found["outlook"]) == (None, None, None)
    assert light(**printed("100.1"), value=100, month=6) == "met"  # what is reached needs no plan
    assert light(**printed("5.0"), value=100, month=1) == "watching"


def test_less_than_five_points_short_is_never_far_behind():
    # By the plan 10% should be done by March: 5.5 of 100 is 0.55 of it, yet only 4.5 points short.
    assert light(**printed("5.5"), value=100, month=3, share_plan=0.10) == "behind"
    assert light(**printed("4.5"), value=100, month=3, share_plan=0.10) == "far_behind"


def test_the_planned_share_is_the_first_known_of_plan_own_mean_and_last_year():
    known = printed("30.0") | printed("40.0", "past") | printed("100.0", "base") | {"value": 100, "month": 6}
    mean = {"share_own_mean": 0.45, "share_own_mean_low": 0.449, "share_own_mean_high": 0.451}
    for more, share, method in [
        ({"share_plan": 0.35} | mean, 0.35, "plan"),
        (mean, 0.45, "own_mean"),
        ({}, 0.40, "last_year"),
    ]:
        found = one(**known, **more)
        assert (found["planned_share"], found["planned_by"]) == (pytest.approx(share), method)


def test_half_of_the_plan_is_not_more_than_half_short():
    # 1/6 of the target where 1/3 was planned: neither is a decimal number, their quotient is.
    third = {"value": 3, "month": 4, "share_plan": 1 / 3, "actual_low": 0.5, "actual_high": 0.5}
    found = one("sanya-2022", actual=0.5, **third)
    assert (found["pace"], found["status"], found["near"]) == (0.5, "behind", False)
    assert one("sanya-2022", **(third | {"actual": 0.4999, "actual_low": 0.4999}))["status"] == "far_behind"


def test_five_points_short_are_five_points_short_in_whatever_order_it_was_divided():
    for total in range(3, 400, 7):
        for planned in range(1, total):
            done = planned - total / 20  # five points of the total less than planned
            case = {"actual": done, "actual_low": done, "actual_high": done, "value": total}
            assert one(**case, month=6, share_plan=planned / total)["gap_points"] == -5
            if done < 0.6 * planned - 1e-9:
                assert one(**case, month=6, share_plan=planned / total)["status"] == "far_behind"
            break


def test_outlook_and_what_is_left_by_hand():
    # 30 of 100 by June, last year 40 of 110: E = 30 / (40/110), left 70 in 6 months, against 70 last year.
    known = printed("30.0") | printed("40.0", "past") | printed("110.0", "base") | {"value": 100, "month": 6}
    assert one(**known)["needed_growth"] is None  # levels that make no growth
    found = one(**known, comparable=True)
    assert found["outlook"] == pytest.approx(82.5)
    assert found["needed_per_month"] == pytest.approx(70 / 6)
    assert found["needed_growth"] == pytest.approx(0.0)


def test_the_growth_of_a_running_year_is_that_of_its_months_and_never_over_the_whole_of_last_year():
    # 920 in January to October after 800: +15%, whatever the year of 1000 was.
    known = printed("920") | printed("800", "past") | printed("1000", "base") | {"kind": "growth", "month": 10}
    found = one(**known, comparable=True, value=9)
    assert (found["measured"], found["gap_points"], found["status"]) == (15, 6, "on_course")
    assert (round(found["low"], 2), round(found["high"], 2)) == (14.87, 15.13)
    lacking = one(**(known | {"past": None}), comparable=True, value=9)
    assert (lacking["status"], lacking["reason"]) == ("cannot_judge", "NO_PAST")


@pytest.mark.parametrize(
    ("growth", "target", "month", "status", "gap"),
    [
        ("7.7", 9.5, 6, "behind", -1.8),
        ("9.2", 9, 6, "on_course", 0.2),
        ("-0.2", 5, 6, "far_behind", -5.2),
        ("-0.2", 5, 2, "watching", -5.2),
        ("18", 25, 10, "far_behind", -7),
        ("20.0", 25, 10, "far_behind ≈", -5),  # five points are the limit, and rounding leaves both sides open
        ("20.1", 25, 10, "behind", -4.9),
        ("25.0", 25, 10, "on_course ≈", 0),
        ("-8.0", -10, 6, "on_course", 2),
    ],
)
def test_a_growth_is_held_against_its_target_in_points(growth, target, month, status, gap):
    case = printed(growth, "growth") | {"kind": "growth", "value": target, "month": month}
    assert light(**case) == status
    assert one(**case)["gap_points"] == pytest.approx(gap)
    assert one(**case)["completion"] is None


def test_growth_so_far_is_never_met_before_the_year_is_over():
    assert light(**printed("99", "growth"), kind="growth", value=9, month=11) == "on_course"
    assert light(**printed("99", "growth"), kind="growth", value=9, month=12) == "met"


def test_a_stock_is_measured_on_the_way_from_its_base():
    stock = {"measure": "stock", "value": 20, "month": 6} | printed("10.0", "base")
    found = one(**printed("14.0"), **stock, plan=15)
    assert (found["completion"], found["planned_share"], found["status"]) == (pytest.approx(0.4), 0.5, "behind")
    assert one(**printed("14.0"), **stock)["reason"] == "NO_PLAN"
    # A rule of progress by time alone spreads what has no season evenly.
    assert one("yinchuan-2025", **printed("14.0"), **stock)["planned_by"] == "linear"
    assert one(**printed("14.0"), measure="stock", value=20, month=6)["reason"] == "NO_BASE"


def test_a_ceiling_passed_is_far_behind_at_once_and_never_met_before_the_year_ends():
    ceiling = {"direction": "down", "value": 50}
    assert light(**printed("51.0"), **ceiling, month=1) == "far_behind"
    assert light(**printed("20.0"), **ceiling, **in_plan(6)) == "on_course"
    assert light(**printed("30.0"), **ceiling, **in_plan(6)) == "behind"  # 25 planned: s' = 0.83


@pytest.mark.parametrize(
    ("done", "asof", "status"),
    [
        (date(2014, 6, 1), date(2014, 7, 1), "met"),
        (None, date(2014, 6, 15), "on_course"),
        (None, date(2014, 7, 1), "far_behind"),
        (date(2014, 7, 2), date(2014, 7, 1), "far_behind"),  # not yet known by then
        (date(2014, 7, 2), date(2014, 8, 1), "behind"),  # made up later: yellow, never green
        (None, date(2014, 1, 1), "watching"),
    ],
)
def test_a_milestone_is_judged_by_its_dates(done, asof, status):
    dates = {"kind": "milestone", "start": date(2014, 3, 1), "due": date(2014, 6, 30), "done": done, "month": None}
    frame = pl.DataFrame([{"target_id": "x", "indicator_id": "y", **dates}], schema_overrides={"done": pl.Date})
    assert judge_cases(frame, read_rules()["ouhai-2020"], read_rules()["default"], asof)["status"][0] == status


def test_a_number_that_is_missing_gives_its_code():
    assert one(value=None, month=12)["reason"] == "NO_NUMERIC_TARGET"
    assert one(value=10)["reason"] == "NO_ACTUAL"
    assert one(kind="growth", value=10)["reason"] == "NO_ACTUAL"
    assert one(kind="growth", value=10, month=12, comparable=True, **printed("5"))["reason"] == "NO_BASE"
    assert one(kind="growth", value=10, **printed("5", "base"))["reason"] == "NO_ACTUAL"
    assert one(**printed("5"), value=10, month=12, reason="UNIT_MISMATCH")["status"] == "cannot_judge"


def test_what_cannot_be_judged_has_no_number_that_looks_like_a_judgement():
    found = one(**printed("5"), value=10, month=12, reason="SCOPE_MISMATCH")
    assert {found[column] for column in ("completion", "pace", "gap_points", "measured", "low", "high")} == {None}


def test_4000_random_outcomes_are_never_judged_against_their_true_value():
    chance = random.Random(20140303)
    cases, truths = [], []
    for place in range(4000):
        decimals = chance.randint(0, 2)
        true = chance.uniform(50, 150)
        text = f"{true:.{decimals}f}"
        wanted = round(chance.uniform(0.98, 1.02) * true, chance.randint(0, 2))
        cases.append(LEVEL | printed(text) | {"target_id": str(place), "value": wanted, "month": 12, "decimals": 2})
        truths.append(true >= wanted)
    found = judge_cases(pl.DataFrame(cases), read_rules()["default"], read_rules()["default"], DAY)
    sure = [(status == "met", truth) for status, near, truth in zip(found["status"], found["near"], truths, strict=True)
            if status != "borderline" and not near]  # fmt: skip
    assert [pair for pair in sure if pair[0] is not pair[1]] == []
    assert len(sure) > 2000


# Rules as files.


def test_there_are_the_default_and_five_local_rules_and_each_lights_as_it_says():
    assert list(read_rules()) == [
        "default", "yinchuan-2025", "sanya-2022", "xinhuang-2015", "tianjin-2022", "ouhai-2020",
    ]  # fmt: skip
    behind = printed("45.0") | {"value": 100} | in_plan(6)  # s = 0.9, 5 points short
    assert one("default", **behind)["status"] == "behind"
    assert one("yinchuan-2025", **behind)["status"] == "on_course"
    assert one("sanya-2022", **behind)["status"] == "behind"
    assert one("xinhuang-2015", **behind)["status"] == "on_course"
    worse = printed("15.0") | {"value": 100} | in_plan(6)  # s = 0.3, 35 points short
    assert {one(rule, **worse)["status"] for rule in ("default", "yinchuan-2025", "sanya-2022", "xinhuang-2015")} == {
        "far_behind"
    }


def test_the_rule_for_investment_needs_the_growth_of_the_city_and_leaves_other_targets_to_the_default():
    growth = {"kind": "growth", "indicator_id": "fixed_asset_investment", "value": 10, "month": 6}
    for printed_growth, peer, status in [("12", 8, "on_course"), ("12", 13, "behind"), ("-1", 8, "far_behind")]:
        found = one("tianjin-2022", **growth, **printed(printed_growth, "growth"), peer=peer)
        assert (found["status"], found["lit_by"]) == (status, "tianjin-2022")
    lacking = one("tianjin-2022", **growth, **printed("12", "growth"))
    assert (lacking["status"], lacking["reason"]) == ("cannot_judge", "NO_ACTUAL")
    other = one("tianjin-2022", **(growth | {"indicator_id": "gdp"}), **printed("12", "growth"))
    assert other["lit_by"] == "default"


def copied(tmp_path, monkeypatch):
    folder = tmp_path / "rules"
    shutil.copytree(paths.get_rules_path(), folder)
    monkeypatch.setenv("PARK_RULES", str(folder))
    return folder


def test_a_new_rule_is_a_new_file_and_nothing_else(tmp_path, monkeypatch):
    folder = copied(tmp_path, monkeypatch)
    text = (folder / "sanya-2022.toml").read_text("utf-8").replace("sanya-2022", "strict").replace("s >= 1", "s >= 1.2")
    (folder / "strict.toml").write_text(text, "utf-8")
    assert "strict" in read_rules()
    assert one("strict", **printed("55.0"), value=100, **in_plan(6))["status"] == "behind"


def test_the_version_of_a_rule_changes_with_its_file(tmp_path, monkeypatch):
    folder = copied(tmp_path, monkeypatch)
    before = get_rule_version("sanya-2022")
    path = folder / "sanya-2022.toml"
    path.write_text(path.read_text("utf-8").replace("s >= 1", "s >= 0.99"), "utf-8")
    assert get_rule_version("sanya-2022") != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('status = "on_course"', 'status = "green"', "light 1: status is 'green': take one of met, on_course"),
        ("s >= 1", "speed >= 1", "light 1: the condition 'speed >= 1' names ['speed']"),
        ("s >= 1", "s >=", "light 1: the condition 's >=' cannot be read"),
        ("s >= 1", "read_csv('x') >= 1", "cannot be read"),
        ('"plan", ', '"guess", ', "planned_share is"),
        ('otherwise = "behind"', 'otherwise = "red"', "otherwise is 'red'"),
        ('version = "2"', 'versoin = "2"', "version is missing"),
        ("stale_months = 2", 'stale_months = "two"', "stale_months is missing"),
        ('rule_id = "sanya-2022"', 'rule_id = "sanya"', "the file's name says 'sanya-2022'"),
        ("light = [", "light = ", "sanya-2022.toml"),
    ],
)
def test_a_broken_rule_is_told_with_file_entry_and_mend(old, new, said, tmp_path, monkeypatch):
    folder = copied(tmp_path, monkeypatch)
    path = folder / "sanya-2022.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(BadRule) as problem:
        read_rule(path)
    assert said in str(problem.value)
    assert str(problem.value).startswith("sanya-2022.toml")


# The real cases.

MISSED = {
    "T04": -7, "G15": -1.3, "G16": -1, "G17": -0.5, "G19": -2.4, "G20": -1.9, "G21": -0.8, "G53": -11.24,
    "G54": -10, "G55": -2.44, "G56": -2, "G57": -7.5, "G58": -2.5,
}  # fmt: skip
MET = {"G14", "G22", "G31", "G59", "G60"}
NO_ACTUAL = {
    "T01", "T02", "T08", "T09", "T10", "T11", "G18", "G27", "G37", "G38", "G01", "G03", "G05", "G07", "G09", "G11",
    "G13", "G39", "G40", "G41", "G42", "G43", "G44",
}  # fmt: skip
NO_GROWTH = {
    "T03", "T05", "T07", "G23", "G25", "G26", "G28", "G29", "G30", "G32", "G33", "G34", "G35", "G36", "G02", "G04",
    "G06", "G08", "G10", "G12", "G45", "G46", "G47", "G48", "G49", "G50", "G51", "G52",
}  # fmt: skip


def test_every_real_target_has_its_status_and_its_code():
    rows = {row["target_id"]: row for row in judge_targets(asof=date(2026, 11, 24)).iter_rows(named=True)}
    assert len(rows) == 71
    assert {code: round(row["gap_points"], 2) for code, row in rows.items() if row["status"] == "missed"} == MISSED
    assert {code for code, row in rows.items() if row["status"] == "met"} == MET
    assert {code for code, row in rows.items() if row["reason"] == "NO_ACTUAL"} == NO_ACTUAL
    assert {code for code, row in rows.items() if row["reason"] == "NO_GROWTH"} == NO_GROWTH
    rest = set(rows) - set(MISSED) - MET - NO_ACTUAL - NO_GROWTH
    assert {code: rows[code]["reason"] for code in rest} == {"T06": "SCOPE_MISMATCH", "G24": "STALE"}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("G51", "140.9 after 115.11: funds were moved into the budget"),
        ("G25", "173.92 was only expected, and the same number stands under another name"),
        ("G26", "521.6 was only expected, and 450 is from before a census"),
    ],
)
def test_what_two_levels_said_before_waits_for_the_printed_growth_alone(code, why):
    row = judge_targets().filter(pl.col("target_id") == code).row(0, named=True)
    assert (row["status"], row["reason"], row["measured"]) == ("cannot_judge", "NO_GROWTH", None), why
    assert row["unlock_zh"] == f"2015年{row['indicator_zh']}比上年的增速"


def test_a_level_is_told_of_a_nominal_growth_target_alone():
    rows = judge_targets()
    forms = rows.filter(pl.col("form_low").is_not_null())
    assert forms["target_id"].to_list() == ["T01", "T02"]
    needs = dict(forms.select("target_id", "form_low").iter_rows())
    assert needs == {"T01": pytest.approx(38.8599, abs=1e-3), "T02": pytest.approx(1008.07)}


def test_the_growth_of_a_nominal_target_is_judged_by_two_levels_of_one_version():
    years = [span("2013", 100.0), span("2014", 125.0)]
    late, aim = date(2015, 3, 1), {"measure": "growth", "unit_id": "percent", "value": 20.0}
    for basis, comparable in [("nominal", True), ("constant_price", False), ("comparable_scope", False),
                              ("restated", False), ("unknown", False)]:  # fmt: skip
        assert case_of(*years, asof=late, growth_basis=basis, **aim)["comparable"] is comparable, basis
    revised = span("2013", 110.0, source_published="2016-01-01")
    assert case_of(*years, revised, asof=date(2017, 1, 1), growth_basis="nominal", **aim)["comparable"] is False
    own = [year | {"evidence": "own"} for year in years]
    for basis, comparable in [("nominal", True), ("unknown", True), ("restated", True), ("constant_price", False),
                              ("comparable_scope", False)]:  # fmt: skip
        assert case_of(*own, asof=late, growth_basis=basis, **aim)["comparable"] is comparable, basis


def test_the_same_months_of_last_year_need_no_whole_year():
    case = case_of(
        span("2014-01/2014-06", 46.0), span("2013-01/2013-06", 40.0), growth_basis="nominal", measure="growth",
        unit_id="percent", value=20.0,
    )  # fmt: skip
    assert (case["past"], case["base"], case["reason"], case["comparable"]) == (40, None, None, True)


def test_by_september_2015_only_what_was_published_by_then_counts():
    rows = get_judged_targets(
        parks=["xiangtan"], first=date(2015, 1, 1), last=date(2015, 12, 31), asof=date(2015, 9, 15)
    )
    found = {row["target_id"]: row for row in rows.iter_rows(named=True)}
    assert (found["G31"]["status"], found["G31"]["reason"]) == ("cannot_judge", "NO_PLAN")  # 744.5 by June
    assert (found["G22"]["status"], found["G22"]["month"]) == ("on_course", 6)
    assert round(found["G22"]["gap_points"], 1) == 0.2
    assert found["G24"]["status"] == "behind"
    assert round(found["G24"]["gap_points"], 1) == -1.8
    assert found["G25"]["reason"] == "NO_GROWTH"


def test_three_closed_months_without_data_are_stale():
    late = get_judged_targets(parks=["xiangtan"], asof=date(2015, 9, 30)).filter(pl.col("target_id") == "G31")
    assert (late["status"][0], late["reason"][0]) == ("cannot_judge", "STALE")


def test_a_target_of_a_year_to_come_is_not_due():
    rows = get_judged_targets(parks=["xiangtan"], asof=date(2015, 2, 1)).filter(pl.col("year") == 2015)
    assert rows.height > 0
    assert set(get_judged_targets(parks=["xtetdz"], asof=date(2016, 1, 31))["reason"]) <= set(REASONS)
    future = judge_targets(asof=date(2015, 12, 31)).filter(pl.col("year") > 2015)
    assert set(future["reason"]) <= {"FUTURE"}


def test_a_target_that_had_not_been_set_by_then_is_left_out():
    assert get_judged_targets(parks=["xthtz"], asof=date(2014, 3, 2)).is_empty()
    assert get_judged_targets(parks=["xthtz"], asof=date(2014, 3, 3)).height == 11


def test_every_target_without_a_status_has_the_number_that_would_unlock_it_in_both_languages():
    waiting = get_unlocking_numbers(get_judged_targets())
    assert waiting.height == 71 - len(MISSED) - len(MET)
    for column in ("reason", "unlock_zh", "unlock_en", "where_zh", "where_en"):
        assert waiting[column].null_count() == 0
    scope = waiting.filter(pl.col("target_id") == "T06").row(0, named=True)
    assert scope["unlock_zh"] == "以“财税收入”之名公布的2014年增速（基年公布的名称是“财政收入”）"


def test_statuses_and_reasons_are_only_those_that_are_promised():
    rows = judge_targets()
    assert set(rows["status"]) <= set(STATUSES)
    assert set(rows["reason"].drop_nulls()) <= set(REASONS)


# Pairing.


ALL = {"theme": None, "first": None, "last": None, "evidence": None, "lang": "zh"}


def figure(**more) -> dict:
    """A row of observations.sql of a made-up place."""
    row = fetch(
        "observations",
        theme=None,
        indicators=["gdp"],
        parks=["xiangtan"],
        first=None,
        last=None,
        evidence=None,
        lang="zh",
        asof=None,
    )
    plain = {"growth_pct": None, "growth_text": None, "bound": "none", "source_published": "2014-01-01"}
    return with_facts(row.row(0, named=True) | plain | more)


def case_of(*figures: dict, asof: date = date(2014, 8, 1), **target) -> dict:
    """The case of one target of 100 in 2014 beside some figures."""
    schema = get_observations(indicators=[]).schema
    known = fetch("targets", lang="zh", asof=None)
    aim = known.filter(pl.col("target_id") == "G31").row(0, named=True)
    aims = pl.DataFrame([aim | {"year": 2014, "value": 100.0} | target], schema=known.schema)
    tables = {"units": fetch("units"), "breaks": fetch("breaks"), "parks": fetch("parks")}
    found = build_cases(aims, pl.DataFrame(list(figures), schema=schema), asof, stale_months=2, **tables)
    return found.row(0, named=True)


def span(period: str, value: float, **more) -> dict:
    """A cumulated figure."""
    first, _slash, last = period.partition("/")
    year, month = int(period[:4]), int((last or f"{first}-12")[5:7])
    ends = {"period": period, "period_start": date(year, 1, 1), "period_end": date(year, month, 28)}
    code = {"observation_id": f"{period}-{value}"}
    return figure(value=value, value_text=str(value), low=value - 0.5, high=value + 0.5, **ends, **code, **more)


def test_shares_of_two_past_years_are_averaged_and_one_is_last_year():
    years = [span("2013", 100), span("2013-01/2013-06", 40), span("2012", 100), span("2012-01/2012-06", 50)]
    case = case_of(span("2014-01/2014-06", 30), *years)
    assert case["share_own_mean"] == pytest.approx(0.45)
    assert case["past"] == 40
    alone = case_of(span("2014-01/2014-06", 30), *years[:2])
    assert (alone["share_own_mean"], alone["past"], alone["base"]) == (None, 40, 100)


def test_january_and_february_are_one_period_and_a_single_month_is_no_year_to_date():
    case = case_of(span("2014-01/2014-02", 12), asof=date(2014, 4, 1))
    assert (case["month"], case["actual"]) == (2, 12)
    alone = figure(period="2014-05", period_start=date(2014, 5, 1), period_end=date(2014, 5, 31), value=9.0)
    assert case_of(alone)["reason"] == "NO_ACTUAL"


def test_another_unit_of_the_same_kind_is_converted_and_of_another_kind_is_a_mismatch():
    assert case_of(span("2014", 1, unit_id="wanyi_cny"), asof=date(2015, 3, 1))["actual"] == pytest.approx(10_000)
    assert case_of(span("2014", 1, unit_id="yi_usd"), asof=date(2015, 3, 1))["reason"] == "UNIT_MISMATCH"


def test_a_final_figure_goes_before_an_expected_one_and_the_latest_before_those_of_before():
    expected = span("2014", 90, bound="expected", source_published="2015-01-01")
    first = span("2014", 80, source_published="2015-02-01")
    revised = span("2014", 70, source_published="2020-01-01")
    alone = case_of(expected, asof=date(2021, 1, 1))
    assert (alone["actual"], alone["actual_value_text"], alone["reason"]) == (None, "90", "EXPECTED")
    assert case_of(expected, first, asof=date(2021, 1, 1))["actual"] == 80
    assert case_of(expected, first, revised, asof=date(2021, 1, 1))["actual"] == 70
    late = span("2014", 60, bound="expected", source_published="2021-01-01")
    assert case_of(late, first, asof=date(2022, 1, 1))["actual"] == 80
