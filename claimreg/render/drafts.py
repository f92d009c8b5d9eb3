"""Statements that were extracted, for people: who says what in which words, and what is told of it beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from claimreg.render.labels import ENGLISH, Words, message
from claimreg.render.lines import line
from claimreg.render.safe import one_line, visible
from claimreg.render.terminal import labelled_within
from claimreg.services.extraction.decisions import GAP, claim_text, speaker_name, words_of
from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.model import Draft, Statement
    from claimreg.services.extraction.drafts import Numbered
    from claimreg.services.reviewing.queue import DraftQuestion

NO_SPEAKER: dict[NoSpeaker, str] = {
    NoSpeaker.PASSIVE: message("no speaker: the verb is passive"),
    NoSpeaker.IMPERSONAL: message("no speaker: the sentence is impersonal"),
    NoSpeaker.ELIDED: message("no speaker: it is left out"),
}
FLAGS: dict[SpeechFlag, str] = {
    SpeechFlag.OPENER_MISSING: message("a quotation mark is missing before the words"),
    SpeechFlag.CLOSER_MISSING: message("a quotation mark is missing after the words"),
    SpeechFlag.ANAPHORIC: message("the sentence behind points back to these words"),
}
MODES: dict[Mode, str] = {
    Mode.DIRECT: message("direct"),
    Mode.INDIRECT: message("indirect"),
    Mode.MIXED: message("mixed"),
}
ACTS: dict[Act, str] = {
    Act.ASSERTION: message("assertion"),
    Act.CALL: message("call"),
    Act.ACCUSATION: message("accusation"),
    Act.RULING: message("ruling"),
    Act.CRITICISM: message("criticism"),
    Act.BELIEF: message("belief"),
}


def statements_renderable(found: Iterable[Numbered]) -> RenderableType:
    """A list of statements for a terminal: a line on who says it and how sure that is, then the words."""
    return Group(*(_listed(one) for one in found))


def statement_line(numbered: Numbered) -> str:
    """One statement in a pipe: id, speaker, cue, mode, confidence, offsets, words, party, flags, and why there is no speaker."""
    one = numbered.statement
    flags = (*one.flags, *((one.no_speaker,) if one.no_speaker is not None else ()))
    speaker, cue = (mention.exact if mention is not None else "" for mention in (one.speaker, one.cue))
    place = f"{one.start}-{one.end}"
    words = _words(one)
    return line(numbered.id, speaker, cue, one.mode.value, f"{one.confidence:.2f}", place, words, one.party_id or "", ",".join(flags))


def draft_renderable(asked: DraftQuestion, width: int, words: Words = ENGLISH) -> RenderableType:
    """All of a draft that waits for a person: its words in their surroundings, and what accepting it would record.

    ``width`` is that of the terminal, in columns.
    """
    draft = asked.draft
    context = Text(overflow="fold")
    context.append(visible(asked.before.lstrip()), style="dim").append(visible(draft.exact), style="bold underline")
    context.append(visible(asked.after.rstrip()), style="dim")
    name = speaker_name(draft)
    rows: list[tuple[str, Text]] = [
        (words.say("claim"), Text(one_line(claim_text(draft)), style="bold", overflow="fold")),
        (words.say("stance"), Text.assemble(words.stance(draft.stance), (_cue(draft), "dim"))),
        (words.say("by"), _speaker(asked, name, words)),
        (words.say("quote"), Text(visible(words_of(draft)), overflow="fold")),
        (words.say("draft"), Text.assemble((draft.id, "cyan"), "  ", (_facts(draft, words), "dim"), overflow="fold")),
        *((words.say("look at"), Text(words.say(FLAGS.get(flag, flag.value)), style="bold red")) for flag in draft.flags),
        *(((words.say("within"), _within(asked.within)),) if asked.within is not None else ()),
        (words.say("in"), Text.assemble((asked.source.id, "cyan"), "  ", one_line(asked.source.title), overflow="fold")),
    ]
    return Group(context, Text(), labelled_within(rows, width))


def _listed(numbered: Numbered) -> RenderableType:
    one = numbered.statement
    head = Text.assemble((numbered.id, "cyan"), "  ", overflow="fold")
    if one.speaker is not None:
        head.append(one_line(one.speaker.exact), style="bold")
    else:
        head.append(_without_speaker(one), style="yellow")
    head.append(_cue(one)).append(f" · {_facts(one)}", style="dim")
    if one.party_id is not None:
        head.append(f" · perhaps {one.party_id} ({one.party_score:g})", style="dim")
    flags = (Text(f"    {FLAGS.get(flag, flag.value)}", style="red") for flag in one.flags)
    words = Text(" ".join(visible(_words(one)).split()), overflow="fold")
    return Group(head, Text("    ").append_text(words), *flags, Text())


def _words(statement: Statement) -> str:
    """The words of a statement without what stands between its parts, such as who says them."""
    return GAP.join(statement.exact[start - statement.start : end - statement.start] for start, end in statement.parts)


def _within(draft: Draft) -> Text:
    return Text(f"{draft.id}: {one_line(draft.exact)}", overflow="fold")


def _facts(statement: Statement, words: Words = ENGLISH) -> str:
    act = f" · {words.say(ACTS[statement.act])}" if statement.act is not Act.ASSERTION else ""
    return f"{words.say(MODES[statement.mode])} · {words.say('confidence')} {statement.confidence:.2f}{act}"


def _cue(statement: Statement) -> str:
    return f" · {one_line(statement.cue.exact)}" if statement.cue is not None else ""


def _without_speaker(statement: Statement, words: Words = ENGLISH) -> str:
    return words.say(NO_SPEAKER[statement.no_speaker]) if statement.no_speaker is not None else words.say("no speaker")


def _speaker(asked: DraftQuestion, name: str | None, words: Words) -> Text:
    if name is None:
        told = words.say("{why}; {key} names one").format(why=_without_speaker(asked.draft, words), key="e")
        return Text(told, style="yellow", overflow="fold")
    shown = Text(one_line(name), style="bold", overflow="fold")
    if asked.party is None:
        return shown.append(f" → {words.say('no party of this name yet')}", style="dim")
    likeness = f", {words.say('likeness')} {asked.likeness:g}" if asked.likeness is not None else ""
    return shown.append(" → ", style="dim").append(asked.party.id, style="cyan").append(f" {one_line(asked.party.name)}{likeness}")
