"""Questions to the database. Nothing here knows the pages: routes, notebooks and tests use it alone."""
