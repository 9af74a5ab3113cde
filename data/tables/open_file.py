"""A user's file as sheets: heads and cells as text, each row with the number that the spreadsheet gives it."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from data import settings
from data.isolation.pool import MEGABYTE
from data.tables.problems import Flaw

LOOKED_AT = 30  # rows among which the heads stand
MOST_COLUMNS = 500
ROW = "row"
FILLED = re.compile(rb"[^\xef\xbb\xbf \t\r\n]")
NUMERIC = re.compile(r"^[-+]?[\d,.]+%?$")


class Unreadable(ValueError):
    """A file that cannot be read at all: `flaw` says what it is and how to mend it, in both languages."""

    def __init__(self, zh: str, en: str, row: int = 0, sheet: str = "") -> None:
        self.flaw = Flaw(sheet, row, "", "", zh, en)
        super().__init__(self.flaw.said("en"))

    def at(self, row: int) -> "Unreadable":
        """The same, of one row."""
        return Unreadable(self.flaw.zh, self.flaw.en, row, self.flaw.sheet)


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    name: of the sheet, "" in a CSV. heads: as in the file, one for each cell column; one without words is "".
    rows: column `row` (Int64, as the spreadsheet counts, from 1), then c0, c1, ... (String; empty cells are null),
    without empty rows and columns. above: texts over the heads, a title or a unit for the whole table.
    letters: of each column as the spreadsheet names it. head_row: where the heads stand.
    typed: the cells came typed from a workbook, so that a date is one and 0.436 is not 43.6%.
    """

    name: str
    heads: tuple[str, ...]
    rows: pl.DataFrame = field(repr=False)
    above: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    head_row: int = 1
    typed: bool = False

    def head(self, place: int) -> str:
        """What a column is called: its head, or its letter where it has none."""
        return self.heads[place] or self.letters[place]


def limit() -> int:
    """The largest file taken, in bytes: PARK_UPLOAD_MB megabytes, else 200."""
    return int(settings.quantity("PARK_UPLOAD_MB") * MEGABYTE)


def too_large(size: int, most: int) -> Unreadable:
    """The refusal of a file over the limit."""
    return Unreadable(
        f"文件有 {size / MEGABYTE:,.0f} MB，最多 {most / MEGABYTE:,.0f} MB。请按年份或指标分成几个文件；"
        "或设置环境变量 PARK_UPLOAD_MB，在服务器上用 python -m data.load 载入",
        f"the file has {size / MEGABYTE:,.0f} MB, at most {most / MEGABYTE:,.0f} MB are taken; split it by year or "
        "indicator, or set PARK_UPLOAD_MB and load it on the server with python -m data.load",
    )


def content_of(path: Path) -> bytes:
    """The bytes of a file, its size looked at before it is read. Raises Unreadable, OSError."""
    size, most = path.stat().st_size, limit()
    if size > most:
        raise too_large(size, most)
    return path.read_bytes()


def sheets_of(content: bytes, name: str, most: int | None = None) -> list[Sheet]:
    """The sheets of a CSV or XLSX file that hold a table, in the order of the file; a CSV has one.

    The content decides, not the name. most: the largest size taken, in bytes; None: limit().
    CSV: UTF-8, UTF-16 and GB18030; comma, semicolon and tab. XLSX: dates as ISO, per cent as 43.6%, merged cells of
    one column filled down.
    Raises Unreadable with what is wrong and how to mend it.
    """
    from data.tables import csv_table, xlsx_table  # noqa: PLC0415 - they use what stands here

    most = limit() if most is None else most
    if len(content) > most:
        raise too_large(len(content), most)
    if not FILLED.search(content):
        raise Unreadable("文件是空的", "the file is empty")
    found = xlsx_table.sheets(content, most) if is_package(content) else [csv_table.sheet(content)]
    if not found:
        raise Unreadable(
            f"“{name}”里没有表格：每张表至少要有一行表头、一行数据",
            f"{name} holds no table; a table has at least a row of heads and one row below",
        )
    return found


