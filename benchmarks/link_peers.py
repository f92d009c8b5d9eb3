"""Other programs that find a quote in a text, each at the threshold that suits it best on quotes with made-up noise.

Each is called with a prepared quote and a text and answers with the places that it would link, as spans of the text.
All of them get the folded keys, without which they would lose to typography alone, and have their spans mapped back.
"""

from claimreg.linker.passage import Quote, TextIndex
from claimreg.model import Span

LIKE_ENOUGH = 0.73
"""Share of the quote's letters that must be the same: the best flat threshold for edit distance on made-up noise."""

FUZZYSEARCH_ERRORS = 0.2

Spans = list[tuple[int, int]]

MODULES = {"rapidfuzz": "rapidfuzz", "edlib": "edlib", "fuzzysearch": "fuzzysearch", "quid": "quid", "text-matcher": "text_matcher"}
"""What is imported for each."""


def pair(span: Span) -> tuple[int, int]:
    """A span as the plain pair that sets are written with."""
    return span.start, span.end


def by_rapidfuzz(quote: Quote, index: TextIndex) -> list[Spans]:
    """`partial_ratio_alignment`: the best window no longer than the quote."""
    from rapidfuzz import fuzz

    found = fuzz.partial_ratio_alignment(quote.whole.key, index.key, score_cutoff=100 * LIKE_ENOUGH)
    return [[pair(index.origin(found.dest_start, found.dest_end))]] if found and found.dest_end > found.dest_start else []


def by_edlib(quote: Quote, index: TextIndex) -> list[Spans]:
    """Infix alignment (mode HW); edlib takes at most 256 different symbols, so rarer ones become one."""
    import edlib

    symbols = {letter: chr(number) for number, letter in enumerate(dict.fromkeys(quote.whole.key[:10_000]))}
    if len(symbols) > 250:  # noqa: PLR2004 -- room for the one that stands for all others
        return []
    other = chr(255)
    query = "".join(symbols[letter] for letter in quote.whole.key)
    target = "".join(symbols.get(letter, other) for letter in index.key)
    if not target:
        return []
    found = edlib.align(query, target, mode="HW", task="locations", k=int((1 - LIKE_ENOUGH) * len(query)))
    if found["editDistance"] < 0 or found["locations"][0][0] is None:
        return []
    return [[pair(index.origin(start, end + 1))] for start, end in found["locations"][:1]]


def by_fuzzysearch(quote: Quote, index: TextIndex) -> list[Spans]:
    """`find_near_matches` with a fifth of the letters wrong."""
    from fuzzysearch import find_near_matches

    most = int(FUZZYSEARCH_ERRORS * len(quote.whole.key))
    found = find_near_matches(quote.whole.key, index.key, max_l_dist=most)
    return [[pair(index.origin(match.start, match.end))] for match in found if match.end > match.start]


def by_quid(quote: Quote, index: TextIndex) -> list[Spans]:
    """Quid's own matcher on the texts as they are, from four words on."""
    from quid.core.Quid import Quid

    found = Quid(min_match_length=4).compare(quote.whole.text, index.text)
    return [[(match.target_span.start, match.target_span.end)] for match in found]


def by_text_matcher(quote: Quote, index: TextIndex) -> list[Spans]:
    """Text-matcher's word runs on the texts as they are."""
    import contextlib
    import io

    from text_matcher.matcher import Matcher, Text

    with contextlib.redirect_stdout(io.StringIO()):
        matcher = Matcher(Text(quote.whole.text, "quote"), Text(index.text, "text"), threshold=3, cutoff=5)
        _, _, places = matcher.match()
    return [[(start, end)] for start, end in places]


PEERS = {"rapidfuzz": by_rapidfuzz, "edlib": by_edlib, "fuzzysearch": by_fuzzysearch, "quid": by_quid, "text-matcher": by_text_matcher}
