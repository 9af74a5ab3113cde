"""Places beside each other: known answers by hand from the sources, what is left open, the page, the routes."""

import io
import json

import fastexcel
import polars as pl
import pytest
from starlette.testclient import TestClient

from pages.charts import chart_points, trends
from pages.exploring import peers, ranking_charts, view_panels
from queries.api.routes import api
from queries.catalogue import catalogue
from queries.export import formats as files
from queries.figures import comparison, growth_index_share
from queries.figures.precedence import mark_versions
from queries.figures.ranking import rank_places, select_annual_figures
from queries.targets.targets import get_judged_targets
from tests.conftest import hold, speak
from tests.pages.test_own_figures import put
from tests.pages.test_pages import CHINESE, cells, opened, points, said, table, told, unfolded, widget
from tests.tools.facts import with_facts

client = TestClient(api)
# Gross domestic product of the prefectures of Hunan in 2015, 亿元: as one text of February 2016 printed them all, which
# goes before the yearbook of that year, but that of Xiangtan, which was revised from 1703.1 five years later.
GDP_2015 = [
    ("长沙市", "8510.13", 1), ("岳阳市", "2886.28", 2), ("常德市", "2709.02", 3), ("衡阳市", "2601.57", 4),
    ("株洲市", "2335.11", 5), ("郴州市", "2012.07", 6), ("湘潭市", "1633.07", 7), ("永州市", "1418.18", 8),
    ("邵阳市", "1387.0", 9), ("益阳市", "1354.41", 10), ("娄底市", "1291.38", 11), ("怀化市", "1273.25", 12),
    ("湘西自治州", "497.19", 13), ("张家界市", "447.7", 14),
]  # fmt: skip


HUNAN = ["hunan_peer"]  # the role of the other places of Hunan


def levels(indicator, park, year, roles=()):
    return rank_places(comparison.get_compared_figures(indicator, "level", None, [*roles], park, "zh"), year, park)


def ranked(rows):
    return [row[1:] for row in rows.filter(pl.col("rank").is_not_null())
            .select("park_id", "park_zh", "value_text", "rank").rows()]  # fmt: skip


def made(*figures, indicator="industrial_output"):
    """Rows of one year, one for each place: code, printed value, low, high."""
    model = comparison.get_definition_figures(indicator).filter(pl.col("value").is_not_null()).head(1)
    rows = [
        model.with_columns(
            park_id=pl.lit(park), value_text=pl.lit(text), value=pl.lit(float(text)), low=pl.lit(low, pl.Float64),
            high=pl.lit(high, pl.Float64), period=pl.lit("2013"), observation_id=pl.lit(f"X-{park}"),
        )
        for park, text, low, high in figures
    ]  # fmt: skip
    return pl.DataFrame([with_facts(row.row(0, named=True)) for row in rows], schema=model.schema)


def altered(rows, **columns):
    """The rows with other units, bounds or sources, and the facts of those."""
    changed = rows.with_columns(**columns)
    facts = pl.DataFrame([with_facts(row) for row in changed.iter_rows(named=True)], schema=rows.schema)
    return mark_versions(facts)


def ranks(rows, park="xthtz"):
    found = rank_places(rows, 2013, park).filter(pl.col("rank").is_not_null())
    return {row[0]: row[1:] for row in found.select("park_id", "rank", "rank_first", "rank_last").rows()}


# Ranks


def test_xiangtan_was_7th_of_the_14_cities_of_hunan_by_gdp_in_2015():
    rows = levels("gdp", "xiangtan", 2015, HUNAN)
    assert ranked(rows) == GDP_2015
    assert rows.filter(pl.col("rank").is_not_null())["ranked"].unique().to_list() == [14]


def test_xiangtan_was_99th_of_149_cities_by_gdp_in_2015_with_which_no_zone_is_ranked():
    rows = levels("gdp", "xiangtan", 2015)
    places = ranked(rows)
    assert places[:3] == [("广州市", "18100.4136", 1), ("深圳市", "17502.8634", 2), ("苏州市", "14504.07", 3)]
    assert places[97:100] == [("莆田市", "1655.1618", 98), ("湘潭市", "1633.07", 99), ("德阳市", "1605.064", 100)]
    assert places[147:] == [("张家界市", "447.7", 148), ("白银市", "434.2749", 149)]
    mine = {name for name, _value, _rank in GDP_2015}
    assert [place[:2] for place in places if place[0] in mine] == [place[:2] for place in GDP_2015]
    assert rows.filter(pl.col("rank").is_not_null())["ranked"].unique().to_list() == [149]
    # Two zones have a figure too; they are no cities.
    assert rows.filter(pl.col("rank").is_null())["park_id"].to_list() == ["cdhtz", "xahtz"]


