"""The door to the ledgers of the mechanisms: which there is for a park, what it knew on a day, names and marks."""

import logging
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from data.isolation import file_reader
from data.ledger import versions
from data.ledger.ledger import KNOWN, LATER, SAMPLE, Ledger
from data.ledger.template import filled
from data.ledger.versions import Damaged
from data.tables.form import sheets
from data.tables.problems import BrokenLedger, Flaw
from queries.database.engine import fetch

__all__ = ["SAMPLE", "BrokenLedger", "Damaged", "Ledger"]

SOURCE = "LEDGER"
# Sheets whose names stand beside their codes in every answer, and what their column of names is called.
NAMES = {"department": "name", "leader": "name"}
log = logging.getLogger("park")
_told: dict[str, str] = {}  # park, damaged file of which the log knows
KEPT = 6  # states of ledgers, whose rows may be a hundred thousand


def ledger(park: str) -> Ledger | None:
    """The ledger of a park: the sample for `sample`, else the one loaded for good; None where there is none.

    One that is damaged counts as none; the log names its file once, and damaged() tells.
    """
    try:
        found = versions.ledger(park)
    except versions.Damaged as error:
        if _told.get(park) != error.file:
            log.error("%s", error)
        _told[park] = error.file
        return None
    _told.pop(park, None)
    return found


def damaged(park: str) -> Damaged | None:
    """What is wrong with the ledger of a park that is in use and cannot be read."""
    try:
        versions.ledger(park)
    except versions.Damaged as error:
        return error
    return None


def ledger_parks() -> list[str]:
    """Parks whose ledger can be opened, the sample last."""
    return [*versions.parks(), SAMPLE]


def default_day(of: Ledger, today: date | None = None) -> date:
    """The day on which a ledger is opened: today, or the day its last month was reported where that has passed."""
    today = today or date.today()
    end = of.last_month_end
    if end is None:
        return today
    reported: Any = of.tables["monthly_return"].filter(pl.col("month") == f"{end:%Y-%m}")["reported"].max()
    opened: date = min(today, max(end, reported))
    return opened


def span(of: Ledger) -> tuple[date, date]:
    """The first and the last day of which a ledger knows something; the day it is opened on where it is empty."""
    days = [of.tables[table][column].drop_nulls() for table, column in KNOWN.items()]
    days += [of.tables[table][column].drop_nulls() for table, events in LATER.items() for column in events]
    every = pl.concat([each.cast(pl.Date) for each in days])
    opens = default_day(of)
    first: Any = every.min() or opens
    last: Any = max(every.max() or opens, opens)
    return first, last


@lru_cache(maxsize=KEPT)
def at(of: Ledger, asof: date) -> Ledger:
    """What the ledger knew on a day."""
    return of.known(asof)


def park_names(of: Ledger) -> dict[str, str]:
    """Name of the park in both languages."""
    row = of.tables["park"].row(0, named=True)
    return {"park_zh": row["name"], "park_en": row["name_en"] or row["name"]}


def dressed(rows: pl.DataFrame, of: Ledger) -> pl.DataFrame:
    """Adds names in both languages beside codes; a name without an English one stands in both.

    title, name, team, service become title_zh and title_en, and so on; department_id and leader_id are joined by
    department_zh, department_en, leader_zh, leader_en.
    """
    for column in ("title", "name", "team", "service"):
        if column in rows.columns:
            rows = rows.with_columns(pl.coalesce(f"{column}_en", column).alias(f"{column}_en")).rename(
                {column: f"{column}_zh"}
            )
    for table, column in NAMES.items():
        key = f"{table}_id"
        if key in rows.columns:
            names = of.tables[table].select(
                key,
                pl.col(column).alias(f"{table}_zh"),
                pl.coalesce(f"{column}_en", column).alias(f"{table}_en"),
            )
            rows = rows.join(names, on=key, how="left", maintain_order="left")
    return rows


def attributed(rows: pl.DataFrame, of: Ledger, asof: date, table: str, lang: str = "zh") -> pl.DataFrame:
    """Adds to every row whose it is, of which kind, on which day, and where in the ledger it stands.

    table: sheet whose number is the row's locator. evidence is own or sample; data_version is the ledger's version.
    """
    key = sheets()[table].key[0]
    sheet = sheets()[table].name[lang]
    number = pl.col(key) if key in rows.columns else pl.lit("")
    title = {"zh": "台账", "en": "Ledger"}[lang]
    if of.evidence == SAMPLE:
        title = {"zh": "示例台账（虚构）", "en": "Sample ledger (invented)"}[lang]
    return rows.with_columns(
        park_id=pl.lit(of.park_id),
        **{column: pl.lit(text) for column, text in park_names(of).items()},
        evidence=pl.lit(of.evidence),
        asof=pl.lit(asof.isoformat()),
        source_id=pl.lit(SOURCE),
        source_title=pl.lit(title),
        source_url=pl.lit(None, pl.String),
        source_published=pl.lit(asof.isoformat()),
        locator=pl.format("{} {}", pl.lit(sheet), number),
        data_version=pl.lit(of.version),
    )


def aims(of: Ledger, lang: str = "zh") -> pl.DataFrame:
    """What tasks serve: targets and commitments of the ledger and those published for its park.

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


def template(of: Ledger | None, lang: str = "zh") -> bytes:
    """The workbook to fill in: empty for None, else with the rows of a ledger."""
    return filled(of, lang)


def read(content: bytes, file_name: str) -> Ledger:
    """The ledger in a workbook that a reader chose, read in a process of its own; nothing is written anywhere.

    Raises BrokenLedger with every defect at once.
    """
    return file_reader.read_ledger(content, file_name)


def flaw_rows(flaws: list[Flaw], lang: str = "zh") -> pl.DataFrame:
    """Defects of a workbook. One row per defect: sheet, row, column, value, rule, notice (it can be loaded)."""
    lines = [
        (*flaw.place(lang)[:1], flaw.row or None, flaw.place(lang)[1], flaw.value, flaw.rule(lang), flaw.notice)
        for flaw in flaws
    ]
    schema = {
        "sheet": pl.String, "row": pl.Int64, "column": pl.String, "value": pl.String, "rule": pl.String,
        "notice": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def meetings(of: Ledger, asof: date) -> list[date]:
    """Days of the meetings that had been held by a day, the latest first."""
    days = of.known(asof).tables["followup"]["meeting"].unique().sort(descending=True)
    return list(days)
