"""Laws that a light keeps whatever the numbers are, over drawn cases; boundaries against exact fractions."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.targets.rules import read_rules
from queries.targets.status import judge_cases

LAWS = settings(derandomize=True, deadline=None, max_examples=50, database=None)
WORSE_FIRST = ["far_behind", "behind", "watching", "on_course"]
DAY = date(2014, 11, 1)


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[Fraction]:
    """Numbers with so many decimals."""
    return st.integers(low * 10**places, high * 10**places).map(lambda n: Fraction(n, 10**places))


def judged(rule: str, **case) -> dict:
    plain = {"target_id": "x", "indicator_id": "fixed_asset_investment", "measure": "flow", "direction": "up",
             "comparator": "reach", "decimals": 0, "comparable": True}  # fmt: skip
    numbers = {name: float(value) if isinstance(value, Fraction) else value for name, value in case.items()}
    frame = pl.DataFrame([plain | numbers])
    return judge_cases(frame, read_rules()[rule], read_rules()["default"], DAY).row(0, named=True)


def exact(name: str, value: Fraction | None) -> dict:
    """A number without rounding, at all three places of its interval."""
    return {f"{name}{end}": value for end in ("", "_low", "_high")}


@pytest.mark.parametrize("rule", read_rules())
@LAWS
@given(
    target=decimals(-10, 40, 1), less=decimals(-30, 60, 1), more=decimals(0, 30, 1), month=st.integers(1, 11),
    peer=decimals(-10, 30, 1), year_over=st.booleans(),
)  # fmt: skip
def test_more_growth_never_gives_a_worse_light(rule, target, less, more, month, peer, year_over):
    def light(growth: Fraction) -> str:
        printed = {"growth": growth, "growth_low": growth - Fraction(1, 20), "growth_high": growth + Fraction(1, 20)}
        case = {"kind": "growth", "value": target, "month": 12 if year_over else month, "peer": peer}
        return judged(rule, **printed, **case)["status"]

    order = ["missed", "borderline", "met"] if year_over else WORSE_FIRST
    assert order.index(light(less)) <= order.index(light(less + more))


@LAWS
@given(
    actual=decimals(1, 500, 1), past=decimals(1, 500, 1), base=decimals(1, 900, 1), plan=decimals(0, 1, 3),
    mean=decimals(0, 1, 3), growth=st.none() | decimals(-20, 40, 1), month=st.integers(1, 11),
)  # fmt: skip
def test_an_extrapolation_with_positive_growth_is_never_below_last_year(actual, past, base, plan, mean, growth, month):
    known = exact("actual", actual) | exact("past", past) | exact("base", base)
    known |= {"share_plan": plan} if plan else {}
    known |= {f"share_own_mean{end}": mean for end in ("", "_low", "_high")} if mean else {}
    found = judged("default", kind="level", value=Fraction(1000), month=month, growth=growth, **known)
    if found["outlook"] is not None and (actual > past or (growth or 0) > 0):
        assert found["outlook"] >= float(base) - 1e-9


@LAWS
@given(
    actual=decimals(0, 400, 2), target=decimals(1, 400, 2), planned=decimals(0, 400, 2), whole=decimals(1, 400, 2),
    month=st.integers(1, 11), rule=st.sampled_from(["default", "sanya-2022", "yinchuan-2025", "xinhuang-2015"]),
)  # fmt: skip
def test_the_light_of_a_level_is_that_of_exact_fractions(actual, target, planned, whole, month, rule):
    found = judged(
        rule,
        kind="level",
        value=target,
        month=month,
        share_plan=float(planned) / float(whole),
        **exact("actual", actual),
    )
    if actual >= target:
        assert found["status"] == "met"
        return
    c, p = actual / target, planned / whole
    s, d = (c / p if p else Fraction(1)), 100 * (c - p)
    lights = {
        "default": "watching" if month < 2 or (month == 2 and s < Fraction(3, 5)) else "on_course"
        if s >= Fraction(19, 20) else "far_behind" if s < Fraction(3, 5) and d <= -5 and month >= 3 else "behind",
        "sanya-2022": "on_course" if s >= 1 else "far_behind" if s < Fraction(1, 2) else "behind",
        "yinchuan-2025": "on_course" if d > -10 else "far_behind" if d < -30 else "behind",
        "xinhuang-2015": "on_course" if s >= Fraction(4, 5) else "far_behind" if s < Fraction(3, 5) else "behind",
    }  # fmt: skip
    assert found["status"] == lights[rule]


@pytest.mark.parametrize("rule", ["default", "sanya-2022", "yinchuan-2025", "xinhuang-2015"])
def test_at_every_boundary_the_light_is_that_of_the_boundary_itself(rule):
    """Where pace or gap are exactly a threshold, in halves, thirds, sevenths and elevenths."""
    cuts = {"default": Fraction(19, 20), "sanya-2022": Fraction(1, 2), "xinhuang-2015": Fraction(4, 5)}
    at = {"default": "on_course", "sanya-2022": "behind", "xinhuang-2015": "on_course", "yinchuan-2025": "behind"}
    for part in (2, 3, 7, 11, 13, 17, 19, 23, 29, 37, 53, 97):
        p = Fraction(part - 1, part)
        c = p - Fraction(1, 10) if rule == "yinchuan-2025" else p * cuts[rule]
        found = judged(rule, kind="level", value=Fraction(1), month=9, share_plan=p, **exact("actual", c))
        assert found["status"] == at[rule], (rule, part)


@LAWS
@given(now=decimals(1, 500, 2), before=decimals(1, 500, 2), target=decimals(-10, 40, 1), month=st.integers(3, 11))
def test_the_light_of_a_growth_of_two_levels_is_that_of_exact_fractions(now, before, target, month):
    found = judged("default", kind="growth", value=target, month=month, **exact("actual", now), **exact("past", before))
    gap = 100 * (now / before - 1) - target
    assert found["status"] == ("on_course" if gap >= 0 else "far_behind" if gap <= -5 else "behind")
    assert found["gap_points"] == pytest.approx(float(gap), abs=1e-9)