def test_in_2014_no_other_city_has_retail_sales_so_xiangtan_is_ranked_with_nobody():
    rows = levels("retail_sales", "xiangtan", 2014)
    assert rows.filter(pl.col("park_id") == "xiangtan").select("value_text", "rank", "ranked").rows() == [("450", 1, 1)]
    assert rows.filter(pl.col("rank").is_null())["park_id"].to_list() == ["cdhtz"]  # a zone, 263.1
    assert levels("retail_sales", "xiangtan", 2023)["ranked"].max() == 151


def test_the_zone_is_2nd_of_2_by_industrial_output_in_2013_and_the_nation_is_not_ranked():
    rows = levels("industrial_output", "xthtz", 2013)
    assert ranked(rows) == [("长春高新区", "3966", 1), ("湘潭高新区", "552", 2)]
    nation = rows.filter(pl.col("park_id") == "china_htz").row(0, named=True)
    assert (nation["value_text"], nation["compared"], nation["rank"]) == ("19.7", 197000.0, None)


def test_printed_growth_9_6_of_two_cities_shares_ranks_2_to_3_of_hunan_and_18_to_28_of_all():
    def grown(*roles):
        rows = comparison.get_compared_figures("gdp", "growth", None, [*roles], "xiangtan", "zh")
        rows = rank_places(rows, 2015, "xiangtan").filter(pl.col("park_id").is_in(["changsha", "xiangtan", "shaoyang"]))
        return sorted(rows.select("park_id", "value_text", "rank", "rank_first", "rank_last", "ranked").rows())

    assert grown(*HUNAN) == [
        ("changsha", "9.9", 1, 1, 1, 14), ("shaoyang", "9.6", 2, 2, 3, 14), ("xiangtan", "9.6", 2, 2, 3, 14),
    ]  # fmt: skip
    # 9.6 is printed of seven cities, and 9.65, of one, may be less than 9.65.
    assert grown() == [
        ("changsha", "9.9", 20, 17, 20, 130),
        ("shaoyang", "9.6", 22, 18, 28, 130),
        ("xiangtan", "9.6", 22, 18, 28, 130),
    ]


def test_in_a_list_the_first_place_is_first():
    assert ranked(levels("top100_industrial_parks_rank", "xthtz", 2017)) == [
        ("长沙高新区", "33", 1), ("湘潭高新区", "75", 2), ("株洲高新区", "98", 3),
    ]  # fmt: skip


def test_what_rounding_leaves_open_is_left_open_and_touching_intervals_leave_nothing_open():
    rows = made(("xthtz", "552", 551.5, 552.5), ("cshtz", "552.4", 552.35, 552.45), ("zzhtz", "553", 552.5, 553.5))
    assert ranks(rows) == {"zzhtz": (1, 1, 1), "cshtz": (2, 2, 3), "xthtz": (3, 2, 3)}


def test_equal_counts_share_a_rank_and_nothing_is_open():
    rows = made(("xthtz", "8", 8, 8), ("cshtz", "8", 8, 8), ("zzhtz", "9", 9, 9), ("yyhtz", "7", 7, 7))
    assert ranks(rows) == {"zzhtz": (1, 1, 1), "xthtz": (2, 2, 2), "cshtz": (2, 2, 2), "yyhtz": (4, 4, 4)}


def test_a_bound_without_an_upper_end_may_be_ahead_of_all():
    rows = made(("xthtz", "1000", 999.5, 1000.5), ("cshtz", "900", 900, None), ("zzhtz", "1500", None, None))
    assert ranks(rows) == {"zzhtz": (1, 1, 3), "xthtz": (2, 1, 3), "cshtz": (3, 1, 3)}


def test_less_is_first_with_its_rounding_where_less_is_wanted():
    rows = made(
        ("xthtz", "75", 75, 75), ("cshtz", "33", 33, 33), ("zzhtz", "75", 75, 75),
        indicator="top100_industrial_parks_rank",
    )  # fmt: skip
    assert ranks(rows) == {"cshtz": (1, 1, 1), "xthtz": (2, 2, 2), "zzhtz": (2, 2, 2)}


def test_dollars_are_not_ranked_among_yuan():
    rows = made(("xthtz", "552", 551.5, 552.5), ("cshtz", "900", 899.5, 900.5), ("zzhtz", "5", 4.5, 5.5))
    dollars = pl.when(pl.col("park_id") == "zzhtz").then(pl.lit("yi_usd")).otherwise("unit_id")
    found = rank_places(altered(rows, unit_id=dollars), 2013, "xthtz")
    assert found.select("park_id", "rank").rows() == [("cshtz", 1), ("xthtz", 2), ("zzhtz", None)]
    # The place itself sets the unit, also where most others have another.
    assert rank_places(altered(rows, unit_id=dollars), 2013, "zzhtz").select("park_id", "rank").rows() == [
        ("zzhtz", 1), ("xthtz", None), ("cshtz", None),
    ]  # fmt: skip


