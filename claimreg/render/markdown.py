"""Reports in GitHub-flavoured Markdown: what a desk can publish. Nothing of others' text becomes markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.model import Link, LinkState, Verdict, WordChange
from claimreg.render.visible import visible
from claimreg.services.comparison import Piece, alterations, compare, context, kind_in_words
from claimreg.services.report import Contradiction, Report, shown_links
from claimreg.services.views import AttributionView, ClaimView, SourceView, relation_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$^@#]|:(?=//|[\w+-]+:)|(?<=www)\.)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_WAITING = {LinkState.SUGGESTED: "suggested, not yet confirmed", LinkState.CONFIRMED: "confirmed"}


def escaped(text: str) -> str:
    """Text of others as Markdown text: every character is shown, none acts; line feeds stay."""
    shown = _SPECIAL.sub(r"\\\1", visible(text))
    return _LINE_START.sub(lambda match: f"{match[1]}{_escaped_start(match[2])}", shown)


def inline(text: str) -> str:
    """Text of others on one line, for headings and table cells."""
    return " ".join(escaped(text).split("\n")).strip()


def render_markdown(report: Report) -> str:
    """The report as a Markdown document; the same report gives the same bytes."""
    blocks = [f"# {inline(report.title)}", _summary(report)]
    for view in report.claims:
        blocks.extend(_claim_blocks(view))
    if report.contradictions:
        blocks.append("## Contradictions")
        blocks.extend(_contradiction_block(pair) for pair in report.contradictions)
    if report.sources:
        blocks.append("## Sources")
        blocks.append("\n".join(f"- [^{view.source.id}] {inline(view.source.title)}" for view in report.sources))
        blocks.append("\n".join(_footnote(view) for view in report.sources))
    return "\n\n".join(blocks) + "\n"


def _summary(report: Report) -> str:
    attributions = sum(len(view.attributions) for view in report.claims)
    links = ", ".join(f"{report.links_in(state)} {state.value}" for state in LinkState)
    counts = [
        _counted(len(report.claims), "claim"),
        _counted(attributions, "attribution"),
        _counted(len(report.sources), "source"),
        f"links: {links}",
    ]
    lines = [" · ".join(counts)]
    unlinked = report.unlinked
    if unlinked:
        lines.append(
            f"**Not found in any stored source:** {_counted(len(unlinked), 'quote')} "
            f"({', '.join(f'{one.attribution.id}, {inline(one.party.name)}' for one in unlinked)})."
        )
    return "\n\n".join(lines)


def _claim_blocks(view: ClaimView) -> Iterator[str]:
    claim = view.claim
    yield f"## {claim.id} · {inline(claim.text)}"
    about = [f"Case: {inline(claim.case)}"] if claim.case else []
    about += [f"Tags: {', '.join(inline(tag) for tag in claim.tags)}"] if claim.tags else []
    if about:
        yield " · ".join(about)
    if view.verdicts:
        yield _verdict(view.verdicts[-1])
    for relation in view.relations:
        if relation.other.removed_at is None:
            yield f"{claim.id} {relation_in_words(relation)} {relation.other.id}: {inline(relation.other.text)}"
    if view.attributions:
        yield "\n".join(_table(view))
    for attribution in view.attributions:
        if attribution.attribution.quote is not None:
            yield from _quote_blocks(attribution, attribution.attribution.quote)


def _table(view: ClaimView) -> Iterator[str]:
    yield "| | Party | Stance | Said on | Source |"
    yield "|---|---|---|---|---|"
    for one in view.attributions:
        source = f"{inline(one.source.title)} [^{one.source.id}]" if one.source else ""
        cells = (one.attribution.id, inline(one.party.name), f"**{one.attribution.stance.value}**", one.attribution.said_at or "", source)
        yield f"| {' | '.join(cells)} |"


def _quote_blocks(view: AttributionView, quote: str) -> Iterator[str]:
    lang = f" ({view.attribution.lang})" if view.attribution.lang else ""
    yield f"**{view.attribution.id}, {inline(view.party.name)}**{lang}:"
    links = shown_links(view)
    if not links:
        yield _blockquote(escaped(quote))
        yield "These words were not found in any stored source."
        return
    for link in links:
        comparison = compare(quote, link)
        yield _blockquote("".join(_marked(piece) for piece in comparison.quote))
        passage = "".join(_marked(piece) for piece in comparison.passage)
        where = f" ({inline(view.where[link.id])})" if link.id in view.where else ""
        yield f"In the source [^{link.source_id}], characters {link.start}–{link.end}{where}: {_link_words(link)}."
        altered = alterations(quote, link)
        if altered:
            yield f"Altered: {'; '.join(inline(one) for one in altered)}."
        before, after = context(link)
        yield _blockquote(f"{escaped(before)}{passage}{escaped(after)}")


def _link_words(link: Link) -> str:
    words = [kind_in_words(link), f"score {link.score:g}", f"{link.id} {_WAITING.get(link.state, link.state.value)}"]
    if link.flags:
        words.append(f"**look at: {', '.join(flag.value for flag in link.flags)}**")
    return "; ".join(words)


def _marked(piece: Piece) -> str:
    text = escaped(piece.text)
    if piece.gap or piece.change is WordChange.KEPT:
        return text
    return f"~~{text}~~" if piece.change is WordChange.DROPPED else f"**{text}**"


def _verdict(verdict: Verdict) -> str:
    scheme = f" ({inline(verdict.scheme)})" if verdict.scheme else ""
    why = f" {inline(verdict.rationale)}" if verdict.rationale else ""
    return f"**Verdict: {inline(verdict.rating)}**{scheme}, {inline(verdict.author or '')}, {verdict.rated_at[:10]}.{why}"


def _contradiction_block(pair: Contradiction) -> str:
    return f"- {_side(pair.left)}\n  contradicts\n  {_side(pair.right)}"


def _side(view: ClaimView) -> str:
    parties = "; ".join(f"{inline(one.party.name)} {one.attribution.stance.value}" for one in view.attributions)
    return f"**{view.claim.id}** {inline(view.claim.text)}" + (f" ({parties})" if parties else "")


def _footnote(view: SourceView) -> str:
    source, capture = view.source, view.capture
    details = [inline(source.title), inline(source.author or ""), inline(source.publisher or "")]
    details += [f"published {source.published_at}" if source.published_at else ""]
    details += [_address(source.url or source.canonical_url or "")]
    details += [f"archived {_address(source.archive_url)}"] if source.archive_url else []
    if source.withheld is None:
        details += [f"retrieved {capture.retrieved_at}", f"SHA-256 `{capture.sha256}`"]
    return f"[^{source.id}]: {', '.join(detail for detail in details if detail)}."


def _address(url: str) -> str:
    return f"<{url}>" if _plain_address(url) else inline(url)


def _plain_address(url: str) -> bool:
    return re.fullmatch(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", url) is not None and visible(url) == url


def _blockquote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.replace("\n", "\\\n").split("\n"))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _escaped_start(start: str) -> str:
    # A backslash cannot escape a digit; it is the dot or bracket after it that makes a list.
    return f"{start}\\" if start.isdigit() else f"\\{start}"
