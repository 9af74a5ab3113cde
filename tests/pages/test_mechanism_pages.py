"""The pages of the six mechanisms over the sample: title, table, file, route, link, own workbook, circular."""

import datetime
import io
import json
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import docx
import polars as pl
import pytest
from starlette.testclient import TestClient

from data.ledger import ledger as ledgers
from data.ledger import versions
from data.ledger.definition import get_sheet_definitions
from data.states import RED, codes
from pages.charts import ledger as plots
from pages.charts import pictures
from pages.ledger import agenda as agenda_words
from pages.ledger import circular, monthly
from pages.wording import figures, language, ledger_status, plain_text, target_status
from queries.api.routes import api
from queries.ledger import ledgers as door
from queries.ledger import meeting as reviews
from queries.ledger import monthly as dispatch
from queries.ledger import preplan, progress, summary
from queries.ledger.mechanisms import get_mechanism_links
from tests.conftest import ROOT, speak
from tests.pages.test_pages import CHINESE, again, cells, opened, points, said, unfolded
from tests.tools.kept import unwrap

SIX = {
    "preplan": ("42 项任务，已消号 32 项，逾期 4 项", "42 tasks, 32 crossed off, 4 overdue"),
    "leaders": (
        "14 个项目和企业，3 个没有做到一名领导、一套班子",
        "14 projects and enterprises, 3 without one leader and one team",
    ),
    "monthly": (
        "2025年：12 项目标，3 项未完成、7 项已完成、2 项不可评估",
        "2025: 12 targets, 3 missed, 7 met, 2 cannot be judged",
    ),
    "supervision": (
        "7 张督办单未办结，还有 7 件该督办而没有督办",
        "7 orders are open, and 7 more are due but not issued",
    ),
    "efficiency": ("87.8% 的事项按承诺办结", "87.8% of cases were closed within their promise"),
    "rewards": ("社会事业局第一，103 分", "Social affairs bureau is first with 103 points"),
    "mechanisms": ("六大机制里有 32 处亮红", "32 red marks across the six mechanisms"),
}
JULY = datetime.date(2025, 7, 10)
BOOK = ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx"  # of the park demo
VIEWS = {
    "preplan": "tasks", "leaders": "projects", "monthly": "monthly", "supervision": "supervision",
    "efficiency": "efficiency", "rewards": "scores",
}  # fmt: skip
NAMES = {
    "preplan": "预安消号", "leaders": "领导联点", "monthly": "按月调度", "supervision": "督查督办",
    "efficiency": "效能监查", "rewards": "奖惩考核",
}  # fmt: skip
client = TestClient(api)


@pytest.fixture(scope="module")
def sample():
    return versions.read_sample_ledger()


@pytest.mark.parametrize("page", SIX)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_mechanism_says_its_answer_and_that_it_is_a_sample(page, lang):
    at = opened(page, lang, park="sample")
    assert at.title[0].value == SIX[page][lang == "en"]
    (banner,) = [info.value for info in at.info]
    assert ("虚构" if lang == "zh" else "invented") in banner
    for chart in at.get("vega_lite_chart"):
        if page != "mechanisms":  # the ring holds no data
            assert ("示例" if lang == "zh" else "Sample") in str(json.loads(chart.proto.spec))


@pytest.mark.parametrize("page", [page for page in SIX if page != "mechanisms"])
def test_the_zone_has_no_ledger_and_its_pages_say_so_and_offer_sample_and_workbook(page):
    at = opened(page)
    assert at.title[0].value == f"{NAMES[page]}：没有公布过台账，无从评起"
    assert [link.proto.label for link in at.main.get("page_link")] == ["打开示例园区"]
    assert [button.proto.label for button in at.get("download_button")][:2] == ["空白工作簿", "填好的示例"]
    first = get_mechanism_links([page])["name_zh"][0]
    assert first in unwrap("".join(cells(at)))  # what the mechanism is to make sure of
    assert at.get("vega_lite_chart") == []


