"""Files that ask much of their reader, dropped on the real server while others read."""

import contextlib
import io
import os
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from pages.upload import upload_guard
from tests.hosting import servers
from tests.hosting.visitor import Visitor, send
from tests.tools.pages import THEMED

HEADS = "地区,指标,时期,数值,单位\n"
PACE = 0.05  # seconds between two questions of one of the others
OTHERS, PATIENCE = 3, 30.0
PAGES = (*THEMED, "compare")


@contextlib.contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """A server of its own: its process and its port."""
    with tempfile.TemporaryDirectory() as folder:
        port = servers.free_port()
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("STREAMLIT_", "PARK_"))}
        command = [*servers.STREAMLIT, "--server.port", str(port), "--server.address", "127.0.0.1"]
        up = lambda: servers.get(port, "/api/ready").status == 200  # noqa: E731
        environment = kept | {"PARK_DATABASE": f"{folder}/park.duckdb"}
        with servers.process(command, f"{folder}/log", up, 90, cwd=servers.ROOT, env=environment) as child:
            yield child.pid, port


def memory(pid: int) -> float:
    """The most that a process has held so far, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def blank_lines() -> tuple[str, bytes]:
    return "blank.csv", HEADS.encode() + b"\n" * 95_000_000


def refused_rows() -> tuple[str, bytes]:
    rows = (f"无名地区{n % 977},无名指标{n % 983},{n % 99}年前,很多{n},大洋\n" for n in range(700_000))
    return "refused.csv", (HEADS + "".join(rows)).encode()


def one_thing_again() -> tuple[str, bytes]:
    return "again.csv", (HEADS + "".join(f"湘潭高新区,工业总产值,2013,{n},亿元\n" for n in range(900_000))).encode()


def long_cells() -> tuple[str, bytes]:
    return "long.csv", (
        HEADS + "".join(f"湘潭高新区,{'工业总产值' * 4_000},2013,{n},亿元\n" for n in range(1_000))
    ).encode()


def open_quote() -> tuple[str, bytes]:
    return "quote.csv", (
        HEADS + '湘潭高新区,"工业总产值,2013,1,亿元\n' + "湘潭高新区,工业总产值,2013,1,亿元\n" * 900_000
    ).encode()


def _book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        write(book)
    return buffer.getvalue()


def many_rows() -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADS.strip().split(","))
        for row in range(1, 250_000):
            page.write_row(row, 0, ["湘潭高新区", "工业总产值", f"{1900 + row % 99}", row, "亿元"])

    return "rows.xlsx", _book(write)


def wide_and_empty() -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADS.strip().split(","))
        page.write(20_000, 700, 1)

    return "wide.xlsx", _book(write)


def much_merged() -> tuple[str, bytes]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADS.strip().split(","))
        for row in range(1, 50_000, 2):
            page.merge_range(row, 0, row + 1, 0, "湘潭高新区")
    return "merged.xlsx", buffer.getvalue()


FILES = (blank_lines, refused_rows, one_thing_again, long_cells, open_quote, many_rows, wide_and_empty, much_merged)


class Others:
    """Visitors who read pages and routes, one after the other, until they are told to stop."""

    def __init__(self, port: int) -> None:
        self.port, self.stop, self.failed = port, threading.Event(), 0
        self.taken: list[float] = []
        self.threads = [threading.Thread(target=self._read, args=(n,)) for n in range(OTHERS)]

    def _read(self, number: int) -> None:
        turn = number
        with Visitor(self.port) as visitor:
            visitor.open(PAGES[number])
            while not self.stop.is_set():
                turn += 1
                try:
                    if turn % 3:
                        began = time.perf_counter()
                        ok = (
                            servers.get(
                                self.port, f"/api/observations.csv?theme=economy&from={1990 + turn % 20}"
                            ).status
                            == 200
                        )
                        self.taken.append(time.perf_counter() - began)
                    else:
                        self.taken.append(visitor.open(PAGES[turn % len(PAGES)]))
                        ok = bool(visitor.texts)
                except Exception:
                    ok = False
                self.failed += not ok
                time.sleep(PACE)

    def during(self, work: Callable[[], None]) -> tuple[float, int]:
        """p95 in seconds of what they read while something is done, and how often one got nothing."""
        for thread in self.threads:
            thread.start()
        try:
            work()
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join()
        return statistics.quantiles(self.taken, n=20)[-1] if len(self.taken) > 1 else float("inf"), self.failed


def dropped(port: int, name: str, content: bytes) -> tuple[float, str]:
    """Seconds from the arrival of a file until its reader has a sentence, and the sentence."""
    with Visitor(port) as visitor:
        visitor.open("sources", "lang=zh")
        if visitor.put(name, content) != 204:
            return 0.0, ""
        before = set(visitor.texts)
        taken = visitor.run(90)
        return taken, next((text for text in visitor.texts if text not in before and name not in text), "")


def drill_others_read_on() -> tuple[int, int, str]:
    """Whatever is dropped, others read at most twice as slowly, and its reader has a sentence within 30 seconds"""
    made = [make() for make in FILES]
    with serving() as (pid, port):
        with Visitor(port) as visitor:
            for page in (*PAGES, "sources"):
                visitor.open(page)  # what everybody asks is made once
        Others(port).during(lambda: time.sleep(8))
        quiet, _ = Others(port).during(lambda: time.sleep(20))
        sentences: list[tuple[str, float, str]] = []

        def drop() -> None:
            for name, content in made:
                sentences.append((name, *dropped(port, name, content)))

        busy, failed = Others(port).during(drop)
        most = memory(pid)
    held = [bool(said) and taken <= PATIENCE for _name, taken, said in sentences]
    slow = max(taken for _name, taken, _said in sentences)
    checks = [busy <= 2 * quiet, not failed, most <= 1_500]
    late = [
        f"{name} {taken:.0f} s {said[:20]!r}" for (name, taken, said), ok in zip(sentences, held, strict=True) if not ok
    ]
    told = (
        f"p95 of others {quiet * 1000:.0f} ms, {busy * 1000:.0f} ms meanwhile ({busy / quiet:.1f} times); "
        f"slowest sentence {slow:.0f} s; server at most {most:.0f} MB; {failed} unanswered {late or ''}"
    )
    return len(held) + len(checks), sum(held) + sum(checks), told


def drill_uploads_nobody_asked_for() -> tuple[int, int, str]:
    """A file is taken only where a page has asked its session for one, so many at a time"""
    tried = held = 0
    with serving() as (pid, port):
        for page in ("", "economics", "findings", "mechanisms", "explore"):
            with Visitor(port) as visitor:
                visitor.open(page)
                for _ in range(20):
                    path = f"/_stcore/upload_file/{visitor.session}/{uuid.uuid4()}"
                    tried, held = tried + 1, held + (send(port, path, "a.csv", b"x" * 1000)[0] == 403)
        before = memory(pid)
        with Visitor(port) as visitor:
            visitor.open("sources")
            statuses = [visitor.put(f"{n}.csv", b"x" * 9_000_000) for n in range(40)]
        taken = statuses.count(204)
        tried, held = (
            tried + 2,
            held + (taken <= upload_guard.MOST_FILES) + (memory(pid) - before < 2 * upload_guard.MOST_BYTES / 1e6),
        )
    return tried, held, f"{taken} of 40 files of 9 MB taken"
