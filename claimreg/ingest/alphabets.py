"""The letters that languages are written with, where neighbours are told apart by them.

Two uses: a guess of a language is corrected when the text has letters which that language does not have, and of several
decodings of the same bytes the one is taken whose letters all belong to one language. The letters are those of schoolbooks
and of the CLDR's main exemplar sets, in lower case; foreign names in a text are why a single strange letter proves nothing.
"""

from __future__ import annotations

from functools import cache

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"

CYRILLIC: dict[str, str] = {
    "ru": _RUSSIAN,
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "kk": _RUSSIAN + "әғқңөұүһі",
    "ky": _RUSSIAN + "ңөү",
    "tt": _RUSSIAN + "әҗңөүһ",
    "ba": _RUSSIAN + "әғҙҡңөҫүһ",
    "mn": _RUSSIAN + "өү",
    "tg": _RUSSIAN.replace("ц", "").replace("щ", "").replace("ы", "").replace("ь", "") + "ғӣқӯҳҷ",
    "uz": _RUSSIAN.replace("щ", "").replace("ы", "") + "ўқғҳ",
}
"""Languages in Cyrillic letters that take one another's place in guesses."""

TURKIC_LATIN: dict[str, str] = {
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "uz": "abdefghijklmnopqrstuvxyz",
    "tk": "abçdeäfgžhijklmnňoöprsştuüwyýz",
    "crh": "abcçdefgğhıijklmnñoöpqrsştuüvyzâ",
    "tt": "aäbcçdefgğhıijklmnñoöpqrsştuüvwxyz",
    "kk": "aäbdefgğhıijklmnñoöpqrsştuüūvyz",
    "kk-2018": "aábdefgǵhıijklmnńoópqrstuúvyýzc",
}
"""Turkic languages in Latin letters. Kazakh has two: of 2021 and of 2018; models of languages know neither."""

ARABIC: dict[str, str] = {
    "ar": _ARABIC,
    "fa": _ARABIC + "پچژکگی",
    "ur": _ARABIC + "ٹپچڈڑژکگںھہیے",
    "ps": _ARABIC + "پټچځڅډړژږښګکڼیېۍ",
    "ckb": "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهھەیێ",
    "ug": "ئابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيە",
    "kk": "ءٴابۆگعدەجزيكقلمنڭوپرستۋۇفحھچشى",
}
"""Languages in Arabic letters. Kazakh has no ئ, ې, ۈ, غ or خ, which no line of Uyghur is without."""

_LATIN_EXTRAS: dict[str, str] = {
    "en": "", "fr": "àâæçéèêëîïôœùûüÿ", "de": "äöüß", "es": "áéíñóúü", "pt": "àáâãçéêíóôõú", "it": "àèéìòù",
    "nl": "éëïóöü", "sv": "åäöé", "no": "åæøéô", "da": "åæøé", "fi": "äöå", "is": "áðéíóúýþæö", "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "hr": "čćđšž", "sl": "čšž",
    "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž", "sq": "çë", "ca": "àçèéíïòóúü", "mt": "ċġħżà",
    "tr": "çğıöşüâîû", "az": "çəğıöşü", "tk": "çäžňöşüý", "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip


@cache
def all_alphabets() -> dict[str, frozenset[str]]:
    """The letters of every language known here; of one in several scripts, all of them."""
    found: dict[str, set[str]] = {}
    groups = (CYRILLIC, TURKIC_LATIN, ARABIC, {name: _LATIN + extras for name, extras in _LATIN_EXTRAS.items()})
    for group in groups:
        for name, letters in group.items():
            found.setdefault(name.split("-")[0], set()).update(letters)
    return {name: frozenset(letters) for name, letters in found.items()}


def foreign_letters(letters: str, alphabet: str | frozenset[str]) -> int:
    """Count those of the ``letters`` (lower case, each as often as it stands) that the alphabet does not have."""
    return sum(letter not in alphabet for letter in letters)
