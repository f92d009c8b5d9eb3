"""Formats of others: files that are read into rows, and written from a selection. One module a format; `formats` lists them."""
