"""Escape texts from ledgers, files and addresses so that a page shows them as text and not as Markdown.

Depends on nothing else of the project, so that every part of a page can use it.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

SAFE_MARKS = frozenset("\"'%(),./:;?^+-=")  # marks that do nothing within a line
BLOCK_OPENER = re.compile(
    r"[+=-](?!\w)|\d+[.)](?!\S)"
)  # what makes a list, a rule or a heading of a line that begins with it
BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
# What the browser's part makes of a text after its backslashes are read: links of addresses, pictures of names
# between colons, arrows of signs. An element of its own around a mark keeps them apart, and a copied text whole.
ARROW_SIGNS = re.compile(r"(?<![<>=~-])(?:<->|->|<-|--|>=|<=|~=)(?![<>=~-])")
AUTO_FORMATTED = re.compile(rf"(?<=www)\.|@|:(?!\s)|{ARROW_SIGNS.pattern}", re.IGNORECASE)
UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\"'`<>()\\^{|}]")  # in an address between brackets
MARKUP = re.compile(r":[a-z-]+\[([^\[\]]*)\]|\[([^\[\]]*)\]\([^)]*\)")  # words with a colour, words of a link
PRIVATE_USE_BASE = 0xF0000  # where marks with a backslash stand while the others are taken away


@lru_cache(maxsize=8192)  # tables say the same again in every run
def escape_markdown(text: str) -> str:
    """Return Markdown that shows a text as it is, in one line: no link, picture, icon, colour, formula or sign."""
    text = BREAKS.sub(" ", text).strip(" ")
    opening = BLOCK_OPENER.match(text)
    escaped = [_escape_character(mark) if mark not in SAFE_MARKS else mark for mark in text]
    if opening:
        escaped[opening.end() - 1] = f"\\{text[opening.end() - 1]}"
    for found in AUTO_FORMATTED.finditer(text):
        first = found.start() + (found.end() - found.start() > 1)  # of a sign the first mark may stay where it is
        for place in range(first, found.end()):
            escaped[place] = f":color[{_escape_character(text[place])}]"
    return "".join(escaped)


def keep_together(markdown: str) -> str:
    """Return Markdown of one line that does not break: an element of its own, which a style of the pages holds.

    No character is put between its letters, so that a copied text is what was written.
    """
    return f":color[{markdown}]"


def _escape_character(mark: str) -> str:
    return f"\\{mark}" if mark.isascii() and mark.isprintable() and not mark.isalnum() and mark != " " else mark


def format_bold(text: str) -> str:
    """Return Markdown that shows a text as it is, in bold; empty for a blank text.

    Stars next to a mark do not count beside a letter: such a text is an element of its own.
    """
    bare = text.strip()
    bold = f"**{escape_markdown(text)}**" if bare else ""
    return bold if not bare or (bare[0].isalnum() and bare[-1].isalnum()) else f":color[{bold}]"


def format_link(text: str, url: str | None) -> str:
    """Return Markdown that shows a text as it is, linked to a web address; any other address is left out."""
    return f"[{escape_markdown(text)}]({escape_url(url)})" if url and is_web_address(url) else escape_markdown(text)


def is_web_address(url: str) -> bool:
    """Return whether an address is http or https and has a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def escape_url(url: str) -> str:
    """Escape an address for a link in Markdown without changing where it leads."""
    url = UNSAFE_IN_URL.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return re.sub(r"&(?=#?\w+;)", r"\\&", url)


def strip_markdown(markdown: str) -> str:
    """Return the text that a page shows for Markdown of the project: links and colours leave their words."""
    kept = re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: chr(PRIVATE_USE_BASE + ord(found[1])), markdown)
    found = 1
    while found:  # one may stand in another
        kept, found = MARKUP.subn(r"\1\2", kept)
    kept = re.sub(r"\s+", " ", re.sub(r"\*\*|`", "", kept)).strip()
    return "".join(chr(ord(mark) - PRIVATE_USE_BASE) if ord(mark) >= PRIVATE_USE_BASE else mark for mark in kept)
