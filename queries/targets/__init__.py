"""Targets: outcome, status and rule; findings where figures do not fit each other.

  rules     a rule is a file of data/rules
  outcomes  which figure is the outcome, which the base, what is missing
  status    met, missed, on course, behind, and why it cannot be said
  targets   targets, commitments, titles
  findings  a check is a file of checks/

May import: data.paths, queries.catalogue, queries.database, queries.figures.
"""
