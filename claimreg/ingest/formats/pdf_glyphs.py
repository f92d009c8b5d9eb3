"""The letters that a page of a PDF shows, in the order in which it draws them, and where (ISO 32000-2, 8.3, 9.4 and 14.6)."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.ingest.formats.bidi import BACKWARDS
from claimreg.ingest.formats.pdf_annotations import appearances
from claimreg.ingest.formats.pdf_content import operations
from claimreg.ingest.formats.pdf_fonts import Lettering
from claimreg.ingest.formats.pdf_marks import NO_MARK, Mark, Marks
from claimreg.ingest.formats.pdf_matrix import PLAIN, Matrix, fitted, matrix, number, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from pypdf import PageObject

_WORDS = re.compile(r"\s+|\S+")
_MOST_FORMS = 5_000
_DEEPEST = 40
_SOME = 2_000
_INVISIBLE = 3


class Glyph(NamedTuple):
    """Letters that stand at one place: a word of a left-to-right script, else a single letter, else what a file says of several.

    ``start`` and ``end`` are along the line, ``base`` is across it; ``turn`` is the line's direction in degrees. ``gap`` is from where
    on space before or after it parts words.
    """

    text: str
    start: float
    end: float
    base: float
    size: float
    turn: int
    gap: float
    role: str


class _Place(NamedTuple):
    """The place that a line of text goes to: the place of its begin along and across, the length of a text unit, size and turn."""

    along: float
    unit: float
    base: float
    size: float
    turn: int
    mirrored: bool


class _TextState(NamedTuple):
    """State that ``q`` keeps and ``Q`` brings back."""

    matrix: Matrix = PLAIN
    font: Lettering | None = None
    size: float = 1.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


class TimeIsUpError(Exception):
    """A page takes longer than a document may."""


class Drawing:
    """The letters of a document's pages; its fonts are read once. ``until`` is the time (monotonic) when it must end."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._fonts: dict[object, Lettering | None] = {}

    def glyphs(self, page: PageObject) -> list[Glyph]:
        """The letters of a page, in the order in which they are drawn."""
        if time.monotonic() > self._until:
            raise TimeIsUpError
        drawn = _Page(page, self._until, self._fonts)
        content = page.get_contents()
        drawn.draw(content.get_data() if content is not None else b"", _object(page.get("/Resources")), 0)
        return drawn.finished()

    def fields(self, page: PageObject) -> list[Glyph]:
        """The letters in the fields of a form that was filled in, and in free texts beside the content."""
        drawn = _Page(page, self._until, self._fonts)
        for form, rectangle in appearances(page):
            try:
                drawn.draw_form(form, rectangle)
            except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError):
                continue  # a field that is damaged; the others may be whole
        return drawn.finished()


