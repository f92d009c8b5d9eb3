"""Reading claims from files of others."""
