"""A user's rows as figures, targets, places and indicators: each cell looked up or refused.

  lookup          a place, an indicator or a unit by the words of a cell
  figure_rows     rows of figures
  period_cells    the period of each row
  other_rows      rows that say they are a plan, a part or another span
  target_rows     rows of targets
  duplicates      rows that repeat or contradict another
  catalogue_rows  places and indicators that a file adds
  reader          rows in; figures, defects, and refused rows to mend out
  plausibility    figures that are doubtful in size
  provenance      source, locator and code of each own row
  templates       empty tables to fill in

May import: data.layouts, data.tables, data.themes, data.values.
"""
