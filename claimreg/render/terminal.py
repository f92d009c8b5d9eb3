"""Reports and listings for people at a terminal; with `cli.context` the only place that knows Rich.

Text of others goes in as `rich.text.Text`, never as markup, after acting characters were made visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from claimreg.model import Link, LinkKind, LinkState, Place, RelationKind, Stance, Verdict, WordChange
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.page_links import PageLinks
from claimreg.render.safe import one_line, visible
from claimreg.render.sentences import (
    alteration_in_words,
    counts,
    dates_in_words,
    judged_in_words,
    label_in_words,
    lost,
    lost_in_words,
    named_author,
    offsets_in_words,
    period_in_words,
    unverified,
    where_in_words,
)
from claimreg.services.recording.media import medium_of
from claimreg.services.reporting.report import ALL_SECTIONS, Happening, Report, Section, shown_links
from claimreg.services.reporting.side_by_side import Piece, alterations, asides, compare, context

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from claimreg.model import Draft
    from claimreg.render.lines import Marked
    from claimreg.services.linking.links import DocumentsCheck, FoundIn
    from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView, SourceView, Where

NARROW = 36
"""Columns below which labels stand above what they name."""

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
    WordChange.DROPPED: "bold underline2 red",
    WordChange.ASIDE: "dim",
}
_KIND_STYLES = {
    LinkKind.EXACT: "green",
    LinkKind.TYPOGRAPHIC: "green",
    LinkKind.NEAR: "cyan",
    LinkKind.ALTERED: "bold yellow",
    LinkKind.STITCHED: "magenta",
}
_LINKED_STYLES: dict[str, str] = {LinkState.CONFIRMED: "bold underline green", LinkState.SUGGESTED: "bold underline yellow"}
_STATE_STYLES = {LinkState.CONFIRMED: "green", LinkState.REJECTED: "red", LinkState.SUGGESTED: "yellow"}


def evidence(text: str, style: str = "") -> Text:
    """Text of others, to be shown as it is."""
    return Text(visible(text), style=style, overflow="fold")


def claim_renderable(view: ClaimView, words: Words = ENGLISH, pages: PageLinks | None = None, *, of_desk: bool = False) -> RenderableType:
    """A claim with who says what, each quote beside its passage, verdict and contradictions.

    ``of_desk`` asks for the desk's own note and who is to see to it, too, which no report shows.
    """
    claim = view.claim
    heading = Text.assemble((claim.id, "bold cyan"), "  ", (visible(claim.text), "bold"), overflow="fold")
    facts = [f"{words.say('case')} {claim.case}"] if claim.case else []
    facts += [f"#{tag}" for tag in claim.tags]
    if claim.removed_at:
        facts.append(f"{words.say('removed')} {words.date(claim.removed_at[:10])}")
    if claim.merged_into:
        facts.append(f"{words.say('merged into')} {claim.merged_into}")
    if of_desk and claim.assignee:
        facts.append(f"{words.say('assigned to')} {claim.assignee}")
    blocks: list[RenderableType] = [heading]
    if facts:
        blocks.append(_indented(evidence(" · ".join(facts), "dim")))
    if of_desk and claim.note:
        blocks.append(_indented(evidence(f"{words.say('Note:')} {claim.note}", "italic")))
    if view.verdicts:
        blocks.append(_indented(_verdict(view.verdicts[-1], words)))
    blocks.extend(_indented(_relation(relation, words)) for relation in view.relations if relation.other.removed_at is None)
    blocks.extend(_indented(_attribution(one, words, pages)) for one in view.attributions)
    return Group(*blocks)


def report_renderable(report: Report, words: Words = ENGLISH, sections: Container[Section] = ALL_SECTIONS) -> RenderableType:
    """The report, or some sections of it."""
    # A rule would cut a long title off.
    blocks: list[RenderableType] = [Text(one_line(report.title), style="bold", overflow="fold"), Rule()]
    for section in Section:
        if section in sections:
            blocks += _section(section, report, words)
    return Group(*blocks)


def _section(section: Section, report: Report, words: Words) -> Iterator[RenderableType]:
    """Return what a section of a report shows; nothing where it would be empty."""
    match section:
        case Section.SUMMARY:
            yield from _summary(report, words)
        case Section.CLAIMS:
            pages = PageLinks(report.sources)
            for view in report.claims:
                yield from (Text(), claim_renderable(view, words, pages))
        case Section.CONTRADICTIONS:
            yield from _contradictions(report, words)
        case Section.TIMELINE:
            if report.timeline:
                yield from (Text(), Rule(Text(words.say("Timeline")), align="left"), _timeline(report.timeline, words))
        case Section.SOURCES:
            yield from _sources(report, words)
        case _:
            assert_never(section)


def _summary(report: Report, words: Words) -> Iterator[RenderableType]:
    yield Text(" · ".join(counts(report, words)), style="dim")
    for period in period_in_words(report.period, words):
        yield Text(period, style="dim")
    if judged := judged_in_words(report, words, "`claimreg link --all`", one_line):
        yield Text(judged, style="dim", overflow="fold")
    for told, attributions in lost(report, words):
        names = ", ".join(f"{one.attribution.id} {one.party.name}" for one in attributions)
        yield Text.assemble((f"{told} ", "bold red"), visible(names))
    for told, _where in unverified(report, words):
        yield Text(told, style="yellow")


def _contradictions(report: Report, words: Words) -> Iterator[RenderableType]:
    for number, pair in enumerate(report.contradictions):
        yield from (Text(),) if number else (Text(), Rule(Text(words.say("Contradictions")), align="left"))
        yield from _side(pair.left, "", words)
        yield from _side(pair.right, f"{words.say('contradicts')} ", words)


def _sources(report: Report, words: Words) -> Iterator[RenderableType]:
    if report.sources:
        yield from (Text(), Rule(Text(words.say("Sources")), align="left"))
    yield from (source_renderable(view, words) for view in report.sources)


def _timeline(entries: Iterable[Happening], words: Words) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="cyan")
    grid.add_column(overflow="fold")
    last: str | None = ""
    for entry in entries:
        day = "" if entry.date == last else words.date(entry.date) if entry.date else words.say("no date")
        last = entry.date
        grid.add_row(day, _happening(entry, words))
    return grid


def _happening(entry: Happening, words: Words) -> Text:
    claim = Text.assemble((entry.claim.id, "cyan"), " ", visible(entry.claim.text), overflow="fold")
    if entry.statement is not None:
        stance = entry.statement.attribution.stance
        who = (visible(entry.statement.party.name), "bold")
        return Text.assemble(who, " ", (words.stance(stance), f"bold {STANCE_STYLES.get(stance, 'white')}"), "  ", claim, overflow="fold")
    rating = (visible(entry.verdict.rating), "bold") if entry.verdict is not None else ""
    return Text.assemble(f"{words.say('verdict')} ", rating, "  ", claim, overflow="fold")


def source_renderable(view: SourceView, words: Words = ENGLISH) -> RenderableType:
    """A source with its latest capture, where it has one."""
    source, capture = view.source, view.capture
    published = f"{words.say('published')} {words.date(source.published_at)}" if source.published_at else None
    details = [source.author, source.publisher, published, source.lang, source.url or source.canonical_url, source.archive_url]
    lines = Text.assemble((source.id, "bold cyan"), "  ", visible(source.title), overflow="fold")
    rows = [evidence(" · ".join(one for one in details if one), "dim")] if any(details) else []
    rows += [evidence(source.caption)] if source.caption else []
    if source.withheld is None and capture is None:
        rows.append(evidence(" · ".join(dates_in_words(source, None, words)), "dim"))
    elif source.withheld is None and capture is not None:
        place = capture.reached_url or capture.location
        told = [capture.media_type, words.count("{number} byte", "{number} bytes", capture.size)] if medium_of(capture.media_type) else []
        told.append(words.count("{number} character", "{number} characters", capture.length))
        if view.left_out:
            told.append(words.count("{number} character left out of its text", "{number} characters left out of its text", view.left_out))
        told.append(place)
        told += dates_in_words(source, capture, words)
        told += [words.count("{number} capture", "{number} captures", view.captures)] if view.captures > 1 else []
        rows.append(evidence(" · ".join(told), "dim"))
        rows.append(Text(f"SHA-256 {capture.sha256}", style="dim", overflow="fold"))
    return Group(lines, *(_indented(row) for row in rows))


def check_renderable(check: DocumentsCheck) -> RenderableType:
    """Return where a quote stands and what was altered in it."""
    blocks: list[RenderableType] = []
    for place in check.places:
        blocks += [_place_grid(check.quote, place, ENGLISH), Text()]
    if not check.places:
        blocks.append(Text("Not found.", style="bold red"))
        if check.nearest:
            blocks += [
                Text("The nearest place, too far off to be the quote:", style="dim"),
                _place_grid(check.quote, check.nearest, ENGLISH),
            ]
    return Group(*blocks)


def table_renderable(columns: Iterable[str], rows: Iterable[Iterable[str | Marked]]) -> RenderableType:
    """A plain table of others' texts, one line a record."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0, style="cyan" if number == 0 else None)
    for row in rows:
        table.add_row(*(Text(one_line(cell), overflow="fold") if isinstance(cell, str) else marked_text(cell) for cell in row))
    return table


