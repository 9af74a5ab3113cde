"""The status of targets: each rule by hand, the real cases, and that rounding never changes a verdict unseen."""

import random
import shutil
from datetime import date

import polars as pl
import pytest

from queries.database import fetch
from queries.judging import judged, known_by, paired
from queries.rules import BadRule, rule_of, rules, version_of
from queries.status import REASONS, STATUSES, judge
from queries.targets import locked, targets

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
    return judge(frame, rules()[rule], rules()["default"], asof).row(0, named=True)


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
    found = judge(pl.DataFrame(rows), rules()["default"], rules()["default"], DAY)
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
    known = printed("1000.0") | printed("720.1", "base") | {"month": 12}
    assert light(**known, value=1000) == "met ≈"
    growth = one(**known, kind="growth", comparator="at_least", value=40)
    assert growth["status"] == "missed"
    assert round(growth["gap_points"], 2) == -1.13
    assert (round(growth["low"], 2), round(growth["high"], 2)) == (38.85, 38.89)
    assert growth["basis"] == "levels"


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
def test_the_default_lights_against_100_by_even_months(actual, month, status):
    assert light(**printed(actual), value=100, month=month, asof=date(2014, 10, 1)) == status


def test_less_than_five_points_short_is_never_far_behind():
    # By the plan 10% should be done by March: 5.5 of 100 is 0.55 of it, yet only 4.5 points short.
    assert light(**printed("5.5"), value=100, month=3, share_plan=0.10) == "behind"
    assert light(**printed("4.5"), value=100, month=3, share_plan=0.10) == "far_behind"


def test_the_planned_share_is_the_first_known_of_plan_own_mean_last_year_and_even_months():
    known = printed("30.0") | printed("40.0", "past") | printed("100.0", "base") | {"value": 100, "month": 6}
    mean = {"share_own_mean": 0.45, "share_own_mean_low": 0.449, "share_own_mean_high": 0.451}
    for more, share, method in [
        ({"share_plan": 0.35} | mean, 0.35, "plan"),
        (mean, 0.45, "own_mean"),
        ({}, 0.40, "last_year"),
    ]:
        found = one(**known, **more)
        assert (found["planned_share"], found["planned_by"]) == (pytest.approx(share), method)
    even = one(**printed("30.0"), value=100, month=6)
    assert (even["planned_share"], even["planned_by"]) == (0.5, "linear")


def test_outlook_and_what_is_left_by_hand():
    # 30 of 100 by June, last year 40 of 110: E = 30 / (40/110), left 70 in 6 months, against 70 last year.
    found = one(**printed("30.0"), **printed("40.0", "past"), **printed("110.0", "base"), value=100, month=6)
    assert found["outlook"] == pytest.approx(82.5)
    assert found["needed_per_month"] == pytest.approx(70 / 6)
    assert found["needed_growth"] == pytest.approx(0.0)


def test_a_growth_target_with_the_same_months_of_last_year_does_not_widen_the_base_twice():
    # A'/B stands in the planned share and B in the wanted level: in the pace B falls out, though it is known to
    # one digit only.
    known = printed("58.00") | printed("50.00", "past") | printed("100", "base")
    found = one(**known, kind="growth", value=20, month=6)
    assert found["pace"] == pytest.approx(58 / 50 / 1.2)
    assert (found["status"], found["near"]) == ("on_course", False)


def test_printed_growth_of_7_7_on_the_way_to_9_5_is_0_98_of_the_pace():
    found = one(**printed("7.7", "growth"), kind="growth", value=9.5, month=6)
    assert found["pace"] == pytest.approx(1.077 / 1.095)
    assert found["status"] == "on_course"


def test_a_stock_is_measured_on_the_way_from_its_base():
    stock = {"measure": "stock", "value": 20, "month": 6} | printed("10.0", "base")
    found = one(**printed("14.0"), **stock)
    assert (found["completion"], found["planned_share"], found["status"]) == (pytest.approx(0.4), 0.5, "behind")
    assert one(**printed("14.0"), measure="stock", value=20, month=6)["reason"] == "NO_BASE"


def test_a_ceiling_passed_is_far_behind_at_once_and_never_met_before_the_year_ends():
    ceiling = {"direction": "down", "value": 50}
    assert light(**printed("51.0"), **ceiling, month=1) == "far_behind"
    assert light(**printed("20.0"), **ceiling, month=6) == "on_course"
    assert light(**printed("30.0"), **ceiling, month=6) == "behind"  # 25 planned: s' = 0.83


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
    assert judge(frame, rules()["ouhai-2020"], rules()["default"], asof)["status"][0] == status


