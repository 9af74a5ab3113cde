"""What one cell may say: numbers, periods, names, the basis of a growth, working days. Knows no file and no table.

  numbers             720.1, １２３, 190余, 约6%, 预计1700
  periods             2013年, 1—2月, 前三季度, 截至2013年底
  period_search       periods inside a title or a head
  marks               ①, ², [1]: marks of notes
  growth_basis        可比价格, 同口径, 名义增长
  vocabulary          places, indicators and units by every name they go by
  parts               words of a part of a place or of an indicator
  statements          what a note says of some figures of its table
  per_distinct_value  look at each text once, tell every row
  safe_cells          keep a spreadsheet from running a text as a formula
  workdays            working days of the Chinese calendar

May import: nothing of the project.
"""
