"""Charts: rows in, Vega-Lite and pictures out.

  theme          colours
  chart_points   rows to points in one unit
  charts         bars, marks and axes
  ring           the loop of the mechanisms
  trends         several places over several years
  many_places    ranked dots, slopes, scatter
  grids          zones by province and year, who published what when
  sparkline      a line as small as a word
  name_places    where names stand among many points
  ledger         burn-down, timeline, course of a target
  ledger_groups  matrix, control chart, scores
  pictures       PNG and SVG with title and source

May import: data.paths, data.states, pages.wording.
"""
