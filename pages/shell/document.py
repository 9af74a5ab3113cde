"""Rewrite the document that Streamlit serves for every page: its head describes the view that was requested."""

import re
from html import escape
from urllib.parse import unquote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.config import get_option

from pages.shell import incoming, preview
from pages.ui import embed
from pages.ui.address import strip_sentence_end
from pages.wording import plain_text
from pages.wording.language import _

# Programs that read a document for its head, and the browsers inside chat programs, whose name their readers share.
ROBOT = re.compile(
    r"bot|spider|crawl|slurp|preview|externalhit|whatsapp|telegram|skype|teams|discord|slack|mastodon|pinterest|"
    r"micromessenger|wechat|dingtalk|feishu|lark|weibo|\bqq/|baidu|sogou|bytespider|linkedin",
    re.IGNORECASE,
)
PROGRAM_PATHS = re.compile(r"(^|/)(api|_stcore|static|media|component|app)(/|$)|\.\w[^/]*$")
TITLE_ELEMENT = "<title>Streamlit</title>"
HTML_ELEMENT = '<html lang="en">'
# A browser's translator would replace texts under the hands of the page's program, which then fails. Both languages
# are offered on every page.
UNTRANSLATED = 'translate="no" class="notranslate"'
# For programs that wait for a page; a script within the document is what its rules forbid.
PRERENDER_SCRIPT = re.compile(r"<script>\s*window\.prerenderReady = false;?\s*</script>")
PAGE_NAME = re.compile("[a-z]*")
ESCAPED_SLASH = re.compile("%2f", re.IGNORECASE)
MOST_DESCRIPTION_LETTERS = 200  # of a description
LANGUAGE_CODES = {"zh": ("zh-CN", "zh_CN"), "en": ("en", "en_US")}  # of HTML, of Open Graph
DROPPED_REQUEST_HEADERS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
REPLACED_HEADERS = (b"content-length", b"etag", b"last-modified", b"vary")


class DocumentMiddleware:
    """Middleware that puts title, description and picture of the view into the document of every page.

    A robot waits until the page has run; a browser gets what is known at once.
    """

    def __init__(self, app: ASGIApp, previews: preview.Previews) -> None:
        self.app, self.previews = app, previews

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = (
            scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not PROGRAM_PATHS.search(scope["path"])
        )
        if not page:
            await self.app(scope, receive, send)
            return
        if place := find_redirect(scope):
            await RedirectResponse(place)(scope, receive, send)
            return
        view = preview.parse_view(scope)
        said = self.previews.find_summary(view)
        if said is None and is_robot(scope):
            said = await self.previews.summarize(view)
        # The document is short and is compressed by the proxy, if at all; here it is needed whole and as it is.
        headers = [(name, value) for name, value in scope["headers"] if name not in DROPPED_REQUEST_HEADERS]
        await self.app({**scope, "headers": headers}, receive, make_rewriting_send(send, view, said))


def find_redirect(scope: Scope) -> str:
    """Return where to redirect a request for an address that Streamlit's document cannot show as it was meant.

    "" where it can. The document finds its scripts below no further folder, the first page has no name, and no name
    contains an escaped slash; of links that other programs changed see incoming.py. The redirect is relative to the
    reader's address, since a proxy may have removed a folder.
    """
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    folder = str(get_option("server.baseUrlPath") or "").strip("/")
    inner = path[len(folder) + 2 :] if folder and path.startswith(f"/{folder}/") else path[1:]
    name = ESCAPED_SLASH.sub("-", inner.strip("/").rpartition("/")[2])
    if PAGE_NAME.fullmatch(bare := strip_sentence_end(unquote(name))):
        name = bare
    mended = incoming.mend_query(query)
    if name == inner.strip("/") != embed.ROOT_PAGE and mended == query:
        return ""
    return (
        ("../" * inner.count("/") or "./")
        + (name if name != embed.ROOT_PAGE else "")
        + (f"?{mended}" if mended else "")
    )


def is_robot(scope: Scope) -> bool:
    """Return whether the client says that it is not a browser, or that it is part of a chat program."""
    agent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"user-agent"), "")
    return "Mozilla" not in agent or bool(ROBOT.search(agent))


def make_rewriting_send(send: Send, view: preview.View, said: embed.ShortView | None) -> Send:
    """Return a send function that passes an answer on, with a new head where it is the document of a page."""
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
                made = rewrite_document(body.decode(), view, said).encode()
                await send({**start, "headers": make_document_headers(start, made)})
                await send({"type": "http.response.body", "body": made})

    return rewritten


def make_document_headers(start: Message, body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers of the rewritten document; the answer to HEAD has no body, so it states no length."""
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in REPLACED_HEADERS]
    length = [(b"content-length", str(len(body)).encode())] if body else []
    return [*kept, *length, (b"vary", b"Accept-Language, User-Agent")]


def rewrite_document(html: str, view: preview.View, said: embed.ShortView | None) -> str:
    """Return the document with the head of this view; a document that is not Streamlit's is returned unchanged."""
    if TITLE_ELEMENT not in html:
        return html
    return (
        PRERENDER_SCRIPT.sub("", html)
        .replace(TITLE_ELEMENT, make_document_head(view, said))
        .replace(HTML_ELEMENT, f'<html lang="{LANGUAGE_CODES[view.language][0]}" {UNTRANSLATED}>')
    )


def make_document_head(view: preview.View, said: embed.ShortView | None) -> str:
    """Return the head: title, description, canonical address, picture, and the styles of a frame.

    For search engines and chat programs.
    """
    site = _("园区指标浏览器")
    shown = said or preview.make_site_summary()
    description = plain_text.strip_markdown(shown.paragraph) or plain_text.strip_markdown(
        preview.make_site_summary().paragraph
    )
    if len(description) > MOST_DESCRIPTION_LETTERS:
        description = description[: MOST_DESCRIPTION_LETTERS - 1] + "…"
    properties = {
        "og:site_name": site,
        "og:type": "website",
        "og:title": shown.title,
        "og:description": description,
        "og:url": view.address,
        "og:locale": LANGUAGE_CODES[view.language][1],
        "og:image": view.image,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": shown.title,
    }
    names = {
        "google": "notranslate",
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
            f"<style>{embed.FRAME_STYLE}</style>",
            f'<link rel="canonical" href="{escape(view.address)}" />',
            *(f'<meta property="{name}" content="{escape(value)}" />' for name, value in properties.items()),
            *(f'<meta name="{name}" content="{escape(value)}" />' for name, value in names.items()),
        ]
    )
