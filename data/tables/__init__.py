"""Tables of files: bytes to sheets of text and back, with what is wrong in words.

  problems      what is wrong: where, value, rule and mend, in both languages; one, or of whole columns
  sheet         one table as text: heads, cells, row numbers
  open_file     what kind of file it is, and its sheets
  csv_table     CSV: encoding, delimiter, rows
  xlsx_table    XLSX: cells as their reader sees them
  xlsx_package  the package of a workbook: its size, its sheets, its parts
  xlsx_bounds   what a workbook asks for, before anything builds it
  form          the definition of a table: columns, heads, kinds, lists
  workbook_out  a workbook to fill in

May import: data.settings, data.values.
"""
