"""How a user's table is laid out: which column holds what, guessed from heads and titles, told in words.

  fields       what may be loaded, and the heads it goes by
  columns      which column holds what, once it is known
  heads        what the head of a column says
  growths      which value a growth belongs to
  titles       what the titles above a table say about every row
  title_places  the place that a title or a line names
  combining    what titles and heads say together
  guessing     from heads and titles to the likeliest mapping
  blocks       tables side by side and below each other, and units in a row of their own
  section_lines  lines inside a table that say something about the rows below
  sections     what they say, in columns of its own
  description  how a sheet is read, column by column

May import: data.languages, data.tables, data.themes, data.values.
"""
