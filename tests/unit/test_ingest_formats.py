"""Kinds of documents, pages, mail and transcripts; on texts of our own and, where it is at hand, on the article."""

import gzip
import io
import socket
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from importlib import import_module
from pathlib import Path

import pytest
from growth import assert_fair_growth
from ingest_documents import document

from claimreg.errors import InputError, UnsupportedDocumentError
from claimreg.ingest.extract import extract, read, unsupported
from claimreg.ingest.formats import DOCX, FORMATS, ODT, WACZ, Format
from claimreg.ingest.formats.kinds import READABLE_SUFFIXES, media_type_of, readable_name
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.linker import LayeredLinker

PARAGRAPHS = [
    "The harbour office said on Monday that the night ferry will not run before the pier is repaired.",
    "Captain Aida Serik answered that the pier is sound, and that the office knows it well enough.",
    "Short one.",
    "“Nobody has shown us a report of an engineer,” she told the council, which meets again in a fortnight.",
    "The council's spokesman said that the ferry carried 140 people on its last night, and ninety on the one before.",
]
MENU = "Timetables of all lines"
COMMENT = "I was on that ferry myself and it was half empty, whatever they say."
COOKIES = "We use cookies to remember what you have read."
RELATED = "Ten islands to see before the summer ends"


def page(paragraphs: list[str], head: str = "", language: str = "en") -> str:
    """A news page with what surrounds an article: a menu, a cookies banner, related links, comments."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>The pier | Harbour News</title>
<meta property="og:title" content="The pier"><meta property="og:site_name" content="Harbour News">
<meta name="author" content="Ann Writer"><meta property="article:published_time" content="2021-03-03T10:00:00Z">
<link rel="canonical" href="https://news.example/pier">{head}<script>var menu = "script words";</script></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/t">{MENU}</a></li></ul></nav></header>
<div class="cookie-banner"><p>{COOKIES}</p><button>Agree</button></div>
<main><article><h1>The pier</h1>{body}</article></main>
<aside class="related"><ul><li><a href="/i">{RELATED}</a></li></ul></aside>
<section id="comments" class="comments"><h2>Comments</h2><div class="comment"><p>{COMMENT}</p></div></section>
<footer><p>All rights reserved.</p></footer></body></html>"""


def read_page(source: str, url: str | None = None) -> Extraction:
    return read(source.encode(), Hints("pier.html", "text/html", url=url), Limits())


