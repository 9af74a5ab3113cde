"""What readers type is found: names, codes, aliases, pinyin, Chinese without word breaks, slips, years."""

import pytest

from queries.catalogue import names
from queries.catalogue.catalogue import get_indicators, get_parks
from queries.exploring import exploration
from queries.exploring.search import parse_search_text, suggest_correction
from tests.pages.test_pages import opened, said

REVENUE = ("total_revenue", "tech_industry_trade_revenue")
CITY = ("xiangtan", "xthtz", "xtetdz", "xttyetdz", "xt_parks")


@pytest.mark.parametrize("text", ["jgm", "JGM", "jigongmao", "jigongm", "jgmao", "ｊｇｍ", "技工贸", "技工貿"])
def test_initials_pinyin_and_either_script_find_the_revenue_of_the_headline(text):
    assert parse_search_text(text).indicators == REVENUE
    assert parse_search_text(text).parks is None
    assert parse_search_text(text).unknown == ()


@pytest.mark.parametrize(
    ("text", "indicator", "places", "years"),
    [
        ("湘潭高新区工业产值2013", "industrial_output", ("xthtz",), (2013, 2013)),
        ("湘潭高新區工業產值2013年", "industrial_output", ("xthtz",), (2013, 2013)),
        ("湘潭高新区的工业总产值是多少", "industrial_output", ("xthtz",), (None, None)),
        ("2013年湘潭市财政收入", "fiscal_revenue", ("xiangtan",), (2013, 2013)),
        ("湘潭财政收入", "fiscal_revenue", CITY, (None, None)),
        ("财政收入　湘潭", "fiscal_revenue", CITY, (None, None)),
        ("长沙gdp", "gdp", ("changsha", "cshtz", "csetdz"), (None, None)),
        ("GDP 長沙", "gdp", ("changsha", "cshtz", "csetdz"), (None, None)),
        ("光谷营业收入２０１５", "operating_revenue", ("whdhhtz",), (2015, 2015)),
        ("patents of Xiangtan city in 2013", "patent_applications", ("xiangtan",), (2013, 2013)),
        ("2012年至2014年固投", "fixed_asset_investment", None, (2012, 2014)),
        ("研发强度 2012-2014", "rd_to_park_gdp", None, (2012, 2014)),
        ("xthtz total_revenue", "total_revenue", ("xthtz",), (None, None)),
    ],
)
def test_a_sentence_is_read_as_indicator_place_and_years(text, indicator, places, years):
    what = parse_search_text(text)
    assert what.indicators is not None
    assert what.indicators[0] == indicator
    assert what.parks == places
    assert (what.first, what.last) == years
    assert what.unknown == ()


@pytest.mark.parametrize(
    ("alias", "code"),
    [("高企", "hightech_enterprises_certified"), ("社零", "retail_sales"), ("FDI", "fdi_received"), ("九华", "xtetdz"),
     ("Optics Valley", "whdhhtz"), ("R&D", "rd_investment"), ("上市公司", "listed_enterprises")],
)  # fmt: skip
def test_a_word_of_the_table_of_aliases_leads_to_its_code(alias, code):
    what = parse_search_text(alias)
    assert code in (what.indicators or ()) + (what.parks or ())
    assert what.unknown == ()


def test_every_code_and_every_name_in_both_languages_finds_what_it_names():
    for kind, rows in (("indicators", get_indicators()), ("parks", get_parks())):
        for row in rows.iter_rows(named=True):
            code = row[f"{kind[:-1]}_id"]
            for text in (code, row["name_zh"], row["name_en"]):
                assert code in (getattr(parse_search_text(text), kind) or ()), f"{text} does not find {code}"


def test_several_places_are_several_words_and_a_second_word_narrows_the_first():
    assert parse_search_text("长沙市 株洲市").parks == ("changsha", "zhuzhou")
    assert parse_search_text("湘潭 高新区").parks == ("xthtz",)
    assert parse_search_text("高新区").parks is not None
    assert len(parse_search_text("高新区").parks or ()) > 15


@pytest.mark.parametrize(
    ("text", "measure"), [("gdp增速", "growth"), ("湘潭市gdp同比增长", "growth"), ("export growth", "growth"),
                          ("工业总产值 指数", "index"), ("gdp", None)],
)  # fmt: skip
def test_a_word_for_a_measure_asks_for_that_measure(text, measure):
    assert parse_search_text(text).measure == measure
    assert parse_search_text(text).unknown == ()


@pytest.mark.parametrize(
    ("text", "unknown", "meant"),
    [
        ("total revnue 2013", ("revnue",), "total revenue 2013"),
        ("财政收人", ("人",), "财政收入"),
        ("jigongmoa", ("jigongmoa",), "技工贸"),
        ("changhsa", ("changhsa",), "changsha"),
        ("湘潭房价2013", ("房价",), "湘潭 2013"),
        ("2013年6月", ("6月",), "2013"),
        ("房价", ("房价",), None),
        ("qqqqq", ("qqqqq",), None),
        ("%", ("%",), None),
        ("十堰", ("十堰",), None),
        ("'; drop table observation", ("drop", "table", "observation"), None),
    ],
)
def test_a_word_that_names_nothing_is_told_and_the_nearest_is_offered(text, unknown, meant):
    assert parse_search_text(text).unknown == unknown
    assert suggest_correction(text) == meant


@pytest.mark.parametrize("text", ["", " ", "　", "的", "the"])
def test_a_text_that_asks_for_nothing_leaves_everything(text):
    assert parse_search_text(text) == type(parse_search_text(text))()


LONG = ("湘" * 5_000, "a" * 5_000, "湘潭高新区的工业总产值是多少" * 500, "多 " * 3_000, "2013" * 2_000)


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_a_text_of_thousands_of_characters_is_cut_before_it_is_read(text):
    assert parse_search_text(text) == parse_search_text(text[:80])
    assert suggest_correction(text) == suggest_correction(text[:80])


def test_letters_begin_a_word_and_are_no_part_of_one():
    assert "employees_year_end" not in (parse_search_text("ear").indicators or ())  # year
    assert parse_search_text("patents").indicators == parse_search_text("patent").indicators


def test_syllables_may_be_begun_one_after_the_other_and_not_skipped():
    revenue = names.to_syllables("技工贸")
    assert names.is_pinyin_spelling("jgm", revenue)
    assert names.is_pinyin_spelling("gongm", revenue)
    assert not names.is_pinyin_spelling("jm", revenue)
    assert not names.is_pinyin_spelling("jgmx", revenue)


def test_words_that_find_no_figure_find_the_targets_and_promises_that_there_are():
    choice = exploration.Choice("安置房")
    assert exploration.get_chosen_figures(choice).is_empty()
    assert exploration.get_chosen_targets(choice)["target_id"].to_list() == ["T10", "T11"]
    assert exploration.get_chosen_targets(exploration.Choice("没有这个词")).is_empty()
    assert exploration.find_chosen_commitments(exploration.Choice("没有这个词")).is_empty()


def test_the_page_leads_to_them_and_claims_no_conditions():
    at = opened("explore", find="安置房")
    assert at.title[0].value.startswith("没有公布过这样的数，但有 2 项目标")
    text = " ".join(said(at))
    assert "新建安置区" in text
    assert "条件" not in at.title[0].value
