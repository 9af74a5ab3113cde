"""The page of exploring, run as Streamlit runs it: facets, words, measures, charts, empty and too large views."""

import re

import pytest

from queries.exploring import exploration
from tests.pages.test_pages import again, figures_of, opened, points, said, table, told, widget


def shown(at):
    """How many figures are shown, of how many."""
    line = next(caption.value for caption in at.caption if re.match(r"显示|Showing", caption.value))
    return tuple(int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", line))


def options(at, key):
    """The choices of a facet by what they are called, without their counts, and how many figures each has."""
    kind = at.multiselect if key in ("indicator", "park") else at.button_group
    counted = (re.fullmatch(r"(.*)[（(] ?([\d,]+)[)）]", one) for one in widget(kind, f"explore_{key}").options)
    return {match[1].strip(): int(match[2].replace(",", "")) for match in counted if match}


def measures(at):
    return list(widget(at.button_group, "explore_as").options)


def test_without_a_choice_the_page_says_how_much_there_is_and_where_to_begin():
    at = opened("explore")
    assert at.title[0].value == "333 个地区、190 个指标，共 11,371 个数"
    assert shown(at) == (11371, 11395)
    assert options(at, "theme") == {"经济": 9132, "创新": 882, "民生": 1357}
    assert options(at, "evidence") == {"公布": 11371, "推算": 24}
    assert options(at, "role") == {
        "本园区": 47, "所在城市": 130, "同城园区": 11, "省内各地": 1085, "外省各地": 9933, "全省与合计": 63,
        "全国": 102,
    }  # fmt: skip
    most = [("地区生产总值", 2829), ("第二产业占地区生产总值比重", 2365)]
    assert list(options(at, "indicator").items())[:2] == most
    starts = [button.label for button in at.button if button.key.startswith("explore_start_")]
    assert starts[:2] == ["地区生产总值（2,829）", "第二产业占地区生产总值比重（2,365）"]
    assert len(starts) == 24


def test_a_start_leads_to_its_view_and_the_address_holds_its_code():
    at = opened("explore")
    widget(at.button, "explore_start_gdp").click().run()
    assert at.title[0].value == "地区生产总值：2022年有数的 153 个地区，从阜新市 578亿元到上海市 44653亿元"
    assert at.query_params["indicator"] == "gdp"
    assert shown(at) == (2829, 11395)
    assert options(at, "indicator")["规模工业增加值"] == 61  # its own choice does not count
    assert options(at, "theme") == {"经济": 2829}


def test_the_whole_view_is_in_the_address_as_codes_and_the_same_in_both_languages():
    asked = {
        "find": "gdp", "park": "xiangtan,wlmqhtz", "evidence": "published,derived", "from_": "2010", "to": "2015",
        "as": "index", "chart": "dot", "base": "2014",
    }  # fmt: skip
    chinese, english = opened("explore", "zh", **asked), opened("explore", "en", **asked)
    assert shown(chinese) == shown(english)
    assert told(chinese) is None
    rows = table(chinese, "数值", "时期")
    assert [value for value, _ in rows] == [
        value.replace("about ", "约") for value, _ in table(english, "Value", "Period")
    ]
    assert ("100.0", "2014年") in rows
    assert widget(chinese.selectbox, "explore_base").value == "2014"


@pytest.mark.parametrize(
    ("asked", "unknown"),
    [
        ({"indicator": "gdp,moon"}, ["moon"]),
        ({"park": "atlantis"}, ["atlantis"]),
        ({"theme": "art", "role": "king"}, ["art", "king"]),
        ({"evidence": "rumour"}, ["rumour"]),
        ({"indicator": "gdp", "chart": "pie"}, ["pie"]),
        ({"indicator": "gdp", "as": "speed"}, ["speed"]),
        ({"from_": "1066"}, ["1066"]),
        ({"park": "xiangtan", "panel": "moon"}, ["moon"]),
        ({"tab": "cinema"}, ["cinema"]),
    ],
)
def test_codes_that_are_not_known_are_told_in_one_line_and_ignored(asked, unknown):
    line = told(opened("explore", **asked))
    assert line is not None
    assert [code for code in unknown if code not in line] == []


@pytest.mark.parametrize(
    "asked", [{"find": "[here](http://evil.example)"}, {"indicator": "[here](http://evil.example)"}]
)
def test_what_a_link_holds_is_never_read_as_markdown(asked):
    at = opened("explore", **asked)
    texts = [one.value for one in [*at.info, *at.caption] if "here" in one.value]
    assert texts
    assert [text for text in texts if "[here](" in text] == []


def panels(at):
    """The definitions that can be drawn, with their counts, whether offered in a row or in a list."""
    return next(one for one in (*at.button_group, *at.selectbox) if one.key in ("explore_panel", "explore_panels"))


def test_one_definition_is_drawn_at_a_time_and_the_others_are_offered_with_their_counts():
    at = opened("explore", park="xthtz,china_htz")
    offered = panels(at).options
    assert offered[:3] == ["工业总产值（11）", "营业总收入（8）", "营业收入（5）"]
    assert len(at.get("vega_lite_chart")) == 2  # how many figures each year has, and this one
    assert len(points(at, 1)) == 11
    at = again(at, park="xthtz,china_htz", panel="revenue.operating_total_revenue~money_cny")
    assert len(points(at, 1)) == 8
    assert told(at) is None


def test_the_definition_chosen_is_in_the_address_and_goes_with_the_filter_that_held_it():
    at = opened("explore", park="xthtz,china_htz", indicator="industrial_output,operating_total_revenue")
    panels(at).set_value("revenue.operating_total_revenue~money_cny").run()
    assert at.query_params["panel"] == "revenue.operating_total_revenue~money_cny"
    assert {row["indicator"] for row in points(at, 1)} == {"营业总收入"}
    english = opened("explore", "en", park="xthtz,china_htz", panel="revenue.operating_total_revenue~money_cny")
    assert len(points(english, 1)) == len(points(at, 1))
    widget(at.multiselect, "explore_indicator").set_value(["industrial_output"]).run()
    assert "panel" not in at.query_params
    assert told(at) is None
    assert {row["indicator"] for row in points(at, 1)} == {"工业总产值"}


def test_words_in_pinyin_find_the_headline_and_leave_what_fits_in_the_facets():
    at = opened("explore", find="jgm")
    assert shown(at) == (14, 11395)
    assert ("技工贸总收入", "2013年", "720.1亿元") in figures_of(at)
    assert options(at, "indicator") == {"技工贸总收入": 12, "技工贸收入": 2}
    widget(at.text_input, "explore_find").set_value("湘潭高新区技工贸2013").run()
    assert at.title[0].value == "湘潭高新区技工贸总收入：2013年 720.1亿元"
    assert at.query_params["find"] == "湘潭高新区技工贸2013"


def test_a_word_that_names_nothing_is_said_and_one_click_asks_for_the_nearest():
    at = opened("explore", find="湘潭房价")
    assert at.title[0].value == "没有符合条件的数据"
    assert at.info[0].value == "没有叫“房价”的指标或地区。"
    button = widget(at.button, "explore_instead")
    assert button.label == "改查“湘潭”"
    button.click().run()
    assert shown(at)[0] > 100
    assert widget(at.text_input, "explore_find").value == "湘潭"


def test_conditions_that_exclude_each_other_offer_what_to_give_up():
    at = opened("explore", indicator="gdp", park="xthtz", from_="2012", to="2013")
    assert at.title[0].value == "没有符合条件的数据"
    labels = [button.label for button in at.button if button.key.startswith("explore_without_")]
    assert labels == ["不限指标（12）", "不限地区（299）"]
    widget(at.button, "explore_without_park").click().run()
    assert shown(at) == (299, 11395)
    assert "park" not in at.query_params


def test_a_word_for_growth_shows_growth_and_the_reader_can_go_back_to_values():
    at = opened("explore", find="湘潭市gdp增速")
    assert widget(at.button_group, "explore_as").value == "growth"
    assert ("地区生产总值，比上年增长（可比价格）", "2023年", "5.1%") in figures_of(at)
    widget(at.button_group, "explore_as").set_value("level").run()
    assert at.query_params["as"] == "level"
    assert ("地区生产总值", "2023年", "2741.84亿元") in figures_of(at)


def test_the_page_says_how_many_of_the_figures_chosen_have_a_growth():
    asked = {"indicator": "industrial_output", "park": "china_htz", "as_": "growth"}
    counts = {}
    for lang, pattern in (("zh", r"(\d+) 个数中 (\d+) 个有增速"), ("en", r"(\d+) of the (\d+) figures have a growth")):
        at = opened("explore", lang, **asked)
        [line] = [caption.value for caption in at.caption if re.match(pattern, caption.value)]
        counts[lang] = {int(number) for number in re.match(pattern, line).groups()}
        assert shown(at)[0] == max(counts[lang])
        assert len(table(at, *(["时期"] if lang == "zh" else ["Period"]))) == min(counts[lang])
    assert counts["zh"] == counts["en"]
    plain = opened("explore", indicator="industrial_output", park="china_htz", as_="level")
    assert not [caption.value for caption in plain.caption if "个数中" in caption.value]


def test_a_figure_without_an_index_is_not_said_to_have_no_other_year():
    # Hangzhou has its product of eighteen years, but none of 2009, the year that is 100; Xiangtan has one of 2009, to
    # which those of 2005 to 2014 compare: the ones of later years are on another base.
    at = opened("explore", indicator="gdp", park="hangzhou,xiangtan", as_="index", base="2009")
    [line] = [caption.value for caption in at.caption if "个数中" in caption.value]
    assert line == "51 个数中 10 个有指数：可与同一地区、同一口径、同一时段的基年相比。"


def test_where_only_growth_was_printed_growth_comes_first():
    at = opened("explore", indicator="industrial_value_added_above_scale", role="hunan_peer")
    assert widget(at.button_group, "explore_as").value == "growth"
    assert shown(at) == (43, 11395)


def test_computed_rows_say_about_and_by_which_formula():
    at = opened("explore", indicator="gdp", park="xiangtan", as_="index", base="2013")
    rows = table(at, "时期", "数值", "性质与依据")
    assert ("2005年", "约25.42", "推算 · 366.8亿元 ÷ 1443.0649亿元 × 100") in rows
    assert ("2014年", "约108.84", "推算 · 1570.6亿元 ÷ 1443.0649亿元 × 100") in rows
    years = {f"{year}年" for year in range(2005, 2015)}  # until the break of whole years
    assert {period for period, _, _ in rows} == years | {"2013年1—6月", "2015年1—6月"}
    assert "总量之比" in at.title[0].value
    assert "含价格和统计范围的变动" in at.title[0].value


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"indicator": "gdp", "park": "changsha", "as": "share"}, "没有公布过所属的整体"),
        ({"indicator": "total_revenue", "park": "xthtz", "as": "index"}, "在同一地区没有可比的两年"),
        ({"indicator": "pct_applications", "park": "xthtz", "as": "growth"}, "没有公布增速"),
    ],
)
def test_a_measure_that_the_rows_do_not_have_is_explained(asked, reason):
    at = again(opened("explore"), lang="zh", **asked)
    assert at.title[0].value == "这些数不能这样量"
    assert reason in at.info[0].value
    assert told(at) is None
    assert len(at.button_group) >= 2  # the way back


