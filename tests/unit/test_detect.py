"""The format of a file is told by what is in it, and doubt is doubt."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.interchange.detect import BUNDLE, SNIFFED, recognised

PAGE = b'<!DOCTYPE html><html><head><script type="application/ld+json">{}</script></head></html>'
TOLD = {
    "a flat claim": (b'{"id": "1", "text": "Taxes rose"}\n{"text": "Taxes fell"}\n', "ndjson"),
    "a line with a mark": (b'\xef\xbb\xbf{"text": "Taxes rose"}\n', "ndjson"),
    "a whole record": (b'{"schema": "claimreg.party/1", "id": "P1", "name": "A clerk"}\n', "ndjson"),
    "a whole record with a key of reviews": (b'{"schema": "claimreg.report/1", "claims": []}', "ndjson"),
    "a list of claims": (b'[\n  {\n    "text": "Taxes rose"\n  }\n]\n', "ndjson"),
    "a text that is cut": (b'{"id": 1, "text": "Taxes ro', "ndjson"),
    "a later line": (b'{"id": 1}\n{"id": 2, "text": "Taxes rose"}\n', "ndjson"),
    "nothing at all": (b"", "ndjson"),
    "blank lines": (b"\n\n", "ndjson"),
    "a review": (b'{"@context": "https://schema.org", "@type": "ClaimReview", "text": "x"}', "claimreview"),
    "a graph": (b'\n{"@graph": [{"text": "Taxes rose"}]}', "claimreview"),
    "a list of reviews": (b'[{"@type": "ClaimReview"}]', "claimreview"),
    "an answer of Google's": (b'{"claims": [{"text": "Taxes rose"}]}', "claimreview"),
    "a claim of Google's": (b'{"text": "Taxes rose", "claimReview": []}', "claimreview"),
    "a raw line break in a text": (b'{"reviewBody": "one\ntwo", "@type": "ClaimReview"}', "claimreview"),
    "a page with reviews": (PAGE, "claimreview"),
    "a page without": (b"<!DOCTYPE html><p>The pier is sound</p>", None),
    "a key further in": (b'{"a": {"text": "Taxes rose"}}', None),
    "a key in a text": (b'{"a": "\\"text\\": 1"}', None),
    "a value": (b'{"a": "text"}', None),
    "numbers": (b"[1, 2]", None),
    "words": (b"text,claim\n", None),
    "bytes": (bytes(range(256)), None),
}


@pytest.mark.parametrize("what", TOLD)
def test_it_is_told_by_content(what: str) -> None:
    content, name = TOLD[what]
    assert recognised("file.dat", content, io.BytesIO(content)) == name
    assert recognised("standard input", content) == name


def test_a_table_is_told_by_its_suffix() -> None:
    assert recognised("sheet.CSV", b"claim;by\n") == "csv"
    assert recognised("sheet.tsv", b'{"text";"by"}\n') == "csv"
    assert recognised("sheet.csv.old", b"claim;by\n") is None


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 100)
    return content.getvalue()


def test_an_archive_is_told_by_the_names_in_it() -> None:
    for names, told in (
        (("registry/bagit.txt", "registry/data/records.ndjson", "registry/manifest-sha256.txt"), BUNDLE),
        (("xl/workbook.xml", "[Content_Types].xml"), "xlsx"),
        (("notes.txt",), None),
        (("notes/xl/sheet.xml",), None),
    ):
        content = zipped(*names)
        assert recognised("file", content, io.BytesIO(content)) == told
        # What cannot be read at any place, or is cut off, is told by its first names.
        assert recognised("-", content) == told
        assert recognised("file", content[:150], io.BytesIO(content[:150])) == told


def test_a_page_is_searched_to_its_end_where_it_can_be() -> None:
    late = b"<!DOCTYPE html><p>" + b"x" * (2 * SNIFFED) + PAGE
    assert recognised("page", late[:SNIFFED], io.BytesIO(late)) == "claimreview"
    plain = b"<!DOCTYPE html><p>" + b"x" * (2 * SNIFFED)
    assert recognised("page", plain[:SNIFFED], io.BytesIO(plain)) is None
    assert recognised("-", plain[:SNIFFED]) == "claimreview"


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(content: bytes) -> None:
    assert recognised("file", content, io.BytesIO(content)) in (None, "ndjson", "claimreview", "xlsx", BUNDLE)


@given(
    st.dictionaries(st.sampled_from(["a", "text", "id", "@type", "claims", '"', "\\"]), st.text(max_size=5) | st.lists(st.text(max_size=3)))
)
def test_keys_are_read_as_json_has_them(value: dict[str, object]) -> None:
    content = json.dumps(value).encode()
    told = "claimreview" if value.keys() & {"@type", "claims"} else "ndjson" if "text" in value else None
    assert recognised("file", content) == told


def test_hostile_beginnings_take_no_time() -> None:
    made = random.Random(20)  # noqa: S311 -- no secret is made
    for content in (
        b'{"' * SNIFFED, b'{"a' + b'\\"[' * SNIFFED, b"[" * SNIFFED, b'{"a"' + b" " * SNIFFED, b'{"a": "' + b"\\" * SNIFFED,
        bytes(made.choices(b'{}[]",:\\ a', k=SNIFFED)), b"PK\x03\x04" * SNIFFED,
    ):  # fmt: skip
        started = time.process_time()
        recognised("file", content[:SNIFFED], io.BytesIO(content[:SNIFFED]))
        assert time.process_time() - started < 3, content[:20]
