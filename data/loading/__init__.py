"""The commands: load, list, remove, restore, back up. Each change at once and whole, or not at all.

  arguments        what may be typed
  messages         what is said, in both languages
  activation       put own files in use, take them out, put them back
  figures_command  own figures on the command line
  comparing        figures of files against those in use
  report           how files of figures are understood, in words or as JSON
  ledger_command   ledgers on the command line
  removing         batches and ledgers taken out of use, each by its kind
  outcome          errors as sentences, and all that is told as one JSON object
  command          each command to where its work is
  backup           write all that was loaded into one file
  restoring        put a backup in use

May import: data.database, data.files, data.intake, data.languages, data.layouts, data.ledger, data.paths,
data.storage, data.tables, data.values.
"""
