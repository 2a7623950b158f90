"""The SQLite view of the WARC log: schema, the one writer, and the questions that others ask of it."""
