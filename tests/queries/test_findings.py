"""Findings: each rule by hand, no alarm within rounding, every fault found, and those of the real data."""

import random
import re
import shutil
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import polars as pl
import pytest

from data.database.shape import read_schema
from queries.database.engine import open_cursor
from queries.targets.findings import (
    CHECKS_FOLDER,
    BadCheck,
    get_consistency_findings,
    read_check,
    read_checks,
    run_checks,
)

# Tables as the checks read them, with the columns that they and the views of the schema need and no more.
TABLES = """
create table park (park_id varchar, name_zh varchar, name_en varchar, kind varchar);
create table unit (unit_id varchar, name_zh varchar, dimension varchar, factor decimal(18, 4),
    scale_en varchar,
    scaled_name_en varchar);
create table indicator (indicator_id varchar, name_zh varchar, name_en varchar, measure varchar, direction varchar,
    part_of varchar, comparable_key varchar, growth_basis varchar, theme varchar default 'economy');
create table source (source_id varchar, published varchar);
create table observation (observation_id varchar, park_id varchar, indicator_id varchar, period varchar,
    period_start date, period_end date, value decimal(18, 4), value_text varchar, decimals integer, unit_id varchar,
    bound bound, growth_pct decimal(9, 4), growth_text varchar, growth_basis varchar,
    evidence varchar, source_id varchar, confidence varchar, locator_zh varchar, locator_en varchar, note_zh varchar,
    note_en varchar);
create table series_break (park_id varchar, park_kind varchar, indicator_id varchar, year integer, cause varchar,
    years_only boolean default false, reason_zh varchar, reason_en varchar);
create table target (target_id varchar, park_id varchar, indicator_id varchar, year integer, measure varchar,
    growth_basis varchar,
    value decimal(18, 4), value_text varchar, unit_id varchar, evidence varchar, source_id varchar);
insert into unit values ('yi_cny', '亿元', 'money_cny', 1e8, '0.1', 'billion yuan'),
    ('wanyi_cny', '万亿元', 'money_cny', 1e12, '1', 'trillion yuan'), ('percent', '%', 'share', 0.01, '1', '%'),
    ('enterprise', '家', 'count', 1, '1', 'enterprises'), ('zone', '家', 'count', 1, '1', 'zones');
insert into indicator (indicator_id, name_zh, name_en, measure, direction, part_of, comparable_key, growth_basis)
    values ('whole', '整体', 'Whole', 'flow', 'up', null, 'x.whole', 'nominal'),
    ('part', '部分', 'Part', 'flow', 'up', 'whole', 'x.part', 'nominal'),
    ('other', '别名', 'Other', 'flow', 'up', null, 'x.other', 'nominal'),
    ('moved', '换口径', 'Moved', 'flow', 'up', null, 'x.moved', 'nominal'),
    ('real', '可比价', 'Real', 'flow', 'up', null, 'x.real', 'constant_price'),
    ('real_part', '可比价部分', 'Real part', 'flow', 'up', 'real', 'x.real_part', 'constant_price'),
    ('listed', '名单', 'Listed', 'flow', 'up', null, 'x.listed', 'comparable_scope'),
    ('listed_part', '名单部分', 'Listed part', 'flow', 'up', 'listed', 'x.listed_part', 'comparable_scope'),
    ('adjusted', '调整', 'Adjusted', 'flow', 'up', null, 'x.adjusted', 'restated'),
    ('adjusted_part', '调整部分', 'Adjusted part', 'flow', 'up', 'adjusted', 'x.adjusted_part', 'restated'),
    ('unsaid', '未说明', 'Unsaid', 'flow', 'up', null, 'x.unsaid', 'unknown'),
    ('unsaid_part', '未说明部分', 'Unsaid part', 'flow', 'up', 'unsaid', 'x.unsaid_part', 'unknown'),
    ('hightech_enterprises_certified', '认定', 'Certified', 'flow', 'up', null, 'x.certified', 'nominal'),
    ('hightech_enterprises_city_share', '占比', 'Share', 'rate', 'up', null, 'x.city_share', 'unknown'),
    ('secondary_industry_gdp_share', '二产占比', 'Share of industry', 'rate', null, null, 'x.industry', 'unknown'),
    ('zones', '园区数', 'Zones', 'stock', null, null, 'x.zones', 'nominal');
insert into source values ('A', '2014-03-03'), ('B', '2015-01-20'), ('C', '2021-03-04');
"""

TYPES, VIEWS = (
    "".join(re.findall(rf"^create {kind} .*?;\n", read_schema(), re.MULTILINE | re.DOTALL)) for kind in ("type", "view")
)


def figure(indicator: str, period: str, text: str | None, growth: str | None = None, **more) -> dict:
    """One observation of a place, as printed."""
    year, month = int(period[:4]), period[5:7] or "12"
    row = {
        "park_id": "p", "indicator_id": indicator, "period": period, "period_start": f"{year}-01-01",
        "period_end": f"{year}-{month}-28", "value": text, "value_text": text,
        "decimals": len((text or "").partition(".")[2]), "unit_id": "yi_cny", "bound": "none", "growth_pct": growth,
        "growth_text": growth, "evidence": "published", "source_id": "A",
    } | more  # fmt: skip
    return {"observation_id": "-".join([row["park_id"], indicator, period, row["source_id"]])} | row


