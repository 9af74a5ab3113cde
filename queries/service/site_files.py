"""What robots and browsers ask every host for: /robots.txt and /favicon.ico."""

import struct
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

DAY = {"Cache-Control": "public, max-age=86400"}
ICON = 64  # pixels of a side


def robots(base: str) -> bytes:
    """Pages may be read by robots; sessions and SQL may not. base: the base path, as park, or ""."""
    below = f"/{base.strip('/')}" if base.strip("/") else ""
    closed = ["/api/query", "/_stcore/", *([f"{below}/api/query", f"{below}/_stcore/"] if below else [])]
    return "".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in closed), "Allow: /\n"]).encode()


def ico(picture: bytes) -> bytes:
    """A PNG of ICON pixels as the one picture of an icon file."""
    entry = struct.pack("<BBBBHHII", ICON, ICON, 0, 0, 1, 32, len(picture), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + picture


def routes(icon: Path, base: str) -> list[Route]:
    """Both, at the root and below the base path. icon: a PNG of ICON pixels."""
    files = {
        "robots.txt": (robots(base), "text/plain; charset=utf-8"),
        "favicon.ico": (ico(icon.read_bytes()), "image/x-icon"),
    }
    found = []
    for name, (content, kind) in files.items():

        async def answer(_: object, content: bytes = content, kind: str = kind) -> Response:
            return Response(content, media_type=kind, headers=DAY)

        for below in dict.fromkeys(["", f"/{base.strip('/')}" if base.strip("/") else ""]):
            found.append(Route(f"{below}/{name}", answer))
    return found
