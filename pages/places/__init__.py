"""Sections of the pages on places: one place, the directory of zones, who published what.

  profile        one place: what it is, where it stands
  zone_list      the directory of zones
  coverage_view  who published what when

May import: data.themes, pages.charts, pages.ui, pages.wording, queries.catalogue.
"""
