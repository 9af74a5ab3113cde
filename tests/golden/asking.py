"""Every address of addresses.txt, asked of a served tree: what came, as an entry of the record."""

import contextlib
import http.client
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.golden.bodies import digest_of, lines_of
from tests.golden.normal import Normal, digest
from tests.golden.record import Entries, Entry

LIST = Path(__file__).parent / "addresses.txt"
# Headers that say something of the answer itself; ETag and dates hang on the files of the program.
HEADERS = (
    "cache-control", "vary", "content-disposition", "content-encoding", "content-range", "accept-ranges", "link",
    "x-total-count", "allow", "location", "retry-after", "access-control-allow-origin",
)  # fmt: skip
LONG = ("content-security-policy", "permissions-policy", "x-frame-options", "referrer-policy")  # told by a digest
HOST = "localhost"  # pictures of views cite the address at which they were asked for, port and all
TRIES, SLOW_SECONDS = 8, 3
FAULT = 400


@dataclass(frozen=True)
class Address:
    """One request. world: of which state of the data; headers: those that are sent."""

    world: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The name of the entry: group and address."""
        route = re.match(r"/api/([\w-]+)", self.path)
        group = f"api-{route[1]}" if route else "web"
        said = [self.method] if self.method != "GET" else []
        sent = [f"[{name}: {value}]" for name, value in self.headers]
        return f"{group}/{' '.join([*([self.world] if self.world != 'base' else []), *said, self.path, *sent])}"


def addresses(path: Path = LIST) -> Iterator[Address]:
    """Read the list: a line is [own] [METHOD] /path [Header: value]; # begins a comment."""
    for line in path.read_text("utf-8").splitlines():
        said = re.fullmatch(r"(own )?(?:([A-Z]+) )?(/\S*)((?: \[[^\]]+\])*)", line.strip())
        if said is None and line.strip() and not line.startswith("#"):
            raise ValueError(f"{path.name}: {line}")
        if said is not None:
            sent = re.findall(r"\[([^:\]]+): ([^\]]*)\]", said[4])
            yield Address("own" if said[1] else "base", said[2] or "GET", said[3], tuple(sent))


def fetched(port: int, address: Address) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for an address, and again where the answer was slow: the server may have given up what it then has ready."""
    for _ in range(TRIES):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        with contextlib.closing(connection):
            connection.request(address.method, address.path, headers={"Host": HOST} | dict(address.headers))
            came = connection.getresponse()
            content = came.read()
        if time.monotonic() - began < SLOW_SECONDS:
            break
    return came, content


def answer(port: int, address: Address, normal: Normal) -> Entry:
    """Ask for an address and return what came."""
    came, content = fetched(port, address)
    kind = came.headers.get("content-type", "")
    told = [normal.text(f"{name}: {value}") for name in HEADERS for value in came.headers.get_all(name, [])]
    safe = [f"{name}: {value}" for name in LONG for value in came.headers.get_all(name, [])]
    lines = [f"{came.status} {kind}", *told, f"policies #{digest(chr(10).join(safe))}"]
    if came.headers.get("content-encoding"):
        return lines
    if "content-range" in came.headers:
        return [*lines, f"{len(content)} bytes"]
    read = lines_of(kind, content, normal)
    lines.append(digest_of(kind, content, read, normal))
    return (
        [*lines, normal.text(content.decode()).rstrip()]
        if content and came.status >= FAULT and "json" in kind
        else lines + read
    )


def asked(port: int, wanted: list[Address], normal: Normal) -> Entries:
    """Ask for addresses one after the other."""
    return {address.name: answer(port, address, normal) for address in wanted}
