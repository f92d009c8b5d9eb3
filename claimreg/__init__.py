"""claimreg: a registry of claims, of who made or denied them, in which words and in which source."""

__version__ = "0.1.0"
