"""The six mechanisms over a ledger: state of each thing on a day.

  ledgers      which ledger there is, and what it knew on a day
  mechanisms   the six, and what each carries
  progress     targets judged by monthly returns
  meeting      the targets that a meeting is about
  preplan      预安消号: tasks
  leaders      领导联点: projects and their leaders
  monthly      按月调度: the monthly meeting
  supervision  督查督办: orders
  efficiency   效能监查: services
  rewards      奖惩考核: scores
  summary      what is red across all six
  chain        from a figure to its evidence, link by link

May import: data.isolation, data.languages, data.ledger, data.states, data.tables, data.values, queries.database,
  queries.targets.
"""
