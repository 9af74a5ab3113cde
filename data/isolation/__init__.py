"""Files of others, read in a process of its own within limits of time and memory.

  pool         the processes, their limits and turns
  file_reader  ask one to read a file
  mending      cells mended by hand, and the sheet written with them and with what was answered for it
  worker       the process itself

May import: data.files, data.intake, data.layouts, data.ledger, data.settings, data.storage, data.tables, data.values.
"""
