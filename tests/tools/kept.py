"""Markdown of the pages without what keeps words together in one line."""

import re

KEPT = re.compile(r":color\[((?:[^\[\]\\]|\\.|(?::\w+)?\[(?:[^\[\]\\]|\\.)*\])*)\]")


def unwrap(markdown: str) -> str:
    """Return the Markdown as if its words could break."""
    found = 1
    while found:  # a mark that is set apart may stand in it
        markdown, found = KEPT.subn(r"\1", markdown)
    return markdown
