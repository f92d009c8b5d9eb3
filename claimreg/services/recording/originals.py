"""The bytes of a source as they were captured, to be handed back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from claimreg.errors import UsageError
from claimreg.services.recording.sources import capture_of, captures_of, kept_bytes

if TYPE_CHECKING:
    from claimreg.model import Capture, Source
    from claimreg.store.port import Reader


class Form(StrEnum):
    """Forms in which a capture is kept: the document itself, the WARC file of how it was fetched, a person's transcript."""

    DOCUMENT = "document"
    WARC = "WARC file"
    TRANSCRIPT = "transcript"


def chosen_capture(reader: Reader, source: Source, wanted: str | None) -> Capture:
    """The capture of a source with this id, else its latest; raises `UsageError` where it has none such, `InputError` where it has none."""
    if wanted is None:
        return capture_of(reader, source)
    captures = list(captures_of(reader, source)) or [capture_of(reader, source)]
    for capture in captures:
        if capture.id == wanted.strip().upper():
            return capture
    raise UsageError(f"{source.id} has no capture {wanted}; it has {', '.join(one.id for one in captures)}.")


def original(reader: Reader, capture: Capture, form: Form = Form.DOCUMENT) -> tuple[str, bytes]:
    """The SHA-256 and the bytes of what is kept of a capture, just as they were kept.

    Raises `UsageError` where the capture has none such, `DamagedRegistryError` where the bytes are not what they were.
    """
    sha256 = {Form.DOCUMENT: capture.sha256, Form.WARC: capture.warc_sha256, Form.TRANSCRIPT: capture.transcript_sha256}[form]
    if sha256 is None:
        why = "it was not fetched from an address" if form is Form.WARC else "nobody gave one"
        raise UsageError(f"The capture {capture.id} has no {form}: {why}.")
    return sha256, kept_bytes(reader, capture, sha256, form)
