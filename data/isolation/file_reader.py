"""Users' files, read in a separate process (data/isolation/worker.py) within limits of time and memory.

    opened = open_figures(content, "2025.xlsx", known)

Whatever a file demands of the process that reads it, the process that asked goes on, and the user is told in a
sentence. Nothing is written to disk: the file goes to the process through a pipe, and what was read comes back.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data.files.open_file import get_size_limit
from data.isolation.pool import (
    MEGABYTE,
    READER_POOL,
    Limits,
    NoFreeReader,
    ReaderProcess,
    enforce_limits,
    get_visitor_limits,
)
from data.ledger.definition import BrokenLedger
from data.storage.parcels import pack_object, unpack_object
from data.tables.problems import Flaw, UnreadableFile
from data.tables.sheet import Sheet

if TYPE_CHECKING:
    from data.intake.reader import SheetReading
    from data.layouts.columns import ColumnMapping
    from data.ledger.ledger import Ledger
    from data.values.vocabulary import Vocabulary

RETURNED_ROWS = 30  # rows of a sheet that come back, to be shown

# What may come back: tables, numbers, texts and days in classes of ours that hold them, and nothing else.
ALLOWED_CLASSES = frozenset({
    "data.isolation.file_reader.OpenedFile", "data.tables.sheet.Sheet", "data.tables.sheet.BarredRows",
    "data.intake.reader.SheetReading",
    "data.layouts.columns.ColumnMapping", "data.layouts.columns.SpreadColumn", "data.tables.problems.Flaw",
    "data.ledger.ledger.Ledger", "data.storage.parcels.read_arrow_table",
    "datetime.date", "datetime.datetime",
})  # fmt: skip

Progress = Callable[[float, str, str], None]
MendedCells = dict[int, dict[int, dict[int, str | None]]]  # by place of the sheet, row as numbered, place of the column
log = logging.getLogger("park")


@dataclass(frozen=True)
class OpenedFile:
    """A file that was opened: its sheets with their first rows.

    mappings: how the sheets are read that can be (by place). read: what is in them.
    """

    sheets: tuple[Sheet, ...] = field(repr=False)
    mappings: "dict[int, ColumnMapping]"
    read: "tuple[SheetReading, ...]" = field(repr=False)


def open_figures(content: bytes, name: str, known: "Vocabulary", progress: Progress | None = None) -> OpenedFile:
    """Open a file of figures: its sheets, and the rows of those that can be read by a guessed mapping.

    Raises UnreadableFile with what is wrong and how to correct it; also if reading the file takes too much.
    """
    found: OpenedFile = _request("opened", (content, name, get_size_limit(), known), get_visitor_limits(), progress)
    return found


def check_figures(
    content: bytes,
    name: str,
    known: "Vocabulary",
    mappings: "dict[int, ColumnMapping]",
    progress: Progress | None = None,
    mended: "MendedCells | None" = None,
) -> "tuple[SheetReading, ...]":
    """Read the chosen sheets of a file by their mappings, first those that add places and indicators.

    mappings: by place of the sheet. mended: cells that take the place of those in the file. Raises UnreadableFile.
    """
    found: tuple[SheetReading, ...] = _request(
        "checked", (content, name, get_size_limit(), known, mappings, mended or {}), get_visitor_limits(), progress
    )
    return found


def write_mended_sheet(
    content: bytes,
    name: str,
    known: "Vocabulary",
    place: int,
    mended: "MendedCells",
    answered: "dict[int, ColumnMapping]",
    suffix: str,
    lang: str,
) -> bytes:
    """Return one sheet of a file with its mended cells, as csv or xlsx; every row keeps its number.

    answered: by place of the sheet, a mapping with what its reader said of all rows, which is written as columns.
    Raises UnreadableFile.
    """
    asked = (content, name, get_size_limit(), known, place, mended, answered, suffix, lang)
    found: bytes = _request("mended", asked, get_visitor_limits(), None)
    return found


def read_ledger(content: bytes, name: str) -> "Ledger":
    """Read the ledger in a workbook.

    Raises BrokenLedger with every defect at once; also if reading it takes too much.
    """
    try:
        found: Ledger = _request("workbook", (content, name), get_visitor_limits(), None)
    except UnreadableFile as error:
        raise BrokenLedger([error.flaw]) from error
    return found


def _request(task: str, arguments: tuple[object, ...], limits: Limits, progress: Progress | None) -> Any:
    """Return the answer to one task. Raises what the task raises, and UnreadableFile if it exceeded its limits."""
    try:
        with READER_POOL.reader(limits) as reader:
            head, body = _send_task(reader, {"task": task, "seconds": limits.seconds}, arguments, progress)
    except NoFreeReader:
        raise UnreadableFile(
            "别的文件正在读取，还没轮到这一个。请过一会儿再放一次",
            "other files are being read and this one did not get its turn; put it in again in a moment",
        ) from None
    given: Any = unpack_object(body, head["parts"], ALLOWED_CLASSES) if body else None
    if head["kind"] == "answer":
        return given
    raise _make_error(head["kind"], given, limits)


def _send_task(
    reader: ReaderProcess, task: dict[str, Any], arguments: tuple[object, ...], progress: Progress | None
) -> tuple[dict[str, Any], bytes]:
    """Send one task to a process and return its answer, watching it; then the process is ended, or kept for reuse."""
    done, ended, whole = threading.Event(), list[str](), False
    threading.Thread(target=enforce_limits, args=(reader, reader.limits, done, ended), name="file", daemon=True).start()
    try:
        reader.write(task, *pack_object(arguments))
        head, body = _read_answer(reader, progress)
        whole = True
    except (OSError, EOFError):
        cause = reader.cause_of_death()
        return {"kind": ended[0] if ended else cause}, b""
    finally:
        done.set()
        if not whole:  # a limit, an error, or who asked is gone
            reader.close()
    if len(body) > MEGABYTE or head["kind"] != "answer":
        # What it took does not all come back; to end one that holds gigabytes takes the system a while.
        threading.Thread(target=reader.close).start()
    elif reader.living:
        READER_POOL.keep(reader)
    return head, body


def _read_answer(reader: ReaderProcess, progress: Progress | None) -> tuple[dict[str, Any], bytes]:
    while True:
        head, body = reader.read()
        if head["kind"] != "progress":
            return head, body
        if progress is not None:
            progress(*head["told"])


def _make_error(kind: str, given: Any, limits: Limits) -> Exception:
    """Make the error that says why a task has no answer."""
    if kind == "unreadable":
        flaw: Flaw = given
        return UnreadableFile(flaw.zh, flaw.en, flaw.row, flaw.sheet)
    if kind == "broken":
        return BrokenLedger(given)
    if kind == "timeout":
        return UnreadableFile(
            f"读了 {limits.seconds:.0f} 秒还没读完，已停下。请按年份或指标分成几个文件，另存为 CSV；"
            "或请运维人员在服务器上用 python -m data.load 载入",
            f"it was not read within {limits.seconds:.0f} s, so reading was ended; split it by year or indicator "
            "and save it as CSV, or have it loaded on the server with python -m data.load",
        )
    if kind == "memory":
        return UnreadableFile(
            f"读这个文件要用的内存超过 {limits.memory / MEGABYTE:,.0f} MB，已停下。请按年份或指标分成几个文件，"
            "另存为 CSV；或请运维人员在服务器上用 python -m data.load 载入",
            f"reading it takes more than {limits.memory / MEGABYTE:,.0f} MB of memory, so it was ended; split it by "
            "year or indicator and save it as CSV, or have it loaded on the server with python -m data.load",
        )
    log.error("a file could not be read: %s", given or "its process ended")
    return UnreadableFile(
        "读不出来：读取程序中断了。请在表格软件里打开，把表复制到新的工作簿，或另存为 CSV，再放一次",
        "it could not be read: its reader failed; open it in the spreadsheet program, copy the table into a new "
        "workbook or save it as CSV, and put it in again",
    )
