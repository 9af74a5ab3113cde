"""The document of a page: Streamlit serves one for all; its head is made to tell of the very view."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any

from starlette.responses import RedirectResponse
from streamlit.config import get_option

from pages.shell import preview
from pages.ui import embed
from pages.wording import plain_text
from pages.wording.language import _

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

# Programs that read a document for its head, and the browsers inside chat programs, whose name their readers share.
ROBOT = re.compile(
    r"bot|spider|crawl|slurp|preview|externalhit|whatsapp|telegram|skype|teams|discord|slack|mastodon|pinterest|"
    r"micromessenger|wechat|dingtalk|feishu|lark|weibo|\bqq/|baidu|sogou|bytespider|linkedin",
    re.IGNORECASE,
)
OF_PROGRAMS = re.compile(r"(^|/)(api|_stcore|static|media|component|app)(/|$)|\.[^/]*$")
TITLE = "<title>Streamlit</title>"
LANGUAGE = '<html lang="en">'
# For programs that wait for a page; a script within the document is what its rules forbid.
WITHIN = re.compile(r"<script>\s*window\.prerenderReady = false;?\s*</script>")
SLASH = re.compile("%2f", re.IGNORECASE)
LETTERS = 200  # of a description
CODES = {"zh": ("zh-CN", "zh_CN"), "en": ("en", "en_US")}  # of HTML, of Open Graph
LEFT_OUT = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
MADE_ANEW = (b"content-length", b"etag", b"last-modified", b"vary")


class Document:
    """Puts title, description and picture of the view into the document of every page.

    A robot waits until the page has run; a browser gets what is known, at once.
    """

    def __init__(self, app: Any, previews: preview.Previews) -> None:
        self.app, self.previews = app, previews

    async def __call__(self, scope: Message, receive: Any, send: Send) -> None:
        page = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not OF_PROGRAMS.search(scope["path"])
        if not page:
            await self.app(scope, receive, send)
            return
        if place := elsewhere(scope):
            await RedirectResponse(place)(scope, receive, send)
            return
        view = preview.asked(scope)
        said = self.previews.known(view)
        if said is None and robot(scope):
            said = await self.previews.told(view)
        # The document is short and is compressed by the proxy, if at all; here it is needed whole and as it is.
        headers = [(name, value) for name, value in scope["headers"] if name not in LEFT_OUT]
        await self.app({**scope, "headers": headers}, receive, rewriting(send, view, said))


def elsewhere(scope: Message) -> str:
    """Where to send who asks for an address that Streamlit's document cannot show; "" where it can.

    It finds its scripts below no folder, the first page has no name, and no name has an escaped slash in it. Told from
    where the reader is, since a proxy may have taken a folder of its own away.
    """
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    folder = str(get_option("server.baseUrlPath") or "").strip("/")
    inner = path[len(folder) + 2 :] if folder and path.startswith(f"/{folder}/") else path[1:]
    name = SLASH.sub("-", inner.strip("/").rpartition("/")[2])
    if name == inner.strip("/") != embed.FIRST:
        return ""
    return ("../" * inner.count("/") or "./") + (name if name != embed.FIRST else "") + (f"?{query}" if query else "")


def robot(scope: Message) -> bool:
    """Whether who asks says that it is no browser, or a chat program."""
    agent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"user-agent"), "")
    return "Mozilla" not in agent or bool(ROBOT.search(agent))


def rewriting(send: Send, view: preview.View, said: embed.Short | None) -> Send:
    """Hand on an answer; where it is the document of a page, with its head made anew."""
    start: Message = {}
    body = b""

    async def rewritten(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            html = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
            start = message if html and message["status"] == 200 else {}
        if not start:
            await send(message)
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
            if not message.get("more_body"):
                made = told(body.decode(), view, said).encode()
                await send({**start, "headers": headers(start, made)})
                await send({"type": "http.response.body", "body": made})

    return rewritten


def headers(start: Message, body: bytes) -> list[tuple[bytes, bytes]]:
    """The headers of the document made anew; the answer to HEAD has no body and tells no length."""
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in MADE_ANEW]
    length = [(b"content-length", str(len(body)).encode())] if body else []
    return [*kept, *length, (b"vary", b"Accept-Language, User-Agent")]


def told(html: str, view: preview.View, said: embed.Short | None) -> str:
    """The document with the head of this view; one that is not Streamlit's stays as it is."""
    if TITLE not in html:
        return html
    return (
        WITHIN.sub("", html)
        .replace(TITLE, head(view, said))
        .replace(LANGUAGE, f'<html lang="{CODES[view.language][0]}">')
    )


def head(view: preview.View, said: embed.Short | None) -> str:
    """Title, description, canonical address and picture, for search engines and chat programs; the rules of a frame."""
    site = _("园区指标浏览器")
    shown = said or preview.general()
    description = plain_text.unmarked(shown.paragraph) or plain_text.unmarked(preview.general().paragraph)
    if len(description) > LETTERS:
        description = description[: LETTERS - 1] + "…"
    properties = {
        "og:site_name": site,
        "og:type": "website",
        "og:title": shown.title,
        "og:description": description,
        "og:url": view.address,
        "og:locale": CODES[view.language][1],
        "og:image": view.image,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": shown.title,
    }
    names = {
        "description": description,
        "twitter:card": "summary_large_image",
        "twitter:title": shown.title,
        "twitter:description": description,
        "twitter:image": view.image,
    }
    title = site if shown.title == site else f"{shown.title} · {site}"
    return "\n    ".join(
        [
            f"<title>{escape(title)}</title>",
            f"<style>{embed.FRAME}</style>",
            f'<link rel="canonical" href="{escape(view.address)}" />',
            *(f'<meta property="{name}" content="{escape(value)}" />' for name, value in properties.items()),
            *(f'<meta name="{name}" content="{escape(value)}" />' for name, value in names.items()),
        ]
    )