def test_what_the_rows_cannot_be_shown_as_is_not_offered():
    assert measures(opened("explore", indicator="total_revenue", park="xthtz")) == ["数值", "增速"]
    assert measures(opened("explore", indicator="gdp")) == ["数值", "增速", "指数"]
    assert measures(opened("explore", park="xthtz")) == ["数值", "增速", "指数", "占比"]


def test_definitions_that_differ_have_a_chart_each_and_a_line_says_why():
    at = opened("explore", indicator="gdp,industrial_value_added_above_scale", park="xiangtan")
    charts = len(at.get("vega_lite_chart")) - 1  # the one of the years
    assert charts >= 1
    for place in range(charts):
        assert len({(row["comparable_key"], row["unit"]) for row in points(at, place + 1)}) == 1
    line = "\n".join(said(at))
    assert "2 个口径分开列：口径不同的数不能放在同一坐标轴上。" in line
    assert "湘潭市从2015年起换了口径，前后不相连：" in line


def test_the_chart_and_the_table_have_the_same_figures():
    at = opened("explore", indicator="gdp", park="xiangtan,zhangjiajie")
    drawn = {(row["place"], row["period"], row["label"]) for row in points(at, 1)}
    listed = set(table(at, "地区", "时期", "数值"))
    assert drawn <= listed
    assert {row[:2] for row in drawn} == {
        (place, f"{year}年") for place in ("湘潭市", "张家界市") for year in range(2005, 2024)
    }
    # Months have a chart of their own, and a figure with several versions has one point.
    assert {row for row in listed - drawn if row[2] != "—"} == {
        ("湘潭市", "2013年1—6月", "630.8亿元"), ("湘潭市", "2015年1—6月", "744.5亿元"),
        ("湘潭市", "2005年", "366.8374亿元"), ("湘潭市", "2010年", "850亿元"), ("湘潭市", "2010年", "894.005亿元"),
        ("湘潭市", "2014年", "1570.5611亿元"), ("湘潭市", "2015年", "预计1700亿元"),
        ("湘潭市", "2015年", "1703.1亿元"), ("湘潭市", "2015年", "1703.0972亿元"),
        ("湘潭市", "2016年", "1866.7869亿元"), ("湘潭市", "2020年", "2343亿元"),
        ("湘潭市", "2021年", "预计2580亿元"), ("湘潭市", "2023年", "2741.84亿元"),
        ("张家界市", "2015年", "447.7004亿元"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["line", "bar", "dot", "multiples"])
def test_the_reader_can_change_the_form_of_the_chart(kind):
    at = opened("explore", indicator="gdp", chart=kind)
    assert widget(at.button_group, "explore_chart").value == kind
    assert len(points(at, 1)) >= 20
    assert told(at) is None


def test_more_figures_than_a_page_holds_are_counted_and_offered_as_a_file(monkeypatch):
    monkeypatch.setattr(exploration, "MOST_FIGURES", 100)
    at = opened("explore", theme="economy")
    assert at.title[0].value == "332 个地区、126 个指标，共 9,132 个数"
    assert "共 9,132 条，多于本页能画和能列的 100 条" in at.info[0].value
    assert "/api/observations.csv?indicator=" in at.info[0].value
    widget(at.button, "explore_start_gdp").click().run()
    assert shown(at) == (2829, 11395)
    assert at.query_params["theme"] == "economy"


def test_derived_figures_are_shown_when_asked_for_and_marked():
    at = opened("explore", indicator="total_revenue", park="xthtz", evidence="derived")
    assert shown(at) == (1, 11395)
    assert table(at, "时期", "数值")[0] == ("2012年", "约501.5亿元")
    assert table(at, "性质与依据")[0][0] == "推算，若增速为同口径名义增速 · 720.1 ÷ (1 + 43.6%)"
    plain = opened("explore", indicator="below_scale_industrial_output", park="xthtz", evidence="derived")
    assert [row[0] for row in table(plain, "性质与依据")] == ["推算 · 552 − 438.5"]


@pytest.mark.parametrize("kind", ["line", "bar", "dot", "multiples"])
def test_a_figure_under_a_condition_is_drawn_as_such_and_no_line_goes_through_it(kind):
    at = opened("explore", indicator="industrial_output", park="all", evidence="published,derived", chart=kind)
    drawn = {(row["place"], row["period"], row["kind"]): row["best"] for row in points(at, 1)}
    assert drawn["长春高新区", "2012年", "conditional"] is False
    assert drawn["长春高新区", "2013年", "published"] is True
    assert "菱形是以增速为同口径名义增速为前提推算的，原文没有说明。" in "\n".join(said(at))
