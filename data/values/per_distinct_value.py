"""Columns in which few texts stand many times: each text is looked at once, and every row is told what it found."""

from collections.abc import Callable

import polars as pl

LARGE = 2**32  # combinations; times the texts of one more column they still fit into 64 bits


def numbered(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct texts of a column, null last where there is one, and for each row the number of its own."""
    if texts.null_count() == texts.len():
        return texts.head(1), pl.repeat(0, texts.len(), dtype=pl.UInt32, eager=True)
    coded = texts.cast(pl.Categorical(pl.Categories.random()))
    found = coded.unique().drop_nulls()
    found = found.gather(found.to_physical().arg_sort()).cast(pl.String)
    numbers = coded.to_physical().cast(pl.UInt32)
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
    coded = {name: numbered(rows[name]) for name in columns}
    varying = [name for name, (found, _numbers) in coded.items() if found.len() > 1]
    if len(varying) > 1:
        key = _combined([coded[name] for name in varying], rows.height)
        first = key.arg_unique()
        texts = rows.select(columns)[first]
        at = key.replace_strict(key.gather(first), pl.int_range(first.len(), dtype=pl.UInt32, eager=True))
    else:  # what does not vary needs no looking for combinations
        longest = varying[0] if varying else columns[0]
        at, each = coded[longest][1], coded[longest][0].len()
        texts = pl.DataFrame(
            {name: found if name in varying else _long(found, each) for name, (found, _) in coded.items()}
        )
    said = pl.DataFrame([answer(*one) for one in texts.rows()], schema=dict.fromkeys(names, pl.String), orient="row")
    same = _constant(said)
    told = said.drop(same)
    if told.width:
        rows = rows.with_columns(told.select(pl.all().gather(at)))
    return rows.with_columns(pl.lit(said[name].first(), dtype=pl.String).alias(name) for name in same)


def _long(one: pl.Series, height: int) -> pl.Series:
    """A column of at most one text as one of so many rows."""
    return one if one.len() == height else pl.repeat(one[0], height, dtype=pl.String, eager=True)


def combination(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """For each row a number that all rows with its combination of texts have, and no others."""
    return _combined([numbered(rows[name]) for name in columns], rows.height)


def _combined(coded: list[tuple[pl.Series, pl.Series]], height: int) -> pl.Series:
    key, size = pl.repeat(0, height, dtype=pl.UInt64, eager=True), 1
    for found, numbers in coded:
        if found.len() < 2:
            continue
        if size > LARGE:
            key = key.rank("dense").cast(pl.UInt64)
            size = height + 1
        key += numbers.cast(pl.UInt64) * size
        size *= found.len()
    return key


def _constant(answers: pl.DataFrame) -> list[str]:
    """Columns that say the same in every row, which need no more room than one cell."""
    return [name for name in answers.columns if answers.height and answers[name].n_unique() == 1]
