"""Check quotes from a program, without a registry; `import claimreg` gives these names, which stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.layered import LayeredLinker
from claimreg.linker.types import QuoteCheck

if TYPE_CHECKING:
    from claimreg.linker.types import Findings
    from claimreg.model import Statement


class Linker:
    """Finds quotes in texts, however they were retyped, and says what was altered; it records nothing.

    The same quote and text give the same findings. One may be used for any number of quotes and texts.
    """

    def __init__(self) -> None:
        self._engine = LayeredLinker()

    @property
    def name(self) -> str:
        """The method and its version; figures may change from one version to the next."""
        return self._engine.name

    def find(self, quote: str, text: str, *, lang: str | None = None) -> Findings:
        """The places of ``quote`` in ``text``, or the nearest miss.

        ``lang`` is the language of both, a BCP 47 tag such as ``kk`` or ``kk-Latn``. Where the words leave it open, it helps to say what
        was altered; it changes nothing of what is found. Raises `claimreg.ClaimregError` for a tag that is none and for a quote that
        cannot be looked for, as it has no letters, or far too few or too many.
        """
        if lang is not None:
            from claimreg.services.recording.fields import checked_language

            checked_language(lang)
        return self._engine.find(quote, text, lang=lang)


def check(quote: str, text: str, *, lang: str | None = None) -> QuoteCheck:
    """Look whether ``quote`` really stands in ``text``, and what was altered.

    ``lang`` and the errors are those of `Linker.find`.
    """
    findings = Linker().find(quote, text, lang=lang)
    return QuoteCheck(quote, findings.matches, findings.nearest)


def extract(text: str, *, lang: str | None = None) -> tuple[Statement, ...]:
    """The statements that ``text`` attributes to somebody, in their order.

    ``lang`` is its language, a BCP 47 tag. Of a language without data on speech, there is what stands between quotation marks alone.
    ``nested_in`` is the number of the statement, from 1, that one is quoted in, behind a ``D``. Raises `claimreg.ClaimregError` for a
    tag that is none.
    """
    from claimreg.services.extraction.statements import numbered_statements

    return tuple(statement for _id, statement in numbered_statements(text, lang))
