"""Overview of a long report at a terminal: its counts, what is left to do, and one line for each claim."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from claimreg.model import Stance
from claimreg.render.fitted import cut
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.safe import one_line
from claimreg.render.sentences import period_in_words
from claimreg.render.terminal import evidence, labelled
from claimreg.services.reporting.states import QuoteState, quote_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderableType

    from claimreg.services.reporting.report import Report
    from claimreg.services.reporting.views import ClaimView

LONG = 8
"""Claims from which on a report at a terminal is an overview."""

NONE = "–"
SIGNS: Mapping[QuoteState, str] = {
    QuoteState.CONFIRMED: "✓",
    QuoteState.SUGGESTED: "?",
    QuoteState.ALTERED: "≠",
    QuoteState.NOT_FOUND: "✗",
    QuoteState.REJECTED: "✗",
    QuoteState.NOT_LOOKED: "○",
}
"""Sign of each state of a quote, in the order in which they are told; places that were all rejected are none."""

_DENYING = frozenset((Stance.DENIES, Stance.QUESTIONS))
_GAP = "  "
_USUAL = 80
"""Columns of a terminal that the least widths of the columns are made for."""

_LEAST = (4, 12, 3, 7, 8, 14)
"""Cells that each column has at least: ids, claims, how many say so, what is against it, quotes, verdicts."""

_USUAL_CLAIM = 34
_MOST_AGAINST = 14


class _Row(NamedTuple):
    """Cells of a claim: its id, its text, how many say so, what stands against it, its quotes and its verdict."""

    name: str
    claim: str
    say: str
    against: tuple[str, ...]
    quotes: str
    verdict: str


def overview_renderable(report: Report, words: Words = ENGLISH) -> RenderableType:
    """The report in short: what a person asks first of many claims, and how to see one in full, or all."""
    heads = [Text(one_line(report.title), style="bold", overflow="fold"), Text(" · ".join(_counts(report, words)), style="dim")]
    heads += [Text(period, style="dim") for period in period_in_words(report.period, words)]
    told = [(words.say("Verdicts"), evidence(" · ".join(_verdicts(report, words)), "bold"))]
    if to_do := " · ".join(_to_do(report, words)):
        told.append((words.say("To do"), Text(to_do, style="yellow", overflow="fold")))
    states = Counter(state for view in report.claims for state in quote_states(view))
    see = words.say("One in full: {one}. All in full: {all}").format(
        one=f"claimreg show {report.claims[0].claim.id}" if report.claims else "claimreg show C1", all="claimreg report --full"
    )
    foot = [Text(line, style="dim", overflow="fold") for line in (*_key(states, words), see)]
    return Group(*heads, labelled(told), Text(), _Claims(report, words), Text(), *foot)


def quotes_in_signs(states: Iterable[QuoteState]) -> str:
    """Count quotes by the signs of their states: ``3✓ 1?``; a dash where there are none."""
    counts = Counter(SIGNS[state] for state in states)
    return " ".join(f"{counts[sign]}{sign}" for sign in dict.fromkeys(SIGNS.values()) if counts[sign]) or NONE


def padded(text: str, width: int) -> str:
    """A text of exactly so many cells: blanks after a short one, and in place of a long one's end an ellipsis."""
    shown = cut(text, width)
    return shown + " " * (width - cell_len(shown))


