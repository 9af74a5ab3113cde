"""Read a user's rows as figures and targets: every cell read, every defect reported, no partly wrong row accepted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from data.intake import catalogue_rows, figure_rows
from data.intake.duplicates import add_contradictions, find_contradictions
from data.intake.templates import remove_example_rows
from data.layouts.columns import ColumnMapping, get_field_head
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet
from data.values.safe_cells import escape_formulas
from data.values.vocabulary import Vocabulary

Progress = Callable[[float, str, str], None]  # done so far (0 to 1), what is being done in Chinese and in English
MappingFunction = Callable[[Sheet, Vocabulary], ColumnMapping]
PARENT_TABLES = ("park", "indicator")  # tables whose rows those of the others may name
MOST_DEFECTS_RETURNED = 1_000
EXTRA_HEADS = {"zh": ("原行号", "原因"), "en": ("row in the file", "reason")}


@dataclass(frozen=True)
class SheetReading:
    """The contents of a sheet, read by a mapping.

    table: observation, target, park or indicator. mapping: which column holds what.
    accepted: one row per figure (target, place, indicator), with columns of the table in the schema, those of its
    origin left out (see data.intake.provenance), and `row` (as the spreadsheet counts) and `place` (of the value's
    column).
    refused: one row per row of the sheet with a defect: `row`, the cells under their own heads, then reasons_zh and
    reasons_en. A row with one defect is refused whole, so that a corrected file of refused rows repeats nothing.
    defects: one row per defect: row, column (its head), value, zh, en (rule and correction); by row.
    notices: what was assumed, and may be wrong. skipped: rows with neither value nor growth. read: rows of the
    sheet.
    """

    sheet: Sheet = field(repr=False)
    table: str
    mapping: ColumnMapping
    accepted: pl.DataFrame = field(repr=False)
    refused: pl.DataFrame = field(repr=False)
    defects: pl.DataFrame = field(repr=False)
    notices: tuple[Flaw, ...]
    skipped: int
    read: int

    @property
    def rows_accepted(self) -> int:
        """Return the number of accepted rows of the sheet; a row of a wide table holds several figures."""
        return self.accepted[ROW].n_unique()

    @property
    def rows_refused(self) -> int:
        """Return the number of refused rows of the sheet."""
        return self.refused.height

    def flaws(self, most: int | None = MOST_DEFECTS_RETURNED) -> list[Flaw]:
        """Return the defects as flaws, the first `most` of them; None: all."""
        rows = self.defects if most is None else self.defects.head(most)
        return [Flaw(self.sheet.name, *row) for row in rows.select(ROW, "column", "value", "zh", "en").rows()]


@dataclass
class OpenReading:
    """A sheet while it is read: what is accepted so far, and what is wrong with it. file: its name, among several."""

    sheet: Sheet
    mapping: ColumnMapping
    accepted: pl.DataFrame
    defects: Defects
    notices: list[Flaw]
    skipped: int
    file: str = ""

    def finish(self) -> SheetReading:
        """Return the reading with its refused rows and their reasons."""
        if self.mapping.lacking:
            bad = self.sheet.rows.select(ROW)
            bad = bad.with_columns(reasons_zh=pl.lit("缺列"), reasons_en=pl.lit("a column is missing"))
        else:
            bad = self.defects.by_row()
        named = [pl.col(f"c{place}").alias(head) for place, head in enumerate(_make_unique_heads(self.sheet))]
        rows = self.sheet.rows if bad.height else self.sheet.rows.clear()
        refused = rows.join(bad, on=ROW, how="inner", maintain_order="left")
        return SheetReading(
            self.sheet, self.mapping.table, self.mapping, self.accepted,
            refused.select(ROW, *named, "reasons_zh", "reasons_en"), self.defects.all(), tuple(self.notices),
            self.skipped, self.sheet.rows.height,
        )  # fmt: skip


def read_mapped_sheet(
    sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, progress: Progress | None = None
) -> SheetReading:
    """Read a sheet by a mapping. Nothing is written anywhere.

    mapping: of data.layouts.columns; what it lacks is a defect of the head row, and then nothing is accepted.
    known: places, indicators and units; see data.values.vocabulary.
    """
    return _open_reading(sheet, mapping, known, progress or (lambda _fraction, _zh, _en: None)).finish()


def _open_reading(sheet: Sheet, mapping: ColumnMapping, known: Vocabulary, told: Progress) -> OpenReading:
    sheet = replace(sheet, rows=remove_example_rows(sheet.rows))
    if said := {kind: place for kind, place in sheet.sectioned if kind not in mapping.columns}:
        # What a line inside the table says of a row goes before what was said of the whole table.
        fixed = {kind: text for kind, text in mapping.fixed.items() if kind not in said}
        mapping = mapping.changed(columns=mapping.columns | said, fixed=fixed)
    told(0.0, "正在核对表头", "looking at the heads")
    defects, notices = Defects(), list(sheet.remarks)
    if mapping.lacking:
        for one in mapping.lacking:
            head, en = one.head["zh"], one.head["en"]
            zh = f"缺“{head}”：请指定哪一列是{head}，或为整张表填一个值"
            en = f"{en} is missing: say which column holds it, or give one value for the whole table"
            defects.add_one(sheet.head_row, "", "", zh, en)
        accepted, skipped = pl.DataFrame(schema={ROW: pl.Int64, "place": pl.Int32}), 0
    else:
        read = {"park": catalogue_rows.read_park_rows, "indicator": catalogue_rows.read_indicator_rows}.get(
            mapping.table, figure_rows.read_figures_or_targets
        )
        rows = sheet.rows
        for part in sheet.barred:
            here = pl.col(ROW).is_between(part.first, part.end, closed="left")
            defects.add(rows.filter(here), "", part.value, part.zh, part.en)
            rows = rows.filter(~here)
        accepted, skipped = read(replace(sheet, rows=rows), mapping, known, defects, notices, told)
    told(1.0, "核对完毕", "done")
    return OpenReading(sheet, mapping, accepted, defects, notices, skipped)


def read_mapped_sheets(
    sheets: Sequence[Sheet],
    mappings: Mapping[int, ColumnMapping],
    known: Vocabulary,
    progress: Progress | None = None,
    mapped: MappingFunction | None = None,
    files: Sequence[str] | None = None,
) -> list[tuple[int, SheetReading]]:
    """Return the place of each sheet that has a mapping, and its rows: sheets of places and indicators come first.

    mappings: by place of the sheet. mapped: maps a sheet again once places or indicators were added, as its heads may
    name them. files: the name of the file of each sheet, if there are several. No sheet may contradict another, and
    what several say alike is taken once.
    """
    order = sorted(mappings, key=lambda place: (mappings[place].table not in PARENT_TABLES, place))
    added, opened = False, dict[int, OpenReading]()
    for done, place in enumerate(order):

        def told(share: float, zh: str, en: str, done: int = done) -> None:
            if progress:
                progress((done + share) / len(order), zh, en)

        mapping = mapped(sheets[place], known) if mapped and added else mappings[place]
        read = opened[place] = _open_reading(sheets[place], mapping, known, told)
        read.file = files[place] if files else ""
        known = known.with_rows(read.mapping.table, read.accepted)
        added |= read.mapping.table in PARENT_TABLES
    for table in ("observation", "target"):
        refuse_contradictions([read for read in opened.values() if read.mapping.table == table])
    return [(place, read.finish()) for place, read in opened.items()]


def refuse_contradictions(readings: Sequence[OpenReading]) -> None:
    """Refuse what several sheets say in different numbers about one thing; what they say alike is taken once.

    The sheets may be of several files, which are loaded together and must agree like those of one.
    """
    filled = [read for read in readings if read.accepted.height]
    if len(filled) < 2:
        return
    frames = [read.accepted.with_columns(of=pl.lit(number, pl.Int32)) for number, read in enumerate(filled)]
    unlike, kept = find_contradictions(
        pl.concat(frames, how="diagonal_relaxed"),
        [read.sheet for read in filled],
        [read.file for read in filled],
    )
    for number, read in enumerate(filled):
        head = get_field_head(read.sheet, read.mapping, "value")
        add_contradictions(unlike.filter(pl.col("of") == number), head, read.defects)
        mine = kept.filter(pl.col("of") == number)
        again = read.accepted.height - mine.height - unlike.filter(pl.col("of") == number).height
        if again > 0:
            before = ("前面的文件或表", "a file or sheet above") if read.file else ("前面的表", "a sheet above")
            zh = f"{again} 个数与{before[0]}完全相同，只留一次"
            en = f"{again:,} figures say the same as {before[1]} and were taken once"
            read.notices.append(Flaw(read.sheet.name, 0, "", "", zh, en, notice=True))
        bad = read.defects.rows()
        read.accepted = mine.select(read.accepted.columns).filter(~pl.col(ROW).is_in(bad.implode()))


def _make_unique_heads(sheet: Sheet) -> list[str]:
    """Return the heads, made unique."""
    heads: list[str] = []
    for place in range(len(sheet.heads)):
        head = sheet.head(place)
        taken = {*heads, ROW, "reasons_zh", "reasons_en"}
        heads.append(head if head not in taken else f"{head} ({sheet.letters[place]})")
    return heads


def make_refused_table(read: SheetReading, lang: str) -> pl.DataFrame:
    """Return the refused rows under the heads of the file, then the row's number and its reasons in a language."""
    number, reason = EXTRA_HEADS[lang]
    cells = read.refused.drop(ROW, "reasons_zh", "reasons_en")
    return cells.with_columns(read.refused[ROW].alias(number), read.refused[f"reasons_{lang}"].alias(reason))


def make_refused_csv(read: SheetReading, lang: str) -> bytes:
    """Return the refused rows as CSV for a spreadsheet: UTF-8 with BOM; cells that are formulas begin with '."""
    return b"\xef\xbb\xbf" + escape_formulas(make_refused_table(read, lang)).write_csv().encode()
