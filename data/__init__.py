"""The figures and ledgers: sources as typed by hand, schemas, intake, and the build of the database.

From the ground up: paths and settings; storage, values; tables, database; intake, ledger; isolation; loading; and the
commands build, load, backup. Knows no page and no question.
"""
