"""Files of others, read in a process of its own (data/isolation/worker.py) within limits of time and memory.

    opened = open_figures(content, "2025.xlsx", known)

Whatever a file asks of its reader, the process that asks for it goes on; who put it in is told in a sentence. Nothing
is written to a disk: the file goes to the process through a pipe, and what was understood of it comes back.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data.isolation.pool import DESK, MEGABYTE, Busy, Limits, Reader, of_visitors, watch
from data.storage.parcels import packed, unpacked
from data.tables.open_file import limit
from data.tables.problems import BrokenLedger, Flaw
from data.tables.sheet import Sheet, Unreadable

if TYPE_CHECKING:
    from data.intake.columns import Mapping
    from data.intake.reader import Entries
    from data.ledger.ledger import Ledger
    from data.values.vocabulary import Known

FIRST = ("park", "indicator")  # tables whose rows those of the others may name
LOOKED_AT = 30  # rows of a sheet that come back, to be shown

# What may come back: tables, numbers, texts and days in classes of ours that hold them, and nothing else.
HELD = frozenset({
    "data.isolation.file_reader.Opened", "data.tables.sheet.Sheet", "data.intake.reader.Entries",
    "data.intake.columns.Mapping", "data.intake.columns.Spread", "data.tables.problems.Flaw",
    "data.ledger.ledger.Ledger", "data.storage.parcels.table",
    "datetime.date", "datetime.datetime",
})  # fmt: skip

Progress = Callable[[float, str, str], None]
log = logging.getLogger("park")


@dataclass(frozen=True)
class Opened:
    """A file as sheets with their first rows; how those are read that can be (by place), and what is in them."""

    sheets: tuple[Sheet, ...] = field(repr=False)
    mappings: "dict[int, Mapping]"
    read: "tuple[Entries, ...]" = field(repr=False)


def open_figures(content: bytes, name: str, known: "Known", progress: Progress | None = None) -> Opened:
    """A file of figures as sheets, and what those hold that can be read as they are guessed.

    Raises Unreadable with what is wrong and how to mend it; also where the file takes too much to be read.
    """
    found: Opened = _ask("opened", (content, name, limit(), known), of_visitors(), progress)
    return found


def check_figures(
    content: bytes, name: str, known: "Known", mappings: "dict[int, Mapping]", progress: Progress | None = None
) -> "tuple[Entries, ...]":
    """The chosen sheets of a file, read by mappings; those that add places and indicators first. Raises Unreadable."""
    found: tuple[Entries, ...] = _ask("checked", (content, name, limit(), known, mappings), of_visitors(), progress)
    return found


def read_ledger(content: bytes, name: str) -> "Ledger":
    """The ledger in a workbook. Raises BrokenLedger with every defect at once; also where it takes too much."""
    try:
        found: Ledger = _ask("workbook", (content, name), of_visitors(), None)
    except Unreadable as error:
        raise BrokenLedger([error.flaw]) from error
    return found


def _ask(task: str, arguments: tuple[Any, ...], limits: Limits, progress: Progress | None) -> Any:
    """The answer to one task. Raises what the task raises, and Unreadable where it went beyond its limits."""
    try:
        with DESK.reader(limits) as reader:
            head, body = _told(reader, {"task": task, "seconds": limits.seconds}, arguments, progress)
    except Busy:
        raise Unreadable(
            "别的文件正在读取，还没轮到这一个。请过一会儿再放一次",
            "other files are being read and this one did not get its turn; put it in again in a moment",
        ) from None
    given = unpacked(body, head["parts"], HELD) if body else None
    if head["kind"] == "answer":
        return given
    raise _reason(head["kind"], given, limits)


def _told(
    reader: Reader, task: dict[str, Any], arguments: tuple[Any, ...], progress: Progress | None
) -> tuple[dict[str, Any], bytes]:
    """What a process says of one task, while it is watched; it is ended, or kept for the next file."""
    done, ended, whole = threading.Event(), list[str](), False
    threading.Thread(target=watch, args=(reader, reader.limits, done, ended), name="file", daemon=True).start()
    try:
        reader.write(task, *packed(arguments))
        head, body = _answer(reader, progress)
        whole = True
    except (OSError, EOFError):
        cause = reader.cause_of_death()
        return {"kind": ended[0] if ended else cause}, b""
    finally:
        done.set()
        if not whole:  # a limit, an error, or who asked is gone
            reader.bury()
    if len(body) > MEGABYTE or head["kind"] != "answer":
        # What it took does not all come back; to end one that holds gigabytes takes the system a while.
        threading.Thread(target=reader.bury).start()
    elif reader.living:
        DESK.keep(reader)
    return head, body


def _answer(reader: Reader, progress: Progress | None) -> tuple[dict[str, Any], bytes]:
    while True:
        head, body = reader.read()
        if head["kind"] != "progress":
            return head, body
        if progress is not None:
            progress(*head["told"])


def _reason(kind: str, given: Any, limits: Limits) -> Exception:
    """Why a task has no answer."""
    if kind == "unreadable":
        flaw: Flaw = given
        return Unreadable(flaw.zh, flaw.en, flaw.row, flaw.sheet)
    if kind == "broken":
        return BrokenLedger(given)
    if kind == "timeout":
        return Unreadable(
            f"读了 {limits.seconds:.0f} 秒还没读完，已停下。请按年份或指标分成几个文件，另存为 CSV；"
            "或请运维人员在服务器上用 python -m data.load 载入",
            f"it was not read within {limits.seconds:.0f} s, so reading was ended; split it by year or indicator "
            "and save it as CSV, or have it loaded on the server with python -m data.load",
        )
    if kind == "memory":
        return Unreadable(
            f"读这个文件要用的内存超过 {limits.memory / MEGABYTE:,.0f} MB，已停下。请按年份或指标分成几个文件，"
            "另存为 CSV；或请运维人员在服务器上用 python -m data.load 载入",
            f"reading it takes more than {limits.memory / MEGABYTE:,.0f} MB of memory, so it was ended; split it by "
            "year or indicator and save it as CSV, or have it loaded on the server with python -m data.load",
        )
    log.error("a file could not be read: %s", given or "its process ended")
    return Unreadable(
        "读不出来：读取程序中断了。请在表格软件里打开，把表复制到新的工作簿，或另存为 CSV，再放一次",
        "it could not be read: its reader failed; open it in the spreadsheet program, copy the table into a new "
        "workbook or save it as CSV, and put it in again",
    )
