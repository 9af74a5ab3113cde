"""Paths of the project's data, each of which an environment variable may replace."""

import os
from pathlib import Path

DATA = Path(__file__).parent
ROOT = DATA.parent
SAMPLE = DATA / "sample"


def get_database_path() -> Path:
    """Return the path of the database file: PARK_DATABASE, else data/park.duckdb."""
    return Path(os.environ.get("PARK_DATABASE") or DATA / "park.duckdb")


def get_sources_path() -> Path:
    """Return the folder of the source files: PARK_SOURCES, else data/sources."""
    return Path(os.environ.get("PARK_SOURCES") or DATA / "sources")


def get_batches_path() -> Path:
    """Return the folder of the batches of own figures: PARK_BATCHES, else data/batches."""
    return Path(os.environ.get("PARK_BATCHES") or DATA / "batches")


def get_ledgers_path() -> Path:
    """Return the folder of the ledgers: PARK_LEDGERS, else data/ledgers."""
    return Path(os.environ.get("PARK_LEDGERS") or DATA / "ledgers")


def get_rules_path() -> Path:
    """Return the folder of the status rules: PARK_RULES, else data/rules."""
    return Path(os.environ.get("PARK_RULES") or DATA / "rules")
