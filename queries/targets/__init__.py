"""Targets: outcome, status and rule; findings where figures do not fit each other.

  rules     a rule is a file of data/rules
  course    how far a year has come, by month
  cases     the figures beside each target: base, result, what is missing
  measures  what a rule compares: completion, pace
  outcomes  targets judged, and what would unlock others
  status    met, missed, on course, behind, and why it cannot be said
  targets   targets, commitments, titles
  findings  a check is a file of checks/

May import: data.paths, queries.catalogue, queries.database, queries.figures.
"""
