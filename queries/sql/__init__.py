"""Readers' SQL: judged, then run in a process of its own within limits.

  limits  seconds, rows, bytes
  guard   whether a statement may run
  worker  the process that runs it
  pool    the processes and whose turn it is
  run     ask, wait, cancel

May import: data.paths, data.storage, queries.database.
"""
