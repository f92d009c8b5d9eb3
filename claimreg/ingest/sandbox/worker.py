"""The process that reads what a stranger wrote: started by `claimreg.ingest.sandbox.pool`, spoken to through its standard streams.

It has a limit on memory, may write no file, start no program and open no connection, whatever a document or a library asks for.
A message is a line of JSON with its own length before it; a request is followed by the document's bytes.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from claimreg.errors import ClaimregError
from claimreg.ingest.language_model import model
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.model import Locator, Span
from claimreg.services.articles import Article, Block, Comment, Role
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LENGTH_BYTES = 8
_FORBIDDEN = frozenset((
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "pty.spawn",
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.chown", "os.truncate", "shutil.rmtree",
    "webbrowser.open", "ftplib.connect", "smtplib.connect",
))  # fmt: skip


class ReadInto(StrEnum):
    """Form that a document is read into: the text of a source, an article with its structure, or a small picture."""

    EXTRACTION = "extraction"
    ARTICLE = "article"
    THUMBNAIL = "thumbnail"


class ForbiddenActError(ClaimregError):
    """A document made its reader do what no reader needs to do."""


def write_message(stream: IO[bytes], message: Mapping[str, Any], content: bytes = b"") -> None:
    """Write a message, and the bytes that belong to it."""
    text = json.dumps(message, ensure_ascii=True).encode("ascii")
    stream.write(len(text).to_bytes(LENGTH_BYTES) + text + content)
    stream.flush()


def read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read a message; ``None`` where the other side is gone."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    size = int.from_bytes(head)
    text = stream.read(size)
    return dict(json.loads(text)) if len(text) == size else None


def extraction_of(message: Mapping[str, Any]) -> Extraction:
    """The extraction that a worker's answer tells of."""
    values = dict(message)
    values["details"] = SourceDetails(**values["details"])
    values["locators"] = tuple(Locator(int(start), str(label)) for start, label in values["locators"])
    values["notes"] = tuple(values["notes"])
    return Extraction(**values)


def article_of(message: Mapping[str, Any]) -> Article:
    """The article that a worker's answer tells of."""
    values = dict(message)
    values["blocks"] = tuple(_block_of(one) for one in values["blocks"])
    values["comments"] = tuple(Comment(text, Span(*place)) for text, place in values["comments"])
    values["lines"], values["notes"] = tuple(values["lines"]), tuple(values["notes"])
    return Article(**values)


def _block_of(values: list[Any]) -> Block:
    role, text, places, written, group = values
    return Block(Role(role), text, tuple(places), {int(offset): length for offset, length in written.items()}, group)


def main() -> None:
    """Answer requests until there are no more."""
    # Interrupted at a terminal, it goes on until whoever asked it has taken what it reads.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints must not get between the messages.
    sys.stdout = sys.stderr
    ready = False
    while (request := read_message(requests)) is not None:
        limits = Limits(**request["limits"])
        content = requests.read(request["size"])
        hints = Hints(**request["hints"])
        if not ready:
            _give_up_rights(limits.memory, guess_language=hints.guess_language)
            ready = True
        write_message(answers, _answer(content, hints, limits, ReadInto(request["form"])))
        del content
        gc.collect(1)


def _answer(content: bytes, hints: Hints, limits: Limits, form: ReadInto) -> dict[str, Any]:
    try:
        return {form: _READERS[form](content, hints, limits)}
    except ClaimregError as error:
        return {"error": str(error), "class": type(error).__name__}
    except MemoryError:
        return {"error": f"{hints.name} needs more memory to be read than a document may take.", "class": "InputError"}
    except RecursionError:
        return {"error": f"{hints.name} is nested too deeply to be read.", "class": "InputError"}
    except Exception as error:  # noqa: BLE001 -- a library's bug on a hostile document must not cost the other documents
        return {"error": f"{hints.name} cannot be read ({type(error).__name__}): it seems to be damaged.", "class": "InputError"}


def _extraction(content: bytes, hints: Hints, limits: Limits) -> dict[str, Any]:
    from claimreg.ingest.extract import extract

    extraction = extract(content, hints, limits)
    return {**extraction._asdict(), "details": extraction.details._asdict()}


def _article(content: bytes, hints: Hints, limits: Limits) -> dict[str, Any]:
    from claimreg.ingest.articles.parsing import parse_article

    return parse_article(content, hints, limits)._asdict()


def _thumbnail(content: bytes, hints: Hints, limits: Limits) -> dict[str, Any]:  # noqa: ARG001 -- as all forms
    from claimreg.ingest.thumbnail import thumbnail_of

    return thumbnail_of(content, hints)._asdict()


_READERS: dict[ReadInto, Callable[[bytes, Hints, Limits], dict[str, Any]]] = {
    ReadInto.EXTRACTION: _extraction,
    ReadInto.ARTICLE: _article,
    ReadInto.THUMBNAIL: _thumbnail,
}


def _give_up_rights(memory: int, *, guess_language: bool) -> None:
    # Compiled modules would be written beside the libraries.
    sys.dont_write_bytecode = True
    if guess_language:
        # What is made now can be kept; later it could only be made again, in memory.
        model()
    try:
        import resource
    except ImportError:
        # Windows knows no such limits; the pool's clock holds there, too.
        pass
    else:
        for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            _soft, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN or (event == "open" and _opens_to_write(arguments)):
        raise ForbiddenActError(f"The document asked for what no document needs ({event}); it was not read further.")


def _opens_to_write(arguments: tuple[object, ...]) -> bool:
    path, mode, flags = (*arguments, None, None, None)[:3]
    if path == os.devnull:
        return False
    in_mode = isinstance(mode, str) and any(letter in mode for letter in "wax+")
    return in_mode or (isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)))


if __name__ == "__main__":
    main()
