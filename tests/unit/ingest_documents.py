"""What the tests of reading documents share: real files, quotes that are in all of them, and how to damage a file."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.linker import LayeredLinker
from claimreg.model import LinkKind
from claimreg.services.recording.sources import joined

DOCUMENTS = Path(__file__).parents[1] / "fixtures" / "documents"
QUOTES: list[str] = [one["quote"] for one in json.loads((DOCUMENTS / "quotes.json").read_text(encoding="utf-8"))]
SAME_WORDS = {LinkKind.EXACT, LinkKind.TYPOGRAPHIC}
LINKER = LayeredLinker()

Extract = Callable[[bytes, Hints, Limits], Extraction]


def document(name: str) -> bytes:
    return (DOCUMENTS / name).read_bytes()


def read(extract: Extract, content: bytes, limits: Limits | None = None) -> Extraction:
    return extract(content, Hints("the file"), limits or Limits())


def assert_linked(quote: str, text: str) -> None:
    (match,) = LINKER.find(quote, text).matches
    assert match.kind in SAME_WORDS
    assert match.edits == 0


def assert_refused(extract: Extract, content: bytes, *words: str, limits: Limits | None = None) -> None:
    with pytest.raises(InputError) as caught:
        read(extract, content, limits)
    sentence = str(caught.value)
    assert sentence.startswith(("the file", "The PDF the file", "No page of"))
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert all(word in sentence for word in words), sentence


def assert_reads_or_refuses(extract: Extract, content: bytes) -> None:
    """Whatever the bytes: a text that can be stored, or one sentence."""
    found, refusal = None, ""
    try:
        found = read(extract, content, Limits(size=2**24, seconds=10))
    except InputError as error:
        refusal = str(error)
    assert "\n" not in refusal
    if found is None:
        assert refusal
        return
    whole = joined(found.text, found.left_out)
    assert whole.encode("utf-8")
    assert all(0 <= locator.start <= len(whole) for locator in found.locators)


@st.composite
def damage(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with some of them flipped, some put in or taken out, and perhaps the end cut off."""
    damaged = bytearray(content)
    for position, byte in draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=40)):
        damaged[position] = byte
    at, length = draw(st.integers(0, len(damaged))), draw(st.integers(0, 200))
    damaged[at : at + length] = draw(st.binary(max_size=200))
    return bytes(damaged[: draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))])


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def with_member(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = members(content)
    return packed({**parts, name: change(parts.get(name, b""))})


def maker() -> ModuleType:
    """The script that made the files, whose ways to run LibreOffice and Chromium hold for other texts too."""
    specification = importlib.util.spec_from_file_location("make_documents", DOCUMENTS / "make.py")
    assert specification is not None
    assert specification.loader is not None
    made = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(made)
    return made


def require_program(name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed here")
