"""Sections of exploring and comparing: facets, panels, SQL, peers.

  facets          facets with counts
  chart_form      measure, chart, base year
  view_panels     figures that may share an axis
  chart_panels    a chart for each panel, and what is said of them
  sql_editor      the box for SQL
  sql_result      its answer
  peers           one place beside others
  peer_choice     who is lit beside it
  ranking_charts  who stands where, drawn
  year_charts     the same over the years
  scatter         two indicators against each other

May import: data.themes, pages.charts, pages.ui, pages.upload, pages.wording, queries.exploring, queries.figures,
  queries.places, queries.sql.
"""