def target(code: str, measure: str, text: str, **more) -> dict:
    """A target of 2014 for the whole."""
    plain = {
        "target_id": code,
        "park_id": "p",
        "indicator_id": "whole",
        "year": 2014,
        "measure": measure,
        "value": text,
    }
    return (
        plain
        | {
            "value_text": text,
            "unit_id": "yi_cny" if measure == "level" else "percent",
            "evidence": "published",
            "source_id": "A",
        }
        | more
    )


def broken(place: str | None, indicator: str, year: int, cause: str = "revision", kind: str | None = None) -> dict:
    """A break in the series of a place, or in those of all places of a kind."""
    return {"park_id": place, "park_kind": kind, "indicator_id": indicator, "year": year, "cause": cause}


def found(
    observations: list[dict],
    targets: list[dict] | None = None,
    kinds: tuple[str, ...] = ("zone",),
    breaks: list[dict] | None = None,
) -> pl.DataFrame:
    """What the checks find in these rows. kinds: of each place."""
    names = ["p"] if len(kinds) == 1 else [f"p{place}" for place in range(len(kinds))]
    with duckdb.connect(":memory:") as connection:
        connection.execute(TYPES + TABLES + VIEWS)
        places = pl.DataFrame(
            {
                "park_id": names,
                "name_zh": ["某区"] * len(names),
                "name_en": ["Some zone"] * len(names),
                "kind": list(kinds),
            }
        )
        tables = {"park": places, "observation": observations, "target": targets or [], "series_break": breaks or []}
        for table, rows in tables.items():
            frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows, infer_schema_length=None)
            if frame.height:
                connection.register("given", frame.to_arrow())
                connection.execute(f"insert into {table} by name select * from given")
                connection.unregister("given")
        return run_checks(connection, read_checks())


def case(*observations: dict, targets: list[dict] | None = None, kind: str = "zone", breaks=()) -> dict:
    """What one place published. breaks: indicator, year and, where it is no revision, cause."""
    return {"observations": observations, "targets": targets or [], "kind": kind, "breaks": breaks}


def rules_of_each(*cases: dict) -> list[list[str]]:
    """The rules that each case breaks, each case a place of its own in one database."""
    rows, aims, breaks = [], [], []
    for number, one in enumerate(cases):
        place = f"p{number}"
        for row in one["observations"]:
            rows.append(row | {"park_id": place, "observation_id": f"{place}-{row['observation_id']}"})
        aims += [row | {"park_id": place, "target_id": f"{place}-{row['target_id']}"} for row in one["targets"]]
        breaks += [broken(place, *parted) for parted in one["breaks"]]
    kinds = tuple(one["kind"] for one in cases)
    raised = found(rows, aims, kinds if len(kinds) > 1 else (*kinds, "zone"), breaks)
    by_place: dict[str, list[str]] = {}
    for rule, place in raised.select("rule", "park_id").rows():
        by_place.setdefault(place, []).append(rule)
    return [by_place.get(f"p{number}", []) for number in range(len(cases))]


def rules_of(*observations: dict, **more) -> list[str]:
    return rules_of_each(case(*observations, **more))[0]


