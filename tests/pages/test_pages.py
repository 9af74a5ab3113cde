"""Every page in both languages, run as Streamlit runs it: numbers, filters, empty results, words."""

import csv
import io
import itertools
import json
import os
import random
import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.ui.place_links import get_place_options
from pages.wording import plain_text
from queries.api.routes import api
from queries.database import engine
from queries.targets.findings import get_consistency_findings
from queries.targets.outcomes import judge_targets
from tests.conftest import ROOT, speak
from tests.tools.kept import unwrap
from tests.tools.pages import MECHANISMS, PAGES, THEMED

ROUTER = str(ROOT / "pages" / "navigation.py")  # never app.py: an App object runs as an empty page without an error
CHINESE = re.compile("[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]+")


def opened(page, lang="zh", **asked):
    """A page at an address; from_ stands for from."""
    at = AppTest.from_file(ROUTER, default_timeout=60)
    at.query_params.update({"lang": lang} | {key.rstrip("_"): value for key, value in asked.items()})
    if page != "overview":
        at.switch_page(f"{page}.py")
    at.run()
    assert [error.message for error in at.exception] == []
    return at


def again(at, **asked):
    """The same session at another address, as after a click on a link or on "back"."""
    at.query_params = {key.rstrip("_"): value for key, value in asked.items()}
    at.run()
    assert [error.message for error in at.exception] == []
    return at


PLACE_LINK = re.compile(r"\[([^\]]*)\]\((?:place|compare|coverage)\?[^)]*\)")  # a name that leads to its profile


def unfolded(at, *keys):
    """The same session with these menus open."""
    for key in keys:
        at.session_state[key] = True
    return at.run()


def leaves(at, read):
    """What `read` finds on the page, then after each turn to another page of a table or list."""
    yield read(at)
    for key in [one.key for one in at.pagination]:
        pager = widget(at.pagination, key)
        for number in range(2, pager.proto.num_pages + 1):
            widget(at.pagination, key).set_value(number).run()
            yield read(at)
        widget(at.pagination, key).set_value(1).run()


def written(at):
    """Every table on the page as a frame: those written in Markdown in their order, then the grids."""
    frames = []
    for text in (unwrap(one.value) for one in at.markdown):
        if text.startswith("| "):
            head, _rules, *rows = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in text.split("\n")]
            rows = [[PLACE_LINK.sub(r"\1", cell) for cell in row] for row in rows]
            plain = [[re.sub(r"\\(.)", r"\1", cell) for cell in row] for row in rows]
            frames.append(pd.DataFrame(plain, columns=head))
    return frames + [frame.value for frame in at.dataframe]


def tables(at):
    """Every table as a frame, with the rows of all its pages."""
    first, *turned = leaves(at, written)
    parts, last = [[frame] for frame in first], first
    for frames in turned:
        for place, frame in enumerate(frames):
            if not frame.equals(last[place]) and not frame.equals(first[place]):
                parts[place].append(frame)
        last = frames
    return [pd.concat(of, ignore_index=True) for of in parts]


def table(at, *columns):
    """The rows of the first table that has these columns, as tuples of these columns."""
    for frame in tables(at):
        if set(columns) <= set(frame.columns):
            return list(frame[list(columns)].itertuples(index=False, name=None))
    raise AssertionError(f"no table with {columns}; there are {[list(frame.columns) for frame in tables(at)]}")


def figures_of(at):
    """Indicator, period and value of the table of figures."""
    return table(at, "指标", "时期", "数值")


def points(at, place=0):
    """The rows that a chart draws."""
    proto = at.get("vega_lite_chart")[place].proto
    data = proto.data.data if proto.HasField("data") else proto.datasets[0].data.data
    return pa.ipc.open_stream(data).read_all().to_pylist()


def rows_told(at):
    """How many rows the table of figures has: all that it shows, or as many as are told below a page of it."""
    lines = [re.fullmatch(r"第 1—30 条，共 ([\d,]+) 条|1–30 of ([\d,]+)", caption.value) for caption in at.caption]
    told_ = [int((line[1] or line[2]).replace(",", "")) for line in lines if line]
    shown = len(next(frame for frame in written(at) if {"数值", "Value"} & set(frame.columns)))
    assert shown == 30 if told_ else shown <= 30
    return told_[0] if told_ else shown


def told(at):
    """The line about codes that are not known, or None."""
    lines = [caption.value for caption in at.caption if ":material/link_off:" in caption.value]
    assert len(lines) <= 1
    return lines[0] if lines else None


def widget(kind, key):
    return next(one for one in kind if one.key == key)


def said(at):
    """All that a reader reads outside of tables and charts."""
    kinds = (at.title, at.subheader, at.caption, at.markdown, at.info, at.warning, at.error)
    texts = [one.value for kind in kinds for one in kind]
    for kind in (at.button, at.download_button, at.multiselect, at.slider, at.selectbox, at.button_group):
        texts += [one.label for one in kind]
    texts += [
        option for kind in (at.multiselect, at.selectbox, at.button_group) for one in kind for option in one.options
    ]
    texts += [link.proto.label for link in at.get("page_link")]
    texts += [expander.label for expander in at.expander]
    texts += [box.placeholder for box in at.text_input]
    texts += [chart.proto.alt for chart in at.get("vega_lite_chart")]
    return [unwrap(text) for text in texts]


def cells(at):
    """Every text of every table, headings included."""
    return [
        str(text)
        for frame in tables(at)
        for text in itertools.chain(frame.columns, *frame.itertuples(index=False))
        if isinstance(text, str)
    ]


