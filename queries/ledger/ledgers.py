"""Find the ledger of a park, return what it knew on a day, and add names and sources to its rows."""

import logging
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from data.isolation import file_reader
from data.ledger import versions
from data.ledger.definition import BrokenLedger, get_sheet_definitions
from data.ledger.ledger import KNOWN_SINCE, LATER_COLUMNS, SAMPLE_PARK, Ledger
from data.ledger.template import make_ledger_template
from data.ledger.versions import DamagedLedger
from data.tables.problems import Flaw
from queries.database.engine import fetch

__all__ = ["SAMPLE_PARK", "BrokenLedger", "DamagedLedger", "Ledger"]

LEDGER_SOURCE = "LEDGER"
# Sheets whose names stand beside their codes in every answer, and what their column of names is called.
NAMED_SHEETS = {"department": "name", "leader": "name"}
log = logging.getLogger("park")
_logged_damage: dict[str, str] = {}  # park, damaged file of which the log knows
AHEAD_DAYS = 31  # days that a project "due soon" and the tasks "due next" of a meeting look ahead
CACHED_STATES = 6  # states of ledgers, whose rows may be a hundred thousand


def find_ledger(park: str) -> Ledger | None:
    """Find the ledger of a park: the sample for `sample`, else the one loaded for good; None where there is none.

    A damaged ledger counts as none; its file is logged once, and find_damage() says what is wrong.
    """
    try:
        found = versions.find_park_ledger(park)
    except versions.DamagedLedger as error:
        if _logged_damage.get(park) != error.file:
            log.error("%s", error)
        _logged_damage[park] = error.file
        return None
    _logged_damage.pop(park, None)
    return found


def find_damage(park: str) -> DamagedLedger | None:
    """Return what is wrong with the ledger of a park that is in use and cannot be read; None where nothing is."""
    try:
        versions.find_park_ledger(park)
    except versions.DamagedLedger as error:
        return error
    return None


def get_parks_with_ledger() -> list[str]:
    """Return the parks whose ledger can be opened, the sample last."""
    return [*versions.get_ledger_park_codes(), SAMPLE_PARK]


def get_default_day(of: Ledger, today: date | None = None) -> date:
    """Return the day on which a ledger is opened: today, or the day of its last month's report once that is past."""
    today = today or date.today()
    end = of.last_month_end
    if end is None:
        return today
    reported: Any = of.tables["monthly_return"].filter(pl.col("month") == f"{end:%Y-%m}")["reported"].max()
    opened: date = min(today, max(end, reported))
    return opened


def get_ledger_span(of: Ledger) -> tuple[date, date]:
    """Return the first and the last day of which a ledger knows something; for an empty one twice its default day."""
    days = [of.tables[table][column].drop_nulls() for table, column in KNOWN_SINCE.items()]
    days += [of.tables[table][column].drop_nulls() for table, events in LATER_COLUMNS.items() for column in events]
    every = pl.concat([each.cast(pl.Date) for each in days])
    opens = get_default_day(of)
    first: Any = every.min() or opens
    last: Any = max(every.max() or opens, opens)
    return first, last


@lru_cache(maxsize=CACHED_STATES)
def get_ledger_at(of: Ledger, asof: date) -> Ledger:
    """Return what the ledger knew on a day."""
    return of.as_of(asof)


def get_ledger_park_names(of: Ledger) -> dict[str, str]:
    """Return the name of the ledger's park in both languages: park_zh, park_en."""
    row = of.tables["park"].row(0, named=True)
    return {"park_zh": row["name"], "park_en": row["name_en"] or row["name"]}


def add_name_columns(rows: pl.DataFrame, of: Ledger) -> pl.DataFrame:
    """Add names in both languages to the codes; where there is no English name, the Chinese one is in both columns.

    title, name, team, service become title_zh and title_en, and so on; department_id and leader_id are joined by
    department_zh, department_en, leader_zh, leader_en.
    """
    for column in ("title", "name", "team", "service"):
        if column in rows.columns:
            rows = rows.with_columns(pl.coalesce(f"{column}_en", column).alias(f"{column}_en")).rename(
                {column: f"{column}_zh"}
            )
    for table, column in NAMED_SHEETS.items():
        key = f"{table}_id"
        if key in rows.columns:
            names = of.tables[table].select(
                key,
                pl.col(column).alias(f"{table}_zh"),
                pl.coalesce(f"{column}_en", column).alias(f"{table}_en"),
            )
            rows = rows.join(names, on=key, how="left", maintain_order="left")
    return rows


