"""Which language a reader gets, and how one number, period, day and target is said in it."""

import pytest

from pages.wording import figures, language, target_status
from pages.wording.language import _
from queries.catalogue.catalogue import get_units
from queries.figures.observations import get_observations
from queries.targets.targets import get_judged_targets
from tests.conftest import HOME, speak


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    speak("zh")


def printed(text, unit, **more):
    """A row as observations() gives it, for a printed text in a unit of the sources."""
    known = next(row for row in get_units().iter_rows(named=True) if row["unit_id"] == unit)
    return {
        "value_text": text,
        "unit_zh": known["name_zh"],
        "unit_scale": str(known["scale_en"]),
        "unit_scaled_en": known["scaled_name_en"],
        "bound": "none",
        "growth_text": None,
    } | more


@pytest.mark.parametrize(
    ("asked", "browser", "chosen"),
    [
        ("en", "zh-CN", "en"),
        ("zh", "en-GB", "zh"),
        ("en", None, "en"),
        (None, "zh-CN", "zh"),
        (None, "ZH-hant", "zh"),
        (None, "en-US", "en"),
        (None, "fr", "en"),
        (None, None, "zh"),
        (None, "", "zh"),
        ("fr", "en-US", "en"),
        ("fr", None, "zh"),
        ("", "zh-CN", "zh"),
        ("en-US", "zh-CN", "en"),
        ("EN", "zh-CN", "en"),
        ("en_GB", "zh-CN", "en"),
        ("zh-Hans", "en-US", "zh"),
        ("ZH", "en-US", "zh"),
        ("zh-TW", "en-US", "zh"),
        ("english", "zh-CN", "zh"),
        ("fr-CH", "zh-CN", "zh"),
    ],
)
def test_the_address_decides_the_language_then_the_browser_then_chinese(asked, browser, chosen):
    assert language.find_language(asked, browser) == chosen


def test_a_text_is_said_in_both_languages_with_its_values():
    speak("zh")
    assert _("显示 {shown} 条，共 {total} 条", shown=2, total=584) == "显示 2 条，共 584 条"
    speak("en")
    assert _("显示 {shown} 条，共 {total} 条", shown=2, total=584) == "Showing 2 of 584"
    assert _("地区") == "Place"


def test_a_text_without_english_is_chinese_and_braces_without_values_stay():
    speak("en")
    assert _("没有这句话") == "没有这句话"
    speak("zh")
    assert _("{没有值}") == "{没有值}"


def test_names_lists_and_sentences_follow_the_language():
    row = {"park_zh": "湘潭高新区", "park_en": "Xiangtan High-tech Zone", "note_zh": None}
    speak("zh")
    assert language.localize_name(row, "park") == "湘潭高新区"
    assert language.localize_name(row, "note") == ""
    assert language.localize_name(row, "nothing") == ""
    assert language.join_items(["甲", "乙"]) == "甲、乙"
    assert language.join_sentences(["甲。", "", "乙。"]) == "甲。乙。"
    speak("en")
    assert language.localize_name(row, "park") == "Xiangtan High-tech Zone"
    assert language.join_items(["a", "b"]) == "a, b"
    assert language.join_sentences(["A.", "", "B."]) == "A. B."


