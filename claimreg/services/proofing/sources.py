"""A source as a draft is proved against it: its text, what is said in it by whom, and its speech without the words between."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from claimreg.frozen import replace
from claimreg.linker.passage import TextIndex
from claimreg.model import Span
from claimreg.services.proofing.speakers import Writing, introduced_by
from claimreg.services.proofing.types import Mention
from claimreg.services.proofing.whole import whole_quotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.linker import Match
    from claimreg.model import Attribution, Place
    from claimreg.services.linking.texts import Texts
    from claimreg.speech.types import Quotation

    LanguageOf = Callable[[str], tuple[str, float] | None]
    """A guess of a text's language (BCP 47) with how sure it is (0..1); ``None`` where there is too little to tell."""

_CONTEXT = 32
"""Code points around a place that are kept with it, as the linker keeps them."""

_HALF = 2
_LABEL = re.compile(r"[ \t]*(?P<name>[^\s:«“\"][^:\n«“\"]{0,60}?)[ \t]*:[ \t]")
_MOST_LABEL_WORDS = 5


def _unknown(_text: str) -> None:
    return None


def tag_of(guess: tuple[str, float] | None) -> str | None:
    """The tag of a guessed language."""
    return guess[0] if guess is not None else None


class Said(NamedTuple):
    """Part that words play in their source: whether they stand in its marks, or after a speaker's label, and who says them."""

    is_quoted: bool
    speaker: Mention | None = None


class SourceText:
    """A document that quotations are looked for in.

    ``lang`` is its language (BCP 47) where that is recorded; ``language_of`` guesses it where it is not. ``texts`` tells of its places, and
    what was left out of its text.
    """

    stance: str | None = None
    """Stance of a recorded party on what the words say; a document has none."""

    def __init__(
        self,
        document: str,
        text: str,
        *,
        source_id: str | None = None,
        lang: str | None = None,
        language_of: LanguageOf = _unknown,
        texts: Texts | None = None,
    ) -> None:
        self.document = document
        self.text = text
        self.source_id = source_id
        self.texts = texts
        self._lang = lang
        self._language_of = language_of

    @property
    def begin(self) -> int:
        """Offset of the text in all that the document has."""
        return 0

    @cached_property
    def left_out(self) -> LeftOutText | None:
        """The text of what was left out; ``None`` where that is nothing."""
        if self.texts is None or self.texts.left_out is None:
            return None
        return LeftOutText(
            self.document, self.texts.left_out(), source_id=self.source_id, lang=self._lang, language_of=self._language_of, texts=self.texts
        )

    @cached_property
    def lang(self) -> str | None:
        """The language; ``None`` where nobody can tell."""
        return self._lang or tag_of(self._language_of(self.text))

    @cached_property
    def index(self) -> TextIndex:
        """The text as the linker reads it."""
        return TextIndex(self.text)

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """The stretches between the source's marks."""
        return whole_quotations(self.text, self.lang)

    @cached_property
    def writing(self) -> Writing:
        """The source's way of writing names."""
        return Writing(self.text, self.lang)

    @cached_property
    def has_speech(self) -> bool:
        """Return whether the source sets speech between marks."""
        return any(one.is_speech for one in self.quotations)

    @cached_property
    def spoken(self) -> Spoken | None:
        """The text without the words that stand between the parts of its quotations; ``None`` where none has two."""
        cuts = [Span(one.end, other.start) for whole in self.quotations for one, other in zip(whole.parts, whole.parts[1:], strict=False)]
        return Spoken(self.text, cuts) if cuts else None

    def said(self, place: Place) -> Said:
        """Tell what part the words at a place play. Of quotations in one another, the inner one counts."""
        spans = place.parts or (Span(place.start, place.end),)
        length = sum(span.end - span.start for span in spans)
        around = [one for one in self.quotations if _HALF * _shared(one.parts, spans) >= length]
        speech = [one for one in around if one.is_speech]
        if around:
            inner = max(speech or around, key=lambda one: one.depth)
            named = inner.speaker or introduced_by(self.text, inner.outside.start, self.writing)
            return Said(is_quoted=True, speaker=self.mention(named))
        label = self._label(spans[0].start)
        return Said(is_quoted=label is not None, speaker=label)

    def mention(self, span: Span | None) -> Mention | None:
        """The speaker who is named in a stretch of the text."""
        return None if span is None else Mention(self.text[span.start : span.end], span.start, span.end)

    def _label(self, at: int) -> Mention | None:
        """The speaker whose name and a colon begin the line: in a transcript."""
        start = self.text.rfind("\n", 0, at) + 1
        found = _LABEL.match(self.text, start, at)
        words = found["name"].split() if found else []
        if found is None or len(words) > _MOST_LABEL_WORDS or not all(word[:1].isupper() for word in words):
            return None
        return self.mention(Span(*found.span("name")))


