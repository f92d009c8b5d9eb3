"""The smallest pieces of the HTML page, made here and not in its templates because a large report has hundreds of thousands of them.

Whatever is not markup of ours is shown by `shown`: with the characters that act made visible, and escaped.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from claimreg.model import Attribution, Link, LinkState, Source, WordChange
from claimreg.render.page_links import PageLinks
from claimreg.render.safe import plain_address, visible
from claimreg.render.sentences import alteration_in_words, lost_in_words, place_in_words, where_in_words
from claimreg.services.reporting.report import Happening, shown_links
from claimreg.services.reporting.side_by_side import Piece, alterations, asides, compare, context

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from claimreg.render.labels import Words
    from claimreg.services.reporting.pictures import Thumbnail
    from claimreg.services.reporting.views import AttributionView, SourceView


_PLACE = re.compile(r"{(\w+)}")
_SPECIAL = re.compile("[&<>'\"]")


LONGEST_NAME = 40
"""Characters of a source's title where it is only pointed to."""


class Labels(NamedTuple):
    """Text that is read aloud before words that differ, and text in place of a missing date."""

    changed: str
    dropped: str
    added: str
    undated: Markup


def labels(words: Words) -> Labels:
    """The labels in the reader's language."""
    return Labels(
        shown(words.say("changed")),
        shown(words.say("left out of the quote")),
        shown(words.say("put in by the quote")),
        Markup('<span class="undated">{}</span>').format(words.say("no date")),
    )


def shown(value: object) -> Markup:
    """Markup of ours as it is; everything else as text of which every character is seen and none acts."""
    return value if isinstance(value, Markup) else escape(visible(str(value)))


def seen(value: object) -> object:
    """Prepare what a template puts out for escaping: our own markup as it is, of everything else every character visible."""
    return value if isinstance(value, Markup) else visible(value if isinstance(value, str) else str(value))


def theirs(text: object, lang: str | None = None) -> Markup:
    """Text of others within a line, in its own language and direction."""
    return Markup(f'<bdi class="theirs" lang="{plain_text(lang) if lang else ""}">{plain_text(text)}</bdi>')  # noqa: S704 -- all of it shown


def linked(text: object, anchor: str, anchors: Container[str]) -> Markup:
    """A link to what the page holds; the text alone where it does not hold it."""
    return Markup(f'<a href="#{plain_text(anchor)}">{plain_text(text)}</a>') if anchor in anchors else shown(text)  # noqa: S704 -- all of it shown


def address(url: str) -> Markup:
    """An address as a link, or as text where it is none that a reader can follow without fear."""
    if not plain_address(url):
        return theirs(url)
    return Markup(f'<a href="{plain_text(url)}" rel="noopener noreferrer nofollow">{plain_text(url)}</a>')  # noqa: S704 -- all of it shown


def day(value: str | None, words: Words, said: Labels) -> Markup:
    """A date, for people and for machines."""
    if not value:
        return said.undated
    return Markup(f'<time datetime="{plain_text(value)}">{plain_text(words.date(value))}</time>')  # noqa: S704 -- all of it shown


def pieces(cut: Iterable[Piece], said: Labels) -> Markup:
    """A quote or a passage, its altered words marked for the eye and, by the labels, for the ear."""
    return Markup("".join(_piece(piece, said) for piece in cut))  # noqa: S704 -- all of it shown


def short_name(title: str) -> str:
    """Return a title that is short enough to point to its source within a line, cut between words where it has any."""
    if len(title) <= LONGEST_NAME:
        return title
    cut = title[:LONGEST_NAME]
    return f"{cut[:at] if (at := cut.rfind(' ')) > LONGEST_NAME // 2 else cut}…"


def filled(sentence: str, **parts: object) -> Markup:
    """A sentence of ours with its places filled, also by markup of ours; what fills one place is never looked at for others."""
    texts = {name: plain_text(part) for name, part in parts.items()}
    return Markup(_PLACE.sub(lambda place: texts[place[1]], plain_text(sentence)))  # noqa: S704 -- all of it shown


