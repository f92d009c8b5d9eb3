"""Keys of names: the folded form, and the form in Latin letters; apart from likeness, which needs much more."""

from __future__ import annotations

import re
import unicodedata

from claimreg.text.romanize import LOOK_ALIKES, romanize, unmix_scripts

_APOSTROPHES = re.compile("['`´ʹʺʻʼʽʾʿˈ‘’‛′]")
_KEY_LETTERS = str.maketrans(LOOK_ALIKES | {"ё": "e"})


def name_key(name: str) -> str:
    """The name folded for finding it again: case, quotes, punctuation and look-alike letters do not matter.

    The key of a key is itself. It is not for showing: Cyrillic letters that print like Latin ones are Latin in it.
    """
    folded = unicodedata.normalize("NFKC", unmix_scripts(unicodedata.normalize("NFKC", name)).casefold())
    plain = _APOSTROPHES.sub("", folded).translate(_KEY_LETTERS)
    spaced = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    return " ".join(unicodedata.normalize("NFKC", spaced).split())


def name_skeleton(name: str) -> str:
    """The name in the rough Latin spelling that its spellings in other scripts share."""
    return romanize(name)
