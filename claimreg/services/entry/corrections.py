"""Corrections of what was recorded: other values, removals, and claims that turn out to be one; each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.services.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from claimreg.model import Record
    from claimreg.services.entry.edits import Edited
    from claimreg.services.recording.claims import Removal
    from claimreg.services.recording.merging import Merged


class Corrections(Transactions):
    """The methods of a registry that change what was recorded; see `claimreg.registry.Registry`."""

    def edit(self, record_id: str, *, restore: bool = False, dates: str | None = None, **changes: Any) -> Edited:  # noqa: ANN401 -- fields differ by record
        """Change fields of a record, by the names of the options of `claimreg edit`; an empty text clears one; ``dates`` is dmy or mdy."""
        return self.edit_each({record_id: changes}, restore=restore, dates=dates)[0]

    def edit_each(
        self,
        changes: Mapping[str, Mapping[str, Any]],
        *,
        restore: bool = False,
        dates: str | None = None,
        seen: Mapping[str, Record] | None = None,
    ) -> tuple[Edited, ...]:
        """Change fields of several records at once, all or none; ``changes`` has those of each by its id, as `edit` takes them.

        ``seen`` has the records as they were when the changes were thought of, by their ids; where one is not so any more,
        `ChangedMeanwhileError` is raised.
        """
        from claimreg.services.entry.edits import Edited, check_unchanged, checked_changes, edit_record
        from claimreg.services.lookup import require_any
        from claimreg.services.recording.claims import restore as bring_back

        records = {record_id: require_any(self._store, record_id, withdrawn=restore) for record_id in changes}
        checked = {records[one].id: checked_changes(records[one], given, dates, may_be_none=restore) for one, given in changes.items()}
        edited: dict[str, Edited] = {}
        with self.write("edit") as writer:
            for record in records.values():
                now = require_any(writer, record.id, withdrawn=restore)
                check_unchanged(now, (seen or {}).get(record.id))
                edited[record.id] = Edited(record, bring_back(writer, now) if restore else ())
                if checked[record.id]:
                    current = require_any(writer, record.id)
                    edit_record(writer, current, checked[record.id], self._around.linker(None), self._around.documents)
        return tuple(edited.values())

    def restore(self, record_id: str) -> tuple[Record, ...]:
        """Bring a removed record back, with what was removed along with it."""
        return self.edit(record_id, restore=True).brought

    def remove(self, *record_ids: str, agreed: Callable[[Removal], bool] | None = None) -> tuple[Record, ...]:
        """Take records, and what hangs on them, out of all listings, unless ``agreed`` answers no; returns all that were removed."""
        from claimreg.services.recording.claims import planned_removal, remove_records

        removal = planned_removal(self._store, record_ids)
        if agreed is not None and not agreed(removal):
            return ()
        with self.write("rm") as writer:
            return remove_records(writer, removal)

    def merge_claims(self, claim_id: str, other_id: str) -> Merged:
        """Merge one claim into another: what is said of it and how it was rated goes over, and it is taken out of listings.

        What both claims have alike is kept once. The claim that stays keeps its own text, title, case and note; it gets the other's tags.
        """
        from claimreg.model import Claim
        from claimreg.services.lookup import require
        from claimreg.services.recording.merging import merge_claims

        for one in (claim_id, other_id):
            require(self._store, Claim, one)
        with self.write("merge") as writer:
            return merge_claims(writer, require(writer, Claim, claim_id), require(writer, Claim, other_id))
