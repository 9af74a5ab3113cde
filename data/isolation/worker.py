"""The process in which files of others are read: it knows the formats, and may take only so much time and memory.

Started by data/isolation/pool.py, asked by data/isolation/file_reader.py, never imported by the server. A file can
ask its reader for more than any machine has; then this process ends, and nobody else notices.
"""

import gc
import os
import queue
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from data.intake.columns import Mapping, guessed
from data.intake.reader import Entries, entries
from data.isolation.file_reader import FIRST, LOOKED_AT, Opened
from data.isolation.pool import IDLE_SECONDS
from data.ledger import ledger
from data.storage.parcels import packed, unpacked
from data.storage.processes import alarm, listen, ran_out, restrict, send
from data.tables.open_file import sheets_of
from data.tables.problems import BrokenLedger
from data.tables.sheet import Sheet, Unreadable
from data.values.vocabulary import Known

Told = Callable[[float, str, str], None]


def opened(content: bytes, name: str, most: int, known: Known, told: Told) -> Opened:
    """A file as sheets, and what those hold that can be read as they are guessed."""
    sheets = sheets_of(content, name, most)
    guesses = {place: guessed(sheet, known) for place, sheet in enumerate(sheets)}
    ready = {place: guess for place, guess in guesses.items() if not guess.lacking}
    shown = tuple(light(sheet, LOOKED_AT) for sheet in sheets)
    return Opened(shown, ready, read(sheets, ready, known, told) if ready else ())


def checked(
    content: bytes, name: str, most: int, known: Known, mappings: dict[int, Mapping], told: Told
) -> tuple[Entries, ...]:
    """The chosen sheets of a file, by their places, read as the reader says."""
    return read(sheets_of(content, name, most), mappings, known, told)


def read(sheets: list[Sheet], mappings: dict[int, Mapping], known: Known, told: Told) -> tuple[Entries, ...]:
    """Some sheets; those first that add places and indicators, which the others may name."""
    order = sorted(mappings, key=lambda place: (mappings[place].table not in FIRST, place))
    found: list[Entries] = []
    for done, place in enumerate(order):

        def within(share: float, zh: str, en: str, done: int = done) -> None:
            told((done + share) / len(order), zh, en)

        one = entries(sheets[place], mappings[place], known, within)
        known = known.having(one.table, one.accepted)
        found.append(replace(one, sheet=light(one.sheet)))
    return tuple(found)


def light(sheet: Sheet, rows: int = 0) -> Sheet:
    """A sheet with its first rows alone: the others stay here."""
    return replace(sheet, rows=sheet.rows.head(rows))


def workbook(content: bytes, name: str, _told: Told) -> ledger.Ledger:
    """The ledger in a workbook."""
    ledger.published.cache_clear()  # the sources may have changed since the last one
    return ledger.read(content, name)


TASKS: dict[str, Callable[..., Any]] = {"opened": opened, "checked": checked, "workbook": workbook}


def answer(task: str, arguments: tuple[Any, ...], told: Told) -> tuple[dict[str, Any], Any]:
    """What a task gives, or why it gives nothing: kind (answer, unreadable, broken, memory, failed)."""
    try:
        return {"kind": "answer"}, TASKS[task](*arguments, told)
    except Unreadable as error:
        return {"kind": "unreadable"}, error.flaw
    except BrokenLedger as error:
        return {"kind": "broken"}, error.flaws
    except BaseException as error:  # a panic of a library is no Exception
        return {"kind": "memory" if ran_out(error) else "failed"}, traceback.format_exc()[-4_000:]


def main() -> None:
    """Take the limits that the first line names, then answer until there is nothing more to do."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but answers reaches who asks
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    listen(incoming, questions)
    start, _ = questions.get()
    import python_calamine  # noqa: F401, PLC0415 - now, while the memory it takes does not count

    gc.disable()  # a file makes millions of small things, none of them in circles; the process ends soon
    restrict(start["memory"])

    def told(share: float, zh: str, en: str) -> None:
        send(outgoing, {"kind": "progress", "told": [share, zh, en]})

    try:
        while True:
            asked, body = questions.get(timeout=IDLE_SECONDS)
            alarm(asked["seconds"])
            head, given = answer(asked["task"], unpacked(body, asked["parts"]), told)
            del body
            send(outgoing, head, *packed(given))
            alarm(0)
    except queue.Empty:
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