PAIRS = {
    # rule: (fits to the last digit, one step beyond)
    "part_exceeds_whole": (
        [figure("whole", "2013", "100"), figure("part", "2013", "100.4")],  # the whole may be 100.49
        [figure("whole", "2013", "100"), figure("part", "2013", "100.6")],
    ),
    "rest_grows_apart": (
        [figure("whole", "2013", "552", "30.6"), figure("part", "2013", "438.5", "20.5")],
        [figure("whole", "2013", "552", "30.6"), figure("part", "2013", "438.5", "19.1")],
    ),
    "growth_and_levels": (
        # 3000 / 2600 lies between 15.34 and 15.43.
        [figure("whole", "2012", "2600"), figure("whole", "2013", "3000", "15.4")],
        [figure("whole", "2012", "2600"), figure("whole", "2013", "3000", "15.5")],
    ),
    "two_versions": (
        [figure("whole", "2013", "1703"), figure("whole", "2013", "1703.4", source_id="B")],
        [figure("whole", "2013", "1703"), figure("whole", "2013", "1703.6", source_id="B")],
    ),
    "series_falls": (
        [figure("whole", "2013", "19.7"), figure("whole", "2014", "19.7", source_id="B")],
        [figure("whole", "2013", "19.7"), figure("whole", "2014", "19.6", source_id="B")],
    ),
    "series_falls, a nominal growth printed": (
        [figure("whole", "2013", "100"), figure("whole", "2014", "100", "0.6", source_id="B")],
        [figure("whole", "2013", "100"), figure("whole", "2014", "99", "0.6", source_id="B")],
    ),
    "series_falls, a real growth printed": (
        # 999.95 * 1.0495 * 0.85 = 892.03: what is left of 999.95 after 4.95% of growth and a fall of prices by 15%.
        [figure("real", "2013", "1000.0"), figure("real", "2014", "892.0", "5.0", source_id="B")],
        [figure("real", "2013", "1000.0"), figure("real", "2014", "891.9", "5.0", source_id="B")],
    ),
    "series_falls, none printed of what grows at comparable prices": (
        # 999.95 * 0.85 = 849.96: what a fall of prices by 15% leaves of 999.95.
        [figure("real", "2013", "1000.0"), figure("real", "2014", "850.0", source_id="B")],
        [figure("real", "2013", "1000.0"), figure("real", "2014", "849.9", source_id="B")],
    ),
    "series_falls, a raw material sets the price": (
        # 999.95 * 1.0045 * 0.5 = 502.22: what is left after 0.45% of growth and a fall of prices by half.
        [
            figure("secondary_industry_gdp_share", "2013", "75.5", unit_id="percent"),
            figure("real", "2013", "1000.0"),
            figure("real", "2014", "502.2", "0.5", source_id="B"),
        ],
        [
            figure("secondary_industry_gdp_share", "2013", "75.5", unit_id="percent"),
            figure("real", "2013", "1000.0"),
            figure("real", "2014", "502.1", "0.5", source_id="B"),
        ],
    ),
    "growth_and_levels, prices up": (
        # 1000.05 * 1.1005 * 1.4 = 1540.78: the most at which prices rose by no more than 40%.
        [figure("real", "2012", "1000.0"), figure("real", "2013", "1540.8", "10.0")],
        [figure("real", "2012", "1000.0"), figure("real", "2013", "1540.9", "10.0")],
    ),
    "growth_and_levels, prices down": (
        # 999.95 * 1.0995 * 0.85 = 934.53: the least at which prices fell by no more than 15%.
        [figure("real", "2012", "1000.0"), figure("real", "2013", "934.5", "10.0")],
        [figure("real", "2012", "1000.0"), figure("real", "2013", "934.4", "10.0")],
    ),
    "one_value_two_names": (
        [figure("whole", "2013", "173.92"), figure("other", "2013", "173.93", source_id="B")],
        [figure("whole", "2013", "173.92"), figure("other", "2013", "173.92", source_id="B")],
    ),
    "share_without_a_count": (
        # 8 of 17 are 47.06%.
        [
            figure("hightech_enterprises_certified", "2013", "8", unit_id="enterprise"),
            figure("hightech_enterprises_city_share", "2013", "47", unit_id="percent"),
        ],
        [
            figure("hightech_enterprises_certified", "2013", "8", unit_id="enterprise"),
            figure("hightech_enterprises_city_share", "2013", "48", unit_id="percent"),
        ],
    ),
    "number_jumps": (
        [figure("zones", "2013", "100", unit_id="zone"), figure("zones", "2014", "110", unit_id="zone")],
        [figure("zones", "2013", "100", unit_id="zone"), figure("zones", "2014", "111", unit_id="zone")],
    ),
    "unit_out_of_scale": (
        [figure("whole", "2012", "10.5", unit_id="wanyi_cny"), figure("whole", "2013", "105000")],
        [figure("whole", "2012", "10.5", unit_id="wanyi_cny"), figure("whole", "2013", "10.5")],
    ),
}


@pytest.fixture(scope="module")
def raised() -> dict[str, list[list[str]]]:
    """The rules that either half of each pair breaks."""
    halves = rules_of_each(*(case(*half) for pair in PAIRS.values() for half in pair))
    return {name: halves[2 * place : 2 * place + 2] for place, name in enumerate(PAIRS)}


@pytest.mark.parametrize("pair", PAIRS)
def test_what_fits_to_the_last_digit_is_no_finding_and_one_step_beyond_is(pair, raised):
    rule, (fits, beyond) = pair.partition(",")[0], raised[pair]
    assert rule not in fits
    assert rule in beyond


def test_a_target_is_below_its_base_only_beyond_the_rounding_of_the_base():
    assert rules_of(figure("whole", "2013", "550"), targets=[target("T1", "level", "550")]) == []
    assert rules_of(figure("whole", "2013", "550.7"), targets=[target("T1", "level", "550")]) == ["target_below_base"]


def test_two_forms_of_a_target_differ_only_beyond_the_rounding_of_the_base():
    base = figure("whole", "2013", "51.22")  # +31% is 67.09 to 67.11
    forms = [target("T2", "growth", "31")]
    assert rules_of(base, targets=[target("T1", "level", "67.1"), *forms]) == []
    assert rules_of(base, targets=[target("T1", "level", "67.0"), *forms]) == ["two_forms_of_a_target"]


def test_a_target_of_an_own_file_is_no_matter_of_what_was_published():
    own = {"evidence": "own"}
    base = figure("whole", "2013", "550.7")
    assert rules_of(base, targets=[target("T1", "level", "550", **own)]) == []
    forms = [target("T1", "level", "700", **own), target("T2", "growth", "31", **own)]
    assert rules_of(base, targets=forms) == []


def test_forms_from_two_texts_are_two_targets():
    base = figure("whole", "2013", "100")
    assert rules_of(base, targets=[target("T1", "level", "130"), target("T2", "growth", "40", source_id="B")]) == []


def test_two_forms_are_compared_for_a_nominal_target_alone_whoever_says_that_it_is():
    def forms(indicator: str, basis: str | None = None, kind: str = "zone", **more) -> dict:
        level = target("T1", "level", "67.0", indicator_id=indicator)
        growth = target("T2", "growth", "31", indicator_id=indicator, growth_basis=basis)
        return case(figure(indicator, "2013", "51.22", **more), targets=[level, growth], kind=kind)

    judged = [forms("whole"), forms("unsaid", "nominal"), forms("real", "nominal")]
    left = [forms(indicator) for indicator in ("real", "listed", "adjusted", "unsaid")]
    left += [forms("whole", "constant_price"), forms("whole", kind="aggregate"), forms("whole", bound="expected")]
    assert rules_of_each(*judged, *left) == [["two_forms_of_a_target"]] * len(judged) + [[]] * len(left)


