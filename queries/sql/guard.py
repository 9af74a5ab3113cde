"""Decide whether a reader's statement may run, by its parse tree, form by form and name by name.

What is not on a list here or in queries/sql/functions.txt is refused, including what a later DuckDB adds.
"""

import difflib
import json
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent
NO_POSITION = 2**64 - 1
SIMILARITY = 0.75  # how much two names must share for one to be offered in place of the other

# Forms of the parse tree that only read.
NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"}
TABLES = {"EMPTY", "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "PIVOT"}
MODIFIERS = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER"}
ORDERS = {"ORDER_DEFAULT", "ASCENDING", "DESCENDING"}
CLASSES = {
    *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION"),
    *("LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW"),
}
# Words that DuckDB reads as functions where no column has that name.
BARE_FUNCTIONS = {"current_catalog", "current_role", "current_schema", "current_user", "session_user", "user"}
SHOW_STATEMENTS = {"SUMMARY": "SUMMARIZE", "DESCRIBE": "DESCRIBE"}


class Refusal(Exception):
    """A statement that is not run, or a result that is not returned.

    code: as in queries/sql/limits.py; detail: what it is about; at: the byte of the statement it is about; near:
    the name that was perhaps meant.
    """

    def __init__(self, code: str, detail: str = "", at: int | None = None, near: str = "") -> None:
        super().__init__(code)
        self.told = {"code": code, "detail": detail, "at": None if at in (None, NO_POSITION) else at, "near": near}


def lower_ascii(name: str) -> str:
    """Return the name in lower case as DuckDB does it: ASCII letters only.

    Python would turn the Kelvin sign into a plain k.
    """
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def find_similar_name(name: str, known: frozenset[str]) -> str:
    """Return the known name that was perhaps meant, or ""."""
    return next(iter(difflib.get_close_matches(lower_ascii(name), known, 1, SIMILARITY)), "")


def read_functions() -> tuple[frozenset[str], frozenset[str]]:
    """Read the functions allowed in an expression, and those allowed after FROM."""
    named: dict[str, set[str]] = {}
    section = ""
    for line in (HERE / "functions.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#"):
            named.setdefault(section, set()).add(lower_ascii(line))
    return frozenset(named["[functions]"] | named["[operators]"]), frozenset(named["[from]"])


class StatementJudge:
    """Decides by the parse tree whether a statement only reads published tables and only computes."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.functions, self.table_functions = read_functions()
        published = "where not internal and schema_name = 'main'"
        self.tables = self.read_names(f"table_name from duckdb_tables() {published}")
        self.tables |= self.read_names(f"view_name from duckdb_views() {published}")
        self.views = self.read_names("view_name from duckdb_views() where internal")
        self.types = self.read_names("type_name from duckdb_types() where type_name <> 'type'") | {"double precision"}

    def read_names(self, question: str) -> frozenset[str]:
        """Read names of the catalogue, in lower case."""
        return frozenset(lower_ascii(str(row[0])) for row in self.connection.execute(f"select {question}").fetchall())

    def judge(self, sql: str) -> None:
        """Raise Refusal unless the text is one statement that may run. Raises duckdb.Error if it cannot be parsed."""
        statements: list[Any] = self.connection.extract_statements(sql)
        if not statements:
            raise Refusal("empty")
        if len(statements) > 1:
            raise Refusal("several", str(len(statements)))
        try:
            kind = str(statements[0].type.name)
        except ValueError as error:  # a kind that this DuckDB reads and has no name for
            raise Refusal("not_reading", "This form") from error
        if kind == "MULTI":
            raise Refusal("pivot")
        if kind != "SELECT":
            raise Refusal("not_reading", kind.replace("_", " "))
        serialized = self.connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()
        tree: dict[str, Any] = json.loads(serialized[0][0])
        if tree["error"] or len(tree["statements"]) != 1:
            raise Refusal("not_reading", "This form")
        self.walk(tree["statements"][0], frozenset())

    def walk(self, part: object, ctes: frozenset[str]) -> None:
        """Judge a part of the tree; ctes are the names of WITH that are visible there."""
        if isinstance(part, list):
            for one in part:
                self.walk(one, ctes)
        elif isinstance(part, dict):
            self.check_form(part)
            ctes = self.walk_ctes(part, ctes)
            self.check_names(part, ctes)
            for key, value in part.items():
                # A recursive query sees its own name only after the UNION; before it the name is DuckDB's to find.
                own = {lower_ascii(part["cte_name"])} if key == "right" and "cte_name" in part else set()
                if key != "cte_map":
                    self.walk(value, ctes | own)

    def check_form(self, part: dict[str, Any]) -> None:
        """Raise Refusal for a form that is not known to only read."""
        kind, at = part.get("type"), part.get("query_location")
        if "class" in part:
            if part["class"] == "PARAMETER":
                raise Refusal("syntax", "A parameter has no value here: write the value itself.", at)
            if part["class"] not in CLASSES:
                raise Refusal("not_reading", str(part["class"]), at)
        elif isinstance(kind, str) and kind not in NODES | TABLES | MODIFIERS | ORDERS:
            if kind == "SHOW_REF":
                raise Refusal("not_reading", SHOW_STATEMENTS.get(part["show_type"], "SHOW"), at)
            raise Refusal("not_reading", kind.removesuffix("_QUERY_NODE").removesuffix("_NODE"), at)

    def walk_ctes(self, part: dict[str, Any], ctes: frozenset[str]) -> frozenset[str]:
        """Judge the queries of a WITH, each with the names before it; return the names that its statement sees."""
        for entry in (part.get("cte_map") or {"map": []})["map"]:
            if lower_ascii(entry["key"]) in self.views:  # never needed, and what it hides would be DuckDB's own
                raise Refusal("table", entry["key"])
            self.walk(entry["value"], ctes)
            ctes |= {lower_ascii(entry["key"])}
        return ctes

    def check_names(self, part: dict[str, Any], ctes: frozenset[str]) -> None:
        """Raise Refusal for a table, function, type or word that reaches beyond the published tables."""
        at = part.get("query_location")
        if part.get("type") == "BASE_TABLE":
            self.check_table(part, ctes)
        elif part.get("type") == "TABLE_FUNCTION":
            self.check_function(part["function"], self.table_functions, at)
        elif "function_name" in part:
            self.check_function(part, self.functions | self.table_functions, at)
        elif part.get("class") == "TYPE" and lower_ascii(part["type_name"]) not in self.types:
            raise Refusal("unknown_name", part["type_name"], at, find_similar_name(part["type_name"], self.types))
        elif part.get("class") == "COLUMN_REF" and lower_ascii(".".join(part["column_names"])) in BARE_FUNCTIONS:
            raise Refusal("function", part["column_names"][-1], at)

    def check_table(self, part: dict[str, Any], ctes: frozenset[str]) -> None:
        """Raise Refusal unless it is a table of the schema, or a name of WITH, in its present state."""
        path = part["qualified_name"]["path"]
        name, at = part["table_name"], part["query_location"]
        if part["at_clause"] is not None:
            raise Refusal("not_reading", "AT", at)
        plain = path == [name] and not part["schema_name"] and not part["catalog_name"]
        of_schema = [lower_ascii(step) for step in path] == ["main", lower_ascii(name)] and not part["catalog_name"]
        published = (plain or of_schema) and lower_ascii(name) in self.tables
        if not (published or (plain and lower_ascii(name) in ctes)):
            raise Refusal("table", ".".join(path) or name, at, find_similar_name(name, self.tables | ctes))

    def check_function(self, part: dict[str, Any], allowed: frozenset[str], at: int | None) -> None:
        """Raise Refusal unless the function is on the list and called by its plain name."""
        name, path = part["function_name"], part["qualified_name"]["path"]
        if path != [name]:
            raise Refusal("function", ".".join(path), at)
        if lower_ascii(name) not in allowed:
            raise Refusal("function", name, at, find_similar_name(name, allowed))
        if part.get("export_state"):
            raise Refusal("function", "export_state", at)
