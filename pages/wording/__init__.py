"""Words: language, numbers, states and sentences. Text only; draws nothing.

  language       which language; _() for a text
  figures        how one number is shown
  target_status  how a target stands
  ledger_status  how a thing of the ledger stands
  headlines      what the figures say
  plain_text     others' text, as text and no Markdown
  data_notice    what is wrong with the data, in a sentence

May import: data.languages, data.states, data.themes, queries.database, queries.figures.
"""