def _piece(piece: Piece, said: Labels) -> str:
    text = plain_text(piece.text)
    if piece.gap or piece.change is WordChange.ASIDE:
        return f'<span class="around">{text}</span>'
    if piece.change is WordChange.KEPT:
        return text
    if piece.change is WordChange.DROPPED:
        return f'<del data-before="[{said.dropped}:" data-after="]">{text}</del>'
    if piece.change is WordChange.ADDED:
        return f'<ins data-before="[{said.added}:" data-after="]">{text}</ins>'
    # What became of a word in a way that is not known here has changed it.
    return f'<mark data-before="[{said.changed}:" data-after="]">{text}</mark>'


def plain_text(value: object) -> str:
    """Return the text as `shown` does, but without the type that marks it, which takes longer to make than most texts to escape."""
    if isinstance(value, Markup):
        return value
    text = visible(value if isinstance(value, str) else str(value))
    return escape(text) if _SPECIAL.search(text) else text


class Statements:
    """Maker of the statements of one report: the reader's words, the sources, which ids the page holds, and pictures by their sources' ids.

    A picture is shown once, where its words are first quoted.
    """

    def __init__(
        self,
        words: Words,
        sources: Iterable[SourceView],
        anchors: frozenset[str],
        thumbnails: Mapping[str, Thumbnail] = MappingProxyType({}),
    ) -> None:
        sources = tuple(sources)
        self._words = words
        self._labels = labels(words)
        self._anchors = anchors
        self._pages = PageLinks(sources)
        self._titles = {view.source.id: self._title(view.source) for view in sources}
        self._captions = {view.source.id: view.source.caption or view.source.title for view in sources}
        self._pictures = dict(thumbnails)
        self._languages = {view.source.id: plain_text(view.source.lang or "") for view in sources}
        self._see_it = plain_text(words.say("see it on the page"))
        self._quote = plain_text(words.say("quote"))
        self._score = plain_text(words.say("score"))
        self._look_at = plain_text(words.say("look at:"))
        self._altered = plain_text(words.say("Altered:"))
        self._suggested = plain_text(words.say("suggested, not yet confirmed"))

    def __call__(self, view: AttributionView) -> Markup:
        """Return a statement: the party, how and when it spoke, the words, and where these stand."""
        return Markup("".join(self._parts(view)))  # noqa: S704 -- all of it escaped

    def in_timeline(self, happening: Happening, view: AttributionView) -> Markup:
        """Return a statement as a line of the timeline."""
        claim, attribution = happening.claim, view.attribution
        party = linked(theirs(view.party.name), attribution.id, self._anchors)
        made = f"{theirs(claim.text, claim.lang)} {linked(claim.id, claim.id, self._anchors)}"
        said = f"{party} · {plain_text(self._words.stance_noun(attribution.stance))}:\n{made}"
        return Markup(f"<li>{day(happening.date, self._words, self._labels)}\n<div>{said}</div></li>\n")  # noqa: S704 -- all of it escaped

    def _parts(self, view: AttributionView) -> Iterator[str]:
        attribution = view.attribution
        stance = plain_text(self._words.stance_noun(attribution.stance))
        meta: list[str] = [day(attribution.said_at, self._words, self._labels)]
        meta += [self._titles.get(view.source.id) or self._title(view.source)] if view.source is not None else []
        meta += [plain_text(attribution.lang)] if attribution.lang else []
        meta.append(f'<span class="id">{plain_text(attribution.id)}</span>')
        yield f'<div class="said" id="{plain_text(attribution.id)}">\n'
        yield f'<h4>{theirs(view.party.name)} <span class="stance">{stance}</span></h4>\n'
        yield f'<p class="meta">{" · ".join(meta)}</p>\n'
        if attribution.quote is not None:
            yield from self._quoted(view, attribution.quote)
        yield "</div>\n"

    def _quoted(self, view: AttributionView, quote: str) -> Iterator[str]:
        links = shown_links(view)
        if not links:
            yield f'<figure class="place quote">\n<figcaption>{self._quote}</figcaption>\n'
            yield f'<blockquote lang="{plain_text(view.attribution.lang or "")}" dir="auto">{plain_text(quote)}</blockquote>\n</figure>\n'
            yield f'<p class="lost">{plain_text(lost_in_words(view, self._words))}</p>\n'
            return
        yield from self._place(view, links[0])
        yield "\n"
        if len(links) > 1:
            others = self._words.count("{number} other place", "{number} other places", len(links) - 1)
            yield f"<details>\n<summary>{plain_text(others)}</summary>\n"
            for link in links[1:]:
                yield from self._place(view, link)
            yield "</details>\n"

    def _place(self, view: AttributionView, link: Link) -> Iterator[str]:
        where = view.where.get(link.id)
        told = [f'<span class="where">{plain_text(where_in_words(where, self._words))}</span>'] if where is not None else []
        page = self._pages.address(link, where)
        told += [f'<a href="{plain_text(page)}" rel="noopener noreferrer nofollow">{self._see_it}</a>'] if page else []
        yield from self._pair(view.attribution, link, "".join(f" · {one}" for one in told))
        yield from self._finding(view.attribution, link)
        yield "</div>\n"

    def _title(self, source: Source) -> Markup:
        return linked(theirs(short_name(source.title), source.lang), source.id, self._anchors)

    def _pair(self, attribution: Attribution, link: Link, told: str) -> Iterator[str]:
        comparison = compare(attribution.quote or "", link)
        before, after = (f'<span class="around">{plain_text(text)}</span>' if text else "" for text in context(link))
        place = filled(place_in_words(link, self._words), source=self._titles[link.source_id])
        yield f'<div class="place" id="{plain_text(link.id)}">\n<div class="pair">\n'
        yield f'<figure class="quote">\n<figcaption>{self._quote}</figcaption>\n'
        quoted = pieces(comparison.quote, self._labels)
        yield f'<blockquote lang="{plain_text(attribution.lang or "")}" dir="auto">{quoted}</blockquote>\n</figure>\n'
        yield f'<figure class="passage">\n<figcaption>{place}{told}</figcaption>\n'
        yield f'<blockquote lang="{self._languages[link.source_id]}" dir="auto">'
        yield f"{before}{pieces(comparison.passage, self._labels)}{after}</blockquote>\n</figure>\n</div>\n"
        yield self.picture(link.source_id)

    def picture(self, source_id: str) -> Markup:
        """Return the picture of a source, if it has one and was not shown yet."""
        if (drawn := self._pictures.pop(source_id, None)) is None:
            return Markup("")
        size = f'width="{drawn.width}" height="{drawn.height}"'
        shown_as = f'<img src="{plain_text(drawn.uri)}" {size} alt="{plain_text(self._captions.get(source_id, ""))}">'
        return Markup(f'<p class="thumbnail">{shown_as}</p>\n')  # noqa: S704 -- all of it escaped

    def _finding(self, attribution: Attribution, link: Link) -> Iterator[str]:
        yield f'<ul class="finding">\n<li class="kind">{plain_text(self._words.kind(link))}</li>\n'
        state = self._suggested if link.state is LinkState.SUGGESTED else plain_text(self._words.state(link.state))
        named = f"state-{link.state.value}" if isinstance(link.state, LinkState) else "state-unknown"
        yield f'<li class="{named}">{state}</li>\n'
        yield f'<li class="small">{self._score} {link.score:g}</li>\n<li class="id">{plain_text(link.id)}</li>\n</ul>\n'
        if link.flags:
            yield f'<p class="flags">{self._look_at} {plain_text(self._words.flags(link.flags))}</p>'
        if link.not_judged:
            yield f'<p class="flags">{self._look_at} {plain_text(self._words.not_judged(link.not_judged))}</p>'
        altered = alterations(attribution.quote or "", link)
        if altered:
            told = "; ".join(theirs(alteration_in_words(one, self._words)) for one in altered)
            yield f'<p class="changes">{self._altered} {told}.</p>'
        aside = "; ".join(theirs(alteration_in_words(one, self._words)) for one in asides(attribution.quote or "", link))
        if aside:
            yield f'<p class="meta">{aside}</p>'
