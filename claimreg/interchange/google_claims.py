"""Answers of Google's Fact Check Tools (``claims:search``): claims with their reviews, under names of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.interchange.json_ld_values import every, node_of

if TYPE_CHECKING:
    from claimreg.interchange.json_ld_values import Node

SHARED = "claims:search"
"""Name under which a review has the address of the first review of the same claim."""

_CLAIM = {"text", "claimant", "claimDate", "claimReview"}
_REVIEW = {"publisher", "url", "reviewDate", "textualRating", "languageCode"}


def is_google_claim(node: Node) -> bool:
    """Return whether an object is a claim of such an answer."""
    return isinstance(node.get("claimReview"), list | dict) and not node.keys().isdisjoint({"text", "claimant", "claimDate"})


def reviews_in(claim: Node) -> list[Node]:
    """The claim's reviews, each as schema.org has it; what has no name there keeps its own."""
    reviews = [one for one in every(claim.get("claimReview")) if isinstance(one, dict)] or [{}]
    first = next((one["url"] for one in reviews if isinstance(one.get("url"), str)), None)
    return [_review(claim, one, first) for one in reviews]


def _review(claim: Node, review: Node, first: str | None) -> Node:
    publisher = node_of(review.get("publisher"))
    made: dict[str, Any] = {
        "@type": "ClaimReview",
        SHARED: first,
        "url": review.get("url"),
        "claimReviewed": claim.get("text"),
        "inLanguage": review.get("languageCode"),
        "datePublished": review.get("reviewDate"),
        "author": {"name": publisher.get("name") or publisher.get("site")},
        "reviewRating": {"alternateName": review.get("textualRating")},
        "itemReviewed": {"author": {"name": claim.get("claimant")}, "datePublished": claim.get("claimDate")},
    }
    beyond = {f"claims.{name}": value for name, value in claim.items() if name not in _CLAIM}
    beyond |= {f"claims.claimReview.{name}": value for name, value in review.items() if name not in _REVIEW}
    return {**made, **beyond}