def test_an_expected_base_decides_nothing_of_a_target():
    assert rules_of(figure("whole", "2013", "700", bound="expected"), targets=[target("T1", "level", "550")]) == []


# What a growth is taken on.

FAR = {  # a pair of each rule of growth so far apart that no rounding and no change of prices joins it
    "growth_and_levels": lambda name, **more: [
        figure(name, "2012", "1000"),
        figure(name, "2013", "3000", "10", **more),
    ],
    "rest_grows_apart": lambda name, **more: [
        figure(name, "2013", "552", "30.6", **more),
        figure("part" if name == "whole" else f"{name}_part", "2013", "438.5", "5", **more),
    ],
    "series_falls": lambda name, **more: [
        figure(name, "2012", "1000"),
        figure(name, "2013", "300", "10", source_id="B", **more),
    ],
}


OTHERS = ("listed", "adjusted", "unsaid")


def held(rule: str, judged: list[dict], left: list[dict]) -> None:
    """A rule is broken in each of the first cases, and none at all in the others."""
    found_in = rules_of_each(*judged, *left)
    assert [rule in one for one in found_in[: len(judged)]] == [True] * len(judged)
    assert found_in[len(judged) :] == [[]] * len(left)


@pytest.mark.parametrize("rule", FAR)
def test_growth_on_another_list_or_base_or_on_none_that_is_said_says_nothing_of_last_year(rule):
    real = case(*FAR[rule]("real"))
    left = [case(*FAR[rule](name)) for name in OTHERS]
    if rule == "rest_grows_apart":  # two real growths give no rest of the year before
        held(rule, [case(*FAR[rule]("whole"))], [real, *left])
    else:
        held(rule, [case(*FAR[rule]("whole")), real], left)


@pytest.mark.parametrize("rule", FAR)
def test_what_the_text_of_a_figure_says_of_its_growth_goes_before_its_indicator(rule):
    judged = [case(*FAR[rule](name, growth_basis="nominal")) for name in ("unsaid", "listed", "adjusted", "real")]
    said = ("comparable_scope", "restated", "unknown")
    held(rule, judged, [case(*FAR[rule]("whole", growth_basis=basis)) for basis in said])


def test_a_rest_needs_a_nominal_growth_of_the_part_and_of_the_whole():
    whole, part = FAR["rest_grows_apart"]("whole")
    real = {"growth_basis": "constant_price"}
    held("rest_grows_apart", [case(whole, part)], [case(whole | real, part), case(whole, part | real)])


@pytest.mark.parametrize("rule", FAR)
def test_the_members_of_a_sum_of_zones_may_have_changed(rule):
    judged = [case(*FAR[rule]("whole"), kind=kind) for kind in ("etdz", "city", "province")]
    left = [case(*FAR[rule]("whole"), kind=kind) for kind in ("aggregate", "country")]
    # Nor is it judged by its levels where its growth is real, or where its text says that it is nominal.
    left += [case(*FAR[rule](name, growth_basis="nominal"), kind="aggregate") for name in ("whole", "real")]
    left += [case(*FAR[rule]("real"), kind="aggregate")]
    held(rule, judged, left)


@pytest.mark.parametrize("name", ["whole", "real"])
def test_growth_is_not_held_against_levels_across_a_break(name):
    rows = FAR["growth_and_levels"](name)
    elsewhere = [(name, 2012), (name, 2014), ("other", 2013)]
    judged = [(), elsewhere, [(name, 2013, "unknown")], [*elsewhere, (name, 2013, "unknown")]]
    left = [[(name, 2013, "revision")], [(name, 2013, "boundary")], [(name, 2013, "unknown"), (name, 2013, "revision")]]
    held("growth_and_levels", [case(*rows, breaks=one) for one in judged], [case(*rows, breaks=one) for one in left])


@pytest.mark.parametrize("name", ["whole", "real", *OTHERS])
def test_a_fall_across_a_break_is_told_unless_its_cause_is_known(name):
    rows = [figure(name, "2013", "1000"), figure(name, "2014", "700", source_id="B")]
    elsewhere = [(name, 2013), (name, 2015), ("other", 2014)]
    judged = [(), elsewhere, [(name, 2014, "unknown")], [*elsewhere, (name, 2014, "unknown")]]
    left = [[(name, 2014, "revision")], [(name, 2014, "boundary")], [(name, 2014, "unknown"), (name, 2014, "revision")]]
    held("series_falls", [case(*rows, breaks=one) for one in judged], [case(*rows, breaks=one) for one in left])


def test_a_break_of_all_places_of_a_kind_is_one_of_each_of_them_and_of_no_other():
    kinds, rows = ("city", "zone", "city", "province"), []
    for place in range(len(kinds)):
        fall = [figure("whole", "2013", "1000"), figure("whole", "2014", "700", source_id="B")]
        grown = [figure("real", "2012", "1000"), figure("real", "2014", "1000"), figure("real", "2015", "3000", "10")]
        for row in [*fall, *grown]:
            rows.append(row | {"park_id": f"p{place}", "observation_id": f"p{place}-{row['observation_id']}"})

    def told(*breaks: dict) -> set[tuple[str, str]]:
        return set(found(rows, kinds=kinds, breaks=list(breaks)).select("rule", "park_id").rows())

    every = {(rule, f"p{place}") for rule in ("series_falls", "growth_and_levels") for place in range(len(kinds))}
    falls, growths = (broken(None, name, year, kind="city") for name, year in (("whole", 2014), ("real", 2015)))
    unknown = [broken(None, name, year, "unknown", "city") for name, year in (("whole", 2014), ("real", 2015))]
    assert told() == told(*unknown) == every
    assert told(falls) == every - {("series_falls", "p0"), ("series_falls", "p2")}
    assert told(growths) == every - {("growth_and_levels", "p0"), ("growth_and_levels", "p2")}


