"""Processes for work that may take too much, time or memory: started, asked, ended; and what they take from themselves.

The server's SQL of readers (queries/sql/pool.py) and the reading of files (data/isolation/file_reader.py) run in such.
A child is asked by one line of JSON, and as many bytes after it as the line says, in parts; it answers in the same way.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO

from data.paths import ROOT

PASSED_ON = ("PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")  # of the environment: what Python needs to start
# Codes by what a process returned: it was ended by its own alarm, gave up, or was killed by the system.
CAUSES = {-getattr(signal, "SIGALRM", 14): "timeout", -signal.SIGABRT: "memory", -9: "memory"}


class Child:
    """A process of this interpreter that runs one module."""

    def __init__(
        self,
        module: str,
        first: dict[str, Any],
        environment: dict[str, str] | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        """Start it and send its first line.

        environment: beside what Python needs to start. command: the arguments of one that stands where it was called
        and speaks to the terminal itself; others are asked and answer.
        """
        apart = command is None
        given = {name: os.environ[name] for name in PASSED_ON if name in os.environ} if apart else {**os.environ}
        given["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        warnings = [f"-W{option}" for option in sys.warnoptions]
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter, a module of ours
            [sys.executable, *warnings, "-P", "-m", module, *(command or ())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if apart else None,
            stderr=subprocess.DEVNULL if apart else None,
            cwd=ROOT if apart else None,
            env=given | (environment or {}),
            start_new_session=apart,  # Ctrl-C at the terminal is for the parent, which ends its children
        )
        self.write(first)

    def write(self, line: dict[str, Any], *parts: Any) -> None:
        """One line of JSON, and the bytes that follow it. Raises OSError when the process ended."""
        if self.process.stdin:
            _write(self.process.stdin, line, parts)

    def read(self) -> tuple[dict[str, Any], bytes]:
        """One answer: its line, in which `parts` has the sizes of its parts, and these. Raises EOFError when the
        process ended instead."""
        if self.process.stdout is None:
            raise EOFError
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        head: dict[str, Any] = json.loads(line)
        size = sum(head["parts"])
        body = self.process.stdout.read(size)
        if len(body) != size:
            raise EOFError
        return head, body

    @property
    def living(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes; 0 where the system does not say, or it ended."""
        return _pages_of(str(self.process.pid), 1)

    def kill(self) -> None:
        """End the process; whoever reads from it sees the end."""
        with contextlib.suppress(OSError):
            self.process.kill()

    def bury(self) -> None:
        """End the process and give back what it held."""
        self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def cause_of_death(self) -> str:
        """Why it ended while it was asked: timeout, memory, or failed; it is buried."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)  # its output ends a moment before it does
        self.bury()
        return CAUSES.get(self.process.returncode, "failed")


def send(outgoing: BinaryIO, head: dict[str, Any], *parts: Any) -> None:
    """In the child: one answer, a line of JSON, then the bytes it announces."""
    _write(outgoing, head, parts)


def _write(pipe: IO[bytes], line: dict[str, Any], parts: Sequence[Any]) -> None:
    pipe.write(json.dumps(line | {"parts": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        pipe.write(part)
    pipe.flush()


def listen(incoming: BinaryIO, questions: "queue.Queue[tuple[dict[str, Any], bytes]]") -> None:
    """In the child: take in questions beside the work; end the process, whatever it does, once the parent is gone."""

    def take() -> None:
        for line in incoming:
            head = json.loads(line)
            questions.put((head, incoming.read(sum(head["parts"]))))
        os._exit(0)

    threading.Thread(target=take, daemon=True).start()


def alarm(seconds: float) -> None:
    """In the child: have the system end this process then, should the parent not do it; 0: not at all."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def address_space() -> int:
    """Bytes of address space that this process takes; 0 where the system does not say."""
    return _pages_of("self", 0)


def _pages_of(process: str, place: int) -> int:
    """One number of what the system says of a process's memory, in bytes: all that it may touch, or what it holds."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[place]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def ran_out(error: BaseException) -> bool:
    """In the child: whether an error, or a panic of a library, says that there was no more memory."""
    return isinstance(error, MemoryError) or "memory" in str(error).lower() or "alloc" in str(error).lower()


def restrict(headroom: int, *, files: int | None = None, patient: bool = True, writing: bool = False) -> None:
    """In the child: take from this process what its work needs not: more memory than `headroom` bytes beyond what it
    takes now, and, where given, more open files than so many.

    patient: others go first. writing: it may write to files.
    """
    if patient and hasattr(os, "nice"):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # a host short of memory ends this one first
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    limits = {"RLIMIT_CORE": 0}
    if not writing:
        limits["RLIMIT_FSIZE"] = 0
    if files is not None:
        limits["RLIMIT_NOFILE"] = files
    if taken := address_space():
        limits["RLIMIT_AS"] = taken + headroom
    for name, limit in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a system that refuses one limit keeps the other walls
            resource.setrlimit(getattr(resource, name), (limit, limit))
