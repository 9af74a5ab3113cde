"""Looking for figures: facets with counts, words, pinyin.

  exploration  facets, counts, the figures of a choice
  addresses    the same choice as route, link and SQL
  search       words to indicators and places
  suggestions  what a text may mean, while it is typed

May import: queries.catalogue, queries.database, queries.figures, queries.targets.
"""
