"""All routes for programs. Whoever serves them imports this module; a new module of routes is named here."""

from queries.api import comparison, ledger, sql, whole
from queries.api.figures import api

__all__ = ["api", "comparison", "ledger", "sql", "whole"]
