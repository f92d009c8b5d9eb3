"""Mail as it is saved (RFC 5322, .eml) and web pages saved as mail (MHTML): what a reader of it sees.

The parser's strictest policy is not used: it understands headers better, and fails on those that break the rules, as old
mail does. Headers are decoded here from what stands in the file.
"""

from __future__ import annotations

import email
import re
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.formats import MAIL, markup
from claimreg.ingest.formats.set_aside import set_aside
from claimreg.ingest.formats.text import Decoded, codec_name, decode
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from email.message import Message


METHOD = "mail/2"

_DEEPEST = 20
_MOST_PARTS = 1_000
_PAGES = ("text/html", "application/xhtml+xml")
_STUB = 300
"""Letters of a plain text, below which it may only say that there is an HTML text; it is one if it has a third of that one's."""

_OTHER_FORM = "the mail's other form"
_CUT_OFF = "The end of the file is missing, as if its transfer broke off; what there is of it was read."
_FIRST_FIELDS = re.compile(rb"\A\s*(?:From [^\r\n]*\r?\n)?")


class _Gathered:
    """Findings on the way through a message's parts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attachments: list[str] = []
        self.notes: list[str] = []
        self.encoding: str | None = None
        self.parts = 0
        self.struck: list[str] = []
        self.other_forms: list[str] = []


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The body of a mail; its subject, sender and date. Raises `InputError` for what cannot be taken apart."""
    try:
        message = email.message_from_bytes(_FIRST_FIELDS.sub(b"", content, count=1), policy=compat32)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        raise InputError(f"{hints.name} is a mail that cannot be taken apart; save its text, or print it to a PDF.") from None
    saved = _field(message, "Snapshot-Content-Location") or (
        message.get_content_type() == "multipart/related" and (_field(message, "Content-Location") or _saved_from(message))
    )
    gathered = _Gathered(hints.name)
    text = _text_of(message, gathered, 0)
    cut = (_CUT_OFF,) if any(isinstance(one, CloseBoundaryNotFoundDefect) for one in message.defects) else ()
    if saved and (pages := _pages(message, str(saved))):
        page = _page(message, pages, hints, limits, str(saved))
        return page._replace(notes=(*cut, *page.notes))
    if gathered.attachments:
        gathered.notes.append(f"Attachments that were not read: {', '.join(gathered.attachments)}.")
    if gathered.struck:
        gathered.notes.append("The mail strikes words out; they are not read as said.")
    others = [(_OTHER_FORM, one) for one in gathered.other_forms if _key(one) not in _key(text)]
    left_out, places = set_aside(text, [*others, *((STRUCK_OUT, one) for one in gathered.struck)])
    notes = tuple(dict.fromkeys([*cut, *gathered.notes]))
    return Extraction(text, MAIL, METHOD, _details(message), gathered.encoding, locators=places, notes=notes, left_out=left_out)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text))


class _Page(NamedTuple):
    """A page's bytes in a saved page, the encoding that is declared for them, and the address that they were at."""

    content: bytes
    charset: str | None
    address: str | None


def _pages(message: Message, address: str) -> list[_Page]:
    """All pages in a page that a browser saved: the one at the address first, or the first of all, then those that it shows in frames."""
    pages: list[_Page] = []
    parts = [message]
    for _ in range(_MOST_PARTS):
        if not parts:
            break
        part = parts.pop()
        inner = part.get_payload()
        if isinstance(inner, list):
            parts.extend(one for one in reversed(inner) if not isinstance(one, str))
        elif part.get_content_type() in _PAGES and isinstance(content := part.get_payload(decode=True), bytes):
            pages.append(_Page(content, _charset(part), _field(part, "Content-Location")))
    whole = next((place for place, one in enumerate(pages) if one.address == address), 0)
    return [*pages[whole : whole + 1], *pages[:whole], *pages[whole + 1 :]]


def _saved_from(message: Message) -> str | None:
    """The address of a page that a browser saved and named itself for the sender, which older ones tell of the page's part alone."""
    sender = (_field(message, "From") or "").lstrip('"<')
    pages = _pages(message, "") if sender.startswith("Saved by ") else []
    address = pages[0].address if pages else None
    return address if address and address.startswith(("http://", "https://")) else None


def _page(message: Message, pages: list[_Page], hints: Hints, limits: Limits, address: str) -> Extraction:
    """A page that a browser saved as mail, read as a page."""
    from claimreg.ingest.formats import page

    whole, *framed = pages
    inner = Hints(hints.name, "text/html", whole.charset, hints.forced_encoding, hints.url or address)
    frames = [one for frame in framed if (one := _framed(frame, hints))]
    read = page.extract(whole.content, inner, limits, frames)
    details = read.details
    details = details._replace(title=details.title or _field(message, "Subject"), url=details.url or (None if hints.url else address))
    return read._replace(media_type=MAIL, details=details)


