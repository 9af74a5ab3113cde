"""The process in which users' files are read: it knows the formats, and has limited time and memory.

Started by data/isolation/pool.py, asked by data/isolation/file_reader.py, never imported by the server. A file
can demand more memory than any machine has; then only this process ends.
"""

import gc
import os
import queue
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from data.files.open_file import is_text, read_sheets
from data.intake.reader import Progress, SheetReading, read_mapped_sheets
from data.isolation.file_reader import RETURNED_ROWS, MendedCells, OpenedFile
from data.isolation.mending import mend_sheets, write_out_answers, write_sheet
from data.isolation.pool import IDLE_SECONDS
from data.layouts.blocks import arrange_tables
from data.layouts.columns import ColumnMapping
from data.layouts.guessing import guess_mapping
from data.ledger import ledger
from data.ledger.definition import BrokenLedger
from data.storage.parcels import pack_object, unpack_object
from data.storage.processes import is_out_of_memory, restrict_process, send_answer, set_alarm, start_listener
from data.tables.csv_table import read_csv_head
from data.tables.problems import UnreadableFile
from data.tables.sheet import Sheet
from data.values.vocabulary import Vocabulary

LARGE = 1_000_000  # bytes of a CSV of which only the start is read at first


def open_sheets(content: bytes, name: str, most: int, known: Vocabulary, told: Progress) -> OpenedFile:
    """Open a file: its sheets, and the rows of those that can be read by a guessed mapping.

    Of a large CSV only the start is read, so that its reader sees at once what its columns mean.
    """
    if start := _read_start(content, most, known):
        return OpenedFile(tuple(trim_sheet(sheet, RETURNED_ROWS) for sheet in start), {}, ())
    sheets = arrange_tables(read_sheets(content, name, most), known)
    guesses = {place: guess_mapping(sheet, known) for place, sheet in enumerate(sheets)}
    ready = {place: guess for place, guess in guesses.items() if not guess.lacking}
    shown = tuple(trim_sheet(sheet, RETURNED_ROWS) for sheet in sheets)
    return OpenedFile(shown, ready, read_and_trim(sheets, ready, known, told))


def check_sheets(
    content: bytes, name: str, most: int, known: Vocabulary, mappings: dict[int, ColumnMapping], mended: MendedCells,
    told: Progress,
) -> tuple[SheetReading, ...]:  # fmt: skip
    """Read the chosen sheets of a file by the mappings of their user, some cells mended by hand.

    mappings: by place of the sheet.
    """
    sheets = arrange_tables(read_sheets(content, name, most), known)
    start = _read_start(content, most, known)
    if start and len(sheets) > len(start):  # which its reader has not seen
        row = sheets[len(start)].head_row
        raise UnreadableFile(
            "从这一行起是另一张表。请把两张表分成两个文件", "another table begins here; make it a file of its own", row
        )
    return read_and_trim(mend_sheets(sheets, mended), mappings, known, told)


def _read_start(content: bytes, most: int, known: Vocabulary) -> list[Sheet]:
    """Return the tables in the start of a large CSV; none for any other file."""
    start = read_csv_head(content) if LARGE < len(content) <= most and is_text(content) else None
    return arrange_tables([start], known) if start is not None else []


def write_mended(
    content: bytes, name: str, most: int, known: Vocabulary, place: int, mended: MendedCells,
    answered: dict[int, ColumnMapping], suffix: str, lang: str, _told: Progress,
) -> bytes:  # fmt: skip
    """Return one sheet of a file, with all tables that stand side by side in it, their mended cells and what their
    reader answered for the whole of each.
    """
    sheets = mend_sheets(arrange_tables(read_sheets(content, name, most), known), mended)
    tables = {at: sheet for at, sheet in enumerate(sheets) if sheet.name == sheets[place].name}
    tables = write_out_answers(tables, answered, lang)
    order = sorted(tables, key=lambda at: at in mended)  # a column that tables share is mended in one
    return write_sheet([tables[at] for at in order], suffix)


def read_and_trim(
    sheets: list[Sheet], mappings: dict[int, ColumnMapping], known: Vocabulary, told: Progress
) -> tuple[SheetReading, ...]:
    """Read some sheets as read_mapped_sheets() does; their rows stay in this process."""
    readings = read_mapped_sheets(sheets, mappings, known, told)
    return tuple(replace(read, sheet=trim_sheet(read.sheet)) for _place, read in readings)


def trim_sheet(sheet: Sheet, rows: int = 0) -> Sheet:
    """Return a sheet with its first rows only; the others stay in this process."""
    return replace(sheet, rows=sheet.rows.head(rows))


def read_ledger_content(content: bytes, name: str, _told: Progress) -> ledger.Ledger:
    """Read the ledger in a workbook."""
    ledger.read_published_references.cache_clear()  # the sources may have changed since the last one
    return ledger.read_ledger_workbook(content, name)


TASKS: dict[str, Callable[..., object]] = {
    "opened": open_sheets,
    "checked": check_sheets,
    "mended": write_mended,
    "workbook": read_ledger_content,
}


def run_task(task: str, arguments: Sequence[object], told: Progress) -> tuple[dict[str, Any], object]:
    """Run a task: return what it gives, or why it gives nothing: kind (answer, unreadable, broken, memory, failed)."""
    try:
        return {"kind": "answer"}, TASKS[task](*arguments, told)
    except UnreadableFile as error:
        return {"kind": "unreadable"}, error.flaw
    except BrokenLedger as error:
        return {"kind": "broken"}, error.flaws
    except BaseException as error:  # a panic of a library is no Exception
        return {"kind": "memory" if is_out_of_memory(error) else "failed"}, traceback.format_exc()[-4_000:]


def main() -> None:
    """Set the limits that the first line names, then answer tasks until none comes any more."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers reaches who asks
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    start_listener(incoming, questions)
    start, _ = questions.get()
    import python_calamine  # noqa: F401, PLC0415 - now, while the memory it takes does not count

    gc.disable()  # a file makes millions of small things, none of them in circles; the process ends soon
    restrict_process(start["memory"])

    def told(share: float, zh: str, en: str) -> None:
        send_answer(outgoing, {"kind": "progress", "told": [share, zh, en]})

    try:
        while True:
            asked, body = questions.get(timeout=IDLE_SECONDS)
            set_alarm(asked["seconds"])
            arguments: Any = unpack_object(body, asked["parts"])
            head, given = run_task(asked["task"], arguments, told)
            del body, arguments
            send_answer(outgoing, head, *pack_object(given))
            set_alarm(0)
    except queue.Empty:
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
