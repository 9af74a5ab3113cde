"""What the page says of a file before anything counts, and how its reader sets it right there."""

import io

import openpyxl
import polars as pl
import pytest

from pages.upload import repair
from queries import upload, upload_shapes
from tests.pages.test_own_figures import HEAD, REVENUE, dropped, holding, loaded, put, said
from tests.pages.test_pages import opened

SEQUENTIAL = (
    "湘潭高新区2014年主要指标\n指标,单位,2014年,同比增长(%),环比增长(%),位次\n技工贸总收入,亿元,1008.5,40.1,3.2,2\n"
)
TWO_WRONG = REVENUE + "湘潭高新区,工业总产值,2014,六百,亿元,\n湘潭高新区,财政收人,2014,20,亿元,\n"
ODD = "谁,啥,哪年,多少,用啥\n湘潭高新区,技工贸总收入,2014,1008.5,亿元\n"


def own(*arriving, lang="zh"):
    """The section of own figures with these files in its uploader."""
    return dropped(opened("sources", lang, show="own"), *((name, text.encode()) for name, text in arriving))


def boxes(at):
    return {box.label.rstrip(" *"): box for box in at.selectbox}


def mended(at, cells):
    """The page after cells of the first sheet were written anew and checked: by row and column."""
    button = next(button for button in at.button if str(button.key).endswith("_check"))
    at.session_state[str(button.key).replace("_check", "_mended")] = {0: cells}
    at.run()
    assert [error.message for error in at.exception] == []
    return at


def checked(text, cells=None, name="own.csv"):
    draft = upload.read_upload(text if isinstance(text, bytes) else text.encode(), name)
    mappings = {place: draft.guess(place) for place in range(len(draft.sheets))}
    return upload.check_upload(draft, mappings, mended=cells)


# What is understood


def test_each_column_is_said_with_its_meaning_or_why_it_is_not_read():
    at = own(("环比.csv", SEQUENTIAL))
    assert "| C | 2014年 | 数值，2014年 |" in said(at)
    assert "| D | 同比增长(%) | 同比增速(%)，属于 C 列 |" in said(at)
    assert "| :gray[E] | :gray[环比增长(%)] | :gray[:material/block: 不读：环比] |" in said(at)
    assert "| 整张表 | 湘潭高新区 | 地区 |" in said(at)
    [folded] = [one for one in at.expander if one.label.startswith("各列的含义")]
    assert (folded.label, folded.proto.expanded) == ("各列的含义，2 列没有读", True)


def test_a_table_whose_columns_were_all_taken_is_folded():
    at = own(("own.csv", REVENUE))
    [folded] = [one for one in at.expander if one.label.startswith("各列的含义")]
    assert (folded.label, folded.proto.expanded) == ("各列的含义", False)


def test_the_years_of_a_wide_table_are_one_row_so_that_what_is_not_read_is_seen():
    years = range(1996, 2015)
    text = f"湘潭高新区\n单位：亿元\n指标,{','.join(f'{year}年' for year in years)},位次\n"
    at = own(("own.csv", text + f"技工贸总收入,{','.join(str(year) for year in years)},3\n"))
    assert "| B–T | 1996年 … 2014年 | 数值，每列一个时期 |" in said(at)
    assert "| :gray[U] | :gray[位次] | :gray[:material/block: 不读：位次] |" in said(at)


def test_meanings_are_said_in_english():
    assert "Not read: growth on the month or quarter before" in said(own(("own.csv", SEQUENTIAL), lang="en"))


def test_a_figure_of_doubtful_size_is_remarked_on_and_can_be_loaded():
    at = own(("own.csv", REVENUE.replace("1008.5", "7201")))
    assert any("7201约为前后各期的 10 倍" in warning.value for warning in at.warning)
    assert "可载入 **1 条数据**" in said(at)