@pytest.mark.parametrize("page", SIX)
def test_an_english_page_of_the_sample_is_english(page):
    at = opened(page, "en", park="sample")
    # Evidence and file names are the ledger's own words.
    own = r"示例函〔\d+〕\d+号"
    texts = [re.sub(own, "", text) for text in [*said(at), *cells(at)] if text.strip() != "中文"]
    texts += [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in at.get("vega_lite_chart")]
    if page == "mechanisms":  # its lower half quotes the article
        texts = texts[:20]
    assert [text for text in texts if CHINESE.search(text)] == []


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("preplan", {"state": "overdue,returned", "department": "D02"}),
        ("preplan", {"aim": "S03", "asof": "2025-07-10"}),
        ("leaders", {"breach": "no_team,two_leaders"}),
        ("leaders", {"kind": "enterprise", "asof": "2025-07-10"}),
        ("monthly", {"status": "far_behind", "asof": "2025-07-10"}),
        ("monthly", {"theme": "livelihood", "rule": "sanya-2022", "asof": "2025-07-10"}),
        ("supervision", {"state": "unanswered", "reason": "problem,other"}),
        ("efficiency", {"month": "2025-10", "service": "施工许可"}),
        ("efficiency", {"state": "late", "department": "D07", "by": "month"}),
        ("rewards", {"weights": "K01:60,K03:0"}),
    ],
)
def test_the_copied_link_asks_the_route_for_exactly_the_rows_of_the_page(page, asked):
    at = opened(page, "zh", park="sample", **asked)
    unfolded(at, f"{page}_{VIEWS[page]}_link", f"{page}_{VIEWS[page]}_download")
    link = next(code.value for code in at.code if "?" in code.value and "park=sample" in code.value)
    query = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
    assert query["park"] == "sample"
    assert query["asof"] == asked.get("asof", "2026-01-06")
    assert {key: query.get(key) for key in asked} == asked
    query.pop("by", None)  # groups the rows of the page, which stay the same
    rows = client.get(f"/{VIEWS[page]}.csv", params=query)
    assert rows.status_code == 200, rows.text
    shown = next(
        button.proto.label for button in at.get("download_button") if button.key == f"{page}_{VIEWS[page]}_csv"
    )
    assert f"{len(pl.read_csv(rows.content, infer_schema_length=0))} 行" in shown
    assert rows.headers["content-disposition"].startswith('inline; filename="park-sample-')


def test_a_link_as_of_a_past_day_shows_that_meeting_in_either_language():
    at = opened("monthly", "en", park="sample", asof="2025-07-10")
    assert at.title[0].value == "Jan–Jun 2025: 12 targets, 3 far behind, 4 behind, 4 on course, 1 cannot be judged"
    assert opened("monthly", "zh", park="sample", asof="2025-07-10").title[0].value.startswith("2025年1—6月：12 项目标")


@pytest.mark.parametrize(
    ("page", "asked", "title", "linked"),
    [
        ("monthly", {"target": "S03"}, "固定资产投资：未完成", {"task=R008", "leader=L04", "order=B11", "project=X04"}),
        ("preplan", {"task": "R008"}, "变电站用地交付：逾期 130 天", {"target=S03", "leader=L04", "order=B05"}),
        ("leaders", {"project": "X14"}, "变电站：推进中", {"target=S03", "leader=L04"}),
        ("supervision", {"order": "B05"}, "变电站用地交付：已复未结", {"task=R008", "target=S03"}),
        ("leaders", {"leader": "L04"}, "分管建设的副主任：3 个项目，2 项在办任务，2 个问题", set()),
    ],
)
def test_each_thing_has_its_own_view_whose_links_keep_park_and_day(page, asked, title, linked):
    at = opened(page, "zh", park="sample", **asked)
    assert at.title[0].value == title
    queries = [link.proto.query_string for link in at.main.get("page_link")]
    assert all("park=sample" in query and "asof=2026-01-06" in query for query in queries)
    assert linked <= {query.rpartition("&")[2] for query in queries}


