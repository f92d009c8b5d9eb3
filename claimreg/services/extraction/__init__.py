"""Extracting statements from documents: what a text attributes to whom, kept as drafts until a person decides."""
