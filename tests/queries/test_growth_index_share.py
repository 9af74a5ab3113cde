"""Growth, index and share of printed figures: known answers by hand, intervals, formulas, what is not computed."""

import json
from datetime import date

import polars as pl
import pytest

from queries.figures.growth_index_share import MEASURES, can_compute_shares, convert_to_measure, find_base_years
from queries.figures.observations import get_observations
from tests.conftest import HOME
from tests.tools.facts import with_facts


def nation(*indicators):
    return get_observations(indicators=list(indicators), parks=["china_htz"])


def nominal(*figures, **more):
    """Levels of trade of the zone, of which growth is nominal, as (period, digits) or with a printed growth."""
    rows = get_observations(indicators=["trade_total"], parks=["hfhtz"])
    first = rows.filter(pl.col("period") == "2014").row(0, named=True) | {"park_id": HOME, "park_zh": "湘潭高新区"}
    made = []
    for period, digits, *growth in figures:
        half = 0.5 * 10 ** -len(digits.partition(".")[2])
        year = int(period[:4])
        told = growth[0] if growth else None
        row = {
            "period": period, "period_start": date(year, 1, 1), "period_end": date(year, 12, 31),
            "value": float(digits), "value_text": digits, "low": float(digits) - half, "high": float(digits) + half,
            "growth_text": told, "growth_pct": float(told) if told else None,
            "observation_id": f"X{period}{more.get('source_id', '')}",
        }  # fmt: skip
        made.append(with_facts(first | row | more))
    return pl.DataFrame(made, schema=rows.schema)


def of(rows, period):
    """The one row of a period."""
    found = rows.filter(pl.col("period") == period)
    assert found.height == 1
    return found.row(0, named=True)


def test_trade_grew_33_395_per_cent_as_17257_4_over_12937_1():
    row = of(convert_to_measure(nominal(("2002", "12937.1"), ("2003", "17257.4")), "growth"), "2003")
    # 17257.35/12937.15 = 1.333937…, 17257.45/12937.05 = 1.333955…: 33.4 would lie outside.
    assert (row["value_text"], row["value"], row["bound"]) == ("约33.395", 33.395, "about")
    assert (row["low"], row["high"]) == (33.3937, 33.3956)
    assert row["formula"] == "17257.4亿美元 ÷ 12937.1亿美元 − 1"
    assert (row["evidence"], row["status"], row["unit_id"]) == ("derived", "derived", "percent")
    assert row["indicator_zh"] == "进出口总额，比上年增长（名义）"
    assert row["indicator_en"].endswith(", growth on the year before (nominal)")


def test_figures_printed_in_few_digits_give_a_growth_of_few_digits():
    row = of(convert_to_measure(nominal(("2013", "20.3"), ("2014", "22.7")), "growth"), "2014")
    # 22.65/20.35 = 1.1130…, 22.75/20.25 = 1.1234…: 22.7 is anything from 22.65 to 22.75.
    assert row["value_text"] == "约12"
    assert (row["low"], row["high"]) == (11.3022, 12.3457)
    assert row["formula"] == "22.7亿美元 ÷ 20.3亿美元 − 1"


def test_growth_is_computed_of_nominal_figures_alone():
    levels = (("2012", "100.0"), ("2013", "110.0"))
    assert convert_to_measure(nominal(*levels), "growth")["value_text"].to_list() == ["约10.0"]
    for basis in ("constant_price", "comparable_scope", "restated", "unknown", None):
        assert convert_to_measure(nominal(*levels, growth_basis=basis), "growth").is_empty()
    for place in ("china_htz", "anhui_htz20"):
        assert convert_to_measure(nominal(*levels, park_id=place), "growth").is_empty()
    then, now = nominal(levels[0], growth_basis="comparable_scope"), nominal(levels[1])
    assert convert_to_measure(pl.concat([then, now]), "growth").is_empty()


def test_growth_is_computed_of_final_figures_of_neighbouring_years_alone():
    then, now = nominal(("2012", "100.0")), nominal(("2013", "110.0"))
    for bound in ("expected", "about", "at_least", "more_than", "exceeded"):
        limit = pl.lit(bound).alias("bound")
        assert convert_to_measure(pl.concat([then.with_columns(limit), now]), "growth").is_empty()
        assert convert_to_measure(pl.concat([then, now.with_columns(limit)]), "growth").is_empty()
    assert convert_to_measure(nominal(("2011", "100.0"), ("2013", "110.0")), "growth").is_empty()
    # Where the growth was printed, in whichever text, no quotient stands beside it.
    printed = nominal(("2013", "110.0", "9.8"), source_id="CHIN-20140303")
    assert convert_to_measure(pl.concat([then, now, printed]), "growth")["value_text"].to_list() == ["9.8"]


