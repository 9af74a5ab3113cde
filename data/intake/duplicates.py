"""Find rows that repeat or contradict another, in one sheet or in several."""

from collections.abc import Sequence

import polars as pl

from data.layouts.columns import ColumnMapping, get_field_head
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet

CELLS_NAMED = 10  # in one complaint
AT = "at"  # the number of a row while it is compared
BETWEEN_CELLS = "\n"  # until they stand in a sentence of one language
ABOUT = ("park_id", "indicator_id", "period", "year", "measure")
SAID = ("value", "value_text", "unit_id", "bound", "comparator", "growth_text", "growth_basis")


def remove_duplicate_rows(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects, notices: list[Flaw]
) -> pl.DataFrame:
    """Return the rows without exact repetitions; add a defect for rows that contradict another about the same thing."""
    about = [name for name in ABOUT if name in rows.columns]
    if rows.select(about).hash_rows().n_unique() == rows.height:
        return rows  # the usual case, and a third of the time that comparing the texts takes
    unlike, kept = find_contradictions(rows.with_columns(of=pl.lit(0, pl.Int32)), [sheet])
    add_contradictions(unlike, get_field_head(sheet, mapping, "value"), defects)
    again = rows.height - kept.height - unlike.height
    if again:
        notices.append(
            Flaw(sheet.name, 0, "", "", f"{again} 个数与前面的完全相同，只留一次",
                 f"{again:,} figures say the same as one above and were taken once", notice=True)
        )  # fmt: skip
    return pl.concat([kept, unlike.select(kept.columns)]).drop("of")


def join_growth_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the figures with growths that stand in rows of their own put beside their values, where they have one.

    A growth is moved where one row has the value of the same place, indicator and period, and no growth itself.
    """
    about = ["park_id", "indicator_id", "period"]
    growth = ["growth_pct", "growth_text", "growth_basis"]
    once = pl.struct(about).is_unique()
    alone = rows.filter(pl.col("value").is_null() & pl.col("growth_pct").is_not_null()).filter(once)
    valued = rows.filter(pl.col("value").is_not_null() & pl.col("growth_pct").is_null()).filter(once)
    both = valued.drop(growth).join(alone.select(about + growth), on=about, how="inner", maintain_order="left")
    moved = pl.concat([both.select(ROW, "place"), alone.join(both.select(about), on=about).select(ROW, "place")])
    rest = rows.join(moved, on=[ROW, "place"], how="anti", maintain_order="left")
    return pl.concat([rest, both.select(rows.columns)]).sort(ROW, maintain_order=True)


def find_contradictions(
    rows: pl.DataFrame, sheets: Sequence[Sheet], files: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that contradict another about the same thing, and the others without exact repetitions.

    rows: figures or targets, with `row`, `place` and `of`, the number of their sheet. files: the name of each sheet's
    file, if there are several. The first frame has two more columns: shown, the number, and cells, where the numbers
    stand that it is named with.
    """
    about = [name for name in ABOUT if name in rows.columns]
    said = [name for name in SAID if name in rows.columns]
    again = pl.struct(about).is_duplicated() & pl.all_horizontal(pl.col(about).is_not_null())
    repeated = several = rows.with_row_index(AT).filter(again)
    if "growth_text" in rows.columns:  # 当月 and 累计 of January: one of them has the growth as well
        plain = [*about, *(name for name in said if not name.startswith("growth"))]
        grown = several.filter(pl.col("value").is_not_null() & pl.col("growth_text").is_not_null())
        bare = several.filter(pl.col("growth_text").is_null()).join(grown, on=plain, how="semi", nulls_equal=True)
        several = several.filter(~pl.col(AT).is_in(bare[AT].implode()))
    # 720.1 and 720.10 are one number.
    said = [name for name in said if name != "value_text" or "value" not in rows.columns]
    unlike = several.filter(pl.struct(said).n_unique().over(about) > 1)
    shown = pl.coalesce("value_text", "growth_text" if "growth_text" in rows.columns else pl.lit(""))
    unlike = unlike.with_columns(shown=shown, cells=pl.lit(""))
    if unlike.height:
        # Named are the first cells alone: of a thousand that say the same, each would name a thousand.
        cell = pl.concat_str(_name_columns(unlike, sheets, files), pl.col(ROW).cast(pl.String)).unique(
            maintain_order=True
        )
        more = pl.when(cell.len() > CELLS_NAMED).then(pl.lit(" …")).otherwise(pl.lit(""))
        named = unlike.group_by(about).agg(cells=cell.head(CELLS_NAMED).str.join(BETWEEN_CELLS) + more)
        unlike = unlike.drop("cells").join(named, on=about, how="left", maintain_order="left")
    alike = several.filter(~pl.col(AT).is_in(unlike[AT].implode()))
    first = alike.unique([*about, *said], keep="first", maintain_order=True)
    left_out = repeated.filter(~pl.col(AT).is_in(first[AT].implode()))[AT]
    kept = rows.filter(~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(left_out.implode()))
    return unlike.drop(AT), kept.sort("of", ROW, maintain_order=True)


def _name_columns(rows: pl.DataFrame, sheets: Sequence[Sheet], files: Sequence[str]) -> pl.Expr:
    """Return the name of each row's column as the spreadsheet has it, after its file and sheet if there are several."""
    names = {}
    for of, place in rows.select("of", "place").unique().rows():
        letters = sheets[of].letters[place]
        over = [files[of] if files else "", sheets[of].name if len(sheets) > 1 else ""]
        quoted = "".join(f"“{name}”" for name in over if name)
        names[f"{of} {place}"] = f"{quoted}!{letters}" if quoted else letters
    key = pl.concat_str(pl.col("of").cast(pl.String), pl.lit(" "), pl.col("place").cast(pl.String))
    return key.replace_strict(names, return_dtype=pl.String)


def add_contradictions(unlike: pl.DataFrame, head: str, defects: Defects) -> None:
    """Add a defect for each of the rows that contradict another, as of find_contradictions()."""
    defects.add(
        unlike, head, pl.col("shown"),
        pl.concat_str(
            pl.lit("同一地区、指标、时期有不同的数（"), pl.col("cells").str.replace_all(BETWEEN_CELLS, "、"),
            pl.lit("）。请只留对的一个"),
        ),
        pl.concat_str(
            pl.lit("different numbers for the same place, indicator and period ("),
            pl.col("cells").str.replace_all(BETWEEN_CELLS, ", "), pl.lit("); keep the right one"),
        ),
    )  # fmt: skip
