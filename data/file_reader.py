"""Files of others, read in a process of its own (data/file_worker.py) within limits of time and memory.

    opened = open_figures(content, "2025.xlsx", known)

Whatever a file asks of its reader, the process that asks for it goes on; who put it in is told in a sentence. Nothing
is written to a disk: the file goes to the process through a pipe, and what was understood of it comes back.
"""

import atexit
import io
import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data import settings
from data.child import Child
from data.flaws import BrokenLedger, Flaw
from data.incoming import MEGABYTE, Sheet, Unreadable, limit

if TYPE_CHECKING:
    from data.entries import Entries
    from data.known import Known
    from data.ledger import Ledger
    from data.loading import Mapped, Reading
    from data.mapping import Mapping

FIRST = ("park", "indicator")  # tables whose rows those of the others may name
LOOKED_AT = 30  # rows of a sheet that come back, to be shown
AT_ONCE = 2  # files that are read
TURN_SECONDS = 8.0  # how long a file waits for its turn
LATE_SECONDS = 5.0  # beyond its time, in which a process should have ended itself
LOOK_SECONDS = 0.05
IDLE_SECONDS = 600
SECONDS = 20.0
MEMORY = 1_000  # megabytes
ADDRESSES = 3_000 * MEGABYTE  # beyond the memory, that libraries reserve and do not use
THREADS = "2"

Progress = Callable[[float, str, str], None]
log = logging.getLogger("park")


@dataclass(frozen=True)
class Limits:
    """What reading may take: seconds, bytes of memory held. patient: other processes go first."""

    seconds: float
    memory: int
    patient: bool = True


@dataclass(frozen=True)
class Opened:
    """A file as sheets with their first rows; how those are read that can be (by place), and what is in them."""

    sheets: tuple[Sheet, ...] = field(repr=False)
    mappings: "dict[int, Mapping]"
    read: "tuple[Entries, ...]" = field(repr=False)


def of_visitors() -> Limits:
    """What a file that somebody dropped on a page may take: PARK_READ_SECONDS, PARK_READ_MEMORY_MB."""
    seconds = float(settings.value("PARK_READ_SECONDS") or SECONDS)
    return Limits(seconds, int(float(settings.value("PARK_READ_MEMORY_MB") or MEMORY) * MEGABYTE))


def of_operators(size: int) -> Limits:
    """What files on the command line may take; size: of all of them, in bytes."""
    megabytes = size / MEGABYTE
    return Limits(120 + 6 * megabytes, int(2_000 + 20 * megabytes) * MEGABYTE, patient=False)


class Reader(Child):
    """A process that reads one file at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.used = limits, time.monotonic()
        given = {name: text for name, text in os.environ.items() if name.startswith("PARK_")}
        first = {"memory": limits.memory + ADDRESSES, "patient": limits.patient}
        super().__init__("data.file_worker", first, given | {"POLARS_MAX_THREADS": THREADS})

    def fits(self, limits: Limits) -> bool:
        """Whether it can read another file: alive, not at its end, of the same limits."""
        return self.living and self.limits == limits and time.monotonic() - self.used < IDLE_SECONDS / 2


class _Desk:
    """Gives turns, and keeps one process for the next file."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.lock = threading.Lock()
        self.idle: Reader | None = None

    @contextmanager
    def reader(self, limits: Limits) -> Iterator[Reader]:
        """A process, in turn. Raises Unreadable where too many files are being read."""
        if not self.turns.acquire(timeout=TURN_SECONDS):
            raise Unreadable(
                "别的文件正在读取，还没轮到这一个。请过一会儿再放一次",
                "other files are being read and this one did not get its turn; put it in again in a moment",
            )
        try:
            with self.lock:
                idle, self.idle = self.idle, None
            if idle is not None and not idle.fits(limits):
                idle.bury()
                idle = None
            yield idle or Reader(limits)
        finally:
            self.turns.release()

    def keep(self, reader: Reader) -> None:
        """Take back a process for the next file."""
        reader.used = time.monotonic()
        with self.lock:
            before, self.idle = self.idle, reader
        if before is not None:
            before.bury()

    def start(self, limits: Limits) -> None:
        """Have a process ready."""
        with self.lock:
            if self.idle is None:
                self.idle = Reader(limits)

    def close(self) -> None:
        with self.lock:
            idle, self.idle = self.idle, None
        if idle is not None:
            idle.bury()