class LeftOutText(SourceText):
    """Text of its own of what was left out of a document's text."""

    left_out = None

    @property
    def begin(self) -> int:
        """Offset of the text in all that the document has."""
        return self.texts.length + 1 if self.texts is not None else 0


class RecordedStatement(SourceText):
    """Words that the registry has of a party; all of them are that party's."""

    def __init__(self, attribution: Attribution, party: str) -> None:
        super().__init__(attribution.id, attribution.quote or "", source_id=attribution.source_id, lang=attribution.lang)
        self.stance = attribution.stance.value
        self._speaker = Mention(party, 0, 0)

    quotations = ()
    has_speech = True

    def said(self, place: Place) -> Said:  # noqa: ARG002 -- as of any source
        """Return that they are the party's."""
        return Said(is_quoted=True, speaker=self._speaker)


def _shared(parts: Iterable[Span], spans: Iterable[Span]) -> int:
    return sum(max(0, min(part.end, span.end) - max(part.start, span.start)) for part in parts for span in spans)


class Spoken:
    """A text with stretches cut out, a space for each, and the way back."""

    def __init__(self, text: str, cuts: Iterable[Span]) -> None:
        self._raw = text
        self._starts: list[int] = []
        self._origins: list[Span] = []
        pieces: list[str] = []
        start = length = 0
        for cut in [*_apart(cuts), Span(len(text), len(text))]:
            self._starts.append(length)
            self._origins.append(Span(start, cut.start))
            pieces.append(text[start : cut.start])
            length += cut.start - start + 1
            start = cut.end
        self.text = " ".join(pieces)

    @cached_property
    def index(self) -> TextIndex:
        """The text as the linker reads it."""
        return TextIndex(self.text)

    def back(self, match: Match) -> Match:
        """A match in this text as one in the whole text; what was cut out parts its passages."""
        parts = tuple(piece for part in match.parts or (Span(match.start, match.end),) for piece in self._pieces(part))
        start, end = min(part.start for part in parts), max(part.end for part in parts)
        words = tuple(edit._replace(source=self._place(edit.source)) for edit in match.words)
        return replace(
            match, start=start, end=end, exact=self._raw[start:end], prefix=self._raw[max(0, start - _CONTEXT) : start],
            suffix=self._raw[end : end + _CONTEXT], parts=parts, words=words,
        )  # fmt: skip

    def _place(self, span: Span) -> Span:
        pieces = list(self._pieces(span))
        return Span(pieces[0].start, pieces[-1].end)

    def _pieces(self, span: Span) -> Iterator[Span]:
        first = bisect_right(self._starts, span.start) - 1
        last = max(first, bisect_right(self._starts, max(span.start, span.end - 1)) - 1)
        for number in range(first, last + 1):
            origin = self._origins[number]
            shift = origin.start - self._starts[number]
            start, end = max(origin.start, span.start + shift), min(origin.end, span.end + shift)
            if end > start or first == last:
                yield Span(start, max(start, end))


def _apart(cuts: Iterable[Span]) -> Sequence[Span]:
    """The stretches in order, without those that lie in others."""
    kept: list[Span] = []
    for cut in sorted(cuts):
        if cut.end > cut.start and (not kept or cut.start >= kept[-1].end):
            kept.append(cut)
    return kept
