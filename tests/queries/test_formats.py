"""Files: what a spreadsheet or a program reads back is what was shown."""

import csv
import io
import re
from datetime import date

import fastexcel
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.reader import make_refused_csv
from data.loading import activation
from data.values.safe_cells import escape_formulas
from queries.catalogue import catalogue
from queries.database import engine
from queries.export import formats
from queries.figures.observations import drop_facts, get_observations
from queries.targets.targets import get_judged_targets, get_park_commitments

DANGEROUS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "\x01x", "=", "-", "+", "＝1+1", "＋A1",
    "－A1", "＠x", "\ufeff=1", "\u200b=1", "\u3000=1", " =1", "\u00a0=1", '"=1', "“=1", "\u2060 \ufeff'＝A1",
    "-1e5A", "-5%+1", "-1-1", "+1(2)", " \n=1",
]  # fmt: skip
HARMLESS = [
    "-23.0", "+5", "720.1", "190余", "a=b", "2014-01/2014-09", "", "'", "'=1",
    "x@y", "-1e-7", "+3.5", "-1,234.5", "-5%",
    "－5", "－５", "-5亿元", "-.5", "-1E+10", "+3.5％", " -5", "-1,234,567", "—", "“四上”企业", "e-mail",
]  # fmt: skip


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def park() -> pl.DataFrame:
    return drop_facts(get_observations(parks=["xthtz"], evidence=("published", "derived")))


def test_a_csv_with_byte_order_mark_gives_back_the_rows():
    rows = park()
    content = formats.as_csv(rows)
    assert content.startswith(b"\xef\xbb\xbfpark_id,park_zh,")
    back = pl.read_csv(content, schema=rows.schema)
    assert back.equals(rows)
    header, *cells = read(content)
    assert header == rows.columns
    assert [row[header.index("value_text")] for row in cells] == [text or "" for text in rows["value_text"]]


def test_a_csv_without_byte_order_mark_begins_with_its_first_column():
    rows = park()
    assert formats.as_csv(rows, bom=False) == formats.as_csv(rows)[3:]
    assert formats.as_csv(rows, bom=False).startswith(b"park_id,")


def test_every_line_of_a_csv_ends_as_spreadsheets_write_it():
    content = formats.as_csv(park())
    assert content.count(b"\r\n") == content.count(b"\n") == park().height + 1


def test_a_csv_prints_720_1_and_552_and_never_552_0():
    header, *cells = read(formats.as_csv(park()))
    by_code = {row[header.index("observation_id")]: row[header.index("value")] for row in cells}
    assert (by_code["A01"], by_code["A02"], by_code["A01-base"]) == ("720.1", "552", "501.5")
    assert not [value for value in by_code.values() if value.endswith(".0")]


def test_column_names_are_plain_ascii():
    for rows in (park(), get_judged_targets(), catalogue.get_indicators()):
        assert all(re.fullmatch("[a-z_0-9]+", column) for column in rows.columns)


def test_cells_that_a_spreadsheet_would_run_are_made_harmless_in_csv():
    rows = pl.DataFrame({"cell": DANGEROUS + HARMLESS})
    _, *cells = read(formats.as_csv(rows))
    written = ["".join(cell) for cell in cells]
    assert written == [f"'{text}" for text in DANGEROUS] + HARMLESS


def test_cells_that_a_spreadsheet_would_run_are_made_harmless_in_a_workbook():
    chosen = [text for text in DANGEROUS if text.isprintable()]
    rows = pl.DataFrame({"cell": [*chosen, "-23.0", "720.1"]})
    back = fastexcel.read_excel(formats.as_xlsx(rows)).load_sheet("数据", dtypes={"cell": "string"}).to_polars()
    assert back["cell"].to_list() == [f"'{text}" for text in chosen] + ["-23.0", "720.1"]


def test_column_names_that_a_spreadsheet_would_run_are_made_harmless_and_stay_different():
    rows = pl.DataFrame({"＝a": [1], "'＝a": [2], "b": [3]})
    assert len(set(escape_formulas(rows).columns)) == 3
    assert escape_formulas(rows).columns[0] == "''＝a"
    assert "b" in escape_formulas(rows).columns


@given(
    before=st.text(st.sampled_from(" \u00a0\u3000\u200b\u200e\u2060\ufeff\u0301\u302a'\"“”‘’＇\t\r\n"), max_size=4),
    sign=st.sampled_from("=+-@＝＋－＠"),
    after=st.text(st.characters(codec="utf-8"), max_size=6),
)
def test_a_text_with_a_sign_before_letters_has_one_apostrophe_in_front(before, sign, after):
    text = f"{before}{sign}A{after}"
    guarded = text if text.startswith("'") else f"'{text}"
    once = escape_formulas(pl.DataFrame({"cell": [text]}))
    assert once["cell"].to_list() == [guarded]
    assert escape_formulas(once).equals(once)


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=3), form=st.sampled_from(["f", "e", ",", "+f"]))
def test_a_number_in_any_usual_form_stays_a_number(number, form):
    text = format(number, "+.3f" if form == "+f" else ",.3f" if form == "," else f".3{form}")
    assert escape_formulas(pl.DataFrame({"cell": [text, f"{text}%"]}))["cell"].to_list() == [text, f"{text}%"]


