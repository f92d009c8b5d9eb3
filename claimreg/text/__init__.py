"""Folding of text to comparison keys, and its words: the ground that matching and searching stand on.

Import the modules themselves (``claimreg.text.fold``, ``claimreg.text.words``); this package loads nothing.
"""
