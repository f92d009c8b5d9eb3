"""ClaimReview, as schema.org has it: its two ways, each a module."""

from __future__ import annotations

from claimreg.interchange.claim_review_reading import read
from claimreg.interchange.claim_review_writing import write

__all__ = ["read", "write"]
