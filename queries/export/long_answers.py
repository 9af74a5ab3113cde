"""Answers too long to hold: DuckDB copies the rows into a file without a name, which is read while it grows.

Nothing of such a file is left when its process ends, however it ends.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial

import polars as pl
import pyarrow as pa

from data.values.safe_cells import LETTER, escape_formulas
from queries.database import detached, engine, query_files
from queries.export import formats
from queries.figures.observations import FACTS, MOST_DERIVED_FROM, Question

AT_ONCE = MOST_DERIVED_FROM  # rows up to which an answer is put together in memory, computed rows among them
BLOCK = 1 << 18  # bytes read of the file at a time
LOOK = 0.02  # seconds between two looks at a file that does not grow
CODES = ("park", "indicator", "source", "unit")  # tables that rows of figures name by their codes
SPECIAL = r'[,"\r\n]|^$'  # what is put in quotes; an empty text is, a missing one is not
PUBLIC = f"* exclude ({', '.join(FACTS)})"
MACROS = (
    # Nearly all texts are plain; what is not goes to a function in Python, whose patterns take long to compile.
    f"""cell(text) as case when text is null then null when regexp_full_match(text, '[{LETTER}][^,"\\r\\n]*') then text
        else unusual_cell(text) end""",
    # As formats.format_numbers(): the shortest form, no zeros that nobody printed, no -0; as Polars in JSON.
    """number(value) as case
        when value = try_cast(value as bigint) and abs(value) < 1e15 then value::bigint::varchar
        when abs(value) between 0.001 and 999999999999999 then value::varchar
        when value is null then '' when isnan(value) then 'NaN'
        when abs(value) < 0.001 then to_json(value)::varchar else regexp_replace(value::varchar, '\\.0$', '') end""",
)


class LongAnswer:
    """The rows of one question to the database as it was when this was made, until it is closed.

    asked: a table of the schema, in stored order; or a question, whose rows are those of get_observations(), from
    the database alone. Computed rows are not among them, nor does get_observations() compute any for so many.
    """

    def __init__(self, asked: str | Question) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._path = f"/dev/fd/{self._file.fileno()}"
        try:
            self._door = detached.DetachedConnection(self._path)
        except BaseException:
            self._file.close()
            raise
        self._table = asked if isinstance(asked, str) else ""
        self._parameters = None if isinstance(asked, str) else asked
        try:
            self.version = str(self._door.fetch("build")["data_version"][0])
            self.total = self._door.count(asked) if isinstance(asked, str) else count_figures(self._door.fetch, asked)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the database and the file go."""
        self._door.close()
        self._file.close()

    def get_rows(self, offset: int = 0, limit: int | None = None) -> pl.DataFrame:
        """Return the rows but for the first `offset`, and at most `limit`."""
        rows = (
            f'from "{self._table}"'
            if self._table
            else f"select {PUBLIC} from ({query_files.read_query('observations')})"
        )
        return self._door.select(rows + _page(offset, limit), self._parameters)

    def write(
        self, suffix: str, offset: int = 0, limit: int | None = None, *, bom: bool = True, safe: bool = True
    ) -> Iterator[bytes]:
        """Yield the file of get_rows() piece by piece, b"" while there is nothing new.

        safe: cells of CSV that a spreadsheet would run are made harmless. Raises duckdb.Error where the file cannot be
        written to its end.
        """
        if self._door.shared:
            rows = self.get_rows(offset, limit)
            yield formats.as_csv(rows, bom=bom, safe=safe) if suffix == "csv" else formats.as_file(rows, suffix)
            return
        empty = self.get_rows(limit=0)
        if suffix == "csv":
            yield formats.as_csv(empty, bom=bom, safe=safe)
        with ThreadPoolExecutor(1, "copy") as copier:
            copying = copier.submit(self._copy, suffix, empty.schema, _page(offset, limit), safe)
            try:
                yield from self._follow(copying)
            finally:
                if not copying.done():
                    self._door.interrupt()

    def _follow(self, copying: Future[None]) -> Iterator[bytes]:
        """What is written to the file, as it comes. Raises what the copying raised."""
        place, done = 0, False
        while not done:
            done = bool(wait([copying], LOOK).done)
            if done:
                copying.result()
            yield b""
            # Whole blocks until the end: each that is sent costs a turn of the server.
            size = os.fstat(self._file.fileno()).st_size
            while size - place >= (1 if done else BLOCK) and (block := os.pread(self._file.fileno(), BLOCK, place)):
                place += len(block)
                yield block

    def _copy(self, suffix: str, schema: pl.Schema, page: str, safe: bool) -> None:
        run, cells = self._door.run, suffix == "csv"
        run("set search_path = 'memory,park'")
        if cells:
            define_cells(self._door, safe)
        rows, done = f'from "{self._table}"{page}', False
        if not self._table:
            rows, done = f"select {PUBLIC} from ({self._sort(cells)}){page}", True
        if cells:
            line = ", ',', ".join(_cell(column, kind, done) for column, kind in schema.items())
            rows = f"select concat({line}, chr(13)) from ({rows})"
        run(
            f"copy ({rows}) to '{self._path}' ({formats.FORMATS[suffix].copied}, use_tmp_file false)",
            self._parameters,
        )

    def _sort(self, cells: bool) -> str:
        """Put figures in order before all else is joined to them, which takes a quarter of the memory; return the
        question for the rest. One thread keeps the order.

        cells: texts are as CSV has them from the start, so that those that follow from a code are made once for each.
        """
        question, _, order = query_files.read_query("observations").rpartition("order by")
        for table in CODES if cells else ():
            self._door.run(f"create table memory.{table} as select * {self._cells(table)} from park.{table}")
        self._door.run(
            f"create view memory.figure as select figure.* {self._cells('figure') if cells else ''} from park.figure "
            f"inner join park.indicator using (indicator_id) order by {order}"
        )
        return question

    def _cells(self, table: str) -> str:
        """The columns of text of a table, as cells."""
        described = self._door.run(f"describe park.{table}").fetchall()
        texts = [f"cell({table}.{column}) as {column}" for column, kind, *_ in described if kind == "VARCHAR"]
        return f"replace ({', '.join(texts)})"


