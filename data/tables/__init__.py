"""Tables: sheets of text, CSV, workbooks to fill in, and what is wrong in words.

  problems      what is wrong: where, value, rule and mend, in both languages; one, or of whole columns
  sheet         one table as text: heads, cells, row numbers
  csv_table     CSV: encoding, delimiter, rows
  form          the definition of a table: columns, heads, kinds, lists
  workbook_out  a workbook to fill in

May import: data.values.
"""
