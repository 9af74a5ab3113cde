"""Limit how much of the server one address may take at a time, and find which address asks.

Settings, all by environment: PARK_RATE units a second, after PARK_RATE_BURST units at once; PARK_CONNECTIONS
units under way at once, and as many sessions; 0 switches the limit off. A page or a file is one unit; an answer
of the routes, a session or an upload is HEAVY units. PARK_PROXIES: the number of trusted proxies in front of
the server, 0 for none.

The defaults suit an office of 50 people behind one address. A first visit loads some 140 files and opens a
session: 50 first visits at the same moment are 7,500 units. A browser asks for six files at once: 300 units.
"""

import ipaddress
import json
import logging
import math
import re
import time
from collections import OrderedDict
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from data import settings

HEAVY = 10
ADDRESSES = 20_000  # that are remembered, a few hundred bytes each
UPLOADS, WEBSOCKET, HEALTH = "/_stcore/upload_file/", "websocket", ("/api/health", "/api/ready", "/_stcore/health")
TRY_LATER_CODE = 1013  # code of a websocket's end
log = logging.getLogger("park")


def find_client_address(scope: Scope) -> str:
    """Find the address that asks; for IPv6 its network of 64 bits, since one household has all of it; "" if unknown.

    Behind PARK_PROXIES trusted proxies it is the address that the first of them was asked by. Whatever precedes it
    in X-Forwarded-For was written by the client and is not trusted.
    """
    peer = scope.get("client") or ("", 0)
    proxies = int(settings.get_number_setting("PARK_PROXIES"))
    if proxies:
        named = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        hops = [hop.strip() for hop in named.decode("latin-1").split(",") if hop.strip()]
        if hops:
            return normalize_address(hops[-min(proxies, len(hops))])
    return normalize_address(str(peer[0]))


@lru_cache(4096)
def normalize_address(address: str) -> str:
    """Normalize an address to the form in which it is counted; a text that is no address is kept."""
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([^:]*):\d+$", r"\1\3", address)[:64]
    try:
        read = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or ipaddress.ip_network((int(read) >> 64 << 64, 64)))


class Visitor:
    """What an address has taken: units it has left at a moment, units under way, sessions."""

    __slots__ = ("left", "sessions", "since", "under_way")

    def __init__(self, left: float) -> None:
        self.left, self.since, self.under_way, self.sessions = left, time.monotonic(), 0, 0


class Throttle:
    """Middleware around pages, files, routes and sessions.

    Who asks too much at a time is told when to come again (429).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.rate, self.most = settings.get_number_setting("PARK_RATE"), settings.get_number_setting("PARK_CONNECTIONS")
        self.burst = max(settings.get_number_setting("PARK_RATE_BURST"), HEAVY)
        self.visitors: OrderedDict[str, Visitor] = OrderedDict()
        self.told = settings.get_number_setting("PARK_PROXIES") > 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", WEBSOCKET) or scope["path"].endswith(HEALTH):
            await self.app(scope, receive, send)
            return
        path, session = scope["path"], scope["type"] == WEBSOCKET
        weight = HEAVY if session or path.startswith("/api/") or UPLOADS in path else 1
        self._tell(scope)
        visitor = self._visitor(find_client_address(scope))
        if seconds := self._must_wait(visitor, weight, session):
            await send_refusal(scope, send, seconds)
            return
        visitor.under_way += 0 if session else weight
        visitor.sessions += session
        try:
            await self.app(scope, receive, send)
        finally:
            visitor.under_way -= 0 if session else weight
            visitor.sessions -= session

    def _visitor(self, address: str) -> Visitor:
        visitor = self.visitors.get(address)
        if visitor is None:
            visitor = self.visitors[address] = Visitor(self.burst)
            # The longest absent go, but for those who have something under way.
            for other in list(self.visitors)[:8] if len(self.visitors) > ADDRESSES else ():
                if self.visitors[other].under_way or self.visitors[other].sessions:
                    self.visitors.move_to_end(other)
                elif len(self.visitors) > ADDRESSES:
                    del self.visitors[other]
        self.visitors.move_to_end(address)
        return visitor

    def _must_wait(self, visitor: Visitor, weight: int, session: bool) -> int:
        """Return the seconds until it is worth asking again; 0: admitted, and the units are taken."""
        taken, more = (visitor.sessions, 1) if session else (visitor.under_way, weight)
        if self.most and taken and taken + more > self.most:
            return 2
        if not self.rate:
            return 0
        now = time.monotonic()
        visitor.left, visitor.since = min(self.burst, visitor.left + (now - visitor.since) * self.rate), now
        if visitor.left < weight:
            return math.ceil((weight - visitor.left) / self.rate)
        visitor.left -= weight
        return 0

    def _tell(self, scope: Scope) -> None:
        """Warn once that all visitors may be counted as one address.

        The server itself trusts a proxy on its own machine, and then knows no port.
        """
        if self.told or not (scope.get("client") or ("", 0))[1]:
            return
        if any(name == b"x-forwarded-for" for name, _ in scope["headers"]):
            self.told = True
            log.warning("Requests name X-Forwarded-For. If a proxy of yours stands before this server, set "
                        "PARK_PROXIES=1: without it all visitors count as one address.")  # fmt: skip


async def send_refusal(scope: Scope, send: Send, seconds: int) -> None:
    """Send 429 with the seconds to wait: JSON from the routes, else a line of text; a session is not opened."""
    said = f"Too many requests from this address. Ask again in {seconds} s."
    api = scope["path"].startswith("/api/")
    body = (json.dumps({"error": said}) if api else f"此地址的请求太多，请在 {seconds} 秒后再试。\n{said}\n").encode()
    kind = b"application/json" if api else b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store"),
               (b"retry-after", str(seconds).encode())]  # fmt: skip
    if api:
        headers += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"Retry-After")]
    before = ""
    if scope["type"] == WEBSOCKET:
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": TRY_LATER_CODE, "reason": said})
            return
        before = "websocket."
    await send({"type": f"{before}http.response.start", "status": 429, "headers": headers})
    await send({"type": f"{before}http.response.body", "body": body})
