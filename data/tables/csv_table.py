"""CSV files: detection of encoding and delimiter, and rows counted as the spreadsheet counts them."""

import codecs
import csv
import io
import re
from typing import TypeVar

import polars as pl

from data.tables.problems import ROW, UnreadableFile
from data.tables.sheet import HEAD_ROWS, MOST_COLUMNS, Sheet, build_sheet

DELIMITERS = (",", "\t", ";")
MOST_CELLS = 2_000  # of one row
MOST_LINES = 20_000_000
SPACES = (" ", "\u3000", "\xa0", "\u200b", "\ufeff")
Text = TypeVar("Text", str, bytes)
START_LENGTH = 100_000  # of a file, where its shape is looked for
WEB_PAGE = re.compile(r"\s{0,200}<(!doctype|html|table|\?xml)", re.IGNORECASE)
FIGURE = r"^[-+]?\d[\d.]*%?$"
SPLIT_THOUSANDS = r"\x1f[-+]?\d{1,3}(?:\x1f\d{3})+(?:\.\d+)?%?\x1f"  # of a row whose cells are joined
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def read_csv_head(content: bytes) -> Sheet | None:
    """Read the table of a CSV with its first rows alone, its columns as read_csv_sheet() has them.

    None if the table cannot be told from its start, as when a quote is open there.
    """
    start = content[:START_LENGTH]
    if b"\x00" in start:
        return None
    end = max(start.rfind(b"\n"), -1 if b"\n" in start else start.rfind(b"\r"))
    try:
        return read_csv_sheet(start[: end + 1]) if end > 0 and start[: end + 1].count(b'"') % 2 == 0 else None
    except UnreadableFile:
        return None


def read_csv_sheet(content: bytes) -> Sheet:
    """Read the table of a CSV. Raises UnreadableFile."""
    lines = max(content.count(b"\n"), content.count(b"\r"))
    if lines > MOST_LINES:
        raise UnreadableFile(
            f"文件有 {lines:,} 行，最多 {MOST_LINES:,} 行。请按年份或指标分成几个文件，并删去空行",
            f"the file has {lines:,} lines, at most {MOST_LINES:,} are taken; split it, and delete empty lines",
        )
    cells = read_unquoted_cells(content)
    if cells is None:
        read, encoding = decode_text(content)
        text = unify_line_ends(read)
        # Written in UTF-8, as most are, it need not be encoded again.
        same = encoding == "utf-8-sig" and text is read
        written = content.removeprefix(codecs.BOM_UTF8) if same else text.encode()
        cells = parse_cells(text, find_delimiter(text), written)
    found = build_sheet(cells, keep=cells.width <= MOST_COLUMNS)
    if found is None:
        raise UnreadableFile(
            "文件里没有表格：至少要有一行表头、一行数据", "no table in it: there must be a row of heads and one below"
        )
    check_row_lengths(found, content)
    return found


def check_row_lengths(sheet: Sheet, content: bytes) -> None:
    """Check that no row has figures beyond the last head because the comma of a number divided it: 1,552 unquoted.

    Every cell behind the comma would stand under the head before its own. A column without a head is none of that: its
    cells are words, or are filled where no number is divided. content: of the file. Raises UnreadableFile.
    """
    last = max((at for at, head in enumerate(sheet.heads) if head), default=0)
    beyond = pl.col([f"c{at}" for at in range(last + 1, len(sheet.heads))]) if last + 1 < len(sheet.heads) else None
    if beyond is None or sheet.rows.select(pl.all_horizontal(beyond.is_null().all())).item():
        return
    longer = sheet.rows.filter(pl.any_horizontal(beyond.is_not_null()))
    if not longer.select(pl.all_horizontal(beyond.str.contains(FIGURE).all())).item():  # ignores empty cells
        return
    joined = pl.concat_str(pl.lit(""), pl.exclude(ROW).fill_null(""), pl.lit(""), separator="\x1f")
    divided = longer.filter(joined.str.contains(SPLIT_THOUSANDS))
    whole_column = longer.height == sheet.rows.height and divided.height < longer.height
    if divided.is_empty() or whole_column or find_delimiter(decode_text(content)[0]) != ",":
        return
    raise UnreadableFile(
        "这一行的单元格比表头多：千分位逗号把一个数分成了两格。请去掉数里的逗号，或给这个数加上引号",
        "this row has more cells than there are heads: the comma in a number divides it; leave such commas out, or put "
        "the number in quotes",
        int(divided[ROW][0]),
    )


def unify_line_ends(text: Text) -> Text:
    """Return a text, or bytes in UTF-8, whose lines end with LF or CR LF; lines may have ended with CR alone."""
    if isinstance(text, bytes):
        if b"\r" not in text or text.count(b"\r") == text.count(b"\r\n"):
            return text
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if "\r" not in text or text.count("\r") == text.count("\r\n"):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_unquoted_cells(content: bytes) -> pl.DataFrame | None:
    """Read the cells of a file in UTF-8 without quotes, as a program writes a large one; None for all others.

    Decoding such a file first takes as long as reading it.
    """
    written = unify_line_ends(content.removeprefix(codecs.BOM_UTF8))
    start = written[:START_LENGTH]
    if b'"' in written or b"\x00" in start:
        return None
    try:
        text = start[: start.rfind(b"\n") + 1].decode()
    except UnicodeDecodeError:
        return None
    if not text or CONTROL.search(text) or WEB_PAGE.match(text):
        return None
    apart = find_delimiter(text)
    # Looking for one byte takes a twentieth of looking for several.
    marks = [mark.encode() for mark in _get_blanks(apart)]
    spaced = any(mark[:1] in written and mark in written for mark in marks)
    return _read_uniform_cells(written, text, apart, spaced=spaced)


