"""Staff and readers on the pages of the mechanisms: the chain, the circular, one's own workbook, paper."""

import datetime
import io
import re
import urllib.request

import docx
import openpyxl
import pytest

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
Day = datetime.date
SAMPLE = "park=sample&lang=zh"


def follow(reader, text):
    """Go on by a link of the page."""
    link = reader.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").filter(has_text=text).first
    link.click()
    return reader.settled()


def saved(reader, button):
    """Name and content of the file that a button gives."""
    with reader.page.expect_download() as arriving:
        reader.page.get_by_test_id("stDownloadButton").filter(has_text=re.compile(button)).first.click()
    return arriving.value.suggested_filename, arriving.value.path().read_bytes()


def test_from_the_sample_to_a_red_target_its_task_its_leader_its_order_and_the_circular(server, reader):
    """The whole walk in one tab, by links alone; park and day stay."""
    desk = reader().open(f"{server}/monthly")
    assert desk.title == "按月调度：没有公布过台账，无从评起"
    follow(desk, "打开示例园区")
    assert "3 项未完成" in desk.title
    follow(desk.open(f"{server}/monthly?{SAMPLE}&asof=2026-01-06&target=S03"), "R008")
    assert desk.title == "变电站用地交付：逾期 130 天"
    follow(desk, "分管建设的副主任")
    assert desk.title == "分管建设的副主任：3 个项目，2 项在办任务，2 个问题"
    desk.page.go_back()
    follow(desk.settled(), "B05")
    assert desk.title == "变电站用地交付：已复未结"
    follow(desk, "S03")
    assert desk.title == "固定资产投资：未完成"
    assert {key: desk.parameters[key] for key in ("park", "asof", "target")} == {
        "park": "sample", "asof": "2026-01-06", "target": "S03",
    }  # fmt: skip
    follow(desk, "返回清单")
    name, content = saved(desk, "通报（Word）")
    assert re.fullmatch(r"park-sample-circular-2026-01-06-[0-9a-f]{12}\.docx", name)
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "关于2025年目标完成情况的通报（示例）"
    assert len(document.inline_shapes) == 3
    assert any("固定资产投资" in cell.text for row in document.tables[0].rows for cell in row.cells)
    assert desk.complaints == []


def test_a_link_to_a_past_meeting_opens_the_same_on_a_fresh_server_in_the_other_language(fresh_server, reader):
    with fresh_server() as address:
        desk = reader().open(f"{address}/monthly?park=sample&lang=en&asof=2025-07-10")
        assert desk.title == "Jan–Jun 2025: 12 targets, 3 far behind, 4 behind, 4 on course, 1 cannot be judged"
        assert desk.complaints == []


def test_a_filter_writes_codes_into_the_address_and_the_menu_keeps_park_and_day(server, reader):
    desk = reader().open(f"{server}/preplan?{SAMPLE}&asof=2025-10-10")
    assert desk.count == (42, 42)
    desk.choose("承办部门", "建设管理局")
    assert desk.parameters["department"] == "D02"
    assert desk.count == (8, 42)
    menu = desk.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    menu.filter(has_text="督查督办").click()
    desk.settled()
    assert {key: desk.parameters[key] for key in ("park", "asof")} == {"park": "sample", "asof": "2025-10-10"}
    assert "department" not in desk.parameters


def test_staff_fill_the_empty_workbook_mend_three_mistakes_and_see_their_lights(server, reader, tmp_path):
    desk = reader().open(f"{server}/monthly?lang=zh")
    name, content = saved(desk, "空白工作簿")
    assert name == "park-ledger-empty.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {
        "园区": [["demo", "小园区"]],
        "部门": [["D1", "产业局", None, "产业", Day(2025, 1, 2)], ["D2", "督查办", None, "其他", Day(2025, 1, 2)]],
        "目标": [["M1", "经济", "财政收入", 2025, "数值", "达到", 12, "产业局", Day(2025, 1, 2)]],
        "月计划": [
            ["财政收入", f"2025-{month:02}", month, Day(2025, 1, 2)] for month in range(2, 13)
        ],
        "月报": [
            ["财政收入", "2025-02", 1.9, None, Day(2025, 3, 6)],
            ["财政收入", "2025-03", "约3亿", None, Day(2025, 4, 8)],
            ["财政收入", "2025-04", 2.2, None, Day(2025, 5, 7)],
        ],
        "任务": [
            ["R1", "经济", "税源走访", None, "M1", None, "产业居", None, *[Day(2025, 1, 10)] * 2, Day(2025, 4, 30)],
            ["R2", "经济", "清欠", None, "M1", None, "D1", None, Day(2025, 1, 10), Day(2025, 3, 1), Day(2025, 2, 1)],
            ["R3", "经济", "升规", None, "M1", None, "产业局", None, *[Day(2025, 1, 10)] * 2, Day(2025, 9, 30)],
        ],
    }  # fmt: skip
    for sheet, lines in rows.items():
        for line in lines:
            book[sheet].append(line)
    bad, good, later = (tmp_path / f"{each}.xlsx" for each in ("bad", "good", "later"))
    book.save(bad)
    drop = desk.page.locator('input[type="file"]')
    drop.set_input_files(bad)
    assert [row[:4] for row in desk.settled().cells("怎样改")] == [
        ["月报", "3", "累计完成数", "约3亿"], ["任务", "2", "承办部门", "产业居"],
        ["任务", "3", "完成时限", "2025-02-01 < 2025-03-01"],
    ]  # fmt: skip
    assert desk.title == "按月调度：没有公布过台账，无从评起"
    book["月报"]["C3"], book["任务"]["G2"], book["任务"]["K3"] = 2.1, "产业局", Day(2025, 6, 30)
    book.save(good)
    desk.page.locator('input[type="file"]').set_input_files(good)
    desk.page.wait_for_url(re.compile("park=demo"))
    desk.settled()
    assert desk.title == "2025年1—4月：1 项目标，1 项严重滞后"
    assert desk.page.get_by_text("只在本次会话里看得到").is_visible()
    # Another reader sees nothing of it.
    assert "没有公布过台账" in reader().open(f"{server}/monthly?park=demo&lang=zh").title
    # One month changed, dropped again.
    book["月报"]["C4"] = 4.4
    book.save(later)
    desk.page.get_by_test_id("stPopover").filter(has_text="台账工作簿").locator("button").first.click()
    desk.page.locator('input[type="file"]').set_input_files(later)
    desk.page.get_by_text("later.xlsx").first.wait_for()
    desk.settled()
    assert desk.title == "2025年1—4月：1 项目标，1 项正常"
    assert desk.complaints == []


