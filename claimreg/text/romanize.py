"""One rough Latin spelling for the scripts and alphabets that the same words are written in.

A skeleton is for comparing, never for showing: it gives up what the alphabets disagree on (``ы``, ``і``, ``и`` and
``й`` are all ``i``; doubled letters are single; marks, signs and punctuation are gone) so that Kazakh in Cyrillic,
in the 2021 Latin alphabet, in plain ASCII and in Arabic letters, and Russian, Ukrainian, Serbian or Greek beside
their Latin spellings, come to nearly the same string. Scripts it has no table for pass through in lower case.
Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _pairs(table: str) -> dict[str, str]:
    """Read a table of spellings, ``ж=j ь=``: what is written on the left, what it is in a skeleton on the right."""
    return {written: plain for written, _equals, plain in (pair.partition("=") for pair in table.split())}


_CYRILLIC = dict(zip("абвгдезиклмнопрстуфх", "abvgdeziklmnoprstufh", strict=True)) | _pairs(
    "ж=j й=i ц=ts ч=ch ш=sh щ=sh ъ= ы=i ь= э=e ю=iu я=ia ё=e "
    # Kazakh and its neighbours.
    "ә=a ғ=g қ=k ң=n ө=o ұ=u ү=u һ=h і=i җ=j ҷ=j ҳ=h ҡ=k ҙ=z ҫ=s ҝ=g ҹ=ch ӕ=a ҥ=n ӏ= "
    # Ukrainian, Belarusian, Serbian, Macedonian.
    "є=e ї=i ґ=g ў=u ђ=j ј=j љ=lj њ=nj ћ=ch џ=j ѕ=dz ѓ=g ќ=k"
)
_LATIN = _pairs("ş=sh ș=sh š=sh ś=sh ç=ch č=ch ć=ch ž=j ż=j ź=j đ=j ı=i ŋ=n ə=a ð=d þ=t ø=o ł=l ħ=h ß=s æ=ae œ=oe ɵ=o ɣ=g ƣ=g ꞑ=n")
_GREEK = dict(zip("αβγδεζηικλμνοπρσςτυφω", "avgdeziiklmnoprsstifo", strict=True)) | _pairs("θ=t ξ=ks χ=h ψ=ps")
_ARABIC = {
    **dict(zip("ابپتجحخدرزسعغفقكکگلمنوۋۇۆۈىيیەهھ", "abptjhhdrzsggfkkkglmnouuvuiiiehh", strict=True)),
    **_pairs("ش=sh چ=ch ڭ=n ث=s ذ=z ص=s ض=z ط=t ظ=z ژ=j ۅ=o ې=e أ=a إ=a آ=a ؤ=u ة=a ـ="),
    # The hamza only says that the word's vowels are front ones, which no other spelling here keeps apart.
    **_pairs("ء= ئ="),
    **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
    **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
}
_LETTERS = _CYRILLIC | _LATIN | _GREEK | _ARABIC
_APOSTROPHES = frozenset("'`´ʹʺʻʼʽʾʿˈ‘’‛′")

# In this order, until nothing changes: every step shortens the text or removes a letter for good, so it ends.
_SPELLINGS = _pairs("ye=e y=i w=v q=k x=ks kh=h gh=g zh=j dj=j th=t ph=f sch=sh tch=ch shtsh=sh shsh=sh chch=ch shch=sh ck=k ou=u ohn=on")
_SOFT_C = re.compile("c(?=[ei])")
_HARD_C = re.compile("c(?!h)")
_REPEATED = re.compile(r"([a-z])\1+")
# Where one letter of a word is so marked, the word's bare c is the one of the Slavic alphabets.
_SLAVIC_WORD = re.compile("[^\\W\\d_]*[čćšžđ][^\\W\\d_]*", re.IGNORECASE)
_SLAVIC_MARKED = re.compile("[čćšžđČĆŠŽĐ]")
_GREEK_LETTER = re.compile("[\u0370-\u03ff]")
_GREEK_PAIRS = _pairs("ου=u ού=u αυ=av αύ=av ευ=ev εύ=ev μπ=b γγ=ng γκ=gk")

_MIXED = re.compile("[a-zA-Z][\u0400-\u04ff]|[\u0400-\u04ff][a-zA-Z]")
_WORD = re.compile(r"[^\W_]+")
# Pairs that print alike: those of small letters first, then those that are alike as capitals only.
LOOK_ALIKES = dict(zip("аеорсхуіјѕһ", "aeopcxyijsh", strict=True))
"""Small Cyrillic letters and the Latin ones that print like them."""
_CAPITAL_LOOK_ALIKES = dict(zip("АВЕКМНОРСТХУІЈЅ", "ABEKMHOPCTXYIJS", strict=True))
_TO_LATIN = str.maketrans(LOOK_ALIKES | _CAPITAL_LOOK_ALIKES)
_TO_CYRILLIC = str.maketrans({latin: cyrillic for cyrillic, latin in (LOOK_ALIKES | _CAPITAL_LOOK_ALIKES).items()})
_LONGEST_KEPT = 40
"""Letters of a word that is remembered."""

_LATIN_LETTER = re.compile("[a-zA-Z]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")


class _Table(dict[int, str]):
    """A translation table for ``str.translate`` that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        """The skeleton of the character ``code``; kept, as texts repeat their characters."""
        return self.setdefault(code, _one_character(chr(code)))


