"""What an attribution tells of the search for its quote, as a document and back; registries of before had no word on where it was."""

import pytest

from claimreg.codec import from_document, to_document
from claimreg.model import Attribution, Looked, Stance
from claimreg.shapes import misfit

AT = "2026-01-01T00:00:00Z"


def said(looked: Looked) -> Attribution:
    return Attribution(
        id="A1", recorded_at=AT, recorded_by="ann", claim_id="C1", party_id="P1", party_as_written="Ann", stance=Stance.ASSERTS,
        quote="Yes", looked=looked,
    )  # fmt: skip


@pytest.mark.parametrize("inside", [(), ("S1",), ("S2", "S1")])
def test_it_comes_back_as_it_was(inside: tuple[str, ...]) -> None:
    one = said(Looked(AT, "0" * 64, "layered/1", inside))
    document = to_document(one)
    assert document["looked"]["inside"] == list(inside)
    assert misfit(Attribution, document) is None
    assert from_document(Attribution, document) == one


def test_without_a_word_on_where_it_was_everywhere() -> None:
    document = to_document(said(Looked(AT, "0" * 64, "layered/1")))
    del document["looked"]["inside"]
    assert misfit(Attribution, document) is None
    assert from_document(Attribution, document).looked == Looked(AT, "0" * 64, "layered/1", ())


@pytest.mark.parametrize("inside", ["S1", ["C1"], [1], None, {"S1": 1}])
def test_what_names_no_sources_is_refused(inside: object) -> None:
    document = to_document(said(Looked(AT, "0" * 64, "layered/1")))
    document["looked"]["inside"] = inside
    assert "its looked is not" in (misfit(Attribution, document) or "")
