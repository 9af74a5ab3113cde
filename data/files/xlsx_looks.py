"""How a workbook looks, written into its texts: what reads the workbook drops it, and the figures would be others."""

import html
import io
import re
import zipfile

from data.files.number_format import looks_dated
from data.files.xlsx_package import STYLES

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# One run of a text with its look; a look has some hundred letters.
RUN = re.compile(
    r"(?P<start><(?P<x>(?:[^\s<>/:]+:)?)r>\s*<(?P=x)rPr>(?P<look>(?:(?!</(?P=x)rPr>).){0,4000}?)</(?P=x)rPr>"
    r"\s*<(?P=x)t(?:\s[^<>]*)?>)(?P<text>[^<]*)(?P<end></(?P=x)t>)",
    re.DOTALL,
)
RAISED = re.compile(r"""vertAlign\s+(?:[^<>]*\s)?val\s*=\s*["'](su(?:per|b)script)["']""")
STRUCK = re.compile(r"""<(?:[^\s<>/:]+:)?strike(?:\s+val\s*=\s*["'](?:1|true|on)["'])?\s*/?>""")
NAMED = re.compile(r"[A-Za-z](?:</(?:[^\s<>/:]+:)?t>\s*</(?:[^\s<>/:]+:)?r>\s*)$")  # a letter ends the run before
CODE = re.compile(r"""(?P<name>\sformatCode\s*=\s*)(?P<quote>["'])(?P<code>.*?)(?P=quote)""", re.DOTALL)


def write_looks(content: bytes) -> bytes:
    """Return a workbook whose texts say what their look says, as far as a figure depends on it.

    Raised and lowered letters are raised letters of Unicode, or stand in brackets: the mark of a note would be a digit
    of its number. Letters that are struck out are left out. A format with US$ is one of numbers: S would be a second.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        made = {}
        for name in package.namelist():
            if name.startswith("xl/") and name.endswith(".xml"):
                text = package.read(name)
                written = _write_part(name, text)
                if written is not text:
                    made[name] = written
        if not made:
            return content
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry in package.infolist():
                copy.writestr(entry.filename, made.get(entry.filename) or package.read(entry))
    return buffer.getvalue()


def _write_part(name: str, content: bytes) -> bytes:
    """Return a part of a workbook with its looks written, the same object if it has none."""
    if name == STYLES:
        text = content.decode("utf-8", "replace")
        written = CODE.sub(_write_code, text)
    elif any(word in content for word in (b"superscript", b"subscript", b"strike")):
        text = content.decode("utf-8", "replace")
        written = RUN.sub(_write_run, text)
    else:
        return content
    return content if written == text else written.encode()


def _write_code(match: re.Match[str]) -> str:
    return (
        f"{match['name']}{match['quote']}0{match['quote']}" if looks_dated(html.unescape(match["code"])) else match[0]
    )


def _write_run(run: re.Match[str]) -> str:
    if STRUCK.search(run["look"]):
        return f"{run['start']}{run['end']}"
    raised = RAISED.search(run["look"])
    if raised is None or (
        raised[1] == "subscript" and NAMED.search(run.string[max(0, run.start() - 100) : run.start()])
    ):
        return run[0]  # the 2 of CO₂ belongs to the name
    return f"{run['start']}{raise_letters(run['text'])}{run['end']}"


def raise_letters(text: str) -> str:
    """Return digits as raised digits of Unicode, other letters in brackets."""
    letters = text.strip()
    return letters.translate(SUPERSCRIPTS) if letters.isdecimal() else f"[{letters}]" if letters else ""