def test_a_number_that_is_missing_gives_its_code():
    assert one(value=None, month=12)["reason"] == "NO_NUMERIC_TARGET"
    assert one(value=10)["reason"] == "NO_ACTUAL"
    assert one(kind="growth", value=10)["reason"] == "NO_BASE"
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
    found = judge(pl.DataFrame(cases), rules()["default"], rules()["default"], DAY)
    sure = [(status == "met", truth) for status, near, truth in zip(found["status"], found["near"], truths, strict=True)
            if status != "borderline" and not near]  # fmt: skip
    assert [pair for pair in sure if pair[0] is not pair[1]] == []
    assert len(sure) > 2000


# Rules as files.


def test_there_are_the_default_and_five_local_rules_and_each_lights_as_it_says():
    assert list(rules()) == [
        "default", "yinchuan-2025", "sanya-2022", "xinhuang-2015", "tianjin-2022", "ouhai-2020",
    ]  # fmt: skip
    behind = printed("45.0") | {"value": 100, "month": 6}  # s = 0.9, 5 points short
    assert one("default", **behind)["status"] == "behind"
    assert one("yinchuan-2025", **behind)["status"] == "on_course"
    assert one("sanya-2022", **behind)["status"] == "behind"
    assert one("xinhuang-2015", **behind)["status"] == "on_course"
    worse = printed("15.0") | {"value": 100, "month": 6}  # s = 0.3, 35 points short
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
    shutil.copytree(rules.__globals__["FOLDER"], folder)
    monkeypatch.setenv("PARK_RULES", str(folder))
    return folder


def test_a_new_rule_is_a_new_file_and_nothing_else(tmp_path, monkeypatch):
    folder = copied(tmp_path, monkeypatch)
    text = (folder / "sanya-2022.toml").read_text("utf-8").replace("sanya-2022", "strict").replace("s >= 1", "s >= 1.2")
    (folder / "strict.toml").write_text(text, "utf-8")
    assert "strict" in rules()
    assert one("strict", **printed("55.0"), value=100, month=6)["status"] == "behind"


def test_the_version_of_a_rule_changes_with_its_file(tmp_path, monkeypatch):
    folder = copied(tmp_path, monkeypatch)
    before = version_of("sanya-2022")
    path = folder / "sanya-2022.toml"
    path.write_text(path.read_text("utf-8").replace("s >= 1", "s >= 0.99"), "utf-8")
    assert version_of("sanya-2022") != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('status = "on_course"', 'status = "green"', "light 1: status is 'green': take one of met, on_course"),
        ("s >= 1", "speed >= 1", "light 1: the condition 'speed >= 1' names ['speed']"),
        ("s >= 1", "s >=", "light 1: the condition 's >=' cannot be read"),
        ("s >= 1", "read_csv('x') >= 1", "cannot be read"),
        ('"plan", ', '"guess", ', "planned_share is"),
        ('otherwise = "behind"', 'otherwise = "red"', "otherwise is 'red'"),
        ('version = "1"', 'versoin = "1"', "version is missing"),
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
        rule_of(path)
    assert said in str(problem.value)
    assert str(problem.value).startswith("sanya-2022.toml")


# The real cases.

MISSED = {
    "T04": -7, "G15": -1.3, "G16": -1, "G17": -0.5, "G19": -2.4, "G20": -1.9, "G21": -0.8, "G53": -11.24,
    "G54": -10, "G55": -2.44, "G56": -2, "G57": -7.5, "G58": -2.5,
}  # fmt: skip
MET = {"G14", "G22", "G25", "G26", "G31", "G51", "G59", "G60"}
NO_ACTUAL = {
    "T01", "T02", "T03", "T05", "T08", "T09", "T10", "T11", "G23", "G29", "G30", "G38", "G01", "G03", "G05", "G07",
    "G09", "G11", "G13", "G39", "G40", "G41", "G42", "G43", "G44", "G49", "G50", "G52",
}  # fmt: skip
SCOPE = {"T06", "G24"}


def test_every_real_target_has_its_status_and_its_code():
    rows = {row["target_id"]: row for row in judged(asof=date(2026, 11, 24)).iter_rows(named=True)}
    assert len(rows) == 71
    assert {code: round(row["gap_points"], 2) for code, row in rows.items() if row["status"] == "missed"} == MISSED
    assert {code for code, row in rows.items() if row["status"] == "met"} == MET
    assert {code for code, row in rows.items() if row["reason"] == "NO_ACTUAL"} == NO_ACTUAL
    assert {code for code, row in rows.items() if row["reason"] == "SCOPE_MISMATCH"} == SCOPE
    rest = set(rows) - set(MISSED) - MET - NO_ACTUAL - SCOPE
    assert {rows[code]["reason"] for code in rest} == {"NO_BASE"}
    assert "T07" in rest


