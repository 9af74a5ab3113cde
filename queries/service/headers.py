"""Response headers of pages and routes: what a document may load, and which sites may show it in a frame."""

import logging
import os
import re
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("park")


def build_content_policy(framers: str, *scripts: str) -> bytes:
    """Build the content security policy: as strict as Streamlit works with, everything from this server.

    framers: the frame-ancestors rule; scripts: hashes of scripts within the document itself.
    """
    return "; ".join(
        [
            "default-src 'self'",
            # Streamlit colours code with a program of WebAssembly; that is no eval of scripts.
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *scripts]),
            "style-src 'self' 'unsafe-inline'",  # Streamlit makes the styles of its elements in the browser
            "img-src 'self' data:",  # those of the heads of a table stand in its program
            "font-src 'self' data:",  # one of an icon stands in a style of Streamlit
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            framers,
        ]
    ).encode()


OWN_FRAMES = "frame-ancestors 'self'"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    # Two rules for one thing: old browsers know only the first. A committee may frame the site on its own host.
    b"x-frame-options": b"SAMEORIGIN",
    b"content-security-policy": build_content_policy(OWN_FRAMES),
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


# Of an embedded view: it shows figures and holds nothing to press.
EMBED_HEADERS = {name: value for name, value in HEADERS.items() if name != b"x-frame-options"}
HOST_PATTERN = re.compile(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def build_frame_rule(named: str | None) -> str:
    """Build the frame-ancestors rule of embedded views: any site if none is named, else this site and the named hosts.

    named: hosts separated by commas or spaces; "none": no other host. A word that is no host is logged and left
    out.
    """
    if named is None or not named.strip():
        return "frame-ancestors *"
    hosts = [] if named.strip().lower() == "none" else named.replace(",", " ").split()
    for host in hosts:
        if not HOST_PATTERN.fullmatch(host):
            log.error("PARK_FRAME_HOSTS: %r is no host and is left out; write https://www.example.org", host)
    return " ".join([OWN_FRAMES, *filter(HOST_PATTERN.fullmatch, hosts)])


def is_embed_request(scope: Scope) -> bool:
    """Tell whether a page is requested as embedded: any embed=true, in any case.

    Streamlit's code in the browser reads it the same way.
    """
    if scope["path"].startswith("/api"):
        return False
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return any(name.lower() == "embed" and value.lower() == "true" for name, value in asked)


def name_vary_once(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return a header as it is; `Vary` with each name once, where two layers added the same."""
    name, value = header
    if name.lower() != b"vary":
        return header
    return name, b", ".join(dict.fromkeys(part.strip() for part in value.split(b",")))


class ResponseHeaders:
    """Middleware that adds the response headers to pages and routes alike; a header that is set already is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.framed = EMBED_HEADERS | {
            b"content-security-policy": build_content_policy(build_frame_rule(os.environ.get("PARK_FRAME_HOSTS")))
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                headers = self.framed if is_embed_request(scope) else HEADERS
                added = [(name, value) for name, value in headers.items() if name not in present]
                message["headers"] = [*map(name_vary_once, message["headers"]), *added]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
