"""Parts of pages: words, figures, charts, filters, tables, downloads. Rows are handed in; nothing here asks the database."""