@pytest.mark.parametrize("rule", FAR)
def test_an_expected_figure_decides_nothing(rule):
    judged, left = [], []
    for name in ("whole",) if rule == "rest_grows_apart" else ("whole", "real"):
        first, second = FAR[rule](name)
        expected = {"bound": "expected"}
        judged.append(case(first, second))
        left += [case(first | expected, second), case(first, second | expected)]
    held(rule, judged, left)


@pytest.mark.parametrize("name", ["whole", "real"])
@pytest.mark.parametrize("year", ["2012", "2013"])
def test_where_another_version_lies_beyond_rounding_growth_may_be_taken_on_that_one(name, year):
    rows = FAR["growth_and_levels"](name)
    text = {"2012": "1000", "2013": "3000"}[year]
    within = figure(name, year, text + ".4", source_id="B")
    beyond = figure(name, year, text + ".6", source_id="B")
    # One that was only expected is no version that a growth is taken on.
    expected = figure(name, year, text + ".6", source_id="B", bound="expected")
    one, two, three = rules_of_each(*(case(*rows, other) for other in (within, beyond, expected)))
    assert "growth_and_levels" in one
    assert two == ["two_versions"]
    assert "growth_and_levels" in three


def test_a_finding_of_growth_says_what_would_join_the_figures_in_the_digits_that_they_bear():
    def said(*rows: dict) -> tuple[str, str, float, float]:
        return found(list(rows)).select("sentence_zh", "misfit_zh", "misfit_low", "misfit_high").row(0)

    sentence, what, low, high = said(figure("whole", "2012", "2600"), figure("whole", "2013", "3000", "15.5"))
    assert sentence.endswith("按两数相除增长约15.4%。")
    # 2999.5 / 2600.5 less 15.55%, 3000.5 / 2599.5 less 15.45%
    assert (what, low, high) == (
        "两数之比减去公布的增速，百分点",
        pytest.approx(-0.207, abs=1e-3),
        pytest.approx(-0.024, abs=1e-3),
    )
    sentence, *_ = said(figure("whole", "2012", "26"), figure("whole", "2013", "30", "40"))
    assert sentence.endswith("按两数相除增长约15%。")  # 11.3 to 19.6
    sentence, what, low, high = said(figure("real", "2012", "1000"), figure("real", "2013", "3000", "10"))
    assert sentence.endswith("价格须变动约173%，三个数才能同时成立。")
    # 2999.5 / 1000.5 / 1.105 and 3000.5 / 999.5 / 1.095
    assert (what, low, high) == ("须有的价格变动，%", pytest.approx(171.31, abs=0.01), pytest.approx(174.16, abs=0.01))


def test_a_fall_without_a_printed_growth_is_told_for_every_basis_and_as_an_amount():
    names = ("whole", "real", *OTHERS)

    def fall(name: str) -> list[dict]:
        return [figure(name, "2013", "19.7", unit_id="wanyi_cny"), figure(name, "2014", "160000", source_id="B")]

    months = [figure(name, "2014-01/2014-06", "80000", "-3", source_id="B") for name in names]
    told = [case(*fall(name), half) for name, half in zip(names, months, strict=True)]
    held("series_falls", [case(*fall(name)) for name in names], told)
    rows = found(fall("whole"))
    # 196500 less 160000.5, 197500 less 159999.5, in the unit of the later figure
    assert rows.select("misfit_low", "misfit_high", "misfit_zh").row(0) == (
        pytest.approx(36499.5), pytest.approx(37500.5), "低于上年公布的数，亿元",
    )  # fmt: skip


def test_what_grows_at_comparable_prices_may_fall_by_15_per_cent_where_no_growth_is_printed():
    def fall(name: str, text: str, **more) -> dict:
        return case(figure(name, "2013", "1000.0"), figure(name, "2014", text, source_id="B", **more))

    # 850.05 of 999.95 are 85.009%, 849.95 of them 84.9992%: the first may be a fall of prices by 15%, the second not.
    judged = [fall("real", "849.9"), fall("whole", "849.9", growth_basis="constant_price")]
    left = [fall("real", "850.0"), fall("real", "860.0"), fall("whole", "850.0", growth_basis="constant_price")]
    # What grows on another basis may not fall beyond rounding.
    judged += [fall(name, "999.9") for name in ("whole", *OTHERS)]
    left += [fall(name, "1000.0") for name in ("whole", *OTHERS)]
    held("series_falls", judged, left)