NUMBERS = {
    ("overview", "zh"): ("720.1亿元", "1000亿元", "38.87%", "43.6%", "13.4万平方米", "1100套"),
    ("overview", "en"): ("72.01 billion yuan (720.1亿元)", "100 billion yuan", "38.87%", "43.6%", "1,100 homes"),
    ("economics", "zh"): ("43.6%", "30.6%", "19.1%", "18.2%", "720.1亿元", "552亿元", "438.5亿元", "17亿元"),
    ("economics", "en"): ("43.6%", "30.6%", "19.1%", "18.2%", "72.01 billion yuan", "55.2 billion yuan"),
    ("innovation", "zh"): (
        "248亿元", "459.6亿元", "302项", "190余万元", "47%",
        "2022年 **189家** → 2023年2月 **208家**", "2013年 **9块** → 2023年2月 **16块**",
    ),
    ("innovation", "en"): (
        "24.8 billion yuan", "45.96 billion yuan", "302", "over 1.9 million yuan",
        "2022 **189 enterprises** → Feb 2023 **208 enterprises**",
        "2013 **9 designations** → Feb 2023 **16 designations**",
    ),
    ("livelihood", "zh"): ("13.4万平方米", "1100套", "约92套", "约122平方米", "约1.12万平方米", "推算"),
    ("livelihood", "en"): ("134 thousand square metres", "1,100 homes", "about 92 homes", "about 122 square metres"),
    ("compare", "zh"): ("552亿元", "175 个国家高新区", "只查到 **2** 个", "19.7万亿元", "其中 **18** 项可评估"),
    ("compare", "en"): ("55.2 billion yuan", "175 national high-tech zones", "19.7 trillion yuan", "**18** can be"),
    ("mechanisms", "zh"): ("11 项目标", "36 项承诺", "139"),
    ("mechanisms", "en"): ("11 targets", "36 commitments", "139"),
    ("findings", "zh"): ("19 处", "1633.07亿元", "173.92亿元", "19.7万亿元"),
    ("findings", "en"): ("19 places", "163.307 billion yuan", "17.392 billion yuan"),
    ("sources", "zh"): ("11,371 条数据", "71 项目标", "125 份", "53 份"),
    ("sources", "en"): ("11,371 figures", "71 targets", "125 published texts", "53 texts"),
}  # fmt: skip


@pytest.mark.parametrize(("page", "lang"), NUMBERS)
def test_every_page_shows_its_title_and_its_numbers_in_both_languages(page, lang):
    at = opened(page, lang)
    assert len(at.title) == 1
    assert at.title[0].value
    everything = "\n".join(said(at))
    missing = [number for number in NUMBERS[page, lang] if number not in everything]
    assert missing == [], f"not on {page} in {lang}"


def test_the_six_mechanisms_stand_in_the_order_of_the_article():
    names = ["预安消号", "领导联点", "按月调度", "督查督办", "效能监查", "奖惩考核"]
    at = opened("mechanisms")
    assert [row[0] for row in table(at, "机制", "依据")] == names
    listed = next(text.value for text in at.markdown if text.value.startswith("1. "))
    assert [listed.index(f"{place}. **{name}**") for place, name in enumerate(names, 1)] == sorted(
        listed.index(f"**{name}**") - 3 for name in names
    )
    assert [row["name"].strip("→← ") for row in points(at)] == [
        f"{place} {name}" for place, name in enumerate(names, 1)
    ]


def listed(at):
    """Entries of the long lists of the sources page, each as its lines, of all their pages."""
    texts = itertools.chain.from_iterable(leaves(at, lambda at: [text.value for text in at.markdown]))
    entries = [entry for text in texts for entry in text.split("\n\n") if "  \n:gray[" in entry]
    return [entry.split("  \n") for entry in dict.fromkeys(entries)]


def test_the_sources_page_lists_all_125_sources_and_links_no_copy():
    entries = [(title, facts) for title, facts, *_ in listed(opened("sources"))]
    assert len(entries) == 125
    copies = [title for title, facts in entries if "转抄页，不链接" in facts]
    assert len(copies) == 53
    assert [title for title in copies if "](" in title] == []
    assert sum(bool(re.fullmatch(r"\*\*\[.+\]\(https?://\S+\)\*\*", title)) for title, _ in entries) == 69
    assert (
        "**湘潭高新区确定年度目标，建成千亿园区**",
        ":gray[中国高新技术产业导报 · 2014年3月3日 · 转载 · 数据 11 · 目标 11 · 承诺 36 · CHIN-20140303]",
    ) in entries


def test_words_find_sources_and_indicators_in_either_language_by_name_and_code():
    at = opened("sources", show="sources,indicators", find="herald 2014")
    assert [lines[1].rpartition(" · ")[2] for lines in listed(at)] == ["CHIN-20140303]"]
    at.text_input[0].set_value("PCT_app").run()
    assert at.query_params["find"] == "PCT_app"
    assert [lines[0] for lines in listed(at)] == ["**PCT专利申请**"]
    assert "显示 1 条，共 196 条" in said(at)
    assert "没有找到。请换个词，或清空查找。" in said(at)
    at.text_input[0].set_value("no such thing").run()
    assert (listed(at), list(at.get("popover"))) == ([], []), "nothing to take away or to cite"
    at.text_input[0].set_value("").run()
    assert "find" not in at.query_params
    assert len(listed(at)) == 125 + 196


# Filters by address


