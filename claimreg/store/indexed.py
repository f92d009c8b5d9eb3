"""The fields of each type of record that stores keep an index of: what services look records up by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg import model

if TYPE_CHECKING:
    from claimreg.model import Record

INDEXED: dict[type[Record], tuple[str, ...]] = {
    model.Claim: ("case_key", "origin", "external_id", "merged_into"),
    model.Party: ("merged_into",),
    model.Alias: ("party_id", "key", "skeleton"),
    model.Attribution: ("claim_id", "party_id", "source_id"),
    model.Source: ("url", "url_key"),
    model.Capture: ("source_id", "sha256", "url_key", "reached_key"),
    model.Link: ("attribution_id", "source_id", "anchored_from"),
    model.Draft: ("source_id",),
    model.Verdict: ("claim_id",),
    model.Relation: ("claim_id", "other_claim_id"),
    model.TimeStamp: (),
}
