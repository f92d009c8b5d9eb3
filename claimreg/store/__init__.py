"""Keeping of records: the port that services speak to (`port`) and its adapters."""
