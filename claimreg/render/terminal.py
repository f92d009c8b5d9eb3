"""Reports and listings for people at a terminal; with `cli.context` the only place that knows Rich.

Text of others goes in as `rich.text.Text`, never as markup, after acting characters were made visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from claimreg.model import Link, LinkKind, LinkState, RelationKind, Stance, Verdict, WordChange
from claimreg.render.visible import one_line, visible
from claimreg.services.comparison import Passage, Piece, alterations, compare, context, kind_in_words
from claimreg.services.report import Report, shown_links
from claimreg.services.views import AttributionView, ClaimView, RelationView, SourceView, relation_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.render.marked import Marked
    from claimreg.services.linking import Place, QuoteCheck

STANCE_STYLES = {
    Stance.ASSERTS: "green",
    Stance.DENIES: "red",
    Stance.REPORTS: "cyan",
    Stance.QUESTIONS: "yellow",
    Stance.RULES: "magenta",
}
_CHANGE_STYLES = {
    WordChange.CHANGED: "bold underline yellow",
    WordChange.ADDED: "bold underline red",
    WordChange.DROPPED: "bold strike red",
}
_KIND_STYLES = {
    LinkKind.EXACT: "green",
    LinkKind.TYPOGRAPHIC: "green",
    LinkKind.NEAR: "cyan",
    LinkKind.ALTERED: "bold yellow",
    LinkKind.STITCHED: "magenta",
}
_STATE_STYLES = {LinkState.CONFIRMED: "green", LinkState.REJECTED: "red", LinkState.SUGGESTED: "yellow"}


def evidence(text: str, style: str = "") -> Text:
    """Text of others, to be shown as it is."""
    return Text(visible(text), style=style, overflow="fold")


def claim_renderable(view: ClaimView) -> RenderableType:
    """A claim with who says what, each quote beside its passage, verdict and contradictions."""
    claim = view.claim
    heading = Text.assemble((claim.id, "bold cyan"), "  ", (visible(claim.text), "bold"), overflow="fold")
    facts = [f"case {claim.case}"] if claim.case else []
    facts += [f"#{tag}" for tag in claim.tags]
    if claim.removed_at:
        facts.append(f"removed {claim.removed_at[:10]}")
    blocks: list[RenderableType] = [heading]
    if facts:
        blocks.append(_indented(evidence(" · ".join(facts), "dim")))
    if view.verdicts:
        blocks.append(_indented(_verdict(view.verdicts[-1])))
    blocks.extend(_indented(_relation(relation)) for relation in view.relations if relation.other.removed_at is None)
    blocks.extend(_indented(_attribution(one)) for one in view.attributions)
    return Group(*blocks)


def report_renderable(report: Report) -> RenderableType:
    """The whole report."""
    attributions = sum(len(view.attributions) for view in report.claims)
    links = ", ".join(f"{report.links_in(state)} {state.value}" for state in LinkState)
    numbers = ((len(report.claims), "claim"), (attributions, "attribution"), (len(report.sources), "source"))
    counts = " · ".join((*(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in numbers), f"links: {links}"))
    blocks: list[RenderableType] = [Rule(Text(one_line(report.title), style="bold")), Text(counts, style="dim")]
    if report.unlinked:
        names = ", ".join(f"{one.attribution.id} {one.party.name}" for one in report.unlinked)
        blocks.append(Text.assemble(("Not found in any stored source: ", "bold red"), visible(names)))
    for view in report.claims:
        blocks += [Text(), claim_renderable(view)]
    if report.contradictions:
        blocks += [Text(), Rule(Text("Contradictions"), align="left")]
        for pair in report.contradictions:
            blocks.append(_side(pair.left, ""))
            blocks.append(_side(pair.right, "contradicts "))
    if report.sources:
        blocks += [Text(), Rule(Text("Sources"), align="left"), *(source_renderable(view) for view in report.sources)]
    return Group(*blocks)


def source_renderable(view: SourceView) -> RenderableType:
    """A source with its latest capture."""
    source, capture = view.source, view.capture
    published = f"published {source.published_at}" if source.published_at else None
    details = [source.author, source.publisher, published, source.lang, source.url or source.canonical_url, source.archive_url]
    lines = Text.assemble((source.id, "bold cyan"), "  ", visible(source.title), overflow="fold")
    rows = [evidence(" · ".join(one for one in details if one), "dim")] if any(details) else []
    if source.withheld is None:
        place = capture.reached_url or capture.location
        counted = f" ({view.captures} captures)" if view.captures > 1 else ""
        rows.append(evidence(f"{capture.length:,} characters from {place}, retrieved {capture.retrieved_at}{counted}", "dim"))
        rows.append(Text(f"SHA-256 {capture.sha256}", style="dim", overflow="fold"))
    return Group(lines, *(_indented(row) for row in rows))


def link_renderable(quote: str, link: Link) -> RenderableType:
    """A quote beside the passage it is tied to."""
    return _link_grid(quote, link)


def check_renderable(check: QuoteCheck) -> RenderableType:
    """Where a quote stands and what was altered in it."""
    blocks: list[RenderableType] = []
    for place in check.places:
        blocks += [_place_grid(check.quote, place), Text()]
    if not check.places:
        blocks.append(Text("Not found.", style="bold red"))
        if check.nearest:
            blocks += [Text("The nearest place, too far off to be the quote:", style="dim"), _place_grid(check.quote, check.nearest)]
    return Group(*blocks)


def table_renderable(columns: Iterable[str], rows: Iterable[Iterable[str | Marked]]) -> RenderableType:
    """A plain table of others' texts, one line a record."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0, style="cyan" if number == 0 else None)
    for row in rows:
        table.add_row(*(Text(one_line(cell), overflow="fold") if isinstance(cell, str) else _marked(cell) for cell in row))
    return table


