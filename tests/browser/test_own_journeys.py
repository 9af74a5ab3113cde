"""A reader's own figures from a file as staff have it to a chart, in a real browser, and no further than its tab."""

import csv
import io
import re

import openpyxl
import pytest
from playwright.sync_api import TimeoutError as TooLate

pytestmark = pytest.mark.browser
ROWS = (
    "地区,指标,时期,数值,单位\n湘潭高新区,技工贸总收入,2014,1008.5,亿元\n湘潭高新区,工业总产值,2014年,六百,亿元\n"
    "某某高新区,工业总产值,2014,610,亿元\n"
)
UNKNOWN = "1000亿元目标须增38.87%，结果未见公布"
KNOWN = "1000亿元目标：100.9%，已完成（自有）"


def drop(desk, *paths):
    """Put files into the uploader of /sources and wait for their report."""
    desk.page.locator(".st-key-sources_own_files input[type=file]").set_input_files(list(paths))
    desk.page.wait_for_timeout(600)  # the bytes travel before the run begins
    return desk.settled()


def consent(desk):
    """Load what the first report offers."""
    desk.page.get_by_test_id("stMain").locator('[data-testid="stBaseButton-primary"]').first.click()
    desk.page.get_by_text("已载入，只有您看得到").wait_for()
    return desk.settled()


def follow(desk, place, text):
    """Go on by a link of the app, in the same session."""
    desk.page.get_by_test_id(place).get_by_test_id("stPageLink-NavLink").filter(has_text=text).first.click()
    desk.page.wait_for_timeout(400)
    return desk.settled()


def content(desk):
    """What the main part of the page says."""
    return desk.page.get_by_test_id("stMain").inner_text()


def as_csv(desk):
    """The rows of the last file on the page, as CSV."""
    desk.page.get_by_test_id("stPopover").filter(has_text=re.compile("下载")).get_by_role("button").first.click()
    button = desk.page.get_by_test_id("stDownloadButton").filter(has_text=re.compile("^.*CSV")).last
    button.wait_for()
    with desk.page.expect_download() as arriving:
        button.click()
    text = arriving.value.path().read_bytes().decode("utf-8-sig")
    return arriving.value.suggested_filename, list(csv.DictReader(io.StringIO(text)))


def write_cell(desk, right, text):
    """Write into a cell of the first row to be mended, so many columns to the right of the reasons."""
    table = desk.page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    desk.page.wait_for_timeout(500)  # the table is drawn once its place is known
    for seconds in (3, 3, 3, 30):  # a table that is drawn anew forgets which cell was selected
        try:
            select_cell(desk, table, right, seconds)
            break
        except TooLate:
            if seconds == 30:
                raise
            desk.page.keyboard.press("Escape")  # a second click on a selected cell would open it
    desk.page.keyboard.type(text, delay=80)
    desk.page.wait_for_timeout(300)
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("改了 1 行，还没有核对。").wait_for()
    return desk.settled()


def select_cell(desk, table, right, seconds):
    """Select a cell of the first row from the keyboard, so many columns to the right of the reasons."""
    table.click(position={"x": 150, "y": 50})
    for place in range(2, right + 2):
        desk.page.keyboard.press("ArrowRight")
        cell = f'[data-testid="glide-cell-{place}-0"][aria-selected="true"]'
        table.locator(cell).wait_for(state="attached", timeout=1000 * seconds)


def check_again(desk):
    """Have the mended rows checked."""
    desk.page.get_by_role("button", name=re.compile("再核对一次")).click()
    desk.page.get_by_text("还没有核对").wait_for(state="hidden")
    return desk.settled()