def count_figures(fetch: Callable[..., pl.DataFrame], asked: Question) -> int:
    """Return how many rows the answer to a question has. fetch: as in queries.database.engine."""
    filters = {name: given for name, given in asked.items() if name != "lang"}
    return int(fetch("observation_count", **filters)["figures"][0])


def define_cells(door: detached.DetachedConnection, safe: bool) -> None:
    """Let a connection write texts and numbers as write_csv_lines() does: cell(text) and number(value).

    safe: cells that a spreadsheet would run are made harmless.
    """
    door.define("unusual_cell", partial(_write_unusual_cells, safe))
    for macro in MACROS:
        door.run(f"create macro memory.{macro}")


def is_short(asked: Question) -> bool:
    """Return whether get_observations() puts these rows together in memory; also for a period that runs backwards."""
    backwards = asked["first"] and asked["last"] and asked["first"] > asked["last"]
    return bool(backwards) or count_figures(engine.fetch, asked) <= AT_ONCE


def _page(offset: int, limit: int | None) -> str:
    return f" limit {'all' if limit is None else limit} offset {offset}"


def _write_unusual_cells(safe: bool, texts: pa.ChunkedArray) -> pa.Array:
    """The texts as cells of CSV. safe: those that a spreadsheet would run are made harmless."""
    rows = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})
    text = (escape_formulas(rows) if safe else rows)["text"]
    quoted = '"' + text.str.replace_all('"', '""', literal=True) + '"'
    return quoted.zip_with(text.str.contains(SPECIAL), text).to_arrow()


def _cell(column: str, kind: pl.DataType, done: bool) -> str:
    """The expression of a cell of CSV, null where it is empty. done: texts are cells already."""
    name = '"' + column.replace('"', '""') + '"'
    if kind.is_float():
        return f"number({name})"
    if isinstance(kind, pl.Decimal):
        return f"rtrim(rtrim({name}::varchar, '0'), '.')" if kind.scale else name
    if done or not isinstance(kind, pl.List | pl.Enum | pl.String):
        return name
    text = f"array_to_string({name}, '; ')" if isinstance(kind, pl.List) else f"{name}::varchar"
    return f"cell({text})"