def _marked(cell: Marked) -> Text:
    text = Text(overflow="fold")
    position = 0
    for start, end in cell.spans:
        text.append(one_line(cell.text[position:start])).append(one_line(cell.text[start:end]), style="bold underline")
        position = end
    return text.append(one_line(cell.text[position:]))


def _attribution(view: AttributionView) -> RenderableType:
    attribution = view.attribution
    head = Text.assemble(
        (attribution.id, "cyan"),
        "  ",
        (visible(view.party.name), "bold"),
        "  ",
        (attribution.stance.value, f"bold {STANCE_STYLES[attribution.stance]}"),
        overflow="fold",
    )
    told = [attribution.said_at, f"in {view.source.id}" if view.source else None]
    head.append("  " + " · ".join(one for one in told if one), style="dim")
    if attribution.quote is None:
        return head
    links = shown_links(view)
    if not links:
        lost = Text("not found in any stored source", style="red")
        return Group(head, _indented(_grid([("quote", evidence(attribution.quote)), ("link", lost)])))
    return Group(head, *(_indented(_link_grid(attribution.quote, link, view.where.get(link.id, ""))) for link in links))


def _link_grid(quote: str, link: Link, where: str = "") -> RenderableType:
    state = (link.state.value, _STATE_STYLES[link.state])
    place = (f" · {one_line(where)}",) if where else ()
    facts = Text.assemble((link.id, "cyan"), " ", state, " · ", *_facts(link, link.source_id), *place, overflow="fold")
    return _comparison_grid(quote, link, facts)


def _place_grid(quote: str, place: Place) -> RenderableType:
    return _comparison_grid(quote, place.match, Text.assemble(*_facts(place.match, place.document), overflow="fold"))


def _facts(place: Passage, document: str) -> tuple[str | tuple[str, str], ...]:
    kind = (kind_in_words(place), _KIND_STYLES[place.kind])
    return kind, f" · {place.score:g} · {one_line(document)} {place.start}–{place.end}"


def _comparison_grid(quote: str, place: Passage, facts: Text) -> RenderableType:
    comparison = compare(quote, place)
    before, after = context(place)
    passage = Text.assemble((visible(before), "dim"), _joined(comparison.passage), (visible(after), "dim"), overflow="fold")
    rows = [("quote", _joined(comparison.quote)), ("source", passage), ("link", facts)]
    altered = alterations(quote, place)
    if altered:
        rows.append(("changed", evidence("; ".join(altered), "bold")))
    if place.flags:
        rows.append(("look at", Text(", ".join(flag.value for flag in place.flags), style="bold red")))
    return _grid(rows)


def _joined(pieces: Iterable[Piece]) -> Text:
    return Text.assemble(
        *((visible(piece.text), "dim" if piece.gap else _CHANGE_STYLES.get(piece.change, "")) for piece in pieces), overflow="fold"
    )


def _grid(rows: Iterable[tuple[str, RenderableType]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=7)
    grid.add_column(overflow="fold")
    for label, content in rows:
        grid.add_row(label, content)
    return grid


def _verdict(verdict: Verdict) -> Text:
    scheme = f" ({verdict.scheme})" if verdict.scheme else ""
    why = f" {verdict.rationale}" if verdict.rationale else ""
    by = f"{visible(scheme)} by {visible(verdict.author or '')}, {verdict.rated_at[:10]}.{visible(why)}"
    return Text.assemble("verdict ", (visible(verdict.rating), "bold"), by, overflow="fold")


def _relation(view: RelationView) -> Text:
    style = "bold red" if view.relation.kind is RelationKind.CONTRADICTS else "bold"
    return Text.assemble((relation_in_words(view), style), " ", (view.other.id, "cyan"), " ", visible(view.other.text), overflow="fold")


def _side(view: ClaimView, verb: str) -> Text:
    parties = "; ".join(f"{one.party.name} {one.attribution.stance.value}" for one in view.attributions)
    told = f"  ({visible(parties)})" if parties else ""
    return Text.assemble((verb, "bold red"), (view.claim.id, "cyan"), " ", visible(view.claim.text), (told, "dim"), overflow="fold")


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 4))
