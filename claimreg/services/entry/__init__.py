"""Entering and changing records together with the links that follow from them."""
