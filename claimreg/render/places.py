"""Statements on the HTML page, each quote beside its passage; a large report has thousands, so no template makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from claimreg.model import Attribution, Link, LinkState, Source
from claimreg.render.pieces import day, filled, labels, linked, pieces, plain_text, theirs
from claimreg.render.sentences import alteration_in_words, place_in_words, where_in_words
from claimreg.services.reporting.report import shown_links
from claimreg.services.reporting.side_by_side import alterations, compare, context

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claimreg.render.labels import Words
    from claimreg.services.reporting.timeline import Happening
    from claimreg.services.reporting.views import AttributionView


class Statements:
    """Maker of the statements of one report: the reader's words, the sources by their ids, and which ids the page holds."""

    def __init__(self, words: Words, sources: Mapping[str, Source], anchors: frozenset[str]) -> None:
        self._words = words
        self._labels = labels(words)
        self._anchors = anchors
        self._titles = {one.id: self._title(one) for one in sources.values()}
        self._languages = {one.id: plain_text(one.lang or "") for one in sources.values()}
        self._quote = plain_text(words.say("quote"))
        self._score = plain_text(words.say("score"))
        self._look_at = plain_text(words.say("look at:"))
        self._altered = plain_text(words.say("Altered:"))
        self._not_found = plain_text(words.say("These words were not found in any stored source."))
        suggested = words.say("suggested, not yet confirmed")
        self._suggested = plain_text(suggested)

    def __call__(self, view: AttributionView) -> Markup:
        """Return a statement: the party, how and when it spoke, the words, and where these stand."""
        return Markup("".join(self._parts(view)))  # noqa: S704 -- all of it escaped

    def in_timeline(self, happening: Happening, view: AttributionView) -> Markup:
        """Return a statement as a line of the timeline."""
        claim, attribution = happening.claim, view.attribution
        party = linked(theirs(view.party.name), attribution.id, self._anchors)
        made = f"{theirs(claim.text, claim.lang)} {linked(claim.id, claim.id, self._anchors)}"
        said = f"{party} {plain_text(self._words.stance(attribution.stance))}:\n{made}"
        return Markup(f"<li>{day(happening.date, self._words, self._labels)}\n<div>{said}</div></li>\n")  # noqa: S704 -- all of it escaped

    def _parts(self, view: AttributionView) -> Iterator[str]:
        attribution = view.attribution
        stance = plain_text(self._words.stance(attribution.stance))
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
            yield f'<p class="lost">{self._not_found}</p>\n'
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
        yield from self._pair(view.attribution, link, where_in_words(where, self._words) if where is not None else "")
        yield from self._finding(view.attribution, link)
        yield "</div>\n"

    def _title(self, source: Source) -> Markup:
        return linked(theirs(source.title, source.lang), source.id, self._anchors)

    def _pair(self, attribution: Attribution, link: Link, where: str) -> Iterator[str]:
        comparison = compare(attribution.quote or "", link)
        before, after = (f'<span class="around">{plain_text(text)}</span>' if text else "" for text in context(link))
        place = filled(place_in_words(link, self._words), source=self._titles[link.source_id])
        told = f' · <span class="where">{plain_text(where)}</span>' if where else ""
        yield f'<div class="place" id="{plain_text(link.id)}">\n<div class="pair">\n'
        yield f'<figure class="quote">\n<figcaption>{self._quote}</figcaption>\n'
        quoted = pieces(comparison.quote, self._labels)
        yield f'<blockquote lang="{plain_text(attribution.lang or "")}" dir="auto">{quoted}</blockquote>\n</figure>\n'
        yield f'<figure class="passage">\n<figcaption>{place}{told}</figcaption>\n'
        yield f'<blockquote lang="{self._languages[link.source_id]}" dir="auto">'
        yield f"{before}{pieces(comparison.passage, self._labels)}{after}</blockquote>\n</figure>\n</div>\n"

    def _finding(self, attribution: Attribution, link: Link) -> Iterator[str]:
        yield f'<ul class="finding">\n<li class="kind">{plain_text(self._words.kind(link))}</li>\n'
        state = self._suggested if link.state is LinkState.SUGGESTED else plain_text(self._words.state(link.state))
        named = f"state-{link.state.value}" if isinstance(link.state, LinkState) else "state-unknown"
        yield f'<li class="{named}">{state}</li>\n'
        yield f'<li class="small">{self._score} {link.score:g}</li>\n<li class="id">{plain_text(link.id)}</li>\n</ul>\n'
        if link.flags:
            yield f'<p class="flags">{self._look_at} {plain_text(self._words.flags(link.flags))}</p>'
        altered = alterations(attribution.quote or "", link)
        if altered:
            told = "; ".join(theirs(alteration_in_words(one, self._words)) for one in altered)
            yield f'<p class="changes">{self._altered} {told}.</p>'
