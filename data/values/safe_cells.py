"""Protection against texts that a spreadsheet would run as a formula: an apostrophe is put in front of them.

Numbers stay as they are in every usual written form: -1e-7, +3.5, -1,234.5, -5%, －５, -5亿元.
"""

import polars as pl

# Spreadsheets look past blanks, marks that nobody sees, and quotes; full-width signs are typed where Chinese is. What
# begins with an apostrophe is text already.
MARKS = r"\p{C}\p{Z}\p{M}\s\x22‘’“”＇＂"
RUNS = rf"^(?:[{MARKS}][{MARKS}']*)?[=+\-@＝＋－＠﹦﹢﹣﹫]|^\p{{Cc}}"
UNUSUAL = r"^[^0-9A-Za-z\u3400-\u9fff]"
NUMBER = (
    r"^\p{Z}*[+\-＋－]?\p{Z}*(?:(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d*)?|[.．]\d+)(?:[eE][+\-]?\d+)?"
    r"\p{Z}*[%％‰]?\p{Han}*$"
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
