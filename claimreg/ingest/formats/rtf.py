"""RTF, read by striprtf, after what it gets wrong was set right.

striprtf drops footnotes and text boxes, writes the address of a link into the sentence and a bar after each table cell, keeps what
was deleted under tracked changes, takes any byte that is not ASCII for Western, and needs quadratic time for hostile font tables.
So the file is rewritten first, token by token: notes, boxes, headers and footers go to the end, what no reader sees goes out.
Control words are those of the Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.ingest.formats import RTF
from claimreg.ingest.formats.set_aside import COMMENT, HIDDEN, STRUCK, set_aside
from claimreg.ingest.formats.tidy import check_text, dates_of, notes_of, paragraphs, property_of
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Callable


_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL)
_START = b"{\\rtf"
_DROPPED = frozenset({"fldinst", "pict", "objdata", "shprslt", "nonshppict", "themedata", "colorschememapping", "datastore", "listtext"})
_NOTES = frozenset({"footnote", "shptxt", "dptxbxtext"})
_MARGINS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
_TOLD = frozenset({"title", "author"})
_TIMES = frozenset({"creatim", "revtim"})
_AS_READ = {"cell": "\\tab ", "nestcell": "\\tab ", "chftn": "", "sectd": ""}
_UNSEEN = {"deleted": STRUCK, "strike": STRUCK, "striked": STRUCK, "v": HIDDEN}
_LINE_ENDS = frozenset({"par", "line", "cell", "row", "tab"})
CUT_OFF = "The end of the file is missing, as if its transfer broke off; what there is of it was read."
_BETWEEN = "\x1e"
"""Parts the pieces that are set aside, while they are turned into text together."""

_MOST_FONTS = 10_000
_LAST_CHARACTER = 0xFFFF


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The text of an RTF document: the body, then notes and text boxes, then headers and footers.

    Text that was deleted under tracked changes, struck out or hidden, and comments are set aside. Raises :class:`InputError` for a
    file that is no RTF, holds no text, or has more than the limits allow.
    """
    from importlib.metadata import version

    from striprtf import striprtf

    convert: Callable[..., str] = striprtf.rtf_to_text
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not content.startswith(_START):
        raise InputError(f"{hints.name} is no RTF, or it is damaged; fetch or export it anew.")
    read = _Rewriter(content.decode("latin-1"))
    read.run()

    def text_of(piece: str) -> str:
        return convert(f"{read.head()}{piece}}}", errors="replace")

    try:
        body, notes, margins = (text_of("\\par ".join(pieces)) for pieces in (["".join(read.body)], read.notes, read.margins))
        text = paragraphs([body, notes, *dict.fromkeys(margins.split("\n"))])
        told = {name: property_of(text_of(piece)) for name, piece in read.told.items()}
        aside = text_of(f"\\par {_BETWEEN}".join(rtf for _, rtf in read.pieces())).split(_BETWEEN) if read.aside else []
    except Exception as error:  # striprtf lets whatever a damaged file causes through
        raise InputError(f"{hints.name} is damaged and cannot be read as RTF; fetch or export it anew.") from error
    check_text(text, hints, limits)
    dated = dates_of(_day(read.times["creatim"]), _day(read.times["revtim"]))
    details = SourceDetails(title=told.get("title"), author=told.get("author"))
    left_out, places = set_aside(text, zip((label for label, _ in read.pieces()), aside, strict=False))
    cut = (CUT_OFF,) if read.is_cut else ()
    held = notes_of(changes=read.changed, comments=any(label == COMMENT for label, _ in read.aside))
    told_notes = (*cut, *held, *dated)
    return Extraction(text, RTF, f"striprtf/{version('striprtf')}", details, locators=places, notes=told_notes, left_out=left_out)


def _day(time: dict[str, str]) -> str | None:
    return "-".join(time.get(name, "").zfill(2) for name in ("yr", "mo", "dy"))


@dataclass(slots=True, kw_only=True)
class _Group:
    """State between two braces: where the text goes, and what is to be made of it."""

    sink: list[str]
    font: str = ""
    unseen: frozenset[str] = frozenset()
    dropped: bool = False
    fonts: bool = False
    info: bool = False
    time: str = ""
    own: tuple[str, str] | None = None
    fresh: bool = True
    star: bool = False