def test_prices_may_fall_by_half_where_industry_made_over_two_thirds_of_the_product_the_year_before():
    def fall(share: str | None, year: str = "2013", text: str = "740.0", growth: str | None = "0.5") -> dict:
        # 740.05 of 999.95 are 74.01%; 1.0045 times 0.85 are 85.38%, times 0.5 are 50.22%.
        rows = [figure("real", "2013", "1000.0"), figure("real", "2014", text, growth, source_id="B")]
        industry = figure("secondary_industry_gdp_share", year, share, unit_id="percent")
        return case(*rows, *([] if share is None else [industry]))

    left = [
        fall("75.5"),
        fall("90.97"),
        fall("66.8"),
        fall("75.5", growth=None),
        fall("75.5", text="500.0", growth=None),
    ]
    judged = [
        fall("50.0"),
        fall("66.7"),
        fall(None),
        fall("75.5", "2012"),
        fall("75.5", "2014"),
        fall("75.5", "2013-06"),
    ]
    both = ["growth_and_levels", "series_falls"]
    told = rules_of_each(*judged, *left)
    assert [sorted(rules) for rules in told] == [both] * len(judged) + [[]] * len(left)
    # Without a growth there is a fall alone to tell: 499.9 may be 499.95, and half of 999.95 is 499.975.
    silent = [fall("50.0", growth=None), fall("75.5", text="499.9", growth=None)]
    assert rules_of_each(*silent) == [["series_falls"]] * 2
    # The industry of one place says nothing of another.
    assert rules_of_each(fall(None), case(figure("secondary_industry_gdp_share", "2013", "75.5", unit_id="percent")))[0]


def test_a_published_fall_is_no_riddle():
    fall = [figure("whole", "2013", "19.7"), figure("whole", "2014", "17", "-13.7", source_id="B")]
    assert rules_of(*fall) == []


def test_a_count_is_exact_and_a_bound_word_leaves_its_side_open():
    more = figure("part", "2013", "90余", bound="more_than") | {"value": "90"}
    assert rules_of(figure("whole", "2013", "100"), more) == []
    assert rules_of(figure("whole", "2013", "80"), more) == ["part_exceeds_whole"]
    expected = figure("part", "2013", "120", bound="expected")
    hoped = figure("whole", "2013", "100", bound="expected")
    sure = figure("part", "2013", "120")
    assert rules_of_each(case(figure("whole", "2013", "100"), expected), case(hoped, sure)) == [[], []]
    about = figure("part", "2013", "约120", bound="about") | {"value": "120"}
    assert rules_of(figure("whole", "2013", "100"), about) == []


def printed(number: float, decimals: int) -> str:
    """Half rounded up, as in print: 31.25 is 31.3."""
    return f"{Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def consistent(chance: random.Random, park: str, kind: str = "zone") -> list[dict]:
    """A table of true values, rounded as a source would: part and whole, two years, growth beside the later one.

    Growth is taken on what its kind is taken on: nominal on last year's value; real at the prices of last year, which
    have changed since; on this year's list of units; on an adjusted base; or on nobody knows what. Of a sum of zones
    growth is that of the same members, and levels are of those of each year.
    """
    whole = chance.uniform(200, 5000)
    growth, rest_growth = chance.uniform(-20, 40), chance.uniform(-40, 90)
    share = chance.uniform(0.2, 0.9)
    part, rest = whole * share, whole * (1 - share)
    part_now, rest_now = part * (1 + growth / 100), rest * (1 + rest_growth / 100)
    whole_now = part_now + rest_now
    whole_growth, decimals, of_growth = 100 * (whole_now / whole - 1), chance.randint(0, 2), chance.randint(0, 1)
    members = chance.uniform(0.5, 3) if kind == "aggregate" else 1
    whole_now, part_now = whole_now * members, part_now * members
    count, total = chance.randint(3, 40), chance.randint(41, 200)
    zones = chance.randint(50, 200)
    p = {"park_id": park}
    rows = [
        figure("whole", "2012", printed(whole, decimals), **p),
        figure("part", "2012", printed(part, decimals), **p),
        figure("whole", "2013", printed(whole_now, decimals), printed(whole_growth, of_growth), **p),
        figure("part", "2013", printed(part_now, decimals), printed(growth, of_growth), **p),
        figure("whole", "2013", printed(whole_now, 2 - decimals), source_id="B", **p),
        figure("hightech_enterprises_certified", "2013", str(count), unit_id="enterprise", **p),
        figure("hightech_enterprises_city_share", "2013", printed(100 * count / total, 1), unit_id="percent", **p),
        figure("zones", "2012", str(zones), unit_id="zone", **p),
        figure("zones", "2013", str(int(zones * chance.uniform(0.92, 1.09))), unit_id="zone", **p),
    ]
    # What is only expected, at whatever growth was hoped for; and a series of which the definition changed.
    hoped = printed(whole_now * chance.uniform(0.5, 2), decimals)
    rows.append(figure("whole", "2014", hoped, printed(chance.uniform(0, 30), 1), bound="expected", **p))
    rows.append(figure("moved", "2012", printed(part + 7, decimals), **p))
    rows.append(figure("moved", "2013", printed((part + 7) * chance.uniform(1.1, 4), decimals), "9.5", **p))
    # Beside each whole of another basis now and then a part that is a steady share of it.
    factors = {"real": 1 + chance.uniform(-14.5, 39.5) / 100}
    factors |= {name: chance.uniform(0.3, 3) for name in OTHERS}
    parted = chance.choice(tuple(factors))
    for name, factor in factors.items():
        digits, later = chance.randint(1, 2), chance.choice("AB")
        then, volume, of = chance.uniform(200, 5000), chance.uniform(-20, 40), chance.uniform(0.2, 0.7)
        now, told = then * (1 + volume / 100) * factor * members, printed(volume, of_growth)
        rows.append(figure(name, "2012", printed(then, digits), **p))
        rows.append(figure(name, "2013", printed(now, digits), told, source_id=later, **p))
        if name == parted:
            # Its growth is its own where it is taken on a list or base of its own.
            told = told if name == "real" else printed(chance.uniform(-20, 40), of_growth)
            rows.append(figure(f"{name}_part", "2012", printed(then * of, digits), **p))
            rows.append(figure(f"{name}_part", "2013", printed(now * of, digits), told, source_id=later, **p))
    # By chance two figures of some table agree in all digits: that is no table to learn from.
    several = {(row["indicator_id"], row["value_text"]) for row in rows}
    return rows if len({text for _, text in several}) == len(several) else consistent(chance, park, kind)


