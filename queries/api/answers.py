"""Answers of rows: a format, a page of them, and where the next page is; long ones are sent while they are read."""

import math
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import anyio
import polars as pl
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from queries.api.errors import Busy
from queries.api.http import asked_now, get_last_change, get_program_version, is_unchanged, make_etag, make_validators
from queries.export import formats, long_answers
from queries.export.formats import TooManyRows
from queries.figures.observations import Question, get_observations

AT_A_TIME = 8  # long answers; each holds four pieces of rows and a connection
STALLED = 60  # seconds after which a client that takes nothing is taken to be gone
PATIENCE = 10  # the same where somebody else found no place meanwhile
LOOK = 1.0  # seconds between two looks at it
SENT = 1 << 18  # bytes handed to the server at a time: it copies what it is given, and small copies are cheap


class AnswerSlots:
    """A number of long answers that are sent at once, so many to each client.

    missed: when somebody last found no place, by the clock of time.monotonic().
    """

    def __init__(self, most: int, each: int, way_out: str) -> None:
        self.most, self.each, self.way_out = most, each, way_out
        self.taken: list[str] = []  # the client of each answer that is being sent
        self.missed = -math.inf
        self._turn = threading.Lock()

    def free(self, client: str) -> bool:
        """Whether there is a place for a client now."""
        return len(self.taken) < self.most and self.taken.count(client) < self.each

    def take(self, client: str) -> None:
        """Take a place. Raises Busy."""
        with self._turn:
            if not self.free(client):
                raise self.busy()
            self.taken.append(client)

    def leave(self, client: str) -> None:
        """Leave the place to others."""
        with self._turn:
            self.taken.remove(client)

    def busy(self) -> Busy:
        """Why a client gets no place; a client that has one and takes nothing has less time from now on."""
        self.missed = time.monotonic()
        return Busy(
            f"{len(self.taken)} long answers are being sent already. Ask again in a few seconds, {self.way_out}."
        )

    def spent(self, since: float) -> bool:
        """Whether a client that has taken nothing since then is taken to be gone."""
        idle = time.monotonic() - since
        return idle > STALLED or (idle > PATIENCE and self.missed > since)


ANSWER_SLOTS = AnswerSlots(AT_A_TIME, AT_A_TIME, "or for a page")


def make_rows_response(rows: pl.DataFrame, suffix: str, view: str, lang: str, bom: int = 1) -> Response:
    """The rows that were asked for, in the format of the suffix, named as the button on the page names them."""
    offset, limit = get_page()
    return write_page_response(rows.slice(offset, limit), rows.height, suffix, view, lang, bom)


def get_page() -> tuple[int, int | None]:
    """offset and limit of what is asked now; they have been checked where the route has them."""
    asked = asked_now.get().query_params
    return int(asked.get("offset", 0)), int(asked["limit"]) if "limit" in asked else None


def write_page_response(rows: pl.DataFrame, total: int, suffix: str, view: str, lang: str, bom: int) -> Response:
    """A page of rows out of `total`, in the format of a suffix."""
    offset, limit = get_page()
    if suffix == "csv":
        content = formats.as_csv(rows, bom=bool(bom))
    elif suffix == "json" and (offset or limit is not None):
        content = formats.as_json(rows, {"total": total, "offset": offset})
    else:
        content = formats.as_file(rows, suffix, lang)
    headers = make_paging_headers(total) | make_file_name_header(formats.make_file_name(view, rows, suffix))
    return Response(content, media_type=formats.FORMATS[suffix].media_type, headers=headers)


def make_file_name_header(file: str) -> dict[str, str]:
    """The name under which a browser saves it."""
    return {"Content-Disposition": f'inline; filename="{file}"'}


def make_paging_headers(total: int) -> dict[str, str]:
    """How many rows there are in all, and where the next and the previous page are, relative to this address."""
    asked = asked_now.get()
    offset, limit = get_page()
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


