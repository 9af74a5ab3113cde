"""Routes for programs, below /api: the rows of the pages, by the same functions.

  errors      one form for all errors
  http        HEAD, OPTIONS, ETag, other origins
  parameters  what each parameter may be
  openapi     the description for programs
  answers     a format, a page of rows, the next page
  figures     figures, targets, catalogue
  comparison  places side by side
  ledger      the six mechanisms
  ledger_parameters  what their routes take
  sql         one statement that reads
  whole       tables, database, package, health
  routes      all of them

May import: data.database, data.languages, data.ledger, data.paths, data.states, queries.catalogue, queries.database,
  queries.export, queries.figures, queries.ledger, queries.service, queries.sql, queries.targets.
"""