def test_of_the_shipped_figures_only_counts_in_two_editions_of_one_yearbook_are_a_growth():
    # The other nominal series of several years are of sums of zones, and stocks at dates that are no neighbours.
    growth = convert_to_measure(get_observations(), "growth")
    computed = growth.filter(pl.col("evidence") == "derived")
    assert set(growth["evidence"]) == {"published", "derived"}
    assert sorted(computed.select("park_id", "indicator_id", "period", "value_text", "inputs").rows()) == [
        # 5181 / 4680 = 1.10705, 3122930 / 3221028 = 0.96954, 24934 / 24294 = 1.02634, 18301 / 17844 = 1.02561
        ("tjhtz", "enterprises_in_statistics", "2024", "约10.7", "TY25-002; TY24-004"),
        ("zgc", "employees_year_end", "2024", "约-3.0", "TY25-006; TY24-008"),
        ("zgc", "enterprises_in_statistics", "2024", "约2.6", "TY25-007; TY24-009"),
        ("zgc", "hightech_enterprises", "2024", "约2.6", "TY25-005; TY24-007"),
    ]


def test_growth_over_two_units_of_money_takes_them_as_one():
    then = nominal(("2012", "165000"), unit_id="yi_cny", unit_zh="亿元")
    now = nominal(("2013", "19.7"), unit_id="wanyi_cny", unit_zh="万亿元")
    row = of(convert_to_measure(pl.concat([then, now]), "growth"), "2013")
    # 197000 / 165000 = 1.1939…; 19.7万亿元 is anything from 196500 to 197500.
    assert row["value_text"] == "约19.4"
    assert row["low"] < 100 * (196500 / 165000 - 1) + 0.01
    assert row["high"] > 100 * (197500 / 165000 - 1) - 0.01
    assert row["formula"] == "19.7万亿元 ÷ 165000亿元 − 1"
    dollars = nominal(("2012", "165000"))
    assert convert_to_measure(pl.concat([dollars, now]), "growth").is_empty()


def test_a_printed_growth_stays_published_and_goes_before_a_quotient():
    rows = convert_to_measure(get_observations(indicators=["total_revenue"], parks=[HOME]), "growth")
    row = rows.row(0, named=True)
    assert rows.height == 1
    assert (row["evidence"], row["value"], row["value_text"], row["formula"]) == ("published", 43.6, "43.6", None)
    assert (row["low"], row["high"]) == (43.55, 43.65)
    city = convert_to_measure(get_observations(indicators=["gdp"], parks=["xiangtan"]), "growth")
    printed = city.filter((pl.col("evidence") == "published") & (pl.col("period") == "2023"))
    assert printed.select("value", "source_id").rows() == [(5.1, "MAIGOO-XT2023"), (5.1, "CSY-2024")]
    assert "2015" not in city.filter(pl.col("evidence") == "derived")["period"].to_list()  # 9.6 was printed
    assert "2013" not in city["period"].to_list()  # 1443.0649 after 1282.3929, at current prices and with no growth


def test_a_printed_growth_that_was_only_expected_stays_so_and_has_no_interval():
    row = of(convert_to_measure(nation("industrial_output"), "growth"), "2016")
    assert (row["value_text"], row["bound"], row["low"], row["high"]) == ("10.3", "expected", None, None)


def test_an_expected_figure_is_in_no_growth_index_or_share():
    city = get_observations(indicators=["retail_sales"], parks=["xiangtan"])
    assert {"2014", "2015", "2023"} <= set(city["period"])  # 450, 521.6 expected, and 8849999万元
    assert "2015" not in convert_to_measure(city, "growth")["period"].to_list()
    index = convert_to_measure(city, "index", 2014)
    assert index["period"].to_list() == ["2014", "2023"]
    assert convert_to_measure(city, "index", 2015).is_empty()
    assert find_base_years(city) == [2014, 2023]
    # Nor where a final one stands beside it: 2548 counts for 2021, and 2580 had been expected.
    product = get_observations(indicators=["gdp"], parks=["xiangtan"])
    assert sorted(product.filter(pl.col("period") == "2021")["value_text"]) == ["2548", "2580"]
    assert of(convert_to_measure(product, "index", 2020), "2021")["formula"] == "2548亿元 ÷ 2343.15亿元 × 100"
    counted = get_observations(indicators=["new_industrial_enterprises_above_scale"], parks=[HOME])
    assert counted.select("bound", "value_text").rows() == [("expected", "12")]
    assert convert_to_measure(counted, "share").is_empty()  # of 25 expected


