"""Screens of a review: one question after the other, as wide as the terminal is.

Labels are those of the reports; what is said of keys is in `claimreg.cli.review_session`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from claimreg.linker.version import METHOD
from claimreg.render.drafts import draft_renderable
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.safe import one_line, visible
from claimreg.render.sentences import judged_otherwise, named_method, where_in_words
from claimreg.render.terminal import evidence, labelled_within, side_by_side, stated, warnings
from claimreg.services.reviewing.queue import DraftQuestion, LinkQuestion, PairQuestion, Question
from claimreg.text.fold import fold_key
from claimreg.text.words import words as words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.model import Claim, Link
    from claimreg.services.reporting.views import ClaimView

WIDE = 100
"""Columns from which on two texts stand side by side."""

_SURE = 0.995  # the probability from which on it would be told as 1.00
_UNLIKE = "bold underline yellow"


def question_renderable(question: Question, width: int, words: Words = ENGLISH) -> RenderableType:
    """Return the question, for a terminal of this width in columns."""
    if isinstance(question, LinkQuestion):
        return _link(question, width, words)
    if isinstance(question, DraftQuestion):
        return draft_renderable(question, width, words)
    return _pair(question, width, words)


def kind_of_question(question: Question, words: Words = ENGLISH) -> str:
    """Name the subject of the question, in a word or two."""
    if isinstance(question, DraftQuestion):
        return words.say("draft")
    return words.say("link") if isinstance(question, LinkQuestion) else words.say("two claims")


def _link(asked: LinkQuestion, width: int, words: Words) -> RenderableType:
    quote = asked.stated.attribution.quote or ""
    in_quote, in_source = side_by_side(quote, asked.link)
    facts = [(words.say("link"), _link_facts(asked.link, words)), *_judged(asked, words), *warnings(quote, asked.link, words)]
    facts.append((words.say("in"), _source(asked, words)))
    if asked.others:
        facts.append((words.say("also"), _others(asked.others, words)))
    head = Group(_claim(asked.claim), stated(asked.stated, words), Text())
    texts = ((words.say("quote"), in_quote), (words.say("source"), in_source))
    if width < WIDE:
        return Group(head, labelled_within([*texts, ("", Text()), *facts], width))
    return Group(head, _columns(*texts), Text(), labelled_within(facts, width))


def _link_facts(link: Link, words: Words) -> Text:
    unsure = f" · {words.say('probability')} {link.probability:.2f}" if link.probability < _SURE else ""
    sure = f" · {words.say('score')} {link.score:g}{unsure}"
    return Text.assemble((link.id, "cyan"), "  ", (words.kind(link), "bold"), (sure, "dim"), overflow="fold")


def _judged(asked: LinkQuestion, words: Words) -> Iterator[tuple[str, Text]]:
    """Tell what an earlier method said of the link, or that none but an earlier one has judged it."""
    label, method = words.say("judged"), named_method(asked.link.method, words)
    if asked.before is not None:
        methods = words.say("{before}, then {now}").format(before=named_method(asked.before.method, words), now=method)
        yield label, Text(f"{judged_otherwise(asked.before, asked.link, words)} ({methods})", style="bold yellow", overflow="fold")
    if asked.link.method != METHOD:
        sentence = words.say("by {method}, an earlier method; {command} judges it again where it still finds it")
        yield label, Text(sentence.format(method=method, command="`claimreg link --all`"), style="yellow", overflow="fold")


def _source(asked: LinkQuestion, words: Words) -> Text:
    source = asked.source
    published = f"{words.say('published')} {words.date(source.published_at)}" if source.published_at else None
    where = where_in_words(asked.where, words) if asked.where is not None else None
    told = " · ".join(one_line(one) for one in (source.publisher, published, where) if one)
    return Text.assemble((source.id, "cyan"), "  ", one_line(source.title), (f"  {told}" if told else "", "dim"), overflow="fold")


def _others(links: tuple[Link, ...], words: Words) -> Text:
    within = words.say("in {source}")
    places = ", ".join(f"{link.id} {words.state(link.state)} {within.format(source=link.source_id)}" for link in links)
    return Text(f"{words.say('other places of this quote:')} {places}", style="dim", overflow="fold")


def _pair(asked: PairQuestion, width: int, words: Words) -> RenderableType:
    first, second = asked.claim.claim.text, asked.other.claim.text
    left, right = _stated_claim(asked.claim, second, words), _stated_claim(asked.other, first, words)
    question = Text(words.say("Do these two claims say the same?"), style="bold")
    told = [(words.say("look at"), Text(words.flags(asked.flags), style="bold red"))] if asked.flags else []
    texts = (left, Text(), right) if width < WIDE else (_columns(("", left), ("", right)),)
    return Group(question, Text(), *texts, Text(), labelled_within(told, width))


def _stated_claim(view: ClaimView, other: str, words: Words) -> RenderableType:
    about = " · ".join([f"{words.say('case')} {view.claim.case}"] if view.claim.case else []) + "".join(
        f" #{tag}" for tag in view.claim.tags
    )
    told = [evidence(about.strip(), "dim")] if about else []
    return Group(_claim(view.claim, other), *told, *(stated(one, words) for one in view.attributions))


def _claim(claim: Claim, other: str | None = None) -> Text:
    """A claim's text; beside another one, with the words marked that the other one lacks."""
    heading = Text.assemble((claim.id, "bold cyan"), "  ", overflow="fold")
    if other is None:
        return heading.append(visible(claim.text), style="bold")
    known = {fold_key(other[start:end]) for start, end in words_of(other)}
    position = 0
    for start, end in words_of(claim.text):
        heading.append(visible(claim.text[position:start]))
        heading.append(visible(claim.text[start:end]), style="" if fold_key(claim.text[start:end]) in known else _UNLIKE)
        position = end
    return heading.append(visible(claim.text[position:]))


def _columns(left: tuple[str, RenderableType], right: tuple[str, RenderableType]) -> RenderableType:
    grid = Table.grid(padding=(0, 3, 0, 0), expand=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    if left[0]:
        grid.add_row(Text(left[0], style="dim"), Text(right[0], style="dim"))
    grid.add_row(left[1], right[1])
    return grid
