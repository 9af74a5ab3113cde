"""What growth is taken on: said for every indicator, and which values of last year follow from it."""

import re

import polars as pl
import pytest

from queries.catalogue import catalogue
from queries.figures.growth import CONDITION, GROWTH_BASES, judge_base_derivation
from queries.figures.observations import get_observations

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Values of the year before that follow from a figure and a nominal growth: figure, place, period, what is shown.
NOMINAL = {
    "A07": ("xthtz", "patent_applications", "2012", "232或233"),  # 302 at 30
    "P183": ("cdhtz", "trade_value", "2013-01/2013-06", "约128"),  # 147 at 15.1
    "P208": ("wlmqhtz", "foreign_trade_total", "2012", "约22.3"),  # 25.6 at 15
    "P222": ("hfhtz", "trade_total", "2013", "约12.3"),  # 18.2 at 48.4
    "P244": ("xahtz", "foreign_trade_total", "2014", "约185"),  # 220 at 18.78
    "N-011": ("lanzhou_htz", "export_earnings", "2007", "约6250"),  # 7500 at 20: 6223.7 to 6276.6
}
# Those that hold if the growth is nominal and like for like, which no source says.
CONDITIONAL = {
    "A01": ("xthtz", "total_revenue", "2012", "约501.5"),
    "A02": ("xthtz", "industrial_output", "2012", "约423"),
    "P014": ("xthtz", "wind_energy_output", "2020-01/2020-06", "约27"),
    "P038": ("xtetdz", "total_revenue", "2016-01/2016-09", "约1275"),
    "P040": ("xtetdz", "hightech_output", "2016-01/2016-09", "约363.3"),
    "P069": ("xiangtan", "urban_income", "2013", "约24810"),
    "P070": ("xiangtan", "rural_income", "2013", "约12670"),
    "P127": ("yyhtz", "resident_income", "2017", "约30250"),
    "P148": ("hunan", "hightech_industry_gross_output", "2012", "约11410"),
    "P164": ("cchtz", "industrial_output", "2012", "约3401"),
    "P224": ("hfhtz", "strategic_emerging_output", "2013", "约289.0"),
    "P234": ("nchtz", "foreign_capital_utilised", "2012", "约4"),
    "P235": ("nchtz", "domestic_capital_utilised", "2012", "约82.6"),
    "N-008": ("lanzhou_htz", "total_revenue", "2007", "约250"),  # 400 at 60: 248.9 to 251.1
}
# Of the growths of zones together, nominal as printed or as they are counted: their members may have changed.
SUMS = {"P273", "P340", "P349", "P354", "P276", "P277"}


def bases_of() -> pl.DataFrame:
    """Every value of a year before that is derived from the shipped data."""
    return get_observations(evidence=("derived",)).filter(pl.col("observation_id").str.ends_with("-base"))


def figure(code: str) -> dict:
    """One published figure."""
    return get_observations().filter(pl.col("observation_id") == code).row(0, named=True)


def test_every_indicator_says_what_its_growth_is_taken_on_and_why_in_both_languages():
    rows = catalogue.get_indicators()
    assert rows.height == 196
    assert set(rows["growth_basis"]) == set(GROWTH_BASES)
    for row in rows.iter_rows(named=True):
        assert CHINESE.search(row["growth_basis_zh"]), row["indicator_id"]
        assert row["growth_basis_zh"].endswith("。"), row["indicator_id"]
        assert not CHINESE.search(row["growth_basis_en"]), row["indicator_id"]
        assert len(row["growth_basis_en"]) > 20, row["indicator_id"]


def test_one_reason_belongs_to_one_basis_and_is_one_sentence_in_either_language():
    rows = catalogue.get_indicators().select("growth_basis", "growth_basis_zh", "growth_basis_en").unique()
    assert rows["growth_basis_zh"].is_unique().all()
    assert rows["growth_basis_en"].is_unique().all()


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        (("gdp", "value_added"), "constant_price"),
        (("above_designated_size", "above_scale_profit", "above_scale_main", "output_above_scale"), "comparable_scope"),
        (("fiscal", "budget_revenue", "fixed_asset", "retail_sales", "tax_revenue"), "restated"),
        (("patent", "trade", "export"), "nominal"),
        (("income", "total_revenue"), "unknown"),
    ],
)
def test_the_groups_of_indicators_have_the_basis_that_statistics_give_them(words, basis):
    rows = catalogue.get_indicators().filter(pl.col("measure") == "flow")
    found = rows.filter(pl.col("indicator_id").str.contains_any(list(words)))
    other = dict(found.filter(pl.col("growth_basis") != basis).select("indicator_id", "growth_basis").iter_rows())
    # What counts enterprises of a changing list, or the value added of those above a size, has the rule of that.
    allowed = {
        "constant_price": set(),
        "comparable_scope": {"industrial_value_added_above_designated_size": "constant_price"}.keys()
        | {"fixed_asset_investment_above_designated_size"},
        "restated": set(),
        "nominal": {"hightech_sector_exports", "tech_industry_trade_revenue"},
        "unknown": {
            "operating_total_revenue", "enterprise_total_revenue", "business_total_revenue", "fiscal_tax_total_revenue",
        },
    }  # fmt: skip
    assert found.height > 0
    assert set(other) <= allowed[basis]