def test_1_27_trillion_stands_before_9000_hundred_million():
    rows = made(("xthtz", "9000", 8999.5, 9000.5), ("xahtz", "1.27", 1.265, 1.275))
    trillions = pl.when(pl.col("park_id") == "xahtz").then(pl.lit("wanyi_cny")).otherwise("unit_id")
    found = rank_places(altered(rows, unit_id=trillions), 2013, "xthtz")
    assert found.select("park_id", "compared", "rank").rows() == [("xahtz", 12700.0, 1), ("xthtz", 9000.0, 2)]


def test_two_shares_that_are_shown_alike_are_ranked_by_what_is_known_of_them():
    rows = made(("xthtz", "5.3", 5.271, 5.273), ("cshtz", "5.3", 5.328, 5.329), ("zzhtz", "5.2", 5.24, 5.2405))
    rows = rows.with_columns(evidence=pl.lit("derived"))
    assert ranks(rows) == {"cshtz": (1, 1, 1), "xthtz": (2, 2, 2), "zzhtz": (3, 3, 3)}


def test_a_sum_of_zones_has_no_rank_among_sums():
    rows = levels("industrial_output", "guangxi_htz6", 2014)
    assert rows["rank"].is_null().all()
    assert "guangxi_htz6" in rows["park_id"].to_list()


def test_a_year_without_figures_gives_no_rows():
    assert levels("gdp", "xiangtan", 1950).is_empty()


# Versions


def test_side_by_side_and_over_the_years_stands_the_final_figure_that_was_published_last():
    rows = comparison.get_compared_figures("gdp", "level", None, [], "xiangtan", "zh")
    mine = rows.filter((pl.col("park_id") == "xiangtan") & (pl.col("period") == "2015"))
    assert sorted(mine["value_text"].to_list()) == ["1633.07", "1700", "1703.0972", "1703.1"]
    beside = levels("gdp", "xiangtan", 2015).filter(pl.col("park_id") == "xiangtan")
    assert beside["value_text"].to_list() == ["1633.07"]
    assert select_annual_figures(mine)["value_text"].to_list() == ["1633.07"]


def test_a_final_figure_goes_before_an_expected_one_that_was_published_later():
    rows = made(("xthtz", "552", 551.5, 552.5), ("cshtz", "560", 559.5, 560.5)).with_columns(park_id=pl.lit("xthtz"))
    later = pl.col("value_text") == "560"
    rows = altered(
        rows,
        bound=pl.when(later).then(pl.lit("expected")).otherwise(pl.lit("none")),
        source_published=pl.when(later).then(pl.lit("2020-01-01")).otherwise(pl.lit("2014-01-01")),
    )
    assert select_annual_figures(rows)["value_text"].to_list() == ["552"]


# Growth and shares


def test_the_share_of_the_zone_in_the_national_total_has_interval_formula_and_the_remarks_of_both():
    rows = comparison.get_compared_figures("industrial_output", "share", "china_htz", [], "xthtz", "zh")
    share = rows.filter(pl.col("park_id") == "xthtz").row(0, named=True)
    # 551.5 / 197500 and 552.5 / 196500
    assert (share["value_text"], share["low"], share["high"]) == ("约0.28", 0.2792, 0.2812)
    assert share["formula"] == "552亿元 ÷ 19.7万亿元"
    assert share["evidence"] == "derived"
    assert "114家" in share["note"]
    assert "口径可疑" in share["note"]
    assert share["source_published"] == "2014-08-02"  # known when the later of the two was


def test_a_zone_is_no_part_of_the_national_total_before_it_was_approved():
    rows = comparison.get_definition_figures("industrial_output")
    assert growth_index_share.compute_shares_of_place(rows, "china_htz", {"xthtz": 2013})["park_id"].to_list() == [
        "xthtz"
    ]
    assert growth_index_share.compute_shares_of_place(rows, "china_htz", {"xthtz": 2014}).is_empty()
    assert comparison.get_member_places("china_htz")["czhtz"] == 2015
    assert comparison.get_member_places("china_htz")["xthtz"] == 2009


def test_the_larger_places_of_the_zone_stand_from_the_smallest_on_and_only_those_with_a_share():
    from queries.database.engine import fetch  # noqa: PLC0415 - one question of its own

    holding = fetch("parts").filter(pl.col("park_id") == "xthtz")["whole_id"].to_list()
    assert holding == ["xiangtan", "hunan", "china_htz"]
    assert comparison.find_larger_places("xthtz", "industrial_output") == ["china_htz"]
    assert comparison.find_larger_places("xthtz", "total_revenue") == []
    # No city is a part of the sum of all zones, and no sum of zones is a part of anything.
    assert set(comparison.get_member_places("china_htz")) & {"xiangtan", "changsha", "xt_parks", "hunan_htz22"} == set()
    assert "xt_parks" not in comparison.get_member_places("xiangtan")


