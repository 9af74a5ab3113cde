"""What every page is put together from: filters, layout, tables, downloads, embedding.

  error_page     a page failed: one sentence and a number
  embed          a view in short, for a frame
  device         phone or wide, light or dark
  address        values of widgets, kept in the address
  filters        the state of a page is its address
  theme_filters  the filters of a theme page
  downloads      files of exactly the rows shown
  cell_text      cells of tables as Markdown
  place_links    names of places that lead to their profile
  layout         head, key numbers, actions, sources
  tables         tables and lists
  embed_snippet  the line of HTML for another site

May import: pages.charts, pages.wording, queries.database, queries.export.
"""