TOTAL = [("技工贸总收入", "2012年", "约501.5亿元"), ("技工贸总收入", "2013年", "720.1亿元")]
BY_ADDRESS = {
    "economics by default": ("economics", {}, 28, TOTAL),
    "indicator": ("economics", {"indicator": "total_revenue"}, 2, TOTAL),
    "two indicators": (
        "economics",
        {"indicator": "total_revenue,fiscal_revenue"},
        3,
        [*TOTAL, ("财政收入", "2013年", "17亿元")],
    ),
    "park": (
        "economics",
        {"park": "xtetdz"},
        8,
        [("技工贸总收入", "2016年1—9月", "约1275亿元"), ("技工贸总收入", "2017年1—9月", "1586.7亿元")],
    ),
    "all parks": (
        "economics",
        {"park": "all", "to": "2004"},
        30,
        [
            ("技工贸总收入", "2004年", "503亿元"),
            ("技工贸总收入", "1995年", "4.09亿元"),
            ("技工贸总收入", "2002年", "70.5亿元"),
            ("工业总产值", "1995年", "5.18亿元"),
        ],
    ),
    "from and to": (
        "economics",
        {"from_": "2023", "to": "2023"},
        5,
        [("集聚企业数", "2023年2月", "5000余家"), ("规模企业数", "2023年2月", "235家")],
    ),
    "to alone": ("economics", {"to": "2012"}, 2, [*TOTAL[:1], ("工业总产值", "2012年", "约423亿元")]),
    "published only": ("economics", {"evidence": "published"}, 23, TOTAL[1:]),
    "derived only": ("economics", {"evidence": "derived"}, 5, TOTAL[:1]),
    "everything at once": (
        "economics",
        {"park": "xthtz", "indicator": "total_revenue", "from_": "2013", "to": "2013", "evidence": "published"},
        1,
        TOTAL[1:],
    ),
    "innovation": (
        "innovation",
        {"indicator": "hightech_output", "evidence": "published"},
        2,
        [("高新技术产值", "2013年", "248亿元"), ("高新技术产值", "2016年", "459.6亿元")],
    ),
    "innovation by period": (
        "innovation",
        {"from_": "2014", "to": "2016"},
        3,
        [("高新技术产值", "2016年", "459.6亿元")],
    ),
    "livelihood": (
        "livelihood",
        {"park": "xiangtan", "evidence": "published", "from_": "2014", "to": "2020"},
        5,
        [
            ("城镇居民人均可支配收入", "2014年", "27068元"),
            ("农村居民人均可支配收入", "2014年", "14092元"),
            ("城镇非私营单位从业人员期末人数", "2020年", "324835人"),
            ("城镇非私营单位在岗职工平均工资", "2020年", "71074元"),
            ("常住人口", "2020年", "273万人"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BY_ADDRESS)
def test_each_filter_in_the_address_gives_its_known_rows(case):
    page, asked, count, first = BY_ADDRESS[case]
    at = opened(page, **asked)
    rows = figures_of(at)
    assert len(rows) == count
    assert rows[: len(first)] == first
    assert told(at) is None


def test_an_address_changed_from_outside_moves_the_widgets_and_the_rows():
    at = opened("economics", indicator="total_revenue")
    again(at, lang="zh", indicator="fiscal_revenue", from_="2013", to="2014", evidence="published")
    assert figures_of(at) == [("财政收入", "2013年", "17亿元")]
    assert widget(at.multiselect, "economics_indicator").value == ["fiscal_revenue"]
    assert tuple(widget(at.slider, "economics_years").value) == (2013, 2014)
    assert widget(at.button_group, "economics_evidence").value == ["published"]
    again(at, lang="zh")
    assert len(figures_of(at)) == 28


def test_the_compared_indicator_of_the_address_is_drawn():
    revenue, output = (opened("economics", compare=code) for code in ("total_revenue", "industrial_output"))
    drawn = [{row["indicator"] for row in points(at, 2)} for at in (revenue, output)]
    assert "技工贸总收入" in drawn[0]
    assert "工业总产值" in drawn[1]
    assert widget(output.selectbox, "economics_compare").value == "industrial_output"
    places = {row["category"]: row["value"] for row in points(output, 2)}
    assert {value for name, value in places.items() if name.startswith("湘潭高新区")} == {552.0}


def test_mechanism_and_theme_in_the_address_leave_two_links():
    at = opened("mechanisms", mechanism="monthly", theme="innovation")
    assert table(at, "机制", "要求", "名称", "方面") == [
        ("按月调度", "增长20%以上", "高新技术总产值", "创新"),
        ("按月调度", "50家以上", "引进科技型企业", "创新"),
    ]
    assert table(at, "机制", "创新", "依据") == [("按月调度", "目标 2", "原文写明")]


def test_a_link_with_a_former_code_of_a_mechanism_opens_the_same_rows():
    former, now = (opened("mechanisms", mechanism=codes) for codes in ("supervise,monthly", "supervision,monthly"))
    assert table(former, "机制", "要求", "名称") == table(now, "机制", "要求", "名称") != []
    assert "supervise" not in str(former.query_params["mechanism"])


def test_show_and_table_in_the_address_open_that_shelf():
    at = opened("sources", show="tables", table="title")
    assert [frame.value.shape[0] for frame in at.dataframe] == [2]
    assert table(at, "title_id", "granted") == [("N1", 2013), ("N2", 2013)]
    assert len(listed(opened("sources", show="indicators"))) == 196
    at = opened("sources", show="all")
    assert (len(listed(at)), len(table(at, "observation_id"))) == (125 + 196, 11371)


# Filters by widget


def test_choosing_an_indicator_and_a_place_changes_the_rows_and_the_address():
    at = opened("economics")
    widget(at.multiselect, "economics_indicator").set_value(["total_revenue"]).run()
    assert figures_of(at) == TOTAL
    assert at.query_params["indicator"] == "total_revenue"
    widget(at.multiselect, "economics_park").set_value(["xtetdz"]).run()
    assert figures_of(at) == [
        ("技工贸总收入", "2016年1—9月", "约1275亿元"),
        ("技工贸总收入", "2017年1—9月", "1586.7亿元"),
    ]
    assert at.query_params["park"] == "xtetdz"
    assert len(at.exception) == 0


def test_emptying_the_places_means_all_places_and_is_written_as_all():
    at = opened("innovation")
    widget(at.multiselect, "innovation_park").set_value([]).run()
    assert rows_told(at) == 888
    assert at.query_params["park"] == "all"
    again(at, lang="zh", park="all")
    assert rows_told(at) == 888


@pytest.mark.parametrize("page", THEMED)
def test_any_widget_may_be_moved_after_any_other(page):
    """A second run with nothing new in the address once forgot that the slider holds two years."""
    at = opened(page)
    first = len(figures_of(at))
    widget(at.button_group, f"{page}_evidence").set_value(["published"]).run()
    assert [error.message for error in at.exception] == []
    assert at.query_params["evidence"] == "published"
    assert {row[0].partition(" · ")[0] for row in table(at, "性质与依据")} == {"公布"}
    assert len(figures_of(at)) < first
    low, high = widget(at.slider, f"{page}_years").value
    widget(at.slider, f"{page}_years").set_value((2014, high)).run()
    assert [error.message for error in at.exception] == []
    assert at.query_params["from"] == "2014"
    assert "to" not in at.query_params
    assert all("2013年" not in row[1] for row in figures_of(at))
    widget(at.slider, f"{page}_years").set_value((low, high)).run()
    assert "from" not in at.query_params
    assert at.query_params["evidence"] == "published"


def test_the_slider_over_years_leaves_2023():
    at = opened("economics")
    widget(at.slider, "economics_years").set_value((2023, 2023)).run()
    assert figures_of(at)[0] == ("集聚企业数", "2023年2月", "5000余家")
    assert len(figures_of(at)) == 5
    assert (at.query_params["from"], at.query_params["to"]) == ("2023", "2023")


def test_the_select_box_of_the_comparison_changes_the_chart_and_the_address():
    at = opened("economics")
    widget(at.selectbox, "economics_compare").set_value("industrial_output").run()
    assert at.query_params["compare"] == "industrial_output"
    assert 552.0 in [row["value"] for row in points(at, 2)]
    assert len(figures_of(at)) == 28


def test_pills_choose_mechanisms_themes_and_shelves():
    at = opened("mechanisms")
    widget(at.button_group, "mechanisms_mechanism").set_value(["efficiency"]).run()
    assert {row[0] for row in table(at, "机制", "要求")} == {"效能监查"}
    assert len(table(at, "机制", "要求")) == 8
    widget(at.button_group, "mechanisms_theme").set_value(["economy"]).run()
    assert [row[0] for row in table(at, "要求", "机制")] == ["100亿元以上"]
    assert (at.query_params["mechanism"], at.query_params["theme"]) == ("efficiency", "economy")

    at = opened("sources")
    widget(at.button_group, "sources_show").set_value(["tables"]).run()
    widget(at.selectbox, "sources_table").set_value("title").run()
    assert table(at, "title_id", "granted") == [("N1", 2013), ("N2", 2013)]
    assert (at.query_params["show"], at.query_params["table"]) == ("tables", "title")


def test_arriving_writes_nothing_into_the_address():
    for page in PAGES:
        assert opened(page).query_params == {"lang": "zh"}, page


def test_the_language_button_keeps_the_view():
    at = opened("economics", park="xtetdz", indicator="total_revenue", from_="2017")
    widget(at.button, "language_en").click().run()
    assert at.query_params == {"lang": "en", "park": "xtetdz", "indicator": "total_revenue", "from": "2017"}
    assert table(at, "Indicator", "Period", "Value") == [
        ("Total revenue from technology, industry and trade", "Jan–Sep 2017", "158.67 billion yuan (1586.7亿元)")
    ]


def test_the_menu_takes_language_and_place_along_and_nothing_else():
    at = opened("economics", "en", park="xtetdz", indicator="total_revenue")
    menu = [link.proto for link in at.sidebar.get("page_link")]
    assert {link.page or "overview" for link in menu} == set(PAGES)
    assert len(menu) == len(PAGES)
    assert {link.query_string for link in menu} == {"lang=en&park=xtetdz"}


def test_the_menu_hands_ledger_and_day_from_mechanism_to_mechanism_and_to_no_page_of_figures():
    at = opened("preplan", "zh", park="sample", asof="2025-07-10", state="overdue")
    menu = {link.proto.page: link.proto.query_string for link in at.sidebar.get("page_link")}
    kept = {page for page, query in menu.items() if query == "lang=zh&park=sample&asof=2025-07-10"}
    assert kept == set(MECHANISMS)
    assert {query for page, query in menu.items() if page not in kept} == {"lang=zh"}


# Unknown codes, empty results, the way back


@pytest.mark.parametrize(
    ("page", "asked", "codes", "count"),
    [
        ("economics", {"park": "nowhere,xthtz"}, ["nowhere"], 28),
        ("economics", {"indicator": "nothing,total_revenue"}, ["nothing"], 2),
        ("economics", {"from_": "1066"}, ["1066"], 28),
        ("economics", {"to": "soon"}, ["soon"], 28),
        ("economics", {"from_": "2014", "to": "2012"}, ["2014–2012"], 28),
        ("economics", {"evidence": "gossip"}, ["gossip"], 28),
        ("economics", {"compare": "elsewhere"}, ["elsewhere"], 28),
        ("innovation", {"park": "x1", "indicator": "x2", "evidence": "x3"}, ["x1", "x2", "x3"], 888),
        ("livelihood", {"park": "x1,xiangtan"}, ["x1"], 13),
    ],
)
def test_unknown_codes_are_named_in_one_line_and_ignored(page, asked, codes, count):
    at = opened(page, **asked)
    assert told(at) is not None, "the page does not say that a code was ignored"
    assert [code for code in codes if code not in told(at)] == []
    assert rows_told(at) == count


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("mechanisms", {"mechanism": "bogus"}),
        ("sources", {"show": "bogus"}),
        ("sources", {"show": "tables", "table": "bogus"}),
    ],
)
def test_unknown_codes_are_named_on_the_pages_without_figures(page, asked):
    at = opened(page, **asked)
    assert told(at) is not None, "the page does not say that a code was ignored"
    assert "bogus" in told(at)
    assert tables(at)


def test_an_unknown_language_is_chinese_and_the_message_goes_when_a_filter_is_moved():
    at = opened("economics", "fr", indicator="nothing")
    assert told(at) is not None
    assert "43.6%" in at.title[0].value
    assert CHINESE.search(at.title[0].value)
    widget(at.multiselect, "economics_indicator").set_value(["total_revenue"]).run()
    assert told(at) is None
    assert figures_of(at) == TOTAL


@pytest.mark.parametrize(("lang", "button"), [("zh", "恢复默认"), ("en", "Reset")])
@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("economics", {"indicator": "total_revenue", "from_": "2020"}),
        ("innovation", {"park": "wlmqhtz"}),
        ("livelihood", {"park": "cdhtz"}),
    ],
)
def test_an_empty_result_says_what_to_change_and_draws_nothing(page, asked, lang, button):
    at = opened(page, lang, **asked)
    assert len(at.info) == 1
    assert button in at.info[0].value, "the message must name the button that helps"
    assert button in [one.label for one in at.button]
    assert len(at.title) == 1
    assert len(at.get("vega_lite_chart")) == 0
    assert tables(at) == []
    assert len(at.get("download_button")) == 0


