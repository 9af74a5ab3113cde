"""A user's rows as figures, targets, places and indicators: each cell looked up or refused.

  fields          what may be loaded, and the heads it goes by
  columns         which column holds what
  lookup          a place, an indicator or a unit by the words of a cell
  figure_rows     rows of figures
  target_rows     rows of targets
  duplicates      rows that repeat or contradict another
  catalogue_rows  places and indicators that a file adds
  reader          rows in; figures, defects, and refused rows to mend out
  provenance      source, locator and code of each own row
  templates       empty tables to fill in

May import: data.languages, data.tables, data.themes, data.values.
"""
