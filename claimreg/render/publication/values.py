"""Smallest values of a report to publish: days, languages and directions of texts, and mappings that nobody can change."""

from __future__ import annotations

import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimreg.model import Record
    from claimreg.render.labels import Words
    from claimreg.services.reporting.report import Report

Values: TypeAlias = "Mapping[str, Any]"
"""Named values for a template; ``Any`` because a template knows no types."""

Told: TypeAlias = "str | tuple[str, str]"
"""Part of a sentence: words of ours, or a text of others with its language."""

_RIGHT_TO_LEFT = frozenset({
    "ar", "arc", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "mzn", "nqo", "pnb", "ps", "sd", "skr", "syr", "ug", "ur", "yi",
})  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"})
_SCRIPT = 4  # letters of a tag's part that names a script


def values(**named: Any) -> Values:  # noqa: ANN401 -- a template knows no types
    """Named values that nobody can change."""
    return MappingProxyType(named)


def plain(value: Any) -> Any:  # noqa: ANN401 -- as JSON is
    """Values as dictionaries and lists, as JSON wants them."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in value.items()}


def day(value: str | None, words: Words) -> Values | None:
    """A date (ISO 8601, of whatever precision) as ``iso`` and, in the reader's language, as ``text``; ``None`` without one."""
    return values(iso=value, text=words.date(value)) if value else None


def direction(text: str, lang: str | None = None) -> str:
    """Return ``ltr`` or ``rtl``: the direction of a text's first letter that has one, else that of its language."""
    for letter in text:
        found = unicodedata.bidirectional(letter)
        if found in {"L", "R", "AL"}:
            return "ltr" if found == "L" else "rtl"
    parts = (lang or "").lower().split("-")
    script = next((one for one in parts[1:] if len(one) == _SCRIPT and one.isalpha()), None)
    is_right = script in _RIGHT_TO_LEFT_SCRIPTS if script is not None else parts[0] in _RIGHT_TO_LEFT
    return "rtl" if is_right else "ltr"


def language_name(lang: str | None, words: Words) -> str | None:
    """The name of a language in the reader's, by the CLDR; ``None`` of the reader's own, and of one that it has no name for."""
    return _language_name(lang, words.lang) if lang else None


@cache
def _language_name(lang: str, reader: str) -> str | None:
    from babel import Locale

    parts = lang.split("-")
    script = next((one.title() for one in parts[1:] if len(one) == _SCRIPT and one.isalpha()), None)
    if parts[0].lower() == reader and script is None:
        return None
    names = Locale.parse(reader)
    name = names.languages.get(parts[0].lower())
    if name is None or script not in names.scripts:
        return None if name is None else str(name)
    return f"{name} ({names.scripts[script]})"


def logins(report: Report) -> frozenset[str]:
    """The names by which those who recorded what a report shows are known to their systems, without regard to capitals."""
    return frozenset(record.recorded_by.casefold() for record in _records(report))


def _records(report: Report) -> Iterable[Record]:
    for view in report.claims:
        yield view.claim
        yield from view.verdicts
        for said in view.attributions:
            yield said.attribution
            yield from said.links
    yield from (view.source for view in report.sources)


def filled(sentence: str, **parts: Iterable[Told]) -> tuple[Told, ...]:
    """A sentence of ours with its places in braces filled by parts of sentences; what fills a place is never looked at for others."""
    told: list[Told] = []
    while sentence:
        before, brace, rest = sentence.partition("{")
        told.append(before)
        name, _brace, sentence = rest.partition("}")
        told.extend(parts[name] if brace else ())
    return joined(told)


def joined(parts: Iterable[Told]) -> tuple[Told, ...]:
    """The parts of a sentence, neighbouring words of ours made one."""
    told: list[Told] = []
    for part in parts:
        if isinstance(part, str) and told and isinstance(told[-1], str):
            told[-1] += part
        elif part:
            told.append(part)
    return tuple(told)