def test_the_growth_of_the_national_total_is_not_computed_and_the_printed_one_stays():
    nation = pl.col("park_id") == "china_htz"
    levels = comparison.get_definition_figures("industrial_output").filter(nation)
    assert {"2005", "2006"} <= set(levels["period"])  # 35898.9 / 28957.6 - 1 would be of other zones
    computed = growth_index_share.convert_to_measure(levels, "growth")
    assert set(computed["evidence"]) == {"published"}
    rows = comparison.get_compared_figures("industrial_output", "growth", None, [], "xthtz", "zh").filter(nation)
    assert rows.select("period", "value_text", "evidence").rows() == [("2016", "10.3", "published")]


def test_no_percentage_of_a_percentage_and_no_growth_of_a_place_in_a_list():
    for indicator in ("industrial_value_added_gdp_share", "national_zone_evaluation_rank", "new_product_sales_share"):
        rows = comparison.get_definition_figures(indicator)
        for measure in ("growth", "index"):
            found = growth_index_share.convert_to_measure(rows, measure, base=2014)
            assert found.filter(pl.col("evidence") == "derived").is_empty()
        assert growth_index_share.compute_shares_of_place(
            rows, "hunan", comparison.get_member_places("hunan")
        ).is_empty()


def test_growth_is_not_computed_across_the_break_of_2015_and_the_line_stops_there():
    rows = comparison.get_compared_figures("industrial_value_added_above_scale", "growth", None, [], "xiangtan", "zh")
    mine = rows.filter((pl.col("park_id") == "xiangtan") & (pl.col("evidence") == "derived"))
    assert "2015" not in mine["period"].to_list()
    level = comparison.get_compared_figures("industrial_value_added_above_scale", "level", None, [], "xiangtan", "zh")
    level = select_annual_figures(level).filter(pl.col("park_id") == "xiangtan")
    assert level.select("period", "value_text").rows() == [("2014", "870.1"), ("2015", "840")]
    (panel,) = view_panels.split_into_panels(level, catalogue.get_units(), "xiangtan")
    drawn = trends.add_line_segments(panel.points, catalogue.get_series_breaks().drop("reason_zh", "reason_en"))
    assert drawn["line"].n_unique() == 2


def lines(park):
    """The years of the gross product of a city, and how many each piece of its line joins."""
    level = select_annual_figures(comparison.get_compared_figures("gdp", "level", None, [], park, "zh"))
    level = level.filter(pl.col("park_id") == park)
    (panel,) = view_panels.split_into_panels(level, catalogue.get_units(), park)
    drawn = trends.add_line_segments(panel.points, catalogue.get_series_breaks().drop("reason_zh", "reason_en"))
    joined = drawn.sort("at").group_by("line", maintain_order=True).len()["len"].to_list()
    return [int(year) for year in level["period"]], joined


def test_a_year_left_out_breaks_the_line():
    years, joined = lines("hangzhou")
    assert years == [year for year in range(2005, 2024) if year != 2009]
    # After the year left out only 2019 and 2020 stand apart, as for all cities.
    assert joined == [4, 9, 1, 4]


def test_a_line_breaks_where_the_figures_of_a_city_or_of_all_cities_change():
    years, joined = lines("xiangtan")
    assert years == list(range(2005, 2024))
    # Those of 2015 and 2016 were revised; those of 2017 and 2018 were not.
    assert joined == [10, 2, 2, 1, 4]
    assert lines("hefei") == (years, [6, 8, 1, 4])  # part of Chaohu came to Hefei in 2011


# What there is to choose from


def test_a_definition_needs_two_places_and_those_of_the_place_come_first():
    rows = comparison.get_compared_definitions("xthtz")
    assert rows["indicator_id"][0] == "industrial_output"
    assert (rows["places"] > 1).all()
    assert rows["mine"].to_list() == sorted(rows["mine"].to_list(), reverse=True)
    assert rows["comparable_key"].is_unique().all()
    assert comparison.get_compared_definitions("xiangtan")["indicator_id"][0] == "gdp"


def test_what_more_or_less_is_wanted_of_comes_before_what_most_places_have():
    wanted = catalogue.get_indicators().filter(pl.col("direction").is_not_null())["indicator_id"].to_list()
    for park, without in (("xthtz", 1), ("xiangtan", 11)):
        mine = comparison.get_compared_definitions(park).filter("mine")
        told = mine["indicator_id"].is_in(wanted).to_list()
        assert told == [True] * (len(told) - without) + [False] * without
    # Of the approved area 155 zones have a figure, of the output two.
    rows = comparison.get_compared_definitions("xthtz").filter("mine").select("indicator_id", "peers").rows()
    assert (rows[0], rows[-1]) == (("industrial_output", 2), ("approved_area", 155))


def test_two_names_of_173_92_stay_two_definitions():
    keys = dict(catalogue.get_indicators().select("indicator_id", "comparable_key").iter_rows())
    assert keys["total_fiscal_revenue"] != keys["general_public_budget_revenue"]
    here = comparison.get_definition_figures("total_fiscal_revenue")["indicator_id"].unique().to_list()
    assert "general_public_budget_revenue" not in here


