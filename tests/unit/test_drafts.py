"""Drafts: kept once, decided on by a person, taken back; the finder of speech is a stand-in, so that its progress changes nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimreg
from claimreg.errors import ChangedMeanwhileError, UsageError
from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.model import (
    Alias,
    Attribution,
    Claim,
    Draft,
    DraftState,
    Link,
    LinkKind,
    LinkState,
    Mention,
    Party,
    Record,
    Source,
    Span,
    Stance,
)
from claimreg.services.evidence.verify import verify
from claimreg.services.extraction.decisions import As, bare_parts, claim_text, words_of
from claimreg.services.extraction.statements import stance_of
from claimreg.services.recording.parties import create_party
from claimreg.services.reviewing.queue import (
    DraftItem,
    DraftQuestion,
    accept_draft,
    edit_draft,
    question,
    reject_draft,
    waiting_drafts,
)
from claimreg.services.reviewing.undo import ACCEPTED, DECIDED, UNDONE, last_decision, undo
from claimreg.speech.types import Proposal
from claimreg.vocabulary import Act, Mode, NoSpeaker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimreg.registry import Registry
    from claimreg.services.extraction.drafts import Extracted

TEXT = """The keeper of the lighthouse, Marta Oyelaran, said: "The lamp was never lit." The harbour court ruled that the lamp was lit.
"We were at sea," Captain Brandt told us. "No light came."