def marked_text(cell: Marked) -> Text:
    """A text with its marked words in bold."""
    text = Text(overflow="fold")
    position = 0
    for start, end in cell.spans:
        text.append(one_line(cell.text[position:start])).append(one_line(cell.text[start:end]), style="bold underline")
        position = end
    return text.append(one_line(cell.text[position:]))


def stated(view: AttributionView, words: Words) -> Text:
    """Return who takes which stance, when, as told by which source."""
    attribution = view.attribution
    head = Text.assemble(
        (attribution.id, "cyan"),
        "  ",
        (visible(view.party.name), "bold"),
        "  ",
        (words.stance(attribution.stance), f"bold {STANCE_STYLES.get(attribution.stance, 'white')}"),
        overflow="fold",
    )
    told = [words.date(attribution.said_at) if attribution.said_at else None]
    told.append(words.say("in {source}").format(source=view.source.id) if view.source else None)
    return head.append("  " + " · ".join(one for one in told if one), style="dim")


def _attribution(view: AttributionView, words: Words, pages: PageLinks | None) -> RenderableType:
    attribution, head = view.attribution, stated(view, words)
    if attribution.quote is None:
        return head
    links = shown_links(view)
    if not links:
        told = Text(lost_in_words(view, words, one_line), style="red", overflow="fold")
        return Group(head, _indented(labelled([(words.say("quote"), evidence(attribution.quote)), (words.say("link"), told)])))
    return Group(head, *(_indented(link_renderable(attribution.quote, link, words, view.where.get(link.id), pages)) for link in links))


