"""CSV: its encoding and delimiter recognised, its rows as the spreadsheet counts them."""

import codecs
import csv
import io
import re

import polars as pl

from data.tables.sheet import LOOKED_AT, Sheet, Unreadable, tabled

DELIMITERS = (",", "\t", ";")
MOST_CELLS = 2_000  # of one row
MOST_LINES = 20_000_000
SPACES = (" ", "\u3000", "\xa0", "\u200b", "\ufeff")
STARTS = 100_000  # of a file, where its shape is looked for
PAGE = re.compile(r"\s{0,200}<(!doctype|html|table|\?xml)", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def sheet(content: bytes) -> Sheet:
    """The table of a CSV. Raises Unreadable."""
    lines = max(content.count(b"\n"), content.count(b"\r"))
    if lines > MOST_LINES:
        raise Unreadable(
            f"文件有 {lines:,} 行，最多 {MOST_LINES:,} 行。请按年份或指标分成几个文件，并删去空行",
            f"the file has {lines:,} lines, at most {MOST_LINES:,} are taken; split it, and delete empty lines",
        )
    cells = at_once(content)
    if cells is None:
        text, encoding = decoded(content)
        # Written in UTF-8, as most are, it need not be encoded again.
        written = content.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8-sig" else text.encode()
        cells = grid(text, delimiter(text), written)
    found = tabled(cells)
    if found is None:
        raise Unreadable(
            "文件里没有表格：至少要有一行表头、一行数据", "no table in it: there must be a row of heads and one below"
        )
    return found


def at_once(content: bytes) -> pl.DataFrame | None:
    """The cells of a file in UTF-8 without quotes, as a program writes a large one; None for all others.

    Decoding such a file first takes as long as reading it.
    """
    written = content.removeprefix(codecs.BOM_UTF8)
    start = written[:STARTS]
    if b'"' in written or b"\x00" in start:
        return None
    try:
        text = start[: start.rfind(b"\n") + 1].decode()
    except UnicodeDecodeError:
        return None
    if not text or CONTROL.search(text) or PAGE.match(text):
        return None
    apart = delimiter(text)
    # Looking for one byte takes a twentieth of looking for several.
    marks = [mark.encode() for mark in _blanks(apart)]
    spaced = any(mark[:1] in written and mark in written for mark in marks)
    return _cells(written, text, apart, spaced=spaced)


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
        if CONTROL.search(text, 0, STARTS):
            break
        if PAGE.match(text):
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
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:STARTS].splitlines()[:LOOKED_AT] if line.strip()]

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
    # Spaces around cells are rare, and looking for them in every cell takes longer than reading the file.
    spaced = quoted or any(mark in text for mark in _blanks(apart))
    cells = _cells(written, text, apart, spaced=spaced)
    return _by_hand(text, apart) if cells is None else cells


def _cells(written: bytes, text: str, apart: str, *, spaced: bool) -> pl.DataFrame | None:
    """The cells of a file in UTF-8 whose text begins so; None where its rows do not fit together."""
    head = list(csv.reader(io.StringIO(text[:STARTS]), delimiter=apart))[:LOOKED_AT]
    width = max((len(row) for row in head), default=0)
    try:
        cells = pl.read_csv(
            written, has_header=False, separator=apart, schema={f"c{at}": pl.String for at in range(width)}
        )
    except pl.exceptions.PolarsError:
        return None
    return stripped(cells) if spaced else cells


def _blanks(apart: str) -> tuple[str, ...]:
    """What may stand around a cell and is no part of it."""
    return SPACES if apart == "\t" else (*SPACES, "\t")


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
