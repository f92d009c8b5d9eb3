"""The words that records are shown in to a person at a terminal; what programs read is the same in every language."""

from claimreg.cli.settings import shown_language
from claimreg.render.labels import Words


def shown_words(flag: str | None = None) -> Words:
    """The words of the language that an option names, else the settings; raises `UsageError` where there are none in it."""
    return Words(shown_language(flag))