def test_2_000_random_tables_that_are_consistent_raise_no_alarm():
    chance = random.Random(20140303)
    kinds = tuple("aggregate" if place % 5 == 0 else "zone" for place in range(2_000))
    rows = [row for place, kind in enumerate(kinds) for row in consistent(chance, f"p{place}", kind)]
    alarms = found(rows, kinds=kinds, breaks=[broken(f"p{place}", "moved", 2013) for place in range(2_000)])
    assert alarms.select("rule", "sentence_en").rows() == []


FAULTS = {  # what is spoilt: the rule that finds it
    "part above whole": "part_exceeds_whole",
    "nominal growth": "growth_and_levels",
    "prices up": "growth_and_levels",
    "prices down": "growth_and_levels",
    "version": "two_versions",
    "zones": "number_jumps",
    "unit": "unit_out_of_scale",
    "fall": "series_falls",
    "fall of a real growth": "series_falls",
    "growth of the part": "rest_grows_apart",
}


def test_of_3000_seeded_faults_every_one_is_found_and_no_other():
    chance = random.Random(7)
    rows, seeded = [], set()
    for place in range(3600):
        table = {}
        for row in consistent(chance, f"p{place}"):
            table[row["indicator_id"], row["period"], row["source_id"]] = row
        if place % 6:  # the others stay sound
            fault = tuple(FAULTS)[place % len(FAULTS)]
            spoil(table, fault, chance)
            seeded.add((FAULTS[fault], f"p{place}"))
        rows += table.values()
    breaks = [broken(f"p{place}", "moved", 2013) for place in range(3600)]
    raised = set(found(rows, kinds=("zone",) * 3600, breaks=breaks).select("rule", "park_id").rows())
    assert len(seeded) == 3000
    assert seeded - raised == set()
    assert {place for _, place in raised} == {place for _, place in seeded}


def spoil(table: dict, fault: str, chance: random.Random) -> None:
    """Put one fault beyond rounding into a table."""

    def put(key: tuple[str, str, str], number: float, decimals: int) -> None:
        text = printed(number, decimals)
        table[key] |= {"value": text, "value_text": text, "decimals": decimals}

    def grow(key: tuple[str, str, str], growth: float) -> None:
        table[key] |= {"growth_text": printed(growth, 1), "growth_pct": printed(growth, 1)}

    whole, later, part = ("whole", "2012", "A"), ("whole", "2013", "A"), ("part", "2012", "A")
    real = ("real", "2012", "A")
    real_now = next(key for key in table if key[:2] == ("real", "2013"))
    if fault == "part above whole":
        put(part, float(table[whole]["value"]) + 10 ** -table[whole]["decimals"] * 2, 2)
    elif fault == "nominal growth":
        grow(later, float(table[later]["growth_text"]) + chance.choice([-3, 3]))
    elif fault in ("prices up", "prices down"):
        # The growth at which prices would have risen by 41% to 80%, or fallen by 16% to 60%.
        prices = chance.uniform(1.41, 1.8) if fault == "prices up" else chance.uniform(0.4, 0.84)
        grow(real_now, 100 * (float(table[real_now]["value"]) / float(table[real]["value"]) / prices - 1))
    elif fault == "version":
        put(("whole", "2013", "B"), float(table[later]["value"]) * 1.02 + 2, 1)
    elif fault == "zones":
        put(("zones", "2013", "A"), int(float(table["zones", "2012", "A"]["value"]) * 1.3) + 1, 0)
    elif fault == "fall":
        put(("whole", "2013", "B"), float(table[whole]["value"]) * 0.9 - 2, 1)
        grow(later, chance.uniform(1, 30))
    elif fault == "fall of a real growth":
        growth = chance.uniform(0.1, 10)
        put(real_now, float(table[real]["value"]) * (1 + growth / 100) * chance.uniform(0.5, 0.84), 1)
        grow(real_now, growth)
        table[real_now]["source_id"] = "B"
    elif fault == "growth of the part":
        # The rest stood at a fifth to a third of what it is now.
        then, now, of = (float(table[key]["value"]) for key in (whole, later, ("part", "2013", "A")))
        grow(later, 100 * (now / then - 1))
        grow(("part", "2013", "A"), 100 * (of / (then - (now - of) * chance.uniform(0.2, 0.33)) - 1))
    else:
        put(whole, float(table[later]["value"]) * 10_000, 0)


