"""The ledger of one park: its workbook, its rules, its kept versions.

  definition     its sheets, from schema.sql
  cells          what one cell holds
  workbook       read a workbook cell by cell
  codes          codes for names, and names for codes
  shown_numbers  numbers shown otherwise than typed, and what is hidden
  head_units     units in brackets behind the heads
  per_cents      which rows take a per cent sign
  rules          what the rows of a ledger must keep to
  ledger         its tables, what was known on a day
  template       the workbook to download
  versions       what is kept of each park, and which is in use

May import: data.database, data.files, data.paths, data.storage, data.tables, data.themes, data.values.
"""
