"""What may differ between two recordings of the same program is put into words that do not."""

import hashlib
import re
from pathlib import Path

import duckdb

from tests.tools.kept import unwrap

# A program that was only moved has other digests of itself: they stand in the database and in many names of files.
VERSIONS = (("data_version", "DATAVERSION0"), ("schema_version", "SCHEMA00"))

# The number by which operators find a fault in the log is drawn anew for every run of a page.
NUMBER = re.compile(r"(编号 |number )[0-9a-f]{8}\b")


def versions(database: Path) -> dict[str, str]:
    """Return what stands for each version that the database names."""
    with duckdb.connect(database, read_only=True) as connection:
        found = connection.execute("select * from build")
        names = [column[0] for column in found.description]
        row = dict(zip(names, found.fetchone() or (), strict=False))
    return {str(row[name]): word for name, word in VERSIONS if row.get(name)}


class Normal:
    """Puts words in the place of versions, folders and ports."""

    def __init__(self, database: Path, *, port: int = 0, tree: Path | None = None) -> None:
        self.words = versions(database)
        self.words |= {str(database.parent): "/world"}
        if tree is not None:
            self.words |= {str(tree): "/tree"}
        if port:
            self.words |= {f"127.0.0.1:{port}": "localhost"}

    def text(self, text: str) -> str:
        """Return a text with the words put in."""
        for found, word in self.words.items():
            text = text.replace(found, word)
        return NUMBER.sub(r"\g<1>00000000", text)

    def content(self, content: bytes) -> bytes:
        """Return bytes with the words put in."""
        for found, word in self.words.items():
            content = content.replace(found.encode(), word.encode())
        return content


def digest(content: bytes | str, length: int = 12) -> str:
    """Return the first hexadecimal digits of the SHA-256 of a text or of bytes."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:length]


def one_line(value: object) -> str:
    """Return a value as one line: ends of lines written out, and without what only keeps words together."""
    text = unwrap(str(value)).replace("\u2060", "").replace("\u00a0", " ").replace("\\", "\\\\")
    return re.sub(r"[\r\n\t\u2028\x85]", lambda found: {"\n": "\\n", "\t": "\\t"}.get(found[0], "\\r"), text)
