"""Columns in which few distinct texts repeat: each text is processed once, and every row gets its result."""

from collections.abc import Callable

import polars as pl

FEW = 2_000  # rows of a short column
LARGE = 2**32  # combinations; times the texts of one more column they still fit into 64 bits


def encode_texts(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Encode a column: its distinct texts, null last if there is one, and for each row the index of its text."""
    if texts.null_count() == texts.len():
        return texts.head(1), pl.repeat(0, texts.len(), dtype=pl.UInt32, eager=True)
    if texts.len() < FEW:
        return _encode_few_texts(texts)
    coded = texts.cast(pl.Categorical(pl.Categories.random()))
    found = coded.unique().drop_nulls()
    found = found.gather(found.to_physical().arg_sort()).cast(pl.String)
    numbers = coded.to_physical().cast(pl.UInt32)
    if not texts.null_count():
        return found, numbers
    return found.extend(pl.Series([None], dtype=pl.String)), numbers.fill_null(found.len() - 1)


def _encode_few_texts(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Encode a short column, in a tenth of the time that setting up categories takes."""
    codes = dict.fromkeys(text for text in texts if text is not None)
    found = [*codes, None] if texts.null_count() else [*codes]
    numbers = {text: number for number, text in enumerate(found)}
    return pl.Series(found, dtype=pl.String), pl.Series([numbers[text] for text in texts], dtype=pl.UInt32)


def map_distinct_texts(texts: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """Return what `read` makes of a column, a row for each cell; each text is read once if most of them repeat."""
    found, numbers = encode_texts(texts)
    if found.len() * 2 > texts.len():
        return read(texts)
    answers = read(found)
    same = _find_constant_columns(answers)
    told = answers.drop(same).select(pl.all().gather(numbers))
    if told.width == 0:
        return answers.select(pl.all().gather(numbers))
    return told.with_columns(pl.lit(answers[name].head(1)).first().alias(name) for name in same).select(answers.columns)


def add_answer_columns(
    rows: pl.DataFrame, columns: list[str], answer: Callable[..., tuple[str | None, ...]], names: list[str]
) -> pl.DataFrame:
    """Add text columns `names`: what `answer` returns for the texts of `columns`, called once per combination."""
    if rows.height < FEW:
        written = rows.select(columns).rows()
        answers = {texts: answer(*texts) for texts in dict.fromkeys(written)}
        said = pl.DataFrame([answers[texts] for texts in written], schema=dict.fromkeys(names, pl.String), orient="row")
        return rows.with_columns(said.get_columns())
    coded = {name: encode_texts(rows[name]) for name in columns}
    varying = [name for name, (found, _numbers) in coded.items() if found.len() > 1]
    if len(varying) > 1:
        key = _combine_codes([coded[name] for name in varying], rows.height)
        first = key.arg_unique()
        texts = rows.select(columns)[first]
        at = key.replace_strict(key.gather(first), pl.int_range(first.len(), dtype=pl.UInt32, eager=True))
    else:  # what does not vary needs no looking for combinations
        longest = varying[0] if varying else columns[0]
        at, each = coded[longest][1], coded[longest][0].len()
        texts = pl.DataFrame(
            {name: found if name in varying else _repeat_to_height(found, each) for name, (found, _) in coded.items()}
        )
    said = pl.DataFrame([answer(*one) for one in texts.rows()], schema=dict.fromkeys(names, pl.String), orient="row")
    same = _find_constant_columns(said)
    told = said.drop(same)
    if told.width:
        rows = rows.with_columns(told.select(pl.all().gather(at)))
    return rows.with_columns(pl.lit(said[name].first(), dtype=pl.String).alias(name) for name in same)


def _repeat_to_height(one: pl.Series, height: int) -> pl.Series:
    """Repeat the text of a column of at most one distinct text to a column of so many rows."""
    return one if one.len() == height else pl.repeat(one[0], height, dtype=pl.String, eager=True)


def encode_combinations(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Return a number for each row that is the same for all rows with its combination of texts, and for no others."""
    return _combine_codes([encode_texts(rows[name]) for name in columns], rows.height)


def _combine_codes(coded: list[tuple[pl.Series, pl.Series]], height: int) -> pl.Series:
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


def _find_constant_columns(answers: pl.DataFrame) -> list[str]:
    """Find the columns with the same value in every row, which need no more room than one cell."""
    return [name for name in answers.columns if answers.height and answers[name].n_unique() == 1]
