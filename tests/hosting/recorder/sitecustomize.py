"""Loaded by Python at its start where this folder is on PYTHONPATH: notes in the file PARK_RECORD what a run touches.

opened PATH     a file below PARK_WATCH, unless it is below PARK_WATCH_NOT
reached HOST    an address outside this machine, connected to or looked up
"""

import os
import sys

RECORD = os.open(os.environ["PARK_RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
WATCH = os.environ["PARK_WATCH"].rstrip(os.sep) + os.sep
WATCH_NOT = os.environ["PARK_WATCH_NOT"].rstrip(os.sep) + os.sep
HERE = ("localhost", "127.", "::1", "0.0.0.0", "::")


def note(event, args):
    if event == "open" and isinstance(args[0], str | bytes):
        path = os.path.abspath(os.fsdecode(args[0]))  # noqa: PTH100 - pathlib would open files of its own here
        if path.startswith(WATCH) and not path.startswith(WATCH_NOT):
            os.write(RECORD, f"opened {path}\n".encode())
    elif event in ("socket.connect", "socket.getaddrinfo"):
        host = args[1][0] if event == "socket.connect" and isinstance(args[1], tuple) else args[0]
        if isinstance(host, str | bytes) and not os.fsdecode(host).startswith(HERE):
            os.write(RECORD, f"reached {os.fsdecode(host)}\n".encode())


sys.addaudithook(note)
