"""Sections of the pages of the six mechanisms.

  opening          which ledger, as of which day
  preplan          预安消号
  leaders          领导联点
  monthly          按月调度
  supervision      督查督办
  efficiency       效能监查
  rewards          奖惩考核
  summary          all six with their counts
  mechanism_table  what each asks for and carries
  chain            links of one thing
  circular         the circular as a Word document

May import: data.states, pages.charts, pages.ui, pages.upload, pages.wording, queries.export, queries.ledger.
"""
