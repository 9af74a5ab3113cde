"""All routes for programs, in one application: each of these modules adds its own when it is imported."""

from queries import ledger_api, query_api
from queries.api import api

__all__ = ["api"]
ADDED = (ledger_api, query_api)
