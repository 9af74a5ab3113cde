"""Files and processes: what is written whole or not at all, kept batches, processes of our own.

  atomic     write a file whole or not at all; lock a folder; sweep what killed writers left
  store      entries that never change, and which are in use
  batches    the folder of each loaded file, and the list of those in use
  processes  start a process for costly work, ask it, end it
  parcels    tables between processes, as Arrow

May import: data.paths.
"""
