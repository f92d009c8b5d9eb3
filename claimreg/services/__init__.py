"""What the registry does, over the store port: pure of clocks, screens and databases."""
