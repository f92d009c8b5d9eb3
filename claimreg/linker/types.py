"""Interface of a linker, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from claimreg.model import Place
from claimreg.vocabulary import Flag, LinkKind, WordChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OF_MEANING = frozenset(Flag) - {Flag.GAP, Flag.AMBIGUOUS, Flag.CAPPED}
_NOT_SHOWN = ("prefix", "suffix", "parts", "words")


def is_intact(kind: LinkKind, flags: Iterable[Flag], not_judged: Iterable[str] = ()) -> bool:
    """Return whether a match of this kind has the quote's words with their meaning, and this could be judged.

    It is not altered, no flag tells of the meaning, and where its words are only nearly the same, nothing was left unjudged.
    """
    return kind is not LinkKind.ALTERED and _OF_MEANING.isdisjoint(flags) and not (kind is LinkKind.NEAR and any(not_judged))


def of_meaning(flags: Iterable[Flag]) -> frozenset[Flag]:
    """Those of the flags that tell of the meaning."""
    return _OF_MEANING.intersection(flags)


class Match(Place):
    """One place of a quote in a text, as a linker found it; ``prefix`` and ``suffix`` are up to 32 code points."""

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in Place.FIELDS if name not in _NOT_SHOWN)
        return f"Match({', '.join(shown)})"


@dataclass(frozen=True, slots=True)
class Findings:
    """The places of a quote in a text, in the text's order, or the nearest miss.

    ``nearest`` is the best place below the bar, for a person to look at and never a link; it is ``None`` when there
    are matches or when nothing comes close.
    """

    matches: tuple[Match, ...] = ()
    nearest: Match | None = None


@dataclass(frozen=True, slots=True, repr=False)
class QuoteCheck:
    """Answer whether a quote stands in a text, where, and what was altered.

    ``matches`` and ``nearest`` are as in :class:`Findings`; ``str()`` says in words what was found, one line for each match.
    """

    quote: str
    matches: tuple[Match, ...]
    nearest: Match | None

    @property
    def found(self) -> bool:
        """Return whether the quote stands somewhere in the text, be it altered."""
        return bool(self.matches)

    @property
    def intact(self) -> bool:
        """Return whether the quote stands somewhere with its words and their meaning as they are there."""
        return any(is_intact(match.kind, match.flags, match.not_judged) for match in self.matches)

    def __repr__(self) -> str:
        return f"QuoteCheck(found={self.found}, intact={self.intact}, matches={self.matches}, nearest={self.nearest})"

    def __str__(self) -> str:
        if not self.found:
            return "not found" if self.nearest is None else f"not found; nearest is {self._in_words(self.nearest)}"
        return "\n".join(map(self._in_words, self.matches))

    def _in_words(self, match: Match) -> str:
        flags = f" ({', '.join(match.flags)})" if match.flags else ""
        unjudged = [f"not judged: {', '.join(match.not_judged)}"] if match.not_judged else []
        return "; ".join((f"{match.kind}{flags} at {match.start}-{match.end}: {match.exact!r}", *self._edits(match), *unjudged))

    def _edits(self, match: Match) -> Iterator[str]:
        for edit in match.words:
            ours, theirs = self.quote[slice(*edit.quote)], match.exact[edit.source.start - match.start : edit.source.end - match.start]
            if edit.change is WordChange.ADDED:
                yield f"{ours!r} is not in the text"
            elif edit.change is WordChange.DROPPED:
                yield f"{theirs!r} is left out"
            elif edit.change is WordChange.ASIDE:
                yield f"{ours or theirs!r} is set aside"
            elif edit.change is not WordChange.KEPT:
                yield f"{ours!r} where the text has {theirs!r}"


class Linker(Protocol):
    """Something that finds a quote in a text. ``name`` says which method and version, such as ``layered/1``."""

    @property
    def name(self) -> str:
        """The method and its version, recorded with each link."""

    def find(self, quote: str, text: str, *, lang: str | None = None) -> Findings:
        """The places of ``quote`` in ``text``; ``lang`` is the recorded language (BCP 47), if any, which helps to say what was altered.

        Raises :class:`claimreg.errors.InputError` when the quote cannot be looked for (no letters, far too short or
        too long); a quote that is not there gives no matches.
        """