def link_renderable(
    quote: str, link: Link, words: Words = ENGLISH, where: Where | None = None, pages: PageLinks | None = None
) -> RenderableType:
    """A quote beside the passage it is tied to; its place leads to the page there, in terminals that follow links."""
    state = (words.state(link.state), _STATE_STYLES.get(link.state, "white"))
    place = (f" · {one_line(where_in_words(where, words))}",) if where is not None else ()
    facts = Text.assemble((link.id, "cyan"), " ", state, " · ", *_facts(link, link.source_id, words), overflow="fold")
    page = pages.address(link, where) if pages is not None else None
    if page:
        facts.stylize(Style(link=page), facts.plain.rindex(" · ") + len(" · "))
    return _comparison_grid(quote, link, facts.append_text(Text.assemble(*place)), words)


def _place_grid(quote: str, place: FoundIn, words: Words) -> RenderableType:
    label = label_in_words(place.place, words, left_out=place.left_out, is_page=place.is_page)
    told = (f" · {one_line(label)}",) if label is not None else ()
    return _comparison_grid(quote, place.match, Text.assemble(*_facts(place.match, place.document, words), *told, overflow="fold"), words)


def _facts(place: Place, document: str, words: Words) -> tuple[str | tuple[str, str], ...]:
    kind = (words.kind(place), _KIND_STYLES.get(place.kind, "white"))
    return kind, f" · {place.score:g} · {one_line(document)}{offsets_in_words(place)}"


