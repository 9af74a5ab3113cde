"""The start of the server: prepare its data meanwhile, import modules ahead, and let those who need them wait."""

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


def is_preparing() -> bool:
    """Tell whether a server is still preparing its data."""
    return started.is_set() and not ready.is_set()


def wait_for_data(seconds: float = PATIENCE_SECONDS) -> watch.Trouble | None:
    """Wait until the data is prepared, if a server prepares it; return what is wrong with it now, or None."""
    if started.is_set():
        ready.wait(seconds)
    return watch.find_trouble()


def wait_for_version() -> str:
    """Return the data version once the data is prepared; "" where there is no database."""
    from queries.database.engine import get_data_version  # noqa: PLC0415 - no start has to wait for it
    from queries.database.state import DatabaseMissing  # noqa: PLC0415

    if started.is_set():
        ready.wait(PATIENCE_SECONDS)
    try:
        return get_data_version()
    except DatabaseMissing:
        return ""


def prepare_data(warm: tuple[str, ...] = (), later: tuple[str, ...] = (), stop: threading.Event | None = None) -> None:
    """Build the database if it is missing, damaged, or its sources have changed; then watch it until the server ends.

    Whatever fails, readers stop waiting: the server shows the previous database, if there is one, and says what is
    wrong. warm, later: see make_lifespan(). stop: set when the server ends; None: do not keep watch.
    """
    try:
        for complaint in settings.find_setting_problems():
            log.warning("%s", complaint, extra={"setting": complaint.name})
        watch.watch.prepare()
    finally:
        ready.set()
    for name in warm:
        import_or_call(name)
        gc.freeze()  # see below; without looking for garbage first, for which the first reader would wait
    time.sleep(LATER_SECONDS)
    for name in later:
        import_or_call(name)

    # Streamlit collects garbage after every run of a page; what is loaded now never is garbage.
    gc.collect()
    gc.freeze()
    if stop is not None:
        watch.keep_looking(stop)


def import_or_call(name: str) -> None:
    """Import a module, or for "module:function" call the function. An error is logged; who needs it meets it again."""
    module, _, function = name.partition(":")
    try:
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    except Exception:
        log.exception("%s could not be made ready", name)


def make_lifespan(
    warm: tuple[str, ...] = (), later: tuple[str, ...] = ()
) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """Make the lifespan that prepares the data while the server starts, so that neither waits for the other.

    warm: modules to import, and "module:function" to call, while the first browser still reads its files.
    later: the same, once the first page may have been drawn; nothing waits for them, and they wait for nothing.
    """

    @asynccontextmanager
    async def running(_: object) -> AsyncIterator[None]:
        stop = threading.Event()
        started.set()
        threading.Thread(target=prepare_data, args=(warm, later, stop), name="prepare", daemon=True).start()
        try:
            yield
        finally:
            stop.set()

    return running
