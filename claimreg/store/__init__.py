"""Where records are kept: the port that services speak to (`port`) and its adapters."""
