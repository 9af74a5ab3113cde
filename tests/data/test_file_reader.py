"""Files of others are read in a process of its own: whatever they ask for, who reads them goes on."""

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.files import xlsx_bounds, xlsx_package
from data.files.number_format import parse_number_format
from data.files.open_file import read_sheets
from data.isolation import file_reader, pool
from data.ledger.definition import BrokenLedger
from data.ledger.template import make_ledger_template
from data.ledger.versions import read_sample_ledger
from data.storage import parcels
from data.tables import csv_table
from data.tables.problems import UnreadableFile
from queries import upload
from queries.ledger import ledgers
from tests.hosting import servers
from tests.tools.workbooks import SHEET, book, changed

HEADS = "地区,指标,时期,数值,单位\n"
GOOD = "湘潭高新区,技工贸总收入,2013,720.1,亿元\n"


def figures(rows=1):
    """A file of so many rows; those after the first say the same of the same in other numbers."""
    return (HEADS + GOOD + "".join(f"湘潭高新区,工业总产值,2013,{n},亿元\n" for n in range(rows - 1))).encode()


def opened(content, name="figures.csv"):
    return upload.read_upload(content, name)


def refused(content, name="figures.csv"):
    with pytest.raises(UnreadableFile) as caught:
        opened(content, name)
    return caught.value.flaw


@pytest.fixture(autouse=True)
def no_process_of_before():
    """Limits hold from the start of a process on: each test has one of its own."""
    pool.READER_POOL.close()
    yield
    pool.READER_POOL.close()


def test_a_file_is_read_by_another_process_and_comes_back_whole():
    draft = opened(HEADS.encode() + GOOD.encode())
    assert draft.sheets[0].rows.rows() == [(2, "湘潭高新区", "技工贸总收入", "2013", "720.1", "亿元")]
    report = upload.check_upload(draft, draft.opened.mappings)
    assert report.rows == {"read": 1, "accepted": 1, "refused": 0, "skipped": 0}
    assert report.preview().select("park_id", "indicator_id", "period", "value_text").row(0) == (
        "xthtz", "total_revenue", "2013", "720.1",
    )  # fmt: skip
    reader = pool.READER_POOL.idle
    assert reader is not None
    assert reader.process.pid != os.getpid()


def test_of_a_large_file_the_columns_are_told_before_the_whole_is_read():
    content = figures(60_000)
    assert len(content) > 1_000_000
    draft = opened(content)
    assert (draft.opened.read, draft.opened.mappings, draft.guess(0).lacking) == ((), {}, ())
    report = upload.check_upload(draft, {0: draft.guess(0)})
    assert (report.rows["read"], report.find_place(report.read[0].sheet)) == (60_000, 0)


def test_lines_inside_a_table_come_back_with_what_they_say():
    lines = "湘潭高新区2013年,\n指标,数值\n专利申请,302\n长沙高新区,\n专利申请,77\n年度目标,\n专利申请,400\n"
    draft = opened(lines.encode())
    report = upload.check_upload(draft, draft.opened.mappings)
    assert (report.rows["accepted"], report.rows["refused"]) == (2, 2)
    assert set(report.preview()["park_id"]) == {"xthtz", "cshtz"}


def test_lines_and_tables_behind_the_start_of_a_large_file_are_seen_too():
    rows = "".join(f"工业总产值,{n},亿元\n" for n in range(60_000))
    start = f"湘潭高新区2013年,,\n指标,数值,单位\n专利申请,302,项\n{rows}"
    draft = opened(f"{start}长沙高新区2012年,,\n专利申请,77,项\n".encode())
    [read] = upload.check_upload(draft, {0: draft.guess(0)}).read
    assert read.accepted.select("park_id", "period", "value_text").rows() == [
        ("xthtz", "2013", "302"), ("cshtz", "2012", "77"),
    ]  # fmt: skip
    draft = opened(f"{start}长沙高新区2012年,,\n指标,单位,数值\n专利申请,项,77\n".encode())
    with pytest.raises(UnreadableFile) as caught:
        upload.check_upload(draft, {0: draft.guess(0)})
    assert caught.value.flaw.row == 60_005


