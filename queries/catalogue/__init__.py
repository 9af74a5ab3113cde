"""What there is to choose from: indicators, places, units, sources, and their names.

  catalogue  indicators, places, units, sources, tables
  names      what they are called, and how well a word names one

May import: data.settings, data.themes, queries.database.
"""
