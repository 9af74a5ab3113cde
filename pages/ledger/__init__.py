"""Sections of the pages of the six mechanisms.

  opening      which ledger, as of which day
  listing      what the six pages share: filters, one or all, files
  preplan      预安消号
  leaders      领导联点
  monthly      按月调度
  agenda       its meeting, in words
  supervision  督查督办
  efficiency   效能监查
  rewards      奖惩考核
  summary      all six: what each asks for, carries and counts
  chain        links of one thing
  circular     the circular as a Word document

May import: data.ledger, data.states, pages.charts, pages.ui, pages.upload, pages.wording, queries.catalogue,
  queries.export, queries.ledger, queries.targets.
"""
