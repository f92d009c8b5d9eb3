"""Word articles: roles by styles, notes, tracked changes, and paragraphs that are counted."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from articles import assert_placed, of_role
from docx.enum.style import WD_STYLE_TYPE
from ingest_documents import with_member

from claimreg.errors import InputError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.types import Hints, Limits
from claimreg.services.articles import Article, Position, Role, position

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = "word/document.xml"


def word_of(change: Callable[[docx.document.Document], object]) -> bytes:
    made = docx.Document()
    change(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def read(content: bytes) -> Article:
    article = parse_article(content, Hints("draft.docx"), Limits())
    assert_placed(article)
    return article


def with_body(inner: str) -> bytes:
    body = f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{inner}</w:body></w:document>'
    return with_member(word_of(lambda _: None), BODY, lambda _: body.encode())


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def of_styles(*paragraphs: tuple[str, str]) -> Callable[[docx.document.Document], None]:
    def make(document: docx.document.Document) -> None:
        for style, text in paragraphs:
            document.add_paragraph(text, style=style)

    return make


def test_styles_give_roles_and_quotations_in_a_row_are_one() -> None:
    article = read(word_of(of_styles(
        ("Title", "Wells"), ("Heading 2", "East"), ("Normal", "She wrote:"), ("Quote", "The well is dry."),
        ("Intense Quote", "It is cold."),
        ("Normal", "Then:"), ("Quote", "We waited."),
    )))  # fmt: skip
    assert [(block.role.value, block.text, block.group) for block in article.blocks] == [
        ("heading", "Wells", None), ("heading", "East", None), ("body", "She wrote:", None), ("quote", "The well is dry.", 1),
        ("quote", "It is cold.", 1), ("body", "Then:", None), ("quote", "We waited.", 2),
    ]  # fmt: skip


def test_the_line_below_a_quotation_that_names_somebody_is_its_cite() -> None:
    article = read(word_of(of_styles(("Quote", "The well is dry."), ("Quote", "— Mira Holt"))))
    assert [(block.role, block.group) for block in article.blocks] == [(Role.QUOTE, 1), (Role.CITE, 1)]


def test_a_style_that_is_based_on_a_quotation_is_one_whatever_its_name() -> None:
    def make(document: docx.document.Document) -> None:
        own = document.styles.add_style("Цитата сводки", WD_STYLE_TYPE.PARAGRAPH)
        own.base_style = document.styles["Quote"]
        document.add_paragraph("The well is dry.", style=own)

    assert [block.role for block in read(word_of(make)).blocks] == [Role.QUOTE]


def test_a_style_is_known_by_its_name_where_its_id_is_in_another_language() -> None:
    content = with_member(
        word_of(of_styles(("Quote", "The well is dry."))), BODY, lambda xml: xml.replace(b'w:val="Quote"', b'w:val="Zitat7"')
    )
    content = with_member(content, "word/styles.xml", lambda xml: xml.replace(b'w:styleId="Quote"', b'w:styleId="Zitat7"'))
    assert [block.role for block in read(content).blocks] == [Role.QUOTE]


def test_styles_that_are_based_on_each_other_end() -> None:
    content = with_body(f'<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr>{run("Dry.")}</w:p>')
    styles = "".join(f'<w:style w:styleId="{own}"><w:basedOn w:val="{base}"/></w:style>' for own, base in ("ab", "ba"))
    styles = f"<w:styles {W}>{styles}</w:styles>"
    assert [block.role for block in read(with_member(content, "word/styles.xml", lambda _: styles.encode())).blocks] == [Role.BODY]


def test_deleted_text_is_none_and_inserted_text_is() -> None:
    inner = (
        f'<w:p>{run("“The well ")}<w:del w:id="1"><w:r><w:delText>was</w:delText></w:r></w:del>'
        f'<w:ins w:id="2">{run("is")}</w:ins>{run(" dry”")}</w:p>'
        f'<w:p><w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr>{run("One ")}</w:p><w:p>{run("paragraph")}</w:p>'
    )
    assert [block.text for block in read(with_body(inner)).blocks] == ["“The well is dry”", "One paragraph"]


def test_notes_come_last_and_have_their_role() -> None:
    article = read(with_note(f"<w:p>{run('See “Wells”.')}</w:p>"))
    assert [block.text for block in of_role(article, Role.NOTE)] == ["See “Wells”."]
    assert [block.text for block in of_role(article, Role.BODY)] == ["“The well is dry.”"]


def with_note(note: str) -> bytes:
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    content = with_body(f"<w:p>{run('“The well')}{reference}{run(' is dry.”')}</w:p>")
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p>{run("x")}</w:p></w:footnote>'
        f'<w:footnote w:id="2">{note}</w:footnote></w:footnotes>'
    )
    content = with_member(content, "word/footnotes.xml", lambda _: notes.encode())
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = with_member(content, "[Content_Types].xml", lambda xml: xml.replace(
        b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()))  # fmt: skip
    return with_member(content, "word/_rels/document.xml.rels", lambda xml: xml.replace(
        b"</Relationships>", f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'.encode()))  # fmt: skip


def test_positions_are_paragraphs_and_columns_in_them() -> None:
    inner = f"<w:p>{run('A')}</w:p><w:p/><w:p>{run('B ')}<w:r><w:br/></w:r>{run('“c”')}</w:p>"
    inner += f"<w:tbl><w:tr><w:tc><w:p>{run('D')}</w:p></w:tc></w:tr></w:tbl>"
    article = read(with_body(inner))
    first, third, cell = article.blocks
    assert third.text == "B \n“c”"
    assert [position(article, first, 0), position(article, third, 3), position(article, cell, 0)] == [(1, 1), (3, 4), (4, 1)]
    assert position(article, third, len(third.text)) == Position(3, 7)


def test_an_empty_document_has_no_blocks() -> None:
    assert read(word_of(lambda _: None)).blocks == ()


@pytest.mark.parametrize("harm", [lambda content: content[: len(content) // 2], lambda content: content[:40] + b"\xff" * 40 + content[80:]])
def test_a_torn_document_is_refused_in_a_sentence(harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InputError, match=r"draft\.docx"):
        read(harm(word_of(of_styles(("Quote", "The well is dry.")))))


def test_raised_digits_behind_a_word_are_a_notes_and_behind_a_unit_a_power() -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    (block,) = read(with_body(f"<w:p>{run('“The well')}{raised}{run(' of 5 m')}{raised}{run(' is dry”')}</w:p>")).blocks
    assert block.text == "“The well of 5 m² is dry”"
