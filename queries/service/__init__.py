"""The server beside its pages: start, health, headers, log, bounds by address.

  startup     prepare the data beside the start
  watch       whether the data in service is whole and up to date
  warmup      what the first page asks
  headers     response headers
  logs        one line of JSON an event
  throttle    how much one address may take
  site_files  robots.txt and the icon

May import: data.database, data.paths, data.settings, data.storage, queries.database, queries.targets.
"""