def is_package(content: bytes) -> bool:
    """Whether it may be an .xlsx. Raises Unreadable for kinds of files that are neither table nor text."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(
                "文件有密码。请去掉密码，另存后再载入",
                "the file is protected by a password; remove it and save the file again",
            )
        raise Unreadable(
            "这是旧格式的 .xls、.doc 或类似文件（改名不算转换）。请在表格软件里另存为 .xlsx 或 CSV",
            "this is an old .xls, .doc or the like, whatever its name says; save it as .xlsx or CSV in the "
            "spreadsheet program",
        )
    for start, (zh, en) in OTHER_KINDS.items():
        if content.startswith(start):
            raise Unreadable(f"这是{zh}，不是表格。请把表存为 .xlsx 或 CSV", f"this is {en}; save it as .xlsx or CSV")
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(
            "文件已损坏，打不开。请重新下载或重新保存", "the file is damaged; download or save it again"
        ) from error
    if "xl/workbook.xml" not in names:
        raise Unreadable(
            "压缩包里不是 .xlsx 工作簿。请先解压，再载入其中的 .xlsx 或 CSV；.xlsb、.ods、.docx 请另存为 .xlsx",
            "this archive is no .xlsx; unpack it and load the .xlsx or CSV in it; save .xlsb, .ods or .docx as .xlsx",
        )
    return True


OTHER_KINDS = {
    b"%PDF": ("PDF 文件", "a PDF"),
    b"\x89PNG": ("图片", "a picture"),
    b"\xff\xd8\xff": ("图片", "a picture"),
    b"GIF8": ("图片", "a picture"),
    b"{\\rtf": ("RTF 文档", "an RTF document"),
    b"\x1f\x8b": ("压缩文件", "a compressed file"),
    b"7z\xbc\xaf": ("压缩文件", "a compressed file"),
    b"Rar!": ("压缩文件", "a compressed file"),
    b"PAR1": ("Parquet 文件", "a Parquet file"),
    b"SQLite format 3": ("数据库文件", "a database"),
}


def letter(place: int) -> str:
    """A column as the spreadsheet names it: 0 is A, 26 is AA."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def tabled(grid: pl.DataFrame, name: str = "", *, typed: bool = False, top: int = 0) -> Sheet | None:
    """A grid of text cells as a sheet: heads found, titles above them kept aside, empty rows and columns left out.

    grid: columns in the order of the file, cells stripped, empty ones null. top: rows of the spreadsheet before it.
    None where there is no row below the heads.
    """
    first = grid.head(LOOKED_AT).rows()
    filled = [sum(cell is not None for cell in row) for row in first]
    most = max(filled, default=0)
    # A title or a line "单位：亿元" fills one cell or two; the heads fill at least half as many as any row does.
    place = next((at for at, count in enumerate(filled) if count and count >= min(most, max(2, most / 2))), None)
    if place is None:
        return None
    named = list(first[place])
    below = first[place + 1] if place + 1 < len(first) else ()
    if _second_heads(named, below):
        named, place = _joined_heads(named, below), place + 1
    body = grid.with_row_index(ROW, offset=top + 1).with_columns(pl.col(ROW).cast(pl.Int64)).slice(place + 1)
    cells = grid.columns
    if not any(count == 0 for count in body.select(pl.col(cells).null_count()).row(0)):
        body = body.filter(pl.any_horizontal(pl.col(cells).is_not_null()))
    if body.is_empty():
        return None
    used = body.select(pl.col(cells).is_not_null().any()).row(0)
    kept = [at for at, column in enumerate(cells) if used[at] or named[at] is not None]
    if len(kept) > MOST_COLUMNS:
        raise Unreadable(
            f"表有 {len(kept)} 列，最多 {MOST_COLUMNS} 列", f"{len(kept)} columns, at most {MOST_COLUMNS} are taken"
        )
    renamed = [pl.col(cells[at]).alias(f"c{number}") for number, at in enumerate(kept)]
    over = place - 1 if named != list(first[place]) else place
    above = tuple(cell for row in first[:over] for cell in row if cell is not None)
    heads = tuple(" ".join((named[at] or "").split()) for at in kept)
    letters = tuple(letter(at) for at in kept)
    return Sheet(name, heads, body.select(ROW, *renamed), above, letters, top + place + 1, typed)


def _second_heads(heads: list[str | None], below: tuple[str | None, ...]) -> bool:
    """Whether the row below the heads is a second row of heads: words alone, also under a head that reaches over."""
    filled = [cell for cell in below if cell is not None]
    under = any(head is None and cell is not None for head, cell in zip(heads, below, strict=False))
    return under and len(filled) > 1 and not any(NUMERIC.search(cell) for cell in filled)


def _joined_heads(heads: list[str | None], below: tuple[str | None, ...]) -> list[str | None]:
    """Two rows of heads as one: 2013年 over 数值 and 增速 becomes 2013年 数值 and 2013年 增速."""
    joined: list[str | None] = []
    over: str | None = None
    for head, cell in zip(heads, below, strict=True):
        over = head or over
        joined.append(" ".join(dict.fromkeys(part for part in (over, cell) if part)) if cell else head)
    return joined
