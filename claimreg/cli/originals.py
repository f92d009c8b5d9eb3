"""Captured bytes handed back: written to a file, or opened with the system's program for them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, reading, session_of, stdout_is_terminal, tell
from claimreg.errors import InputError, UsageError
from claimreg.files import real_path, write_whole
from claimreg.model import Capture, Source
from claimreg.render.safe import one_line
from claimreg.services.recording.originals import Form, chosen_capture, original
from claimreg.services.recording.sources import require_source
from claimreg.services.withholding import is_withheld
from claimreg.text.counted import counted

STDOUT = "-"
_COPY_PREFIX = "claimreg-original-"
_DAY = 86_400
_SOON = 5.0  # seconds within which a program that cannot be started says so

_OPENED = {
    "application/pdf": (".pdf", b"%PDF-"),
    "image/jpeg": (".jpg", b"\xff\xd8\xff"),
    "image/png": (".png", b"\x89PNG\r\n\x1a\n"),
    "image/gif": (".gif", b"GIF8"),
    "image/webp": (".webp", b"RIFF"),
    "text/plain": (".txt", b""),
}
"""Kinds that are opened, each with the suffix of its copy and what its bytes begin with: such as run nothing that is in them."""

_PROGRAMS = (b"#!", b"<", b"%!", b"{\\rtf", b"[desktop entry]", b"[internetshortcut]")
"""Beginnings of plain texts that a system may take for something to be run, fetched or laid out."""


def get_original(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="SOURCE", help="Source: an id or address.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="File to write; - is standard output [default: - in a pipe]")
    ] = None,
    capture: Annotated[str | None, typer.Option("--capture", metavar="ID", help="Capture to write [default: the latest]")] = None,
    warc: Annotated[bool, typer.Option("--warc", help="Write the WARC file: request and answer.")] = False,
    transcript: Annotated[bool, typer.Option("--transcript", help="Write the transcript that was given.")] = False,
    reveal: options.Reveal = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Write the bytes of a source just as they were captured. A withheld one needs --reveal.

    The bytes are held against their SHA-256. A file that is there is asked about before it is replaced.

    \b
    Examples:
      claimreg source get S1 -o ruling.pdf
      claimreg source get S1 --capture K1 | sha256sum
      claimreg source get S1 --warc -o ruling.warc.gz
    """
    if warc and transcript:
        raise UsageError("Give --warc or --transcript, not both.")
    to_stdout = output is None or str(output) == STDOUT
    if to_stdout and stdout_is_terminal():
        raise UsageError("A document's bytes are not written to a terminal; give a file with -o FILE.")
    form = Form.WARC if warc else Form.TRANSCRIPT if transcript else Form.DOCUMENT
    session = session_of(ctx, db, yes=yes, no_input=no_input)
    with reading(session) as store, store.snapshot() as reader:
        source = require_source(reader, reference)
        if is_withheld(source) and not reveal:
            raise UsageError(f"{source.id} is withheld; --reveal writes its bytes, for your own eyes.")
        chosen = chosen_capture(reader, source, capture)
        sha256, content = original(reader, chosen, form)
    if output is None or to_stdout:
        sys.stdout.buffer.write(content)
        return
    if _written(session, output, content):
        typer.echo(one_line(f"Wrote {output}: the {form} of {source.id}, {chosen.id}, {counted(len(content), 'byte')}, SHA-256 {sha256}."))


def _written(session: Session, output: Path, content: bytes) -> bool:
    """Write a file, after asking where there is one already; return whether it was written."""
    try:
        target = real_path(output)
        if target.is_dir():
            raise InputError(f"{output} is a folder; give the name of a file.")
        if target.exists() and not session.confirm(
            f"{output} is there already. Replace it?", f"{output} is there already; --yes replaces it."
        ):
            return False
        write_whole(target, content)
    except OSError as error:
        raise InputError(f"The file {output} cannot be written: {error.strerror}.") from error
    return True


def open_original(session: Session, source: Source, capture: Capture, content: bytes) -> None:
    """Hand a private copy of a document to the system's program, after asking; raises `UsageError` for kinds that are not opened."""
    suffix = _suffix_of(source, capture, content)
    size = counted(len(content), "byte")
    question = f"Open {source.id} ({capture.media_type}, {size}) with the system's program? It is as its author made it."
    if not session.confirm(question, f"Nothing was opened: --yes opens {source.id} without asking."):
        return
    program = "open" if sys.platform == "darwin" else "xdg-open"
    found = shutil.which(program)
    if sys.platform != "win32" and found is None:
        raise UsageError(f"There is no program {program} here; `claimreg source get {source.id} -o FILE` writes the document.")
    _remove_old_copies()
    copy = Path(tempfile.mkdtemp(prefix=_COPY_PREFIX)) / f"{source.id}-{capture.id}{suffix}"
    with open(copy, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
    if sys.platform == "win32":
        os.startfile(copy)  # noqa: S606 -- a copy of a kind that nothing runs
    elif found is not None:
        _start(found, copy, source)
    tell(f"Opened {copy}; the copy is removed when an original is opened a day later or more, and may be deleted at any time.")


def _suffix_of(source: Source, capture: Capture, content: bytes) -> str:
    """The suffix of a document that may be opened; raises `UsageError` for any other, and for one that is not what it is said to be."""
    from claimreg.ingest.formats.kinds import media_type_of

    suffix, begin = _OPENED.get(capture.media_type, ("", b""))
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:32].lower()
    is_told = content.startswith(begin) and media_type_of(content) == capture.media_type
    if not suffix or not is_told or (suffix == ".txt" and start.startswith(_PROGRAMS)):
        raise UsageError(
            f"{source.id} is no PDF, JPEG, PNG, WebP, GIF or plain text, and other documents may run or fetch what is in them; "
            f"`claimreg source get {source.id} -o FILE` writes it, `claimreg source open {source.id}` shows its text."
        )
    return suffix


def _start(program: str, copy: Path, source: Source) -> None:
    """Start the system's program, which may end at once or stay with its window."""
    none = subprocess.DEVNULL
    process = subprocess.Popen([program, str(copy)], stdin=none, stdout=none, stderr=none, start_new_session=True)  # noqa: S603 -- our own words
    with suppress(subprocess.TimeoutExpired):
        if process.wait(_SOON) != 0:
            raise InputError(f"{program} could not open {source.id}; its copy is {copy}.")


def _remove_old_copies() -> None:
    """Remove this user's copies that were made a day ago or earlier."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_COPY_PREFIX}*"):
        with suppress(OSError):
            told = folder.lstat()
            is_ours = not hasattr(os, "getuid") or told.st_uid == os.getuid()
            if folder.is_dir() and not folder.is_symlink() and is_ours and told.st_mtime < time.time() - _DAY:
                shutil.rmtree(folder)
