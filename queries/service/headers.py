"""Response headers of pages and routes: what a document may load, and who may show it in a frame."""

import logging
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger("park")


def policy(framers: str, *scripts: str) -> bytes:
    """From where a document may load what, as strict as Streamlit works with: all of it from this server.

    framers: who may frame it; scripts: hashes of scripts that stand in the document itself.
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
    b"content-security-policy": policy(OWN_FRAMES),
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


# Of an embedded view: it shows figures and holds nothing to press.
FRAMED = {name: value for name, value in HEADERS.items() if name != b"x-frame-options"}
HOST = re.compile(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def framers(named: str | None) -> str:
    """The rule for frames of embedded views: any site where none is named, else these hosts, or "none"."""
    if named is None or not named.strip():
        return "frame-ancestors *"
    hosts = [] if named.strip().lower() == "none" else named.replace(",", " ").split()
    for host in hosts:
        if not HOST.fullmatch(host):
            log.error("PARK_FRAME_HOSTS: %r is no host and is left out; write https://www.example.org", host)
    return " ".join([OWN_FRAMES, *filter(HOST.fullmatch, hosts)])


def embedded(scope: Scope) -> bool:
    """Whether a page is asked for as the browser's part of Streamlit reads it: any embed=true, in any case."""
    if scope["path"].startswith("/api"):
        return False
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return any(name.lower() == "embed" and value.lower() == "true" for name, value in asked)


class ResponseHeaders:
    """Adds the response headers to pages and routes alike; one that is set already stays."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.framed = FRAMED | {b"content-security-policy": policy(framers(os.environ.get("PARK_FRAME_HOSTS")))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                headers = self.framed if embedded(scope) else HEADERS
                message["headers"] = [*message["headers"], *((n, v) for n, v in headers.items() if n not in present)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
