"""Around every page: menu, head of the document, link previews, what is shown for a wrong address.

  menu           pages, language, place
  search_box     places, indicators, targets, promises and pages by what is typed
  single_flight  made once for all who ask at the same time
  cards          pictures for previews
  incoming       links that other programs changed
  preview        what a chat program reads
  document       the head of the document
  not_found      an address that is none of ours

May import: data.languages, data.themes, pages.charts, pages.ledger, pages.ui, pages.wording, queries.catalogue,
queries.database, queries.exploring.
"""
