"""Parts of pages: words, figures, charts, filters, tables, downloads. Rows are handed in; the database is not asked."""