def test_growth_from_two_levels_names_both_and_its_interval():
    row = judged().filter(pl.col("target_id") == "G51").row(0, named=True)  # 115.11 to 140.9
    assert (row["basis"], row["actual_value_text"], row["base_value_text"]) == ("levels", "140.9", "115.11")
    assert (round(row["low"], 2), round(row["high"], 2)) == (22.36, 22.45)


def test_a_broken_series_is_not_judged_by_its_levels():
    row = judged().filter(pl.col("target_id") == "G24").row(0, named=True)
    assert (row["status"], row["reason"], row["gap_points"]) == ("cannot_judge", "SCOPE_MISMATCH", None)


def test_by_september_2015_only_what_was_published_by_then_counts():
    rows = targets(parks=["xiangtan"], first=date(2015, 1, 1), last=date(2015, 12, 31), asof=date(2015, 9, 15))
    found = {row["target_id"]: row for row in rows.iter_rows(named=True)}
    assert found["G31"]["status"] == "behind"  # 744.5 of 1600 by June: 0.93 of half
    assert round(found["G31"]["gap_points"], 2) == -3.47
    assert found["G31"]["month"] == 6
    assert found["G22"]["status"] == "on_course"
    assert found["G25"]["reason"] == "NO_ACTUAL"


def test_three_closed_months_without_data_are_stale():
    late = targets(parks=["xiangtan"], asof=date(2015, 9, 30)).filter(pl.col("target_id") == "G31")
    assert (late["status"][0], late["reason"][0]) == ("cannot_judge", "STALE")


def test_a_target_of_a_year_to_come_is_not_due():
    rows = targets(parks=["xiangtan"], asof=date(2015, 2, 1)).filter(pl.col("year") == 2015)
    assert rows.height > 0
    assert set(targets(parks=["xtetdz"], asof=date(2016, 1, 31))["reason"]) <= set(REASONS)
    future = judged(asof=date(2015, 12, 31)).filter(pl.col("year") > 2015)
    assert set(future["reason"]) <= {"FUTURE"}


def test_a_target_that_had_not_been_set_by_then_is_left_out():
    assert targets(parks=["xthtz"], asof=date(2014, 3, 2)).is_empty()
    assert targets(parks=["xthtz"], asof=date(2014, 3, 3)).height == 11


def test_a_date_known_to_the_month_or_year_counts_from_its_last_day():
    rows = pl.DataFrame({"source_published": ["2014", "2014-01", "2014-01-15", None]})
    known = [known_by(rows, day).height for day in (date(2014, 1, 15), date(2014, 1, 31), date(2014, 12, 31))]
    assert known == [1, 2, 3]


def test_every_target_without_a_status_has_the_number_that_would_unlock_it_in_both_languages():
    waiting = locked(targets())
    assert waiting.height == 71 - len(MISSED) - len(MET)
    for column in ("reason", "unlock_zh", "unlock_en", "where_zh", "where_en"):
        assert waiting[column].null_count() == 0
    scope = waiting.filter(pl.col("target_id") == "T06").row(0, named=True)
    assert scope["unlock_zh"] == "以“财税收入”之名公布的2014年增速（基年公布的名称是“财政收入”）"


def test_statuses_and_reasons_are_only_those_that_are_promised():
    rows = judged()
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
    )
    plain = {"growth_pct": None, "growth_text": None, "bound": "none", "source_published": "2014-01-01"}
    return row.row(0, named=True) | plain | more


def case_of(*figures: dict, asof: date = date(2014, 8, 1), **target) -> dict:
    """The case of one target of 100 in 2014 beside some figures."""
    schema = fetch(
        "observations", theme=None, indicators=[], parks=None, first=None, last=None, evidence=None, lang="zh"
    ).schema
    aim = fetch("targets", lang="zh").filter(pl.col("target_id") == "G31").row(0, named=True)
    aims = pl.DataFrame([aim | {"year": 2014, "value": 100.0} | target], schema=fetch("targets", lang="zh").schema)
    tables = {"units": fetch("units"), "breaks": fetch("breaks"), "parks": fetch("parks")}
    found = paired(aims, pl.DataFrame(list(figures), schema=schema), asof, stale_months=2, **tables)
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
    assert case_of(expected, asof=date(2021, 1, 1))["actual"] == 90
    assert case_of(expected, first, asof=date(2021, 1, 1))["actual"] == 80
    assert case_of(expected, first, revised, asof=date(2021, 1, 1))["actual"] == 70
    late = span("2014", 60, bound="expected", source_published="2021-01-01")
    assert case_of(late, first, asof=date(2022, 1, 1))["actual"] == 80
