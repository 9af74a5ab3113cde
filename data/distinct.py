"""Columns in which few texts stand many times: each text is looked at once, and every row is told what it found."""

from collections.abc import Callable

import polars as pl

LARGE = 2**32  # combinations; times the texts of one more column they still fit into 64 bits


def numbered(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct texts of a column, null last where there is one, and for each row the number of its own."""
    coded = texts.cast(pl.Categorical(pl.Categories.random()))
    found = coded.unique().drop_nulls()
    found = found.gather(found.to_physical().arg_sort()).cast(pl.String)
    numbers = coded.to_physical().cast(pl.UInt64)
    if not texts.null_count():
        return found, numbers
    return found.extend(pl.Series([None], dtype=pl.String)), numbers.fill_null(found.len() - 1)


def once_each(texts: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """What `read` makes of a column, a row for each cell, each text read once where most of them repeat."""
    found, numbers = numbered(texts)
    if found.len() * 2 > texts.len():
        return read(texts)
    answers = read(found)
    same = _constant(answers)
    told = answers.drop(same).select(pl.all().gather(numbers))
    if told.width == 0:
        return answers.select(pl.all().gather(numbers))
    return told.with_columns(pl.lit(answers[name].head(1)).first().alias(name) for name in same).select(answers.columns)


def asked(
    rows: pl.DataFrame, columns: list[str], answer: Callable[..., tuple[str | None, ...]], names: list[str]
) -> pl.DataFrame:
    """Rows with more columns (text): what `answer` says to the texts of `columns`, asked once for each combination."""
    key = combination(rows, columns)
    first = key.arg_unique()
    schema = dict.fromkeys(names, pl.String)
    texts = rows.select(columns)[first]
    said = pl.DataFrame([answer(*one) for one in texts.rows()], schema=schema, orient="row")
    same = _constant(said)
    varying = said.drop(same)
    if varying.width:
        at = key.replace_strict(key.gather(first), pl.int_range(said.height, dtype=pl.UInt32, eager=True))
        rows = rows.with_columns(varying.select(pl.all().gather(at)))
    return rows.with_columns(pl.lit(said[name].first(), dtype=pl.String).alias(name) for name in same)


def combination(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """For each row a number that all rows with its combination of texts have, and no others."""
    key, size = pl.repeat(0, rows.height, dtype=pl.UInt64, eager=True), 1
    for name in columns:
        found, numbers = numbered(rows[name])
        if size > LARGE:
            key = key.rank("dense").cast(pl.UInt64)
            size = rows.height + 1
        key += numbers * size
        size *= max(found.len(), 1)
    return key


def _constant(answers: pl.DataFrame) -> list[str]:
    """Columns that say the same in every row, which need no more room than one cell."""
    return [name for name in answers.columns if answers.height and answers[name].n_unique() == 1]
