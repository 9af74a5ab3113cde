"""Link previews: title, description and picture of a view, for chat programs and search engines.

They read the document and run nothing in it. So the page is run here once, as for a browser, in a session of
its own that is closed at once: the preview says what the page itself says to anybody.
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

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from streamlit.config import get_option
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import ClientContext, SessionClient

from pages.shell import incoming
from pages.shell.single_flight import KEPT_MINUTES, MOST_WAITING_TASKS, WAIT_SECONDS, SingleFlight, TooManyWaiting
from pages.ui import embed
from pages.wording import language as words
from pages.wording import plain_text
from pages.wording.language import _, join_sentences
from queries.database.run_context import RunContext, set_run_context

log = logging.getLogger("park")
MOST_RUNS_AT_ONCE = 2  # runs of pages and pictures
LONGEST_VIEW_ADDRESS = 4000  # letters of an address
MOST_ROWS = 5000  # of a chart that is drawn for a picture of this size
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True)
class View:
    """The view that an address asks for. base: scheme, host and base path; page: "" for the first one."""

    base: str
    page: str
    query: str  # without what only a frame needs
    language: str

    @property
    def address(self) -> str:
        """The address itself; the picture cites it."""
        return f"{self.base}/{self.page}" + (f"?{self.query}" if self.query else "")

    @property
    def image(self) -> str:
        """The address of the picture, in the language in which the document was requested."""
        pairs = [pair for pair in parse_qsl(self.query) if pair[0] not in ("lang", "page")]
        named = [("page", self.page)] if self.page else []
        return f"{self.base}/api/preview.png?{urlencode([*named, *pairs, ('lang', self.language)], safe=',')}"


def parse_view(scope: MutableMapping[str, Any], page: str | None = None) -> View:
    """Return the view that a request asks for, and set its language as that of the request.

    page: the page where the path does not name it.
    """
    request = Request(scope)
    folder = str(get_option("server.baseUrlPath") or "").strip("/")
    host = request.headers.get("host", "")
    if not HOST.fullmatch(host):
        host = "localhost"
    path = request.url.path.strip("/") if page is None else page
    if page is None and folder and (path == folder or path.startswith(f"{folder}/")):
        path = path[len(folder) :].strip("/")
    given = incoming.mend_parameters(request.query_params.multi_items())
    pairs = [pair for pair in given if not pair[0].lower().startswith("embed")]
    pairs = [pair for pair in pairs if page is None or pair[0] != "page"]
    spoken = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip(" *")
    language = words.find_language(dict(given).get("lang"), spoken or None)
    set_run_context(RunContext(language))
    # Uvicorn believes a proxy on this very address only; here nothing but the link of who asks depends on it.
    scheme = request.headers.get("x-forwarded-proto", "")
    scheme = scheme if scheme in ("http", "https") else request.url.scheme
    base = f"{scheme}://{host}" + (f"/{folder}" if folder else "")
    return View(base, path, urlencode(pairs, safe=","), language)


class PreviewClient(SessionClient):
    """A client of a session that takes what a browser would be sent and keeps nothing.

    What a page says in short is left elsewhere. It is its own context: no cookie, no address, and one header, which
    names the summary that the run is to fill.
    """

    def __init__(self) -> None:
        self.name = secrets.token_hex()
        self.headers = [(embed.PREVIEW_HEADER, self.name)]
        self.cookies: dict[str, str] = {}
        self.remote_ip = None

    @property
    def client_context(self) -> ClientContext:
        """What st.context reads."""
        return self

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Take one message and drop it."""


async def run_view(view: View) -> embed.ShortView | None:
    """Run the page of a view and return its summary; None where there is no such page.

    Raises TimeoutError where it takes longer than a robot waits.
    """
    runtime, listener, said = Runtime.instance(), PreviewClient(), embed.ShortView()
    session_id = runtime.connect_session(listener, user_info={})
    embed.pending_previews[listener.name] = said
    try:
        session = runtime.get_app_session(session_id)
        if session is None:
            return None
        session.track_settling()
        query = urlencode([*(p for p in parse_qsl(view.query) if p[0] != "lang"), ("lang", view.language)])
        # Embedded: neither charts nor tables are sent to somebody who draws none.
        seen = ContextInfo(url=f"{view.base}/{view.page}", locale=view.language, is_embedded=True, color_scheme="light")
        session.request_rerun(ClientState(query_string=query, page_name=view.page, context_info=seen))
        async with asyncio.timeout(WAIT_SECONDS):
            await session.wait_until_settled()
    finally:
        del embed.pending_previews[listener.name]
        runtime.close_session(session_id)
    if not said.title:
        return None
    chosen = said.picture(dict(parse_qsl(view.query)).get(embed.CHART_PARAMETER))
    # Kept is what a preview needs: the closures of tables hold whole pages of rows.
    told = join_sentences([embed.mark_view_as_sample() if said.sample else "", said.paragraph])
    return embed.ShortView(said.display_title, told, said.link, said.sources, pictures={"": chosen} if chosen else {})


