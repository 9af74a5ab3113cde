"""Log for whoever runs the server: one line of JSON per event, with time, level and the number of its request.

A traceback is a field of its event. Whatever a visitor wrote is escaped, so that it can neither make a line of
its own nor hide one. At a terminal the same is written as text; PARK_LOG=json or PARK_LOG=text sets the form.
"""

import json
import logging
import os
import re
import sys
import threading
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("park")
EXTRA_FIELDS = ("error_id", "method", "path", "status", "client", "seconds")  # of `extra`, where an event has them
REQUEST_ID_PATTERN = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")  # numbers of a proxy that are taken over
# What JSON lets stand and a terminal or a reader of lines may act on: controls, line ends, marks of direction.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
SERVER_LOGGERS = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
PATH_LENGTH = 500
current_request_id: ContextVar[str] = ContextVar("request", default="")


def escape_invisible(text: str) -> str:
    """Return the text with every invisible character written as the Unicode escape that JSON has for it."""
    return INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class LineFormatter(logging.Formatter):
    """Formats an event as one line: JSON, or text for a terminal, where a traceback follows in lines of its own."""

    def __init__(self, *, as_text: bool = False) -> None:
        super().__init__()
        self.as_text = as_text

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as one line (as text with its traceback, several).

        Fields: time (UTC), level, logger, message; request_id, those of EXTRA_FIELDS and exception where there are
        any.
        """
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event: dict[str, Any] = {
            "time": moment, "level": record.levelname.lower(), "logger": record.name, "message": _format_message(record)
        }  # fmt: skip
        if number := getattr(record, "request_id", "") or current_request_id.get():
            event["request_id"] = number
        event |= {name: getattr(record, name) for name in EXTRA_FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            event["exception"] = self.formatException(record.exc_info)
        elif record.stack_info:
            event["exception"] = record.stack_info
        if not self.as_text:
            return escape_invisible(json.dumps(event, ensure_ascii=False, default=str))
        trace = event.pop("exception", "").splitlines()
        first = " ".join(str(event.pop(name)) for name in ("time", "level", "logger", "message"))
        rest = "".join(f" {name}={value}" for name, value in event.items())
        return "\n    ".join(escape_invisible(line) for line in [first + rest, *trace])


def _format_message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a message that does not fit its values is told as it is
        return f"{record.msg} {record.args!r}"


def set_up_logging(streamlit_logger: ModuleType | None = None) -> None:
    """Make everything that logs, warns or fails in this process write such lines to standard error. Once is enough.

    streamlit_logger: streamlit.logger, which otherwise gives each of its loggers a handler of its own.
    """
    root = logging.getLogger()
    if any(isinstance(handler.formatter, LineFormatter) for handler in root.handlers):
        return
    form = os.environ.get("PARK_LOG", "").strip().lower()
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(as_text=sys.stderr.isatty() if form not in ("json", "text") else form == "text"))
    root.addHandler(handler)
    log.setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = lambda *problem: _log_fatal("the server ended", problem)
    threading.excepthook = lambda of: _log_fatal(
        f"a thread ended: {of.thread.name if of.thread else ''}", (of.exc_type, of.exc_value, of.exc_traceback)
    )
    sys.unraisablehook = lambda of: _log_fatal(
        of.err_msg or "ignored", (of.exc_type, of.exc_value, of.exc_traceback), logging.ERROR
    )
    _adopt_servers()
    if streamlit_logger is not None:
        streamlit_logger.setup_formatter = _adopt  # type: ignore[attr-defined] # of loggers that are yet to come
        for found in list(streamlit_logger._loggers.values()):
            _adopt(found)
    if form not in ("", "json", "text"):
        log.warning("PARK_LOG is %r; it must be json or text", form)


def _log_fatal(what: str, problem: Any, level: int = logging.CRITICAL) -> None:
    if issubclass(problem[0], KeyboardInterrupt | SystemExit):
        return
    log.log(level, "%s", what, exc_info=problem if problem[1] is not None else (problem[0], problem[0](), problem[2]))


def _adopt(logger: logging.Logger) -> None:
    """Remove the handlers of a logger, so that its events go to the handler of the root."""
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
    logger.propagate = logger.name != "uvicorn.access"  # it would write the query of an address


def _adopt_servers() -> None:
    """Do the same for the loggers of the server, now and when it sets them up."""
    for name in SERVER_LOGGERS:
        _adopt(logging.getLogger(name))
    if "uvicorn.config" in sys.modules:
        for name, one in sys.modules["uvicorn.config"].LOGGING_CONFIG["loggers"].items():
            one |= {"handlers": [], "propagate": name != "uvicorn.access"}


class RequestLogger:
    """Middleware that gives every request a number, or keeps a proper one from the proxy, and logs those below /api.

    The number is X-Request-Id of their answers and request_id of every event of the request. It does not reach the
    threads in which pages run. The query of an address is left out, since it may hold what a reader asks.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        number = given.decode() if REQUEST_ID_PATTERN.fullmatch(given) else uuid.uuid4().hex
        current_request_id.set(number)  # and never back: what the server says of this request after us bears it too
        path = str(scope["path"])
        if scope["type"] == "websocket" or not (path == "/api" or path.startswith("/api/")):
            await self.app(scope, receive, send)
            return
        started, status = time.monotonic(), 500

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", number.encode())]
            await send(message)

        try:
            await self.app(scope, receive, numbered)
        finally:
            about = {"method": scope["method"], "path": path[:PATH_LENGTH], "status": status}
            log.info("request", extra=about | {"seconds": round(time.monotonic() - started, 4)})