def workbook(path, *rows):
    """A workbook with one sheet of rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def files(tmp_path):
    """The same three rows, of which one is right, as UTF-8, GB18030 and XLSX."""
    (tmp_path / "utf8.csv").write_text(ROWS, "utf-8")
    (tmp_path / "gb.csv").write_bytes(ROWS.encode("gb18030"))
    workbook(tmp_path / "book.xlsx", *csv.reader(io.StringIO(ROWS)))
    return tmp_path


@pytest.mark.parametrize("name", ["utf8.csv", "gb.csv", "book.xlsx"])
def test_a_file_is_checked_loaded_and_seen_until_the_tab_is_reloaded_and_by_nobody_else(server, reader, files, name):
    desk = drop(reader().open(f"{server}/sources?lang=zh&show=own"), files / name)
    assert "可载入 1 条数据 · 退回 2 行" in content(desk)
    defects = [row[-4:] for row in desk.cells("问题和改法")]
    assert [(row[0], row[1], row[2]) for row in defects] == [("3", "数值", "六百"), ("4", "地区", "某某高新区")]
    consent(desk)
    assert "含您的自有数据 1 条，只有您看得到。" in content(desk)
    follow(desk, "stSidebar", "总览")
    assert desk.title == KNOWN
    assert "自有 1008.5亿元" in desk.marks()
    follow(desk, "stSidebar", "经济")
    mine = [row for row in desk.cells("性质与依据") if row[5] == name]
    assert [row[:3] for row in mine] == [["技工贸总收入", "2014年", "1008.5亿元"]]
    assert mine[0][6].startswith("自有 · ")
    other = reader().open(f"{server}/?lang=zh")
    assert other.title == UNKNOWN
    assert "自有" not in content(other)
    follow(desk, "stMain", "查看或移除")
    follow(desk, "stMain", "看图表")
    assert desk.title == "湘潭高新区技工贸总收入：2013年 720.1亿元 → 2014年 1008.5亿元（自有）"
    file, rows = as_csv(desk)
    assert file.startswith("park-with-own-observations-")
    assert [(row["period"], row["value_text"], row["evidence"], row["source_title"]) for row in rows][-1] == (
        "2014", "1008.5", "own", name,
    )  # fmt: skip
    desk.open(f"{server}/?lang=zh")
    assert desk.title == UNKNOWN
    assert "含您的自有数据" not in content(desk)
    assert desk.complaints == other.complaints == []


def test_from_a_messy_spreadsheet_to_a_chart(server, reader, tmp_path):
    """A title over merged cells, ten thousand yuan, a column for each year, wide digits, 1—2月, 未公布, a typo."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "主要指标"
    sheet.append(["湘潭高新区主要经济指标完成情况"])
    sheet.merge_cells("A1:F1")
    for row in (
        ["单位：万元"],
        ["指标", "2012年", "2013年", "2014年", "2015年1—2月", "备注"],
        ["技工贸总收入", 5015000, 7201000, "１００８５０００", "1,500,000", None],
        ["工业总产值", "未公布", 5520000, 6100000, None, None],
        ["财政收人", None, 170000, 200000, None, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "2014年完成情况.xlsx")
    desk = drop(reader().open(f"{server}/sources?lang=zh&show=own"), tmp_path / "2014年完成情况.xlsx")
    told = content(desk)
    assert "数值 ← B 至 E 列，每列一个时期" in told
    assert "单位：万元（整张表）" in told
    assert "可载入 6 条数据 · 退回 1 行" in told
    assert desk.cells("问题和改法")[0][:4] == ["主要指标", "6", "指标", "财政收人"]
    with desk.page.expect_download() as arriving:
        desk.page.get_by_test_id("stDownloadButton").filter(has_text="退回的 1 行和原因 · CSV").click()
    refused = list(csv.DictReader(io.StringIO(arriving.value.path().read_bytes().decode("utf-8-sig"))))
    assert [(row["原行号"], row["指标"], row["2014年"]) for row in refused] == [("6", "财政收人", "200000")]
    assert "相近的有：财政收入" in refused[0]["原因"]
    consent(desk)
    # The refused row, mended, is dropped by itself.
    mended = workbook(
        tmp_path / "改好.xlsx", ["单位：万元"], ["地区", "指标", "2013年", "2014年"],
        ["湘潭高新区", "财政收入", 170000, 200000],
    )  # fmt: skip
    consent(drop(desk, mended))
    assert "含您的自有数据 8 条" in content(desk)
    follow(desk, "stSidebar", "总览")
    assert desk.title == KNOWN
    assert {"自有 10085000万元", "720.1亿元", "目标 1000亿元"} <= set(desk.marks())
    assert desk.complaints == []


def test_a_row_is_mended_in_the_page_put_back_and_the_whole_file_taken_away(server, reader, files):
    desk = drop(reader().open(f"{server}/sources?lang=zh&show=own"), files / "utf8.csv")
    check_again(write_cell(desk, 4, "600"))
    assert "可载入 2 条数据 · 退回 1 行 · 手工改过 1 行" in content(desk)
    check_again(write_cell(desk, 1, "Nowhere"))
    assert [row[-4:][2] for row in desk.cells("问题和改法")] == ["Nowhere"]
    with desk.page.expect_download() as arriving:
        desk.page.get_by_test_id("stDownloadButton").filter(has_text="改好的整张表 · CSV").click()
    assert arriving.value.suggested_filename == "utf8-改好.csv"
    text = arriving.value.path().read_bytes().decode("utf-8-sig")
    assert text == ROWS.replace("六百", "600").replace("某某高新区", "Nowhere")
    desk.page.get_by_role("button", name=re.compile("恢复成文件里的样子")).click()
    desk.page.get_by_text("手工改过").wait_for(state="hidden")
    assert "可载入 1 条数据 · 退回 2 行" in content(desk.settled())
    consent(check_again(write_cell(desk, 4, "600")))
    assert "含您的自有数据 2 条，只有您看得到。" in content(desk)
    assert desk.complaints == []


def test_a_broken_file_between_two_good_ones_changes_nothing(server, reader, files):
    desk = consent(drop(reader().open(f"{server}/sources?lang=zh&show=own"), files / "utf8.csv"))
    (files / "damaged.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    drop(desk, files / "damaged.xlsx")
    assert "文件已损坏，打不开" in content(desk)
    assert "含您的自有数据 1 条" in content(desk)
    follow(desk, "stSidebar", "总览")
    assert desk.title == KNOWN
    follow(desk, "stMain", "查看或移除")
    desk.page.get_by_role("button", name=re.compile("移除")).click()
    desk.settled()
    follow(desk, "stSidebar", "总览")
    assert desk.title == UNKNOWN
    assert desk.complaints == []


def test_a_target_is_opened_in_the_same_session_and_the_language_changes_in_it(server, reader, files):
    desk = consent(drop(reader().open(f"{server}/sources?lang=zh&show=own"), files / "gb.csv"))
    follow(desk, "stMain", "看目标")
    box = desk.page.get_by_test_id("stSelectbox").filter(has_text="打开一项目标").locator("input")
    box.click()
    desk.page.keyboard.type("T02")
    desk.page.get_by_role("option", name=re.compile("^T02")).click()
    desk.page.wait_for_timeout(400)
    desk.settled()
    assert desk.title == "技工贸总收入1008.5亿元（自有）（约+40.05%），比目标高 0.05 个百分点"
    desk.page.get_by_test_id("stSidebar").get_by_role("button", name="English").click()
    desk.settled()
    assert "100.85 billion yuan (own)" in desk.title
    assert "With 1 row of your own, which only you can see." in content(desk)
    assert desk.complaints == []


def test_a_file_over_the_limit_is_refused_in_the_reader_s_words(server, reader, tmp_path):
    large = tmp_path / "large.csv"
    large.write_bytes(b"a," * 53_000_000)
    desk = reader().open(f"{server}/sources?lang=zh&show=own")
    desk.page.locator(".st-key-sources_own_files input[type=file]").set_input_files(large)
    told = """() => getComputedStyle(document.querySelector(
        '.st-key-sources_own_files [data-testid=stFileUploaderDropzone]'), '::after').content"""
    desk.page.wait_for_function(f"() => ({told})().includes('100 MB')", timeout=30_000)
    assert desk.page.evaluate(told).startswith('"没有放入：文件超过 100 MB')
