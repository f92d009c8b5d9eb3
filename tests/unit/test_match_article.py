"""The quotes of a real article, sliced from it: the article itself is no part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimreg.linker import LayeredLinker
from claimreg.model import LinkKind

ARTICLE = Path(__file__).parents[3] / "shared" / "seed" / "article-kk.txt"
FIND = LayeredLinker().find
PLACES = {"law": (578, 609), "accusation": (817, 872), "amnesty": (1338, 1511)}

pytestmark = pytest.mark.skipif(not ARTICLE.exists(), reason="the seed article lies outside the repository and is not here")


@pytest.fixture(scope="module")
def article() -> str:
    return ARTICLE.read_text(encoding="utf-8")


def place(article: str, name: str) -> tuple[int, int]:
    """The director's opening quotation mark is missing in the article; the closing one ends the quote."""
    return PLACES[name] if name in PLACES else (0, article.index("”"))


def retyped(passage: str) -> dict[str, str]:
    bare = passage.strip('"”')
    middle = len(bare) // 2
    letters = [at for at, letter in enumerate(bare) if letter.isalpha()]
    two_wrong = list(bare)
    for at in (letters[len(letters) // 4 + 1], letters[-len(letters) // 4]):
        two_wrong[at] = "б" if bare[at] != "б" else "ф"
    return {
        "as it is": passage,
        "angled marks": f"«{bare}»",
        "no marks": bare,
        "capitals": bare.upper(),
        "Latin i": bare.replace("і", "i"),
        "Latin c and a": bare.replace("с", "c").replace("а", "a", middle),
        "two wrong letters": "".join(two_wrong),
    }


@pytest.mark.parametrize("name", [*PLACES, "director"])
@pytest.mark.parametrize("way", retyped("abcdefgh" * 4))
def test_each_quote_links_to_its_place(article: str, name: str, way: str) -> None:
    start, end = place(article, name)
    quote = retyped(article[start:end])[way]
    found = FIND(quote, article).matches
    assert len(found) == 1
    match = found[0]
    assert match.exact == article[match.start : match.end]
    assert abs(match.start - start) <= 1
    assert abs(match.end - end) <= 1
    expected = {LinkKind.EXACT, LinkKind.TYPOGRAPHIC} if way != "two wrong letters" else {LinkKind.NEAR, LinkKind.ALTERED}
    assert match.kind in expected


@pytest.mark.parametrize(
    "quote",
    [
        "Үкімет биыл ауылдарға жаңа мектептер салуға екі миллиард теңге бөлді",
        "Сот белсендіні толық ақтап, оған өтемақы төлеу туралы шешім шығарды",
        "Алматы әкімі келесі аптада жаңа метро бекетін ашуға уәде берді",
        "The court acquitted the activist and ordered the state to apologise to him",
        "Құқық қорғаушылар бұл үкімді әділ деп тауып, билікке алғыс айтты",
    ],
)
def test_what_nobody_said_gives_no_link(article: str, quote: str) -> None:
    assert FIND(quote, article).matches == ()


def test_a_quote_that_stands_twice_has_two_places(article: str) -> None:
    start, end = PLACES["amnesty"]
    found = FIND(article[start:end], article + article).matches
    assert [match.start for match in found] == [start, start + len(article)]


def test_dropping_the_negation_is_told(article: str) -> None:
    start = PLACES["amnesty"][0]
    end = article.index("\n", start)
    cut = article[start:end].rsplit(" ", 1)[0]
    assert "negation" in FIND(cut, article).matches[0].flags
