"""The door to the database: one read-only connection for each state of the data, own figures, kept answers.

  engine       connections, cursors, kept answers
  state        one file of the database, open as long as it is used
  query_files  the question of each .sql file
  run_context  language, own figures and data of one run
  printed_figures  questions that need no own figure
  detached     a connection of its own for long answers
  own_figures  figures of one session, held beside the questions
  memo         an answer is made once for all who ask

May import: data.database, data.paths.
"""
