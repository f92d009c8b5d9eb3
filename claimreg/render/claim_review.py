"""Claims as schema.org has them: a ``ClaimReview`` of each claim that has a verdict.

No word of others is altered. Who denies, reports or questions a claim, or rules on it, is not among its authors; he stands under our own
``claimreg:attributions``. There, too, stand all who assert it, each with his words, where they are several: an item reviewed has but one
list of authors and one of texts. A party may be a person or an organisation, which nobody recorded: neither is said.

A rating has numbers only where the verdict's scheme is a place on a scale (`claimreg.services.exchange.rating_scale`): of a scheme that is
a name, no order of its words is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.model import Stance
from claimreg.render.linked_data import OWN_TERMS, address_of, urn_of, web_address
from claimreg.render.safe import plain_address
from claimreg.services.exchange.rating_scale import scale_in
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.model import Source, Verdict
    from claimreg.render.machine import Json
    from claimreg.services.reporting.views import AttributionView, ClaimView

SCHEMA_ORG = "https://schema.org"
ATTRIBUTIONS = "claimreg:attributions"
STANCE = "claimreg:stance"
SCHEME = "claimreg:scheme"


class Naming(NamedTuple):
    """Names that a review bears outside the registry.

    ``registry`` is the registry's identity. ``url_template`` makes the address of a review of the claim's id, which stands in it as
    ``{id}``. ``publisher`` is whose verdicts these are where a verdict does not say.
    """

    registry: str = ""
    url_template: str | None = None
    publisher: str | None = None

    def check(self) -> None:
        """Raise `UsageError` where the template makes no addresses, or the same one of all claims."""
        template = self.url_template
        if template is not None and ("{id}" not in template or not plain_address(template.replace("{id}", "C1"))):
            raise UsageError(
                f"“{template}” makes no addresses; give one of the web with {{id}} where the claim's id is to stand, "
                "such as https://desk.example/checks/{id}."
            )

    def url_of(self, claim_id: str) -> str | None:
        """The address of the review of a claim; ``None`` where only the desk knows it."""
        return self.url_template.replace("{id}", claim_id) if self.url_template is not None else None


def review_json(view: ClaimView, naming: Naming) -> Json | None:
    """The claim with its verdict that holds as a ``ClaimReview``; ``None`` for a claim without a verdict."""
    if not view.verdicts:
        return None
    verdict = view.verdicts[-1]
    own, rating = _own_attributions(view), _rating(verdict)
    return {
        "@context": _context({**own, **rating}),
        "@type": "ClaimReview",
        "@id": urn_of(view.claim, naming.registry),
        **_given(
            url=naming.url_of(view.claim.id),
            identifier=view.claim.external_id,
            claimReviewed=view.claim.text,
            inLanguage=view.claim.lang,
            keywords=list(view.claim.tags),
            datePublished=verdict.rated_at,
            author=_author(verdict, naming),
        ),
        "reviewRating": {"@type": "Rating", "alternateName": verdict.rating, **rating},
        **_given(reviewBody=verdict.rationale, itemReviewed=_item(view)),
        **own,
    }


def claim_json(view: ClaimView, naming: Naming) -> Json:
    """The claim as a ``Claim``, whether it has a verdict or not: its own text, and each who stands to it under our own key."""
    own = _attributions(view.attributions)
    asserted = tuple(one for one in view.attributions if one.attribution.stance is Stance.ASSERTS)
    return {
        "@context": _context(own),
        "@type": "Claim",
        "@id": urn_of(view.claim, naming.registry),
        **_given(
            identifier=view.claim.external_id,
            text=view.claim.text,
            inLanguage=view.claim.lang,
            keywords=list(view.claim.tags),
            author=_one_or_all({"name": one.party.name} for one in asserted),
            appearance=_one_or_all(_work(one.source) for one in asserted),
        ),
        **own,
    }


def reviews_json(views: Iterable[ClaimView], naming: Naming) -> Json:
    """The reviews of all claims that have a verdict, in one document (``@graph``)."""
    reviews = [review for view in views if (review := review_json(view, naming)) is not None]
    return {"@context": [SCHEMA_ORG, OWN_TERMS], "@graph": [without_context(one) for one in reviews]}


def lacks_of(review: Json) -> list[str]:
    """The keys that a review ought to have and this registry could not fill."""
    return [name for name in ("url", "author") if name not in review]


def lacks_in_words(lacks: Counter[str]) -> Iterator[str]:
    """Say how many reviews have no address, and how many no author, and how they get them; ``lacks`` counts as `lacks_of` names them."""
    have = {name: f"{counted(count, 'review')} {'has' if count == 1 else 'have'}" for name, count in lacks.items()}
    if "url" in have:
        yield (
            f"{have['url']} no address, which only their publisher knows; give --url-template, such as https://desk.example/checks/{{id}}."
        )
    if "author" in have:
        yield f"{have['author']} no author, as whoever recorded a verdict is not told; give --publisher NAME."


def without_context(node: Json) -> Json:
    """The node as it stands in a document whose context it shares."""
    return {name: value for name, value in node.items() if name != "@context"}


def _context(used: Json) -> object:
    """The context of a node in which these fields are, some of ours perhaps among them."""
    return [SCHEMA_ORG, OWN_TERMS] if any(name.startswith("claimreg:") for name in used) else SCHEMA_ORG


def _rating(verdict: Verdict) -> Json:
    """The numbers of a rating, else the name of its scheme."""
    scale = scale_in(verdict.scheme)
    if scale is None:
        return {SCHEME: verdict.scheme} if verdict.scheme else {}
    return {"ratingValue": scale.value, "worstRating": scale.worst, "bestRating": scale.best}


def _author(verdict: Verdict, naming: Naming) -> Json | None:
    """The one whose verdict it is; a name that is also that of whoever recorded it may be a login, which is never told."""
    if verdict.author not in (None, verdict.recorded_by):
        return {"name": verdict.author}
    return {"@type": "Organization", "name": naming.publisher} if naming.publisher is not None else None


def _item(view: ClaimView) -> Json | None:
    """The words that were said, by whom, where and when first; ``None`` where nobody is known to have said it."""
    asserted = tuple(one for one in view.attributions if one.attribution.stance is Stance.ASSERTS)
    if not asserted:
        return None
    said = sorted(day for one in asserted if (day := one.attribution.said_at) is not None)
    return {
        "@type": "Claim",
        **_given(
            author=_one_or_all({"name": one.party.name} for one in asserted),
            text=_one_or_all(one.attribution.quote for one in asserted),
            inLanguage=asserted[0].attribution.lang if len(asserted) == 1 else None,
            datePublished=said[0] if said else None,
            appearance=_one_or_all(_work(one.source) for one in asserted),
        ),
    }


def _own_attributions(view: ClaimView) -> Json:
    """The statements that the item reviewed does not hold: those that do not assert, and all where several do."""
    others = tuple(one for one in view.attributions if one.attribution.stance is not Stance.ASSERTS)
    is_single = len(view.attributions) - len(others) <= 1
    return _attributions(others if is_single else view.attributions)


def _attributions(views: Sequence[AttributionView]) -> Json:
    return {ATTRIBUTIONS: [_statement(one) for one in views]} if views else {}


def _statement(view: AttributionView) -> Json:
    said = view.attribution
    told = _given(text=said.quote, inLanguage=said.lang, datePublished=said.said_at, isPartOf=_work(view.source))
    return {STANCE: said.stance.value, "author": {"name": view.party.name}, **told}


def _work(source: Source | None) -> Json | None:
    """The document; ``None`` for none, and for one that may not be named."""
    if source is None or source.withheld is not None:
        return None
    return {
        "@type": "CreativeWork",
        **_given(
            url=address_of(source),
            headline=source.title,
            datePublished=source.published_at,
            author={"name": source.author} if source.author else None,
            publisher={"@type": "Organization", "name": source.publisher} if source.publisher else None,
            inLanguage=source.lang,
            archivedAt=web_address(source.archive_url),
        ),
    }


def _given(**fields: object) -> Json:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, [], "")}


def _one_or_all(values: Iterable[object]) -> object:
    """The values, each once: itself where it is the only one, ``None`` where there is none."""
    found: list[object] = []
    for value in values:
        if value is not None and value not in found:
            found.append(value)
    return found[0] if len(found) == 1 else found or None
