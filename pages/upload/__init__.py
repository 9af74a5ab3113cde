"""A reader's own figures: files dropped, columns chosen, what is wrong, what the session holds.

  upload_guard  files only where a page asked for one
  by_hand       what a reader says of the columns
  meanings      what each column means, or why it is not read
  columns       which column holds what
  repair        refused rows mended in the page
  files         from a file to figures of the session
  own_notice    what the session holds, the line that says so
  own_section   the section to load and remove own figures

May import: pages.ui, pages.wording, queries.database, queries.export, queries.upload,
  queries.upload_shapes.
"""