def test_another_reading_of_the_same_file_is_made_when_it_is_asked_for():
    draft = opened(HEADS.encode() + GOOD.encode())
    other = draft.guess(0).changed(columns={"park": 0, "indicator": 1, "period": 2, "value": 3}, fixed={"unit": "万元"})
    assert upload.check_upload(draft, {0: other}).preview()["unit_id"].to_list() == ["wan_cny"]


LIMITS = {
    "time": ("PARK_READ_SECONDS", "1", "读了 1 秒还没读完", "within 1 s,"),
    "memory": ("PARK_READ_MEMORY_MB", "200", "内存超过 200 MB", "more than 200 MB of memory"),
}


@pytest.mark.parametrize(("name", "value", "zh", "en"), LIMITS.values(), ids=LIMITS)
def test_a_file_that_takes_too_much_is_told_and_the_next_one_is_read(name, value, zh, en, monkeypatch):
    monkeypatch.setenv(name, value)
    draft = opened(figures(600_000))  # its start
    with pytest.raises(UnreadableFile) as caught:
        upload.check_upload(draft, {0: draft.guess(0)})
    assert zh in caught.value.flaw.zh
    assert en in caught.value.flaw.en
    monkeypatch.delenv(name)
    assert opened(figures()).sheets[0].heads[0] == "地区"