def test_an_index_is_100_in_its_base_year_and_334_in_2006_where_2002_is_100():
    rows = convert_to_measure(nation("exports", "export_earnings_value"), "index", 2002)
    assert of(rows, "2002")["value_text"] == "100.0"
    assert of(rows, "2002")["bound"] == "none"
    last = of(rows, "2006")
    assert last["formula"] == "1360.9亿美元 ÷ 329.2亿美元 × 100"
    assert last["value_text"] == "约413.4"  # 1360.9 / 329.2 = 4.13396
    assert last["low"] < 413.396 < last["high"]
    assert last["unit_id"] == "index"
    # Sums of zones: no growth, and told so by name.
    assert last["indicator_zh"].endswith("，总量之比，2002年=100（含价格和统计范围的变动）")
    assert last["indicator_en"].endswith(", ratio of totals, 2002 = 100 (changes of prices and of coverage included)")


def test_an_index_is_one_of_growth_for_nominal_figures_alone_and_else_has_a_name_of_its_own():
    def names(**more) -> set[str]:
        rows = convert_to_measure(nominal(("2012", "100.0"), ("2013", "110.0"), **more), "index", 2012)
        assert rows["value_text"].to_list() == ["100.0", "约110.0"]
        return set(rows.select(pl.col("indicator_zh").str.split("，").list.slice(1).list.join("，")).to_series())

    assert names() == {"2012年=100"}
    ratio = {"总量之比，2012年=100（含价格和统计范围的变动）"}
    for basis in ("constant_price", "comparable_scope", "restated", "unknown"):
        assert names(growth_basis=basis) == ratio
    assert names(park_id="china_htz") == ratio


def test_an_index_over_two_units_of_money_takes_them_as_one():
    row = of(convert_to_measure(nation("industrial_output"), "index", 2002), "2013")
    assert row["formula"] == "19.7万亿元 ÷ 12937.1亿元 × 100"
    assert row["low"] < 100 * 197000 / 12937.1 < row["high"]


def test_pct_is_0_33_per_cent_of_the_patents_and_output_above_scale_79_4_of_the_whole():
    rows = convert_to_measure(get_observations(parks=[HOME]), "share")
    pct = rows.filter(pl.col("indicator_id") == "pct_applications").row(0, named=True)
    assert (pct["value_text"], pct["formula"]) == ("约0.33", "1项 ÷ 302项")
    assert pct["low"] < 100 / 302 < pct["high"]
    above = rows.filter(pl.col("indicator_id") == "industrial_output_above_scale").row(0, named=True)
    assert (above["value_text"], above["low"], above["high"]) == ("约79.4", 79.3574, 79.5195)
    assert above["indicator_zh"] == "规模工业总产值占工业总产值"
    assert above["formula"] == "438.5亿元 ÷ 552亿元"


def test_the_whole_of_a_part_is_found_though_it_is_not_among_the_rows():
    part = get_observations(indicators=["industrial_output_above_scale"], parks=[HOME])
    assert convert_to_measure(part, "share")["value_text"].to_list() == ["约79.4"]
    assert can_compute_shares(part)
    assert not can_compute_shares(get_observations(indicators=["gdp"]))


def test_nothing_is_computed_across_a_break_of_a_series():
    rows = get_observations(indicators=["industrial_value_added_above_scale"], parks=["xiangtan"])
    assert {"2014", "2015"} <= set(rows.filter(pl.col("value").is_not_null())["period"])
    growth = convert_to_measure(rows, "growth")
    assert growth.filter((pl.col("evidence") == "derived") & (pl.col("period") == "2015")).is_empty()
    index = convert_to_measure(rows, "index", 2014)
    assert "2015" not in index["period"].to_list()
    assert convert_to_measure(rows, "index", 2015).is_empty()  # a base alone says nothing


def test_of_a_rate_there_is_no_growth_and_no_index():
    rates = get_observations(indicators=["hightech_value_added_gdp_share"], parks=["xiangtan"])
    assert rates.height >= 2
    assert convert_to_measure(rates, "growth").filter(pl.col("evidence") == "derived").is_empty()
    assert convert_to_measure(rates, "index", 2015).is_empty()
    assert find_base_years(rates) == []