def _one_character(character: str) -> str:
    """Return the Latin letters of one character, before the spellings are evened out."""
    lower = character.lower()
    if lower in _LETTERS or lower in _APOSTROPHES:
        return _LETTERS.get(lower, "")
    if lower.isascii() and lower.isalnum():
        return lower
    if len(lower) > 1:
        return "".join(map(_one_character, lower))
    bare = unicodedata.normalize("NFKD", lower)
    # Only an accented letter of a script with a table is taken apart; a Hangul syllable is not.
    if bare != lower and (bare[0] in _LETTERS or bare[0].isascii()):
        return "".join(map(_one_character, bare))
    category = unicodedata.category(lower)
    if "\u0300" <= lower <= "\u036f" or "\u064b" <= lower <= "\u065f" or category in {"Cf", "Cn"} or lower == "\u0670":
        return ""
    return " " if category[0] in "PSZC" else lower


_TABLE = _Table()


def unmix_scripts(text: str) -> str:
    """Correct words in which look-alike letters of the other script stand among Cyrillic or Latin ones.

    A word goes to the script that all its letters can belong to; a word that has letters only Latin knows and
    letters only Cyrillic knows (``NATOға``) is left as it is.
    """
    return _WORD.sub(_unmix_word, text) if _MIXED.search(text) else text


def _unmix_word(match: re.Match[str]) -> str:
    word = match.group()
    if not _MIXED.search(word):
        return word
    latin = word.translate(_TO_LATIN)
    if not _CYRILLIC_LETTER.search(latin):
        return latin
    cyrillic = word.translate(_TO_CYRILLIC)
    return word if _LATIN_LETTER.search(cyrillic) else cyrillic


def romanize(text: str) -> str:
    """The skeleton of a text: lower case, words parted by single spaces, ASCII for the scripts with a table.

    The skeleton of a skeleton is itself.
    """
    if text.isascii():
        return _evened(text)
    text = unmix_scripts(unicodedata.normalize("NFKC", text))
    if _GREEK_LETTER.search(text):
        text = text.lower()
        for pair, plain in _GREEK_PAIRS.items():
            text = text.replace(pair, plain)
    if _SLAVIC_MARKED.search(text):
        text = _SLAVIC_WORD.sub(_slavic_c, text)
    return " ".join(unicodedata.normalize("NFC", _evened(text)).split())


def _slavic_c(match: re.Match[str]) -> str:
    return match.group().replace("c", "ts").replace("C", "Ts")


def _evened(text: str) -> str:
    words = text.translate(_TABLE).split()
    return " ".join([_even_word(word) if len(word) <= _LONGEST_KEPT else _even_out(word) for word in words])


def _even_out(text: str) -> str:
    """Unite the spellings of one sound in a word, over and over until nothing changes."""
    before = ""
    while before != text:
        before = text
        for spelling, plain in _SPELLINGS.items():
            text = text.replace(spelling, plain)
        if "c" in text:
            text = _HARD_C.sub("k", _SOFT_C.sub("s", text))
        text = _REPEATED.sub(r"\1", text)
    return text


_even_word = lru_cache(maxsize=50_000)(_even_out)
"""The same, remembered: words come again and again."""


def romanize_words(text: str) -> list[str]:
    """The words of a text's skeleton, in order."""
    return romanize(text).split()
