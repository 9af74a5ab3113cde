"""The door to the database: one read-only connection for each state of the data, own figures, kept answers.

  engine       connections, cursors, the question of each .sql file
  detached     a connection of its own for long answers
  own_figures  figures of one session, held beside the questions
  memo         an answer is made once for all who ask

May import: data.database, data.paths.
"""
