"""Finding of speech: who says what in a text, and what stands between quotation marks; import the modules themselves."""