def test_the_default_year_is_one_in_which_the_place_has_what_is_measured():
    rows = comparison.get_compared_figures("industrial_value_added_above_scale", "level", None, [], "xiangtan", "zh")
    assert comparison.find_default_year(rows, "xiangtan") == 2015  # 2017 has a growth rate alone
    assert comparison.find_default_year(rows, "xthtz") == 2018  # nothing of its own: the latest
    assert comparison.find_default_year(rows.clear(), "xthtz") == 0


def test_figures_of_ones_own_are_compared_while_they_are_held_and_gone_after():
    mine = put(
        "地区,指标,时期,数值,单位\n长沙市,社会消费品零售总额,2014,3000,亿元\n长沙市,PCT专利申请,2014,12,件\n"
    )  # of the second, one place alone has published a figure for a whole year
    assert "pct_applications" not in comparison.get_compared_definitions("xiangtan")["indicator_id"].to_list()
    hold(mine)
    try:
        assert "pct_applications" in comparison.get_compared_definitions("xiangtan")["indicator_id"].to_list()
        assert ranked(levels("retail_sales", "xiangtan", 2014)) == [("长沙市", "3000", 1), ("湘潭市", "450", 2)]
    finally:
        hold(None)
    assert ranked(levels("retail_sales", "xiangtan", 2014)) == [("湘潭市", "450", 1)]


# Target records


def test_the_records_are_the_targets_counted_one_row_for_each_place():
    rows = comparison.compute_target_records(get_judged_targets())
    counts = rows.select("park_id", "set", "reached", "missed", "open", "unknown").rows()
    assert counts == [
        ("xiangtan", 25, 3, 6, 0, 16), ("xtetdz", 13, 0, 0, 0, 13), ("xthtz", 11, 0, 1, 0, 10),
        ("cchtz", 10, 0, 0, 0, 10), ("wlmqhtz", 8, 2, 6, 0, 0), ("cdhtz", 4, 0, 0, 0, 4),
    ]  # fmt: skip
    assert all(whole == sum(parts) for _park, whole, *parts in counts)
    lit = get_judged_targets(parks=["xiangtan"])["status"].to_list()
    assert (lit.count("met"), lit.count("missed"), lit.count("cannot_judge")) == (3, 6, 16)


def test_a_target_of_a_year_to_come_is_open_and_one_within_rounding_is_unknown():
    rows = get_judged_targets(parks=["xthtz"]).head(3).with_columns(
        status=pl.Series(["cannot_judge", "borderline", "behind"]), reason=pl.Series(["FUTURE", None, None])
    )  # fmt: skip
    assert comparison.compute_target_records(rows).select("set", "reached", "missed", "open", "unknown").rows() == [
        (3, 0, 0, 2, 1)
    ]


# The page


@pytest.mark.parametrize(
    ("lang", "asked", "title"),
    [
        ("zh", {}, "2013年工业总产值：湘潭高新区552亿元，在查到同口径数的 2 个高新区里居第 2"),
        ("en", {}, "Gross industrial output, 2013: Xiangtan High-tech Zone, 55.2 billion yuan, no. 2 of the 2 "
         "high-tech zones whose figure was found"),
        ("zh", {"park": "xiangtan", "indicator": "gdp", "year": "2015"},
         "2015年地区生产总值：湘潭市1633.07亿元，在查到同口径数的 149 个地市里居第 99"),
        ("zh", {"park": "xiangtan", "indicator": "gdp", "year": "2015", "role": "hunan_peer"},
         "2015年地区生产总值：湘潭市1633.07亿元，在查到同口径数的 14 个所选范围内的地市里居第 7"),
        ("zh", {"park": "xiangtan", "indicator": "retail_sales", "year": "2014"},
         "2014年社会消费品零售总额：湘潭市450亿元，没有查到其他地市的同口径数"),
        ("zh", {"park": "xiangtan", "indicator": "gdp", "year": "2015", "as": "growth"},
         "2015年地区生产总值，比上年增长（可比价格）：湘潭市9.6%，在查到同口径数的 130 个地市里居第 18—28"),
        ("zh", {"park": "xiangtan", "indicator": "gdp", "year": "2015", "as": "growth", "role": "hunan_peer"},
         "2015年地区生产总值，比上年增长（可比价格）：湘潭市9.6%，在查到同口径数的 14 个所选范围内的地市里居第 2—3"),
        ("zh", {"as": "share"},
         "2013年工业总产值占全国国家高新区：湘潭高新区约0.28%，在查到同口径数的 2 个高新区里居第 2"),
        ("zh", {"park": "xiangtan", "indicator": "total_fiscal_revenue", "year": "2016"},
         "2016年财政总收入：没有查到湘潭市的同口径数"),
        ("zh", {"park": "xiangtan", "indicator": "secondary_industry_gdp_share", "year": "2018"},
         "2018年第二产业占地区生产总值比重：查到 115 个地市的同口径数，没有湘潭市的"),
        ("zh", {"indicator": "operating_revenue", "year": "2020"},
         "2020年营业收入：查到 1 个高新区的同口径数，没有湘潭高新区的"),
        ("zh", {"park": "china_htz", "indicator": "industrial_output", "year": "2013"},
         "2013年工业总产值：全国国家高新区19.7万亿元"),
        ("zh", {"indicator": "total_revenue", "as": "share"},
         "技工贸总收入：所在地区没有同一年的同口径数，算不出湘潭高新区的占比"),
    ],
)  # fmt: skip
def test_the_title_is_the_answer(lang, asked, title):
    assert opened("compare", lang, **asked).title[0].value == title


