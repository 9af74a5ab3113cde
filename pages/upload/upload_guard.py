"""Files on their way into the server: only where a page has asked for one, so many and so large for each reader.

Streamlit takes a file from whoever knows the number of an open session, asked for or not, and keeps it in memory until
the session ends.
"""

import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")
MEGABYTE = 1_000_000
FILES = 20  # that one reader may have on a page at a time
BYTES = 200 * MEGABYTE  # of them
ALL_BYTES = 600 * MEGABYTE  # of all readers
FRAME = 64_000  # bytes around a file on its way

_asked: dict[str, None] = {}  # sessions that have been shown a place for files
_on_the_way: dict[str, list[int]] = {}
_lock = threading.Lock()


def ask() -> None:
    """Let the reader of this run put files in: a page that shows a place for them calls it."""
    context = get_script_run_ctx()
    if context is not None:
        with _lock:
            _asked[context.session_id] = None


class Uploads:
    """Refuses a file that no page has asked for, and one more than a reader may have or the server can hold."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        session = found["session"]
        size = announced(scope)
        status, said = refused(session, size)
        if status:
            await answer(send, status, said)
            return
        with on_the_way(session, size):
            await self.app(scope, receive, send)


def announced(scope: Scope) -> int:
    """Bytes that are to come; as many as a reader may send where the head does not say."""
    text = dict(scope["headers"]).get(b"content-length", b"")
    return int(text) if text.isdigit() else BYTES + FRAME


def refused(session: str, size: int) -> tuple[int, str]:
    """The status and the reason for which a file is not taken; 0: it is."""
    held = kept()
    with _lock:
        for gone in [one for one in _asked if one not in held and not active(one)]:
            del _asked[gone]
        if session not in _asked:
            return 403, "No page has asked this session for a file."
        own = [*held.get(session, []), *_on_the_way.get(session, [])]
        every = sum(map(sum, held.values())) + sum(map(sum, _on_the_way.values()))
    if len(own) >= FILES:
        return 413, f"{len(own)} files are here already, at most {FILES} are taken. Take some out first."
    if sum(own) + size > BYTES + FRAME:
        return 413, f"More than {BYTES // MEGABYTE} MB at a time. Take some files out first, or split this one."
    if every + size > ALL_BYTES + FRAME:
        return 503, "The server holds as many files of readers as it can. Try again in a few minutes."
    return 0, ""


def kept() -> dict[str, list[int]]:
    """Sizes of the files that the server holds, by session."""
    storage = st.runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    return {session: [len(file.data) for file in list(files.values())] for session, files in list(storage.items())}


def active(session: str) -> bool:
    """Whether a session is open."""
    return bool(st.runtime.get_instance().is_active_session(session))


@contextmanager
def on_the_way(session: str, size: int) -> Iterator[None]:
    """Count a file while it arrives."""
    with _lock:
        _on_the_way.setdefault(session, []).append(size)
    try:
        yield
    finally:
        with _lock:
            _on_the_way[session].remove(size)
            if not _on_the_way[session]:
                del _on_the_way[session]


async def answer(send: Send, status: int, said: str) -> None:
    """A refusal, before anything of the file is read."""
    body = json.dumps({"error": said}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
               (b"connection", b"close"), *([(b"retry-after", b"60")] if status == 503 else [])]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