@pytest.mark.parametrize(
    ("page", "asked"),
    [("preplan", {"task": "R999"}), ("monthly", {"target": "T99"}), ("leaders", {"leader": "L9"}),
     ("supervision", {"order": "B99"}), ("preplan", {"state": "nowhere"}), ("efficiency", {"month": "2099-01"})],
)  # fmt: skip
def test_an_unknown_code_is_named_and_the_page_still_shows(page, asked):
    at = opened(page, "zh", park="sample", **asked)
    (code,) = asked.values()
    assert any("链接里有不认识的代码" in caption.value and code in caption.value for caption in at.caption)
    assert at.title[0].value == SIX[page][0]


def test_weights_in_the_address_are_tried_and_wrong_ones_are_refused_in_words():
    at = opened("rewards", "zh", park="sample", weights="K01:x")
    assert "K01:x" in plain_text.strip_markdown(at.warning[0].value)
    assert at.title[0].value == SIX["rewards"][0]
    tried = opened("rewards", "zh", park="sample", weights="K12:10")
    assert tried.title[0].value == "科技创新局第一，92.5 分（试算）"
    assert again(tried, park="sample", lang="zh").title[0].value == SIX["rewards"][0]


def test_a_day_before_the_ledger_began_is_an_empty_result_and_no_error():
    for page in VIEWS:
        at = opened(page, "zh", park="sample", asof="2020-01-01")
        assert at.title[0].value


# One's own workbook


def own(change=None):
    """A ledger of one's own in the session, as after dropping a workbook."""
    return ledgers.read_ledger_workbook(
        (ROOT / "tests" / "broken" / "ledger" / "in_order.xlsx").read_bytes(), "own.xlsx"
    )


def test_a_workbook_of_ones_own_is_shown_in_its_session_only():
    at = opened("preplan", "zh", park="sample")
    at.session_state["ledger_own"] = own()
    again(at, park="demo", lang="zh", asof="2025-05-10")
    assert at.title[0].value == "2 项任务，已消号 1 项，没有逾期"
    assert "own.xlsx" in at.info[0].value
    other = opened("preplan", "zh", park="demo")
    assert other.title[0].value == "预安消号：没有公布过台账，无从评起"
    assert versions.find_park_ledger("demo") is None


def test_what_is_wrong_with_a_workbook_is_listed_by_sheet_row_column_and_mend():
    with pytest.raises(ledgers.BrokenLedger) as caught:
        ledgers.read_ledger_workbook(
            (ROOT / "tests" / "broken" / "ledger" / "three_mistakes.xlsx").read_bytes(), "x.xlsx"
        )
    rows = door.get_ledger_defects(caught.value.flaws, "zh")
    assert rows.select("sheet", "row", "column", "value").rows() == [
        ("任务", 3, "承办部门", "不知道"), ("任务", 3, "完成时限", "下月"), ("效能事项", 2, "满意度%", "120"),
    ]  # fmt: skip
    assert rows["notice"].to_list() == [False] * 3


# A ledger of one year beside targets that were published for another


def of_zone(*months, last_year=()):
    """A ledger of Xiangtan High-tech Zone for 2026: fiscal revenue is to grow by 9 per cent. months: number, value."""
    start = datetime.date(2026, 1, 5)

    def returns(values, year):
        return [
            {"park_id": "xthtz", "indicator_id": "fiscal_revenue", "month": f"{year}-{month:02}", "value": value,
             "reported": datetime.date(2026, 10, 12)}
            for month, value in values
        ]  # fmt: skip

    tables = {
        "park": [{"park_id": "xthtz", "name": "湘潭高新区"}],
        "department": [{"park_id": "xthtz", "department_id": "D1", "name": "财政局", "kind": "other", "since": start}],
        "target": [
            {"park_id": "xthtz", "target_id": code, "theme": "economy", "indicator_id": indicator, "year": 2026,
             "measure": measure, "comparator": "reach", "value": value, "department_id": "D1", "set_on": start}
            for code, indicator, measure, value in (
                ("M1", "fiscal_revenue", "growth", 9.0), ("M2", "hightech_enterprises", "level", 85.0)
            )
        ],
        "monthly_return": [*returns(months, 2026), *returns(last_year, 2025)],
    }  # fmt: skip
    frames = {
        name: pl.DataFrame(rows, schema=get_sheet_definitions()[name].schema, orient="row", strict=False)
        for name, rows in tables.items()
    }
    return ledgers.make_ledger(frames, "zone.xlsx")


