"""Links that other programs changed on their way open the view that was meant."""

import pytest

from pages.shell.incoming import mend_query
from tests.pages.test_pages import opened

UNKNOWN = "链接里有不认识的代码"


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("park=xthtz&from=2012&to=2014&from=singlemessage&isappinstalled=0", "park=xthtz&from=2012&to=2014"),
        ("from=singlemessage&isappinstalled=0", ""),
        ("from=timeline&park=xthtz", "park=xthtz"),
        ("from=groupmessage&from=2012&scene=1&clicktime=17&utm_source=x&share_token=y", "from=2012"),
        ("embed=true&amp;park=changsha&amp;amp;lang=en", "embed=true&park=changsha&lang=en"),
        ("to=2014%E3%80%82", "to=2014"),
        ("to=2014.", "to=2014"),
        ("from=2012%EF%BC%8C&to=2014%EF%BC%89", "from=2012&to=2014"),
        ("asof=2015-09-15).", "asof=2015-09-15"),
        ("embed=true%E3%80%82", "embed=true"),
        ("lang=en-US", "lang=en"),
        ("lang=EN", "lang=en"),
        ("lang=zh_Hans%E3%80%82&park=xthtz,changsha", "lang=zh&park=xthtz,changsha"),
    ],
)
def test_a_changed_query_is_mended(query, meant):
    assert mend_query(query) == meant
    assert mend_query(meant) == meant  # a redirect leads to no other


@pytest.mark.parametrize(
    "query",
    [
        "from=20x3",  # is told on the page
        "from=2012&from=2013",
        "lang=fr",
        "find=2014%E3%80%82",  # words, not a year
        "sql=select%201%20;",
        "task=K(1)",  # a code, which the page knows
        "embed&park=xthtz",
        "weights=K01:40,K02:60",
        "",
    ],
)
def test_a_query_that_may_be_meant_stays_as_it_is(query):
    assert mend_query(query) == query


def told(at):
    return [caption.value for caption in at.caption if UNKNOWN in caption.value]


def years(at):
    return next(slider.value for slider in at.slider if slider.label == "时期")


@pytest.mark.parametrize(
    "asked",
    [
        {"from": ["2012", "singlemessage"], "to": "2014"},
        {"from": ["singlemessage", "2012"], "to": ["2014", "2016"]},
        {"from": "2012", "to": "2014。"},
        {"from": "2012", "to": "2014."},
        {"from": "2012）", "to": "2014)"},
        {"from": "2012，", "to": ["20x4", "2014"]},
    ],
)
def test_the_first_year_that_can_be_is_taken_without_the_end_of_a_sentence(asked):
    at = opened("economics", park="xthtz", **asked)
    assert years(at) == (2012, 2014)
    assert told(at) == []


def test_a_year_that_is_none_is_told():
    at = opened("economics", park="xthtz", from_="20x3")
    assert len(told(at)) == 1
    assert "20x3" in told(at)[0]


@pytest.mark.parametrize(
    ("page", "asked", "shown"),
    [
        ("economics", {"park": ["nowhere", "changsha"]}, {"park": "changsha"}),
        ("economics", {"park": "xthtz,changsha。"}, {"park": "xthtz,changsha"}),
        ("economics", {"indicator": "gdp)."}, {"indicator": "gdp"}),
        ("compare", {"indicator": "gdp。"}, {"indicator": "gdp"}),
        ("overview", {"park": "xthtz", "year": "2014。"}, {"park": "xthtz", "year": "2014"}),
        ("overview", {"target": "T04。"}, {"target": "T04"}),
        ("explore", {"indicator": "total_revenue", "as": "level）"}, {"indicator": "total_revenue", "as": "level"}),
        ("findings", {"asof": "2015-09-15。"}, {"asof": "2015-09-15"}),
        ("preplan", {"park": "sample。"}, {"park": "sample"}),
    ],
)
def test_a_code_that_took_along_the_end_of_its_sentence_opens_the_view_of_the_code(page, asked, shown):
    changed, plain = opened(page, **asked), opened(page, **shown)
    assert told(changed) == told(plain) == []
    said = [[one.value for one in (*at.title, *at.header, *at.subheader, *at.markdown)] for at in (changed, plain)]
    assert said[0] == said[1]
