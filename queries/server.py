"""What the server does besides showing pages: routes, response headers, the database at start."""

import asyncio
import gc
import importlib
import logging
import os
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from data import settings
from queries.service import watch

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger("park")
LATER_SECONDS = 5


def policy(framers: str, *scripts: str) -> bytes:
    """From where a document may load what, as strict as Streamlit works with: all of it from this server.

    framers: who may frame it; scripts: hashes of scripts that stand in the document itself.
    """
    return "; ".join(
        [
            "default-src 'self'",
            # Streamlit colours code with a program of WebAssembly; that is no eval of scripts.
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *scripts]),
            "style-src 'self' 'unsafe-inline'",  # Streamlit makes the styles of its elements in the browser
            "img-src 'self' data:",  # those of the heads of a table stand in its program
            "font-src 'self' data:",  # one of an icon stands in a style of Streamlit
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            framers,
        ]
    ).encode()


OWN_FRAMES = "frame-ancestors 'self'"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    # Two rules for one thing: old browsers know only the first. A committee may frame the site on its own host.
    b"x-frame-options": b"SAMEORIGIN",
    b"content-security-policy": policy(OWN_FRAMES),
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


# Of an embedded view: it shows figures and holds nothing to press.
FRAMED = {name: value for name, value in HEADERS.items() if name != b"x-frame-options"}
HOST = re.compile(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def framers(named: str | None) -> str:
    """The rule for frames of embedded views: any site where none is named, else these hosts, or "none"."""
    if named is None or not named.strip():
        return "frame-ancestors *"
    hosts = [] if named.strip().lower() == "none" else named.replace(",", " ").split()
    for host in hosts:
        if not HOST.fullmatch(host):
            log.error("PARK_FRAME_HOSTS: %r is no host and is left out; write https://www.example.org", host)
    return " ".join([OWN_FRAMES, *filter(HOST.fullmatch, hosts)])


def embedded(scope: Scope) -> bool:
    """Whether a page is asked for as the browser's part of Streamlit reads it: any embed=true, in any case."""
    if scope["path"].startswith("/api"):
        return False
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return any(name.lower() == "embed" and value.lower() == "true" for name, value in asked)


class ResponseHeaders:
    """Adds the response headers to pages and routes alike; one that is set already stays."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.framed = FRAMED | {b"content-security-policy": policy(framers(os.environ.get("PARK_FRAME_HOSTS")))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                headers = self.framed if embedded(scope) else HEADERS
                message["headers"] = [*message["headers"], *((n, v) for n, v in headers.items() if n not in present)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Routes:
    """The routes for programs, imported at the first request: half a second that no start has to wait for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # How the server is can be asked at any time. The others wait here, where they hold no thread of the server.
        if not STATE.search(scope.get("path", "")):
            until = time.monotonic() + PATIENCE_SECONDS
            while preparing() and time.monotonic() < until:
                await asyncio.sleep(0.02)
        api, pin = await asyncio.to_thread(self.found)
        pin()
        await api(scope, receive, send)

    def found(self) -> tuple[Callable[[Scope, Receive, Send], Awaitable[None]], Callable[[], None]]:
        """The routes and what holds the data for one answer."""
        from queries.api.routes import api  # noqa: PLC0415
        from queries.database.engine import pin  # noqa: PLC0415 - see above

        return api, pin


PATIENCE_SECONDS = 60
STATE = re.compile("/(health|ready)/?$")
started = threading.Event()
ready = threading.Event()


def preparing() -> bool:
    """Whether a server still prepares its data."""
    return started.is_set() and not ready.is_set()


def wait(seconds: float = PATIENCE_SECONDS) -> watch.Trouble | None:
    """Wait until the data is prepared, where a server prepares it; return what is wrong with it now."""
    if started.is_set():
        ready.wait(seconds)
    return watch.trouble()


def version() -> str:
    """The data version, once the data is prepared; "" where there is no database."""
    from queries.database.engine import DatabaseMissing, data_version  # noqa: PLC0415 - no start has to wait for it

    if started.is_set():
        ready.wait(PATIENCE_SECONDS)
    try:
        return data_version()
    except DatabaseMissing:
        return ""


def prepare(warm: tuple[str, ...] = (), later: tuple[str, ...] = (), stop: threading.Event | None = None) -> None:
    """Build the database when it is missing, damaged, or its sources have changed; then look again until the end.

    Whatever fails, the wait of the readers ends: the server shows the database of before, if there is one, and says
    what is wrong. warm, later: see lifespan(). stop: set when the server ends; None: look no more.
    """
    try:
        for complaint in settings.complaints():
            log.warning("%s", complaint, extra={"setting": complaint.name})
        watch.watch.prepare()
    finally:
        ready.set()
    for name in warm:
        load(name)
        gc.freeze()  # see below; without looking for garbage first, for which the first reader would wait
    time.sleep(LATER_SECONDS)
    for name in later:
        load(name)

    # Streamlit collects garbage after every run of a page; what is loaded now never is garbage.
    gc.collect()
    gc.freeze()
    if stop is not None:
        watch.keep_looking(stop)


def load(name: str) -> None:
    """Import a module, or with "module:function" call what it has. An error is logged: it is told to whoever asks."""
    module, _, function = name.partition(":")
    try:
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    except Exception:
        log.exception("%s could not be made ready", name)


def lifespan(
    warm: tuple[str, ...] = (), later: tuple[str, ...] = ()
) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """Prepare the data beside the start of the server, so that neither waits for the other.

    warm: modules to import, and "module:function" to call, while the first browser still reads its files.
    later: the same, once the first page may have been drawn; each of them waits for nobody and nobody for it.
    """

    @asynccontextmanager
    async def running(_: object) -> AsyncIterator[None]:
        stop = threading.Event()
        started.set()
        threading.Thread(target=prepare, args=(warm, later, stop), name="prepare", daemon=True).start()
        try:
            yield
        finally:
            stop.set()

    return running