def at_zone(ledger, page="monthly", **asked):
    at = opened(page, "zh", park="sample")
    at.session_state["ledger_own"] = ledger
    return again(at, park="xthtz", lang="zh", **({"asof": "2026-10-15"} | asked))


def test_a_meeting_holds_the_targets_of_its_year_and_the_others_are_one_closed_line():
    ledger, day = of_zone((9, 13.0), last_year=[(9, 12.2)]), datetime.date(2026, 10, 15)
    assert set(progress.judge_ledger_targets(ledger, day)["year"]) == {2014, 2026}
    assert reviews.get_meeting_targets(ledger, day)["target_id"].to_list() == ["M1", "M2"]
    assert reviews.count_other_year_targets(ledger, day).rows() == [(2014, True, 11)]
    at = at_zone(ledger)
    assert at.title[0].value.startswith("2026年")
    assert "2 项目标" in at.title[0].value
    (others,) = [one for one in at.expander if "其他年度" in one.label]
    assert others.label == "其他年度的目标 11 项，不在本次会议之内"
    assert not others.proto.expanded
    (link,) = [one for one in others.get("page_link") if "2014年" in one.proto.label]
    assert link.proto.query_string == "lang=zh&park=xthtz&year=2014"
    assert all("2014" not in text and "T05" not in text for text in cells(at))
    assert dict(summary.count_by_mechanism(ledger, day).select("mechanism_id", "every").iter_rows())["monthly"] == 2
    assert preplan.get_targets_without_task(ledger, day)["year"].to_list() == [2026, 2026]


def test_a_target_of_another_year_can_still_be_opened_by_its_number():
    assert at_zone(of_zone((9, 13.0)), target="T05").title[0].value.startswith("高新技术总产值")


def test_in_january_the_year_before_is_reviewed_unless_the_ledger_begins_with_the_new_one(sample):
    aims = progress.judge_ledger_targets(sample, datetime.date(2026, 1, 6))
    assert reviews.get_meeting_year(aims, datetime.date(2026, 1, 6)) == 2025
    ledger = of_zone()
    assert (
        reviews.get_meeting_year(
            progress.judge_ledger_targets(ledger, datetime.date(2026, 1, 9)), datetime.date(2026, 1, 9)
        )
        == 2026
    )


def test_a_reason_names_the_figure_that_is_missing_and_what_can_be_said_meanwhile():
    def told(row):
        known = {"measure": "growth", "year": 2026, "month": 10, "measured": None, "growth_of_month": None,
                 "actual": 13.0, "last": None, "value_text": "9", "unit_zh": "%", "unit_scaled_en": "%",
                 "unit_scale": "1", "level_unit_id": None, "actual_bound": None, "basis": None}  # fmt: skip
        return ledger_status.describe_unjudged_reason(known | row), ledger_status.describe_known_progress(known | row)

    speak("zh")
    assert told({"reason": "NO_BASE", "last": 12.2, "growth_of_month": 6.52}) == (
        "缺上年全年数（2025年12月）", "累计同比 +6.5%，目标 9%",
    )  # fmt: skip
    assert told({"reason": "NO_BASE"}) == ("缺上年同期数（2025年10月）", "")
    assert told({"reason": "NO_PAST", "month": 2})[0] == "缺上年同期数（2025年1—2月）"
    assert told({"reason": "NO_BASE", "measure": "level", "month": 9})[0] == "缺上年全年数（2025年12月）"
    assert told({"reason": "NO_BASE", "month": None})[0] == "没有报数，也缺上年全年数（2025年12月）"
    assert told({"reason": "NO_ACTUAL", "month": None})[0] == "没有报数"
    assert told({"reason": "NO_PLAN"})[0] == "没有计划进度，也没有往年进度"
    assert told({"reason": "EXPECTED"})[0] == "只有预计数"


