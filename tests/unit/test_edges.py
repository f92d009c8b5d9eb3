"""A word beside the quote, or in what it leaves out, that turns its meaning is flagged; the same word elsewhere is not."""

import pytest

from claimreg.linker import LayeredLinker
from claimreg.model import Flag, LinkKind

FIND = LayeredLinker().find


@pytest.mark.parametrize(
    ("quote", "text", "flags"),
    [
        ("sell the old harbour to my cousin", "I did not sell the old harbour to my cousin.", {Flag.NEGATION}),
        ("продавал старую гавань брату", "Мэр никогда не продавал старую гавань брату.", {Flag.NEGATION}),
        ("ескі айлақты інісіне сатқан", "Әкім ескі айлақты інісіне сатқан жоқ деді.", {Flag.NEGATION}),
        ("Sell the old harbour to my cousin", "I did not. Sell the old harbour to my cousin.", set()),
        ("we will sell the old harbour", "He said: No, we will sell the old harbour.", set()),
        ("ескі айлақты інісіне сатқан", "Әкім ескі айлақты інісіне сатқан.\nЖоқ, олай емес.", set()),
    ],
)
def test_a_negation_just_outside_is_flagged(quote: str, text: str, flags: set[Flag]) -> None:
    (match,) = FIND(quote, text).matches
    assert match.kind is LinkKind.EXACT
    assert set(match.flags) == flags


@pytest.mark.parametrize("sign", ["…", "...", "..", "‥", "⋯", "···", "[…]", "(..)", "[snip]", "<cut>"])
def test_an_ellipsis_of_any_kind_joins_two_parts(sign: str) -> None:
    (match,) = FIND(
        f"the mayor sold the old harbour {sign} to his cousin in the spring",
        "So the mayor sold the old harbour, all of it, to his cousin in the spring.",
    ).matches
    assert (match.kind, len(match.parts)) == (LinkKind.STITCHED, 2)


def test_an_ellipsis_that_swallows_a_negation_is_flagged() -> None:
    text = "So the mayor sold the old harbour but never gave a key to his cousin in the spring."
    (match,) = FIND("the mayor sold the old harbour … to his cousin in the spring", text).matches
    assert Flag.NEGATION in match.flags
