"""Questions to the database and the ledgers. Knows no page: routes, notebooks and tests use it alone.

From the ground up: database; catalogue, sql, upload; figures; places; export, targets; exploring, ledger, service;
api; server.
SQL stands beside the module that asks it, one file a question; its name is used once below this folder.
"""
