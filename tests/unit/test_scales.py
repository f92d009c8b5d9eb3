"""Verdict scales: those that come with claimreg, those that a desk describes, and what is said of a rating that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import UsageError
from claimreg.scales import VerdictScale, in_order, scale_of, shipped_scales

NAMES = sorted(shipped_scales())


@pytest.mark.parametrize("name", NAMES)
def test_each_rating_of_a_scale_is_found_by_its_names_and_said_in_a_sentence(name: str) -> None:
    scale = shipped_scales()[name]
    assert scale.where.startswith("https://")
    for rating in scale.ratings:
        assert rating.meaning.endswith(".")
        for spelt in (rating.name, rating.name.upper(), f" {rating.name.replace(' ', '  ')} ", *rating.also):
            assert scale.checked(spelt) == rating.name


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("politifact", "Flase", "False"), ("politifact", "mosty true", "Mostly True"), ("politifact", "pants on fier", "Pants on Fire"),
        ("correctiv", "Falch", "Falsch"), ("correctiv", "Groestenteils falsch", "Größtenteils falsch"),
        ("factcheck-kz", "манипуляцыя", "Манипуляция"), ("africa-check", "mis-leading", "Misleading"),
    ],
)  # fmt: skip
def test_a_mistyped_rating_is_told_with_the_one_that_was_meant(name: str, typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean {meant}\\?"):
        shipped_scales()[name].checked(typed)


def test_a_rating_unlike_any_is_told_with_all_there_are() -> None:
    with pytest.raises(UsageError) as told:
        shipped_scales()["politifact"].checked("gibberish")
    assert "did you mean" not in str(told.value)
    assert "True, Mostly True, Half True, Mostly False, False, Pants on Fire" in str(told.value)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_rating_or_told_of(text: str) -> None:
    for scale in shipped_scales().values():
        found = scale.rating(text)
        if found is None:
            with pytest.raises(UsageError):
                scale.checked(text)
        else:
            assert scale.checked(text) == found.name


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (["True"], "must be a table"),
        ({"ratings": "True"}, "must be a table"),
        ({"ratings": ["True"], "colour": "red"}, "must be a table"),
        ({"ratings": []}, "has no rating"),
        ({"ratings": ["True", "true"]}, "twice"),
        ({"ratings": ["True", {"name": "False", "also": ["true"]}]}, "twice"),
        ({"ratings": ["True", 5]}, "must be a text"),
        ({"ratings": [{"name": " "}]}, "must be a text"),
        ({"ratings": [{"name": "True", "also": [1]}]}, "list of texts"),
        ({"ratings": ["True"], "title": 5}, "must be texts"),
    ],
)
def test_a_scale_that_cannot_be_used_is_told_with_its_place(content: object, told: str) -> None:
    with pytest.raises(UsageError, match=rf"^claimreg\.toml: .*{told}"):
        scale_of("ours", content, "claimreg.toml")


def test_a_scale_of_names_alone_has_its_name_for_a_title() -> None:
    scale = scale_of("ours", {"ratings": ["So", "Not so"]}, "claimreg.toml")
    assert (scale.title, [one.name for one in scale.ratings]) == ("ours", ["So", "Not so"])


def test_ratings_are_put_in_the_order_of_their_scales() -> None:
    scales: list[VerdictScale] = list(shipped_scales().values())
    ratings = [("False", "Snopes"), ("Mixture", "Snopes"), ("odd", None), ("True", "Snopes"), ("False", "PolitiFact, Truth-O-Meter")]
    assert in_order(ratings, scales) == [
        ("False", "PolitiFact, Truth-O-Meter"), ("True", "Snopes"), ("Mixture", "Snopes"), ("False", "Snopes"), ("odd", None),
    ]  # fmt: skip
