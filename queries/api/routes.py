"""All routes for programs: whoever serves them imports this module, and a new module of routes is named here."""

from queries.api.figures import api

__all__ = ["api", "compare_api", "ledger_api", "query_api", "whole_api"]