class _Page:
    """The drawing of one page, operator by operator."""

    def __init__(self, page: PageObject, until: float, fonts: dict[object, Lettering | None]) -> None:
        self.glyphs: list[Glyph] = []
        self._pdf = page.pdf
        self._until = until
        self._fonts = fonts
        self._marks = Marks(page)
        self._state = _TextState()
        self._stack: list[_TextState] = []
        self._line: Matrix = PLAIN
        self._text: Matrix = PLAIN
        self._forms = 0
        self._drawing: set[int] = set()
        self._resources: Any = {}
        self._depth = 0
        self._waiting: tuple[Mark, list[Glyph]] | None = None
        self._operators: dict[bytes, Callable[[list[Any]], None]] = {
            b"q": self._keep, b"Q": self._bring_back, b"cm": self._transform, b"BT": self._begin, b"Tf": self._choose,
            b"Tc": lambda given: self._set(letter_space=number(given[0])), b"Tw": lambda given: self._set(word_space=number(given[0])),
            b"Tz": lambda given: self._set(stretch=number(given[0]) / 100), b"TL": lambda given: self._set(leading=number(given[0])),
            b"Ts": lambda given: self._set(rise=number(given[0])), b"Tr": lambda given: self._set(mode=int(number(given[0]))),
            b"Td": self._move, b"TD": self._move_and_lead, b"Tm": self._place, b"T*": self._next_line,
            b"Tj": lambda given: self._show(given[0]), b"TJ": self._show_all, b"'": self._show_next, b'"': self._show_spaced,
            b"Do": self._do, b"BDC": self._mark, b"BMC": self._mark, b"EMC": self._unmark,
        }  # fmt: skip

    def draw(self, content: bytes, resources: Any, depth: int) -> None:  # noqa: ANN401 -- an object of a file that may be damaged
        """Draw a content stream; an operator with operands that are none is passed over, as viewers do."""
        before = self._resources, self._depth
        self._resources, self._depth = resources, depth
        for count, (operator, given) in enumerate(operations(content)):
            if count % _SOME == 0 and time.monotonic() > self._until:
                raise TimeIsUpError
            handle = self._operators.get(operator)
            if handle is not None:
                try:
                    handle(given)
                except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError):
                    continue
        self._resources, self._depth = before

    def finished(self) -> list[Glyph]:
        """All letters, once the page is drawn."""
        self._deliver()
        return self.glyphs

    def _set(self, **changed: Any) -> None:  # noqa: ANN401 -- fields of the state
        self._state = self._state._replace(**changed)

    def _keep(self, _given: list[Any]) -> None:
        self._stack.append(self._state)

    def _bring_back(self, _given: list[Any]) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def _transform(self, given: list[Any]) -> None:
        self._set(matrix=times(matrix(given), self._state.matrix))

    def _begin(self, _given: list[Any]) -> None:
        self._line = self._text = PLAIN

    def _choose(self, given: list[Any]) -> None:
        self._set(size=number(given[1]))
        fonts = _object(_object(self._resources).get("/Font"))
        key = fonts.raw_get(given[0]) if hasattr(fonts, "raw_get") else fonts[given[0]]
        name = (key.idnum, key.generation) if hasattr(key, "idnum") else id(key)
        if name not in self._fonts:
            self._fonts[name] = self._read_font(fonts[given[0]])
        self._set(font=self._fonts[name])

    @staticmethod
    def _read_font(resource: Any) -> Lettering | None:  # noqa: ANN401 -- an object of a file that may be damaged
        from pypdf.errors import LimitReachedError

        try:
            return Lettering(_object(resource))
        except LimitReachedError:
            raise
        except Exception:  # noqa: BLE001 -- any error at all comes of a damaged font; the others' text may be whole
            return None

    def _move(self, given: list[Any]) -> None:
        self._line = self._text = times((1.0, 0.0, 0.0, 1.0, number(given[0]), number(given[1])), self._line)

    def _move_and_lead(self, given: list[Any]) -> None:
        self._set(leading=-number(given[1]))
        self._move(given)

    def _place(self, given: list[Any]) -> None:
        self._line = self._text = matrix(given)

    def _next_line(self, _given: list[Any]) -> None:
        self._move([0.0, -self._state.leading])

    def _show_next(self, given: list[Any]) -> None:
        self._next_line(given)
        self._show(given[0])

    def _show_spaced(self, given: list[Any]) -> None:
        self._set(word_space=number(given[0]), letter_space=number(given[1]))
        self._show_next(given[2:])

    def _show_all(self, given: list[Any]) -> None:
        state = self._state
        for one in given[0]:
            if isinstance(one, bytes):
                self._show(one)
            elif isinstance(one, (int, float)):
                upright = state.font is not None and state.font.upright
                self._advance(-float(one) / 1000 * state.size * (1.0 if upright else state.stretch))

    def _advance(self, way: float) -> None:
        a, b, c, d, e, f = self._text
        if self._state.font is not None and self._state.font.upright:
            self._text = (a, b, c, d, e - way * c, f - way * d)
        else:
            self._text = (a, b, c, d, e + way * a, f + way * b)

    def _show(self, raw: object) -> None:
        font = self._state.font
        if font is None or not isinstance(raw, bytes):
            return
        codes = font.codes(raw)
        state, place = self._state, self._placed()
        stretch = 1.0 if font.upright else state.stretch
        steps = [
            ((1.0 if font.upright else code.width) * state.size + state.letter_space + (state.word_space if code.widened else 0.0))
            * stretch
            for code in codes
        ]
        texts = [code.text for code in codes]
        gap = font.half_space * abs(state.size * place.unit) * stretch
        if not BACKWARDS.search("".join(texts)):
            self._show_words(texts, steps, place, gap)
        elif state.mode == _INVISIBLE and not place.mirrored:
            # The letters beneath a scan: each word as it reads, wherever its letters come to stand.
            self._put("".join(texts), 0.0, sum(steps), place, gap)
        else:
            way = 0.0
            for text, step in zip(texts, steps, strict=True):
                self._put(text, way, way + step, place, gap)
                way += step
        self._advance(sum(steps))

    def _show_words(self, texts: list[str], steps: list[float], place: _Place, gap: float) -> None:
        way = begin = 0.0
        word: list[str] = []
        blank = False
        for text, step in zip(texts, steps, strict=True):
            if word and text.isspace() != blank:
                self._put("".join(word), begin, way, place, gap)
                word, begin = [], way
            if text or word:
                word.append(text)
                blank = text.isspace() if text else blank
            else:
                begin = way + step
            way += step
        if word:
            self._put("".join(word), begin, way, place, gap)

    def _placed(self) -> _Place:
        state = self._state
        a, b, c, d, e, f = times(self._text, state.matrix)
        e, f = e + state.rise * c, f + state.rise * d
        upright = state.font is not None and state.font.upright
        mirrored = a * d - b * c < 0 and a < 0
        along = (-c, -d) if upright else (d, -c) if mirrored else (a, b)
        length = math.hypot(*along) or 1.0
        x, y = along[0] / length, along[1] / length
        unit = -(c * x + d * y) if upright else a * x + b * y
        turn = round(math.degrees(math.atan2(y, x))) % 360
        return _Place(e * x + f * y, unit, f * x - e * y, abs(state.size) * math.hypot(c, d), turn, mirrored)

    def _put(self, text: str, begin: float, end: float, place: _Place, gap: float) -> None:
        ends = (place.along + begin * place.unit, place.along + end * place.unit)
        glyph = Glyph(text, min(ends), max(ends), place.base, place.size, place.turn, gap, self._marks.role)
        if not all(map(math.isfinite, (*ends, place.base, place.size))):
            return
        mark = self._marks.replaced
        if self._waiting is not None and self._waiting[0] is not mark:
            self._deliver()
        if mark is NO_MARK:
            if text:
                self.glyphs.append(glyph)
        elif self._waiting is None:
            self._waiting = (mark, [glyph])
        else:
            self._waiting[1].append(glyph)

    def _deliver(self) -> None:
        """Put what the file says that the waiting letters stand for in their place."""
        if self._waiting is None:
            return
        mark, glyphs = self._waiting
        self._waiting = None
        first = glyphs[0]
        if mark.told and has_no_letters(mark.text) and not has_no_letters("".join(one.text for one in glyphs)):
            self.glyphs.extend(one for one in glyphs if one.text)
        elif not mark.done:
            # Marks stand off the line, and are as wide as they like: it is the letters that tell where the text stands.
            base = self.glyphs[-1].base if self.glyphs else first.base
            level = [one for one in glyphs if one.base == base and one.turn == first.turn]
            level = level or [one for one in glyphs if one.base == glyphs[-1].base and one.turn == first.turn] or glyphs
            begin, end = min(one.start for one in level), max(one.end for one in level)
            self.glyphs.extend(_shared_out(mark.text, level[0]._replace(start=begin, end=end)))
            mark.done = True

    def _mark(self, given: list[Any]) -> None:
        named = given[1] if len(given) > 1 else None
        if isinstance(named, str):
            named = _object(_object(self._resources).get("/Properties")).get(named)
        self._marks.begin(str(given[0]) if given else "", _object(named))

    def _unmark(self, _given: list[Any]) -> None:
        if self._marks.replaced is not NO_MARK:
            leaving = self._marks.replaced
            self._marks.end()
            if self._marks.replaced is not leaving:
                self._deliver()
        else:
            self._marks.end()

    def _do(self, given: list[Any]) -> None:
        form = _object(_object(_object(self._resources).get("/XObject")).get(given[0]))
        if form.get("/Subtype") != "/Form" or id(form) in self._drawing or self._depth >= _DEEPEST:
            return
        self.draw_form(form)

    def draw_form(self, form: Any, rectangle: list[Any] | None = None) -> None:  # noqa: ANN401 -- as above
        """Draw a form where it is called, or in a rectangle of the page."""
        self._forms += 1
        if self._forms > _MOST_FORMS:
            return
        content = _content_of(form)
        before, stack = (self._state, self._line, self._text), self._stack
        self._drawing.add(id(form))
        self._stack = []
        own = matrix(list(form["/Matrix"])) if "/Matrix" in form else PLAIN
        place = fitted(list(form["/BBox"]), own, rectangle) if rectangle is not None else PLAIN
        self._set(matrix=times(times(own, place), self._state.matrix))
        try:
            self.draw(content, _object(form.get("/Resources")) or self._resources, self._depth + 1)
        finally:
            self._drawing.discard(id(form))
            (self._state, self._line, self._text), self._stack = before, stack


def _content_of(form: Any) -> bytes:  # noqa: ANN401 -- an object of a file that may be damaged
    from pypdf.errors import LimitReachedError

    try:
        return bytes(form.get_data())
    except LimitReachedError:
        raise
    except Exception:  # noqa: BLE001 -- any error at all comes of a damaged form; the page's other text may be whole
        return b""


def has_no_letters(text: str) -> bool:
    """Return whether a text has neither a letter nor a digit."""
    return not any(unicodedata.category(character)[0] in "LN" for character in text)


def _shared_out(text: str, place: Glyph) -> list[Glyph]:
    """A text at a place: words of left-to-right scripts one by one, each with its share of the room."""
    if not text:
        return []
    if BACKWARDS.search(text):
        return [place._replace(text=text)]
    share = (place.end - place.start) / len(text)
    return [
        place._replace(text=found[0], start=place.start + share * found.start(), end=place.start + share * found.end())
        for found in _WORDS.finditer(text)
    ]


def _object(value: Any) -> Any:  # noqa: ANN401 -- objects of a file that may be damaged
    """The dictionary that a value is or points to, else an empty one."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, dict) else {}
