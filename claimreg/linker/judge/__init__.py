"""Judge again, by what the words mean, the words of a place that was accepted."""
