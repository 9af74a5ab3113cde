"""Files that robots and browsers request from every host: /robots.txt and /favicon.ico."""

import struct
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

CACHE_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
ICON_PIXELS = 64  # pixels of a side


def make_robots_txt(base: str) -> bytes:
    """Make robots.txt: robots may read pages, but neither sessions nor SQL. base: the base path, as park, or ""."""
    below = f"/{base.strip('/')}" if base.strip("/") else ""
    closed = ["/api/query", "/_stcore/", *([f"{below}/api/query", f"{below}/_stcore/"] if below else [])]
    return "".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in closed), "Allow: /\n"]).encode()


def make_icon_file(picture: bytes) -> bytes:
    """Make an icon file with a PNG of ICON_PIXELS pixels a side as its only picture."""
    entry = struct.pack("<BBBBHHII", ICON_PIXELS, ICON_PIXELS, 0, 0, 1, 32, len(picture), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + picture


def make_site_routes(icon: Path, base: str) -> list[Route]:
    """Make the routes of both files, at the root and below the base path. icon: a PNG of ICON_PIXELS pixels a side."""
    files = {
        "robots.txt": (make_robots_txt(base), "text/plain; charset=utf-8"),
        "favicon.ico": (make_icon_file(icon.read_bytes()), "image/x-icon"),
    }
    found = []
    for name, (content, kind) in files.items():

        async def answer(_: object, content: bytes = content, kind: str = kind) -> Response:
            return Response(content, media_type=kind, headers=CACHE_FOR_A_DAY)

        for below in dict.fromkeys(["", f"/{base.strip('/')}" if base.strip("/") else ""]):
            found.append(Route(f"{below}/{name}", answer))
    return found
