"""Tests of columns in which few texts stand many times: every row is told what its own text means."""

import polars as pl
import pytest

from data.values import per_distinct_value

TEXTS = [None, "一月", "", "2013", "一月", None, "2013年"]


def test_each_row_has_the_number_of_its_text_also_in_pieces_and_with_empty_cells():
    column = pl.concat([pl.Series(TEXTS), pl.Series([str(number) for number in range(150_000)])], rechunk=False)
    found, numbers = per_distinct_value.encode_texts(column)
    assert found.gather(numbers).to_list() == column.to_list()
    assert found.len() == column.n_unique()


def test_a_text_that_repeats_is_read_once_and_told_to_every_row():
    asked = []

    def read(texts):
        asked.extend(texts)
        return pl.DataFrame({"size": texts.str.len_chars(), "same": pl.repeat("x", texts.len(), eager=True)})

    told = per_distinct_value.map_distinct_texts(pl.Series(["亿元", "家", None] * 4), read)
    assert told.rows() == [(2, "x"), (1, "x"), (None, "x")] * 4
    assert asked == ["亿元", "家", None]


@pytest.mark.parametrize("large", [2**32, 1])
def test_combinations_of_three_columns_are_each_asked_once(monkeypatch, large):
    monkeypatch.setattr(per_distinct_value, "LARGE", large)
    asked = []

    def answer(*texts):
        asked.append(texts)
        return "|".join(text or "-" for text in texts), "always", None

    rows = pl.DataFrame(
        {"a": ["x", "y", None, "x", "x"], "b": ["1", "1", "1", "1", "2"], "c": ["p", None, "p", "p", "q"]}
    )
    told = per_distinct_value.add_answer_columns(rows, ["a", "b", "c"], answer, ["said", "constant", "none"])
    assert told["said"].to_list() == ["x|1|p", "y|1|-", "-|1|p", "x|1|p", "x|2|q"]
    assert told["constant"].to_list() == ["always"] * 5
    assert told["none"].null_count() == 5
    assert told.schema["none"] == pl.String
    assert asked == [("x", "1", "p"), ("y", "1", None), (None, "1", "p"), ("x", "2", "q")]


def test_no_rows_ask_nothing():
    rows = pl.DataFrame(schema={"a": pl.String})
    told = per_distinct_value.add_answer_columns(rows, ["a"], lambda _text: ("", ""), ["said", "why"])
    assert told.columns == ["a", "said", "why"]
    assert told.is_empty()
