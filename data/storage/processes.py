"""Child processes for work that may take too much time or memory: their start, messages, end, and limits.

Readers' SQL (queries/sql/pool.py) and the reading of files (data/isolation/file_reader.py) run in such
processes. A question to a child is one line of JSON, followed by as many bytes as the line announces, in parts;
an answer has the same form.
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

INHERITED_VARIABLES = ("PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")  # of the environment: what Python needs to start
# Codes by what a process returned: it was ended by its own alarm, gave up, or was killed by the system.
EXIT_CAUSES = {-getattr(signal, "SIGALRM", 14): "timeout", -signal.SIGABRT: "memory", -9: "memory"}


class ChildProcess:
    """A process of this Python interpreter that runs one module."""

    def __init__(
        self,
        module: str,
        first: dict[str, Any],
        environment: dict[str, str] | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        """Start the process and send its first line.

        environment: variables in addition to those Python needs to start. command: arguments of a command, which keeps
        the current folder and the terminal; None for a process that is asked and answers.
        """
        apart = command is None
        given = (
            {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ} if apart else {**os.environ}
        )
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

    def write(self, line: dict[str, Any], *parts: bytes | memoryview) -> None:
        """Send one line of JSON, and the bytes that follow it. Raises OSError if the process has ended."""
        if self.process.stdin:
            _write_message(self.process.stdin, line, parts)

    def read(self) -> tuple[dict[str, Any], bytes]:
        """Read one answer: its line, in which `parts` lists the sizes of its parts, and the bytes of these parts.

        Raises EOFError if the process ended instead.
        """
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
        """Whether the process is running."""
        return self.process.poll() is None

    @property
    def memory(self) -> int:
        """Bytes of memory that the process holds; 0 if the system does not say, or the process has ended."""
        return _get_memory_size(str(self.process.pid), 1)

    def kill(self) -> None:
        """Kill the process; a reader of its output then sees the end of it."""
        with contextlib.suppress(OSError):
            self.process.kill()

    def close(self) -> None:
        """Kill the process, wait for its end, and close its pipes."""
        self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def cause_of_death(self) -> str:
        """Return why the process ended while it was asked: timeout, memory, or failed. Closes the process."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)  # its output ends a moment before it does
        self.close()
        return EXIT_CAUSES.get(self.process.returncode, "failed")


def send_answer(outgoing: BinaryIO, head: dict[str, Any], *parts: bytes | memoryview) -> None:
    """In the child: send one answer, a line of JSON and then the bytes it announces."""
    _write_message(outgoing, head, parts)


def _write_message(pipe: IO[bytes], line: dict[str, Any], parts: Sequence[bytes | memoryview]) -> None:
    pipe.write(json.dumps(line | {"parts": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        pipe.write(part)
    pipe.flush()


def start_listener(incoming: BinaryIO, questions: "queue.Queue[tuple[dict[str, Any], bytes]]") -> None:
    """In the child: start a thread that puts incoming questions into a queue.

    Once the parent is gone, it ends the process at once, whatever the process does.
    """

    def take() -> None:
        for line in incoming:
            head = json.loads(line)
            questions.put((head, incoming.read(sum(head["parts"]))))
        os._exit(0)

    threading.Thread(target=take, daemon=True).start()


def set_alarm(seconds: float) -> None:
    """In the child: have the system end this process after so many seconds, if the parent does not; 0 cancels it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def get_address_space() -> int:
    """Return the bytes of address space that this process takes; 0 if the system does not say."""
    return _get_memory_size("self", 0)


def _get_memory_size(process: str, place: int) -> int:
    """Return one memory size of a process in bytes; 0 if the system does not say.

    place: 0 for its address space, 1 for the memory it holds.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[place]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def is_out_of_memory(error: BaseException) -> bool:
    """In the child: return whether an error, or a panic of a library, says that no memory was left."""
    return isinstance(error, MemoryError) or "memory" in str(error).lower() or "alloc" in str(error).lower()


def restrict_process(headroom: int, *, files: int | None = None, patient: bool = True, writing: bool = False) -> None:
    """In the child: limit this process to `headroom` bytes of memory beyond what it takes now.

    files: the most open files, if given. patient: run at low priority. writing: allow writing to files.
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
    if taken := get_address_space():
        limits["RLIMIT_AS"] = taken + headroom
    for name, limit in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a system that refuses one limit keeps the other walls
            resource.setrlimit(getattr(resource, name), (limit, limit))
