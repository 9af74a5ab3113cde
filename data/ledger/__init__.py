"""The ledger of one park: its workbook, its rules, its kept versions.

  definition  its sheets, from schema.sql
  workbook    read a workbook cell by cell
  ledger      its tables, what they must keep to, what was known on a day
  template    the workbook to download
  versions    what is kept of each park, and which is in use

May import: data.database, data.paths, data.storage, data.tables, data.themes.
"""
