"""Readers of files that hold many texts; this package loads nothing, import the modules themselves."""
