"""Files whose transfer broke off: told for what they are, whatever they are called."""

import io
import zipfile

import pytest
from ingest_documents import document

from claimreg.errors import InputError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.extract import read
from claimreg.ingest.types import Hints, Limits
from claimreg.ingest.web.warc import archived_documents

MISSING = "the end of the file is missing, as if its transfer broke off"
PLACES = (0.02, 0.3, 0.7, 0.97)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["libreoffice.docx", "libreoffice.odt"])
def test_an_offices_document_without_its_end_is_no_archive_to_unpack(kind: str, place: float) -> None:
    whole = document(kind)
    cut = whole[: max(40, int(len(whole) * place))]
    for name in (kind, "without-a-suffix"):
        with pytest.raises(InputError, match=rf"^{name} is damaged: {MISSING}; fetch it anew\.$"):
            read(cut, Hints(name), Limits())


def test_a_pdf_without_its_end_is_told_so() -> None:
    whole = document("libreoffice.pdf")
    with pytest.raises(InputError, match=rf"^x is damaged: {MISSING}; fetch it anew\.$"):
        read(whole[:9_000], Hints("x"), Limits())
    with pytest.raises(InputError, match="or it is damaged"):
        read(b"%PDF-1.7\nnothing of a PDF\n%%EOF", Hints("x"), Limits())


def test_a_zip_file_without_members_is_no_text() -> None:
    with pytest.raises(InputError, match="an archive of files"):
        read(b"PK\5\6" + bytes(18), Hints("x"), Limits())


def test_a_draft_and_any_other_zip_file_without_its_end_is_told_so() -> None:
    cut = document("libreoffice.docx")[:-400]
    with pytest.raises(InputError, match=MISSING):
        parse_article(cut, Hints("draft.docx"), Limits())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes/a.txt", b"The pier is mended.")
    for name in ("x.zip", "x.docx", "x"):
        with pytest.raises(InputError, match=MISSING):
            read(out.getvalue()[:-30], Hints(name), Limits())
    with pytest.raises(InputError, match="an archive of files"):
        read(out.getvalue(), Hints("x.zip"), Limits())


def test_a_damaged_list_of_members_is_no_missing_end() -> None:
    content = bytearray(document("libreoffice.docx"))
    content[content.rindex(b"PK\x01\x02")] ^= 0xFF
    with pytest.raises(InputError, match=r"^x is damaged and cannot be read as a document; fetch or export it anew\.$"):
        read(bytes(content), Hints("x"), Limits())


def test_a_web_archive_in_a_zip_file_without_its_end_is_told_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("archive/a.warc", b"WARC/1.0\r\n\r\n" * 30)
    with pytest.raises(InputError, match=rf"^x\.wacz is damaged: {MISSING}; get the archive anew\.$"):
        list(archived_documents(io.BytesIO(out.getvalue()[:-30]), "x.wacz", Limits()))
