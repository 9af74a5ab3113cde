"""Protection against texts that a spreadsheet would run as a formula: an apostrophe is put in front of them.

Numbers stay as they are in every usual written form: -1e-7, +3.5, -1,234.5, -5%, －５, -5亿元.
"""

import polars as pl

# Spreadsheets look past blanks, marks that nobody sees, and quotes; full-width signs are typed where Chinese is. What
# begins with an apostrophe is text already. The patterns mean the same to Polars (Rust) and to DuckDB (RE2), which
# knows no \u, takes \d and \s for ASCII alone, and leaves unassigned letters out of \p{C}.
MARK = r"[^\p{L}\p{N}\p{P}\p{S}]|[\x22‘’“”＇＂]"
RUNS = rf"^(?:(?:{MARK})(?:{MARK}|')*)?[=+\-@＝＋－＠﹦﹢﹣﹫]|^\p{{Cc}}"
LETTER = r"0-9A-Za-z\x{3400}-\x{9fff}"
UNUSUAL = rf"^[^{LETTER}]"
NUMBER = (
    r"^\p{Z}*[+\-＋－]?\p{Z}*(?:(?:\p{Nd}{1,3}(?:[,，]\p{Nd}{3})+|\p{Nd}+)(?:[.．]\p{Nd}*)?|[.．]\p{Nd}+)"
    r"(?:[eE][+\-]?\p{Nd}+)?\p{Z}*[%％‰]?\p{Han}*$"
)


def is_formula(text: pl.Expr) -> pl.Expr:
    """Return whether a spreadsheet would run a text as a formula."""
    return text.str.contains(RUNS) & ~text.str.contains(NUMBER)


def escape_formulas(rows: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text cells and column names that a spreadsheet would run; numbers stay numbers."""
    names = pl.DataFrame({"name": rows.columns}, schema={"name": pl.String}).filter(is_formula(pl.col("name")))["name"]
    taken = list(rows.columns)
    for column in names:
        taken[taken.index(column)] = _escape_name(column, taken)
    rows = rows.rename(dict(zip(rows.columns, taken, strict=True)))
    text = [column for column, kind in rows.schema.items() if kind == pl.String]
    # Most columns have no such cell, and the first letter tells: digits, Latin letters and Chinese run nothing.
    found = rows.select(pl.col(text).str.contains(UNUSUAL).any()).row(0) if text else ()
    cells = pl.col([column for column, some in zip(text, found, strict=True) if some])
    return rows.with_columns(pl.when(is_formula(cells)).then(pl.lit("'") + cells).otherwise(cells).name.keep())


def _escape_name(column: str, taken: list[str]) -> str:
    """Put an apostrophe before a column name, or as many as make it unique among the names taken."""
    quoted = f"'{column}"
    return _escape_name(quoted, taken) if quoted in taken else quoted
