"""What a program does with the proof of a draft: against documents, stored sources and attributions, of any registry."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stores import STORES

from claimreg.errors import UsageError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.language import guess_language
from claimreg.ingest.types import Hints, Limits
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.proofing.run import Asked
from claimreg.services.proofing.types import Proof, ProofVerdict
from claimreg.services.surroundings import Surroundings

BOARD = (
    '"The pier is sound, and the ferry will sail in May," chairwoman Mara Vesik said.\n\n'
    '"I counted eleven cracks below the waterline," diver Ilya Dorn told the board.\n\n'
    "He did not say that the money for the dredger was spent before the winter.\n\n"
    '"We paid for it," said Vesik. "Nobody else did."\n'
)
CASES = {
    "“The pier is sound, and the ferry will sail in May,” Vesik said.": ProofVerdict.OK,
    "“I counted seven cracks below the waterline,” Dorn said.": ProofVerdict.ALTERED,
    "“The pier is sound,” said Ilya Dorn.": ProofVerdict.MISATTRIBUTED,
    "“Nobody has ever asked the fishermen of the north shore,” Dorn said.": ProofVerdict.NOT_FOUND,
    "“The money for the dredger was spent before the winter,” Dorn said.": ProofVerdict.PARAPHRASE,
    "“We paid for it. Nobody else did,” Vesik said.": ProofVerdict.OK,
    "“I counted eleven craks below the waterline,” he said.": ProofVerdict.SLIP,
    "“[The pier] is sound … the ferry will sail in May,” the chairwoman said.": ProofVerdict.OK,
    "“I counted eleven [old] cracks … the waterline,” Dorn said.": ProofVerdict.OK,
    "«Мы заплатили за него», — сказала Весик.": ProofVerdict.OTHER_LANGUAGE,
}


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "board.txt").write_text(BOARD, encoding="utf-8")
    store = STORES[request.param](tmp_path)
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    yield Registry(store, around)
    store.close()


def draft_of(text: str) -> Any:  # noqa: ANN401 -- an article
    return parse_article(text.encode(), Hints("draft.md"), Limits())


def proved(registry: Registry, text: str, inside: list[str] | None, **asked: Any) -> Proof:  # noqa: ANN401 -- the fields of what is asked
    (proof,) = registry.proof([draft_of(text)], inside, Asked(guess_language, **asked))
    return proof


def verdicts(proof: Proof) -> list[ProofVerdict]:
    return [one.verdict for one in proof.answered]


@pytest.mark.parametrize("stored", [False, True])
def test_every_quotation_has_its_verdict(registry: Registry, stored: bool) -> None:  # noqa: FBT001 -- both ways
    if stored:
        registry.add_source("board.txt")
    proof = proved(registry, "\n\n".join(CASES), None if stored else ["board.txt", "board.txt"])
    told = {words: one.verdict for words, one in zip(CASES, proof.answered, strict=True)}
    assert told == CASES


def test_a_source_is_named_by_its_id_and_a_missing_file_makes_the_rest_unsure(registry: Registry) -> None:
    registry.add_source("board.txt")
    proof = proved(registry, "“Nobody has ever asked the fishermen of the north shore,” Dorn said.", ["S1", "none.txt"])
    assert verdicts(proof) == [ProofVerdict.UNSURE]
    assert [name for name, _reason in proof.unread] == ["none.txt"]


def test_a_quote_that_was_recorded_stands_without_its_document(registry: Registry) -> None:
    registry.add("The bridge is closed", by="Oskar Hale", quote="nobody crosses that bridge while I am in charge of it")
    words = "“Nobody crosses that bridge while I am in charge of it,” {} said."
    assert verdicts(proved(registry, words.format("Hale"), None)) == [ProofVerdict.OK]
    assert verdicts(proved(registry, words.format("Nadia Quist"), None)) == [ProofVerdict.MISATTRIBUTED]
    # One who is asked for, and one more name of a party, are the same person.
    assert verdicts(proved(registry, words.format("Nadia Quist"), None, joined=(("Nadia Quist", "Oskar Hale"),))) == [ProofVerdict.OK]


def test_without_anything_to_prove_against_it_is_told(registry: Registry) -> None:
    with pytest.raises(UsageError, match="No source is stored"):
        proved(registry, next(iter(CASES)), None)
    assert not proved(registry, "Nothing is quoted here.", None).answered


def test_of_a_withheld_source_no_words_but_the_quotations_own_are_told(registry: Registry) -> None:
    registry.add_source("board.txt", withheld="the speakers are in danger")
    proof = proved(registry, "“I counted seven cracks below the waterline,” Dorn said.", None)
    (one,) = proof.answered
    assert one.verdict is ProofVerdict.ALTERED
    assert all("board" not in place.match.suffix and place.speaker is None for place in one.places)