def test_figures_of_the_session_are_known_when_the_size_of_others_is_judged():
    mine = put(HEAD + "湘潭高新区,固定资产投资,2016,80,亿元,\n")
    text = HEAD + "湘潭高新区,固定资产投资,2016,8000,亿元,\n"
    assert not any("在用的数" in doubt.zh for doubt in checked(text).doubts)
    with holding(mine):
        assert any("与在用的数相差 100 倍" in doubt.zh for doubt in checked(text).doubts)


def test_what_is_hidden_in_a_workbook_is_told():
    book = openpyxl.Workbook()
    book.active.title = "数据"
    for row in (["地区", "指标", "时期", "数值", "单位"], ["湘潭高新区", "技工贸总收入", 2014, 1008.5, "亿元"]):
        book.active.append(row)
    book.active.append(["湘潭高新区", "专利申请", 2014, 350, "项"])
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("旧表").append(["指标"])
    book["旧表"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    at = dropped(opened("sources", show="own"), ("own.xlsx", file.getvalue()))
    assert "“旧表”表：是隐藏的工作表，没有读取" in said(at)
    assert "有 1 行是隐藏的" in said(at)


def test_tables_below_each_other_are_told_apart_by_their_rows():
    text = "湘潭高新区2013年,,\n指标,单位,数值\n技工贸总收入,亿元,甲\n长沙高新区2012年,,\n指标,数值,单位\n"
    text += "专利申请,三百,项\n年度目标,,\n专利授权,55,项\n"
    at = own(("own.csv", text))
    assert "“第 2 行起”表：读作" in said(at)
    assert "“第 5 行起”表：读作" in said(at)
    assert checked(text).defects("en")["sheet"].to_list() == ["from row 2", *["from row 5"] * 3]
    assert "在这里改“第 2 行起”表" in said(at)
    assert "在这里改“第 5 行起”表" in said(at)


def test_tables_side_by_side_are_told_apart_by_their_columns():
    text = "湘潭高新区2013年主要指标,,,,,\n指标,单位,数值,指标,单位,数值\n技工贸总收入,亿元,720.1,专利申请,项,三百\n"
    at = own(("own.csv", text))
    assert "“A–C 列”表：读作" in said(at)
    assert "“D–F 列”表：读作" in said(at)
    assert checked(text).defects("en")["sheet"].to_list() == ["columns D–F"]
    shared = upload.read_upload("地区,指标,数值,指标,数值\n湘潭市,甲,1,乙,2\n".encode(), "own.csv").sheets
    assert list(upload_shapes.label_sheets(shared, "zh").values()) == ["A–C 列", "A、D–E 列"]
    assert list(upload_shapes.label_sheets(shared, "en").values()) == ["columns A–C", "columns A, D–E"]


# What a sheet leaves open


def test_place_and_period_are_asked_for_where_no_column_gives_them():
    at = own(("2014年快报.csv", "指标,数值,单位\n技工贸总收入,1008.5,亿元\n"))
    boxes(at)["地区：整张表是哪个地区？"].set_value("湘潭高新区")
    at.run()
    assert "可载入" not in said(at)
    boxes(at)["时期：整张表是哪一期？"].set_value("2014")
    at.run()
    assert "可载入 **1 条数据**" in said(at)
    assert not any("还缺" in warning.value for warning in at.warning)


def test_the_unit_is_asked_for_once_rows_are_found_that_have_none():
    at = own(("own.csv", "地区,指标,时期,数值\n湘潭高新区,技工贸总收入,2014,1008.5\n"))
    assert "**没有可载入的行**" in said(at)
    boxes(at)["单位：没有写单位的数用什么单位？"].set_value("亿元")
    at.run()
    assert "可载入 **1 条数据**" in said(at)


def test_a_mapping_chosen_by_hand_is_taken_for_the_next_file_of_its_shape_until_the_guess_is_wanted():
    at = own(("odd.csv", ODD))
    for field, head in {"地区": "A 谁", "指标": "B 啥", "时期": "C 哪年", "数值": "D 多少", "单位": "E 用啥"}.items():
        boxes(at)[field].set_value(head)
    at.run()
    dropped(at, ("next.csv", ODD.replace("2014", "2015").encode()))
    assert "按那次选的列读取" in said(at)
    assert "可载入 **1 条数据**" in said(at)
    next(button for button in at.button if button.label == "改用自动判断").click().run()
    assert "按那次选的列读取" not in said(at)
    assert any("还缺" in warning.value for warning in at.warning)


def test_the_unit_in_the_title_of_one_file_is_not_taken_for_the_next():
    text = "单位：万元,,\n谁,指标,2014年\n湘潭高新区,技工贸总收入,10085000\n"
    at = own(("first.csv", text))
    boxes(at)["地区：整张表是哪个地区？"].set_value("A 谁")
    at.run()
    assert "可载入 **1 条数据**" in said(at)
    dropped(at, ("next.csv", text.replace("单位：万元,,\n", "").encode()))
    assert "按那次选的列读取" in said(at)
    assert "没有单位" in said(at)


def test_place_indicator_and_period_of_one_file_are_not_taken_for_the_next():
    draft = upload.read_upload("指标,数值\n技工贸总收入,1008.5\n".encode(), "own.csv")
    guess = draft.guess(0)
    chosen = guess.changed(fixed={"park": "湘潭高新区", "period": "2014", "unit": "亿元"})
    assert upload_shapes.carry_mapping(chosen, guess).fixed == {"unit": "亿元"}
    titled = guess.changed(fixed={"period": "2015"})
    assert upload_shapes.carry_mapping(chosen, titled).fixed == {"period": "2015", "unit": "亿元"}
    months = upload.read_upload("月份,数值（亿元）\n2014年3月,3\n".encode(), "own.csv").guess(0)
    whole = months.changed(fixed={"park": "湘潭高新区", "indicator": "工业总产值"})
    assert upload_shapes.carry_mapping(whole, months.changed(fixed={})).fixed == {}


# Rows mended in the page


def test_a_mended_row_joins_those_that_are_right_and_a_wrong_one_stays_with_its_new_reason():
    report = checked(TWO_WRONG, {0: {3: {3: "600"}, 4: {1: "财政收入", 3: "二十"}}})
    assert report.rows == {"read": 3, "accepted": 2, "refused": 1, "skipped": 0}
    assert report.read[0].accepted.select("row", "value_text").rows() == [(2, "1008.5"), (3, "600")]
    assert report.defects("zh").select("row", "column", "value").rows() == [(4, "数值", "二十")]
    assert report.rows_mended == 2


def test_a_mended_row_that_contradicts_another_takes_that_one_along():
    report = checked(TWO_WRONG, {0: {3: {1: "技工贸总收入", 3: "900"}}})
    assert report.rows["accepted"] == 0


def test_what_was_mended_is_counted_and_loaded_under_its_row_and_can_be_put_back():
    at = own(("own.csv", TWO_WRONG))
    assert "可载入 **1 条数据** · 退回 2 行 " in said(at)
    mended(at, {3: {3: "600"}})
    assert "可载入 **2 条数据** · 退回 1 行 · 手工改过 1 行" in said(at)
    next(button for button in at.button if str(button.key).endswith("_restore")).click().run()
    assert "可载入 **1 条数据** · 退回 2 行 " in said(at)
    loaded(mended(at, {3: {3: "600"}}))
    assert "含您的自有数据 2 条" in said(at)


def test_a_loaded_row_keeps_its_number_and_file():
    file = upload.make_own_file(checked(TWO_WRONG, {0: {3: {3: "600"}}}))
    with file.database.cursor() as cursor:
        held = cursor.sql("select value_text, locator_zh from observation order by locator_zh").fetchall()
    assert held == [("1008.5", "第 2 行"), ("600", "第 3 行")]
    assert file.name == "own.csv"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_whole_sheet_can_be_downloaded_with_its_mended_cells(suffix):
    report = checked(TWO_WRONG, {0: {3: {3: "600"}, 4: {1: "=cmd"}}})
    content = upload.write_mended_sheet(report, 0, suffix, "zh")
    again = upload.read_upload(content, f"own.{suffix}").sheets[0]
    assert again.heads == report.draft.sheets[0].heads
    assert again.rows["c3"].to_list() == ["1008.5", "600", "20"]
    assert again.rows["c1"].to_list() == ["技工贸总收入", "工业总产值", "'=cmd"]


ANSWERED = {
    "one answer for each": (
        "指标,数值\n技工贸总收入,六百\n财政收入,20\n", {0: {"park": "湘潭高新区", "period": "2014", "unit": "亿元"}},
    ),
    "years across, unit above": (
        "主要指标\n单位：亿元\n指标,2013年,2014年\n技工贸总收入,六百,700\n财政收入,17,20\n",
        {0: {"park": "湘潭高新区"}},
    ),
    "another period than the title says": (
        "湘潭高新区2013年主要指标\n指标,数值,单位\n技工贸总收入,六百,亿元\n财政收入,20,亿元\n", {0: {"period": "2014"}},
    ),
    "indicator of the whole": (
        "湘潭高新区2014年\n月份,数值（亿元）\n2014年3月,六百\n2014年4月,700\n", {0: {"indicator": "工业总产值"}},
    ),
    "a unit where a column has none": (
        "地区,指标,时期,数值,单位\n湘潭高新区,技工贸总收入,2014,六百,\n湘潭高新区,财政收入,2014,20,万元\n",
        {0: {"unit": "亿元"}},
    ),
    "side by side": (
        "指标,数值,指标,数值\n技工贸总收入,六百,财政收入,20\n工业总产值,700,固定资产投资,30\n",
        {0: {"park": "湘潭高新区", "period": "2014", "unit": "亿元"},
         1: {"park": "湘潭高新区", "period": "2013", "unit": "万元"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ANSWERED)
def test_the_whole_sheet_holds_what_was_answered_for_it_and_loads_by_itself(name, lang, suffix):
    text, answers = ANSWERED[name]
    draft = upload.read_upload(text.encode(), "own.csv")
    mappings = {at: draft.guess(at) for at in range(len(draft.sheets))}
    for at, fixed in answers.items():
        mappings[at] = mappings[at].changed(fixed=mappings[at].fixed | fixed)
    row, place = next(
        (row, int(column[1:]))
        for row, *cells in draft.sheets[0].rows.iter_rows()
        for column, cell in zip(draft.sheets[0].rows.columns[1:], cells, strict=True)
        if cell == "六百"
    )
    report = upload.check_upload(draft, mappings, mended={0: {row: {place: "600"}}})
    again = checked(upload.write_mended_sheet(report, 0, suffix, lang), name=f"own.{suffix}")
    columns = ["row", "park_id", "indicator_id", "period", "value_text", "unit_id"]
    figures = [pl.concat([one.accepted.select(columns) for one in of.read]).rows() for of in (report, again)]
    assert figures[0] == figures[1]
    assert (report.rows["refused"], again.rows["refused"], len(figures[0])) == (0, 0, report.figures)
    assert report.figures > 1


def test_changed_cells_are_found_by_row_and_column():
    [read] = checked(TWO_WRONG).read
    before = repair.make_editable(read)
    assert before.select("row", "c1", "c3", "c5").rows() == [(3, "工业总产值", "六百", ""), (4, "财政收人", "20", "")]
    assert repair.collect_changes(before, before) == {}
    after = before.with_columns(
        c3=pl.Series(["600", "20"]), c1=pl.Series(["工业总产值", None], dtype=pl.String), c5=pl.Series(["", "3"])
    )
    assert repair.collect_changes(before, after) == {3: {3: "600"}, 4: {1: None, 5: "3"}}


def test_so_many_rows_are_mended_at_a_time():
    lines = "".join(f"湘潭高新区,工业总产值,{2000 + n % 20}-{n % 12 + 1:02d},六百{n},亿元,\n" for n in range(230))
    [read] = checked(HEAD + lines).read
    assert repair.make_editable(read).height == 200
    assert "退回的共 230 行，这里是前 200 行" in said(own(("own.csv", HEAD + lines)))
