"""Limits of readers' SQL, and the messages for a query that meets one."""

SECONDS = 5.0
MEMORY = "512MB"
ROWS = 100_000
COLUMNS = 1_000
BYTES = 64_000_000  # of the result as Arrow
QUERIES_AT_ONCE = 2
QUERIES_AT_ONCE_EACH = 1  # of one client
WAITING = 32  # while so many wait, the newest of the client that waits most makes room
WAITING_EACH = 4  # of one client; one more is told at once
TURN_SECONDS = 2 * SECONDS  # how long to wait for a turn
LENGTH = 10_000  # characters; a longer address would be refused by servers on its way

# What was wrong, where {detail} and {near} come in, and how to fix it.
MESSAGES = {
    "empty": "There is no statement. Write one that begins with SELECT, FROM or WITH.",
    "too_long": "The statement has {detail} characters. Shorten it to {limit}.",
    "several": "These are {detail} statements. Send one; a semicolon may stand at its end.",
    "not_reading": "{detail} is not taken. Write one statement that reads: SELECT, FROM, WITH, VALUES.",
    "pivot": "PIVOT needs its values named: pivot observation on period in ('2013', '2014') using sum(value).",
    "table": "There is no table {detail} to read.{near} /api/health lists the tables.",
    "function": "The function {detail} is not on the list of those that may be used.{near}",
    "syntax": "The statement cannot be read: {detail}",
    "unknown_name": "The name {detail} is not known here.{near}",
    "timeout": "The query took longer than {detail} seconds and was ended. Filter earlier, or join fewer rows.",
    "memory": "The query needs more memory than it may take ({limit}). Aggregate in steps, or take fewer rows.",
    "rows": "The result has more than {detail} rows. Add a limit, or aggregate.",
    "columns": "The result has {detail} columns. Name the ones you need, {limit} at most.",
    "bytes": "The result is larger than {detail} MB. Take fewer columns or rows.",
    "days": "The column {detail} holds a day outside the years 1 to 9999. Cast it to varchar.",
    "busy": "{detail} queries are running. Try again in a moment.",
    "many": "{detail} queries of yours wait for their turn already. Ask again when they are answered.",
    "cancelled": "The query was cancelled.",
    "failed": "The query could not be answered. {detail}",
    "broken": "Queries cannot be run on this server now. Its log says why.",
}
MESSAGE_LIMITS = {"too_long": f"{LENGTH:,}", "memory": MEMORY, "columns": f"{COLUMNS:,}"}


class Refused(ValueError):
    """A query without an answer.

    code: a key of MESSAGES. detail: the table, function, name or number concerned, or DuckDB's own words on the
    statement; never anything about the machine. near: the name that was perhaps meant, or "".
    line, column: position in the statement, both from 1, or None. The message is English: what, where, how to fix it.
    """

    def __init__(self, code: str, detail: str = "", near: str = "", place: tuple[int, int] | None = None) -> None:
        self.code, self.detail, self.near = code, detail, near
        self.line: int | None = place[0] if place else None
        self.column: int | None = place[1] if place else None
        meant = f" Did you mean {near}?" if near else ""
        where = f" (line {self.line}, column {self.column})" if place else ""
        said = MESSAGES[code].format(detail=detail, near=meant, limit=MESSAGE_LIMITS.get(code, ""))
        super().__init__(said.strip() + where)


def find_position(sql: str, at: int | None) -> tuple[int, int] | None:
    """Return line and column, both from 1, of a byte of the statement; None for None."""
    if at is None:
        return None
    before = sql.encode()[:at].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def check_statement(sql: str) -> str:
    """Check that the statement is a text that can be judged, and return it. Raises Refused."""
    if len(sql) > LENGTH:
        raise Refused("too_long", f"{len(sql):,}")
    if not sql.strip():
        raise Refused("empty")
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise Refused("syntax", "It holds half a character. Type it again.") from error
    if "\0" in sql:
        at = len(sql[: sql.index("\0")].encode())
        raise Refused("syntax", "It holds the character NUL. Take it out.", "", find_position(sql, at))
    return sql