def test_the_counts_in_a_title_add_up_to_its_total(sample):
    for day in (datetime.date(2025, 3, 10), JULY, datetime.date(2025, 10, 10), datetime.date(2026, 1, 6)):
        aims = progress.judge_ledger_targets(sample, day)
        total, *counts = map(int, re.findall(r"(\d+) 项", agenda_words.describe_monthly_title(aims, day)))
        assert total == sum(counts) == 12
    assert "4 项滞后" in agenda_words.describe_monthly_title(progress.judge_ledger_targets(sample, JULY), JULY)


def test_a_gap_is_told_with_what_it_is_of():
    def told(**row):
        return agenda_words.describe_monthly_gap({"measure": "level", "over": False, "completion": 0.5} | row)

    assert told(gap_points=-3.21) == "完成率低3.2个百分点"
    assert told(gap_points=0.04) == "完成率高0.04个百分点"
    assert told(gap_points=0.0) == "完成率与计划持平"
    assert told(gap_points=None) == "—"
    assert told(measure="growth", completion=None, gap_points=-1.8) == "增速低1.8个百分点"
    assert told(measure="growth", over=True, gap_points=1.0) == "增速高1个百分点"


def test_a_stock_says_by_how_much_it_grew_and_its_chart_has_base_and_target(sample):
    row = progress.judge_ledger_targets(sample, datetime.date(2026, 1, 6)).filter(target_id="S09").row(0, named=True)
    assert agenda_words.describe_stock_change(row) == "增加12家，应增13家（72→85）"
    assert agenda_words.describe_stock_change(row | {"value": 60.0, "actual": 70.0}) == "减少2家，应减12家（72→60）"
    assert agenda_words.describe_stock_change(row | {"indicator_measure": "flow"}) == ""
    points = dispatch.get_target_course(sample, "S09", JULY)
    lines = {kind: of["value"].unique().to_list() for (kind,), of in points.group_by("kind")}
    assert (lines["base"], lines["target"]) == ([72.0], [85.0])
    assert set(dispatch.get_target_course(sample, "S03", JULY)["kind"]) == {"actual", "plan", "last"}


def test_the_note_explains_the_columns_that_stand_there_and_no_others(sample):
    over = monthly.describe_target_columns(progress.judge_ledger_targets(sample, datetime.date(2026, 1, 6)).to_dicts())
    assert "外推" not in over
    assert "计划进度" not in over
    assert all(part in over for part in ("完成率减100%", "增速减目标", "存量从上年末起算"))
    running = monthly.describe_target_columns(progress.judge_ledger_targets(sample, JULY).to_dicts())
    assert all(part in running for part in ("完成率减计划进度", "外推为", "余月须增长"))
    assert "1—2月" not in running
    assert "1—2月" in monthly.describe_target_columns(
        progress.judge_ledger_targets(sample, datetime.date(2025, 3, 10)).to_dicts()
    )


def test_one_state_has_one_mark_and_one_colour_on_every_page():
    for status in codes("target"):
        row = {"status": status, "near": False, "pace": 0.5}
        assert ledger_status.label_state_with_mark(status, "target") == target_status.label_status_with_mark(row)
    for thing, states in RED.items():
        assert states
        for state in states:
            assert ledger_status.label_state_with_mark(state, thing).startswith(":red[■]")
    assert ledger_status.label_state_with_mark("late", "problem").startswith(":red[■]")
    assert ledger_status.label_state_with_mark("late", "service_case").startswith(":orange[✔]")
    assert ledger_status.label_state_with_mark("done_late", "followup").startswith(":orange[✔]")


