"""The words that records are shown in to a person at a terminal; what programs read is the same in every language."""

import typer

from claimreg.cli.settings import shown_language
from claimreg.render.labels import Words


def shown_words(ctx: typer.Context, flag: str | None = None) -> Words:
    """The words of the language that a command's or the first `--lang` names, else the settings.

    Raises `UsageError` where there are none in it.
    """
    return Words(shown_language(flag or (ctx.find_root().obj or {}).get("lang")))
