"""JSON Schemas of others, and one of ours, that what is written for them is held against."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

FIXTURES = Path(__file__).parent / "fixtures"
WEB_ANNOTATION = FIXTURES / "web-annotation"


def is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?#\[\]@!$&'()*+,;=%-]+", value, re.ASCII) is not None


def is_date_time(value: object) -> bool:
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(form, value) is not None


# Without libraries of their own jsonschema checks neither; the W3C's schemas lean on both.
FORMATS = FormatChecker(formats=())
FORMATS.checks("uri")(is_uri)
FORMATS.checks("date-time")(is_date_time)


@cache
def annotation_musts() -> dict[str, Draft4Validator]:
    """What the W3C says that every annotation must be, by name."""
    named = {path.name: json.loads(path.read_bytes()) for path in sorted((WEB_ANNOTATION / "definitions").glob("*.json"))}
    known: Registry[Any] = Registry()
    known = known.with_resources((name, DRAFT4.create_resource(one)) for name, one in named.items())
    schemas = [json.loads(path.read_bytes()) for path in sorted((WEB_ANNOTATION / "annotations").glob("*.json"))]
    return {
        one["id"].removesuffix(".json"): Draft4Validator(one, registry=known, format_checker=FORMATS)
        for one in schemas
        if one["assertionType"] == "must"
    }


def missed_by(annotation: object) -> list[str]:
    """The names of what an annotation must be and is not."""
    return [name for name, one in annotation_musts().items() if not one.is_valid(annotation)]


@cache
def _claim_review(root: str) -> Draft202012Validator:
    schema = json.loads((FIXTURES / "claim-review.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{root}"}, format_checker=FORMATS)


def faults_of_review(review: object, *, published: bool = False) -> list[str]:
    """What is wrong with a ClaimReview; one that is published has an address and says what its words mean, too."""
    found = _claim_review("published" if published else "review").iter_errors(review)
    # Versions of jsonschema write such paths differently.
    return [f"{'.'.join(['$', *map(str, one.absolute_path)])}: {one.message}" for one in found]