def test_a_day_outside_the_ledger_names_the_first_and_the_last_it_knows():
    for day, told in (("2020-01-01", True), ("2035-01-01", True), ("2026-02-10", False), ("2025-07-10", False)):
        at = opened("supervision", "zh", park="sample", asof=day)
        said_so = [one.value for one in at.caption if "这一天不在其中" in one.value]
        assert bool(said_so) == told, day
        assert all("台账所知从2025年" in text or "台账所知从2024年" in text for text in said_so)
    at = opened("efficiency", "zh", park="sample", month="2099-01")
    assert any(one.value == "台账里有办结事项的月份从2025年1月到2026年1月。" for one in at.caption)


# The circular


def paper(day, lang="zh"):
    """The circular of a meeting as the page makes it, and the rows of its targets."""
    speak(lang)
    sample = versions.read_sample_ledger()
    aims = progress.judge_ledger_targets(sample, day, lang=lang)
    agenda = agenda_words.Agenda(
        dispatch.filter_carried_over(dispatch.get_ledger_followups(sample, day, lang)),
        dispatch.filter_far_behind(aims),
        dispatch.filter_behind(aims),
        dispatch.filter_changed(aims),
        dispatch.get_tasks_due_next(sample, day, lang),
        dispatch.filter_without_return(aims, day),
        dispatch.filter_unjudged(aims),
        aims,
    )
    head = circular.CircularHeader(
        "示例园区", agenda_words.format_meeting_period(aims, day), day, True, "http://park.test/monthly?park=sample"
    )
    points = dispatch.get_target_course(sample, "S03", day, lang=lang)
    data, spec = plots.draw_target_course(points, "亿元", 1.0, "light", sample=True)
    drawn = [pictures.Picture("S03", data, spec, "示例台账", "http://park.test")]
    content = circular.build_circular(
        head,
        agenda_words.describe_monthly_title(aims, day),
        agenda_words.describe_agenda(agenda, plain=True),
        monthly.make_circular_rows(aims),
        drawn,
        monthly.describe_target_columns(aims.to_dicts()),
    )
    speak("zh")
    return docx.Document(io.BytesIO(content)), aims


def test_the_circular_opens_has_headings_table_and_picture_and_is_marked_a_sample(sample):
    document, aims = paper(JULY)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "关于2025年1—6月目标完成情况的通报（示例）"
    heads = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert heads == [
        "一、上次会议交办的事", "二、严重滞后和未完成", "三、滞后的目标", "四、状态有变化", "五、一个月内到期的任务",
        "六、缺报的数", "七、不可评估的目标",
        "附件1：重点目标走势图", "附件2：各项目标完成情况表",
    ]  # fmt: skip
    assert "虚构" in document.sections[0].header.paragraphs[0].text
    assert len(document.inline_shapes) == 1
    (pictured,) = [each for each in document.paragraphs if each._p.xpath(".//w:drawing")]
    assert pictured.paragraph_format.line_spacing == 1.0  # a fixed height would show a strip of it
    assert texts[1] == "2025年1—6月：12 项目标，3 项严重滞后、4 项滞后、4 项正常、1 项不可评估。现将有关情况通报如下。"
    assert texts.index("2025年7月10日") < texts.index("附件1：重点目标走势图", texts.index("附件1：重点目标走势图") + 1)
    assert len(document.tables[0].rows) == aims.height + 1 == 13
    assert "2025年7月10日" in texts


