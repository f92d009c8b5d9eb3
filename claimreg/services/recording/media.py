"""Pictures, video and sound as sources: without text, but for a transcript that a person gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import InputError

if TYPE_CHECKING:
    from claimreg.services.recording.sources import IncomingDocument

_MEDIA = {"image": "picture", "video": "video", "audio": "sound recording"}


def medium_of(media_type: str) -> str | None:
    """Return what a person calls a picture, a video or a sound recording; ``None`` for a document."""
    return _MEDIA.get(media_type.partition("/")[0])


def without_text(name: str, media_type: str) -> str:
    """The sentence that tells that there is nothing to find a quote in, and what to do."""
    medium = medium_of(media_type) or "document"
    how = ", or read them with a program for optical character recognition (OCR)" if medium == "picture" else ""
    return f"{name} is a {medium} without text; give its words to claimreg source add with --transcript FILE{how}."


def check_words(name: str, media_type: str, text: str | int) -> None:
    """Raise `InputError` for a picture or recording without words, where words are wanted; ``text`` is they, or how long they are."""
    if medium_of(media_type) and not text:
        raise InputError(without_text(name, media_type))


def with_transcript(name: str, document: IncomingDocument, words: IncomingDocument) -> IncomingDocument:
    """The picture, recording or scanned document with the text of another document, whose bytes are kept, too.

    Raises `InputError` for a document that has a text of its own, and for words that are none.
    """
    if document.text:
        raise InputError(f"{name} has a text of its own; --transcript is for pictures, video and sound.")
    if not words.text.strip():
        raise InputError(without_text(words.location, words.media_type))
    return document._replace(
        text=words.text, method=words.method, encoding=words.encoding, locators=words.locators, left_out=words.left_out,
        notes=(*document.notes, *words.notes), language_guessed=words.language_guessed, transcript=words.content,
        details=document.details._replace(lang=document.details.lang or words.details.lang),
    )  # fmt: skip