def _framed(frame: _Page, hints: Hints) -> str:
    """The HTML of a frame, empty for bytes that are no text."""
    from claimreg.ingest.formats.page import decode_page

    try:
        return decode_page(frame.content, Hints(hints.name, "text/html", frame.charset, hints.forced_encoding)).text
    except InputError:
        return ""


def _text_of(part: Message, gathered: _Gathered, depth: int) -> str:
    gathered.parts += 1
    if depth > _DEEPEST or gathered.parts > _MOST_PARTS:
        gathered.notes.append("Parts nested too deep, or too many of them, were not read.")
        return ""
    inner = part.get_payload()
    if isinstance(inner, list):
        messages = [one for one in inner if not isinstance(one, str)]
        if part.get_content_subtype() == "alternative":
            return _best_alternative(messages, gathered, depth)
        if part.get_content_subtype() == "related":
            return next((text for one in messages if (text := _text_of(one, gathered, depth + 1)).strip()), "")
        return "\n\n".join(text for one in messages if (text := _text_of(one, gathered, depth + 1)).strip())
    name = _quietly_named(part)
    if name is not None or part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        gathered.attachments.append(name or part.get_content_type())
        return ""
    return _leaf(part, gathered)


def _best_alternative(messages: list[Message], gathered: _Gathered, depth: int) -> str:
    """The plain text among alternatives, or another when the plain one is only a stub; the rest are other forms of the mail."""
    texts = [(one.get_content_type(), _text_of(one, gathered, depth + 1)) for one in messages]
    plain = next((text for kind, text in texts if kind == "text/plain" and text.strip()), "")
    richest = max((text for kind, text in texts if kind != "text/plain"), key=_letters, default="")
    stub = _letters(plain) < _STUB and _letters(plain) * 3 < _letters(richest)
    best = richest if stub or not plain else plain
    gathered.other_forms += [text for _, text in texts if text.strip() and text != best]
    return best


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _leaf(part: Message, gathered: _Gathered) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = _charset(part)
    if (decoded := _decoded(content, charset, gathered.name)) is None:
        return ""
    gathered.notes.extend(decoded.notes)
    gathered.encoding = gathered.encoding or decoded.encoding
    if part.get_content_subtype() != "html":
        return decoded.text.replace("\r\n", "\n")
    text, struck = markup.whole_and_struck(decoded.text)
    gathered.struck.extend(struck.split("\n") if struck else ())
    return text


def _decoded(content: bytes, charset: str | None, name: str) -> Decoded | None:
    """The text of a part, ``None`` for one that holds none."""
    codec = codec_name(charset) if charset else None
    try:
        # ISO-2022 and the like are all ASCII to the eye, so a declaration of such is followed before any guess.
        if codec and not codec.startswith("utf") and content.isascii():
            return Decoded(content.decode(codec, "replace"), codec)
        return decode(content, Hints(name, encoding=charset))
    except (InputError, UnicodeError):
        return None


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (MessageError, LookupError, ValueError, TypeError):
        return None


def _quietly_named(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return "?"
    return _words(name) if name else None


def _details(message: Message) -> SourceDetails:
    name, address = parseaddr(_field(message, "From") or "")
    return SourceDetails(title=_field(message, "Subject"), published_at=_day(message), author=_words(name) if name else address or None)


def _day(message: Message) -> str | None:
    """The day of the mail where it was written, ISO 8601."""
    try:
        return parsedate_to_datetime(_field(message, "Date") or "").date().isoformat()
    except (MessageError, ValueError, TypeError, IndexError, OverflowError):
        return None


def _field(message: Message, name: str) -> str | None:
    """A header in plain words, whatever way it is encoded; ``None`` when there is none."""
    for key, raw in message.raw_items():
        if key.lower() == name.lower():
            return _words(str(raw))
    return None


def _words(raw: str) -> str | None:
    raw = " ".join(_readable(raw).split())
    try:
        parts = decode_header(raw)
    except (MessageError, ValueError, LookupError, AssertionError):
        return raw or None
    words = "".join(part if isinstance(part, str) else _header_part(part, charset) for part, charset in parts)
    return " ".join(words.replace("\0", "").split()) or None


def _header_part(part: bytes, charset: str | None) -> str:
    if charset is None:
        return part.decode("raw_unicode_escape", "replace")
    decoded = _decoded(part, charset, "")
    return decoded.text if decoded else ""


def _readable(raw: str) -> str:
    """A header with bytes beyond ASCII, which the parser keeps as surrogates, read in the encoding that they are in."""
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        decoded = _decoded(raw.encode("utf-8", "surrogateescape"), None, "")
        return decoded.text if decoded else raw.encode("ascii", "replace").decode("ascii")
    return raw
