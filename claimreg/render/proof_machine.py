"""Proofs for programs: JSON (``claimreg.proof/1``), SARIF 2.1.0, and the commands by which GitHub shows findings beside a draft."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from claimreg.render.machine import place_fields, where_fields
from claimreg.render.proof_words import RULES, VERDICTS, sentence
from claimreg.render.safe import one_line
from claimreg.services.proofing.types import Level, ProofVerdict
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.render.machine import Json
    from claimreg.services.proofing.types import Mention, Proof, ProofPlace, ProvedQuotation

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT = "claimregQuotation/v1"
_GITHUB = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def proof_json(proof: Proof, *, every: bool = False) -> Json:
    """A proof (``claimreg.proof/1``); ``every`` lists what is no speech, too."""
    counts = Counter(one.verdict for one in proof.answered)
    return {
        "schema": "claimreg.proof/1",
        "draft": proof.draft,
        "quotes": [_quotation_json(one) for one in (proof.quotations if every else proof.answered)],
        "counts": {verdict.value: counts[verdict] for verdict in reversed(ProofVerdict) if counts[verdict]},
        "ignored": proof.ignored,
        "unread": [{"document": name, "reason": reason} for name, reason in proof.unread],
    }


def _quotation_json(one: ProvedQuotation) -> Json:
    return {
        "id": one.id,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "line": one.line,
        "column": one.column,
        "parts": [list(part) for part in one.parts],
        "verdict": one.verdict.value,
        "level": one.verdict.level.value,
        "kind": one.kind.value if one.kind is not None else None,
        "flags": list(one.flags),
        "edits": one.edits,
        "reason": one.reason,
        "speaker": _mention_json(one.speaker),
        "places": [_place_json(place) for place in one.places],
        "nearest": _place_json(one.nearest) if one.nearest is not None else None,
    }


def _mention_json(mention: Mention | None) -> Json | None:
    return {"exact": mention.exact, "start": mention.start, "end": mention.end} if mention is not None else None


def _place_json(place: ProofPlace) -> Json:
    stance = {"stance": place.stance} if place.stance is not None else {}
    speaker = {"speaker": _mention_json(place.speaker)}
    told = where_fields(place.match, place.place, left_out=place.left_out)
    return {"document": place.document, "source_id": place.source_id, **place_fields(place.match), **told, **speaker, **stance}


def proofs_sarif(proofs: Iterable[Proof], version: str) -> Json:
    """Proofs as a log of SARIF 2.1.0 (OASIS): a result for each quotation that does not stand, the rules are the verdicts.

    ``version`` is this program's.
    """
    rules = [verdict for verdict in ProofVerdict if verdict.level is not Level.NONE]
    driver = {
        "name": "claimreg",
        "version": version,
        "rules": [
            {
                "id": rule.value,
                "name": VERDICTS[rule].title().replace(" ", ""),
                "shortDescription": {"text": RULES[rule]},
                "defaultConfiguration": {"level": rule.level.value},
            }
            for rule in rules
        ],
    }
    told = list(proofs)
    results = [_result(proof, one, rules) for proof in told for one in proof.answered if one.verdict in rules]
    unread = [
        {"level": "error", "message": {"text": one_line(f"{name} could not be read: {reason}")}}
        for name, reason in dict.fromkeys(pair for proof in told for pair in proof.unread)
    ]
    invocation = {"executionSuccessful": not unread, "toolExecutionNotifications": unread}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "invocations": [invocation], "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(proof: Proof, one: ProvedQuotation, rules: Sequence[ProofVerdict]) -> Json:
    region = {"startLine": one.line, "startColumn": one.column, "snippet": {"text": one_line(one.text)}}
    location = {"physicalLocation": {"artifactLocation": {"uri": quote(proof.draft)}, "region": region}}
    return {
        "ruleId": one.verdict.value,
        "ruleIndex": rules.index(one.verdict),
        "level": one.verdict.level.value,
        "message": {"text": f"“{one_line(one.text)}”: {sentence(one, one_line)}"},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: hashlib.sha256(fold_key(one.text).encode()).hexdigest()},
    }


def github_lines(proof: Proof) -> Iterator[str]:
    """Workflow commands of GitHub for the quotations that do not stand, the worst first, and for what could not be read."""
    for name, reason in proof.unread:
        yield f"::error title=unread::{_data(one_line(f'{name} could not be read: {reason}'))}"
    for one in worst_first(proof.answered):
        if (command := _GITHUB.get(one.verdict.level)) is not None:
            place = f"file={_property(one_line(proof.draft))},line={one.line},col={one.column}"
            title = _property(f"{VERDICTS[one.verdict]} quotation")
            yield f"::{command} {place},title={title}::{_data(f'“{one_line(one.text)}”: {sentence(one, one_line)}')}"


def worst_first(quotations: Iterable[ProvedQuotation]) -> list[ProvedQuotation]:
    """The quotations by their verdicts, the worst first; of one verdict in the draft's order."""
    order = list(ProofVerdict)
    return sorted(quotations, key=lambda one: order.index(one.verdict))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