def test_the_reset_button_brings_the_default_back():
    at = opened("economics", park="xtetdz", indicator="total_revenue", from_="2017", evidence="published")
    assert len(figures_of(at)) == 1
    widget(at.button, "economics_reset_button").click().run()
    assert [error.message for error in at.exception] == []
    assert at.query_params == {"lang": "zh"}
    assert len(figures_of(at)) == 28
    assert widget(at.multiselect, "economics_park").value == ["xthtz"]
    assert tuple(widget(at.slider, "economics_years").value) == (1991, 2024)

    empty = opened("mechanisms", mechanism="monthly", theme="livelihood")
    widget(empty.button, "mechanisms_reset_button").click().run()
    assert len(table(empty, "机制", "要求")) == 139


def test_the_reset_button_helps_out_of_an_empty_result():
    at = opened("innovation", park="wlmqhtz")
    widget(at.button, "innovation_reset_button").click().run()
    assert len(at.info) == 0
    assert len(figures_of(at)) == 27


# One variable feeds chart, table, link and file


def filed(at, **more):
    """The rows that the copied link of a page gives at the route for programs."""
    assert len(at.code) == 0, "made before the menu is opened"
    menus = [f"{page}_{view}_link" for page in PAGES for view in ("observations", "targets", "commitments")]
    unfolded(at, *menus, *(f"{page}_targets_targets_link" for page in PAGES))
    links = {block.value for block in at.code if re.match("https?:|[?]", block.value)}
    assert len(links) == 1, "all links of a page hold the same view"
    asked = {key: values[0] for key, values in parse_qs(urlsplit(links.pop()).query).items() if values != ["all"]}
    asked = {key: value for key, value in asked.items() if key not in ("year", "rule")}  # of targets, not of figures
    answer = TestClient(api).get("/observations.csv", params=asked | more)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("economics", {}),
        ("economics", {"indicator": "total_revenue,industrial_output", "from_": "2012", "to": "2013"}),
        ("economics", {"park": "cdhtz"}),
        ("innovation", {"evidence": "published"}),
        ("innovation", {"park": "all", "from_": "2014"}),
        ("livelihood", {}),
    ],
)
def test_the_copied_link_asks_the_route_for_exactly_the_rows_of_the_table(page, asked):
    at = opened(page, **asked)
    rows = filed(at, theme=THEMED[page])
    shown = table(at, "指标", "数值", "增长")
    grown = [(row["growth_text"] or "—").removesuffix("%").replace("-", "−") for row in rows]
    assert [(row["indicator_zh"], growth) for row, growth in zip(rows, grown, strict=True)] == [
        (name, growth.removesuffix("%")) for name, _, growth in shown
    ]
    for row, (_, value, _) in zip(rows, shown, strict=True):
        digits = re.search(r"[\d.]+", value)
        assert (digits[0] if digits else "") == "".join(re.findall(r"[\d.]+", row["value_text"])[:1])


