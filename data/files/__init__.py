"""Files that people bring: what kind each is, and the sheets of text in it.

  open_file      what kind of file it is, and its sheets
  pages          the sheets of a workbook as they are, and their tables without what is hidden
  xlsx_pages     XLSX: cells as their reader sees them
  xls_pages      XLS and ET, the old kind
  xlsx_looks     raised and struck-out letters of XLSX, written into its texts
  number_format  the code of a number format, by its sections
  shown_values   what a cell with a number format shows
  shown_cells    the cells of a sheet that do not show what is stored in them
  xlsx_package   the package of a workbook: its size, its sheets, its parts
  xlsx_bounds    what a workbook asks for, before anything builds it

May import: data.settings, data.tables.
"""
