"""The package that a workbook is: how much it holds, its sheets, and its parts piece by piece."""

import posixpath
import re
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable, Iterator

import polars as pl

from data.files.number_format import BUILT_IN, STRUCK_OUT, NumberFormat, parse_number_format
from data.tables.problems import UnreadableFile

PARTS = 4_000  # files in the package
SHEETS = 255
PIECE = 1 << 22
# Of a sheet: the tags that say where something stands. Polars matches without ever going back, in one pass.
TAG = r"^(?:[^\s<>/:]+:)?(?:c|row|col|mergeCell|f|v)(?:[\s/>]|$)"
PLACING_TAG = r"^(?:[^\s<>/:]+:)?(?:c|row|col|mergeCell)(?:[\s/>]|$)"
ANY_TAG = re.compile(rb"<")
CELL_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(?:c|row)[\s/>]")
CELL_LENGTH = 4_096  # bytes of a cell with a long formula
STYLES = "xl/styles.xml"
FORMULA = re.compile(r"<(?:[^\s<>/:]+:)?f[\s/>]")
DAMAGED = (
    "工作簿已损坏，打不开。请在表格软件里打开，另存为新的 .xlsx",
    "the workbook is damaged; open it in the spreadsheet program and save it as a new .xlsx",
)

StartHandler = Callable[[str, dict[str, str]], None]


def measure_package(package: zipfile.ZipFile, content: bytes, most: int) -> int:
    """Return how many bytes a package unpacks to, counted, not as declared. Raises UnreadableFile if too many."""
    total = 0
    if len(package.infolist()) > PARTS:
        raise UnreadableFile(
            f"工作簿里有 {len(package.infolist()):,} 个部件，最多 {PARTS:,} 个。请另存为 CSV",
            f"the workbook has {len(package.infolist()):,} parts, at most {PARTS:,} are taken; save it as CSV",
        )
    for entry in package.infolist():
        if entry.flag_bits & 1:
            raise UnreadableFile("文件有密码。请去掉密码，另存后再载入", "the file has a password; remove it")
        for size in _compute_piece_sizes(content, entry):
            total += size
            if total > most:
                raise UnreadableFile(
                    f"工作簿解开后超过 {most / 1e6:,.0f} MB。请分成几个文件，或另存为 CSV",
                    f"the workbook unpacks to more than {most / 1e6:,.0f} MB; split it, or save it as CSV",
                )
    return total