def test_chart_table_and_file_of_the_overview_hold_the_same_numbers():
    at = opened("overview")
    drawn = {(row["period"], row["kind"]): row["value"] for row in points(at)}
    assert drawn == {("2012年", "conditional"): 501.5, ("2013年", "published"): 720.1, ("2014年", "target"): 1000.0}
    assert figures_of(at) == TOTAL
    rows = filed(at, indicator="total_revenue", evidence="published,derived")
    assert [row["value"] for row in rows] == ["501.5", "720.1"]


def test_chart_and_table_of_economics_hold_the_same_growth():
    at = opened("economics")
    grown = {row["indicator"]: row["value"] for row in points(at) if row["kind"] == "published"}
    assert grown == {"技工贸总收入": 43.6, "工业总产值": 30.6, "规模工业总产值": 19.1, "财政收入": 18.2}
    shown = {name: growth for name, period, growth in table(at, "指标", "时期", "增长") if period == "2013年"}
    shown = {name: growth for name, growth in shown.items() if growth != "—"}
    assert {name: f"{value:g}%" for name, value in grown.items()} == shown
    asked = {row["indicator"]: row["value"] for row in points(at) if row["kind"] == "target"}
    assert asked["技工贸总收入"] == 40
    whole = points(at, 1)
    assert [(row["start"], row["end"], row["kind"]) for row in whole] == [
        (0, 438.5, "published"),
        (438.5, 552, "derived"),
    ]


def test_a_narrower_filter_narrows_chart_and_table_alike():
    at = opened("economics", indicator="total_revenue,fiscal_revenue")
    drawn = [(row["indicator"], row["value"], row["kind"]) for row in points(at)]
    assert drawn == [
        ("技工贸总收入", 43.6, "published"),
        ("财政收入", 18.2, "published"),
        ("技工贸总收入", 40.0, "target"),
    ]
    assert {row[0] for row in figures_of(at)} == {"技工贸总收入", "财政收入"}


