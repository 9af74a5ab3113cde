"""Limit uploads: only where a page asked for a file, so many and so large for each reader and for all.

Streamlit accepts a file from whoever knows the number of an open session, asked for or not, and keeps it in
memory until the session ends. On its way there Starlette would put what is over a megabyte into a temporary file; a
page that says nothing is stored means the disk too, so that the parser keeps it in memory.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx

UPLOAD_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")
MEGABYTE = 1_000_000
MOST_FILES = 20  # that one reader may have on a page at a time
MOST_BYTES = 200 * MEGABYTE  # of them
MOST_BYTES_OF_ALL = 600 * MEGABYTE  # of all readers
FRAME_BYTES = 64_000  # bytes around a file on its way

MultiPartParser.spool_max_size = MOST_BYTES + FRAME_BYTES  # more is refused by the guard before it is read

_allowed_sessions: dict[str, None] = {}  # sessions that have been shown a place for files
_arriving_sizes: dict[str, list[int]] = {}
_lock = threading.Lock()


def allow_upload() -> None:
    """Allow the session of this run to upload files; called by a page that shows an uploader."""
    context = get_script_run_ctx()
    if context is not None:
        with _lock:
            _allowed_sessions[context.session_id] = None


class UploadGuard:
    """Middleware that refuses a file no page asked for, and one more than a reader may have or the server can hold."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = UPLOAD_PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        session = found["session"]
        size = read_announced_size(scope)
        status, said = find_refusal(session, size)
        if status:
            await send_upload_refusal(send, status, said)
            return
        with count_arriving_file(session, size):
            await self.app(scope, receive, send)


def read_announced_size(scope: Scope) -> int:
    """Return how many bytes are to come; the most that a reader may send where the headers do not say."""
    text = dict(scope["headers"]).get(b"content-length", b"")
    return int(text) if text.isdigit() else MOST_BYTES + FRAME_BYTES


def find_refusal(session: str, size: int) -> tuple[int, str]:
    """Return status and reason for refusing a file; status 0 if it is accepted."""
    held = get_held_sizes()
    with _lock:
        for gone in [one for one in _allowed_sessions if one not in held and not is_session_open(one)]:
            del _allowed_sessions[gone]
        if session not in _allowed_sessions:
            return 403, "No page has asked this session for a file."
        own = [*held.get(session, []), *_arriving_sizes.get(session, [])]
        every = sum(map(sum, held.values())) + sum(map(sum, _arriving_sizes.values()))
    if len(own) >= MOST_FILES:
        return 413, f"{len(own)} files are here already, at most {MOST_FILES} are taken. Take some out first."
    if sum(own) + size > MOST_BYTES + FRAME_BYTES:
        return 413, f"More than {MOST_BYTES // MEGABYTE} MB at a time. Take some files out first, or split this one."
    if every + size > MOST_BYTES_OF_ALL + FRAME_BYTES:
        return 503, "The server holds as many files of readers as it can. Try again in a few minutes."
    return 0, ""


def get_held_sizes() -> dict[str, list[int]]:
    """Return the sizes of the files that the server holds, by session."""
    storage = st.runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    return {session: [len(file.data) for file in list(files.values())] for session, files in list(storage.items())}


def is_session_open(session: str) -> bool:
    """Return whether a session is open."""
    return bool(st.runtime.get_instance().is_active_session(session))


@contextmanager
def count_arriving_file(session: str, size: int) -> Iterator[None]:
    """Count a file while it arrives."""
    with _lock:
        _arriving_sizes.setdefault(session, []).append(size)
    try:
        yield
    finally:
        with _lock:
            _arriving_sizes[session].remove(size)
            if not _arriving_sizes[session]:
                del _arriving_sizes[session]


async def send_upload_refusal(send: Send, status: int, said: str) -> None:
    """Send a refusal, before anything of the file is read."""
    body = json.dumps({"error": said}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
               (b"connection", b"close"), *([(b"retry-after", b"60")] if status == 503 else [])]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