class _Claims:
    """The claims of a report, one on each line of a terminal."""

    def __init__(self, report: Report, words: Words) -> None:
        heads = (words.say("CLAIM"), words.say("SAY"), words.say("AGAINST"), words.say("QUOTES"), words.say("VERDICT"))
        self._head = _Row("", heads[0], heads[1], heads[2:3], heads[3], heads[4])
        self._rows = [_row(view) for view in report.claims]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the lines, as wide as the terminal."""
        widths = self._widths(options.max_width)
        yield _line(self._head, widths, "dim", "dim")
        yield from (_line(row, widths, "cyan", "bold") for row in self._rows)

    def _widths(self, width: int) -> tuple[int, ...]:
        """The cells of each column; what the others leave is the claim's."""
        cells = [(row.name, row.claim, row.say, " ".join(row.against), row.quotes, row.verdict) for row in (self._head, *self._rows)]
        name, claim, say, against, quotes, verdict = (
            max(least, *map(cell_len, column)) for least, column in zip(_LEAST, zip(*cells, strict=True), strict=True)
        )
        against = max(min(against, _MOST_AGAINST), cell_len(cells[0][3]))
        verdict = max(min(verdict, _LEAST[-1] + max(0, width - _USUAL) // 4), cell_len(cells[0][5]))
        rest = width - sum((name, say, against, quotes, verdict)) - len(_GAP) * (len(_LEAST) - 1)
        return name, max(_LEAST[1], min(rest, max(claim, _USUAL_CLAIM))), say, against, quotes, verdict


def _line(row: _Row, widths: tuple[int, ...], name_style: str, verdict_style: str) -> Text:
    cells = (row.name, row.claim, row.say, _fitting(row.against, widths[3]), row.quotes, row.verdict)
    name, claim, say, against, quotes, verdict = (padded(cell, width) for cell, width in zip(cells, widths, strict=True))
    say = " " * (len(say) - len(say.rstrip())) + say.rstrip()
    middle = _GAP.join(("", claim, say, against, quotes, ""))
    line = Text.assemble((name, name_style), middle, (verdict, verdict_style), no_wrap=True, overflow="ellipsis")
    line.rstrip()
    return line


def _fitting(parts: tuple[str, ...], width: int) -> str:
    """The parts, as many as there is room for, and how many there are more."""
    for number in range(len(parts), 0, -1):
        more = [f"+{len(parts) - number}"] if number < len(parts) else []
        told = " ".join((*parts[:number], *more))
        if cell_len(told) <= width:
            return told
    return parts[0] if len(parts) == 1 else f"+{len(parts)}"


def _row(view: ClaimView) -> _Row:
    stances = [one.attribution.stance for one in view.attributions]
    denied = sum(stance in _DENYING for stance in stances)
    against: tuple[str, ...] = (str(denied),) if denied else ()
    against += tuple(one.other.id for one in view.contradictions if one.other.removed_at is None)
    verdict = one_line(view.verdicts[-1].rating) if view.verdicts else NONE
    say = str(len(stances) - denied) if len(stances) > denied else NONE
    return _Row(view.claim.id, one_line(view.claim.text), say, against or (NONE,), quotes_in_signs(quote_states(view)), verdict)


def _counts(report: Report, words: Words) -> Iterator[str]:
    yield words.count("{number} claim", "{number} claims", len(report.claims))
    yield words.count("{number} statement", "{number} statements", sum(len(view.attributions) for view in report.claims))
    yield words.count("{number} source", "{number} sources", len(report.sources))


def _verdicts(report: Report, words: Words) -> Iterator[str]:
    """Yield how many claims have each rating, the most frequent first, and how many have none."""
    ratings = Counter(view.verdicts[-1].rating for view in report.claims if view.verdicts)
    yield from (f"{words.number(number)} {one_line(rating)}" for rating, number in ratings.most_common())
    if unrated := len(report.unrated):
        yield words.say("{number} none").format(number=words.number(unrated))


def _to_do(report: Report, words: Words) -> Iterator[str]:
    """Yield the work left for a person, with the command for it where there is one."""
    if waiting := len(report.unconfirmed):
        yield f"{words.count('{number} place to confirm', '{number} places to confirm', waiting)} (claimreg review)"
    if unlooked := len(report.unlooked):
        told = words.count("{number} quote to look for", "{number} quotes to look for", unlooked)
        yield f"{told} (claimreg link)" if report.has_sources else told
    if lost := len(report.unlinked) + len(report.rejected):
        yield words.count("{number} quote found nowhere", "{number} quotes found nowhere", lost)


def _key(states: Mapping[QuoteState, int], words: Words) -> Iterator[str]:
    """Tell what the signs mean; that nobody looked yet only where a claim has that sign."""
    known = (
        (QuoteState.CONFIRMED, words.say("checked")),
        (QuoteState.SUGGESTED, words.say("found, to confirm")),
        (QuoteState.ALTERED, words.say("altered, to confirm")),
        (QuoteState.NOT_FOUND, words.say("found nowhere")),
    )
    yield "   ".join(f"{SIGNS[state]} {meaning}" for state, meaning in known)
    if states[QuoteState.NOT_LOOKED]:
        yield f"{SIGNS[QuoteState.NOT_LOOKED]} {words.say('not looked for')}"