def test_the_page_says_how_few_there_are_and_that_it_is_no_ranking():
    at = opened("compare")
    text = "\n".join(said(at))
    assert "175 个国家高新区" in text
    assert "只查到 **2** 个" in text
    assert "不是全国排名" in text
    assert "114家；高于2014年公布的17万亿元，口径可疑" in text  # what is known of the national total


def test_the_chart_draws_those_who_are_ranked_and_the_table_shows_everyone_with_a_source():
    at = opened("compare")
    assert [(row["place"], row["value"], row["main"]) for row in points(at)] == [
        ("长春高新区", 3966.0, False), ("湘潭高新区", 552.0, True),
    ]  # fmt: skip
    assert table(at, "地区", "名次", "数值", "增长", "增速口径", "来源") == [
        ("长春高新区", "1", "3966亿元", "16.6%", "口径未说明", "大公网 2014年3月17日"),
        ("湘潭高新区", "2", "552亿元", "30.6%", "口径未说明", "中国高新技术产业导报 2014年3月3日"),
        ("全国国家高新区", "—", "19.7万亿元", "—", "—", "新华网 2014年8月2日"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "ends", "median", "said_of_it"),
    [
        ({"role": "hunan_peer"}, ["长沙市", "张家界市"], (1633.07 + 1418.18) / 2,
         "在湘潭市 1633.07亿元与永州市 1418.18亿元之间"),
        ({}, ["广州市", "白银市"], 2298.6169, "竖线是中位：柳州市 2298.6169亿元。"),  # the 75th of 149
    ],
)  # fmt: skip
def test_the_distribution_marks_the_place_its_ends_and_the_median(role, ends, median, said_of_it):
    at = opened("compare", park="xiangtan", indicator="gdp", year="2015", **role)
    marks = points(at, 1)
    assert [row["place"] for row in marks if row["role"] == "main"] == ["湘潭市"]
    assert [row["place"] for row in marks if row["role"] == "end"] == ends
    assert [row["value"] for row in marks if row["role"] == "median"] == [pytest.approx(median)]
    assert any(said_of_it in caption.value for caption in at.caption)
    spec = json.loads(at.get("vega_lite_chart")[1].proto.spec)
    assert spec["title"]["text"] == "亿元"


def test_in_english_the_bars_and_the_points_stand_in_billions():
    at = opened("compare", "en", park="xiangtan", indicator="gdp", year="2015")
    mine = next(row for row in points(at) if row["main"])
    assert (mine["value"], mine["unit"], mine["label"]) == (
        pytest.approx(163.307),
        "billion yuan",
        "163.307 billion yuan",
    )


def test_a_year_without_a_figure_stays_empty_in_the_table_of_years():
    at = opened("compare", park="xiangtan", indicator="industrial_value_added_above_scale", view="years")
    rows = table(at, "地区", "2013", "2014", "2015", "2017", "2018")
    assert rows[0] == ("湘潭市", "—", "870.1亿元", "预计840亿元", "—", "—")
    assert any("湘潭市从2015年起换了口径，前后不相连" in caption.value for caption in at.caption)


def test_the_other_versions_of_a_year_are_named():
    text = "\n".join(said(opened("compare", park="xiangtan", indicator="gdp", year="2015")))
    assert "预计1700亿元（湘潭市人民政府 2016年）" in text.replace("\\", "")
    assert "1703.1亿元（新湖南客户端 2016年2月2日）" in text.replace("\\", "")


def test_a_choice_of_places_narrows_the_ranking_and_is_said():
    at = opened("compare", park="cchtz", indicator="industrial_output", year="2013", role="hunan_peer,national_peer")
    assert at.title[0].value == "2013年工业总产值：长春高新区3966亿元，没有查到其他所选范围内的高新区的同口径数"
    assert not any("175" in text for text in said(at))