def _compute_piece_sizes(content: bytes, entry: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of the unpacked pieces of one entry, whatever size it declares."""
    start = entry.header_offset
    names, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    packed = memoryview(content)[start + 30 + names + extra :][: entry.compress_size]
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        yield len(packed)
        return
    inflater = zlib.decompressobj(-15)
    rest: bytes | memoryview = packed
    while len(rest) and not inflater.eof:
        piece = inflater.decompress(rest, 1 << 20)
        if not piece and not inflater.unconsumed_tail:
            break
        rest = inflater.unconsumed_tail
        yield len(piece)


def parse_part(
    package: zipfile.ZipFile, part: str, begun: Callable[[str], StartHandler], text: Callable[[str], None] | None = None
) -> None:
    """Pass every element of a part but the first, with its attributes, to the handler that `begun` returns.

    `begun` is given the prefix of the first element ("" or "x:"): a sheet has millions of elements, and to cut each
    name takes as long as reading it. text: handler of character data. Raises UnreadableFile.
    """
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, _: dict[str, str]) -> None:
        parser.StartElementHandler = begun(name[: name.rfind(":") + 1])

    def declared(*_: object) -> None:
        raise UnreadableFile(*DAMAGED)  # no spreadsheet program writes a document type

    parser.StartElementHandler = root
    parser.StartDoctypeDeclHandler = declared
    if text is not None:
        parser.CharacterDataHandler = text
    with package.open(part) as file:
        try:
            while piece := file.read(PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except xml.parsers.expat.ExpatError as error:
            raise UnreadableFile(*DAMAGED) from error


def read_sheet_list(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Read the list of the sheets, in the order of the workbook, each with its part of the package."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []

    def related(prefix: str) -> StartHandler:
        def start(name: str, attributes: dict[str, str]) -> None:
            if name == f"{prefix}Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        return start

    def listed(prefix: str) -> StartHandler:
        def start(name: str, attributes: dict[str, str]) -> None:
            if name == f"{prefix}sheet":
                code = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                named.append((attributes.get("name", ""), code))
                if len(named) > SHEETS:
                    raise UnreadableFile(
                        f"工作表超过 {SHEETS} 张，请分成几个文件", f"more than {SHEETS} sheets; split the workbook"
                    )

        return start

    parse_part(package, "xl/workbook.xml", listed)
    if "xl/_rels/workbook.xml.rels" in package.namelist():
        parse_part(package, "xl/_rels/workbook.xml.rels", related)
    return [(name, posixpath.normpath(_resolve_target(targets.get(code, "")))) for name, code in named]


def _resolve_target(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def read_cell_formats(package: zipfile.ZipFile) -> dict[str, NumberFormat]:
    """Read the number formats of the cell styles, by the number of the style; those that show a number as it is
    are left out. What is struck out is shown by none: it does not count for its reader."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    styles: list[NumberFormat] = []
    fonts, struck = 0, set[str]()

    def styled(prefix: str) -> StartHandler:
        group = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal group, fonts
            name = name.removeprefix(prefix)
            if name in ("fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                group = name
            elif name == "font" and group == "fonts":
                fonts += 1
            elif name == "strike" and group == "fonts" and attributes.get("val", "1") not in ("0", "false"):
                struck.add(str(fonts - 1))
            elif name == "numFmt" and group != "dxfs":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "xf" and group == "cellXfs":
                code = codes.get(attributes.get("numFmtId", ""), "")
                styles.append(STRUCK_OUT if attributes.get("fontId") in struck else parse_number_format(code))

        return start

    if STYLES in package.namelist():
        parse_part(package, STYLES, styled)
    return {str(at): style for at, style in enumerate(styles) if not style.is_plain}


def read_pieces(package: zipfile.ZipFile, part: str, tags: re.Pattern[bytes] = ANY_TAG) -> Iterator[str]:
    """Yield the text of a part in pieces, cut before tags. Raises UnreadableFile if a tag has no end.

    tags: what the tags begin with before which to cut, where there are any.
    """
    rest = b""
    with package.open(part) as file:
        following = file.read(PIECE)
        while piece := following:
            following = file.read(PIECE)
            held = rest + piece
            cut = held.rfind(b"<")
            endless = cut < 0 or len(held) - cut > PIECE
            if endless and len(held) > 2 * PIECE:
                raise UnreadableFile(*DAMAGED)
            if endless or not following:  # a part that fits into one piece comes whole
                rest = held
                continue
            ends = [match.start() for match in tags.finditer(held, max(0, cut - CELL_LENGTH))]
            cut = ends[-1] if ends and ends[-1] else cut
            yield held[:cut].decode("utf-8", "replace")
            rest = held[cut:]
    yield rest.decode("utf-8", "replace")


def parse_tags(text: str) -> pl.DataFrame:
    """Return the cells, rows, columns and merged ranges that begin in a text, in its order.

    Columns: tag (c, row, col, mergeCell; where a text has formulas, f and v too), letters and number of its stated
    place, style, kind (the t of a cell), ref, least and most (of a col), hidden; null if not stated. written: of v, the
    value as it stands.
    """
    told = pl.col("text")
    tags = split_at_tags(text).lazy()
    tags = tags.filter(told.str.contains(TAG if _has_results(text) else PLACING_TAG))
    found = tags.select(
        tag=told.str.extract(r"^(?:[^\s:/>]+:)?(\w+)"),
        placed=told.str.extract_groups(r"""\sr\s*=\s*["']\$?([A-Za-z]*)\$?([0-9]{0,9})["']"""),
        style=_extract_attribute("s"), kind=_extract_attribute("t"),
        hidden=told.str.contains(r"""\s(?:hidden\s*=\s*["'](?:1|true)|(?:ht|width)\s*=\s*["']0(?:\.0*)?)["']"""),
        written=told.str.extract(r">(.*)$"), text="text",
    )  # fmt: skip
    rare = pl.col("tag").is_in(["mergeCell", "col"])
    found = found.with_columns(
        pl.when(rare).then(_extract_attribute(attribute)).alias(name)
        for name, attribute in (("ref", "ref"), ("least", "min"), ("most", "max"))
    )
    letters, number = (pl.col("placed").struct.field(name) for name in ("1", "2"))
    return found.select(
        "tag",
        "style",
        "kind",
        "ref",
        "least",
        "most",
        "hidden",
        "written",
        letters=pl.when(letters != "").then(letters.str.to_uppercase()),
        number=pl.when(number != "").then(number).cast(pl.Int64),
    ).collect()


def _has_results(text: str) -> bool:
    """Return whether a part of a sheet has formulas or error cells, whose values have to be looked at."""
    return FORMULA.search(text) is not None or re.search(r"""\st\s*=\s*["']e["']""", text) is not None


def _extract_attribute(name: str) -> pl.Expr:
    return pl.col("text").str.extract(rf"""\s{name}\s*=\s*["']([^"']*)["']""")


def split_at_tags(text: str) -> pl.DataFrame:
    """Split a text before each of its tags: column text, without the sign with which the tag begins."""
    return pl.Series("text", [text]).str.split("<").explode(empty_as_null=False).to_frame()
