"""Charts: rows in, Vega-Lite and pictures out.

  charts    bars, lines, colours, theme
  trends    several places over several years
  ledger    burn-down, timeline, matrix, control chart
  pictures  PNG and SVG with title and source

May import: data.states, pages.wording.
"""