def test_a_zone_of_ones_own_is_ranked_and_not_counted_among_those_found():
    rows = made(("xthtz", "552", 551.5, 552.5), ("cshtz", "900", 899.5, 900.5), ("zzhtz", "700", 699.5, 700.5))
    mine = pl.when(pl.col("park_id") == "zzhtz").then(pl.lit("own")).otherwise("evidence")
    found = rank_places(rows.with_columns(evidence=mine), 2013, "xthtz")
    place = {"park_id": "xthtz", "kind": "zone", "name_zh": "湘潭高新区"}
    asked = peers.PeerComparison(place, {}, "level", None, [], 2013, rows, {})
    speak("zh")
    assert "居第 3" in peers.describe_standing(found, asked)
    text = peers.describe_standing_limits(found, asked, 175)
    assert "只查到 **2** 个" in text
    assert "另有 1 个是自有的数" in text


def test_a_share_says_what_rounding_leaves_open():
    text = "\n".join(said(opened("compare", as_="share")))
    assert "舍入之内在 0.2792—0.2812% 之间" in text
    assert "全国合计所含的高新区逐年增多" in text


def test_the_records_stand_on_the_page():
    at = opened("compare")
    assert table(at, "地区", "年度", "目标数", "✔ 完成", "■ 未完成", "— 不可评估")[2] == (
        "湘潭高新区", "2014", "11", "0", "1", "10",
    )  # fmt: skip
    assert any("6 个地区的 71 项目标，其中 **18** 项可评估" in one.value for one in at.markdown)


def test_another_name_of_a_definition_opens_that_definition():
    at = opened("compare", indicator=other_name())
    assert widget(at.selectbox, "compare_indicator").value == "total_revenue"
    assert told(at) is None


def other_name():
    """A name that shares its definition with 技工贸总收入, and is not the one that the filter offers."""
    names = (
        comparison.get_compared_definitions("xthtz")
        .filter(pl.col("indicator_id") == "total_revenue")["names"][0]
        .to_list()
    )
    return next(name for name in names if name != "total_revenue")


@pytest.mark.parametrize("asked", [{"indicator": "nothing"}, {"year": "1066"}, {"park": "atlantis"}, {"role": "moon"}])
def test_an_unknown_code_is_named_and_the_page_still_shows(asked):
    at = opened("compare", **asked)
    (code,) = asked.values()
    assert code in told(at)
    assert at.title[0].value.startswith("2013年工业总产值：湘潭高新区552亿元")


@pytest.mark.parametrize(
    "asked",
    [{}, {"as": "growth"}, {"as": "share"}, {"park": "xiangtan", "indicator": "gdp", "year": "2015"},
     {"park": "hunan"}, {"park": "xtetdz", "as": "share"}, {"indicator": "total_revenue"},
     {"park": "xiangtan", "indicator": "industrial_value_added_above_scale"}],
)  # fmt: skip
def test_in_english_no_chinese_is_left_but_the_printed_numbers(asked):
    at = opened("compare", "en", **asked)
    texts = [text for text in [*said(at), *cells(at)] if text.strip() != "中文"]
    printed = ("万", "亿", "元", "预计", "以上", "家", "突破", "美")  # stand in brackets, and in formulas, as printed
    for mark in printed:
        texts = [text.replace(mark, "") for text in texts]
    menu = {link.proto.label for link in at.sidebar.get("page_link")}
    assert [text for text in texts if CHINESE.search(text) and text not in menu] == []


def test_every_definition_of_every_kind_of_place_opens_in_every_measure():
    for park in ("xthtz", "xiangtan", "xtetdz", "hunan", "xt_parks", "china_htz", "zgc"):
        for indicator in comparison.get_compared_definitions(park)["indicator_id"].to_list():
            for measure in comparison.MEASURES:
                for whole in comparison.find_larger_places(park, indicator) if measure == "share" else [None]:
                    rows = comparison.get_compared_figures(indicator, measure, whole, [], park, "zh")
                    found = rank_places(rows, comparison.find_default_year(rows, park), park)
                    ranked = found.filter(pl.col("rank").is_not_null())
                    assert ranked["ranked"].unique().to_list() in ([], [ranked.height])
                    assert (ranked["rank_first"] <= ranked["rank"]).all()
                    assert (ranked["rank"] <= ranked["rank_last"]).all()
                    assert found["comparable_key"].n_unique() <= 1


def test_the_strip_refuses_two_units():
    rows = chart_points.make_points(
        comparison.get_definition_figures("gdp").filter(pl.col("value").is_not_null()).head(2)
    )
    with pytest.raises(chart_points.MixedUnits):
        ranking_charts.draw_strip(rows.with_columns(unit=pl.Series(["亿元", "套"]), main=pl.lit(value=False)), "light")


def test_a_place_leads_to_its_figures_in_explore_and_to_its_targets():
    at = opened("compare", park="xiangtan", indicator="gdp", year="2015")
    queries = [link.proto.query_string for link in at.main.get("page_link")]
    assert queries[0].startswith("lang=zh&indicator=gdp")
    assert queries[0].endswith("park=xiangtan")
    assert queries[-1] == "lang=zh&park=xiangtan"
    assert "compare" in [link.proto.page for link in opened("overview").main.get("page_link")]
    doors = [link.proto for link in opened("economics").main.get("page_link") if link.proto.page == "compare"]
    assert [door.query_string for door in doors] == ["lang=zh&park=xthtz&indicator=total_revenue"]


