"""A user's rows as figures and targets: every cell read, every defect named, nothing half right let through."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from data.intake import catalogue_rows, figure_rows, row_errors
from data.intake.columns import Mapping
from data.intake.templates import without_examples
from data.tables.problems import Flaw
from data.tables.sheet import ROW, Sheet
from data.values.vocabulary import Known

Progress = Callable[[float, str, str], None]  # done so far (0 to 1), what is being done in Chinese and in English
SHOWN = 1_000


@dataclass(frozen=True)
class Entries:
    """What a sheet holds, read by a mapping.

    table: observation, target, park or indicator.
    accepted: one row per figure (target, place, indicator), with columns of the table in the schema, those of its
    origin left out (see data.intake.provenance), and `row` (as the spreadsheet counts) and `place` (of the value's
    column).
    refused: one row per row of the sheet with a defect: `row`, the cells under their own heads, then reasons_zh and
    reasons_en. A row with one defect is refused whole, so that a mended file of refused rows holds nothing twice.
    defects: one row per defect: row, column (its head), value, zh, en (rule and mend); by row.
    notices: what was assumed, and may be wrong. skipped: rows with neither value nor growth. read: rows of the sheet.
    """

    sheet: Sheet = field(repr=False)
    table: str
    accepted: pl.DataFrame = field(repr=False)
    refused: pl.DataFrame = field(repr=False)
    defects: pl.DataFrame = field(repr=False)
    notices: tuple[Flaw, ...]
    skipped: int
    read: int

    @property
    def rows_accepted(self) -> int:
        """Rows of the sheet that are taken; a row of a wide table holds several figures."""
        return self.accepted[ROW].n_unique()

    @property
    def rows_refused(self) -> int:
        """Rows of the sheet that are refused."""
        return self.refused.height

    def flaws(self, most: int | None = SHOWN) -> list[Flaw]:
        """The defects as flaws, the first `most` of them; None: all."""
        rows = self.defects if most is None else self.defects.head(most)
        return [Flaw(self.sheet.name, *row) for row in rows.select(ROW, "column", "value", "zh", "en").rows()]


def entries(sheet: Sheet, mapping: Mapping, known: Known, progress: Progress | None = None) -> Entries:
    """Read a sheet by a mapping. Nothing is written anywhere.

    mapping: of data.intake.columns; what it lacks is a defect of the head row, and then nothing is accepted.
    known: places, indicators and units; see data.values.vocabulary.
    """
    told = progress or (lambda _fraction, _zh, _en: None)
    sheet = replace(sheet, rows=without_examples(sheet.rows))
    told(0.0, "正在核对表头", "looking at the heads")
    defects = row_errors.Defects()
    notices: list[Flaw] = []
    if mapping.lacking:
        for one in mapping.lacking:
            zh = f"缺“{one.zh}”：请指定哪一列是{one.zh}，或为整张表填一个值"
            en = f"{one.en} is missing: say which column holds it, or give one value for the whole table"
            defects.at(sheet.head_row, "", "", zh, en)
        accepted = pl.DataFrame(schema={ROW: pl.Int64, "place": pl.Int32})
        skipped = 0
        bad = sheet.rows.select(ROW).with_columns(reasons_zh=pl.lit("缺列"), reasons_en=pl.lit("a column is missing"))
    else:
        read = {"park": catalogue_rows.parks, "indicator": catalogue_rows.indicators}.get(
            mapping.table, figure_rows.read
        )
        accepted, skipped = read(sheet, mapping, known, defects, notices, told)
        bad = defects.by_row()
    told(1.0, "核对完毕", "done")
    named = [pl.col(f"c{place}").alias(head) for place, head in enumerate(_heads(sheet))]
    rows = sheet.rows if bad.height else sheet.rows.clear()
    refused = rows.join(bad, on=ROW, how="inner", maintain_order="left")
    return Entries(
        sheet, mapping.table, accepted, refused.select(ROW, *named, "reasons_zh", "reasons_en"), defects.all(),
        tuple(notices), skipped, sheet.rows.height,
    )  # fmt: skip


def _heads(sheet: Sheet) -> list[str]:
    """The heads, each once."""
    heads: list[str] = []
    for place in range(len(sheet.heads)):
        head = sheet.head(place)
        taken = {*heads, ROW, "reasons_zh", "reasons_en"}
        heads.append(head if head not in taken else f"{head} ({sheet.letters[place]})")
    return heads
