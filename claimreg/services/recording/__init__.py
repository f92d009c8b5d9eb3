"""Recording claims, parties and sources."""