The council was accused of hiding the log. "Yes," the clerk said.
Brandt denied that he slept. The paper repeated that "The lamp was never lit."
"""
LAMP = '"The lamp was never lit."'
LINKER = LayeredLinker()
Wanted = list[tuple[tuple[str, ...], dict[str, object]]]

WANTED: Wanted = [
    ((LAMP,), {"speaker": "Marta Oyelaran", "cue": "said"}),
    (("that the lamp was lit",), {"speaker": "The harbour court", "cue": "ruled", "act": Act.RULING}),
    (('"We were at sea,"', '"No light came."'), {"speaker": "Captain Brandt", "cue": "told"}),
    (("of hiding the log",), {"no_speaker": NoSpeaker.PASSIVE, "cue": "accused", "act": Act.ACCUSATION}),
    (('"Yes,"',), {"speaker": "the clerk", "cue": "said"}),
    (("that he slept",), {"speaker": "Brandt", "cue": "denied"}),
]


def span(text: str, words: str, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(start, start + len(words))


class Finder:
    """Finds what it was told to, where it stands in a text."""

    def __init__(self) -> None:
        self.wanted: Wanted = WANTED
        self.last = False

    def __call__(self, text: str, lang: str | None = None, *, everything: bool = False) -> tuple[Proposal, ...]:
        del everything
        return tuple(self._proposal(text, parts, lang or "en", **fields) for parts, fields in self.wanted if parts[0] in text)

    def _proposal(self, text: str, parts: tuple[str, ...], lang: str, **fields: object) -> Proposal:
        mentions = {name: span(text, str(fields.pop(name))) for name in ("speaker", "cue") if name in fields}
        after = text.rindex(parts[0]) if self.last else 0
        told = {"mode": Mode.DIRECT, "confidence": 0.75, "rule": "stand-in", "lang": lang, **mentions, **fields}
        return Proposal(parts=tuple(span(text, part, after) for part in parts), **told)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Finder:
    stand_in = Finder()
    monkeypatch.setattr("claimreg.speech.propose.propose", stand_in)
    return stand_in


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def registry() -> Iterator[Registry]:
    with claimreg.open_registry("memory:", user="ann") as opened:
        yield opened


@pytest.fixture
def kept(registry: Registry, finder: Finder, article: Path) -> Extracted:
    assert finder.wanted
    return registry.extract(str(article), lang="en", add=True)


def draft(registry: Registry, number: int) -> Draft:
    found = registry.reader.get(Draft, f"D{number}")
    assert found is not None
    return found


def asked(registry: Registry, number: int) -> DraftQuestion:
    shown = question(registry.reader, DraftItem(f"D{number}"))
    assert isinstance(shown, DraftQuestion)
    return shown


def accept(registry: Registry, number: int, speaker: As = As.NEW) -> None:
    shown = asked(registry, number)
    with registry.write(ACCEPTED) as writer:
        accept_draft(writer, shown, speaker, LINKER)


def edit(registry: Registry, number: int, **changes: str) -> None:
    shown = asked(registry, number)
    with registry.write(DECIDED) as writer:
        edit_draft(writer, shown, changes)


def reject(registry: Registry, number: int) -> None:
    shown = asked(registry, number)
    with registry.write(DECIDED) as writer:
        reject_draft(writer, shown)


def undone(registry: Registry) -> list[str]:
    with registry.write(UNDONE) as writer:
        return [one.id for one in undo(writer, last_decision(writer, "ann"))]


def count(registry: Registry, *types: type[Record]) -> list[int]:
    return [sum(1 for _ in registry.reader.find(one)) for one in types]


def waiting(registry: Registry) -> list[str]:
    return [one.draft_id for one in waiting_drafts(registry.reader)]


def test_what_a_document_says_is_proposed_and_nothing_is_stored(registry: Registry, finder: Finder, article: Path) -> None:
    found = registry.extract(str(article))
    assert finder.wanted
    assert (found.source, registry.reader.head()) == (None, (0, ""))
    assert [one.id for one in found.numbered] == [f"D{number}" for number in range(1, 7)]
    lamp, ruling, sea, accused, _yes, denial = (one.statement for one in found.numbered)
    assert (lamp.exact, lamp.speaker) == (LAMP, Mention("Marta Oyelaran", 30, 44))
    assert (ruling.stance, denial.stance, lamp.stance) == (Stance.RULES, Stance.DENIES, Stance.ASSERTS)
    assert (accused.speaker, accused.no_speaker) == (None, NoSpeaker.PASSIVE)
    assert sea.exact.startswith('"We were at sea," Captain')
    assert len(sea.parts) == 2
    for one in found.numbered:
        assert one.statement.exact == TEXT[one.statement.start : one.statement.end]


def test_drafts_are_kept_once_however_often_it_is_asked(registry: Registry, kept: Extracted, article: Path) -> None:
    assert (kept.added, [one.id for one in kept.numbered]) == (6, waiting(registry))
    head = registry.reader.head()
    for reference in (str(article), "S1"):
        again = registry.extract(reference, add=True)
        assert (again.added, again.numbered) == (0, kept.numbered)
        assert registry.extract(reference).numbered == kept.numbered
    assert registry.reader.head() == head


def test_a_finder_that_begins_a_word_later_proposes_the_same_draft(registry: Registry, kept: Extracted, finder: Finder) -> None:
    finder.wanted = [(("the lamp was lit",), {"speaker": "The harbour court"}), (("he",), {}), (("hiding the log",), {})]
    again = registry.extract("S1", add=True)
    assert ([one.id for one in again.numbered], again.added) == (["D2", "D7", "D4"], 1)
    assert kept.numbered[1].statement == again.numbered[0].statement


def test_an_id_is_told_before_it_is_given(registry: Registry, kept: Extracted, finder: Finder) -> None:
    finder.wanted = [*finder.wanted, (("No light",), {"nested_in": 2})]
    shown = registry.extract("S1")
    assert (shown.numbered[-1].id, shown.numbered[-1].statement.nested_in) == ("D7", "D3")
    added = registry.extract("S1", add=True)
    assert (added.numbered[-1].id, draft(registry, 7).nested_in, kept.added) == ("D7", "D3", 6)


def test_what_was_rejected_is_not_proposed_again_in_a_later_capture_either(registry: Registry, kept: Extracted, tmp_path: Path) -> None:
    reject(registry, 1)
    assert kept.added == 6
    for reference in ("S1", str(tmp_path / "article.txt")):
        again = registry.extract(reference, add=True)
        assert (again.added, again.rejected, len(again.numbered)) == (0, 1, 5)
    later = tmp_path / "later.txt"
    later.write_text("Corrected at noon.\n" + TEXT, encoding="utf-8")
    list(registry.recapture(["S1"], file=str(later)))
    again = registry.extract("S1", add=True)
    assert (again.added, again.rejected) == (0, 1)


def test_an_accepted_draft_is_a_claim_an_attribution_and_a_confirmed_link(registry: Registry, kept: Extracted) -> None:
    accept(registry, 1)
    assert kept.source is not None
    done = draft(registry, 1)
    assert (done.state, done.attribution_id, waiting(registry)) == (DraftState.ACCEPTED, "A1", ["D2", "D3", "D4", "D5", "D6"])
    claim, attribution, link = next(registry.reader.find(Claim)), next(registry.reader.find(Attribution)), next(registry.reader.find(Link))
    assert (claim.text, claim.lang) == ("The lamp was never lit.", "en")
    assert (attribution.quote, attribution.stance, attribution.source_id) == ("The lamp was never lit.", Stance.ASSERTS, "S1")
    assert (link.exact, link.kind, link.score, link.state) == ("The lamp was never lit.", LinkKind.EXACT, 100.0, LinkState.CONFIRMED)
    assert link.start == TEXT.index("The lamp was never lit.")
    assert link.prefix.endswith('said: "')
    assert link.words
    with pytest.raises(ChangedMeanwhileError, match="D1 is accepted already by ann"):
        accept(registry, 1)
    assert verify(registry.store).damage == []


def test_words_that_stand_twice_are_linked_where_they_were_found(registry: Registry, finder: Finder, article: Path) -> None:
    finder.last = True
    finder.wanted = [((LAMP,), {"speaker": "The paper"})]
    registry.extract(str(article), add=True)
    accept(registry, 1)
    assert [link.start for link in registry.reader.find(Link)] == [TEXT.rindex("The lamp was never lit.")]


def test_parts_make_one_stitched_quote(registry: Registry, kept: Extracted) -> None:
    accept(registry, 3)
    attribution, link = next(registry.reader.find(Attribution)), next(registry.reader.find(Link))
    assert (kept.added, attribution.quote) == (6, "We were at sea, … No light came.")
    assert (link.kind, [TEXT[part.start : part.end] for part in link.parts]) == (LinkKind.STITCHED, ["We were at sea", "No light came"])
    assert link.exact == TEXT[link.start : link.end]
    assert verify(registry.store).damage == []


def test_a_word_that_is_too_short_to_look_for_is_linked_all_the_same(registry: Registry, kept: Extracted) -> None:
    accept(registry, 5)
    link = next(registry.reader.find(Link))
    assert (kept.added, link.exact, link.kind, link.state) == (6, "Yes,", LinkKind.EXACT, LinkState.CONFIRMED)
    assert verify(registry.store).damage == []


def test_the_same_words_of_two_people_are_one_claim(registry: Registry, finder: Finder, article: Path) -> None:
    registry.extract(str(article), add=True)
    finder.last = True
    finder.wanted = [((LAMP,), {"speaker": "The paper"})]
    registry.extract("S1", add=True)
    accept(registry, 1)
    accept(registry, 7)
    assert count(registry, Claim, Attribution, Party, Link) == [1, 2, 2, 2]
    assert undone(registry)[0] == "D7"
    assert count(registry, Claim, Attribution, Party, Link) == [1, 1, 1, 1]


def test_parties_are_suggested_and_made_only_when_a_person_says_so(registry: Registry, finder: Finder, article: Path) -> None:
    registry.add("The sea was calm", by="Captain Brandt")
    registry.add("The log is lost", by="Harbour Court")
    registry.extract(str(article), add=True)
    assert finder.wanted
    assert count(registry, Party, Alias) == [2, 2]
    assert [draft(registry, number).party_id for number in range(1, 7)] == [None, "P2", "P1", None, None, "P1"]
    assert draft(registry, 3).party_score == 100
    assert 80 <= (draft(registry, 6).party_score or 0) <= 100
    with pytest.raises(UsageError, match="No party is suggested for D1"):
        accept(registry, 1, As.SUGGESTED)
    with pytest.raises(UsageError, match="names no speaker of D4"):
        accept(registry, 4, As.NEW)
    accept(registry, 6, As.ALIAS)
    assert count(registry, Party, Alias) == [2, 3]
    accept(registry, 3, As.SUGGESTED)
    accept(registry, 1, As.NEW)
    assert count(registry, Party, Alias) == [3, 4]
    assert asked(registry, 2).party == registry.reader.get(Party, "P2")


def test_a_party_that_came_later_is_suggested_too(registry: Registry, kept: Extracted) -> None:
    assert (asked(registry, 6).party, kept.added) == (None, 6)
    accept(registry, 3, As.NEW)
    suggested = asked(registry, 6)
    assert (suggested.party, suggested.draft.party_id) == (registry.reader.get(Party, "P1"), None)
    accept(registry, 6, As.SUGGESTED)
    assert [one.party_id for one in registry.reader.find(Attribution)] == ["P1", "P1"]


def test_two_parties_that_are_as_like_suggest_none(registry: Registry, finder: Finder, article: Path) -> None:
    for name in ("Otto Brandt", "Anna Brandt"):
        registry.add(f"The sea was calm, says {name}", by=name)
    finder.wanted = [(("that he slept",), {"speaker": "Brandt"})]
    assert registry.extract(str(article)).numbered[0].statement.party_id is None


def test_among_thousands_of_parties_the_one_is_suggested(registry: Registry, finder: Finder, article: Path) -> None:
    with registry.write("add") as writer:
        for number in range(1_500):
            create_party(writer, f"Neighbour {number} of the {number % 7} street")
        create_party(writer, "Оттон Брандт")
    finder.wanted = [(("that he slept",), {"speaker": "Brandt"})]
    likely = registry.extract(str(article)).numbered[0].statement.party_id
    party = registry.reader.get(Party, likely or "P0")
    assert party is not None
    assert party.name == "Оттон Брандт"


def test_a_draft_is_edited_before_it_is_accepted(registry: Registry, kept: Extracted) -> None:
    edit(registry, 4, text="The council hid the log", by="The neighbours", stance="questions", quote="accused of hiding")
    changed = draft(registry, 4)
    assert (claim_text(changed), changed.by, changed.stance) == ("The council hid the log", "The neighbours", Stance.QUESTIONS)
    assert (words_of(changed), TEXT[changed.start : changed.end]) == ("accused of hiding", "accused of hiding")
    assert kept.numbered[3].id in waiting(registry)
    accept(registry, 4)
    attribution = next(registry.reader.find(Attribution))
    assert (attribution.party_as_written, attribution.stance, attribution.quote) == (
        "The neighbours",
        Stance.QUESTIONS,
        "accused of hiding",
    )


def test_a_quote_keeps_to_the_words_of_the_source(registry: Registry, kept: Extracted) -> None:
    before = draft(registry, 1)
    for words in ("The lamp was not lit", "", "…", "The lamp was never lit … The keeper"):
        with pytest.raises(UsageError, match="do not stand in S1"):
            edit(registry, 1, quote=words)
    with pytest.raises(UsageError, match="nothing was changed"):
        edit(registry, 1, text="")
    with pytest.raises(UsageError, match="is no stance"):
        edit(registry, 1, stance="sings")
    assert (draft(registry, 1), kept.numbered[0].statement) == (before, before)
    edit(registry, 1, quote="The lamp … never lit")
    assert [TEXT[one.start : one.end] for one in draft(registry, 1).parts] == ["The lamp", "never lit"]


def test_a_speaker_is_named_by_an_id_or_a_name(registry: Registry, kept: Extracted) -> None:
    registry.add("The sea was calm", by="Marta Oyelaran")
    edit(registry, 4, by="P1")
    assert (draft(registry, 4).by, draft(registry, 4).party_id, kept.added) == ("Marta Oyelaran", "P1", 6)
    edit(registry, 4, by="Nobody we know")
    assert (draft(registry, 4).by, draft(registry, 4).party_id) == ("Nobody we know", None)
    assert registry.edit("D4", by="Oyelaran, Marta").record.id == "D4"
    assert draft(registry, 4).party_id == "P1"


def test_decisions_are_taken_back_one_by_one(registry: Registry, kept: Extracted) -> None:
    before = registry.reader.get(Draft, "D1")
    accept(registry, 1)
    reject(registry, 2)
    edit(registry, 3, text="They were at sea")
    assert undone(registry) == ["D3"]
    assert undone(registry) == ["D2"]
    assert undone(registry) == ["D1", "L1", "A1", "C1", "N1", "P1"]
    assert undone(registry) == []
    assert registry.reader.get(Draft, "D1") == before
    assert count(registry, Claim, Attribution, Link, Party, Alias) == [0] * 5
    assert waiting(registry) == [one.id for one in kept.numbered]
    accept(registry, 1)
    assert count(registry, Claim, Attribution, Link, Party, Alias) == [1] * 5
    assert verify(registry.store).damage == []


def test_what_others_speak_of_by_now_stays_when_a_decision_is_taken_back(registry: Registry, kept: Extracted) -> None:
    accept(registry, 1)
    registry.attribute("C1", by="Somebody else", stance="denies")
    registry.add("The lamp is new", by="Marta Oyelaran")
    assert undone(registry) == ["D1", "L1", "A1"]
    assert [one.text for one in registry.reader.find(Claim)] == ["The lamp was never lit.", "The lamp is new"]
    assert {one.name for one in registry.reader.find(Party)} == {"Marta Oyelaran", "Somebody else"}
    assert count(registry, Alias) == [2]
    assert kept.added == 6


def test_what_changed_since_it_was_shown_is_not_decided(registry: Registry, kept: Extracted) -> None:
    shown = asked(registry, 1)
    edit(registry, 1, by="Somebody")
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile"), registry.write(ACCEPTED) as writer:
        accept_draft(writer, shown, As.NEW, LINKER)
    registry.remove("D2")
    with pytest.raises(ChangedMeanwhileError, match="D2 was removed"):
        asked(registry, 2)
    assert registry.extract("S1", add=True).added == 0
    assert count(registry, Claim, Draft) == [0, len(kept.numbered) - 1]


def test_a_removed_source_takes_its_drafts_along_and_brings_them_back(registry: Registry, kept: Extracted) -> None:
    registry.remove("S1")
    assert waiting(registry) == []
    registry.restore("S1")
    assert waiting(registry) == [one.id for one in kept.numbered]


def test_drafts_of_withheld_sources_wait_unseen(registry: Registry, kept: Extracted) -> None:
    registry.edit("S1", withhold="the keeper is in danger")
    assert waiting(registry) == []
    with pytest.raises(ChangedMeanwhileError, match="withheld"):
        asked(registry, 1)
    assert len(waiting_drafts(registry.reader, revealed=True)) == kept.added
    assert question(registry.reader, DraftItem("D1"), revealed=True)


def test_a_dry_run_keeps_nothing(registry: Registry, finder: Finder, article: Path) -> None:
    assert finder.wanted
    with claimreg.open_registry("memory:", user="ann", dry_run=True) as dry:
        assert dry.extract(str(article), add=True).added == 6
        assert (dry.reader.head(), registry.reader.head()) == ((0, ""), (0, ""))


def test_the_language_is_the_sources_unless_a_person_says_another(registry: Registry, finder: Finder, article: Path) -> None:
    assert finder.wanted
    assert registry.extract(str(article), lang="en-GB").lang == "en-GB"
    registry.extract(str(article), lang="en", add=True)
    source = registry.reader.get(Source, "S1")
    assert source is not None
    assert source.lang == "en"
    with pytest.raises(UsageError, match=r"“xx-nothing” is no language tag; there is data on speech for: .*en"):
        registry.extract(str(article), lang="xx-nothing")


def test_without_data_on_a_language_what_stands_between_marks_is_found(registry: Registry, article: Path) -> None:
    found = registry.extract(str(article), lang="de")
    assert not found.has_data
    assert found.numbered
    assert {(one.statement.speaker, one.statement.cue, one.statement.mode) for one in found.numbered} == {(None, None, Mode.DIRECT)}


@pytest.mark.parametrize(
    ("cue", "lang", "stance"),
    [
        ("denied", "en", Stance.DENIES), ("has denied", "en-GB", Stance.DENIES), ("reported", "en", Stance.REPORTS),
        ("said", "en", Stance.ASSERTS), ("жоққа шығарды", "kk", Stance.DENIES), ("айтты", "kk", Stance.ASSERTS),
        ("Отрицала", "ru", Stance.DENIES), ("передаёт", "ru", Stance.REPORTS), ("заперечив", "uk", Stance.DENIES),
        ("yalanladı", "tr", Stance.DENIES), ("төгүндөдү", "ky", Stance.DENIES), ("denied", "de", Stance.ASSERTS),
        ("denied", None, Stance.ASSERTS), ("", "en", Stance.ASSERTS),
    ],
)  # fmt: skip
def test_the_cue_suggests_a_stance(cue: str, lang: str | None, stance: Stance) -> None:
    assert stance_of(Act.ASSERTION, cue, lang) is stance
    assert stance_of(Act.RULING, cue, lang) is Stance.RULES


@pytest.mark.parametrize(
    ("words", "lang", "text"),
    [
        ("that the lamp\n was lit", "en", "The lamp was lit"), ("that", "en", "That"), ("that is no lamp", None, "That is no lamp"),
        ('"we left,"', "en-GB", "We left"), ("шам жанған жоқ", "kk", "Шам жанған жоқ"), ("ßa", "de", "SSa"),
    ],
)  # fmt: skip
def test_a_claim_is_a_sentence_of_the_words(words: str, lang: str | None, text: str) -> None:
    assert claim_text(replace(SAMPLE, end=len(words), exact=words, parts=(Span(0, len(words)),), lang=lang)) == text


@given(words=st.text(alphabet='ab ",“”’\n«»', min_size=1), start=st.integers(0, 9))
def test_bare_words_are_a_stretch_of_the_words(words: str, start: int) -> None:
    place = Span(start, start + len(words))
    one = replace(SAMPLE, start=place.start, end=place.end, exact=words, parts=(place,))
    (bare,) = bare_parts(one)
    assert place.start <= bare.start < bare.end <= place.end


SAMPLE = Draft(
    id="D1", recorded_at="2026-01-01T00:00:00Z", recorded_by="ann", source_id="S1", capture_id="K1", start=0, end=1, exact="a",
    parts=(Span(0, 1),), mode=Mode.DIRECT, act=Act.ASSERTION, stance=Stance.ASSERTS, confidence=0.5, rule="r", proposed_by="rules/1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ('"We left."', "We left."), ("“We left.", "We left."), ("We left.”", "We left."), (" «We» and «they» ", "«We» and «they»"),
        ("the workers’", "the workers’"), ('called it "a farce"', 'called it "a farce"'), ('"', '"'), ("  \n", " "),
    ],
)  # fmt: skip
def test_marks_around_words_are_left_out(words: str, bare: str) -> None:
    assert words_of(replace(SAMPLE, end=len(words), exact=words, parts=(Span(0, len(words)),))) == bare
