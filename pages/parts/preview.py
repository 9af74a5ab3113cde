"""Link previews: title, description and picture of the very view, for whoever pastes its link in a chat.

Chat programs and search engines read the document and run nothing in it. So the page is run here once, as for a
browser, in a session of its own that is closed at once: what is told is what the page itself says, to anybody.
"""

import asyncio
import hashlib
import logging
import re
import secrets
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cachetools import TTLCache
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from streamlit.config import get_option
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import ClientContext, SessionClient

from pages.parts import short, words
from pages.parts.words import _

log = logging.getLogger("park")
SECONDS = 8  # that a robot waits; most give up after ten
AT_ONCE, WAITING = 2, 16  # runs, and views that wait for theirs
KEPT, MINUTES = 64, 10  # views, and how long a ledger that was loaded since may go unnoticed
LONGEST = 4000  # letters of an address
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True)
class View:
    """What an address asks for. base: scheme, host and base path; page: "" for the first one."""

    base: str
    page: str
    query: str  # without what only a frame needs
    language: str

    @property
    def address(self) -> str:
        """The address itself; the picture is cited by it."""
        return f"{self.base}/{self.page}" + (f"?{self.query}" if self.query else "")

    @property
    def image(self) -> str:
        """The address of the picture, in the language in which the document was asked for."""
        pairs = [pair for pair in parse_qsl(self.query) if pair[0] not in ("lang", "page")]
        named = [("page", self.page)] if self.page else []
        return f"{self.base}/api/preview.png?{urlencode([*named, *pairs, ('lang', self.language)], safe=',')}"


def asked(scope: MutableMapping[str, Any], page: str | None = None) -> View:
    """The view that a request asks for. page: where it is not the path that names it."""
    request = Request(scope)
    folder = str(get_option("server.baseUrlPath") or "").strip("/")
    host = request.headers.get("host", "")
    if not HOST.fullmatch(host):
        host = "localhost"
    path = request.url.path.strip("/") if page is None else page
    if page is None and folder and (path == folder or path.startswith(f"{folder}/")):
        path = path[len(folder) :].strip("/")
    pairs = [pair for pair in request.query_params.multi_items() if not pair[0].lower().startswith("embed")]
    pairs = [pair for pair in pairs if page is None or pair[0] != "page"]
    spoken = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip(" *")
    language = words.choose(request.query_params.get("lang"), spoken or None)
    # Uvicorn believes a proxy on this very address only; here nothing but the link of who asks depends on it.
    scheme = request.headers.get("x-forwarded-proto", "")
    scheme = scheme if scheme in ("http", "https") else request.url.scheme
    base = f"{scheme}://{host}" + (f"/{folder}" if folder else "")
    return View(base, path, urlencode(pairs, safe=","), language)