def make_observations_response(suffix: str, bom: int, asked: Question) -> Response:
    """Return rows of get_observations(): put together at once where they are few, else copied by the database."""
    if long_answers.is_short(asked):
        return make_rows_response(get_observations(**asked), suffix, "observations", asked["lang"], bom)
    return make_long_response(long_answers.LongAnswer(asked), suffix, "observations", asked["lang"], bom)


def make_long_response(
    reading: long_answers.LongAnswer, suffix: str, view: str, lang: str, bom: int, safe: bool = True
) -> Response:
    """What a reading gives, sent while it is read; JSON and workbooks, which are made whole, up to their bounds.

    Raises TooManyRows, Busy.
    """
    offset, limit = get_page()
    rows = max(0, min(reading.total - offset, limit or reading.total))
    kind = formats.FORMATS[suffix]
    if kind.most is not None and rows > kind.most:
        reading.close()
        raise TooManyRows(
            f"{rows:,} rows: {suffix} takes up to {kind.most:,}. Take jsonl, csv or parquet, filter, or ask for "
            f"a page: limit={kind.most}"
        )
    if not kind.copied:
        try:
            chosen = reading.get_rows(offset, limit)
        finally:
            reading.close()
        return write_page_response(chosen, reading.total, suffix, view, lang, bom)
    asked = asked_now.get()
    packed = "gzip" in asked.headers.get("accept-encoding", "")
    etag = make_etag(get_program_version()[0], reading.version, asked.url.path, asked.url.query)
    changed = get_last_change(daily=False)
    headers = make_validators(etag, changed)
    if is_unchanged(asked.headers, etag, changed):
        reading.close()
        return Response(status_code=304, headers=headers)
    version = pl.DataFrame({"data_version": [reading.version]})
    headers |= make_paging_headers(reading.total) | make_file_name_header(formats.make_file_name(view, version, suffix))
    pieces = reading.write(suffix, offset, limit, bom=bool(bom), safe=safe)
    return LongResponse(pieces, reading.close, formats.FORMATS[suffix].media_type, headers, packed)


class LongResponse(Response):
    """An answer sent while it is made, in a thread of its own; who hangs up, or takes nothing for a minute, ends it.

    Sending raises Busy where too many are being sent.
    """

    def __init__(
        self,
        pieces: Iterator[bytes],
        close: Callable[[], None],
        kind: str,
        headers: dict[str, str],
        packed: bool,
        places: AnswerSlots = ANSWER_SLOTS,
        client: str = "",
    ) -> None:
        super().__init__(media_type=kind, headers=headers)
        del self.headers["content-length"]
        if packed:
            self.headers["content-encoding"] = "gzip"
        self.pieces, self._close = compress_pieces(pieces) if packed else pieces, close
        self.places, self.client = places, client
        self.since = math.inf  # when what is being sent was handed over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self.places.take(self.client)
        except Busy:
            self._close()
            raise
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope["state"].get("head"):
                await send({"type": "http.response.body", "body": b""})
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._hung_up, receive, tasks.cancel_scope)
                tasks.start_soon(self._stalled, tasks.cancel_scope)
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

    async def _stalled(self, sending: anyio.CancelScope) -> None:
        while not self.places.spent(self.since):
            await anyio.sleep(min(LOOK, STALLED))
        sending.cancel()

    async def _send(self, send: Send) -> None:
        while (piece := await anyio.to_thread.run_sync(next, self.pieces, None)) is not None:
            for start in range(0, len(piece), SENT):
                self.since = time.monotonic()
                await send({"type": "http.response.body", "body": piece[start : start + SENT], "more_body": True})
                self.since = math.inf
        await send({"type": "http.response.body", "body": b""})

    def end(self) -> None:
        """Stop reading, let the file go, leave the place to others."""
        try:
            getattr(self.pieces, "close", lambda: None)()
        finally:
            self._close()
            self.places.leave(self.client)


def compress_pieces(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip stream, pressed lightly: what is sent sooner is done sooner.

    The server would press them too, but in the loop that answers everybody.
    """
    press = zlib.compressobj(1, wbits=31)
    for piece in pieces:
        yield press.compress(piece)
    yield press.flush()
