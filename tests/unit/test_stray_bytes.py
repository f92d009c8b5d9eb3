"""UTF-8 with bytes of something else in it stays UTF-8, and the others are read as what they are, and told."""

import time

import pytest

from claimreg.ingest.extract import read
from claimreg.ingest.formats.text import codec_name, decode
from claimreg.ingest.types import Hints, Limits

KAZAKH = "Шамшырақ күзетшісі оттың көктемге дейін сөнбейтінін айтты. "
RUSSIAN = "Смотритель маяка сказал, что огонь погаснет не раньше весны. "
FRENCH = "Le gardien a parlé l’été dernier. "
ENGLISH = "It’s a “fine” light. "
CUT = "Смотритель маяка сказал что огонь погасн…"
LOST = "1 byte of the text cannot be read and stands as �."
TOLD = "of the text are no UTF-8 and were read as"


@pytest.mark.parametrize(
    ("content", "text", "notes"),
    [
        (ENGLISH.encode() + b"He said \x93no\x94.", ENGLISH + "He said “no”.", (f"2 bytes {TOLD} windows-1252: “ ”",)),
        (RUSSIAN.encode() + b"\x84\xc4\xe0\x93.", RUSSIAN + "„Да“.", (f"4 bytes {TOLD} windows-1251: „Да“",)),
        (FRENCH.encode() + b"\xab\xa0Oui\xa0\xbb, l\xe0.", FRENCH + "«\xa0Oui\xa0», là.", (f"5 bytes {TOLD} windows-1252: « » à",)),
        (KAZAKH.encode() + b"caf\xe9", KAZAKH + "café", ("1 byte of the text is no UTF-8 and was read as windows-1252: é",)),
        (KAZAKH.encode() + RUSSIAN.encode("cp1251"), KAZAKH + RUSSIAN, (f"50 bytes {TOLD} windows-1251: {CUT}",)),
        (KAZAKH.encode() * 2 + RUSSIAN.encode("koi8-r"), KAZAKH * 2 + RUSSIAN, (f"50 bytes {TOLD} koi8-r: {CUT}",)),
        (RUSSIAN.encode()[:-3], RUSSIAN[:-3] + "�", (LOST,)),
        (b"\xd0" + RUSSIAN.encode()[2:], "�" + RUSSIAN[1:], (LOST,)),
        (ENGLISH.encode() + b"\xed\xa0\xbd\xed\xb8\x80", ENGLISH + "😀", ()),
        (ENGLISH.encode() + b"\xed\xa0\xbd.", ENGLISH + "�.", (LOST,)),
        (ENGLISH.encode() + b"\xc0\xaf.", ENGLISH + "�.", (LOST,)),
        ("CafÃ© “one”".encode(), "CafÃ© “one”", ()),
    ],
    ids=["quotes", "Cyrillic", "French", "one letter", "a stretch", "KOI8", "cut", "cut within", "CESU-8", "a half", "overlong", "twice"],
)  # fmt: skip
def test_strays_are_read_and_told(content: bytes, text: str, notes: tuple[str, ...]) -> None:
    assert decode(content, Hints("a.txt")) == (text, "utf-8", notes)


@pytest.mark.parametrize("name", ["a.txt", "a.srt", "a.html", "a.vtt", "a.md"])
def test_every_form_of_text_reads_strays(name: str) -> None:
    said = ENGLISH.encode() + b"\x93We stay,\x94 said Zo\xeb"
    content = {
        "a.srt": b"1\n00:00:01,000 --> 00:00:03,000\n" + said + b"\n",
        "a.vtt": b"WEBVTT\n\n00:01.000 --> 00:03.000\n" + said + b"\n",
        "a.html": b"<html><head><meta charset=utf-8><title>-</title></head><body><article><p>" + said + b"</p></article></body></html>",
    }.get(name, said)
    extraction = read(content, Hints(name, guess_language=False), Limits())
    assert "“We stay,” said Zoë" in extraction.text
    assert f"3 bytes {TOLD} windows-1252: “ ” ë" in extraction.notes


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_a_text_of_another_encoding_stays_one(encoding: str) -> None:
    assert decode(RUSSIAN.encode(encoding), Hints("a.txt")).text == RUSSIAN


def test_a_large_text_full_of_strays_is_read_soon() -> None:
    content = (RUSSIAN.encode() + b"\x93\xe9 \xe9a \x94") * 10_000
    started = time.process_time()
    assert decode(content, Hints("a.txt")).text.startswith(RUSSIAN + "“")
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("灯台守は、春になるまで灯りは消えないと話した。", "iso2022_jp"),
        ("등대지기는 불이 꺼지지 않는다고 말했다.", "iso2022_kr"),
        ("灯塔看守人说，灯不会熄灭。", "hz"),
    ],
)
def test_seven_bits_are_enough_for_another_script(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), Hints("a.txt")) == (text, encoding, (f"The encoding was guessed: {encoding}.",))


@pytest.mark.parametrize("content", [b"a = ~{ab~}; b = ~{not~}", b"\x1b$ is a prompt, \x1b[1mbold\x1b[0m", b"~{~}"])
def test_signs_of_programs_are_no_switches(content: bytes) -> None:
    assert decode(content, Hints("a.txt")).text == content.decode()


@pytest.mark.parametrize(
    ("label", "name"),
    [("ISO-8859-9", "cp1254"), ("tis-620", "cp874"), ("euc-kr", "cp949"), ("Shift_JIS", "cp932"), ("gb2312", "gb18030"), ("utf-7", None)],
)
def test_labels_are_read_as_browsers_read_them(label: str, name: str | None) -> None:
    assert codec_name(label) == name
