"""Figures in proportion to the product or the people of their place: known answers by hand, and what has none."""

from fractions import Fraction

import polars as pl
import pytest
from starlette.testclient import TestClient

from queries.api.routes import api
from queries.catalogue.catalogue import get_indicators
from queries.figures import comparison
from queries.figures.ranking import rank_places
from queries.figures.ratios import is_amount
from queries.places.peer_groups import find_approved_in

client = TestClient(api)


def compared(indicator, measure, park="xiangtan", lang="zh"):
    return comparison.get_compared_figures(indicator, measure, None, [], park, lang)


def one(rows, park, year):
    return rows.filter((pl.col("park_id") == park) & (pl.col("year") == year)).row(0, named=True)


def test_the_high_tech_enterprises_of_xian_for_each_10_billion_yuan_of_its_product():
    row = one(compared("hightech_enterprises", "per_gdp"), "xian", 2023)
    # 13,550 enterprises, counted; 12,011 is 12,010.5 to 12,011.5.
    low, high = Fraction(13550 * 100 * 2, 24023), Fraction(13550 * 100 * 2, 24021)
    assert row["low"] == pytest.approx(float(low), abs=1e-4)
    assert row["high"] == pytest.approx(float(high), abs=1e-4)
    assert row["low"] <= low < high <= row["high"]
    assert row["value_text"] == "约112.81"
    assert low <= Fraction("112.81") < high
    assert row["formula"] == "13550个 ÷ (12011亿元 ÷ 100亿元)"
    assert (row["evidence"], row["unit_zh"]) == ("derived", "个")
    assert row["indicator_zh"] == "每百亿元地区生产总值的高新技术企业数"


def test_the_proportion_names_both_figures_that_it_follows_from():
    row = one(compared("hightech_enterprises", "per_people", lang="en"), "xian", 2023)
    assert row["formula"] == "13550个 ÷ (1308万人 ÷ 1万人)"
    assert row["indicator_en"] == "High-tech enterprises per 10,000 residents"
    assert len(row["inputs"].split("; ")) == 2
    assert row["locator"].count(";") >= 1


def test_of_the_cities_of_zones_approved_from_2009_to_2011_dongguan_has_most_for_its_product():
    ranked = rank_places(compared("hightech_enterprises", "per_gdp"), 2023, "xiangtan")
    peers = [*find_approved_in("xiangtan", 2009, 2011).parks, "xiangtan"]
    first = ranked.filter(pl.col("park_id").is_in(peers)).head(3)
    assert first.select("park_id", "value_text").rows() == [
        ("dongguan", "约89.09"), ("jiangmen", "约69.74"), ("suzhou", "约63.74"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "indicator",
    ["gdp", "resident_population", "primary_industry_gdp_share", "gdp_per_capita", "urban_nonprivate_wage",
     "urban_income", "approved_area"],
)  # fmt: skip
@pytest.mark.parametrize("measure", ["per_gdp", "per_people"])
def test_a_size_a_rate_an_average_and_an_area_are_not_set_in_proportion(indicator, measure):
    assert compared(indicator, measure).is_empty()
    assert not get_indicators().filter(pl.col("indicator_id") == indicator).select(is_amount()).item()


def test_an_amount_in_money_keeps_its_unit():
    row = one(compared("local_general_public_budget_revenue", "per_gdp"), "changsha", 2023)
    # 12,270,734 of 10,000 yuan against 14,332 of 100 million yuan
    assert row["unit_zh"] == "万元"
    assert row["low"] <= 12270734 / 143.32 <= row["high"]


def test_every_proportion_holds_the_number_that_is_shown_and_no_other_sign():
    rows = compared("patent_grants", "per_people")
    assert rows.height > 140
    shown = rows["value_text"].str.strip_prefix("约").cast(pl.Float64)
    assert ((rows["low"] <= shown) & (shown <= rows["high"])).all()
    assert (rows["low"] >= 0).all()


def test_a_program_gets_the_same_proportions():
    asked = {"park": "xiangtan", "indicator": "hightech_enterprises", "as": "per_gdp", "year": "2023"}
    rows = pl.read_csv(client.get("/compare.csv", params=asked).content)
    assert rows.select("park_id", "value_text", "rank").row(0) == ("xian", "约112.81", 1)
