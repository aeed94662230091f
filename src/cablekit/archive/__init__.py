"""The archive: one SQLite file with the original bytes, the fields and a full-text index."""