def test_a_long_table_turns_its_pages_and_other_rows_begin_at_the_first():
    at = opened("economics", park="china_htz")
    rows = figures_of(at)
    assert len(rows) == 80

    def shown():
        return list(written(at)[0][["指标", "时期", "数值"]].itertuples(index=False, name=None))

    assert shown() == rows[:30]
    widget(at.pagination, "economics_observations_page").set_value(3).run()
    assert shown() == rows[60:]
    assert "第 61—80 条，共 80 条" in said(at)
    widget(at.multiselect, "economics_park").set_value(["china_htz", "xthtz"]).run()
    assert widget(at.pagination, "economics_observations_page").value == 1
    assert "第 1—30 条，共 108 条" in said(at)


def test_the_download_buttons_say_how_many_rows_they_hold():
    at = opened("economics", indicator="total_revenue")
    assert len(at.get("download_button")) == 0, "made before the menu is opened"
    unfolded(at, "economics_observations_download", "economics_targets_targets_download")
    labels = [button.label for button in at.get("download_button")]
    assert [label for label in labels if label.startswith("CSV")] == ["CSV · 2 行", "CSV · 2 行"]
    assert {"PNG", "SVG"} <= set(labels)


def test_what_must_be_known_of_single_rows_is_said_when_its_menu_is_opened():
    at = opened("economics")
    remark = "- **规模工业总产值**（[湘潭高新区](place?park=xthtz&lang=zh) 2013年）：是工业总产值的一部分"
    assert remark not in said(at), "made before the menu is opened"
    unfolded(at, "economics_observations_notes")
    (shown,) = [text.split("\n") for text in said(at) if text.startswith("- **")]
    assert remark in shown
    assert f"说明 {len(shown)} 条" in [menu.proto.popover.label for menu in at.get("popover")]


# Words


def kept_texts(lang):
    """What the sources say in a language, word for word: quotations in it are kept as they are."""
    frames = [
        engine.get_table_rows(name)
        for name in ("observation", "target", "indicator", "mechanism", "mechanism_link", "source", "commitment")
    ]
    frames += [get_consistency_findings().drop("caveats"), judge_targets()]
    columns = [
        frame[column]
        for frame in frames
        for column in frame.columns
        if column.endswith(f"_{lang}") and frame[column].dtype == pl.String
    ]
    return sorted({text for column in columns for text in column.drop_nulls().to_list()}, key=len, reverse=True)


def without(texts, known):
    """Texts without the quotations, links and marks that belong to no language."""
    left = []
    for text in texts:
        bare = re.sub(r"\]\([^)\s]+\)|:material/\w+:|:(gray|small|red|green|orange)\[|https?://\S+", " ", text).replace(
            "\\", ""
        )
        for quotation in known:
            if len(quotation) > 1:
                bare = bare.replace(quotation, " ")
        left.append(bare)
    return left


PRINTED = re.compile(r"\((?:约|预计|近|超|超过|突破)?[\d.,]+[^()]*\)")  # (720.1亿元): what a source prints


@pytest.mark.parametrize("page", PAGES)
def test_an_english_page_has_no_chinese_but_printed_numbers_and_quotations(page):
    at = opened(page, "en")
    known = [text for text in kept_texts("en") if CHINESE.search(text)]
    texts = [PRINTED.sub("", text) for text in without([*said(at), *cells(at)], known) if text.strip() != "中文"]
    texts += [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in at.get("vega_lite_chart")]
    assert [text for text in texts if CHINESE.search(text)] == []


LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {
    "PCT", "GDP", "CSV", "Excel", "Parquet", "PNG", "SVG", "DuckDB", "zip", "json", "datapackage", "English",
    "SQL", "jgm",
}  # fmt: skip
PROGRAMS = {"theme", "indicator", "park", "from", "to", "evidence", "lang", "bom", "api"}


