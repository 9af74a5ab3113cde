"""The database: its schema and checks, the sources, the build, own figures beside them.

  shape         the tables that a file must hold to be asked
  constraints   the constraints of the schema, and what breaks them
  source_files  read the CSV sources; name every defect
  own_rows      rows of own files beside those of the sources
  own_table     more than 50,000 own figures, laid out apart
  figure_table  what follows from each figure, computed once
  build         draft, check, swap
  catalogue_tables  places, indicators, units and other names alone
  session       a database in memory for one reader

May import: data.paths, data.storage, data.themes.
"""