EXPECTED = {  # each finding by hand from the rows that it names
    # 1703.0972 less 1633.07, and 1703.1 with its rounding less it
    "two_versions:xiangtan:output.gdp:2015": (70.02215, 70.085),
    # 894.005 less 850, and 894 with its rounding less it
    "two_versions:xiangtan:output.gdp:2010": (43.5045, 45),
    # 1866.7869 of the yearbook less 1762.02 after the census
    "two_versions:xiangtan:output.gdp:2016": (104.76185, 104.77195),
    # 2580 expected less 2548
    "two_versions:xiangtan:output.gdp:2021": (31.5, 32.5),
    # 1291.6626 of the yearbook less 1291.38 of the press
    "two_versions:loudi:output.gdp:2015": (0.27755, 0.28765),
    "series_falls:china_htz:output.industrial_output:2014": (2.15, 3.25),
    # 7731.6363 less 6810.1998: 88.08% of it after a growth of 6.5%, beyond a fall of prices by 15%
    "series_falls:dalian:output.gdp:2016": (921.4364, 921.4366),
    # 1028.5818 less 666.882: 64.8% of it, and no growth
    "series_falls:liaoyang:output.gdp:2016": (361.69925, 361.70035),
    # Liaoning in 2016: 1461.9713 after 2336.9966 at -10.3%, 766.7098 after 1164.6927 at -8.8%, 6810.1998 after
    # 7731.6363 at 6.5%, 1032.8139 after 1327.3292 at -6.55%, 5546.4498 after 7272.3051 at -5.6%, 1156.2477 after
    # 1513.7503 at -7.5%
    "growth_and_levels:anshan:gdp:2016:Y17G-143:Y16G-143": (-30.298, -30.220),
    "growth_and_levels:benxi:gdp:2016:Y17G-074:Y16G-074": (-27.858, -27.779),
    "growth_and_levels:dalian:gdp:2016:Y17G-045:Y16G-045": (-17.332, -17.255),
    "growth_and_levels:jinzhou:gdp:2016:Y17G-136:Y16G-136": (-16.739, -16.730),
    "growth_and_levels:shenyang:gdp:2016:Y17G-083:Y16G-083": (-19.250, -19.165),
    "growth_and_levels:yingkou:gdp:2016:Y17G-120:Y16G-120": (-17.468, -17.379),
    "one_value_two_names:xiangtan:2015:general_public_budget_revenue:total_fiscal_revenue": (0, 0),
    "target_below_base:cchtz:G43:P166": (50.65, 50.75),
    "target_below_base:cchtz:G42:P165": (15.5, 16.5),
    "two_forms_of_a_target:xthtz:T01:T02:A01": (8.07, 8.21),
    "number_jumps:china_htz:enterprises.national_zones": (27.19, 27.19),
}


def test_the_real_data_hold_the_findings_that_are_known_and_no_others():
    rows = {row["finding_id"]: row for row in get_consistency_findings().iter_rows(named=True)}
    assert set(rows) == set(EXPECTED)
    for code, (low, high) in EXPECTED.items():
        ends = (rows[code]["misfit_low"], rows[code]["misfit_high"])
        assert ends == pytest.approx((low, high), abs=0.003), code
    versions = rows["two_versions:xiangtan:output.gdp:2015"]["sentence_zh"]
    assert all(number in versions for number in ("1700亿元", "1703.0972亿元", "1703.1亿元", "1633.07亿元"))
    assert rows["series_falls:china_htz:output.industrial_output:2014"]["misfit_zh"] == "低于上年公布的数，万亿元"


def test_each_finding_has_both_languages_its_sources_and_an_innocent_explanation():
    rows = get_consistency_findings()
    for column in ("sentence_zh", "sentence_en", "explanation_zh", "explanation_en", "misfit_zh", "misfit_en"):
        assert rows[column].null_count() == 0
    assert rows.filter(pl.col("sources").list.len() == 0).is_empty()
    words = " ".join([*rows["sentence_zh"], *rows["sentence_en"], *rows["explanation_zh"], *rows["explanation_en"]])
    for accusing in ("错误", "虚假", "造假", "false", "error", "wrong figure"):
        assert accusing not in words


def test_the_known_remarks_come_along():
    told = dict(get_consistency_findings().select("finding_id", "caveats").rows())
    assert any("114家" in remark for remark in told["series_falls:china_htz:output.industrial_output:2014"])


def test_a_new_rule_is_a_new_file_and_nothing_else(tmp_path):
    folder = tmp_path / "checks"
    shutil.copytree(CHECKS_FOLDER, folder)
    text = (folder / "two_versions.sql").read_text("utf-8").replace("count(*) > 1", "count(*) > 2")
    (folder / "three_versions.sql").write_text(text, "utf-8")
    with open_cursor() as connection:
        rows = run_checks(connection, read_checks(folder)).filter(pl.col("rule") == "three_versions")
    found_in = ["three_versions:xiangtan:output.gdp:2010", "three_versions:xiangtan:output.gdp:2015"]
    assert sorted(rows["finding_id"].to_list()) == found_in


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- severity: contradiction\n", "", "the head lacks severity"),
        ("-- severity: contradiction", "-- severity: wrong", "severity is 'wrong'. Take one of contradiction"),
        ("-- explanation_en:", "-- explanation:", "the head lacks explanation_en"),
        ("as sentence_en,", "as sentence,", "the rows lack sentence_en"),
        ("from worded as part", "from wordded as part", "part_exceeds_whole.sql: Catalog Error"),
    ],
)
def test_a_broken_check_is_told_with_file_and_mend(old, new, said, tmp_path):
    path = tmp_path / "part_exceeds_whole.sql"
    path.write_text((CHECKS_FOLDER / "part_exceeds_whole.sql").read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(BadCheck) as problem, open_cursor() as connection:
        run_checks(connection, [read_check(path)])
    assert said in str(problem.value)
    assert str(problem.value).startswith("part_exceeds_whole.sql")