def test_what_the_text_of_a_figure_says_goes_before_its_indicator():
    indicators = dict(catalogue.get_indicators().select("indicator_id", "growth_basis").iter_rows())
    for code, basis, note in (
        ("P166", "comparable_scope", "增速为可比口径"),
        ("P167", "comparable_scope", "增速为可比口径"),
        ("P354", "nominal", "名义增速"),
    ):
        row = figure(code)
        assert (row["growth_basis"], row["note"]) == (basis, note)
        assert indicators[row["indicator_id"]] != basis


def test_every_figure_whose_note_says_what_its_growth_is_taken_on_has_that():
    said = {"增速为可比口径": "comparable_scope", "名义增速": "nominal"}
    rows = get_observations().filter(pl.col("growth_pct").is_not_null())
    assert rows.filter(pl.col("note") == "名义增速").height == 1
    assert rows.filter(pl.col("note") == "增速为可比口径").height == 2
    for row in rows.filter(pl.col("note").is_in(list(said))).iter_rows(named=True):
        assert row["growth_basis"] == said[row["note"]], row["observation_id"]


def test_the_growth_of_a_sum_of_zones_is_that_of_the_same_members():
    indicators = dict(catalogue.get_indicators().select("indicator_id", "growth_basis").iter_rows())
    sums = catalogue.get_sum_places()
    assert sums == {"china_htz", "anhui_htz20", "guangxi_htz6", "hunan_htz22", "hunan_parks", "xt_parks", "zz_parks"}
    seen = set()
    for row in get_observations().filter(pl.col("measure") != "rate").iter_rows(named=True):
        own = indicators[row["indicator_id"]]
        if row["observation_id"] in ("P166", "P167", "P354"):
            continue
        changed = row["park_id"] in sums and own in ("nominal", "unknown")
        assert row["growth_basis"] == ("comparable_scope" if changed else own), row["observation_id"]
        seen.add((row["park_id"] in sums, own))
    assert {(True, "nominal"), (True, "unknown"), (False, "nominal"), (False, "unknown")} <= seen
    assert figure("P273")["growth_basis"] == "comparable_scope"  # exports of the zones of Anhui


@pytest.mark.parametrize(("basis", "known"), [("nominal", NOMINAL), ("unknown", CONDITIONAL)])
def test_the_values_of_the_year_before_are_these_and_no_others(basis, known):
    rows = bases_of().filter(pl.col("growth_basis") == basis)
    found = rows.select("inputs", "park_id", "indicator_id", "period", "value_text").rows()
    assert {code: tuple(told) for code, *told in found} == known
    assert set(rows["note"]) == ({None} if basis == "nominal" else {CONDITION["zh"]})


def test_there_are_20_values_of_the_year_before_each_of_the_two_kinds():
    assert dict(bases_of()["growth_basis"].value_counts().iter_rows()) == {"nominal": 6, "unknown": 14}


def test_none_follows_from_real_growth_or_from_growth_on_another_list_or_base_or_of_a_sum():
    derived = bases_of()
    indicators = catalogue.get_indicators().filter(pl.col("growth_basis").is_in(["nominal", "unknown"]))["indicator_id"]
    assert derived.filter(~pl.col("indicator_id").is_in(indicators)).is_empty()
    words = ("gdp", "value_added", "above_scale", "above_designated", "fiscal", "tax", "budget", "investment", "retail")
    assert derived.filter(pl.col("indicator_id").str.contains_any(list(words))).is_empty()
    assert derived.filter(pl.col("park_id").is_in(list(catalogue.get_sum_places()))).is_empty()
    inputs = set(derived["inputs"])
    assert not inputs & SUMS
    grown = set(get_observations().filter(pl.col("growth_pct").is_not_null())["observation_id"])
    assert inputs | SUMS <= grown


def test_the_reading_of_one_figure():
    row = figure("A07")
    key, year = row["comparable_key"], row["period_end"].year
    assert judge_base_derivation(row, (), ()) == "plain"
    assert judge_base_derivation(row | {"growth_basis": "unknown"}, (), ()) == "conditional"
    for basis in ("constant_price", "comparable_scope", "restated", None):
        assert judge_base_derivation(row | {"growth_basis": basis}, (), ()) is None
    assert judge_base_derivation(row, {"xthtz"}, ()) is None
    assert judge_base_derivation(row, (), {("xthtz", key, year)}) is None
    assert (
        judge_base_derivation(row, (), {("xthtz", key, year - 1), ("xiangtan", key, year), ("xthtz", "x.y", year)})
        == "plain"
    )
    for bound in ("expected", "about", "at_least", "more_than", "exceeded"):
        assert judge_base_derivation(row | {"bound": bound}, (), ()) is None
    assert (
        judge_base_derivation(row | {"value": None}, (), ())
        is judge_base_derivation(row | {"growth_pct": None}, (), ())
        is None
    )
