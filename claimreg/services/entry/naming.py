"""The names of cases and tags: how many claims go by each, and other names for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from claimreg.frozen import replace
from claimreg.model import Claim
from claimreg.services.lookup import case_key, claims_of_case, require_tag
from claimreg.services.recording.fields import checked_text
from claimreg.services.transactions import Transactions
from claimreg.store.port import Contains, Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Callable


class Named(NamedTuple):
    """A case or a tag, and how many claims go by it."""

    name: str
    claims: int


class Renamed(NamedTuple):
    """New name of a case or a tag, and how many claims it changes.

    ``joined`` are the claims that went by the new name before.
    """

    old: str
    new: str
    claims: int
    joined: int


class Naming(Transactions):
    """The methods of a registry that rename cases and tags; see `claimreg.registry.Registry`."""

    def cases(self) -> list[Named]:
        """The cases, in the order of their names."""
        return named_cases(self._store)

    def tags(self) -> list[Named]:
        """The tags, in their order."""
        return named_tags(self._store)

    def rename_case(self, old: str, new: str, *, agreed: Callable[[Renamed], bool] | None = None) -> Renamed | None:
        """Give the claims of a case another one, unless ``agreed`` answers no; it is asked where that joins two cases.

        Raises `NotFoundError`, with the nearest names, where no claim is of the case.
        """
        name, key = checked_text(new, "case"), case_key(old)
        new_key = case_key(name)
        claims = claims_of_case(self._store, old)
        known = next(claims)
        count = 1 + sum(1 for _ in claims)
        joined = sum(1 for _ in self._store.find(Claim, Equals("case_key", new_key))) if new_key != key else 0
        renamed = Renamed(known.case or old, name, count, joined)
        if joined and agreed is not None and not agreed(renamed):
            return None
        with self.write("case rename") as writer:
            for claim in tuple(writer.find(Claim, Equals("case_key", key), withdrawn=True)):
                writer.put(replace(claim, case=name, case_key=new_key))
        return renamed

    def rename_tag(self, old: str, new: str, *, agreed: Callable[[Renamed], bool] | None = None) -> Renamed | None:
        """Give the claims of a tag another one; as `rename_case`."""
        name, tag = checked_text(new, "tag"), require_tag(self._store, old.strip())
        count = sum(1 for _ in self._store.find(Claim, Contains("tags", tag)))
        joined = sum(1 for _ in self._store.find(Claim, Contains("tags", name))) if name != tag else 0
        renamed = Renamed(tag, name, count, joined)
        if joined and agreed is not None and not agreed(renamed):
            return None
        with self.write("tag rename") as writer:
            for claim in tuple(writer.find(Claim, Contains("tags", tag), withdrawn=True)):
                writer.put(replace(claim, tags=tuple(dict.fromkeys(name if one == tag else one for one in claim.tags))))
        return renamed


def named_cases(reader: Reader) -> list[Named]:
    """The cases with their numbers of claims; one that is spelled in several ways goes by its first spelling."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for claim in reader.find(Claim):
        if claim.case is not None:
            names.setdefault(case_key(claim.case), claim.case)
            counts[case_key(claim.case)] += 1
    return [Named(name, counts[key]) for key, name in sorted(names.items())]


def named_tags(reader: Reader) -> list[Named]:
    """The tags with their numbers of claims."""
    counts = Counter(tag for claim in reader.find(Claim) for tag in claim.tags)
    return [Named(tag, claims) for tag, claims in sorted(counts.items())]
