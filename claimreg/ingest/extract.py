"""Extraction from a document of any kind: the format's module is chosen, and one sentence says why when nothing can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import InputError, UnsupportedDocumentError
from claimreg.ingest.formats import BY_MEDIA_TYPE, HTML, MAIL, WACZ, WARC
from claimreg.ingest.formats.kinds import ZIP, media_type_of
from claimreg.services.recording.media import medium_of, without_text

if TYPE_CHECKING:
    from claimreg.ingest.types import Extraction, Hints, Limits

_OFFICE = "application/vnd.oasis.opendocument"
_ARCHIVES = ("application/zip", "application/x-7z-compressed", "application/vnd.rar")
_COMPRESSED = ("application/gzip", "application/zstd", "application/x-bzip2", "application/x-xz")
_ADVICE = {
    ("font/",): ("a font", "hand in a document"),
    ("application/x-ole-storage",): ("an older office document", "save it as DOCX, ODT or PDF first"),
    ("application/vnd.ms-excel", f"{_OFFICE}.spreadsheet"): ("a spreadsheet", "save it as text or PDF first"),
    ("application/vnd.ms-powerpoint", f"{_OFFICE}.presentation"): ("a presentation", "save it as PDF first"),
    ("application/epub+zip",): ("a book in EPUB", "convert it to text or HTML first"),
    _ARCHIVES: ("an archive of files", "unpack it and hand in the documents in it"),
    _COMPRESSED: ("a compressed file", "unpack it first"),
    (WARC, WACZ): ("a web archive with any number of pages", "save it as a file and hand that in: each page in it is read"),
}

_SURE = 0.95
_LONG_ENOUGH = 300
"""Code points of a text, from which on a sure guess of its language is believed more than what the document declares."""


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The text of a document as a reader sees it, and what the document says of itself.

    The language is guessed where the document does not say it. Raises `UnsupportedDocumentError` for a kind that holds no text
    we can read, `InputError` for a document that is empty, damaged or too large, `UsageError` for a forced encoding that does not exist.
    """
    extraction = read(content, hints, limits)
    return _with_language(extraction) if extraction.text and hints.guess_language else extraction


def read(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """Extract without guessing the language, to look for a quote only: a guess loads a model, most of a second."""
    if len(content) > limits.size:
        raise InputError(f"{hints.name} is larger than {limits.size // 2**20} MB; hand in the part of it that is needed.")
    media_type = media_type_of(content, hints.name, hints.media_type)
    if medium_of(media_type):
        from claimreg.ingest.formats import media

        return media.extract(content, hints._replace(media_type=media_type), limits)
    known = BY_MEDIA_TYPE.get(media_type)
    if known is None or not known.module:
        raise unsupported(media_type, hints.name, content)
    from importlib import import_module

    module = import_module(f"claimreg.ingest.formats.{known.module}")
    extraction: Extraction = module.extract(content, hints._replace(media_type=media_type), limits)
    if "\0" in extraction.text:
        raise InputError(f"{hints.name} is not a text: it holds NUL characters.")
    if not extraction.text.strip():
        raise InputError(f"{hints.name} {known.empty}.")
    if media_type not in (HTML, MAIL) or hints.url or extraction.saved_at:
        return extraction
    from claimreg.ingest.formats.saved_times import saved_at

    return extraction._replace(saved_at=saved_at(content, media_type))


def unsupported(media_type: str, name: str, content: bytes = b"") -> InputError:
    """The error for a document of a kind that is not read, or for a file that is so damaged that nothing tells its kind."""
    if medium_of(media_type):
        return UnsupportedDocumentError(without_text(name, media_type))
    if content.startswith(ZIP):
        from claimreg.ingest.formats.package import cut_off, is_cut_off

        if is_cut_off(content):
            return cut_off(name)
    what, advice = next(
        (words for starts, words in _ADVICE.items() if media_type.startswith(starts)), ("no document of text", "hand in one")
    )
    return UnsupportedDocumentError(f"{name} is {what} ({media_type}); {advice}.")


def _with_language(extraction: Extraction) -> Extraction:
    from claimreg.ingest.language import guess_language

    declared = extraction.details.lang
    guess = guess_language(extraction.text)
    if guess is None or (declared and _same(declared, guess[0])):
        return extraction
    tag, sure = guess
    notes = extraction.notes
    if declared is not None:
        if sure < _SURE or len(extraction.text) < _LONG_ENOUGH:
            return extraction
        notes = (*notes, f"The document says that its language is {declared}; by its text it is {tag}.")
    return extraction._replace(details=extraction.details._replace(lang=tag), notes=notes, language_guessed=True)


def _same(declared: str, guessed: str) -> bool:
    """Return whether two tags name one language; a declared tag that says less or more than the guess is left as it is."""
    return declared.partition("-")[0].lower() == guessed.partition("-")[0].lower()
