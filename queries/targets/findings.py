"""Find published figures that contradict each other: one SQL file per rule, and a new rule is a new file.

A rule is a file in queries/targets/checks/. It reads the tables of the schema and two tables made from the
folder view/: `worded`, the published figures of the table `figure` with their words, and `aimed`, the targets.
Its header describes it; its rows are the cases that break it by more than rounding.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from queries.database.engine import fetch, fetch_printed, get_data_version, open_cursor
from queries.database.memo import memoize
from queries.database.state import is_damage

CHECKS_FOLDER = Path(__file__).parent / "checks"
VIEWS = {"worded": CHECKS_FOLDER / "view" / "figure.sql", "aimed": CHECKS_FOLDER / "view" / "target.sql"}
SEVERITIES = ("contradiction", "needs_definition", "note")
HEAD_ENTRIES = ("severity", "name_zh", "name_en", "explanation_zh", "explanation_en")
# Columns of a check; severity and targets may be left out.
FINDING_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "park_id": pl.String,
    "key": pl.String,
    "indicators": pl.List(pl.String),
    "observations": pl.List(pl.String),
    "targets": pl.List(pl.String),
    "sentence_zh": pl.String,
    "sentence_en": pl.String,
    "misfit_low": pl.Float64,
    "misfit_high": pl.Float64,
    "misfit_zh": pl.String,
    "misfit_en": pl.String,
    "severity": pl.String,
}
MISFIT_DECIMALS = 9  # of a misfit; floating point leaves more behind


class BadCheck(ValueError):
    """The file of a check cannot be used: the message names the file, what is wrong and how to fix it."""


@dataclass(frozen=True)
class Check:
    """One consistency rule: its texts and its SQL."""

    rule: str
    severity: str
    name_zh: str
    name_en: str
    explanation_zh: str
    explanation_en: str
    question: str


def read_checks(folder: Path = CHECKS_FOLDER) -> list[Check]:
    """Read all rules of a folder, in the order of their file names. Raises BadCheck."""
    return [read_check(path) for path in sorted(folder.glob("*.sql"))]


def read_check(path: Path) -> Check:
    """Read one rule from its file. Raises BadCheck, which names the missing line."""
    text = path.read_text("utf-8")
    head = dict(re.findall(r"^-- (\w+): (.+)$", text, re.MULTILINE))
    missing = [key for key in HEAD_ENTRIES if not head.get(key, "").strip()]
    if missing:
        raise BadCheck(f"{path.name}: the head lacks {', '.join(missing)}. Write a line “-- {missing[0]}: …” for each.")
    if head["severity"] not in SEVERITIES:
        raise BadCheck(f"{path.name}: severity is {head['severity']!r}. Take one of {', '.join(SEVERITIES)}.")
    return Check(path.stem, **{key: head[key].strip() for key in HEAD_ENTRIES}, question=text)


def run_checks(connection: duckdb.DuckDBPyConnection, rules: list[Check], asof: date | None = None) -> pl.DataFrame:
    """Run the rules in a database with the tables of the schema and return the rows that break them.

    asof: only what was known by this day counts; None: all.
    One row per finding: rule, its texts, and FINDING_COLUMNS. finding_id is the rule and a key of codes and
    periods; it is the same after every build. Raises BadCheck for a question that does not run or lacks a column.
    """
    # Tables and not views: every rule reads them, some of them twice.
    for name, path in VIEWS.items():
        connection.execute(f"create or replace temp table {name} as {path.read_text('utf-8')}", {"asof": asof})
    found = []
    for check in rules:
        try:
            rows = connection.sql(check.question).pl()
        except duckdb.Error as error:
            if is_damage(error):
                raise
            raise BadCheck(f"{check.rule}.sql: {str(error).splitlines()[0]}") from error
        lacking = set(FINDING_COLUMNS) - set(rows.columns) - {"severity", "targets"}
        if lacking:
            raise BadCheck(f"{check.rule}.sql: the rows lack {', '.join(sorted(lacking))}. Add them to its select.")
        if "severity" not in rows.columns:
            rows = rows.with_columns(severity=pl.lit(check.severity))
        if "targets" not in rows.columns:
            rows = rows.with_columns(targets=pl.lit([], dtype=pl.List(pl.String)))
        texts = {key: getattr(check, key) for key in ("name_zh", "name_en", "explanation_zh", "explanation_en")}
        named = {key.replace("name", "rule"): pl.lit(text) for key, text in texts.items()}
        found.append(
            rows.select(pl.col(column).cast(kind) for column, kind in FINDING_COLUMNS.items())
            .with_columns(pl.col("misfit_low", "misfit_high").round(MISFIT_DECIMALS))
            .with_columns(rule=pl.lit(check.rule), **named)
            .sort("key")
        )
    together: pl.DataFrame = pl.concat(found)
    return together.with_columns(finding_id=pl.col("rule") + ":" + pl.col("key"))


def get_consistency_findings(
    severities: list[str] | None = None,
    rules: list[str] | None = None,
    parks: list[str] | None = None,
    lang: str = "zh",
    asof: date | None = None,
) -> pl.DataFrame:
    """Return the published figures that contradict each other by more than rounding.

    severities, rules, parks: codes; None: all. lang: zh or en, for source_titles and caveat. asof: only what was
    known by this day counts; None: all.

    One row per finding, the gravest first, then by place: finding_id, rule and its texts, severity (contradiction,
    needs_definition, note), park, indicators, sentence and explanation in both languages, misfit_low and
    misfit_high with what they measure (misfit_zh, misfit_en), the observations, targets and sources concerned, and
    the caveat that the sources' own remarks give. A finding asks for a definition; it accuses nobody.
    Raises BadCheck, DatabaseMissing.
    """
    rows = _get_all_findings(get_data_version(), lang, asof)
    for column, wanted in (("severity", severities), ("rule", rules), ("park_id", parks)):
        rows = rows if wanted is None else rows.filter(pl.col(column).is_in(wanted))
    return rows


@memoize(4)
def _run_all_checks(version: str, asof: date | None) -> pl.DataFrame:
    """Run all rules, before sources and titles are added in a language."""
    with open_cursor() as connection:
        return run_checks(connection, read_checks(), asof)


@memoize(8)
def _get_all_findings(version: str, lang: str, asof: date | None) -> pl.DataFrame:
    """Return all findings with their sources and places; `version` is the data version they belong to."""
    rows = _run_all_checks(version, asof)
    figures, aims = fetch_printed("cited", lang=lang), fetch("targets", lang=lang, asof=asof)
    places = fetch("parks").select("park_id", park_zh="name_zh", park_en="name_en").with_row_index("_place")
    cited = pl.concat(
        [
            part.select(pl.col(f"{kind}_id").alias("_part"), "source_id", "source_title", "note")
            for kind, part in (("observation", figures), ("target", aims))
        ]
    )
    parts = rows.select("finding_id", _part=pl.col("observations").list.concat("targets")).explode("_part")
    parts = parts.join(cited, on="_part", how="left", maintain_order="left")
    said = parts.group_by("finding_id").agg(
        pl.col("source_id").unique(maintain_order=True).alias("sources"),
        pl.col("source_title").unique(maintain_order=True).alias("source_titles"),
        pl.col("note").drop_nulls().unique(maintain_order=True).alias("caveats"),
    )
    rows = rows.join(said, on="finding_id", how="left").join(places, on="park_id", how="left")
    rows = rows.with_columns(
        pl.col("severity").replace_strict({code: place for place, code in enumerate(SEVERITIES)}).alias("_grave"),
        data_version=pl.lit(version),
    )
    return rows.sort("_grave", "_place", "rule", "key").select(
        "finding_id", "rule", "rule_zh", "rule_en", "severity", "park_id", "park_zh", "park_en", "indicators",
        "sentence_zh", "sentence_en", "misfit_low", "misfit_high", "misfit_zh", "misfit_en", "explanation_zh",
        "explanation_en", "caveats", "observations", "targets", "sources", "source_titles", "data_version",
    )  # fmt: skip