NUMBERS = [
    ("720.1", "yi_cny", "none", "720.1亿元", "72.01 billion yuan", "72.01 billion yuan (720.1亿元)"),
    ("552", "yi_cny", "none", "552亿元", "55.2 billion yuan", "55.2 billion yuan (552亿元)"),
    ("1000", "yi_cny", "none", "1000亿元", "100 billion yuan", "100 billion yuan (1000亿元)"),
    (
        "1000以上", "yi_cny", "at_least",
        "1000亿元以上", "at least 100 billion yuan", "at least 100 billion yuan (1000亿元以上)",
    ),
    (
        "190余", "wan_cny", "more_than",
        "190余万元", "over 1.9 million yuan", "over 1.9 million yuan (190余万元)",
    ),
    ("5000余", "enterprise", "more_than", "5000余家", "over 5,000 enterprises", "over 5,000 enterprises"),
    ("232或233", "application", "none", "232或233项", "232 or 233 applications", "232 or 233 applications"),
    ("约501.5", "yi_cny", "about", "约501.5亿元", "about 50.15 billion yuan", "about 50.15 billion yuan (约501.5亿元)"),
    ("25", "enterprise", "expected", "预计25家", "25 enterprises (expected)", "25 enterprises (expected)"),
    ("1", "enterprise", "none", "1家", "1 enterprise", "1 enterprise"),
    ("47", "percent", "none", "47%", "47%", "47%"),
    ("27068", "cny", "none", "27068元", "27,068 yuan", "27,068 yuan"),
    (None, "yi_cny", "none", "—", "—", "—"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit", "bound", "chinese", "english", "both"), NUMBERS)
def test_a_number_is_said_as_printed_and_converted_exactly(text, unit, bound, chinese, english, both):
    row = printed(text, unit, bound=bound)
    speak("zh")
    assert figures.format_figure(row) == chinese
    assert figures.format_figure(row, printed=True) == chinese
    speak("en")
    assert figures.format_figure(row) == english
    assert figures.format_figure(row, printed=True) == both


def test_trailing_zeros_stay_as_printed_and_no_float_creeps_in():
    speak("zh")
    assert figures.format_figure(printed("18.30", "yi_cny")) == "18.30亿元"
    speak("en")
    assert figures.format_scaled_number("0.3", "0.1") == "0.03"
    assert figures.format_scaled_number("1289.35", "0.1") == "128.935"
    assert figures.format_scaled_number("33249.56", "0.1") == "3,324.956"


def test_growth_is_said_up_or_down_and_nothing_where_nothing_was_printed():
    speak("zh")
    assert figures.describe_growth({"growth_text": "43.6"}) == "同比增长43.6%"
    assert figures.describe_growth({"growth_text": "-2.5"}) == "同比下降2.5%"
    assert figures.describe_growth({"growth_text": None}) == ""
    speak("en")
    assert figures.describe_growth({"growth_text": "43.6"}) == "up 43.6% year on year"
    assert figures.describe_growth({"growth_text": "-2.5"}) == "down 2.5% year on year"
    assert figures.describe_growth({"growth_text": None}) == ""


def test_the_eleven_targets_of_2014_are_said_with_their_bound_words():
    speak("zh")
    assert [figures.describe_target_value(row) for row in get_judged_targets(parks=[HOME]).iter_rows(named=True)] == [
        "达到1000亿元", "增长40%以上", "增长30%以上", "增长25%以上", "增长20%以上", "增长35%以上", "增长35%以上",
        "100亿元以上", "50家以上", "达到13.4万平方米", "达到1100套",
    ]  # fmt: skip
    speak("en")
    assert [
        figures.describe_target_value(row) for row in get_judged_targets(parks=[HOME], lang="en").iter_rows(named=True)
    ] == [
        "reach 100 billion yuan",
        "grow by at least 40%",
        "grow by at least 30%",
        "grow by at least 25%",
        "grow by at least 20%",
        "grow by at least 35%",
        "grow by at least 35%",
        "at least 10 billion yuan",
        "at least 50 enterprises",
        "reach 134 thousand square metres",
        "reach 1,100 homes",
    ]


@pytest.mark.parametrize(
    ("say", "code", "chinese", "english"),
    [
        (figures.format_period, "2013", "2013年", "2013"),
        (figures.format_period, 2014, "2014年", "2014"),
        (figures.format_period, "2023-02", "2023年2月", "Feb 2023"),
        (figures.format_period, "2014-12", "2014年12月", "Dec 2014"),
        (figures.format_period, "2014-01/2014-09", "2014年1—9月", "Jan–Sep 2014"),
        (figures.format_period, "2013-01/2013-12", "2013年1—12月", "Jan–Dec 2013"),
        (figures.format_date, "2014-03-03", "2014年3月3日", "3 Mar 2014"),
        (figures.format_date, "2014-12-31", "2014年12月31日", "31 Dec 2014"),
        (figures.format_date, "2014-01", "2014年1月", "Jan 2014"),
        (figures.format_date, "2015", "2015年", "2015"),
        (figures.format_date, None, "日期未注明", "undated"),
        (figures.format_date, "", "日期未注明", "undated"),
    ],
)
def test_a_period_and_a_day_are_said_as_far_as_they_are_known(say, code, chinese, english):
    speak("zh")
    assert say(code) == chinese
    speak("en")
    assert say(code) == english


def test_kinds_and_strengths_have_words_in_both_languages():
    codes = [
        (figures.label_evidence, ("published", "derived", "own", "sample")),
        (target_status.label_strength, ("ensure", "strive", "goal")),
    ]
    speak("zh")
    assert [[say(code) for code in known] for say, known in codes] == [
        ["公布", "推算", "自有", "示例"], ["确保", "力争", "目标"],
    ]  # fmt: skip
    speak("en")
    assert [[say(code) for code in known] for say, known in codes] == [
        ["Published", "Derived", "Own", "Sample"],
        ["Ensure", "Strive", "Target"],
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_database_can_be_said_in_both_languages(lang):
    speak(lang)
    rows = get_observations(evidence=("published", "derived"), lang=lang)
    assert rows.height == 11371 + 24  # published and derived
    for row in rows.iter_rows(named=True):
        text = figures.format_figure(row, printed=True)
        assert (text == "—") == (row["value"] is None), row["observation_id"]
        assert "None" not in text + figures.format_period(row["period"]) + figures.describe_growth(
            row
        ) + figures.format_date(row["source_published"])
        assert lang == "zh" or "E+" not in text