@dataclass(slots=True)
class _Rewriter:
    """Sorter of the parts of an RTF file in one pass; each piece is RTF again."""

    rtf: str
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aside: list[tuple[str, list[str]]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    times: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in _TIMES})
    changed: bool = False
    is_cut: bool = False
    _fonts: dict[str, str] = field(default_factory=dict)
    _page: str = ""
    _default_font: str = ""
    _aside_font: str | None = None
    _groups: list[_Group] = field(default_factory=list)
    _group: _Group = field(init=False)
    _at: int = 0

    def __post_init__(self) -> None:
        self._group = _Group(sink=self.body)

    def run(self) -> None:
        """Read the whole file."""
        while self._at < len(self.rtf):
            if (found := _TOKEN.match(self.rtf, self._at)) is None:
                self._at += 1
                continue
            self._at = found.end()
            word, argument, byte, sign, brace, text = found.groups()
            if brace:
                self._brace(brace)
                if not self._groups:
                    break  # what follows the document is none of it
            elif word:
                self._word(word, argument)
            elif sign == "*":
                self._group.star = True
            elif byte or sign or text:
                self._put(_hex_of(text) if text else found.group())
        self.is_cut = bool(self._groups)
        while self._groups:
            self._brace("}")

    def head(self) -> str:
        """The beginning of a document with the same encodings."""
        fonts = "".join(f"{{\\f{font}\\fcharset{charset} x;}}" for font, charset in self._fonts.items())
        page = f"\\ansicpg{self._page}" if self._page else ""
        default = f"\\deff{self._default_font}\\f{self._default_font}" if self._default_font else ""
        return f"{{\\rtf1\\ansi{page}{default}{{\\fonttbl{fonts}}}"

    def pieces(self) -> list[tuple[str, str]]:
        """Pieces that are set aside, in order: what each is, and its RTF."""
        return [(label, f"{{{''.join(parts)}}}") for label, parts in self.aside]

    def _brace(self, brace: str) -> None:
        if brace == "{":
            self._groups.append(self._group)
            self._emit("{")
            self._group = replace(self._group, own=None, fresh=True, star=False)
            return
        self._emit("}")
        closed, self._group = self._group, self._groups.pop() if self._groups else self._group
        if closed.own and not closed.dropped:
            kind, name = closed.own
            piece = "".join(closed.sink)
            if kind == "told":
                self.told[name] = piece  # the last is in Unicode where there are two
            elif kind == "aside":
                self.aside.append((name, [piece]))
                self._aside_font = None
            else:
                (self.notes if kind == "notes" else self.margins).append(piece)

    def _word(self, word: str, argument: str | None) -> None:
        if word == "bin":
            self._at += max(0, int(argument or 0))
            return
        fresh, star = self._group.fresh, self._group.star
        self._group.fresh = self._group.star = False
        if fresh and self._destination(word):
            return
        if star:
            self._emit("\\*")
        self._property(word, argument, f"\\{word}{argument or ''} ")

    def _destination(self, word: str) -> bool:
        """Return whether the word says what the group that it begins is for, and is dealt with by that."""
        group = self._group
        if word in _DROPPED or word == "fonttbl":
            self._emit("}")
            group.dropped, group.fonts = True, word == "fonttbl"
        elif word == "info":
            group.info = True
        elif word in _TIMES and group.info:
            group.time = word
        elif word in _NOTES | _MARGINS or word == "annotation" or (word in _TOLD and group.info):
            self._emit("}")
            kind = "notes" if word in _NOTES else "margins" if word in _MARGINS else "aside" if word == "annotation" else "told"
            group.own = kind, COMMENT if kind == "aside" else word
            group.sink = [f"{{\\f{group.font} " if group.font else "{"]
            return True
        return False

    def _property(self, word: str, argument: str | None, written: str) -> None:
        group = self._group
        if group.fonts:
            self._font_entry(word, argument)
        elif group.time and argument:
            self.times[group.time].setdefault(word, argument)
        elif word in _UNSEEN:
            on = argument != "0"
            self.changed |= on and word == "deleted"
            group.unseen = group.unseen | {word} if on else group.unseen - {word}
        elif word == "ansicpg":
            self._page = self._page or (argument or "")
        elif word == "deff":
            self._default_font = self._default_font or (argument or "")
        elif word == "fonttbl" or (word == "uc" and argument is None):
            pass
        elif word == "u":
            if argument is not None and -_LAST_CHARACTER <= int(argument) <= _LAST_CHARACTER:
                self._put(written)
        else:
            self._style(word, argument, _AS_READ.get(word, written))

    def _style(self, word: str, argument: str | None, written: str) -> None:
        if word == "plain":
            self._group.unseen = frozenset()
            self._group.font = self._default_font
            self._emit(f"\\f{self._default_font} " if self._default_font else "")
            return
        if word == "f" and argument is not None:
            self._group.font = argument
        self.changed |= word == "revised" and argument != "0"
        if self._group.unseen and word in _LINE_ENDS:
            self._set_aside("\\par ")
        self._emit(written)

    def _font_entry(self, word: str, argument: str | None) -> None:
        if argument is None or len(self._fonts) > _MOST_FONTS:
            return
        if word == "f":
            self._group.font = argument
        elif word == "fcharset" and argument.isdigit():
            self._fonts.setdefault(self._group.font, argument)

    def _put(self, text: str) -> None:
        """Add text; the group has a purpose no more, for that stands before its text."""
        self._group.fresh = False
        if self._group.unseen:
            self._set_aside(text)
        else:
            self._aside_font = None
            self._emit(text)

    def _set_aside(self, text: str) -> None:
        """Add text to what no reader takes for said; what follows without words between is one piece with it."""
        group = self._group
        if group.dropped or group.fonts or group.info or group.time:
            return
        label = HIDDEN if "v" in group.unseen else STRUCK
        if self._aside_font is None or not self.aside or self.aside[-1][0] != label:
            self.aside.append((label, []))
            self._aside_font = None
        if self._aside_font != group.font:
            self.aside[-1][1].append(f"\\f{group.font} " if group.font else "")
            self._aside_font = group.font
        self.aside[-1][1].append(text)

    def _emit(self, piece: str) -> None:
        if not self._group.dropped:
            self._group.sink.append(piece)


def _hex_of(text: str) -> str:
    """The text with bytes that are not ASCII written as striprtf reads them by the font's encoding."""
    if text.isascii():
        return text
    return "".join(character if character.isascii() else f"\\'{ord(character):02x}" for character in text)
