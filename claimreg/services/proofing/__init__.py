"""Proving a draft: whether each of its quotations stands in the sources, in these words and by this speaker."""
