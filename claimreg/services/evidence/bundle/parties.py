"""Parties of a bundle: those that are here under one of their names, and new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.frozen import replace
from claimreg.model import Alias, Party
from claimreg.services.lookup import require
from claimreg.services.recording.parties import canonical
from claimreg.store.port import Equals, Writer

if TYPE_CHECKING:
    from collections.abc import Sequence


def take_parties(writer: Writer, parties: Sequence[Party], aliases: Sequence[Alias]) -> dict[str, tuple[str, bool]]:
    """The id here of each party of a bundle, and whether it is new.

    A party is the one here that has its main name, else one of its other names. Names that nobody has here yet are recorded.
    """
    from claimreg.text.name_keys import name_key

    names: dict[str, list[Alias]] = {}
    for alias in aliases:
        names.setdefault(alias.party_id, []).append(alias)
    taken: dict[str, str] = {}
    found: dict[str, tuple[str, bool]] = {}
    for party in parties:
        keys = [key for key in map(name_key, (party.name, *(one.name for one in names.get(party.id, ())))) if key]
        holder = next((one for one in (_holder(writer, key, taken) for key in keys) if one is not None), None)
        found[party.id] = (holder, False) if holder is not None else (writer.new_id(Party), True)
        for key in keys:
            if _holder(writer, key, taken) is None:
                taken[key] = found[party.id][0]
    _record_new(writer, parties, found)
    _record_names(writer, parties, names, found)
    return found


def _holder(writer: Writer, key: str, taken: dict[str, str]) -> str | None:
    alias = next(writer.find(Alias, Equals("key", key)), None)
    if alias is not None:
        return canonical(writer, require(writer, Party, alias.party_id, withdrawn=True)).id
    return taken.get(key)


def _record_new(writer: Writer, parties: Sequence[Party], found: dict[str, tuple[str, bool]]) -> None:
    for party in parties:
        here, is_new = found[party.id]
        if is_new:
            # Merging two parties that are here already is for a person to do.
            into = found[party.merged_into][0] if party.merged_into in found else None
            writer.put(replace(party, id=here, merged_into=into if into != here else None))


def _record_names(writer: Writer, parties: Sequence[Party], names: dict[str, list[Alias]], found: dict[str, tuple[str, bool]]) -> None:
    from claimreg.text.name_keys import name_key, name_skeleton

    for party in parties:
        for alias in names.get(party.id, ()):
            key = name_key(alias.name)
            if key and next(writer.find(Alias, Equals("key", key)), None) is None:
                writer.put(
                    replace(alias, id=writer.new_id(Alias), party_id=found[party.id][0], key=key, skeleton=name_skeleton(alias.name))
                )