def _comparison_grid(quote: str, place: Place, facts: Text, words: Words) -> RenderableType:
    in_quote, in_source = side_by_side(quote, place)
    rows = [(words.say("quote"), in_quote), (words.say("source"), in_source), (words.say("link"), facts)]
    return labelled([*rows, *warnings(quote, place, words)])


def side_by_side(quote: str, place: Place) -> tuple[Text, Text]:
    """A quote, and its passage with the text around it; altered words are marked in both."""
    comparison = compare(quote, place)
    before, after = context(place)
    passage = Text.assemble((visible(before), "dim"), joined(comparison.passage), (visible(after), "dim"), overflow="fold")
    return joined(comparison.quote), passage


def warnings(quote: str, place: Place, words: Words) -> Iterator[tuple[str, Text]]:
    """Rows that say in words what was altered and what a person must see."""
    altered = "; ".join(alteration_in_words(one, words) for one in alterations(quote, place))
    if altered:
        yield words.say("changed"), evidence(altered, "bold")
    if place.flags:
        yield words.say("look at"), Text(words.flags(place.flags), style="bold red")
    if place.not_judged:
        yield words.say("look at"), Text(words.not_judged(place.not_judged), style="bold yellow")
    aside = "; ".join(alteration_in_words(one, words) for one in asides(quote, place))
    if aside:
        yield "", evidence(aside, "dim")


def joined(pieces: Iterable[Piece]) -> Text:
    """A text whose words are marked by what became of them."""
    return Text.assemble(
        *((visible(piece.text), "dim" if piece.gap else _CHANGE_STYLES.get(piece.change, "")) for piece in pieces), overflow="fold"
    )


def labelled(rows: Iterable[tuple[str, RenderableType]]) -> RenderableType:
    """Rows of a label and what it names."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=7)
    grid.add_column(overflow="fold")
    for label, content in rows:
        grid.add_row(label, content)
    return grid


def labelled_within(rows: list[tuple[str, Text]], width: int) -> RenderableType:
    """Rows of a label and what it names; where there is no room beside the labels, below them."""
    if width >= NARROW:
        return labelled(rows)
    return Group(*(one for label, content in rows for one in ((Text(label, style="dim"), content) if label else (content,))))


def _verdict(verdict: Verdict, words: Words) -> Text:
    told = [visible(one) for one in (verdict.scheme, named_author(verdict)) if one] + [words.date(verdict.rated_at[:10])]
    why = f" {visible(verdict.rationale)}" if verdict.rationale else ""
    return Text.assemble(f"{words.say('verdict')} ", (visible(verdict.rating), "bold"), f" ({', '.join(told)}).{why}", overflow="fold")


def _relation(view: RelationView, words: Words) -> Text:
    style = "bold red" if view.relation.kind is RelationKind.CONTRADICTS else "bold"
    return Text.assemble((words.relation(view), style), " ", (view.other.id, "cyan"), " ", visible(view.other.text), overflow="fold")


def _side(view: ClaimView, verb: str, words: Words) -> Iterator[RenderableType]:
    yield Text.assemble((verb, "bold red"), (view.claim.id, "cyan"), " ", (visible(view.claim.text), "bold"), overflow="fold")
    for one in view.attributions:
        stance = one.attribution.stance
        said = f"  “{one.attribution.quote}”" if one.attribution.quote is not None else ""
        who = (visible(one.party.name), " ", (words.stance(stance), f"bold {STANCE_STYLES.get(stance, 'white')}"))
        yield _indented(Text.assemble(*who, visible(said), overflow="fold"))


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 4))


def document_renderable(text: str, quoting: Iterable[Link | Draft]) -> Text:
    """The text with each link's or draft's words set off, and its id in brackets after them; words that several share are marked once."""
    shown = Text(overflow="fold")
    position = 0
    for link in sorted(quoting, key=lambda one: (one.start, one.end)):
        if link.start >= position:
            shown.append(visible(text[position : link.start]))
            position = link.start
        shown.append(visible(text[position : max(position, link.end)]), style=_LINKED_STYLES.get(link.state, "bold underline"))
        position = max(position, link.end)
        shown.append(f"[{link.id}]", style="cyan")
    return shown.append(visible(text[position:]))
