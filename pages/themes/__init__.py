"""Sections of the theme pages, the overview, findings and sources.

  sections         what several theme pages share
  comparison       a part in its whole, a place beside others
  headline_chart   the headline with its target
  board            targets with their status
  target           one target
  judging          how it was judged, step by step
  finding_view     what does not fit
  commitment_list  promises without a number
  resettlement     homes built and allocated
  library          sources, files, addresses for programs

May import: data.states, data.themes, pages.charts, pages.ledger, pages.ui, pages.upload, pages.wording,
  queries.export, queries.figures, queries.targets.
"""