def test_refused_rows_are_made_harmless_alike_and_a_small_number_in_them_stays_one(tmp_path, park_database):
    cells = ["＝1+1", "-1e-7", "＠x", "-5亿元"]
    rows = "".join(f"火星,工业总产值,2013,{cell},亿元\n" for cell in cells)
    content = ("地区,指标,时期,数值,单位\n" + rows).encode()
    [reading] = activation.read_files([("mine.csv", content)], activation.read_current_vocabulary())
    _, *lines = read(make_refused_csv(reading.sheets[0], "zh"))
    assert [line[3] for line in lines] == ["'＝1+1", "-1e-7", "'＠x", "-5亿元"]


def test_a_fall_of_23_0_per_cent_stays_a_number_in_text_and_in_numbers():
    rows = pl.DataFrame({"growth_text": ["-23.0"], "growth_pct": [-23.0]})
    assert formats.as_csv(rows, bom=False) == b"growth_text,growth_pct\r\n-23.0,-23\r\n"


def test_a_workbook_has_three_sheets_with_real_numbers():
    rows = park()
    book = fastexcel.read_excel(formats.as_xlsx(rows))
    assert book.sheet_names == ["数据", "说明", "口径"]
    data = book.load_sheet("数据").to_polars()
    assert data.columns == rows.columns
    assert data["value"].dtype == pl.Float64
    assert data["value"].to_list() == rows["value"].to_list()
    assert data["value_text"].cast(pl.String).to_list() == rows["value_text"].to_list()
    assert data["high"].to_list() == rows["high"].to_list()


def test_a_workbook_explains_each_column_and_defines_each_indicator():
    rows = park()
    book = fastexcel.read_excel(formats.as_xlsx(rows))
    notes = book.load_sheet("说明").to_polars()
    assert notes["column"].to_list() == rows.columns
    meanings = dict(notes.rows())
    assert meanings["low"].startswith("区间下限")
    assert meanings["value_text"] == "原文所印的数：552 不同于 552.0，190余不同于 190。"
    definitions = book.load_sheet("口径").to_polars()
    assert set(definitions["indicator_id"]) == set(rows["indicator_id"])
    assert definitions["definition_zh"].null_count() == 0


@pytest.mark.parametrize("question", [get_observations, get_judged_targets, get_park_commitments])
def test_every_column_of_a_download_is_explained(question):
    book = fastexcel.read_excel(formats.as_xlsx(question()))
    bare = [column for column, meaning in book.load_sheet("说明").to_polars().rows() if not meaning]
    assert bare == [], "give these columns a note in queries/export/column_notes.csv"


def test_an_english_workbook_has_english_sheets():
    book = fastexcel.read_excel(formats.as_xlsx(park(), "en"))
    assert book.sheet_names == ["Data", "Notes", "Definitions"]
    assert "definition_en" in book.load_sheet("Definitions").to_polars().columns
    meanings = dict(book.load_sheet("Notes").to_polars().rows())
    assert meanings["low"].startswith("Lower end of the interval")
    assert meanings["value_text"] == "The number as printed: 552 is not 552.0, 190余 is not 190."


def test_a_workbook_of_no_rows_still_opens():
    book = fastexcel.read_excel(formats.as_xlsx(get_observations(parks=[])))
    assert book.load_sheet("数据").to_polars().columns == drop_facts(get_observations()).columns


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "json"])
def test_the_same_rows_give_the_same_bytes(suffix):
    assert formats.as_file(park(), suffix) == formats.as_file(park(), suffix)
    assert len(formats.as_file(park(), suffix)) > 1000


def test_a_workbook_of_100001_rows_is_refused_and_csv_takes_them():
    rows = pl.DataFrame({"number": range(100_001)})
    with pytest.raises(
        formats.TooManyRows, match=r"100,001 rows: a workbook takes up to 100,000\. Take CSV or Parquet"
    ):
        formats.as_xlsx(rows)
    assert formats.as_csv(rows).count(b"\r\n") == 100_002


def test_parquet_gives_back_rows_and_types():
    rows = park()
    back = pl.read_parquet(io.BytesIO(formats.as_parquet(rows)))
    assert back.equals(rows)
    assert back.schema == rows.schema
    assert back.schema["value"] == pl.Float64
    assert back.schema["period_start"] == pl.Date


def test_json_writes_dates_as_iso_text():
    assert b'"period_start": "2013-01-01"' in formats.as_json(park())


def test_a_file_name_holds_view_period_and_data_version():
    rows, version = park(), engine.get_data_version()
    assert formats.make_file_name("observations", rows, "csv") == f"park-observations-all-{version}.csv"
    assert formats.make_file_name("targets", rows, "xlsx", ("2013", "2014")) == f"park-targets-2013-2014-{version}.xlsx"
    assert formats.make_file_name("targets", rows, "xlsx", ("2013", None)) == f"park-targets-2013-{version}.xlsx"
    assert formats.make_file_name("parks", catalogue.get_parks(), "json") == f"park-parks-all-{version}.json"
    assert formats.make_file_name("observations", get_observations(parks=[]), "csv").isascii()


def test_lists_become_text_with_semicolons():
    rows = pl.DataFrame({"columns": [["a", "b"], ["c"]], "day": [date(2014, 3, 3)] * 2})
    assert formats.as_csv(rows, bom=False) == b"columns,day\r\na; b,2014-03-03\r\nc,2014-03-03\r\n"


@pytest.mark.parametrize(("lang", "author"), [("zh", "园区指标浏览器"), ("en", "Park Explorer")])
def test_a_workbook_says_by_whom_it_is(lang, author):
    book = openpyxl.load_workbook(io.BytesIO(formats.as_xlsx(pl.DataFrame({"a": [1]}), lang)))
    assert (book.properties.creator, book.properties.lastModifiedBy) == (author, author)