def joined(markdown):
    """Text with the marks joined that are kept apart so that nothing is made of them."""
    return re.sub(r":color\[\\?(.)\]", r"\1", markdown)


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_no_english_but_codes_and_names_of_formats(page):
    at = opened(page, "zh")
    known = [text for text in kept_texts("zh") if LATIN.search(text)]
    speak("zh")
    known += get_place_options(engine.get_table_rows("park")).values()  # boxes for places are searched by pinyin too
    texts = without([*map(joined, [*said(at), *([] if page == "sources" else cells(at))])], known)
    codes = {code for name in ("source", "target", "commitment") for code in engine.get_table_rows(name)[f"{name}_id"]}
    texts = [text.replace(engine.get_data_version(), "") for text in texts]  # may begin with a digit
    allowed = NAMES | codes | (PROGRAMS if page == "sources" else set())
    words = {word for text in texts for word in re.findall(r"[A-Za-z][\w.-]+", text)}
    words = {part for word in words - allowed for part in re.split(r"[.]", word)} - allowed
    assert {word for word in words if LATIN.search(word)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_keys_of_widgets_begin_with_the_name_of_their_page(page):
    at = opened(page, show="all") if page == "sources" else opened(page)
    view = {"mechanisms": "mechanism-links", "sources": "sources"}.get(page, "observations")
    unfolded(at, f"{page}_{view}_download")
    kinds = (at.button, at.multiselect, at.slider, at.selectbox, at.button_group, at.get("download_button"))
    keys = [one.key for kind in kinds for one in kind]
    assert len(keys) > 1
    assert None not in keys
    assert [key for key in keys if not key.startswith((f"{page}_", "language_"))] == []


# Other places, a missing database, whatever else a link may hold


@pytest.mark.parametrize("park", ["cdhtz", "wlmqhtz", "china_htz", "all"])
@pytest.mark.parametrize("page", ["economics", "innovation", "livelihood"])
def test_other_places_are_shown_or_said_to_be_empty(page, park):
    known = {
        "economics": {"cdhtz": 23, "wlmqhtz": 17, "china_htz": 80, "all": 9147},
        "innovation": {"cdhtz": 3, "china_htz": 13, "all": 888},
        "livelihood": {"china_htz": 9, "all": 1360},
    }
    for lang in ("zh", "en"):
        at = opened(page, lang, park=park)
        assert len(at.title) == 1
        count = known[page].get(park)
        if count is None:
            assert len(at.info) == 1
        else:
            assert rows_told(at) == count


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_missing_database_is_said_without_a_traceback_or_a_path(lang, tmp_path, park_database):
    engine.close_database()
    os.environ["PARK_DATABASE"] = str(tmp_path / "nowhere" / "park.duckdb")
    try:
        at = opened("economics", lang)
        assert len(at.error) == 1
        assert "python -m data.build" in at.error[0].value
        assert str(tmp_path) not in "\n".join(said(at))
        assert len(at.title) == 0
        assert len(at.sidebar.get("page_link")) == 18
    finally:
        os.environ["PARK_DATABASE"] = str(park_database)
        engine.close_database()
    assert len(opened("economics", lang).title) == 1


def sample(chance, values):
    """Some of the values by comma, now and then none or one that is unknown."""
    picked = chance.sample(values, chance.randint(0, min(3, len(values))))
    return ",".join([*picked, *chance.choices(["", "bogus", "all"], [8, 1, 1])]).strip(",")


def asked_at_random(chance, page):
    parks, indicators = (engine.get_table_rows(name)[f"{name}_id"].to_list() for name in ("park", "indicator"))
    years = [str(year) for year in range(1985, 2027)]
    offers = {
        "lang": lambda: chance.choice(["zh", "en", "fr"]),
        "park": lambda: sample(chance, parks),
        "indicator": lambda: sample(chance, indicators),
        "from": lambda: chance.choice([*years, "", "²", "-1", "2013-06"]),
        "to": lambda: chance.choice([*years, "x"]),
        "evidence": lambda: sample(chance, ["published", "derived", "own", "sample"]),
        "compare": lambda: chance.choice(indicators),
    }
    if page == "mechanisms":
        six = engine.get_table_rows("mechanism")["mechanism_id"].to_list()
        offers = {
            "lang": offers["lang"],
            "mechanism": lambda: sample(chance, six),
            "theme": lambda: sample(chance, list(THEMED.values())),
        }
    if page == "sources":
        tables = ["observation", "target", "zone", "same_as", "build", "title"]
        offers = {
            "lang": offers["lang"],
            "show": lambda: sample(chance, ["sources", "indicators", "tables", "files"]),
            "table": lambda: chance.choice(tables),
        }
    return {key: make() for key, make in offers.items() if chance.random() < 0.5}


@pytest.mark.parametrize("page", PAGES)
def test_no_combination_of_links_on_a_page_raises(page):
    chance = random.Random(f"{page} 2013")
    at = opened(page)
    for _ in range(8):  # python -m tests.drills walks all that a page offers
        asked = asked_at_random(chance, page)
        at.query_params = dict(asked)
        at.run()
        assert [error.message for error in at.exception] == [], asked
        assert len(at.title) == 1, asked
        assert written(at) or len(at.info) > 0 or page in ("findings", "sources") or len(at.subheader) > 0, asked


# The board, a target's own view, findings


def board(at):
    """Rows of the board: name, status, outcome, gap, reason; without the headings of themes."""
    rows = table(at, "目标", "状态", "结果", "差距", "原因")
    clean = [[re.sub(r"\[(.*?)\]\(.*\)", r"\1", cell).strip() for cell in row] for row in rows]
    return [row for row in clean if row[1]]


def test_the_board_of_the_zone_has_every_target_and_its_reason():
    rows = board(opened("overview"))
    assert len(rows) == 11
    assert [row for row in rows if "不可评估" not in row[1]] == [
        ["规模工业总产值", ":red[■] 未完成", "+18%", "低 7 个百分点", "按公布的增速（可比口径）"]
    ]
    reasons = {row[0]: row[4] for row in rows}
    assert reasons["固定资产投资"] == "增速未公布"
    assert reasons["财税收入"] == "口径待确认"
    assert set(reasons.values()) == {"结果未公布", "增速未公布", "口径待确认", "按公布的增速（可比口径）"}


def test_the_board_of_the_city_counts_one_met_six_missed_and_one_unknown():
    at = opened("overview", park="xiangtan", year="2014")
    assert at.title[0].value == "湘潭市2014年 8 项目标：6 项未完成、1 项已完成、1 项不可评估"
    marks = [row[1] for row in board(at)]
    assert (marks.count(":red[■] 未完成"), marks.count(":green[✔] 已完成"), marks.count("— 不可评估")) == (6, 1, 1)


def test_the_status_in_the_address_filters_the_board():
    assert [row[0] for row in board(opened("overview", status="missed"))] == ["规模工业总产值"]
    assert len(board(opened("overview", status="cannot_judge"))) == 10


def test_the_rule_and_its_version_stand_beside_the_board_and_in_the_link():
    at = opened("overview", rule="yinchuan-2025")
    assert any("银川市2025年项目进度亮灯（版本 2-" in text for text in said(at))
    unfolded(at, "overview_targets_link")
    [link] = {block.value for block in at.code if re.match("https?:|[?]", block.value)}
    asked = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
    assert (asked["park"], asked["year"], asked["rule"]) == ("xthtz", "2014", "yinchuan-2025")
    rows = TestClient(api).get("/status.json", params=asked).json()
    assert rows["rule"] == "yinchuan-2025"
    assert [row["target_id"] for row in rows["rows"]] == [f"T{number:02}" for number in range(1, 12)]


def test_a_day_in_the_address_shows_what_was_known_by_then():
    at = opened("overview", park="xiangtan", year="2015", asof="2015-09-15")
    rows = {row[0] + row[1]: row[3:] for row in board(at)}
    basis = "按公布的增速（可比价格）"
    assert rows["地区生产总值:green[●] 正常"] == ["高 0.2 个百分点", basis]
    assert rows["规模工业增加值:orange[▲] 滞后"] == ["低 1.8 个百分点", basis]
    assert rows["地区生产总值— 不可评估"] == ["—", "没有计划进度，也没有往年进度"]


def test_a_day_before_any_target_was_set_says_so():
    at = opened("overview", asof="2014-01-01")
    assert at.title[0].value == "没有符合条件的数据"
    alone = opened("overview", target="T04", asof="2014-01-01")
    assert alone.title[0].value == "那时还没有定这项目标"


@pytest.mark.parametrize("asked", [{"target": "T99"}, {"asof": "yesterday"}, {"rule": "harsh"}, {"year": "1999"}])
def test_an_unknown_code_of_the_board_is_named_and_ignored(asked):
    at = opened("overview", **asked)
    assert len(board(at)) == 11
    assert any(
        "链接里有不认识的代码" in caption.value and next(iter(asked.values())) in caption.value
        for caption in at.caption
    )


def test_a_target_says_step_by_step_how_it_is_judged():
    at = opened("overview", target="T04")
    assert at.title[0].value == "规模工业总产值同比增长18%，比目标低 7 个百分点"
    steps = "\n".join(said(at))
    for step in ("增长25%以上", "+18%", "17.5% 至 18.5%", "区间内没有一个数达到 25%", "未完成"):
        assert step in steps, step
    assert "增速口径：可比口径。只统计规模以上单位" in steps
    assert "548" not in steps, "no level follows from a growth of another list of enterprises"


def test_both_forms_of_the_headline_stand_side_by_side_with_the_stricter_one_named():
    told_ = "\n".join(said(opened("overview", target="T01")))
    assert "即增长约38.87%（推算：1000 ÷ 720.1 − 1，区间 38.85—38.88%）" in told_
    assert "即约1008.1亿元（推算：720.1 × (1 + 40%)，区间 1008.07—1008.21亿元），这个说法更严" in told_
    assert "公布**2014年的技工贸总收入**，就能评定。" in told_


def test_a_growth_in_its_year_is_held_against_the_same_months_in_points():
    at = opened("overview", target="G22", park="xiangtan", asof="2015-09-15")
    assert at.title[0].value == "地区生产总值同比增长9.2%，比目标高 0.2 个百分点"
    told_ = "\n".join(said(at))
    for part in ("增长9%左右", "744.5亿元 +9.2%", "9.15% 至 9.25%", "前 6 个月的增速减去全年目标，高 0.2 个百分点"):
        assert part in told_, part


def test_a_level_in_its_year_has_no_light_without_a_plan_or_a_season_and_the_page_names_what_is_missing():
    at = opened("overview", target="G31", park="xiangtan", asof="2015-09-15")
    assert at.title[0].value == "地区生产总值达到1600亿元：不可评估，没有计划进度，也没有往年进度"
    told_ = "\n".join(said(at))
    assert "公布**地区生产总值的月计划，或往年同月和全年的数**，就能评定。" in told_
    for part in ("46.5", "50%", "外推"):
        assert part not in told_, part


def test_findings_are_filtered_by_severity_rule_and_place_and_one_stands_alone():
    assert "显示 14 条，共 19 条" in said(opened("findings", severity="needs_definition"))
    assert "显示 1 条，共 19 条" in said(opened("findings", park="xthtz", rule="two_forms_of_a_target"))
    one = opened("findings", finding="two_versions:xiangtan:output.gdp:2015")
    told_ = "\n".join(said(one))
    assert "1633.07亿元" in told_
    assert "173.92" not in told_


def test_a_misfit_stands_in_the_unit_of_the_figures_beside_it():
    chinese, english = (
        "\n".join(itertools.chain.from_iterable(leaves(opened("findings", lang), said))) for lang in ("zh", "en")
    )
    # 894.005 or 894 less 850, of 2010: 894.0045 − 850.5 and 894.5 − 849.5, rounded outward in either unit
    for told_ in ("：43.5 至 45（最高与最低之差，亿元）", "：8.07 至 8.21（增速的说法比数值的说法多要，亿元）"):
        assert told_ in chinese, told_
    for told_ in (
        ": 4.35 to 4.5 (highest less lowest, billion yuan)",
        ": 7.002 to 7.009 (highest less lowest, billion yuan)",
        "0.807 to 0.821 (the growth asks more than the level by, billion yuan)",
        "2.15 to 3.25 (below the value published for the year before by, trillion yuan)",
    ):
        assert told_ in english, told_
    assert "units of" not in english


def test_a_broken_file_of_a_rule_is_named_with_its_mend_on_page_and_route(tmp_path, monkeypatch):
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "data" / "rules", folder)
    path = folder / "sanya-2022.toml"
    path.write_text(path.read_text("utf-8").replace("s >= 1", "speed >= 1"), "utf-8")
    monkeypatch.setenv("PARK_RULES", str(folder))
    at = opened("overview")
    assert len(at.exception) == 0
    [problem] = [error.value for error in at.error]
    problem = plain_text.strip_markdown(problem)
    assert "sanya-2022.toml: light 1: the condition 'speed >= 1'" in problem
    assert str(tmp_path) not in problem
    answer = TestClient(api).get("/status.json")
    assert (answer.status_code, "sanya-2022.toml" in answer.json()["error"]) == (503, True)


def test_the_overview_tells_the_findings_of_its_place():
    assert any("增长40%是1008.1至1008.2亿元" in text for text in said(opened("overview")))