def test_the_numbers_of_the_circular_are_those_of_the_route():
    document, _aims = paper(JULY)
    rows = client.get("/monthly.json", params={"park": "sample", "asof": "2025-07-10"}).json()["rows"]
    table = document.tables[0]
    heads = [cell.text for cell in table.rows[0].cells]
    printed = [dict(zip(heads, (cell.text for cell in line.cells), strict=True)) for line in table.rows[1:]]
    assert len(printed) == len(rows)
    for line, row in zip(printed, rows, strict=True):
        assert line["目标"].startswith(row["indicator_zh"])
        shown = re.match(r"-?[\d.]+", line["累计完成"])
        assert (float(shown[0]) if shown else None) == row["actual"]
        share = row["completion"]
        assert line["完成率"] == ("—" if share is None else f"{figures.format_rounded(100 * share, 1)}%")
        gap = row["gap_points"]
        if gap is None:
            assert line["差距"] == "—"
        else:
            size = re.fullmatch(r"(?:完成率|增速)[高低](.+)个百分点", line["差距"])[1]
            assert size == figures.format_rounded(abs(gap), 1)
            assert ("高" in line["差距"]) == (gap > 0)


def test_the_circular_states_each_target_as_the_page_does():
    document, aims = paper(JULY)
    assert [row.cells[1].text for row in document.tables[0].rows[1:]] == [
        target_status.label_status(one) for one in aims["status"]
    ]
    assert "不可评估" in [row.cells[1].text for row in document.tables[0].rows]


@pytest.mark.parametrize(("lang", "why"), [("zh", "没有报数"), ("en", "No return")])
def test_a_target_without_a_return_says_so_and_speaks_of_no_publication(lang, why):
    at = opened("monthly", lang, park="sample", asof="2025-07-10", target="S10")
    told = " ".join(one.value for one in at.markdown)
    assert why in told
    assert "结果未公布" not in told
    assert "not published" not in told


def test_the_english_circular_is_english():
    document, _aims = paper(JULY, "en")
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text != "示例园区"]
    texts += [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert [text for text in texts if CHINESE.search(text)] == []
    assert texts[0] == "Circular on the targets, Jan–Jun 2025 (sample)"


@pytest.mark.parametrize(
    ("lang", "title", "language"),
    [
        ("zh", "关于2025年1—6月目标完成情况的通报（示例）", "zh-CN"),
        ("en", "Circular on the targets, Jan–Jun 2025 (sample)", "en"),
    ],
)
def test_the_circular_names_its_office_and_no_library(lang, title, language):
    document, _aims = paper(JULY, lang)
    said = document.core_properties
    assert (said.title, said.author, said.last_modified_by) == (title, "示例园区", "示例园区")
    assert (said.language, said.comments, said.created.date()) == (language, "", JULY)
    content = io.BytesIO()
    document.save(content)
    with zipfile.ZipFile(content) as opened:
        properties = [name for name in opened.namelist() if name.startswith("docProps/")]
        texts = " ".join(opened.read(name).decode() for name in properties)
    assert sorted(properties) == ["docProps/app.xml", "docProps/core.xml"]
    assert "<Company>示例园区</Company>" in texts
    assert not re.search("docx|python|Macintosh|generated", texts, re.IGNORECASE)


# Routes


@pytest.mark.parametrize("view", [*VIEWS.values(), "due-orders", "efficiency-groups", "score-items"])
@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_every_route_gives_the_sample_in_four_formats_with_its_mark_in_every_row(view, suffix):
    answer = client.get(f"/{view}.{suffix}")
    assert answer.status_code == 200, answer.text[:300]
    if suffix == "csv":
        rows = pl.read_csv(answer.content, infer_schema_length=0)
        assert set(rows["evidence"]) == {"sample"}
        assert set(rows["park_id"]) == {"sample"}
        assert set(rows["data_version"]) == {versions.read_sample_ledger().version}
        assert rows["source_title"][0] == "示例台账（虚构）"
    if suffix == "json":
        assert answer.json()["data_version"] == versions.read_sample_ledger().version


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/tasks.csv?park=xthtz", "park"), ("/tasks.csv?state=gone", "state"), ("/tasks.csv?asof=soon", "asof"),
        ("/tasks.csv?colour=red", "colour"), ("/projects.csv?breach=x", "breach"), ("/monthly.csv?rule=x", "rule"),
        ("/scores.csv?weights=K99:1", "weights"), ("/efficiency-groups.csv?by=x", "by"),
        ("/chain.json?target=S99", "target"), ("/chain.json?target=S01&task=R001", "task"),
        ("/projects.csv?leader=L9", "leader"), ("/tasks.csv?lang=fr", "lang"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_named_with_the_legal_ones(address, parameter):
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert answer.json()["error"]


def test_the_chain_of_a_target_is_a_graph_whose_edges_join_its_nodes():
    graph = client.get("/chain.json", params={"target": "S03", "asof": "2026-01-06"}).json()
    ids = {node["id"] for node in graph["nodes"]}
    assert {"target:S03", "task:R008", "leader:L04", "supervision:B11", "project:X14", "figure:S03@12"} <= ids
    assert all(edge[0] in ids and edge[1] in ids for edge in graph["edges"])
    assert ["target:S03", "task:R008"] in graph["edges"]
    assert (graph["start"], graph["evidence"], graph["asof"]) == ("target:S03", "sample", "2026-01-06")


def test_the_empty_workbook_and_the_list_of_ledgers_have_addresses():
    assert client.get("/ledgers.json").json()["rows"] == [
        {"park": "sample", "version": versions.read_sample_ledger().version, "evidence": "sample", "asof": "2026-01-06"}
    ]
    assert client.get("/ledger-empty.xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 tasks"), (1, "1 task"), (2, "2 tasks"), ("1", "1 task"), ("1,000", "1,000 tasks")]
)
def test_english_says_one_task_and_two_tasks(n, said):
    speak("en")
    assert language._("{n} 项任务", n=n) == said
    speak("zh")


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """A ledger in use of which half the file is left."""
    monkeypatch.setenv("PARK_LEDGERS", str(tmp_path / "ledgers"))
    # A ledger kept within the same second has the same name, and the log would know of it.
    monkeypatch.setattr(door, "_logged_damage", {})
    kept = versions.keep_ledger(ledgers.read_ledger_workbook(BOOK.read_bytes(), "demo.xlsx"))
    path = tmp_path / "ledgers" / "demo" / f"{kept.name}.duckdb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("page", SIX)