def test_a_leaders_page_prints_on_one_sheet(server, reader):
    desk = reader().open(f"{server}/leaders?{SAMPLE}&leader=L03")
    desk.page.emulate_media(media="print")
    paper = desk.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1


@pytest.mark.parametrize("page", ["preplan", "leaders", "monthly", "supervision", "efficiency", "rewards"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_reaches_beyond_the_screen(server, reader, page, lang):
    phone = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    phone.open(f"{server}/{page}?park=sample&lang={lang}")
    assert phone.page.evaluate("() => document.documentElement.scrollWidth") == 390
    ends = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart] text")]
        .map(text => Math.ceil(text.getBoundingClientRect().right))"""
    assert max([0, *phone.page.evaluate(ends)]) <= 390
    assert phone.page.get_by_test_id("stException").count() == 0
    assert phone.complaints == []


def test_the_route_on_the_same_server_gives_the_rows_of_the_page(server, reader):
    desk = reader().open(f"{server}/supervision?{SAMPLE}&state=unanswered")
    with urllib.request.urlopen(f"{server}/api/supervision.csv?park=sample&state=unanswered") as answer:
        lines = answer.read().decode("utf-8-sig").splitlines()
    assert desk.count == (len(lines) - 1, 12)


@pytest.mark.parametrize("page", ["", "economics", "livelihood", "preplan", "leaders", "monthly", "rewards"])
def test_in_a_narrow_window_at_a_desk_a_wide_table_moves_in_its_own_place_and_not_the_page(server, reader, page):
    desk = reader(viewport={"width": 390, "height": 844}).open(f"{server}/{page}?{SAMPLE if page else 'lang=zh'}")
    widths = "shown => shown.map(each => each.scrollWidth - each.clientWidth)"
    assert desk.page.get_by_test_id("stMain").evaluate_all(widths) == [0]
    tables = desk.page.locator("[data-testid=stMarkdownContainer]:has(> table)")
    assert max(tables.evaluate_all(widths)) > 0


def test_the_place_for_a_workbook_speaks_the_language_of_the_page(server, reader):
    said = """() => [...document.querySelectorAll("[data-testid=stFileUploaderDropzone] p,"
            + "[data-testid=stFileUploaderDropzoneInstructions] span")].map(
            each => [getComputedStyle(each).fontSize, getComputedStyle(each, "::after").content])"""
    desk = reader().open(f"{server}/preplan?lang=zh")
    assert desk.page.evaluate(said) == [["0px", '"选择文件"'], ["0px", '"每个文件不超过 20 MB"']]
    desk.open(f"{server}/preplan?lang=en")
    assert desk.page.evaluate(said) == [["0px", '"Choose a file"'], ["0px", '"Up to 20 MB a file"']]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_in_the_menu_is_cut(server, reader, lang):
    desk = reader().open(f"{server}/rewards?park=sample&lang={lang}")
    over = """() => [...document.querySelectorAll("[data-testid=stSidebar] [data-testid=stPageLink-NavLink]")]
        .filter(link => [...link.querySelectorAll("*")].some(part => part.scrollWidth > part.clientWidth + 1
            && getComputedStyle(part).overflow === "hidden")).map(link => link.innerText)"""
    assert desk.page.evaluate(over) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_links_of_a_chain_are_whole_on_a_phone(server, reader, lang):
    phone = reader(viewport={"width": 390, "height": 844}, user_agent=PHONE, is_mobile=True, has_touch=True)
    phone.open(f"{server}/monthly?park=sample&asof=2025-07-10&target=S05&lang={lang}")
    links = phone.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").locator("p, span")
    assert links.count() > 8
    assert max(links.evaluate_all("all => all.map(each => each.scrollWidth - each.clientWidth)")) <= 0


@pytest.mark.parametrize("page", ["preplan", "leaders", "monthly", "supervision", "efficiency", "rewards"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_at_a_desk_every_column_of_a_table_is_in_sight(server, reader, page, lang):
    desk = reader().open(f"{server}/{page}?park=sample&asof=2025-07-10&lang={lang}")
    tables = desk.page.locator("[data-testid=stMarkdownContainer]:has(> table)")
    assert tables.count() > 0
    assert max(tables.evaluate_all("shown => shown.map(each => each.scrollWidth - each.clientWidth)")) == 0
