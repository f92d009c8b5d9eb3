"""The claims that a report is about, as a person says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.model import Claim
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.fields import checked_date
from claimreg.services.recording.parties import require_party
from claimreg.services.recording.sources import require_source
from claimreg.services.reporting.report import Period, claims_of_party, claims_of_source
from claimreg.services.withholding import named_or_withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.store.port import Reader


class ReportScope(NamedTuple):
    """Claims, a case, a party or a source, or everything; of a period, if wanted."""

    claim_ids: tuple[str, ...] = ()
    case: str | None = None
    party: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None

    def check(self) -> None:
        """Raise `UsageError` where it is about more than one thing."""
        if sum(map(bool, (self.claim_ids, self.case, self.party, self.source))) > 1:
            raise UsageError("Give claims, --case, --party or --source: one of them.")

    def period(self) -> Period:
        """The days it is about; raises `UsageError` for what is no date."""
        return Period(checked_date(self.since) if self.since else None, checked_date(self.until) if self.until else None)


def claims_in(reader: Reader, scope: ReportScope, say: Callable[[str], str]) -> tuple[list[Claim], str]:
    """The claims of a scope and a title for it; ``say`` translates the words “Claims” and “All claims”."""
    if scope.claim_ids:
        named = {claim.id: claim for claim in (require(reader, Claim, one) for one in scope.claim_ids)}
        return list(named.values()), f"{say('Claims')} {', '.join(named)}"
    if scope.case is not None:
        return list(claims_of_case(reader, scope.case)), scope.case
    if scope.party is not None:
        party = require_party(reader, scope.party)
        return list(claims_of_party(reader, party)), party.name
    if scope.source is not None:
        source = require_source(reader, scope.source)
        return list(claims_of_source(reader, source)), named_or_withheld(source).title
    return list(reader.find(Claim)), say("All claims")