def mail(text: str, *, coding: str = "quoted-printable", html: str | None = None) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Айда Серік <aida@harbour.example>"
    message["To"] = "desk@news.example"
    message["Date"] = "Wed, 03 Mar 2021 23:30:00 +0600"
    message["Subject"] = "Кеме туралы"
    message.set_content(text, cte=coding)
    if html is not None:
        message.add_alternative(html, subtype="html", cte=coding)
    message.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="кеме.png")
    return message.as_bytes()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "declared", "expected"),
    [
        (b"%PDF-1.7\n", "a.txt", None, "application/pdf"),
        (b"{\\rtf1 hello}", "a", None, "application/rtf"),
        (zipped(word__document_dot_xml=b"<w/>"), "a", None, DOCX),
        (zipped(mimetype=ODT.encode()), "a", None, ODT),
        (zipped(datapackage_dot_json=b"{}", archive__data_dot_warc=b""), "a", None, WACZ),
        (zipped(other=b""), "a.docx", None, "application/zip"),
        (b"PK\x03\x04 cut off", "a.docx", None, DOCX),
        (b"PK\x03\x04 cut off", "a.zip", None, "application/zip"),
        (b"WARC/1.0\r\n", "a", None, "application/warc"),
        (gzip.compress(b"WARC/1.1\r\n", mtime=0), "a", None, "application/warc"),
        (gzip.compress(b"other", mtime=0), "a", None, "application/gzip"),
        (b"  <!-- x --><!DOCTYPE html><p>x", "a.txt", None, "text/html"),
        ("<html>".encode("utf-16"), "a.txt", None, "text/html"),
        (b"<p>x", "a.txt", "text/plain", "text/html"),
        (b"just <words>", "a.html", None, "text/html"),
        (b"just words", "https://x.example/a.md?q=1", "text/html", "text/markdown"),
        (b"just words", "a", "text/html; charset=utf-8", "text/html"),
        (b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nx", "a.txt", None, "message/rfc822"),
        (b"From: me\nto: you\n\nMore words.", "a.txt", None, "text/plain"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nx", "a.txt", None, "text/vtt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx", "a.txt", None, "application/x-subrip"),
        (b"BM is a good start", "a.txt", None, "text/plain"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.txt", None, "image/png"),
        (b"\x00\x00\x00\x18ftypmp42", "a", None, "video/mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", None, "application/x-ole-storage"),
        (b"words", "a", None, "text/plain"),
        (b"", "", None, "text/plain"),
    ],
)
def test_kinds(content: bytes, name: str, declared: str | None, expected: str) -> None:
    assert media_type_of(content, name, declared) == expected


@pytest.mark.parametrize(
    "piece",
    ["<!---->", "<?xml>", "<!DOCTYPE svg >", "<!DOCTYPE svg [", "[ar:x] ", '[{"text":', '[{"start":"text"', "a: b\n", "{1}{2}", "<tt "],
)
def test_no_start_takes_long_to_be_told(piece: str) -> None:
    # What a start repeats can be told apart in as many ways as there are pairs, which must not all be tried.
    started = time.process_time()
    media_type_of((piece * 4_096).encode())
    assert time.process_time() - started < 1


def test_names_worth_reading() -> None:
    assert readable_name("/x/Letter.TXT")
    assert readable_name("crawl.warc.gz")
    assert not readable_name("photo.jpg")
    assert all(suffix.startswith(".") for suffix in READABLE_SUFFIXES)


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x7fELF\x00", b"7z\xbc\xaf\x27\x1c\x00"])
def test_what_holds_no_text_is_refused_with_advice(content: bytes) -> None:
    with pytest.raises(UnsupportedDocumentError, match=r"^scan\.x is .+; .+\.$"):
        extract(content, Hints("scan.x"), Limits())


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice.odt", "libreoffice.pdf", "libreoffice.rtf"])
def test_what_is_larger_than_a_document_may_be_is_not_read(name: str) -> None:
    with pytest.raises(InputError, match=r"is larger than \d+ MB; hand in the part of it that is needed\.$"):
        extract(document(name), Hints(name), Limits(size=1_000))


def test_a_page_gives_its_article_and_nothing_beside() -> None:
    extraction = extract(page(PARAGRAPHS).encode(), Hints("pier.html"), Limits())
    lines = extraction.text.splitlines()
    assert [line for line in lines if line != "The pier"] == PARAGRAPHS
    for beside in (MENU, COMMENT, COOKIES, RELATED, "script words", "All rights"):
        assert beside not in extraction.text
    details = extraction.details
    assert (details.title, details.publisher, details.author) == ("The pier", "Harbour News", "Ann Writer")
    assert (details.published_at, details.lang, details.url) == ("2021-03-03", "en", "https://news.example/pier")
    assert extraction.method.startswith("page/2 trafilatura/")


def test_paragraphs_that_the_library_drops_are_there() -> None:
    hidden = (
        "<p class='share-text promo'>This paragraph of the article has a name that is given to buttons, and stands among the others.</p>"
    )
    source = page(PARAGRAPHS).replace(f"<p>{PARAGRAPHS[3]}</p>", f"<p class='newsletter social-share'>{PARAGRAPHS[3]}</p>{hidden}")
    text = read_page(source).text
    for paragraph in PARAGRAPHS:
        assert paragraph in text
    assert COMMENT not in text


def test_quotes_set_apart_and_lines_between_breaks_are_there() -> None:
    apart = page(PARAGRAPHS).replace(f"<p>{PARAGRAPHS[3]}</p>", f'<aside class="pullquote"><p>{PARAGRAPHS[3]}</p></aside>')
    broken = page([]).replace("<article>", '<div id="news">').replace("</article>", "<br><br>".join(PARAGRAPHS) + "</div>")
    for source in (apart, broken):
        text = read_page(source).text
        assert [one for one in PARAGRAPHS if one not in text] == []
        assert RELATED not in text
        assert COMMENT not in text


@pytest.mark.parametrize(
    ("fetched", "url", "archive"),
    [
        (None, "https://news.example/pier", None),
        ("https://www.news.example/pier?utm=1", "https://news.example/pier", None),
        ("https://mirror.example/pier", None, None),
        ("https://web.archive.org/web/20210304/https://news.example/pier?x", "https://news.example/pier", "https://web.archive.org/web/20210304/https://news.example/pier?x"),
        ("https://archive.ph/AbCd", "https://news.example/pier", "https://archive.ph/AbCd"),
    ],
)  # fmt: skip
def test_the_address_is_the_pages_own(fetched: str | None, url: str | None, archive: str | None) -> None:
    details = read_page(page(PARAGRAPHS), fetched).details
    assert (details.url, details.archive_url) == (url, archive)


def test_a_page_saved_by_a_browser_knows_where_it_was() -> None:
    source = page(PARAGRAPHS).replace('<link rel="canonical" href="https://news.example/pier">', "")
    saved = source.replace("<html", "<!-- saved from url=(0029)https://news.example/saved -->\n<html", 1)
    assert read_page(saved).details.url == "https://news.example/saved"


def test_invisible_characters_stay_in_their_words() -> None:
    words = "The har\u00adbour office spoke of the می\u200cشود and of the per&shy;mit, and of nothing else on that day."
    text = read_page(page([words, *PARAGRAPHS])).text
    assert words.replace("&shy;", "\u00ad") in text


def test_a_wrong_charset_in_a_page_is_seen_through() -> None:
    words = "Қала әкімдігі көпірді жөндеу келесі жылы басталатынын және жол тек күндіз ашық болатынын хабарлады."
    extraction = read(page([words] * 2 + PARAGRAPHS[:1], language="kk").encode("kz1048", "replace"), Hints("a.html"), Limits())
    assert words in extraction.text
    assert extraction.encoding == "kz1048"


def test_a_wrong_language_in_a_page_is_told() -> None:
    extraction = extract(page(PARAGRAPHS, language="ru").encode(), Hints("a.html"), Limits())
    assert extraction.details.lang == "en"
    assert any("ru" in note and "en" in note for note in extraction.notes)


@pytest.mark.parametrize("depth", [300, 3_000, 100_000])
def test_nesting_without_end_is_read_all_the_same(depth: int) -> None:
    source = "<html><body>" + "<div>" * depth + "".join(f"<p>{one}</p>" for one in PARAGRAPHS) + "</div>" * depth + "</body></html>"
    text = read_page(source).text
    for paragraph in PARAGRAPHS:
        assert paragraph in text


def test_an_element_with_attributes_without_end_takes_no_longer() -> None:
    def work(size: int) -> Callable[[], object]:
        crowd = " ".join(f'a{number}="x"' for number in range(size))
        return lambda: read_page(page(PARAGRAPHS).replace("<main>", f"<main {crowd}>")).text.index(PARAGRAPHS[0])

    assert_fair_growth(work, 25_000)


def test_a_page_fetches_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    secret = tmp_path / "secret"
    secret.write_text("the secret words")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    doctype = f'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY s SYSTEM "file://{secret}">]>'
    source = (
        page([*PARAGRAPHS, "&s;"])
        .replace("<!DOCTYPE html>", doctype)
        .replace("<main>", '<iframe src="http://127.0.0.1:9/"></iframe><main>')
    )
    text = read_page(source).text
    assert PARAGRAPHS[0] in text
    assert "secret words" not in text


def test_a_stray_nul_in_a_page_is_passed_over_as_browsers_do() -> None:
    text = read_page(page(PARAGRAPHS).replace("ferry", "fer\0ry", 1)).text
    assert PARAGRAPHS[0] in text


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(InputError, match=r"^pier\.html holds no text; .+\.$"):
        read_page("<!DOCTYPE html><html><head><script>x()</script></head><body><div id='app'></div></body></html>")


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
def test_mail(coding: str) -> None:
    text = "\n".join(PARAGRAPHS) + "\n"
    extraction = read(mail(text, coding=coding, html="<p>Other.</p>"), Hints("a.eml"), Limits())
    assert (extraction.text, extraction.media_type) == (text, "message/rfc822")
    details = extraction.details
    assert (details.title, details.author, details.published_at) == ("Кеме туралы", "Айда Серік", "2021-03-03")
    assert extraction.notes == ("Attachments that were not read: кеме.png.",)


def test_mail_whose_plain_text_is_a_stub_is_read_in_html() -> None:
    html = "<table><tr><td>" + "</td></tr><tr><td>".join(PARAGRAPHS) + "</td></tr></table>"
    text = read(mail("See this mail in a browser.", html=html), Hints("a.eml"), Limits()).text
    assert text.splitlines() == PARAGRAPHS


def test_mail_with_a_wrong_charset_and_raw_headers() -> None:
    words = "Городской совет сообщил, что ремонт моста начнётся в будущем году."
    head = "From: a@b.example\r\nTo: c@d.example\r\nSubject: Ремонт моста в городе\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    extraction = read((head + words).encode("cp1251"), Hints("a.eml"), Limits())
    assert (extraction.text, extraction.details.title) == (words, "Ремонт моста в городе")


@pytest.mark.parametrize(
    "subject", ["=?utf-8?b?!!x?=", "=?utf-8?b?0?=", "=?nonsense?q?=FF?=", "=?base64?q?x?=", "=?utf-8?q?=00?=", "=?rot13?b?eA==?="]
)
def test_mail_with_a_broken_subject_is_read(subject: str) -> None:
    content = f"From: a@b.example\nTo: c@d.example\nSubject: {subject}\nDate: yesterday\n\nThe pier is sound.".encode()
    extraction = read(content, Hints("a.eml"), Limits())
    assert extraction.text == "The pier is sound."
    assert extraction.details.published_at is None


def test_mail_nested_without_end_is_bounded() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (one, one) for one in range(3_000))
    content = b"From: a@b.example\r\nTo: x@y.example\r\nSubject: q\r\n" + nested + b"Content-Type: text/plain\r\n\r\nhello there"
    with pytest.raises(InputError, match=r"^a\.eml "):
        read(content, Hints("a.eml"), Limits())


def test_a_page_saved_as_mail_is_a_page() -> None:
    message = EmailMessage(policy=SMTP)
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://news.example/pier"
    message["Subject"] = "The pier"
    message["Date"] = "Wed, 03 Mar 2021 23:30:00 +0600"
    message.set_content(page(PARAGRAPHS), subtype="html")
    message.make_related()
    extraction = read(message.as_bytes(), Hints("a.mht"), Limits())
    assert COMMENT not in extraction.text
    assert PARAGRAPHS[3] in extraction.text
    assert extraction.details.url == "https://news.example/pier"


VTT = """WEBVTT
Kind: captions
Language: en

NOTE made by hand

intro
00:01.000 --> 00:02.500 align:start
<v.loud Aida Serik>The pier is <i>sound</i>,

00:02.500 --> 00:04.000
<v Aida Serik>and the office &amp; all know it.

01:00:05.000 --> 01:00:06.000
<v Clerk>It is shut.
"""


def test_captions() -> None:
    extraction = read(VTT.encode(), Hints("a.vtt"), Limits())
    assert extraction.text == "Aida Serik: The pier is sound,\nand the office & all know it.\nClerk: It is shut.\n"
    assert [tuple(place) for place in extraction.locators] == [(0, "00:00:01"), (31, "00:00:02"), (61, "01:00:05")]
    assert extraction.details.lang == "en"
    (match,) = LayeredLinker().find("The pier is sound, and the office & all know it", extraction.text).matches
    assert match.kind == "typographic"


def test_captions_that_roll_up_say_a_line_once() -> None:
    cues = (
        "01.000 --> 00:02.000\n \nthe<00:01.200><c> pier</c>",
        "02.000 --> 00:02.010\nthe pier\n ",
        "02.010 --> 00:03.000\nthe pier\nis<00:02.500><c> shut</c>",
    )
    source = "WEBVTT\n" + "".join(f"\n00:{cue}\n" for cue in cues)
    assert read(source.encode(), Hints("a.vtt"), Limits()).text == "the pier\nis shut\n"


def test_damaged_subtitles_are_read_as_far_as_they_go() -> None:
    source = (
        "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}The pier\n\nis sound.\n00:00:03.5 -> 0:00:04\n7 o'clock\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nNo.\n\n4\n00:00:07,000 --> 00:00:08,000\nNo."
    )
    assert read(source.encode(), Hints("a.srt"), Limits()).text == "The pier is sound.\n7 o'clock\nNo.\nNo.\n"
    with pytest.raises(InputError, match="holds no subtitle"):
        read(b"only words", Hints("a.srt"), Limits())


TRUE_QUOTES = [(579, 608), (818, 871), (48, 194), (1339, 1510)]


def forms(article: str) -> dict[str, tuple[bytes, str]]:
    paragraphs = [line.replace("&", "&amp;") for line in article.strip().split("\n")]
    html = page(paragraphs, language="kk")
    words = article.split()
    cues = [
        f"{place // 6 + 1}\n00:{place // 360:02}:{place // 6 % 60:02},000 --> 00:59:59,000\n{' '.join(words[place : place + 6])}\n"
        for place in range(0, len(words), 6)
    ]
    return {
        "utf-8": (article.encode(), "a.txt"),
        "utf-16": (article.encode("utf-16"), "a.txt"),
        "utf-32": (article.encode("utf-32"), "a.txt"),
        "kz1048": (article.encode("kz1048"), "a.txt"),
        "html": (html.encode(), "a.html"),
        "eml qp": (mail(article), "a.eml"),
        "eml base64": (mail(article, coding="base64"), "a.eml"),
        "eml html": (mail("See the page.", html=html), "a.eml"),
        "srt": ("\n".join(cues).encode(), "a.srt"),
    }


@pytest.mark.parametrize("form", ["utf-8", "utf-16", "utf-32", "kz1048", "html", "eml qp", "eml base64", "eml html", "srt"])
def test_the_articles_quotes_are_found_in_every_form(article_path: Path, form: str) -> None:
    article = article_path.read_text(encoding="utf-8")
    content, name = forms(article)[form]
    extraction = extract(content, Hints(name), Limits())
    assert extraction.details.lang == "kk"
    for start, end in TRUE_QUOTES:
        quote = " ".join(article[start:end].split())
        matches = LayeredLinker().find(quote, extraction.text).matches
        assert [" ".join(match.exact.split()) for match in matches] == [quote]
        assert matches[0].kind in ("exact", "typographic")


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.media_type)
def test_every_format_is_known_by_something_and_read_by_its_module(row: Format) -> None:
    assert row.told or row.sign or row.holds or row.begins, "nothing tells it"
    for suffix in row.other_suffixes:
        assert not readable_name(f"a{suffix}")
        assert media_type_of(b"words", f"a{suffix}") == row.media_type
    for suffix in row.suffixes:
        assert readable_name(f"a{suffix}".upper())
        assert not row.told or media_type_of(b"words", f"a{suffix}") == row.media_type
    for name in (row.media_type, *row.aliases):
        assert not row.told or media_type_of(b"words", declared=f"{name}; charset=utf-8") == row.media_type
    if row.module:
        assert callable(import_module(f"claimreg.ingest.formats.{row.module}").extract)
    else:
        assert str(unsupported(row.media_type, "a")).startswith("a is a web archive")


def test_no_two_formats_share_a_name() -> None:
    for names in ([row.media_type for row in FORMATS], [suffix for row in FORMATS for suffix in row.suffixes]):
        assert len(names) == len(set(names))