# Routes


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
@pytest.mark.parametrize(
    "asked",
    [{}, {"park": "xiangtan", "indicator": "gdp", "year": "2015", "as": "growth"}, {"as": "share", "of": "china_htz"}],
)
def test_the_route_gives_the_bytes_of_the_button(suffix, asked):
    measure, park = asked.get("as", "level"), asked.get("park", "xthtz")
    indicator = asked.get("indicator", "industrial_output")
    every = comparison.get_compared_figures(indicator, measure, asked.get("of"), [], park, "zh")
    rows = rank_places(every, int(asked.get("year", "2013")), park)
    for view, shown in (("compare", rows), ("compare-years", select_annual_figures(every))):
        query = {key: value for key, value in asked.items() if view == "compare" or key != "year"}
        answer = client.get(f"/{view}.{suffix}", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.content == files.as_file(shown, suffix, "zh")
        assert files.make_file_name(view, shown, suffix) in answer.headers["content-disposition"]


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_the_route_of_records_gives_the_bytes_of_the_button(suffix):
    assert client.get(f"/records.{suffix}").content == files.as_file(
        comparison.compute_target_records(get_judged_targets()), suffix, "zh"
    )
    mine = client.get("/records.csv?park=xthtz")
    assert pl.read_csv(mine.content)["set"].to_list() == [11]


def test_the_link_of_the_page_asks_the_route_for_the_rows_of_the_page():
    at = opened("compare", park="xiangtan", indicator="gdp", as_="growth", year="2015")
    unfolded(at, "compare_compare_link", "compare_compare_download")
    link = next(code.value for code in at.code if "?" in code.value and "park=xiangtan" in code.value)
    rows = pl.read_csv(client.get(f"/compare.csv?{link.partition('?')[2]}").content)
    assert rows.filter(pl.col("rank").is_not_null()).height == 130
    labels = {button.key: button.proto.label for button in at.get("download_button")}
    assert f"{rows.height} 行" in labels["compare_compare_csv"]
    for view in ("years", "slope"):
        at = opened("compare", park="xiangtan", indicator="gdp", as_="growth", year="2015", view=view)
        unfolded(at, "compare_compare-years_link", "compare_compare-years_download")
        link = next(code.value for code in at.code if "?" in code.value and f"view={view}" in code.value)
        years = link.partition("?")[2].replace("&year=2015", "")
        rows = pl.read_csv(client.get(f"/compare-years.csv?{years}").content)
        labels = {button.key: button.proto.label for button in at.get("download_button")}
        assert f"{rows.height} 行" in labels["compare_compare-years_csv"]


def test_every_column_of_the_workbook_is_explained():
    for view in ("compare", "compare-years", "records"):
        book = fastexcel.read_excel(client.get(f"/{view}.xlsx").content)
        notes = book.load_sheet("说明").to_polars()
        assert notes.filter(pl.nth(1).is_null() | (pl.nth(1) == "")).rows() == []


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("park=atlantis", 400, "park"), ("indicator=x", 400, "indicator"), ("as=index", 400, "as"),
        ("of=hunan", 400, "of"), ("as=share&of=hunan", 400, "of"), ("role=moon", 400, "role"), ("lang=fr", 400, "lang"),
        ("year=x", 422, "year"), ("year=1066", 422, "year"), ("years=2013", 400, "years"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_the_parameter_and_what_is_legal(query, status, parameter):
    answer = client.get(f"/compare.json?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (status, parameter)
    assert answer.json()["error"]


def test_a_format_that_there_is_not_is_404_and_nothing_found_is_an_empty_file():
    assert client.get("/compare.doc").status_code == 404
    assert client.get("/records.csv?rule=none").status_code == 400
    empty = client.get("/compare.csv?year=1950")
    assert empty.status_code == 200
    assert pl.read_csv(io.BytesIO(empty.content)).is_empty()


def test_the_description_for_programs_names_the_routes_their_formats_and_their_refusals():
    paths = api.openapi()["paths"]
    formats = {files.FORMATS[suffix].media_type.partition(";")[0] for suffix in ("csv", "json", "parquet", "xlsx")}
    for view in ("compare", "compare-years", "records"):
        responses = paths[f"/{view}.{{suffix}}"]["get"]["responses"]
        assert formats <= {kind.partition(";")[0] for kind in responses["200"]["content"]}
        assert {"400", "404", "422", "503"} <= set(responses)


def test_the_records_of_a_past_day_know_only_what_was_published_by_then():
    by_then = pl.read_csv(client.get("/records.csv?park=xthtz&asof=2014-12-31").content)
    assert by_then.select("set", "missed", "unknown").rows() == [(11, 0, 11)]
    assert client.get("/records.csv?asof=soon").status_code == 400
