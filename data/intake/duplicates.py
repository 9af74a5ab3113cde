"""Find rows that repeat or contradict another."""

import polars as pl

from data.layouts.columns import ColumnMapping, get_field_head
from data.tables.problems import ROW, Defects, Flaw
from data.tables.sheet import Sheet

ROWS_NAMED = 10  # in one complaint


def remove_duplicate_rows(
    rows: pl.DataFrame, sheet: Sheet, mapping: ColumnMapping, defects: Defects, notices: list[Flaw]
) -> pl.DataFrame:
    """Return the rows without exact repetitions; add a defect for rows that contradict another about the same thing."""
    about = [name for name in ("park_id", "indicator_id", "period", "year", "measure") if name in rows.columns]
    said = [
        name
        for name in ("value", "value_text", "unit_id", "bound", "comparator", "growth_text", "growth_basis")
        if name in rows.columns
    ]
    if rows.select(about).hash_rows().n_unique() == rows.height:
        return rows  # the usual case, and a third of the time that comparing the texts takes
    several = rows.filter(pl.struct(about).is_duplicated() & pl.all_horizontal(pl.col(about).is_not_null()))
    if several.is_empty():
        return rows
    # Named are the first rows alone: of a thousand that say the same, each would name a thousand.
    numbers = pl.col(ROW).unique().sort()
    more = pl.when(numbers.len() > ROWS_NAMED).then(pl.lit(" …")).otherwise(pl.lit(""))
    others = several.group_by(about).agg(others=numbers.head(ROWS_NAMED).cast(pl.String).str.join(", ") + more)
    unlike = several.filter(pl.struct(said).n_unique().over(about) > 1).join(
        others, on=about, how="left", maintain_order="left"
    )
    unlike = unlike.with_columns(
        shown=pl.coalesce("value_text", "growth_text" if "growth_text" in rows.columns else pl.lit("")),
    )
    defects.add(
        unlike, get_field_head(sheet, mapping, "value"), pl.col("shown"),
        pl.concat_str(pl.lit("同一地区、指标、时期有不同的数（第 "), "others", pl.lit(" 行）。请只留对的一个")),
        pl.concat_str(
            pl.lit("different numbers for the same place, indicator and period (rows "), "others",
            pl.lit("); keep the right one"),
        ),
    )  # fmt: skip
    kept = rows.unique(subset=[*about, *said], keep="first", maintain_order=True)
    again = rows.height - kept.height
    if again:
        notices.append(
            Flaw(sheet.name, 0, "", "", f"{again} 个数与前面的完全相同，只留一次",
                 f"{again:,} figures say the same as one above and were taken once", notice=True)
        )  # fmt: skip
    return kept