class Listener(SessionClient):
    """Takes what a browser would be sent, and keeps only whether there is such a page.

    It is its own context: no cookie, no address, and one header, which names what the run is to fill.
    """

    def __init__(self) -> None:
        self.unknown = False
        self.name = secrets.token_hex()
        self.headers = [(short.HEADER, self.name)]
        self.cookies: dict[str, str] = {}
        self.remote_ip = None

    @property
    def client_context(self) -> ClientContext:
        """What st.context reads."""
        return self

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Take one message."""
        self.unknown = self.unknown or msg.WhichOneof("type") == "page_not_found"


async def run(view: View) -> short.Short | None:
    """What the page says for this address; None where there is no such page.

    Raises TimeoutError where it takes longer than a robot waits.
    """
    runtime, listener, said = Runtime.instance(), Listener(), short.Short()
    session_id = runtime.connect_session(listener, user_info={})
    short.waiting[listener.name] = said
    try:
        session = runtime.get_app_session(session_id)
        if session is None:
            return None
        session.track_settling()
        query = urlencode([*(p for p in parse_qsl(view.query) if p[0] != "lang"), ("lang", view.language)])
        # Embedded: neither charts nor tables are sent to somebody who draws none.
        seen = ContextInfo(url=f"{view.base}/{view.page}", locale=view.language, is_embedded=True, color_scheme="light")
        session.request_rerun(ClientState(query_string=query, page_name=view.page, context_info=seen))
        async with asyncio.timeout(SECONDS):
            await session.wait_until_settled()
    finally:
        del short.waiting[listener.name]
        runtime.close_session(session_id)
    return None if listener.unknown or not said.title else said


class Previews:
    """Views in short and their pictures, each made once for a state of the data."""

    def __init__(self, version: Callable[[], str]) -> None:
        """version: names the state of the data, "" where there is none."""
        self.version = version
        self.said: TTLCache[object, short.Short | None] = TTLCache(KEPT, MINUTES * 60)
        self.pictures: TTLCache[object, bytes] = TTLCache(KEPT, MINUTES * 60)
        self.state = ""  # of the data, when last asked
        self.running: dict[object, asyncio.Task[short.Short | None]] = {}
        self.turns = asyncio.Semaphore(AT_ONCE)

    def known(self, view: View) -> short.Short | None:
        """What is known of a view already; nobody waits."""
        return self.said.get((self.state, view))

    async def told(self, view: View) -> short.Short | None:
        """A view in short; None where there is no such page, or where it cannot be told now."""
        self.state = await asyncio.to_thread(self.version)
        key = (self.state, view)
        if not self.state or "/" in view.page or len(view.address) > LONGEST:
            return None
        if key in self.said:
            return self.said[key]
        if key not in self.running:
            if len(self.running) >= WAITING:
                return None
            self.running[key] = asyncio.create_task(self._run(key, view))
        return await asyncio.shield(self.running[key])

    async def _run(self, key: object, view: View) -> short.Short | None:
        try:
            async with asyncio.timeout(2 * SECONDS), self.turns:
                self.said[key] = await run(view)
                return self.said[key]
        except TimeoutError:
            log.warning("no preview of /%s: it takes longer than %s seconds", view.page, SECONDS)
            return None
        except Exception:  # a preview is not worth an error page
            log.exception("no preview of /%s", view.page)
            return None
        finally:
            del self.running[key]

    async def picture(self, view: View) -> bytes:
        """A PNG of the view: its chart or its words; those of the whole site where it cannot be told."""
        said = await self.told(view)
        key = (self.state, view if said else view.language)
        if key not in self.pictures:
            from pages.parts import cards  # noqa: PLC0415 - a quarter of a second that no start has to wait for

            shown = said or general()
            chart = shown.picture(dict(parse_qsl(view.query)).get(short.CHART))
            sources = chart.sources if chart else shown.sources
            link = view.address if said else view.base
            async with self.turns:
                self.pictures[key] = await asyncio.to_thread(
                    cards.png, shown.title, plain(shown.paragraph), chart, sources, link
                )
        return self.pictures[key]

    async def route(self, request: Request) -> Response:
        """The picture of a view: ?page= names the page, the rest is the view's own."""
        view = asked(request.scope, request.query_params.get("page", "").strip("/"))
        if len(view.address) > LONGEST:
            return JSONResponse({"error": f"longer than {LONGEST} letters", "parameter": "", "legal": []}, 414)
        png = await self.picture(view)
        tag = f'"{self.state}-{hashlib.sha256(png).hexdigest()[:12]}"'
        headers = {"ETag": tag, "Cache-Control": f"public, max-age={MINUTES * 60}", "Vary": "Accept-Language"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(png, media_type="image/png", headers=headers)


def general() -> short.Short:
    """What is said of a view that cannot be told: title and description of the whole site."""
    return short.Short(
        title=_("园区指标浏览器"),
        paragraph=_("高新区的指标、目标和工作机制：每个数都能追到公布它的材料，每项目标都说明是否兑现、为什么。"),
    )


def plain(markdown: str) -> str:
    """A paragraph without its marks: links and colours leave their words."""
    said = re.sub(r"(?<!\\)\[([^\[\]]*)\]\([^)]*\)", r"\1", markdown)
    found = 1
    while found:  # one may stand in another
        said, found = re.subn(r":[a-z-]+\[((?:[^\[\]\\]|\\.)*)\]", r"\1", said)
    said = re.sub(r"(?<!\\)(\*\*|`)", "", said)
    return re.sub(r"\s+", " ", re.sub(r"\\(.)", r"\1", said)).replace("\u2060", "").strip()
