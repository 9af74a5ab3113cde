"""Figures: what was published, which version counts, and what follows from it.

  observations        published and computed figures
  precedence          which of several versions counts
  growth              what a growth is taken on, and what follows
  intervals           interval arithmetic
  derived             figures computed by a formula
  growth_index_share  the same figures measured otherwise
  ratios              figures in proportion to product or people
  computed_rows       rows computed from published ones
  ranking             who stands where
  comparison          places beside each other within one definition
  periods             a year or a month as readers write it
  formulas            formulas in the units beside them

May import: data.languages, queries.catalogue, queries.database.
"""
