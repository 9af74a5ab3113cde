"""A reader's own figures: files dropped, columns chosen, what is wrong, what the session holds.

  upload_guard  files only where a page asked for one
  columns       which column holds what
  files         from a file to figures of the session
  own_section   the section and the notice of own figures

May import: pages.ui, pages.wording, queries.export.
"""
