"""Rows whose own words say that their number is none of the indicator in its period, and rows longer than the heads."""

import re

import polars as pl

from data.layouts.columns import ColumnMapping
from data.layouts.heads import BREAKDOWN, NOT_THE_VALUE, OF_SPAN
from data.tables.problems import ROW, Defects
from data.tables.sheet import NUMERIC, Sheet

MOST_TEXTS = 500  # different ones, in a column that sorts rows into kinds
DIVIDED = r"\x1f[-+]?\d{1,3}(?:\x1f\d{3})+(?:\.\d+)?%?\x1f"  # a number in two cells of a row that is joined
WHOLE = re.compile(r"合计|总计|全部|总量|全[区市县省]|全行业|total", re.IGNORECASE)
NOT_VALUE = ("这一行写着“{0}”，不是该时期的完成数，没有读取", "the row says {0}, which is no value of its period")
OTHER_SPAN = (
    "这一行写着“{0}”，与它的时期不一致。请改正时期，或删去这个词",
    "the row says {0}, which does not fit its period; correct the period, or remove the word",
)
PART = (
    "这一行只是“{0}”的数，不是整个指标的数。请删去这一行，或另设指标",
    "the number is that of {0} alone and not of the whole indicator; remove the row, or add an indicator for it",
)
LONGER = (
    "这一行的格子比表头多，像是数里的千分位逗号把它拆开了。请给数加引号，或去掉逗号",
    "the row has more cells than there are heads, as if a comma within a number had split it; quote the number, or "
    "remove the comma",
)


def refuse_other_rows(rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects) -> None:
    """Add a defect for each row that says it is a plan, another span or a part, and for each that is too long.

    rows: with their period_code. Looked at are the columns that are not read.
    """
    held = {*mapping.columns.values(), *(part.place for part in mapping.spread)}
    headed = max((at for at, head in enumerate(sheet.heads) if head and at in held), default=-1)
    last = max((at for at, head in enumerate(sheet.heads) if head), default=headed)
    for place in range(len(sheet.heads)):
        cells = sheet.rows[f"c{place}"]
        if place in held or cells.null_count() == cells.len():
            continue
        if place > last and not sheet.heads[place]:
            _refuse_long_rows(sheet, place, defects)
            continue
        texts = cells.drop_nulls().unique()
        if texts.len() <= MOST_TEXTS:
            _refuse_kinds(rows, sheet, place, texts.to_list(), defects)


def _refuse_long_rows(sheet: Sheet, place: int, defects: Defects) -> None:
    """Refuse rows with a number behind the last head; in a column that every row fills, those with a divided number."""
    cell = pl.col(f"c{place}")
    long = sheet.rows.filter(cell.str.contains(NUMERIC.pattern))
    if not sheet.rows[f"c{place}"].null_count():
        whole = pl.concat_str(pl.lit(""), pl.exclude(ROW).fill_null(""), pl.lit(""), separator="\x1f")
        long = long.filter(whole.str.contains(DIVIDED))
    defects.add(long, sheet.letters[place], cell, *LONGER)


def _refuse_kinds(rows: pl.DataFrame, sheet: Sheet, place: int, texts: list[str], defects: Defects) -> None:
    parts = BREAKDOWN.search(sheet.heads[place])
    found = sheet.rows.select(ROW, said=f"c{place}")
    for text in texts:
        bare = re.sub(r"[\s:：()（）]", "", text)
        span = next((span for span, words in OF_SPAN.items() if words.fullmatch(bare)), "")
        if NOT_THE_VALUE.fullmatch(bare):
            reason, fitting = NOT_VALUE, pl.lit(value=False)
        elif span:
            whole = pl.col("period_code").str.contains(r"^\d{4}$|-01/")
            reason, fitting = OTHER_SPAN, whole if span == "cumulative" else pl.col("period_code").str.len_bytes() == 7
        elif parts and not WHOLE.search(text):
            reason, fitting = PART, pl.lit(value=False)
        else:
            continue
        said = rows.join(found.filter(pl.col("said") == text), on=ROW, how="inner", maintain_order="left")
        wrong = said.filter(~fitting.fill_null(value=True)).unique(ROW, maintain_order=True)
        defects.add(wrong, sheet.head(place), text, *(words.format(text) for words in reason))
