"""The start of the server: its data prepared beside it, modules imported ahead, and who waits for that."""

import gc
import importlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from data import settings
from queries.service import watch

PATIENCE_SECONDS = 60
LATER_SECONDS = 5
log = logging.getLogger("park")
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
