"""Pictures, video and sound as sources: without text, but for a transcript that a person gives."""

from __future__ import annotations

_MEDIA = {"image": "picture", "video": "video", "audio": "sound recording"}


def medium_of(media_type: str) -> str | None:
    """Return what a person calls a picture, a video or a sound recording; ``None`` for a document."""
    return _MEDIA.get(media_type.partition("/")[0])


def without_text(name: str, media_type: str) -> str:
    """The sentence that tells that there is nothing to find a quote in, and what to do."""
    medium = medium_of(media_type) or "document"
    how = ", or read them with a program for optical character recognition (OCR)" if medium == "picture" else ""
    return f"{name} is a {medium} without text; give its words to claimreg source add with --transcript FILE{how}."
