"""The library as a program uses it: mypy checks this file, and nothing runs it."""

from __future__ import annotations

from typing import assert_type

import claimreg
from claimreg import ClaimregError, Findings, Linker, Match, QuoteCheck, Registry, Statement, check, extract, open_registry


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

statements = extract("a text", lang="en")
assert_type(statements, tuple[Statement, ...])
for statement in statements:
    assert_type(statement.exact, str)
    assert_type([(part.start, part.end) for part in statement.parts], list[tuple[int, int]])
    assert_type(statement.mode.value, str)
    assert_type(statement.speaker.exact if statement.speaker is not None else None, str | None)

with open_registry("memory:", user="ann", dry_run=True) as registry:
    assert_type(registry, Registry)
    recorded = registry.add("a claim", by="a party", quote="a quote")
    if recorded is not None:
        assert_type(recorded.claim.id, str)
        assert_type([link.start for link in recorded.links], list[int])
    assert_type([view.claim.text for _hit, view in registry.search("a claim")], list[str])

assert_type(claimreg.__version__, str)
