"""Places: who is like one, and what is known of one.

  peer_groups  places like one, by a rule
  coverage     who published what when
  profile      the latest of each indicator, its rank, and the zones of a place

May import: queries.catalogue, queries.database, queries.figures.
"""