def test_a_reader_that_is_killed_is_told_as_one_that_took_too_much():
    ended = []

    def kill():
        while not ended:
            ended.extend(children())
            time.sleep(0.1)
        os.kill(ended[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    flaw = refused(figures(900_000))
    killer.join()
    assert "内存" in flaw.zh
    assert opened(figures()).sheets[0].heads[0] == "地区"


def children():
    """Processes of ours that read files."""
    return [
        pid
        for pid in servers.children(os.getpid())
        if "data.isolation.worker" in Path(f"/proc/{pid}/cmdline").read_text()
    ]


def test_a_reader_ends_when_who_asked_is_gone():
    script = (
        "from data.isolation.pool import ReaderProcess, get_visitor_limits; "
        "reader = ReaderProcess(get_visitor_limits()); "
        "print(reader.process.pid, flush=True); import os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} goes on")


def test_who_gets_no_turn_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(pool, "TURN_SECONDS", 0.1)
    limits = pool.get_visitor_limits()
    with pool.READER_POOL.reader(limits) as one, pool.READER_POOL.reader(limits) as other:
        assert "还没轮到" in refused(figures()).zh
        one.close()
        other.close()
    assert opened(figures()).sheets


def test_a_thousand_rows_about_one_thing_name_ten_of_each_other():
    draft = opened(figures(1_001))
    [first, *_] = upload.check_upload(draft, draft.opened.mappings).read[0].flaws(1)
    assert "（D3、D4、D5、D6、D7、D8、D9、D10、D11、D12 …）" in first.zh


def test_what_comes_back_is_tables_and_texts_and_nothing_else():
    def handed(given):
        parts = parcels.pack_object(given)
        return parcels.unpack_object(b"".join(parts), [len(part) for part in parts], file_reader.ALLOWED_CLASSES)

    with pytest.raises(pickle.UnpicklingError, match=r"posix.system is no part"):
        handed(os.system)
    frame, other = pl.DataFrame({"a": [1, None]}), pl.DataFrame({"b": ["甲"], "c": [date(2013, 12, 31)]})
    [first, [second], text] = handed((frame, [other], "x"))
    assert first.equals(frame)
    assert second.equals(other)
    assert (second.schema, text) == (other.schema, "x")


def test_a_ledger_is_read_by_another_process_too():
    read = ledgers.read_uploaded_ledger(make_ledger_template(read_sample_ledger(), "zh"), "ledger.xlsx")
    assert (read.park_id, read.tables["task"].height) == ("sample", read_sample_ledger().tables["task"].height)
    with pytest.raises(BrokenLedger) as caught:
        ledgers.read_uploaded_ledger(b"no workbook", "ledger.xlsx")
    assert "不是 .xlsx 工作簿" in caught.value.flaws[0].zh


def test_a_ledger_that_takes_too_long_is_told(monkeypatch):
    limits = pool.Limits(0.05, pool.get_visitor_limits().memory)
    monkeypatch.setattr(file_reader, "get_visitor_limits", lambda: limits)
    with pytest.raises(BrokenLedger) as caught:
        file_reader.read_ledger(make_ledger_template(read_sample_ledger(), "zh"), "ledger.xlsx")
    assert "还没读完" in caught.value.flaws[0].zh


def table(page):
    page.write_row(0, 0, ["地区", "指标"])
    page.write_row(1, 0, ["湘潭高新区", "技工贸总收入"])


PLAIN = book(lambda workbook: table(workbook.add_worksheet()))


def bad(content):
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(content, "book.xlsx")
    return caught.value.flaw


def test_one_stray_cell_far_away_is_refused_before_the_sheet_is_built(monkeypatch):
    monkeypatch.setattr(xlsx_bounds, "EMPTY_CELLS", 1_000)

    def write(workbook):
        page = workbook.add_worksheet("数据")
        table(page)
        page.write(299, 9, 1)

    flaw = bad(book(write))
    assert "300 行、10 列" in flaw.zh
    assert flaw.sheet == "数据"


def test_a_cell_that_says_it_stands_in_another_row_counts_where_it_says(monkeypatch):
    monkeypatch.setattr(xlsx_bounds, "EMPTY_CELLS", 1_000)
    flaw = bad(changed(PLAIN, SHEET, lambda text: text.replace('r="B2"', 'r="AB900"')))
    assert "900 行、28 列" in flaw.zh


@pytest.mark.parametrize("reference", ["ZZZ1", "XFE1", "A1048577"])
def test_a_cell_beyond_a_spreadsheet_is_damage(reference):
    edited = changed(PLAIN, SHEET, lambda text: text.replace('r="B2"', f'r="{reference}"'))
    with pytest.raises(UnreadableFile):
        xlsx_bounds.measure_sheets(edited, 10**9)


def test_cells_that_do_not_say_where_they_stand_are_counted():
    [sheet] = xlsx_bounds.measure_sheets(changed(PLAIN, SHEET, lambda text: re.sub(r' r="[A-Z]*\d+"', "", text)), 10**9)
    assert (sheet.rows, sheet.columns, sheet.cells) == (2, 2, 4)


def test_too_many_merged_ranges_or_cells_are_refused(monkeypatch):
    def write(workbook):
        page = workbook.add_worksheet()
        table(page)
        for row in range(2, 14, 2):
            page.merge_range(row, 0, row + 1, 1, "x")

    content = book(write)
    assert xlsx_bounds.measure_sheets(content, 10**9)[0].merged == 6
    monkeypatch.setattr(xlsx_bounds, "MERGED", 5)
    assert "合并的单元格太多" in bad(content).zh
    monkeypatch.setattr(xlsx_bounds, "MERGED", 6)
    monkeypatch.setattr(xlsx_bounds, "MERGED_CELLS", 23)
    assert "合并的单元格太多" in bad(content).zh


def test_a_text_longer_than_a_cell_can_be_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_bounds, "LETTERS", 100)
    content = book(lambda workbook: workbook.add_worksheet().write_row(0, 0, ["短", "长" * 201]))
    assert "文字超过 100 个字" in bad(content).zh


@pytest.mark.parametrize("letter", ['"', "字", "<"])
def test_a_text_is_as_long_as_it_is_read_and_not_as_it_is_written(letter, monkeypatch):
    monkeypatch.setattr(xlsx_bounds, "LETTERS", 100)
    content = book(lambda workbook: workbook.add_worksheet().write_row(0, 0, ["短", letter * 200]))
    assert len(xlsx_bounds.measure_sheets(content, 10**9)) == 1
    content = book(lambda workbook: workbook.add_worksheet().write_row(0, 0, ["短", letter * 201, "短"]))
    assert "文字超过 100 个字" in bad(content).zh


def test_texts_are_measured_wherever_a_piece_of_their_list_ends(monkeypatch):
    monkeypatch.setattr(xlsx_package, "PIECE", 300)
    monkeypatch.setattr(xlsx_bounds, "LETTERS", 100)
    rows = [f"{n:03}" + "a" * 190 for n in range(50)]
    content = book(lambda workbook: workbook.add_worksheet().write_column(0, 0, rows))
    assert xlsx_bounds.measure_sheets(content, 10**9)[0].rows == 50
    content = book(lambda workbook: workbook.add_worksheet().write_column(0, 0, [*rows, "b" * 201]))
    assert "文字超过 100 个字" in bad(content).zh


def test_too_many_sheets_or_parts_are_refused(monkeypatch):
    content = book(lambda workbook: [table(workbook.add_worksheet()) for _ in range(4)])
    monkeypatch.setattr(xlsx_package, "SHEETS", 3)
    assert "工作表超过 3 张" in bad(content).zh
    monkeypatch.setattr(xlsx_package, "PARTS", 5)
    assert "最多 5 个" in bad(content).zh


def test_a_document_type_is_damage():
    edited = changed(
        PLAIN, "xl/workbook.xml", lambda text: text.replace("<workbook", "<!DOCTYPE workbook><workbook", 1)
    )
    assert "已损坏" in bad(edited).zh


def test_a_tag_without_an_end_is_damage(monkeypatch):
    monkeypatch.setattr(xlsx_package, "PIECE", 1_000)
    edited = changed(PLAIN, SHEET, lambda text: text.replace("<sheetData>", f'<sheetData a="{"x" * 9_000}">'))
    assert "已损坏" in bad(edited).zh


def test_a_bound_of_lines_counts_empty_ones_too(monkeypatch):
    monkeypatch.setattr(csv_table, "MOST_LINES", 1_000)
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(HEADS.encode() + GOOD.encode() + b"\n" * 2_000, "figures.csv")
    assert "最多 1,000 行" in caught.value.flaw.zh
    with pytest.raises(UnreadableFile):
        read_sheets(HEADS.encode() + GOOD.encode() + b"\r" * 2_000, "figures.csv")


def test_a_workbook_whose_tags_have_a_prefix_shows_its_per_cents():
    content = book(lambda workbook: percents(workbook, [(1, 1, 0.436)]))

    def edit(text):
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text)
        return text.replace('xmlns="', 'xmlns:x="', 1)

    [plain] = xlsx_bounds.measure_sheets(content, 10**9)
    [prefixed] = xlsx_bounds.measure_sheets(changed(content, SHEET, edit), 10**9)
    percent = {1: {1: parse_number_format("0.0%")}}
    assert prefixed.shown.styles == plain.shown.styles == percent


def percents(workbook, cells):
    page, shown = workbook.add_worksheet(), workbook.add_format({"num_format": "0.0%"})
    page.write(0, 0, "x")
    for row, column, value in cells:
        page.write_number(row, column, value, shown)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 300), st.integers(0, 60)), st.booleans(), min_size=1, max_size=40),
    st.integers(100, 5_000),
)
def test_the_extent_and_the_per_cents_of_a_workbook_are_those_it_was_written_with(cells, piece):
    def write(workbook):
        page, shown = workbook.add_worksheet("甲"), workbook.add_format({"num_format": "0.00%"})
        for (row, column), percent in cells.items():
            page.write_number(row, column, 0.5, shown if percent else None)

    before = xlsx_package.PIECE
    xlsx_package.PIECE = piece
    try:
        [sheet] = xlsx_bounds.measure_sheets(book(write), 10**9)
    finally:
        xlsx_package.PIECE = before
    assert (sheet.rows, sheet.cells) == (max(row for row, _ in cells) + 1, len(cells))
    assert sheet.columns == max(column for _, column in cells) + 1
    told = {(row, column) for column, rows in sheet.shown.styles.items() for row in rows}
    assert told == {place for place, percent in cells.items() if percent}
