"""The formats of documents, a row each: media type, names of files, how the bytes show it, and the module that reads it.

A new format is a row here and a module beside this one with ``extract(content, hints, limits)``; ``hints.media_type`` is then the
row's. Rows are asked in their order. Modules are imported when the first such document comes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from zipfile import ZipFile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
HTML = "text/html"
MAIL = "message/rfc822"
WARC = "application/warc"
WACZ = "application/wacz"
VTT = "text/vtt"
SRT = "application/x-subrip"
TTML = "application/ttml+xml"
ASS = "text/x-ssa"
SBV = "text/x-sbv"
MICRODVD = "text/x-microdvd"
LRC = "text/x-lrc"
SAMI = "application/x-sami"
TABLE = "text/tab-separated-values"
JSON = "application/json"
SVG = "image/svg+xml"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"


class Format(NamedTuple):
    """A kind of document that is known.

    ``suffixes`` are how names of its files end, in lower case. It shows by its first bytes (``sign``), by its first lines
    (``begins``, which gets them in UTF-8 without what is blank before them), or by the members of a ZIP file (``holds``). One that is
    ``told`` need not show it: its name or its server is believed, which may call it by an alias, too. Without a ``module`` it is no
    document of text. ``empty`` says what to do where one holds no text. ``other_suffixes`` are endings that most files of other kinds
    have, too: they are believed of a file that is named, and passed over in a folder.
    """

    media_type: str
    suffixes: tuple[str, ...]
    module: str = ""
    sign: bytes = b""
    begins: Callable[[bytes], bool] | None = None
    holds: Callable[[ZipFile, set[str]], bool] | None = None
    told: bool = False
    aliases: tuple[str, ...] = ()
    other_suffixes: tuple[str, ...] = ()
    empty: str = "holds no text; if it is made of images, read them with a program for optical character recognition first"


_HTML_START = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p)\b", re.IGNORECASE | re.DOTALL
)
_MAIL_LINE = re.compile(rb"[!-9;-~]+:[ \t]")
_MAIL_FIELDS = frozenset({
    "received", "return-path", "from", "to", "subject", "date", "message-id", "mime-version", "delivered-to", "content-type",
    "x-mozilla-status",
})  # fmt: skip
_FEWEST_FIELDS = 3
_CUE = re.compile(r"(?:\d+[ \t]*\r?\n)?[ \t]*\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d\d:\d\d[,.]\d{1,3}")
_CUE_SBV = re.compile(r"(?:\[[^\n]*\n)*[ \t]*\d{1,2}:\d\d:\d\d[.]\d{1,3},\d{1,2}:\d\d:\d\d[.]\d{1,3}[ \t]*\r?\n")
_TT = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:(?:[\w.-]+:)?tt[\s>](?=.*(?:ttml|ttaf1|\bbegin=))|timedtext\b|transcript\s*>\s*<text )",
    re.DOTALL,
)
"""An element of HTML has the same name, but no times."""

_SVG = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE\s+svg[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*+<(?:\w+:)?svg[\s>/]", re.DOTALL | re.IGNORECASE
)
_SUBSTATION = re.compile(rb"\[Script Info\]|\[V4\+? Styles\]|(?:Dialogue|Comment): *(?:Marked=)?\d+,\d+:\d\d:\d\d", re.IGNORECASE)
_FRAMES = re.compile(rb"\{\d+\}\{\d*\}")
_LYRICS = re.compile(rb"(?:\[[a-z]{2,6}:[^\]\n]*\]\s*)*\[\d{1,2}:\d\d\.\d{2,3}\]", re.IGNORECASE)
_TABLE = re.compile(rb"start\tend\ttext\r?\n\d+\t\d+\t")
_RECOGNISED = re.compile(rb"""\{\s*"text"\s*:|[\[{].*?"(?:segments|transcription|chunks|events|tStartMs)"\s*:\s*[\[{\d]""", re.DOTALL)
_RECOGNISED_LIST = re.compile(rb"""\[\s*\{[^{}]*?"(?:text"\s*:[^{}]*?"(?:start|timestamp)"|(?:start|timestamp)"\s*:[^{}]*?"text")\s*:""")
_FLAT = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<office:document\s[^>]*office:mimetype\s*=\s*[\"']application/vnd\.oasis\.opendocument\.text[\"'-]",
    re.DOTALL,
)
"""An OpenDocument text as one file of XML (part 3, 2.2.1)."""

_TEXTS_OF_OFFICES = frozenset({ODT, f"{ODT}-template", f"{ODT}-web", f"{ODT}-master"})


def _is_html(start: bytes) -> bool:
    return _HTML_START.match(start) is not None


def _is_recognised(start: bytes) -> bool:
    """Return whether JSON begins as a transcript does."""
    return bool(_RECOGNISED.match(start) or _RECOGNISED_LIST.match(start))


def _is_mail(start: bytes) -> bool:
    """Return whether the lines before the first empty one are fields of mail."""
    fields: set[str] = set()
    lines = start.splitlines()
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    for line in lines:
        if not line:
            break
        if line[:1] in b" \t" and fields:
            continue
        if not _MAIL_LINE.match(line) and not line.endswith(b":"):
            return False
        fields.add(line.partition(b":")[0].decode("ascii", "replace").lower())
    return len(fields & _MAIL_FIELDS) >= _FEWEST_FIELDS


def _has(names: set[str], start: str) -> bool:
    return any(name.startswith(start) for name in names)


def declared_type(archive: ZipFile, names: set[str]) -> str:
    """The media type that a ZIP file says it has in its member ``mimetype``; empty where it says nothing."""
    if "mimetype" not in names or archive.getinfo("mimetype").file_size >= 200:  # noqa: PLR2004 -- a media type is a short line
        return ""
    return archive.read("mimetype").decode("ascii", "replace").strip()


_EMPTY_PAGE = "holds no text; if scripts draw its text, save the page from a browser once it is shown"
_EMPTY_TEXT = "is empty; there is nothing to find a quote in"

FORMATS = (
    Format(PDF, (".pdf",), "pdf", sign=b"%PDF-"),
    Format(SVG, (), "media", begins=lambda start: bool(_SVG.match(start))),
    Format(RTF, (".rtf",), "rtf", sign=b"{\\rtf"),
    Format(WARC, (".warc", ".warc.gz"), sign=b"WARC/"),
    Format(DOCX, (".docx",), "word", holds=lambda _archive, names: _has(names, "word/document")),
    Format(WACZ, (".wacz",), holds=lambda _archive, names: "datapackage.json" in names and _has(names, "archive/")),
    Format(
        ODT,
        (".odt", ".fodt"),
        "opendocument",
        begins=lambda start: bool(_FLAT.match(start)),
        holds=lambda archive, names: declared_type(archive, names) in _TEXTS_OF_OFFICES,
    ),
    Format(VTT, (".vtt",), "captions.subtitles", begins=lambda start: start.startswith(b"WEBVTT"), told=True),
    Format(
        TTML,
        (".ttml", ".dfxp"),
        "captions.timed_text",
        begins=lambda start: bool(_TT.match(start)),
        told=True,
        aliases=("application/ttaf+xml",),
        other_suffixes=(".srv1", ".srv2", ".srv3"),
    ),
    Format(HTML, (".htm", ".html", ".xhtml"), "page", begins=_is_html, told=True, aliases=("application/xhtml+xml",), empty=_EMPTY_PAGE),
    Format(
        SRT,
        (".srt",),
        "captions.subtitles",
        begins=lambda start: bool(_CUE.match(start[:200].decode("latin-1"))),
        told=True,
        aliases=("text/srt",),
    ),
    Format(
        SBV,
        (".sbv",),
        "captions.subtitles",
        begins=lambda start: bool(_CUE_SBV.match(start[:2_000].decode("latin-1"))),
        told=True,
        other_suffixes=(".sub",),
    ),
    Format(ASS, (".ass", ".ssa"), "captions.substation", begins=lambda start: bool(_SUBSTATION.match(start)), told=True),
    Format(SAMI, (".smi", ".sami"), "captions.others", begins=lambda start: start[:200].lower().startswith(b"<sami"), told=True),
    Format(TABLE, (), "captions.others", begins=lambda start: bool(_TABLE.match(start))),
    Format(MICRODVD, (), "captions.others", begins=lambda start: bool(_FRAMES.match(start)), told=True),
    Format(LRC, (".lrc",), "captions.others", begins=lambda start: bool(_LYRICS.match(start)), told=True),
    Format(JSON, (), "captions.recognised", begins=_is_recognised, other_suffixes=(".json", ".json3")),
    Format(MAIL, (".mht", ".mhtml", ".eml"), "mail", begins=_is_mail, told=True, aliases=("multipart/related",)),
    Format(MARKDOWN, (".md", ".markdown"), "text", told=True, aliases=("text/x-markdown",)),
    Format(PLAIN, (".txt", ".text"), "text", told=True, empty=_EMPTY_TEXT),
)
BY_MEDIA_TYPE = {one.media_type: one for one in FORMATS}
