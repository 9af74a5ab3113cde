"""The page of a place: what it is, its latest figures with rank and course, links to and from it."""

import base64
import re

import polars as pl
import pytest

from pages.charts.sparkline import make_sparkline
from tests.pages.test_pages import opened, said, table, tables, told, unfolded


def has(page, text):
    return any(text in one for one in said(page))


def test_a_city_is_told_by_its_product_and_rank_and_names_its_zones():
    page = opened("place", park="xiangtan")
    assert page.title[0].value == "湘潭市：2023年地区生产总值2742亿元，在 152 个同类地区里居第 100"
    assert has(page, "[湘潭高新区](place?park=xthtz&lang=zh)、[湘潭经开区](place?park=xtetdz&lang=zh)")
    rows = dict(row for frame in tables(page) if "名次" in frame for row in frame[["指标", "名次"]].to_numpy())
    assert rows["地区生产总值"] == "100 / 152"
    assert rows["常住人口"] == "119—120 / 151"


def test_the_park_itself_opens_without_an_address_with_its_approval_industries_and_city():
    page = opened("place")
    assert page.title[0].value == "湘潭高新区：2013年技工贸总收入720.1亿元"
    for text in (
        "2009年3月18日批准为国家级",
        "G432125",
        "新能源装备、钢材加工、智能装备",
        "[湘潭市](place?park=xiangtan",
    ):
        assert has(page, text)
    assert ("技工贸总收入", "达到1000亿元") in table(page, "目标", "要求")


def test_a_zone_without_figures_but_its_area_says_since_when_it_is_a_national_one():
    page = opened("place", "en", park="wuxi_htz")
    assert page.title[0].value == "Wuxi High-tech Zone: a national zone since Nov 1992"
    assert table(page, "Indicator", "Rank") == [("Approved area (2018 catalogue)", "65 / 155")]


def test_an_unknown_place_is_named_and_the_page_of_the_park_opens():
    assert "nowhere" in told(opened("place", park="nowhere"))


def test_every_place_opens_in_both_languages_without_an_error():
    for park in (
        "yangling_htz",
        "shihezi_htz",
        "chongqing",
        "hunan",
        "china_htz",
        "xt_parks",
        "xiangxi",
        "qianjiang_htz",
    ):
        for lang in ("zh", "en"):
            assert opened("place", lang, park=park).title[0].value


@pytest.mark.parametrize("page", ["compare", "economics", "innovation"])
def test_the_names_of_places_in_tables_lead_to_them(page):
    more = {"park": "xiangtan,changsha"} if page != "compare" else {}
    shown = opened(page, **more)
    assert any("](place?park=" in one.value for one in shown.markdown)


@pytest.mark.parametrize(
    ("page", "asked", "text"),
    [
        ("overview", {}, "[湘潭高新区](place?park=xthtz&lang=zh)　2014年目标"),
        ("overview", {"target": "T01"}, "[湘潭高新区](place?park=xthtz&lang=zh)2014年"),
        ("overview", {}, "- [湘潭高新区](place?park=xthtz&lang=zh)2014年技工贸总收入的目标写作"),
        ("economics", {}, "[湘潭高新区](place?park=xthtz&lang=zh)　"),
        ("livelihood", {}, "[湘潭高新区](place?park=xthtz&lang=zh)2014年"),
        ("compare", {"park": "changsha"}, "[长沙市](place?park=changsha&lang=zh)　对比"),
        ("findings", {}, "**[湘潭市](place?park=xiangtan&lang=zh)2015年一般公共预算收入"),
    ],
)
def test_the_names_of_places_in_lines_of_text_lead_to_them(page, asked, text):
    shown = opened(page, **asked)
    assert has(shown, text)
    assert "](" not in shown.title[0].value


def test_a_remark_leads_to_its_place_but_on_the_page_of_that_place():
    remark = "- **技工贸总收入**（{}2012年）"
    economics = unfolded(opened("economics"), "economics_observations_notes")
    assert has(economics, remark.format("[湘潭高新区](place?park=xthtz&lang=zh) "))
    own = unfolded(opened("place"), "place_observations_notes")
    assert has(own, "（湘潭高新区 20")
    assert not has(own, "（[湘潭高新区](place?")


def test_findings_take_no_more_figures_apart_than_they_show(monkeypatch):
    most, plain = [0], pl.DataFrame.iter_rows

    def counted(rows, **options):
        most[0] = max(most[0], rows.height)
        return plain(rows, **options)

    opened("findings")  # answers that are kept are not made anew
    monkeypatch.setattr(pl.DataFrame, "iter_rows", counted)
    opened("findings")
    assert 10 <= most[0] < 400, "of ten thousand figures those of ten findings"


def test_a_small_line_has_its_gaps_and_says_what_it_shows():
    image = make_sparkline([(2005, 1, "a"), (2006, 2, "a"), (2009, 3, "b"), (2010, 4, "b")], "由1到4", "light")
    assert image.startswith("![由1到4](data:image/svg+xml;base64,")
    drawn = base64.b64decode(re.search(r"base64,([^)]+)", image)[1]).decode()
    assert drawn.count("<polyline") == 2
    assert make_sparkline([(2005, 1, "a"), (2006, 2, "a")], "", "light") == ""
