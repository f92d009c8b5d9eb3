"""Finding the quotes in the stored sources."""