class Previews:
    """Summaries and pictures of views, each made once for a state of the data."""

    def __init__(self, version: Callable[[], str]) -> None:
        """version: returns the name of the state of the data, "" where there is none."""
        turns = asyncio.Semaphore(MOST_RUNS_AT_ONCE)
        self.version, self.state = version, ""
        self.said: SingleFlight[embed.ShortView | None] = SingleFlight(turns)
        self.pictures: SingleFlight[bytes] = SingleFlight(turns)

    def find_summary(self, view: View) -> embed.ShortView | None:
        """Return the summary of a view if it was made already, without waiting."""
        return self.said.kept.get((self.state, view))

    async def summarize(self, view: View) -> embed.ShortView | None:
        """Return the summary of a view; None where there is no such page, or where it cannot be made now."""
        if "/" in view.page or len(view.address) > LONGEST_VIEW_ADDRESS:
            return None
        try:
            async with asyncio.timeout(WAIT_SECONDS):  # the data may still be made
                self.state = await asyncio.to_thread(self.version)
            if not self.state:
                return None
            return await self.said.get((self.state, view), lambda: run_view(view))
        except TooManyWaiting:
            log.warning("no preview of /%s: %s wait already", view.page, MOST_WAITING_TASKS)
        except TimeoutError:
            log.warning("no preview of /%s: it takes longer than %s seconds", view.page, WAIT_SECONDS)
        except Exception:  # a preview is not worth an error page
            log.exception("no preview of /%s", view.page)
        return None

    async def route(self, request: Request) -> Response:
        """Answer a request for the picture of a view: ?page= names the page, the rest is the view's own query."""
        view = parse_view(request.scope, request.query_params.get("page", "").strip("/"))
        if len(view.address) > LONGEST_VIEW_ADDRESS:
            return JSONResponse(
                {"error": f"longer than {LONGEST_VIEW_ADDRESS} letters", "parameter": "", "legal": []}, 414
            )
        said = await self.summarize(view)
        try:
            png = await self.pictures.get(
                (self.state, view if said else view.language), lambda: render_preview(view, said)
            )
        except (TooManyWaiting, TimeoutError):
            return JSONResponse({"error": "too many pictures are being made"}, 503, {"Retry-After": str(WAIT_SECONDS)})
        tag = f'"{self.state}-{hashlib.sha256(png).hexdigest()[:12]}"'
        # The picture of the whole site may stand for a view that can be told a moment later.
        cache = f"public, max-age={KEPT_MINUTES * 60}" if said else "no-cache"
        headers = {"ETag": tag, "Cache-Control": cache, "Vary": "Accept-Language"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(png, media_type="image/png", headers=headers)


async def render_preview(view: View, said: embed.ShortView | None) -> bytes:
    """Render a view as PNG: its chart or its words; those of the whole site where it has no summary."""
    from pages.shell import cards  # noqa: PLC0415 - a quarter of a second that no start has to wait for

    shown = said or make_site_summary()
    picture = shown.picture()
    if picture and picture.rows.height > MOST_ROWS:
        picture = None
    sources = picture.sources if picture else shown.sources
    link = view.address if said else view.base
    return await asyncio.to_thread(
        cards.render_card_png, shown.title, plain_text.strip_markdown(shown.paragraph), picture, sources, link
    )


def make_site_summary() -> embed.ShortView:
    """Return title and description of the whole site, for a view without a summary."""
    return embed.ShortView(
        title=_("园区指标浏览器"),
        paragraph=_("高新区的指标、目标和工作机制：每个数都能追到公布它的材料，每项目标都说明是否兑现、为什么。"),
    )