def test_months_are_set_beside_the_same_months_of_another_year_only():
    rows = get_observations(indicators=["gdp"], parks=["xiangtan"])
    # The break of 2015 is one of versions of whole years, and half-years have one version.
    index = convert_to_measure(rows, "index", 2015)
    assert of(index, "2013-01/2013-06")["formula"] == "630.8亿元 ÷ 744.5亿元 × 100"
    assert not {"2013", "2014"} & set(index["period"]), "whole years stay apart"
    later = of(rows, "2015-01/2015-06")

    def moved(year, month):
        span = {"period_start": date(year, 1, 1), "period_end": date(year, month, 30)}
        code = {"observation_id": f"X{year}{month}", "period": f"{year}-01/{year}-{month:02}"}
        return with_facts(later | code | span)

    made = pl.DataFrame([moved(2014, 6), moved(2012, 9)], schema=rows.schema)
    index = convert_to_measure(pl.concat([rows.filter(pl.col("year") < 2015), made]), "index", 2014)
    assert of(index, "2013-01/2013-06")["formula"] == "630.8亿元 ÷ 744.5亿元 × 100"
    assert of(index, "2013")["formula"] == "1443.0649亿元 ÷ 1570.6亿元 × 100"
    assert "2012-01/2012-09" not in index["period"].to_list()


def test_a_bound_is_no_number_to_compute_with():
    rows = get_observations(indicators=["total_revenue"], parks=["xttyetdz"])
    assert rows["bound"].to_list() == ["at_least"]
    assert find_base_years(rows) == []


def test_what_is_computed_never_follows_from_a_derived_figure():
    both = get_observations(parks=[HOME, "xiangtan"], evidence=("published", "derived"))
    printed = get_observations(parks=[HOME, "xiangtan"])
    for measure, base in (("growth", None), ("index", 2015), ("share", None)):
        assert convert_to_measure(both, measure, base).equals(convert_to_measure(printed, measure, base))


def test_every_computed_row_says_how_from_what_and_within_which_interval():
    known = set(get_observations()["observation_id"])
    for measure, base in (("growth", None), ("index", 2015), ("share", None)):
        rows = convert_to_measure(get_observations(), measure, base)
        assert rows.height > 0
        assert rows.columns == get_observations().columns
        for row in rows.filter(pl.col("evidence") == "derived").iter_rows(named=True):
            assert set(row["inputs"].split("; ")) <= known
            assert row["formula"]
            assert row["low"] <= row["high"]
            assert row["low"] - 1 <= row["value"] <= row["high"] + 1
            assert row["value_text"].startswith("约") or row["low"] == row["high"] == row["value"]
            assert "预计" not in row["formula"]
            assert row["source_title"]
            assert row["locator"]
        assert rows["observation_id"].is_unique().all()
        json.dumps(rows.select(pl.exclude(pl.Date)).to_dicts(), allow_nan=False)


def test_levels_stay_what_they_are_and_an_unknown_measure_is_refused():
    rows = get_observations(parks=[HOME])
    assert convert_to_measure(rows, "level") is rows
    assert convert_to_measure(rows.clear(), "growth").is_empty()
    with pytest.raises(ValueError, match="level, growth, index, share, got 'speed'"):
        convert_to_measure(rows, "speed")
    assert MEASURES == ("level", "growth", "index", "share")


def test_a_base_year_that_most_series_have_comes_first():
    rows = nation("industrial_output", "operating_total_revenue", "employees_year_end")
    assert find_base_years(rows)[0] == 2002
    assert 2014 in find_base_years(rows)
    assert 2016 not in find_base_years(rows)  # 20.5 was only expected
    assert find_base_years(get_observations(indicators=["total_revenue"], parks=[HOME])) == []


def test_the_totals_of_a_sum_are_no_growth_and_their_ratio_stops_where_the_definition_is_doubtful():
    nation = get_observations(indicators=["industrial_output"], parks=["china_htz"])
    assert convert_to_measure(nation, "growth")["period"].to_list() == ["2016"]  # 10.3 was printed
    index = convert_to_measure(nation, "index", 2013)
    assert "2014" not in index["period"].to_list()  # 17 after 19.7 (series_break.csv)
    assert index["period"].to_list() == ["2002", "2003", "2004", "2005", "2006", "2011", "2013"]
    assert all("总量之比" in name for name in index["indicator_zh"])
