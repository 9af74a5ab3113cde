"""Texts that are not ours, as a page shows them: what stands in a ledger, a file or an address is text and no Markdown.

Knows nothing but text, so that every part of a page can use it.
"""

import re
from urllib.parse import urlsplit

QUIET = frozenset("\"'%(),./:;?^+-=")  # marks that do nothing within a line
OPENS = re.compile(r"[+=-](?!\w)|\d+[.)](?!\S)")  # what makes a list, a rule or a heading of a line that begins with it
BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
# What the browser's part makes of a text after its backslashes are read: links of addresses, pictures of names
# between colons, arrows of signs. An element of its own around a mark keeps them apart, and a copied text whole.
SIGNS = re.compile(r"(?<![<>=~-])(?:<->|->|<-|--|>=|<=|~=)(?![<>=~-])")
WOVEN = re.compile(rf"(?<=www)\.|@|:(?!\s)|{SIGNS.pattern}", re.IGNORECASE)
JOINER = "\u2060"  # invisible, without width, and no punctuation
UNSAFE = re.compile(r"[\x00-\x20\x7f\"'`<>()\\^{|}]")  # in an address between brackets
MARKED = re.compile(r":[a-z-]+\[([^\[\]]*)\]|\[([^\[\]]*)\]\([^)]*\)")  # words with a colour, words of a link
KEPT_APART = 0xF0000  # where marks with a backslash stand while the others are taken away


def plain(text: str) -> str:
    """Markdown that shows a text as it is, in one line: no link, picture, icon, colour, formula or sign comes of it."""
    text = BREAKS.sub(" ", text).strip(" ")
    opening = OPENS.match(text)
    escaped = [_escaped(mark) if mark not in QUIET else mark for mark in text]
    if opening:
        escaped[opening.end() - 1] = f"\\{text[opening.end() - 1]}"
    for found in WOVEN.finditer(text):
        first = found.start() + (found.end() - found.start() > 1)  # of a sign the first mark may stay where it is
        for place in range(first, found.end()):
            escaped[place] = f":color[{_escaped(text[place])}]"
    return "".join(escaped)


def _escaped(mark: str) -> str:
    return f"\\{mark}" if mark.isascii() and mark.isprintable() and not mark.isalnum() and mark != " " else mark


def within_bold(text: str) -> str:
    """A text as it is, for a place between two stars and two stars: beside a letter they count only before a letter."""
    edges = [JOINER if end and not end.isalnum() else "" for end in (text.strip()[:1], text.strip()[-1:])]
    return edges[0] + plain(text) + edges[1]


def bold(text: str) -> str:
    """A text as it is, in bold."""
    return f"**{within_bold(text)}**" if text.strip() else ""


def linked(text: str, url: str | None) -> str:
    """A text as it is, which leads to an address of the web where it has one; any other address is left out."""
    return f"[{plain(text)}]({safe(url)})" if url and of_web(url) else plain(text)


def of_web(url: str) -> bool:
    """Whether an address is one of the web: of http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def safe(url: str) -> str:
    """An address as it may stand in a link of Markdown; it leads where it led."""
    url = UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return re.sub(r"&(?=#?\w+;)", r"\\&", url)


def unmarked(markdown: str) -> str:
    """The text that a page shows of Markdown of ours: links and colours leave their words."""
    kept = re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: chr(KEPT_APART + ord(found[1])), markdown)
    found = 1
    while found:  # one may stand in another
        kept, found = MARKED.subn(r"\1\2", kept)
    kept = re.sub(r"\s+", " ", re.sub(r"\*\*|`", "", kept)).replace(JOINER, "").strip()
    return "".join(chr(ord(mark) - KEPT_APART) if ord(mark) >= KEPT_APART else mark for mark in kept)