def decode_text(content: bytes) -> tuple[str, str]:
    """Decode a file in UTF-8, UTF-16 (Excel's Unicode text) or GB18030.

    Returns its text without the byte order mark, and its encoding. Raises UnreadableFile.
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
        if CONTROL.search(text, 0, START_LENGTH):
            break
        if WEB_PAGE.match(text):
            raise UnreadableFile(
                "这是网页或 XML，只是改了名。请在表格软件里打开，另存为 .xlsx 或 CSV",
                "this is a web page or XML under another name; open it in the spreadsheet program and save it as "
                ".xlsx or CSV",
            )
        return text, encoding
    raise UnreadableFile(
        "认不出这是什么文件：不是 UTF-8、UTF-16 或 GB18030 编码的文本。请在表格软件里另存为 .xlsx，或“CSV UTF-8”",
        "no text in UTF-8, UTF-16 or GB18030; save it in the spreadsheet program as .xlsx or as CSV UTF-8",
    )


def find_delimiter(text: str) -> str:
    """Find the delimiter between the cells, comma, tab or semicolon, from the first rows."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:START_LENGTH].splitlines()[:HEAD_ROWS] if line.strip()]

    def fits(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(DELIMITERS, key=fits)


def parse_cells(text: str, apart: str, written: bytes) -> pl.DataFrame:
    """Parse the cells as text, stripped; one row of the result is one row of the spreadsheet. Raises UnreadableFile.

    apart: the delimiter. written: the text in UTF-8.
    """
    quoted = '"' in text
    if quoted and (text.count('"') % 2 or not _has_clean_quotes(text, apart)):
        return _parse_row_by_row(text, apart)
    # Spaces around cells are rare, and looking for them in every cell takes longer than reading the file.
    spaced = quoted or any(mark in text for mark in _get_blanks(apart))
    cells = _read_uniform_cells(written, text, apart, spaced=spaced)
    return _parse_row_by_row(text, apart) if cells is None else cells


def _read_uniform_cells(written: bytes, text: str, apart: str, *, spaced: bool) -> pl.DataFrame | None:
    """Read the cells of a file in UTF-8; None if its rows do not fit together. text: the text, or the start of it.

    spaced: strip the cells.
    """
    head = list(csv.reader(io.StringIO(text[:START_LENGTH]), delimiter=apart))[:HEAD_ROWS]
    width = max((len(row) for row in head), default=0)
    try:
        cells = pl.read_csv(
            written, has_header=False, separator=apart, schema={f"c{at}": pl.String for at in range(width)}
        )
    except pl.exceptions.PolarsError:
        return None
    return strip_cells(cells) if spaced else cells


def _get_blanks(apart: str) -> tuple[str, ...]:
    """Return the characters that may surround a cell and are not part of it."""
    return SPACES if apart == "\t" else (*SPACES, "\t")


def _has_clean_quotes(text: str, apart: str) -> bool:
    """Return whether every quote begins or ends a cell, as in files from a program that follows CSV."""
    mark = re.escape(apart)
    return re.search(rf'(?<![{mark}\n\r"^])"(?![{mark}\r\n"]|$)', text) is None and not text.startswith('""')


def _parse_row_by_row(text: str, apart: str) -> pl.DataFrame:
    """Parse row by row, as a spreadsheet does: quotes inside cells, line breaks inside quotes, rows of any length."""
    rows: list[list[str]] = []
    open_quote = UnreadableFile(
        "有一个引号没有闭合，后面的内容都被当成一格。请补上或删去这个引号",
        "a quote is not closed, so that all that follows is one cell; close or delete it",
    )
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=apart):
            rows.append(row)
            if len(row) > MOST_CELLS:
                raise UnreadableFile("这一行的单元格太多", "too many cells in this row", len(rows))
    except csv.Error as error:  # a cell beyond all measure
        raise open_quote.at(len(rows) + 1) from error
    last = rows[-1][-1] if rows and rows[-1] else ""
    if "\n" in last and text.endswith(last[-40:]):  # a closed one has its quote between the cell and the end
        raise open_quote.at(len(rows))
    width = max((len(row) for row in rows), default=0)
    columns = {f"c{at}": [row[at] if at < len(row) else None for row in rows] for at in range(width)}
    return strip_cells(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def strip_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Strip the spaces around cells; empty cells become null."""
    text = pl.all().str.strip_chars(" \t\r\n\u3000\xa0\u200b\ufeff")
    return cells.with_columns(pl.when(text.str.len_bytes() > 0).then(text))
