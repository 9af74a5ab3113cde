"""CSV: its encoding and delimiter recognised, its rows as the spreadsheet counts them."""

import codecs
import csv
import io
import re

import polars as pl

from data.incoming import LOOKED_AT, Sheet, Unreadable, tabled

DELIMITERS = (",", "\t", ";")
MOST_CELLS = 2_000  # of one row
SPACES = (" ", "\u3000", "\xa0", "\u200b", "\ufeff")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def sheet(content: bytes) -> Sheet:
    """The table of a CSV. Raises Unreadable."""
    text, encoding = decoded(content)
    # Written in UTF-8, as most are, it need not be encoded again.
    written = content.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8-sig" else text.encode()
    found = tabled(grid(text, delimiter(text), written))
    if found is None:
        raise Unreadable(
            "文件里没有表格：至少要有一行表头、一行数据", "no table in it: there must be a row of heads and one below"
        )
    return found


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file in UTF-8, UTF-16 (Excel's Unicode text) or GB18030, without its mark, and which it is.

    Raises Unreadable.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x00" in content[:4096]:
        late = content[1:4096:2].count(0) > content[:4096:2].count(0)  # the empty half of an ASCII letter
        encodings = ["utf-16-le" if late else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text, 0, 100_000):
            break
        if re.match(r"\s*<(!doctype|html|table|\?xml)", text[:200], re.IGNORECASE):
            raise Unreadable(
                "这是网页或 XML，只是改了名。请在表格软件里打开，另存为 .xlsx 或 CSV",
                "this is a web page or XML under another name; open it in the spreadsheet program and save it as "
                ".xlsx or CSV",
            )
        return text, encoding
    raise Unreadable(
        "认不出这是什么文件：不是 UTF-8、UTF-16 或 GB18030 编码的文本。请在表格软件里另存为 .xlsx，或“CSV UTF-8”",
        "no text in UTF-8, UTF-16 or GB18030; save it in the spreadsheet program as .xlsx or as CSV UTF-8",
    )


def delimiter(text: str) -> str:
    """What stands between the cells: comma, tab or semicolon, by the first rows."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:100_000].splitlines()[:LOOKED_AT] if line.strip()]

    def fits(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(DELIMITERS, key=fits)


def grid(text: str, apart: str, written: bytes) -> pl.DataFrame:
    """The cells as text, stripped; one row of the grid is one row of the spreadsheet. Raises Unreadable.

    written: the text in UTF-8.
    """
    quoted = '"' in text
    if quoted and (text.count('"') % 2 or not _clean(text, apart)):
        return _by_hand(text, apart)
    head = list(csv.reader(io.StringIO(text[:100_000]), delimiter=apart))[:LOOKED_AT]
    width = max((len(row) for row in head), default=0)
    try:
        cells = pl.read_csv(
            written, has_header=False, separator=apart, schema={f"c{at}": pl.String for at in range(width)}
        )
    except pl.exceptions.PolarsError:
        return _by_hand(text, apart)
    # Spaces around cells are rare, and looking for them in every cell takes longer than reading the file.
    return (
        stripped(cells)
        if quoted or any(mark in text for mark in (*SPACES, *("\t" if apart != "\t" else "")))
        else cells
    )


def _clean(text: str, apart: str) -> bool:
    """Whether every quote begins or ends a cell, as a program that knows CSV writes it."""
    mark = re.escape(apart)
    return re.search(rf'(?<![{mark}\n\r"^])"(?![{mark}\r\n"]|$)', text) is None and not text.startswith('""')


def _by_hand(text: str, apart: str) -> pl.DataFrame:
    """Row by row, as a spreadsheet does it: quotes inside cells, line breaks inside quotes, rows of any length."""
    rows: list[list[str]] = []
    open_quote = Unreadable(
        "有一个引号没有闭合，后面的内容都被当成一格。请补上或删去这个引号",
        "a quote is not closed, so that all that follows is one cell; close or delete it",
    )
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=apart):
            rows.append(row)
            if len(row) > MOST_CELLS:
                raise Unreadable("这一行的单元格太多", "too many cells in this row", len(rows))
    except csv.Error as error:  # a cell beyond all measure
        raise open_quote.at(len(rows) + 1) from error
    last = rows[-1][-1] if rows and rows[-1] else ""
    if "\n" in last and text.endswith(last[-40:]):  # a closed one has its quote between the cell and the end
        raise open_quote.at(len(rows))
    width = max((len(row) for row in rows), default=0)
    columns = {f"c{at}": [row[at] if at < len(row) else None for row in rows] for at in range(width)}
    return stripped(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells without the spaces around them; empty ones are null."""
    text = pl.all().str.strip_chars(" \t\r\n\u3000\xa0\u200b\ufeff")
    return cells.with_columns(pl.when(text.str.len_bytes() > 0).then(text))
