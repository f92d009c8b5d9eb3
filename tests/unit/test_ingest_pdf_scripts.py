"""PDF in other scripts, and with numbered lines: files of real programs, see `tests/fixtures/documents/pdf/make_pdfs.py`."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from ingest_documents import DOCUMENTS, read
from test_ingest_pdf import labels

from claimreg.ingest.formats.bidi import matched, read_order
from claimreg.ingest.formats.page_lines import HEADS_AND_FEET, LINE_NUMBERS
from claimreg.ingest.formats.pdf import extract

FOLDER = DOCUMENTS / "pdf"
TEXTS: dict[str, list[str]] = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in FOLDER.glob("*.pdf"))


def plain(text: str) -> str:
    """The text in one spelling, on one line; a range that is broken at its hyphen is whole."""
    return re.sub(r"(?<=\d-) ", "", " ".join(unicodedata.normalize("NFC", text).split()))


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("record")])
def test_every_paragraph_reads_as_it_was_written(name: str) -> None:
    text = plain(read(extract, (FOLDER / name).read_bytes()).text)
    missing = [one for one in TEXTS[name.partition(".")[0]] if plain(one) not in text]
    assert not missing


@pytest.mark.parametrize("program", ["chromium", "libreoffice"])
def test_numbers_of_lines_heads_and_feet_stand_beside_the_text(program: str) -> None:
    found = read(extract, (FOLDER / f"record.{program}.pdf").read_bytes())
    assert plain(found.text) == plain(" ".join(TEXTS["record"]))
    left = dict(labels(found))
    head = {"chromium": "Court of the North\n31\n32", "libreoffice": "The Northern Record\nSheet 1\nSheet 2"}[program]
    assert left[HEADS_AND_FEET] == head
    assert left[LINE_NUMBERS].split()[:3] == ["1", "2", "3"]


CELL = re.compile(r"[א-תا-ي]|[^\W_]+|.")


@pytest.mark.parametrize(
    ("seen", "written"),
    [
        ("גבא", "אבג"),
        ("12:30 בא", "אב 12:30"),
        ("ד 2020-2021 בא", "אב 2020-2021 ד"),
        ("2020- בא", "אב 2020-"),
        ("3 1500 בא", "אב 1500 3"),
        ("20% בא", "אב 20%"),
        ("ד XY 12% בא", "אב XY 12% ד"),
        ("(ב) א", "א (ב)"),
    ],
)
def test_what_is_seen_in_hebrew_is_read_from_right_to_left(seen: str, written: str) -> None:
    assert "".join(read_order(CELL.findall(seen), backwards=True, arabic=False, mirror=True)) == written


@pytest.mark.parametrize(
    ("seen", "written"), [("د 2021-2020 با", "اب 2020-2021 د"), ("%20 با", "اب 20%"), ("1,500 با", "اب 1,500"), (")ب( ا", "ا (ب)")]
)
def test_what_is_seen_in_arabic_is_read_from_right_to_left(seen: str, written: str) -> None:
    assert "".join(read_order(CELL.findall(seen), backwards=True, arabic=True, mirror=False)) == written


def test_words_from_right_to_left_stand_in_a_line_of_the_other_direction() -> None:
    seen = "the word גבא הד (1) or ו, 2"
    assert "".join(read_order(CELL.findall(seen), backwards=False, arabic=False, mirror=True)) == "the word דה אבג (1) or ו, 2"


def test_brackets_are_counted_that_match() -> None:
    assert (matched("(a) [b]"), matched(")a("), matched("a (b] c")) == (2, -2, -2)
