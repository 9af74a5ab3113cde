"""The package that a workbook is: how much it holds, its sheets, and its parts piece by piece."""

import posixpath
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable, Iterator

import polars as pl

from data.tables.problems import UnreadableFile

PARTS = 4_000  # files in the package
SHEETS = 255
PIECE = 1 << 22
PERCENT_FORMATS = {9, 10}
# Of a sheet: the tags that say where something stands. Polars matches without ever going back, in one pass.
TAG = r"^(?:[^\s<>/:]+:)?(?:c|row|mergeCell)(?:[\s/>]|$)"
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


def find_percent_styles(package: zipfile.ZipFile) -> frozenset[str]:
    """Find the numbers of the cell styles that show per cent."""
    custom: set[str] = {str(number) for number in PERCENT_FORMATS}
    styles: list[str] = []

    def styled(prefix: str) -> StartHandler:
        group = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal group
            name = name.removeprefix(prefix)
            if name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                group = name
            elif name == "numFmt" and "%" in attributes.get("formatCode", ""):
                custom.add(attributes.get("numFmtId", ""))
            elif name == "xf" and group == "cellXfs":
                styles.append(attributes.get("numFmtId", ""))

        return start

    if "xl/styles.xml" in package.namelist():
        parse_part(package, "xl/styles.xml", styled)
    return frozenset(str(at) for at, number in enumerate(styles) if number in custom)


def read_pieces(package: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Yield the text of a part in pieces, cut before tags. Raises UnreadableFile if a tag has no end."""
    rest = b""
    with package.open(part) as file:
        while piece := file.read(PIECE):
            held = rest + piece
            cut = held.rfind(b"<")
            if cut < 0 or len(held) - cut > PIECE:
                if len(held) > 2 * PIECE:
                    raise UnreadableFile(*DAMAGED)
                rest = held
                continue
            yield held[:cut].decode("utf-8", "replace")
            rest = held[cut:]
    yield rest.decode("utf-8", "replace")


def parse_tags(text: str) -> pl.DataFrame:
    """Return the cells, rows and merged ranges that begin in a text, in its order.

    Columns: tag (c, row, mergeCell), letters and number of its stated place, style, ref; null if not stated.
    """
    told = pl.col("text")
    tags = split_at_tags(text).filter(told.str.contains(TAG))
    found = tags.select(
        tag=told.str.extract(r"^(?:[^\s:]+:)?(\w+)"),
        placed=told.str.extract_groups(r"""\sr\s*=\s*["']\$?([A-Za-z]*)\$?([0-9]{0,9})["']"""),
        style=told.str.extract(r"""\ss\s*=\s*["']([0-9]+)["']"""),
        ref=pl.when(told.str.contains("mergeCell", literal=True)).then(
            told.str.extract(r"""\sref\s*=\s*["']([^"']*)["']""")
        ),
    )
    letters, number = (pl.col("placed").struct.field(name) for name in ("1", "2"))
    return found.select(
        "tag",
        letters=pl.when(letters != "").then(letters.str.to_uppercase()),
        number=pl.when(number != "").then(number).cast(pl.Int64),
        style="style",
        ref="ref",
    )


def split_at_tags(text: str) -> pl.DataFrame:
    """Split a text before each of its tags: column text, without the sign with which the tag begins."""
    return pl.Series("text", [text]).str.split("<").explode(empty_as_null=False).to_frame()
