"""RTF: a file of a real program, what striprtf gets wrong, and files that were made to harm."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

import pytest
from growth import assert_fair_growth
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_documents import QUOTES, assert_linked, assert_reads_or_refuses, assert_refused, damage, document, read

from claimreg.ingest.formats.rtf import extract

REAL = document("libreoffice.rtf")
HEAD = r"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fcharset204 Times;}{\f2\fcharset0 Western;}{\f3\fcharset177 Hebrew;}}"
WORDS = [
    "\\'cf",
    "\\u1041?",
    "\\f1 ",
    "{",
    "}",
    "\\par ",
    "\\*",
    "\\footnote ",
    "\\deleted",
    "\\v0 ",
    "\\bin3 ",
    "\\fonttbl",
    "\\upr",
    "\\uc2 ",
    "a ",
    "\\",
]


def rtf(inner: str) -> bytes:
    return f"{HEAD}{inner}}}".encode("latin-1")


def escaped(text: str, encoding: str = "cp1251") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_is_found_in_the_same_words(quote: str) -> None:
    assert_linked(quote, read(extract, REAL).text)


def test_a_real_document_reads_in_its_order() -> None:
    lines = read(extract, REAL).text.splitlines()
    assert lines[0] == "Бір іс, үш тіл: one case in three languages"
    assert "Second\tline,  set apart." in lines
    assert lines.index("бас бостандығын шектеу\tтри года\tthree years") < lines.index(
        "Сандар үкімнің қысқаша мазмұнынан алынды, құжаттың өзінен емес."
    )
    assert lines[-2:] == ["Бөлек жақтауда: қорғаушы шағымды жазда түсіреміз деді.", "claimreg 3"]


def test_what_was_inserted_is_in_and_what_was_deleted_is_not() -> None:
    found = read(extract, REAL)
    assert "an appeal within fifteen days of the ruling" in found.text
    assert "thirty" not in found.text
    assert any("tracked changes" in note for note in found.notes)


def test_what_the_file_says_of_itself() -> None:
    found = read(extract, REAL)
    details = found.details
    assert (details.title, details.author) == ("Бір іс, үш тіл: one case in three languages", "The claimreg authors")
    assert details.published_at is None
    assert any("The file says that it was made on 2020-09-30" in note for note in found.notes)
    assert (found.media_type, found.method) == ("application/rtf", f"striprtf/{version('striprtf')}")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (escaped("Іс қаралды".replace("қ", "к")), "Іс каралды"),
        (r"\f1 " + escaped("суд") + r"\f2 " + escaped("café", "cp1252") + r"\f3 " + escaped("עם", "cp1255"), "судcaféעם"),
        (r"{\f2 \'e9}\plain \'e9", "éй"),
        ("Приговор".encode("cp1251").decode("latin-1"), "Приговор"),
        (r"\u1178?\u1072\'e0\uc0\u1179 x", "Қаqx".replace("q", "қ")),
        (r"a\uc1\u-10179?\u-8704?", "a😀"),
        (r"ақпа\-рат".replace("ақпа", r"\u1072?\u1179?\u1087?\u1072?").replace("рат", r"\u1088?\u1072?\u1090?"), "ақпа\u00adрат"),
        (r"a\~b\_c\emdash d\lquote e\line f\tab g", "a\u00a0b\u2011c—d‘e\nf\tg"),
        (r"{\field{\*\fldinst{HYPERLINK " + '"http://x.example/y"' + r"}}{\fldrslt{the link}}} goes on", "the link goes on"),
        (r"\trowd a\cell b|c\cell\row d", "a\tb|c\nd"),
        (r"seen{\v hidden}{\deleted gone}{\v0 !}\v hid\v0 .", "seen!."),
        (r"body{\super\chftn}{\footnote\pard\plain{\super\chftn} the note} goes on\par", "body goes on\nthe note"),
        (r"{\header top}{\headerl top}{\footer end}body\par", "body\ntop\nend"),
        (r"{\*\generator X;}{\*\unknown secret}{\pict\pngblip 89504e47}{\info{\keywords k}}text", "text"),
        (r"{\pict\bin5 }}{{}}after", "after"),
        (r"\bin4 }}}}after", "after"),
        (r"{\fonttbl{\f9\fcharset204 \'d2\'e0;}}text", "text"),
        (r"\\ \{x\} \'5c", "\\ {x} \\"),
        ("one\\\ntwo\\\r\nthree", "one\ntwo\nthree"),
        ("word\nbroken by the program", "wordbroken by the program"),
        (r"a\u999999999?\u-99999?\u b", "a??b"),
    ],
)
def test_the_text_is_what_a_reader_sees(inner: str, text: str) -> None:
    assert read(extract, rtf(inner)).text == text


def test_what_follows_the_document_is_none_of_it() -> None:
    assert read(extract, rtf("text") + b"{\\rtf1 more}").text == "text"
    assert read(extract, rtf("text")[:-1]).text == "text"
    assert read(extract, b"\xef\xbb\xbf" + rtf("text")).text == "text"


def test_what_cannot_be_read_is_told_in_a_sentence() -> None:
    for content in (b"", b"hello", b"PK\x03\x04", b"{\\rt"):
        assert_refused(extract, content, "no RTF")
    for content in (rtf(""), b"{\\rtf1}", b"{\\rtf", rtf(r"\v all hidden")):
        assert_refused(extract, content, "no text")


@pytest.mark.parametrize(
    "inner",
    [
        lambda n: "{" * n,
        lambda n: "{" * (n // 2) + "}" * (n // 2),
        lambda n: r"\f1" * n,
        lambda n: r"{\fonttbl" + "".join(rf"{{\f{number} x" for number in range(n // 3)) + "}",
        lambda n: r"{\field{\*\fldinst{" * (n // 5),
        lambda n: "{\\*\\footnote " * (n // 5) + "x" + "}" * (n // 5),
        lambda n: " " * (5 * n) + "x",
        lambda n: (
            r"{\fonttbl"
            + "".join(rf"{{\f{number}\fcharset204 x;}}" for number in range(n // 11))
            + "}"
            + r"{\footnote x}{\header y}" * (n // 11)
        ),
        lambda n: f"\\bin{n}9999 x",
        lambda n: f"\\uc{n}9999 \\u1041 x",
    ],
)
def test_a_file_made_to_take_long_does_not(inner: Callable[[int], str]) -> None:
    def work(size: int) -> Callable[[], object]:
        content = rtf(inner(size))
        return lambda: assert_reads_or_refuses(extract, content)

    assert_fair_growth(work, 25_000)


@settings(max_examples=60)
@given(damage(REAL))
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(extract, content)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    assert_reads_or_refuses(extract, rtf("".join(words)))
