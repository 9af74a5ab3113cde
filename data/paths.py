"""Where things stand: the folder of the project's data, and what a setting of the environment may put elsewhere."""

import os
from pathlib import Path

DATA = Path(__file__).parent
ROOT = DATA.parent
SAMPLE = DATA / "sample"


def database_path() -> Path:
    """Return the file of the database: PARK_DATABASE, else data/park.duckdb."""
    return Path(os.environ.get("PARK_DATABASE") or DATA / "park.duckdb")


def sources_path() -> Path:
    """Return the folder of the sources: PARK_SOURCES, else data/sources."""
    return Path(os.environ.get("PARK_SOURCES") or DATA / "sources")


def batches_path() -> Path:
    """Return the folder of the batches of own figures: PARK_BATCHES, else data/batches."""
    return Path(os.environ.get("PARK_BATCHES") or DATA / "batches")


def ledgers_path() -> Path:
    """Return the folder of the ledgers: PARK_LEDGERS, else data/ledgers."""
    return Path(os.environ.get("PARK_LEDGERS") or DATA / "ledgers")


def rules_path() -> Path:
    """Return the folder of the status rules: PARK_RULES, else data/rules."""
    return Path(os.environ.get("PARK_RULES") or DATA / "rules")
