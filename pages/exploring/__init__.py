"""Sections of exploring and comparing: facets, panels, SQL, peers.

  facets          facets with counts
  chart_panels    a panel for each definition and unit
  sql_editor      the box for SQL
  sql_result      its answer
  peers           one place beside others
  ranking_charts  who stands where, drawn

May import: data.themes, pages.charts, pages.ui, pages.upload, pages.wording, queries.exploring, queries.figures,
  queries.sql.
"""
