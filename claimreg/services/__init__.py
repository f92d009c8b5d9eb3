"""Use cases of the registry, over the store port: without clocks, screens and databases."""
