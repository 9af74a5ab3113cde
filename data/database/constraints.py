"""Constraints of the schema, checked over rows that are not yet in their table."""

from dataclasses import dataclass

import duckdb

CODE_COLUMNS = {
    "source_code": ("source", "source_id"),
    "park_code": ("park", "park_id"),
    "indicator_code": ("indicator", "indicator_id"),
}
COMPUTED_COLUMNS = {
    "observation": ("period_start", "period_end", "decimals", "evidence"),
    "target": ("decimals", "evidence"),
}


@dataclass(frozen=True, order=True)
class Defect:
    """One broken rule: where (file below the sources, line from 1), the value there, the rule and how to correct it."""

    file: str
    line: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        column = f"column {self.column}: " if self.column else ""
        return f"{self.file}, line {self.line}: {column}{self.value!r}: {self.rule}"


@dataclass(frozen=True)
class Constraint:
    """One constraint of a table of the schema, as DuckDB reports it. keys: the columns of the parent table."""

    table: str
    kind: str
    columns: list[str]
    expression: str | None
    parent: str | None
    keys: list[str]

    def can_break(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Return whether rows that break it are reported here and not elsewhere."""
        if self.kind == "NOT NULL":
            # A computed column is empty only where the column it comes from is broken, which is told there.
            return not set(self.columns) & set(COMPUTED_COLUMNS.get(self.table, ()))
        if self.kind != "FOREIGN KEY":
            return True
        if any(self.parent == table for table, _ in CODE_COLUMNS.values()):
            return False  # a code that is in no row was refused when it was read; a row that was refused is told there
        # Nothing of the parent could be read, which is told there.
        return bool(connection.sql(f"select exists (from stage_{self.parent})").fetchall()[0][0])

    def _make_row_condition(self) -> str:
        """Return the condition under which a single row breaks it."""
        column = self.columns[0] if self.columns else ""
        if self.kind == "NOT NULL":
            return f"{column} is null"
        if self.kind == "FOREIGN KEY":
            known = f"select {self.keys[0]}::varchar from stage_{self.parent} where {self.keys[0]} is not null"
            return f"{column} is not null and {column}::varchar not in ({known})"
        return f"not {self.expression}"

    @property
    def _unique(self) -> bool:
        return self.kind in ("PRIMARY KEY", "UNIQUE")

    def make_break_expression(self) -> str:
        """Return an expression over the staging table: whether any row breaks it."""
        if self._unique:
            filled = (
                " and ".join(f"{column} is not null" for column in self.columns) if len(self.columns) == 1 else "true"
            )
            return f"count(*) filter ({filled}) > count(distinct ({', '.join(self.columns)})) filter ({filled})"
        return f"count(*) filter ({self._make_row_condition()}) > 0"

    def defects(self, connection: duckdb.DuckDBPyConnection) -> list[Defect]:
        """Return a defect for each row of the staging table that breaks it."""
        names = ", ".join(self.columns)
        shown = " || ', ' || ".join(f"coalesce({column}::varchar, '')" for column in self.columns)
        if self._unique:
            rule = f"stands twice; {names} must be unique"
            where = f"qualify count(*) over (partition by {names}) > 1"
            if len(self.columns) == 1:
                where = f"where {names} is not null {where}"
        else:
            named = f"no such {''.join(self.keys[:1])} in {self.parent}.csv; add it there or correct the code"
            rules = {"NOT NULL": "must not be empty", "FOREIGN KEY": named}
            rule = rules.get(self.kind, f"must satisfy {self.expression}")
            where = f"where {self._make_row_condition()}"
        rows = connection.sql(f"select file, line, {shown} from stage_{self.table} {where}").fetchall()
        return [Defect(file, line, names, value, rule) for file, line, value in rows]