def add_source_columns(rows: pl.DataFrame, of: Ledger, asof: date, table: str, lang: str = "zh") -> pl.DataFrame:
    """Add to every row its park, kind of evidence, day, source and place in the ledger.

    table: the sheet whose number is the row's locator. evidence is own or sample; data_version is the ledger's
    version.
    """
    key = get_sheet_definitions()[table].key[0]
    sheet = get_sheet_definitions()[table].name[lang]
    number = pl.col(key) if key in rows.columns else pl.lit("")
    title = {"zh": "台账", "en": "Ledger"}[lang]
    if of.evidence == SAMPLE_PARK:
        title = {"zh": "示例台账（虚构）", "en": "Sample ledger (invented)"}[lang]
    return rows.with_columns(
        park_id=pl.lit(of.park_id),
        **{column: pl.lit(text) for column, text in get_ledger_park_names(of).items()},
        evidence=pl.lit(of.evidence),
        asof=pl.lit(asof.isoformat()),
        source_id=pl.lit(LEDGER_SOURCE),
        source_title=pl.lit(title),
        source_url=pl.lit(None, pl.String),
        source_published=pl.lit(asof.isoformat()),
        locator=pl.format("{} {}", pl.lit(sheet), number),
        data_version=pl.lit(of.version),
    )


def get_ledger_aims(of: Ledger, lang: str = "zh") -> pl.DataFrame:
    """Return what tasks can serve: targets and commitments of the ledger and those published for its park.

    One row per aim: aim_id, kind (target, commitment), theme, name_zh, name_en.
    """
    own = of.tables["target"].join(
        fetch("indicators", theme=None).select("indicator_id", "name_zh", "name_en"), on="indicator_id"
    )
    promises = of.tables["commitment"].with_columns(name_zh="name", name_en=pl.coalesce("name_en", "name"))
    printed = fetch("targets", lang=lang, asof=None).filter(pl.col("park_id") == of.park_id)
    promised = fetch("commitments", theme=None, parks=[of.park_id], lang=lang)
    return pl.concat(
        [
            own.select(aim_id="target_id", kind=pl.lit("target"), theme="theme", name_zh="name_zh", name_en="name_en"),
            printed.select(
                aim_id="target_id", kind=pl.lit("target"), theme="theme", name_zh="indicator_zh", name_en="indicator_en"
            ),
            promises.select(
                aim_id="commitment_id", kind=pl.lit("commitment"), theme="theme", name_zh="name_zh", name_en="name_en"
            ),
            promised.select(
                aim_id="commitment_id", kind=pl.lit("commitment"), theme="theme", name_zh="name_zh", name_en="name_en"
            ),
        ]
    )


def make_ledger_workbook(of: Ledger | None, lang: str = "zh") -> bytes:
    """Make the workbook of a ledger to fill in: empty for None, else with the rows of the ledger."""
    return make_ledger_template(of, lang)


def read_uploaded_ledger(content: bytes, file_name: str) -> Ledger:
    """Read the ledger in a workbook that a reader chose, in a process of its own; nothing is written anywhere.

    Raises BrokenLedger with every defect at once.
    """
    return file_reader.read_ledger(content, file_name)


def get_ledger_defects(flaws: list[Flaw], lang: str = "zh") -> pl.DataFrame:
    """Return the defects of a workbook as rows.

    One row per defect: sheet, row, column, value, rule, notice (true for one that does not prevent loading).
    """
    lines = [
        (*flaw.place(lang)[:1], flaw.row or None, flaw.place(lang)[1], flaw.value, flaw.rule(lang), flaw.notice)
        for flaw in flaws
    ]
    schema = {
        "sheet": pl.String, "row": pl.Int64, "column": pl.String, "value": pl.String, "rule": pl.String,
        "notice": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def get_meeting_days(of: Ledger, asof: date) -> list[date]:
    """Return the days of the meetings that had been held by a day, the latest first."""
    days = of.as_of(asof).tables["followup"]["meeting"].unique().sort(descending=True)
    return list(days)
