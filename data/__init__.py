"""The figures: sources as typed by hand, the schema, and the build of the database."""
