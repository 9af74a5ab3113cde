"""Opening of users' files: what kind of file it is, whether it may be read, and the sheets that hold a table."""

import io
import re
import zipfile
from pathlib import Path

from data import settings
from data.files import xls_pages, xlsx_pages
from data.files.pages import build_sheets
from data.tables import csv_table
from data.tables.problems import UnreadableFile
from data.tables.sheet import Sheet

MEGABYTE = 1_000_000
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, and files with a password
FILLED = re.compile(rb"[^\xef\xbb\xbf \t\r\n]")


def get_size_limit() -> int:
    """Return the size of the largest file accepted, in bytes: PARK_UPLOAD_MB megabytes, else 200."""
    return int(settings.get_number_setting("PARK_UPLOAD_MB") * MEGABYTE)


def make_too_large_error(size: int, most: int) -> UnreadableFile:
    """Make the error about a file over the limit. size, most: in bytes."""
    return UnreadableFile(
        f"文件有 {size / MEGABYTE:,.0f} MB，最多 {most / MEGABYTE:,.0f} MB。请按年份或指标分成几个文件；"
        "或设置环境变量 PARK_UPLOAD_MB，在服务器上用 python -m data.load 载入",
        f"the file has {size / MEGABYTE:,.0f} MB, at most {most / MEGABYTE:,.0f} MB are taken; split it by year or "
        "indicator, or set PARK_UPLOAD_MB and load it on the server with python -m data.load",
    )


def read_file_bytes(path: Path) -> bytes:
    """Read the bytes of a file after checking its size. Raises UnreadableFile, OSError."""
    size, most = path.stat().st_size, get_size_limit()
    if size > most:
        raise make_too_large_error(size, most)
    return path.read_bytes()


def read_sheets(content: bytes, name: str, most: int | None = None) -> list[Sheet]:
    """Read the sheets of a CSV, XLSX or XLS file that hold a table, in the order of the file; a CSV has one.


    The content decides, not the name. most: the largest size accepted, in bytes; None: get_size_limit().
    CSV: UTF-8, UTF-16 and GB18030; comma, semicolon and tab. XLSX and XLS: cells as they are shown (43.6%,
    720.1亿元, 2013-09), merged cells of one column filled down.
    Raises UnreadableFile with what is wrong and how to correct it.
    """
    most = get_size_limit() if most is None else most
    if len(content) > most:
        raise make_too_large_error(len(content), most)
    if not FILLED.search(content):
        raise UnreadableFile("文件是空的", "the file is empty")
    if content.startswith(OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(*xls_pages.PASSWORD)
        found = build_sheets(xls_pages.read_xls_pages(content))
    elif is_xlsx(content):
        found = xlsx_pages.read_xlsx_sheets(content, most)
    else:
        found = [csv_table.read_csv_sheet(content)]
    if not found:
        raise UnreadableFile(
            f"“{name}”里没有表格：每张表至少要有一行表头、一行数据",
            f"{name} holds no table; a table has at least a row of heads and one row below",
        )
    return found


def is_text(content: bytes) -> bool:
    """Return whether content is no workbook, and no kind of file that is refused by how it begins."""
    return not content.startswith((OLE_SIGNATURE, b"PK", *OTHER_KINDS))


def is_xlsx(content: bytes) -> bool:
    """Return whether content may be an .xlsx.

    Raises UnreadableFile for kinds of files that are neither table nor text.
    """
    for start, (zh, en) in OTHER_KINDS.items():
        if content.startswith(start):
            raise UnreadableFile(
                f"这是{zh}，不是表格。请把表存为 .xlsx 或 CSV", f"this is {en}; save it as .xlsx or CSV"
            )
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            "文件已损坏，打不开。请重新下载或重新保存", "the file is damaged; download or save it again"
        ) from error
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(
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
