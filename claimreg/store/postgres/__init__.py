"""The desk's shared registry: a schema of a PostgreSQL database, under the same port as a folder."""
