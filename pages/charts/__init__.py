"""Charts: rows in, Vega-Lite and pictures out.

  theme     colours
  charts    bars, lines, marks and axes
  trends    several places over several years
  ledger    burn-down, timeline, matrix, control chart
  pictures  PNG and SVG with title and source

May import: data.paths, data.states, pages.wording.
"""
