"""Finding claims: search, matching, repeats, and the index that they ask."""
