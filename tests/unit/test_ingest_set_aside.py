"""What office programs' documents hold beside their text: struck out, hidden, deleted, commented on."""

import io
import zipfile

import pytest
from ingest_documents import document, with_member

from claimreg.ingest.extract import read
from claimreg.ingest.formats import ODT
from claimreg.ingest.formats.set_aside import COMMENT, HIDDEN, READING, STRUCK
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.linker import LayeredLinker
from claimreg.services.recording.sources import joined

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KINDS = ("set-aside.docx", "set-aside.odt", "set-aside.rtf", "set-aside.fodt")


def labelled(found: Extraction) -> list[tuple[str, str]]:
    """The lines of what was left out, each with the label that holds where it begins."""
    at, lines = len(found.text) + 1, []
    for line in found.left_out.split("\n"):
        label = next((one.label for one in reversed(found.locators) if one.start <= at), "")
        lines.append((label, line))
        at += len(line) + 1
    return lines


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_office_program_wrote_is_set_aside_under_its_name(kind: str) -> None:
    found = read(document(kind), Hints("x"), Limits())
    assert [" ".join(line.split()) for line in found.text.split("\n")] == [
        "The harbour master promised that the night ferry will run until the pier is mended.",
        "Қалалық кеңес көпірді биыл жөндейді.",
        "Nothing else was said that evening.",
    ]
    assert sorted(labelled(found)) == [
        (COMMENT, "Who told you that the council has the money?"),
        (HIDDEN, "The council has no money at all."),
        (STRUCK, "before the autumn storms"),
        (STRUCK, "every single evening"),
        (STRUCK, "келесі жылы көктемде"),
    ]
    [match] = LayeredLinker().find("Who told you that the council has the money?", joined(found.text, found.left_out)).matches
    assert match.start > len(found.text)


@pytest.mark.parametrize("kind", ["libreoffice.docx", "libreoffice.odt", "libreoffice.rtf"])
def test_of_a_real_document_only_the_deleted_word_is_set_aside(kind: str) -> None:
    assert labelled(read(document(kind), Hints(kind), Limits())) == [(STRUCK, "thirty")]


def word(body: str, styles: str = "") -> Extraction:
    content = with_member(
        document("set-aside.docx"), "word/document.xml", lambda _: f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
    )
    content = with_member(content, "word/styles.xml", lambda _: f"<w:styles {W}>{styles}</w:styles>".encode())
    return read(content, Hints("x.docx"), Limits())


def run(words: str, *properties: str) -> str:
    return f"<w:r><w:rPr>{''.join(f'<w:{one}/>' for one in properties)}</w:rPr><w:t>{words}</w:t></w:r>"


def test_of_words_looks_their_own_go_before_their_styles() -> None:
    style = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
    styled, off = 'rStyle w:val="Gone"', 'strike w:val="0"'
    found = word(
        f"<w:p>{run('Kept.')}{run('Struck.', styled)}{run('Shown.', styled, off)}{run('Twice.', 'dstrike')}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('A row.')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:p><w:ruby><w:rt>{run('reading')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:p>",
        style,
    )
    assert found.text == "Kept.Shown.\nbase"
    assert [one for one in labelled(found) if one[0] != COMMENT] == [
        (STRUCK, "Struck."), (STRUCK, "Twice."), (STRUCK, "A row."), (READING, "reading"),
    ]  # fmt: skip


def test_a_flat_text_is_known_and_a_style_hands_on_its_looks() -> None:
    content = document("set-aside.fodt").decode()
    base = '<style:style style:name="Base" style:family="text"><style:text-properties style:text-line-through-type="single"/></style:style>'
    child = '<style:style style:name="T2" style:family="text" style:parent-style-name="Base"/>'
    other = '<style:style style:name="Old" style:family="text"><style:text-properties text:display="none"/></style:style>'
    old = '<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>'
    assert old in content
    found = read(content.replace(old, base + child + other).encode(), Hints("x"), Limits())
    assert found.media_type == ODT
    assert (STRUCK, "The council has no money at all.") in labelled(found)


def test_rtf_that_breaks_off_is_read_as_far_as_it_goes_and_told() -> None:
    whole = document("set-aside.rtf")
    cut = whole[: whole.index(b"until the pier")]
    found = read(cut, Hints("x.rtf"), Limits())
    assert found.text.startswith("The harbour master promised")
    assert "The end of the file is missing" in found.notes[0]
    assert not any("missing" in note for note in read(whole, Hints("x.rtf"), Limits()).notes)


def test_rtf_of_many_pieces_is_read_in_time_that_grows_with_it() -> None:
    pieces = b"".join(rb"{\strike gone %d} kept %d " % (number, number) for number in range(6_000))
    found = read(rb"{\rtf1\ansi " + pieces + b"}", Hints("x.rtf"), Limits())
    assert found.left_out.count("\n") == 5_999
    assert [one.label for one in found.locators] == [STRUCK]


def test_a_document_without_such_words_has_no_second_text() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODT)
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>The pier is mended.</text:p>'
            "</office:text></office:body></office:document-content>",
        )
    found = read(out.getvalue(), Hints("x.odt"), Limits())
    assert (found.text, found.left_out, found.locators) == ("The pier is mended.", "", ())


def mail(*forms: tuple[str, str], end: bool = True) -> Extraction:
    parts = "".join(f"--x\nContent-Type: text/{kind}; charset=utf-8\n\n{words}\n" for kind, words in forms)
    head = "From: a@pier.example\nTo: b@pier.example\nSubject: Pier\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"
    return read((head + parts + ("--x--\n" if end else "")).encode(), Hints("a.eml"), Limits())


def test_the_other_form_of_a_mail_is_set_aside_where_it_says_more() -> None:
    words = "The harbour master promised that the night ferry will run until the pier is mended."
    more = mail(("plain", words), ("html", f"<p>{words}</p><p>Nobody asked the crew.</p>"))
    assert more.text.strip() == words
    assert labelled(more) == [("the mail's other form", words), ("the mail's other form", "Nobody asked the crew.")]
    same = mail(("plain", words), ("html", f"<p>{words}</p>"))
    assert (same.left_out, same.notes) == ("", ())


def test_a_mail_that_breaks_off_is_told_so() -> None:
    assert "The end of the file is missing" in mail(("plain", "The pier is mended."), end=False).notes[0]
