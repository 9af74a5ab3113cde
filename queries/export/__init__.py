"""Rows as files: the same rows give the same bytes, on a page and at a route.

  columns       what the columns of rows mean
  formats       the table of formats; rows as CSV, XLSX, JSON, Parquet
  long_answers  answers too long to hold, copied by DuckDB
  package       the data package

May import: data.ledger, data.paths, data.tables, data.values, queries.catalogue, queries.database, queries.figures.
"""
