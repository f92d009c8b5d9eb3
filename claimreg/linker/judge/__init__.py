"""Say what was altered in an accepted place."""