def test_a_damaged_ledger_is_one_sentence_on_its_pages_and_the_others_are_shown(page, damaged):
    for lang, sentence in (
        ("zh", "demo的台账文件损坏，读不出来。请运维人员按服务器日志里的办法恢复，再刷新本页。"),
        ("en", "The ledger file of demo is damaged and cannot be read. Ask the operator to restore it"),
    ):
        at = opened(page, lang, park="demo")
        [error] = at.error
        assert error.value.startswith(sentence)
        assert str(damaged.parent.parent) not in "\n".join(said(at))
    assert opened(page, "zh", park="sample").title[0].value == SIX[page][0]


def test_a_damaged_ledger_is_503_with_the_commands_on_every_route_of_ledgers_and_the_sample_is_answered(
    damaged, caplog
):
    for view in [*VIEWS.values(), "chain"]:
        answer = client.get(f"/{view}.json", params={"park": "demo"})
        assert (answer.status_code, list(answer.json())) == (503, ["error"]), view
        told = answer.json()["error"]
        assert f"its file {damaged.name} is missing or damaged" in told
        assert "python -m data.load --restore demo" in told
        assert str(damaged.parent.parent) not in told
        assert client.get(f"/{view}.json", params={"park": "sample"}).status_code != 503
    assert caplog.text.count(f"its file {damaged.name}") == 1  # once, not at every question
    listed = client.get("/ledgers.json")
    assert listed.status_code == 200
    assert "sample" in listed.text


def test_the_dates_in_the_charts_of_an_english_page_are_english():
    for page, column in (("preplan", "shown"), ("efficiency", "when")):
        at = opened(page, "en", park="sample", asof="2025-10-13")
        said = [
            row[column] for place in range(len(at.get("vega_lite_chart"))) for row in points(at, place) if column in row
        ]
        assert said
        assert not [text for text in said if "年" in text]
