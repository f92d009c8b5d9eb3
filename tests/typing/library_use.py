"""The library as a program uses it: mypy checks this file, and nothing runs it."""

from __future__ import annotations

from typing import assert_type

import claimreg
from claimreg import ClaimregError, Findings, Linker, Match, QuoteCheck, check


def checked(quote: str, text: str) -> QuoteCheck | None:
    try:
        return check(quote, text, lang="kk-Latn")
    except ClaimregError:
        return None


result = claimreg.check("a quote", "a text")
assert_type(result, QuoteCheck)
assert_type(result.found, bool)
assert_type(result.intact, bool)
assert_type(result.matches, tuple[Match, ...])
assert_type(result.nearest, Match | None)

findings = Linker().find("a quote", "a text", lang=None)
assert_type(findings, Findings)
for match in findings.matches:
    assert_type(match.exact, str)
    assert_type(match.start, int)
    assert_type(match.score, float)
    assert_type([flag.value for flag in match.flags], list[str])
    assert_type([(part.start, part.end) for part in match.parts], list[tuple[int, int]])

assert_type(claimreg.__version__, str)
