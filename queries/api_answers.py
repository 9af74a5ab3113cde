"""Answers of rows: a format, a page of them, and where the next page is; long ones are sent while they are read."""

import gzip
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import anyio
import polars as pl
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from queries import files, streams
from queries.api_errors import Busy
from queries.api_http import asked_now, last_change, programs, tag, unchanged, validators
from queries.files import JSON_ROWS, XLSX_ROWS, TooManyRows
from queries.observations import observations

AT_A_TIME = 8  # long answers; each holds three pieces of rows and a connection
STALLED = 60  # seconds after which who takes nothing is taken to be gone
BOUNDS = {"json": JSON_ROWS, "xlsx": XLSX_ROWS}
_places = threading.BoundedSemaphore(AT_A_TIME)


def answer(rows: pl.DataFrame, suffix: str, view: str, lang: str, bom: int = 1) -> Response:
    """The rows that were asked for, in the format of the suffix, named as the button on the page names them."""
    offset, limit = page()
    return written(rows.slice(offset, limit), rows.height, suffix, view, lang, bom)


def page() -> tuple[int, int | None]:
    """offset and limit of what is asked now; they have been checked where the route has them."""
    asked = asked_now.get().query_params
    return int(asked.get("offset", 0)), int(asked["limit"]) if "limit" in asked else None


def written(rows: pl.DataFrame, total: int, suffix: str, view: str, lang: str, bom: int) -> Response:
    """A page of rows out of `total`, in the format of a suffix."""
    offset, limit = page()
    if suffix == "csv":
        content = files.as_csv(rows, bom=bool(bom))
    elif suffix == "json" and (offset or limit is not None):
        content = files.as_json(rows, {"total": total, "offset": offset})
    else:
        content = files.as_file(rows, suffix, lang)
    headers = paging(total) | named(files.name(view, rows, suffix))
    return Response(content, media_type=files.TYPES[suffix], headers=headers)


def named(file: str) -> dict[str, str]:
    """The name under which a browser saves it."""
    return {"Content-Disposition": f'inline; filename="{file}"'}


def paging(total: int) -> dict[str, str]:
    """How many rows there are in all, and where the next and the previous page are, relative to this address."""
    asked = asked_now.get()
    offset, limit = page()
    headers = {"X-Total-Count": str(total)}
    if limit is None:
        return headers
    file = asked.url.path.rsplit("/", 1)[-1]
    others = [(name, text) for name, text in asked.query_params.multi_items() if name not in ("limit", "offset")]
    places = {"next": offset + limit if offset + limit < total else None, "prev": max(0, offset - limit)}
    links = [
        f'<{file}?{urlencode([*others, ("limit", limit), ("offset", place)])}>; rel="{name}"'
        for name, place in places.items()
        if place is not None and (name == "next" or offset)
    ]
    return headers | ({"Link": ", ".join(links)} if links else {})


def figures(suffix: str, bom: int, lang: str, evidence: tuple[str, ...], **filters: Any) -> Response:
    """Rows of observations(): at once where they are few, else from the database piece by piece."""
    given = {"evidence": evidence, "lang": lang, **filters}
    if streams.few(evidence, filters):
        return answer(observations(**given), suffix, "observations", lang, bom)
    return piece_by_piece(streams.Figures(**given), suffix, "observations", lang, bom)


def piece_by_piece(
    reading: streams.Figures | streams.Table, suffix: str, view: str, lang: str, bom: int, safe: bool = True
) -> Response:
    """What a reading gives, sent while it is read; JSON and workbooks, which are made whole, up to their bounds.

    Raises TooManyRows, Busy.
    """
    offset, limit = page()
    rows = max(0, min(reading.total - offset, limit or reading.total))
    if rows > BOUNDS.get(suffix, rows):
        reading.close()
        raise TooManyRows(
            f"{rows:,} rows: {suffix} takes up to {BOUNDS[suffix]:,}. Take jsonl, csv or parquet, filter, or ask for "
            f"a page: limit={BOUNDS[suffix]}"
        )
    if suffix in BOUNDS:
        try:
            chosen = pl.concat(reading.pieces(offset, limit))
        finally:
            reading.close()
        return written(chosen, reading.total, suffix, view, lang, bom)
    asked = asked_now.get()
    packed = "gzip" in asked.headers.get("accept-encoding", "")
    etag = tag(programs()[0], reading.version, asked.url.path, asked.url.query, packed)
    changed = last_change(daily=False)
    headers = validators(etag, changed)
    if unchanged(asked.headers, etag, changed):
        reading.close()
        return Response(status_code=304, headers=headers)
    version = pl.DataFrame({"data_version": [reading.version]})
    headers |= paging(reading.total) | named(files.name(view, version, suffix))
    more: dict[str, Any] = {"bom": bool(bom), "safe": safe} if suffix == "csv" else {}
    pieces = streams.WRITERS[suffix](reading.pieces(offset, limit), **more)
    return Sent(pieces, reading.close, files.TYPES[suffix], headers, packed)


class Sent(Response):
    """An answer sent while it is made, in a thread of its own; who hangs up, or takes nothing for a minute, ends it.

    Sending raises Busy where too many are being sent.
    """

    def __init__(
        self, pieces: Iterator[bytes], close: Callable[[], None], kind: str, headers: dict[str, str], packed: bool
    ) -> None:
        super().__init__(media_type=kind, headers=headers | {"Vary": "Accept-Encoding"})
        del self.headers["content-length"]
        if packed:
            self.headers["content-encoding"] = "gzip"
        self.pieces, self._close = gzipped(pieces) if packed else pieces, close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _places.acquire(blocking=False):
            self._close()
            raise Busy(f"{AT_A_TIME} long answers are being sent already. Ask again in a few seconds, or for a page.")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope["state"].get("head"):
                await send({"type": "http.response.body", "body": b""})
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._hung_up, receive, tasks.cancel_scope)
                await self._send(send)
                tasks.cancel_scope.cancel()
        finally:
            # Cancelled or not, the piece under way is waited for; then the file is let go.
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self.end)

    async def _hung_up(self, receive: Receive, sending: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        sending.cancel()

    async def _send(self, send: Send) -> None:
        while (piece := await anyio.to_thread.run_sync(next, self.pieces, None)) is not None:
            with anyio.move_on_after(STALLED) as waiting:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if waiting.cancelled_caught:
                return
        await send({"type": "http.response.body", "body": b""})

    def end(self) -> None:
        """Stop reading, let the file go, leave the place to others."""
        try:
            getattr(self.pieces, "close", lambda: None)()
        finally:
            self._close()
            _places.release()


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip stream, pressed lightly: what is sent sooner is done sooner.

    The server would press them too, but in the loop that answers everybody.
    """
    made = files.Written()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=1, mtime=0) as press:
        for piece in pieces:
            press.write(piece)
            if ready := made.taken():
                yield ready
    yield made.taken()
