"""What HTTP asks of every answer of the routes: HEAD and OPTIONS, other origins, and "has it changed since?"."""

import contextlib
import hashlib
import re
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.ledger import versions
from data.paths import DATA, get_database_path, get_rules_path
from queries.api.errors import METHODS

QUERIES = Path(__file__).parent.parent
EXPOSED = "ETag, Last-Modified, Link, X-Total-Count, Content-Disposition, Accept-Ranges, Content-Range, Retry-After"
# The rows are public and nothing here depends on who asks, so any page of any site may read them.
OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED}
PREFLIGHT = {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
    "allow": METHODS,
}
LEAST_COMPRESSED, COMPRESSION = 1000, 5  # bytes, and how hard, as Streamlit compresses pages
COMPRESSED = "-gzip"  # at the end of an ETag
asked_now: ContextVar[Request] = ContextVar("asked_now")


class _Enough(Exception):
    """The head of the answer is all that was asked for."""


@cache
def get_program_version() -> tuple[str, float]:
    """Digest and newest change of what makes answers out of the data: another release may answer otherwise."""
    paths = [path for shelf in (QUERIES, DATA) for kind in ("*.py", "*.sql") for path in shelf.rglob(kind)]
    paths = sorted([*paths, *QUERIES.rglob("*.csv")])
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths))
    return digest.hexdigest(), max(path.stat().st_mtime for path in paths)


def make_etag(*parts: object) -> str:
    """The ETag of what these parts name."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def get_last_change(daily: bool) -> datetime:
    """When an answer may last have changed: data, ledgers, rules, programs, and midnight where it rests on the day."""
    stamps = [get_program_version()[1]]
    for path in (
        get_database_path(),
        *get_rules_path().glob("*.toml"),
        *versions.get_ledgers_folder().glob(f"*/{versions.CURRENT}"),
    ):
        with contextlib.suppress(OSError):
            stamps.append(path.stat().st_mtime)
    changed = datetime.fromtimestamp(max(stamps), UTC)
    midnight = datetime.combine(date.today(), time()).astimezone(UTC)
    return (max(changed, midnight) if daily else changed).replace(microsecond=0)


def is_unchanged(headers: Headers, etag: str, changed: datetime) -> bool:
    """Whether the client has this exact answer already. An ETag goes before a date, as RFC 9110 has it."""
    known = headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in known.split(",")]
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def find_range(headers: Headers, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the part that is asked for; the last before the first where there is no such part.

    None: all of it, also where several parts are asked for. Libraries read a file over HTTP only by such parts.
    """
    form = re.fullmatch(r"bytes=([0-9]*)-([0-9]*)", headers.get("range", "").strip())
    if form is None or not any(form.groups()) or headers.get("if-range", etag) != etag:
        return None
    if not form[1]:
        return max(0, size - int(form[2])), size - 1 if int(form[2]) else -1
    first, last = int(form[1]), min(int(form[2]), size - 1) if form[2] else size - 1
    return (first, last) if first < size else (size, size - 1)


def make_validators(etag: str, changed: datetime) -> dict[str, str]:
    """Headers by which an answer can be asked for again; it may be kept, but not used without asking."""
    return {"etag": etag, "last-modified": format_datetime(changed, usegmt=True), "cache-control": "no-cache"}


class HttpMiddleware:
    """Around the routes: answers HEAD and OPTIONS, opens to other origins, gives validators to what has none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _raw(OPEN | PREFLIGHT)})
            await send({"type": "http.response.body", "body": b""})
            return
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET" if head else scope["method"], "state": {"head": head}}
        asked_now.set(Request(inner))
        with contextlib.suppress(_Enough):
            await self.app(inner, receive, _Answer(inner, send, head))


class _Answer:
    """Sends one answer on; holds its start back until it is known whether the answer is one piece."""

    def __init__(self, scope: Scope, send: Send, head: bool) -> None:
        self.scope, self.send, self.head = scope, send, head
        self.start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        start, self.start = self.start, None
        if start is not None:
            message = self._judged(start, message)
            start["headers"] = [*start["headers"], *_raw(OPEN)]
            await self.send(start)
            if self.head:
                await self.send({"type": "http.response.body", "body": b""})
                raise _Enough
        await self.send(message)

    def _judged(self, start: Message, message: Message) -> Message:
        """The body, or none where the client has it; the start is given its validators."""
        present = Headers(raw=start["headers"])
        whole = not message.get("more_body", False)
        if start["status"] != 200 or not whole or "etag" in present or "cache-control" in present:
            return message
        body = message.get("body", b"")
        # By the bytes themselves: whatever they depend on (data, day, ledger, rule) is in them.
        etag, changed = (
            make_etag(body, present.get("content-type")),
            get_last_change(self.scope["state"].get("daily", False)),
        )
        asked = Headers(scope=self.scope)
        start["headers"] = [*start["headers"], *_raw(make_validators(etag, changed) | {"accept-ranges": "bytes"})]
        if is_unchanged(asked, etag, changed):
            start["status"], body = 304, b""
            start["headers"] = [
                pair for pair in start["headers"] if pair[0] not in (b"content-length", b"content-type")
            ]
        elif part := find_range(asked, etag, len(body)):
            first, last = part
            start["status"], span = (206, f"{first}-{last}") if first <= last else (416, "*")
            span, body = f"bytes {span}/{len(body)}", body[first : last + 1]
            start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
            start["headers"] += _raw({"content-range": span, "content-length": str(len(body))})
        return {"type": "http.response.body", "body": body}


class Encodings:
    """Around it all: compresses, and gives what is compressed an ETag of its own; either ETag is known again.

    Streamlit's compression leaves an answer alone that is compressed here; it would keep the ETag of other bytes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = GZipMiddleware(app, minimum_size=LEAST_COMPRESSED, compresslevel=COMPRESSION)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = Headers(scope=scope).get("if-none-match", "") if scope["type"] == "http" else ""

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if "accept-encoding" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
                if etag := headers.get("etag"):
                    compressed = mark_etag(etag)
                    # Of an answer that has not changed the client is told the ETag that it knows.
                    if "content-encoding" in headers or (message["status"] == 304 and compressed in known):
                        headers["etag"] = compressed
            await send(message)

        if known:
            plain = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
            bare = known.replace(f'{COMPRESSED}"', '"').encode("latin-1")
            scope = {**scope, "headers": [*plain, (b"if-none-match", bare)]}
        await self.app(scope, receive, send_named if scope["type"] == "http" else send)


def mark_etag(etag: str) -> str:
    """Return the ETag of the compressed bytes of an answer."""
    return f'{etag.removesuffix(chr(34))}{COMPRESSED}"'


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
