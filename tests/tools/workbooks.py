"""Workbooks made in memory for tests, and one of their parts edited as another program would have written it."""

import io
import zipfile
from collections.abc import Callable

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def book(write: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    """A workbook that `write` fills."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as workbook:
        write(workbook)
    return buffer.getvalue()


def changed(content: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts edited."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, edit(data.decode()).encode() if name == part else data)
    return buffer.getvalue()
