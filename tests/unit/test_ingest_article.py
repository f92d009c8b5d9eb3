"""The article in each format that offices hand out: its quotes link with the same words. The article is no part of the repository."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from ingest_documents import LINKER, SAME_WORDS, Extract, maker, read, require_program

from claimreg.ingest.formats import opendocument, pdf, rtf, word

PLACES = {"law": (578, 609), "accusation": (817, 872), "amnesty": (1338, 1511)}
FORMATS: dict[str, Extract] = {
    "odt": opendocument.extract,
    "docx": word.extract,
    "rtf": rtf.extract,
    "pdf": pdf.extract,
    "printed": pdf.extract,
}
STYLE = "body { font: 14pt serif; text-align: justify; hyphens: auto } article { column-count: 2 }"


@pytest.fixture(scope="module")
def article(article_path: Path) -> str:
    return article_path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(article: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    require_program("soffice")
    require_program("chromium")
    folder, make = tmp_path_factory.mktemp("article"), maker()
    lines = [html.escape(line) for line in article.splitlines()]
    page, flat = folder / "article.html", folder / "article.fodt"
    body = "".join(f"<p>{line}</p>" for line in lines)
    page.write_text(f'<html lang="kk"><meta charset="utf-8"><style>{STYLE}</style><article>{body}</article></html>', encoding="utf-8")
    office = 'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"'
    body = "".join(f"<text:p>{line}</text:p>" for line in lines)
    inside = f"<office:body><office:text>{body}</office:text></office:body>"
    flat.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {make.NAMESPACES} {office}>{inside}</office:document>', encoding="utf-8"
    )
    office_files = {kind: make.libreoffice(flat, kind, folder) for kind in ("odt", "docx", "rtf", "pdf")}
    return {**office_files, "printed": make.chromium(page, folder)}


@pytest.mark.parametrize("form", FORMATS)
def test_the_articles_quotes_are_found_in_every_format(article: str, made: dict[str, Path], form: str) -> None:
    text = read(FORMATS[form], made[form].read_bytes()).text
    places = {**PLACES, "director": (0, article.index("”"))}
    for name, (start, end) in places.items():
        found = [(match.kind, match.edits) for match in LINKER.find(article[start:end], text).matches]
        assert len(found) == 1, name
        assert found[0][0] in SAME_WORDS
        assert found[0][1] == 0
