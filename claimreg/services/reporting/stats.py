"""Counts of the registry's records."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimreg.model import Attribution, Capture, Claim, Draft, Link, Party, Relation, Source, Verdict
from claimreg.scales import in_order
from claimreg.services.withholding import is_withheld
from claimreg.store.port import Equals, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.scales import VerdictScale


def count(reader: Reader, scales: Iterable[VerdictScale] = ()) -> dict[str, int]:
    """Count the records of each kind in use; attributions by stance, links and drafts by state, verdicts by rating separately.

    Ratings come in the order of their ``scales``.

    Characters are those of sources that are not withheld: of a single one, the number would say which document it is.
    """
    stances = Counter(one.stance.value for one in reader.find(Attribution))
    states = Counter(one.state.value for one in reader.find(Link))
    ratings = Counter((one.rating, one.scheme) for one in reader.find(Verdict))
    drafts = Counter(one.state.value for one in reader.find(Draft))
    plain = {
        "claims": sum(1 for _ in reader.find(Claim)),
        "parties": sum(1 for _ in reader.find(Party, Equals("merged_into", None))),
        "attributions": stances.total(),
    }
    plain.update((f"attributions: {stance}", number) for stance, number in sorted(stances.items()))
    plain["sources"] = sum(1 for _ in reader.find(Source))
    withheld = {one.id for one in reader.find(Source, withdrawn=True) if is_withheld(one)}
    plain["characters in sources"] = sum(one.length for one in reader.find(Capture) if one.source_id not in withheld)
    plain["links"] = states.total()
    plain.update((f"links: {state}", number) for state, number in sorted(states.items()))
    plain["drafts"] = drafts.total()
    plain.update((f"drafts: {state}", number) for state, number in sorted(drafts.items()))
    plain["verdicts"] = ratings.total()
    for rating, _scheme in in_order(ratings, scales):
        plain[f"verdicts: {rating}"] = sum(number for (one, _), number in ratings.items() if one == rating)
    plain["relations"] = sum(1 for _ in reader.find(Relation))
    plain["events"] = sum(1 for _ in reader.history())
    return plain