_desk = _Desk()
atexit.register(_desk.close)


def start(limits: Limits | None = None) -> None:
    """Start a process beside whatever is done now, so that the next file need not wait for it."""
    _desk.start(limits or of_visitors())


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


def read_figures(
    files: list[tuple[str, bytes]], known: "Known", mapped: "Mapped", progress: Progress | None = None
) -> "list[Reading]":
    """Files (name and content) read together, as the command line loads them: see data.loading.read_files.

    Raises Unreadable, Misused.
    """
    limits = of_operators(sum(len(content) for _name, content in files))
    found: list[Reading] = _ask("loadable", (files, known, mapped), limits, progress)
    return found


def read_ledger(content: bytes, name: str, limits: Limits | None = None) -> "Ledger":
    """The ledger in a workbook. Raises BrokenLedger with every defect at once; also where it takes too much."""
    try:
        found: Ledger = _ask("workbook", (content, name), limits or of_visitors(), None)
    except Unreadable as error:
        raise BrokenLedger([error.flaw]) from error
    return found


def _ask(task: str, arguments: tuple[Any, ...], limits: Limits, progress: Progress | None) -> Any:
    """The answer to one task. Raises what the task raises, and Unreadable where it went beyond its limits."""
    with _desk.reader(limits) as reader:
        done, ended, whole = threading.Event(), list[str](), False
        threading.Thread(target=_watch, args=(reader, limits, done, ended), name="file", daemon=True).start()
        try:
            reader.write({"task": task, "seconds": limits.seconds}, pickle.dumps(arguments, protocol=5))
            head, body = _answer(reader, progress)
            whole = True
        except (OSError, EOFError):
            cause = reader.cause_of_death()
            head, body = {"kind": ended[0] if ended else cause}, b""
        finally:
            done.set()
            if not whole:  # a limit, an error, or who asked is gone
                reader.bury()
        given = _Answers(io.BytesIO(body)).load() if body else None
        if len(body) > MEGABYTE or head["kind"] != "answer":
            reader.bury()  # what it took does not all come back
        elif reader.living:
            _desk.keep(reader)
    if head["kind"] == "answer":
        return given
    raise _reason(head["kind"], given, limits)


def _watch(reader: Reader, limits: Limits, done: threading.Event, ended: list[str]) -> None:
    """End a process that holds too much memory, or does not end itself in time. ended: is told which.

    Its own limit is one of addresses, of which libraries take a gigabyte more than they ever use.
    """
    until = time.monotonic() + limits.seconds + LATE_SECONDS
    while not done.wait(LOOK_SECONDS):
        late = time.monotonic() > until
        if late or reader.memory > limits.memory:
            ended.append("timeout" if late else "memory")
            reader.kill()
            return


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
    if kind == "misused":
        from data.load_figures import Misused  # noqa: PLC0415 - it uses what stands here

        return Misused(given)
    if kind == "timeout":
        return Unreadable(
            f"读了 {limits.seconds:.0f} 秒还没读完，已停下。请按年份或指标分成几个文件，另存为 CSV；"
            "或请运维人员在服务器上用 python -m data.load 载入",
            f"it was not read within {limits.seconds:.0f} seconds, so reading was ended; split it by year or indicator "
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


class _Answers(pickle.Unpickler):
    """What may come back: tables, numbers, texts and days in classes of ours that hold them, and nothing else."""

    ALLOWED = frozenset({
        "data.file_reader.Opened", "data.incoming.Sheet", "data.entries.Entries", "data.mapping.Mapping",
        "data.mapping.Spread", "data.flaws.Flaw", "data.loading.Reading", "data.ledger.Ledger",
        "polars.dataframe.frame.DataFrame", "polars.series.series.Series", "datetime.date", "datetime.datetime",
    })  # fmt: skip

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)
