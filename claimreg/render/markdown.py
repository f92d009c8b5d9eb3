"""Reports in GitHub-flavoured Markdown: what a desk can publish. Nothing of others' text becomes markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from claimreg.model import Link, LinkState, Verdict, WordChange
from claimreg.render.labels import ENGLISH, Words, message
from claimreg.render.page_links import PageLinks
from claimreg.render.safe import plain_address, visible
from claimreg.render.sentences import (
    alteration_in_words,
    byline_in_words,
    counts,
    dates_in_words,
    judged_in_words,
    lost,
    lost_in_words,
    named_author,
    period_in_words,
    place_in_words,
    unverified,
    where_in_words,
)
from claimreg.services.reporting.about import About
from claimreg.services.reporting.report import ALL_SECTIONS, Contradiction, Happening, Report, Section, shown_links
from claimreg.services.reporting.side_by_side import Piece, alterations, asides, compare, context

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from claimreg.services.reporting.views import AttributionView, ClaimView, SourceView

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$^@#]|:(?=//|[\w+-]+:)|(?<=www)\.)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_WAITING = {LinkState.SUGGESTED: message("suggested, not yet confirmed"), LinkState.CONFIRMED: message("confirmed")}


def escaped(text: str) -> str:
    """Text of others as Markdown text: every character is shown, none acts; line feeds stay."""
    shown = _SPECIAL.sub(r"\\\1", visible(text))
    return _LINE_START.sub(lambda match: f"{match[1]}{_escaped_start(match[2])}", shown)


def inline(text: str) -> str:
    """Text of others on one line, for headings and table cells."""
    return " ".join(escaped(text).split("\n")).strip()


def render_markdown(
    report: Report,
    words: Words = ENGLISH,
    sections: Container[Section] = ALL_SECTIONS,
    about: About = About(),  # noqa: B008 -- it cannot be changed
) -> str:
    """The report, or some sections of it, as a Markdown document; the same values give the same bytes."""
    blocks = [f"# {inline(about.title or report.title)}"]
    blocks += [inline(byline_in_words(report, about, words))] if about != About() else []
    for section in Section:
        if section in sections:
            blocks.extend(_section(section, report, words))
    return "\n\n".join(blocks) + "\n"


def _section(section: Section, report: Report, words: Words) -> Iterator[str]:
    """The blocks of a section of a report; none where it would be empty."""
    match section:
        case Section.SUMMARY:
            yield from _summary(report, words)
        case Section.CLAIMS:
            pages = PageLinks(report.sources)
            for view in report.claims:
                yield from _claim_blocks(view, words, pages)
        case Section.CONTRADICTIONS:
            yield from _contradictions(report, words)
        case Section.TIMELINE:
            if report.timeline:
                yield f"## {words.say('Timeline')}"
                yield "\n".join(_timeline(report.timeline, words))
        case Section.SOURCES:
            yield from _sources(report, words)
        case _:
            assert_never(section)


def _summary(report: Report, words: Words) -> Iterator[str]:
    yield " · ".join(counts(report, words))
    yield from period_in_words(report.period, words)
    if judged := judged_in_words(report, words, "`claimreg link --all`", inline):
        yield judged
    for told, attributions in lost(report, words):
        names = ", ".join(f"{one.attribution.id} {inline(one.party.name)}" for one in attributions)
        yield f"**{told}** {names}"
    yield from (told for told, _where in unverified(report, words))


def _contradictions(report: Report, words: Words) -> Iterator[str]:
    if report.contradictions:
        yield f"## {words.say('Contradictions')}"
        yield "\n\n---\n\n".join(_contradiction_block(pair, words) for pair in report.contradictions)


def _sources(report: Report, words: Words) -> Iterator[str]:
    if report.sources:
        yield f"## {words.say('Sources')}"
        yield "\n".join(f"- [^{view.source.id}] {inline(view.source.title)}" for view in report.sources)
        yield "\n".join(_footnote(view, words) for view in report.sources)


def _claim_blocks(view: ClaimView, words: Words, pages: PageLinks) -> Iterator[str]:
    claim = view.claim
    yield f"## {claim.id} · {inline(claim.text)}"
    about = [f"{words.say('Case:')} {inline(claim.case)}"] if claim.case else []
    about += [f"{words.say('Tags:')} {', '.join(inline(tag) for tag in claim.tags)}"] if claim.tags else []
    if about:
        yield " · ".join(about)
    if view.verdicts:
        yield _verdict(view.verdicts[-1], words)
    for relation in view.relations:
        if relation.other.removed_at is None:
            yield f"{claim.id} {words.relation(relation)} {relation.other.id}: {inline(relation.other.text)}"
    if view.attributions:
        yield "\n".join(_table(view, words))
    for attribution in view.attributions:
        if attribution.attribution.quote is not None:
            yield from _quote_blocks(attribution, attribution.attribution.quote, words, pages)


def _table(view: ClaimView, words: Words) -> Iterator[str]:
    heads = ("", words.say("Party"), words.say("Stance"), words.say("Said on"), words.say("Source"))
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|---|"
    for one in view.attributions:
        source = f"{inline(one.source.title)} [^{one.source.id}]" if one.source else ""
        said = words.date(one.attribution.said_at) if one.attribution.said_at else ""
        cells = (one.attribution.id, inline(one.party.name), f"**{words.stance_noun(one.attribution.stance)}**", said, source)
        yield f"| {' | '.join(cells)} |"


def _quote_blocks(view: AttributionView, quote: str, words: Words, pages: PageLinks) -> Iterator[str]:
    lang = f" ({view.attribution.lang})" if view.attribution.lang else ""
    yield f"**{view.attribution.id}, {inline(view.party.name)}**{lang}:"
    links = shown_links(view)
    if not links:
        yield _blockquote(escaped(quote))
        yield lost_in_words(view, words, inline)
        return
    for link in links:
        comparison = compare(quote, link)
        yield _blockquote("".join(_marked(piece) for piece in comparison.quote))
        passage = "".join(_marked(piece) for piece in comparison.passage)
        where = f" ({inline(where_in_words(view.where[link.id], words))})" if link.id in view.where else ""
        place = place_in_words(link, words).format(source=f"[^{link.source_id}]")
        page = pages.address(link, view.where.get(link.id))
        see_it = f" · [{words.say('see it on the page')}](<{page}>)" if page else ""
        yield f"{place}{where}{see_it}: {'; '.join(_link_words(quote, link, words))}."
        altered = "; ".join(alteration_in_words(one, words, inline) for one in alterations(quote, link))
        if altered:
            yield f"{words.say('Altered:')} {altered}."
        before, after = context(link)
        yield _blockquote(f"{escaped(before)}{passage}{escaped(after)}")


def _link_words(quote: str, link: Link, words: Words) -> Iterator[str]:
    yield words.kind(link)
    yield f"{words.say('score')} {link.score:g}"
    yield f"{link.id} {_state(link.state, words)}"
    if link.flags:
        yield f"**{words.say('look at:')} {words.flags(link.flags)}**"
    if link.not_judged:
        yield f"**{words.not_judged(link.not_judged)}**"
    yield from (alteration_in_words(one, words, inline) for one in asides(quote, link))


def _timeline(entries: Iterable[Happening], words: Words) -> Iterator[str]:
    yield f"| {words.say('Day')} | {words.say('What happened')} | {words.say('Claim')} |"
    yield "|---|---|---|"
    for entry in entries:
        day = words.date(entry.date) if entry.date else words.say("no date")
        if entry.statement is not None:
            what = f"{inline(entry.statement.party.name)} · **{words.stance_noun(entry.statement.attribution.stance)}**"
        else:
            what = f"{words.say('verdict')} **{inline(entry.verdict.rating) if entry.verdict else ''}**"
        yield f"| {day} | {what} | {entry.claim.id} {inline(entry.claim.text)} |"


def _state(state: LinkState, words: Words) -> str:
    return words.say(_WAITING[state]) if state in _WAITING else words.state(state)


def _marked(piece: Piece) -> str:
    text = escaped(piece.text)
    if piece.gap or piece.change in (WordChange.KEPT, WordChange.ASIDE):
        return text
    # Never struck through: in a source's own text that would read as if the source had deleted it.
    return f"**{text}**"


def _verdict(verdict: Verdict, words: Words) -> str:
    told = [inline(one) for one in (verdict.scheme, named_author(verdict)) if one] + [words.date(verdict.rated_at[:10])]
    why = f" {inline(verdict.rationale)}" if verdict.rationale else ""
    return f"**{words.say('Verdict:')} {inline(verdict.rating)}** ({', '.join(told)}).{why}"


def _contradiction_block(pair: Contradiction, words: Words) -> str:
    left, right = "\n".join(_side(pair.left, words)), "\n".join(_side(pair.right, words))
    return f"{left}\n\n**{words.say('contradicts')}**\n\n{right}"


def _side(view: ClaimView, words: Words) -> Iterator[str]:
    yield f"**{view.claim.id}** {inline(view.claim.text)}\n"
    for one in view.attributions:
        said = f": “{inline(one.attribution.quote)}”" if one.attribution.quote is not None else ""
        yield f"- {inline(one.party.name)} · **{words.stance_noun(one.attribution.stance)}**{said}"


def _footnote(view: SourceView, words: Words) -> str:
    source, capture = view.source, view.capture
    details = [inline(source.title), f"“{inline(source.caption)}”" if source.caption else ""]
    details += [inline(source.author or ""), inline(source.publisher or "")]
    details += [f"{words.say('published')} {words.date(source.published_at)}" if source.published_at else ""]
    details += [_address(source.url or source.canonical_url or "")]
    details += [f"{words.say('archived at')} {_address(source.archive_url)}"] if source.archive_url else []
    if source.withheld is None:
        details += [*dates_in_words(source, capture, words), f"SHA-256 `{capture.sha256}`" if capture is not None else ""]
    return f"[^{source.id}]: {', '.join(detail for detail in details if detail)}."


def _address(url: str) -> str:
    return f"<{url}>" if plain_address(url) else inline(url)


def _blockquote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.replace("\n", "\\\n").split("\n"))


def _escaped_start(start: str) -> str:
    # A backslash cannot escape a digit; it is the dot or bracket after it that makes a list.
    return f"{start}\\" if start.isdigit() else f"\\{start}"
