"""When a page says that it was saved: marks of programs and archives, as they write them; and what is not believed."""

import pytest

from claimreg.ingest.extract import extract
from claimreg.ingest.formats import HTML, MAIL, PLAIN
from claimreg.ingest.formats.saved_times import saved_at
from claimreg.ingest.types import Hints, Limits

PAGE = "<html><head><title>Notice</title></head><body><p>The library opens on Monday again.</p></body></html>"
ZONE = "Tue Mar 05 2019 23:30:00 GMT-0300 (Brasilia Standard Time)"

SINGLE = "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url:"
MONOLITH = "<!-- Saved from https://example.org/ at 2019-03-05T10:00:00Z using monolith v2.8.1 -->"

MARKS = {
    "SingleFile": (f"{SINGLE} https://example.org/a?b=c \n saved date: {ZONE}\n-->", "2019-03-06T02:30:00Z"),
    "SingleFile of a copy in an archive": (
        f"{SINGLE} https://web.archive.org/web/20180102030405/https://example.org/ \n saved date: {ZONE} -->",
        "2018-01-02T03:04:05Z",
    ),
    "Save Page WE": (f'<meta name="savepage-date" content="{ZONE}">', "2019-03-06T02:30:00Z"),
    "HTTrack": (
        "<!-- Mirrored from example.org/a.html by HTTrack Website Copier/3.x [XR&CO'2014], Tue, 05 Mar 2019 10:00:00 GMT -->",
        "2019-03-05T10:00:00Z",
    ),
    "monolith": (MONOLITH, "2019-03-05T10:00:00Z"),
    "the Wayback Machine": (
        "<!--\n     FILE ARCHIVED ON 10:00:05 Mar 05, 2019 AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON 09:00:00 Jun 01, 2020.\n-->",
        "2019-03-05T10:00:05Z",
    ),
    "a browser that saves a copy in an archive": (
        "<!-- saved from url=(0060)https://web.archive.org/web/20190305id_/https://example.org/ -->", "2019-03-05",
    ),
}  # fmt: skip

UNBELIEVED = {
    "no mark": "",
    "a day that is not": "<!-- Page saved with SingleFile \n url: https://example.org \n saved date: Tue Feb 31 2019 23:30:00 GMT-0300 -->",
    "years to come": "<!-- Saved from https://example.org/ at 2999-03-05T10:00:00Z using monolith v2 -->",
    "before the web": "<!-- Saved from https://example.org/ at 1970-01-01T00:00:00Z using monolith v2 -->",
    "an address alone": "<!-- saved from url=(0022)https://example.org/ -->",
    "no moment in the archive's address": "<!-- saved from url=(0022)https://web.archive.org/web/20191399/https://example.org/ -->",
    "marks without end": "Page saved with SingleFile " * 5_000,
    "a mark in the article": f"{' ' * 20_000}{MONOLITH}{' ' * 20_000}",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS.keys())
def test_marks_of_programs_and_archives(mark: tuple[str, str]) -> None:
    text, told = mark
    assert saved_at(f"{text}{PAGE}".encode(), HTML) == saved_at(f"{PAGE}{' ' * 30_000}{text}".encode(), HTML) == told
    assert saved_at(f"{text}{PAGE}".encode("utf-16"), HTML) == told
    assert saved_at(f"{text}{PAGE}".encode(), PLAIN) is None


@pytest.mark.parametrize("text", UNBELIEVED.values(), ids=UNBELIEVED.keys())
def test_what_is_not_believed(text: str) -> None:
    assert saved_at(f"{text}{PAGE}".encode(), HTML) is None


# As Chromium writes it, but for the boundary and the encoding of the page.
MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\nSubject: Notice\r\nDate: Tue, 5 Mar 2019 10:00:00 {zone}\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B"\r\n\r\n\r\n----B\r\n'
    "Content-Type: text/html\r\nContent-Transfer-Encoding: binary\r\nContent-Location: {address}\r\n\r\n{page}\r\n----B--\r\n"
)
MHTML_TIMES = (
    ("https://example.org/a", "-0000", "2019-03-05T10:00:00Z"),
    ("https://example.org/a", "+0500", "2019-03-05T05:00:00Z"),
    ("https://web.archive.org/web/20180102030405/https://example.org/", "-0000", "2018-01-02T03:04:05Z"),
)


@pytest.mark.parametrize(("address", "zone", "told"), MHTML_TIMES)
def test_a_page_that_a_browser_saved_as_mail(address: str, zone: str, told: str) -> None:
    content = MHTML.format(address=address, zone=zone, page=PAGE).encode()
    read = extract(content, Hints("page.mhtml"), Limits())
    assert (read.media_type, read.saved_at, read.details.published_at) == (MAIL, told, None)
    assert extract(content, Hints("page.mhtml", url="https://example.org/"), Limits()).saved_at is None, "it is fetched now"


def test_a_mail_was_sent_and_not_saved_on_its_date() -> None:
    mail = b"From: Ann <ann@example.org>\nDate: Tue, 5 Mar 2019 10:00:00 +0000\nSubject: On the library\n\nIt opens on Monday again.\n"
    read = extract(mail, Hints("mail.eml"), Limits())
    assert (read.saved_at, read.details.published_at) == (None, "2019-03-05")


def test_pages_saved_as_mail_by_older_browsers() -> None:
    # As Internet Explorer wrote it: the address is the part's alone.
    part = f"Content-Type: text/html\r\nContent-Location: http://example.org/a\r\n\r\n{PAGE}"
    sender = 'From: "Saved by Windows Internet Explorer 8"\r\nDate: Tue, 5 Mar 2019 10:00:00 +0100\r\n'
    whole = f'{sender}Content-Type: multipart/related; boundary="--B"\r\n\r\n----B\r\n{part}\r\n----B--\r\n'.encode()
    read = extract(whole, Hints("page.mht"), Limits())
    assert (read.saved_at, read.details.published_at, read.details.author) == ("2019-03-05T09:00:00Z", None, None)
    assert read.details.url == "http://example.org/a"
    mail = extract(whole.replace(b"http://example.org/a", b"cid:a"), Hints("page.mht"), Limits())
    assert mail.details.url is None
    fields = b'From: "Saved by Windows Internet Explorer 8"\r\nDate: Tue, 5 Mar 2019 10:00:00 +0100\r\n\r\n'
    assert saved_at(fields, MAIL) == "2019-03-05T09:00:00Z"
    assert saved_at(fields.replace(b" +0100", b""), MAIL) is None, "a time without its zone"
    assert saved_at(fields.replace(b"5 Mar", b"5 Foo"), MAIL) is None
