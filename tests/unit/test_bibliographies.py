"""Sources as RIS, BibTeX and CSL-JSON: other people's readers give back what the registry has, whatever a title holds."""

import json
import re
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parse_bibtex
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from exports import a_capture, a_claim, a_party, a_source, an_attribution, exported, registry_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from pybtex.richtext import Text
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from claimreg.interchange.references import Kind, kind_of, plain
from claimreg.model import Source
from claimreg.render.safe import visible

HOSTILE = [
    "a" * 300, r"100 % of {braces} \& $5_000 #1 a~b x^2", "} }{ {", "\\", "a -- b --- c",
    "''quoted'' ``so'' ?` !` <<x>> ,,y", 'She said "no"', "a\nb\r\nc\td", "@article{x, title = {y}}", "TY  - JOUR", "ER  - ",
    "مرحبا بالعالم", "\u202egnp.exe", "👩‍🔬 says", "\x1b[31mred\x07", "a\x85b\u2028c\x0bd\x1ce", "{\\rm x}",
    "<i>x</i> &amp; <script>", "\ufeffmarked", "=1+1", "%", "ends \\", "half {", "a\u00a0b", "c\u0327",
]  # fmt: skip
TITLES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60),
    st.lists(st.sampled_from([*"\\{}$%&#_~^-'`\"@,=\n\r\t \u202e\u200f", "и", "ش", "x", "{\\", "}}"]), min_size=1).map("".join),
).filter(lambda text: bool(plain(text)))
FULL: dict[str, Any] = {
    "title": "Notice", "author": "Reuters, Staff and others", "publisher": "Harbour office", "published_at": "2020-06", "lang": "kk-Latn",
    "url": "https://example.org/a%20b?x=1&y={z}_#q", "archive_url": "https://web.archive.org/x", "caption": "A ferry",
}  # fmt: skip


def full_source() -> dict[str, bytes]:
    store = registry_of([
        a_party(1), a_claim(1, case="Ferry", tags=("pier", "a, b")), a_claim(2, tags=("other",)), a_source(1, **FULL), a_capture(1, 1),
        an_attribution(1, 1, 1), an_attribution(2, 2, 1),
    ])  # fmt: skip
    return {name: exported(name, store, "C1")[0] for name in ("ris", "bibtex", "csl")}


def with_title(name: str, title: str) -> bytes:
    return exported(name, registry_of([a_source(1, title), a_capture(1, 1), a_source(2, "Next"), a_capture(2, 2)]))[0]


def latex_of(library: Library) -> Library:
    """The texts that LaTeX would set: this reader's decoder, with LaTeX's own names of three signs that it does not know."""
    context = get_default_latex_context_db()
    known = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    context.add_context_category("signs", macros=[MacroTextSpec(*one) for one in known.items()], prepend=True)
    decoder = LatexNodes2Text(latex_context=context, math_mode="verbatim")
    return LatexDecodingMiddleware(decoder=decoder).transform(library)


def as_read(text: str) -> str:
    """A text as these readers may give it back: white space of any kind and length is a space."""
    return re.sub(r"\s+", " ", plain(text)).strip()


def test_ris_has_every_detail_of_a_source() -> None:
    lines = full_source()["ris"].decode().split("\r\n")
    assert lines == [
        "TY  - ELEC", "ID  - claimreg-S1", "TI  - Notice", "AU  - Reuters, Staff and others", "PB  - Harbour office",
        "T2  - Harbour office", "PY  - 2020", "DA  - 2020/06//", "Y2  - 2021/03/04/", f"UR  - {FULL['url']}", "N1  - Archived: https://web.archive.org/x",
        "AB  - A ferry", "LA  - kk-Latn", "KW  - Ferry", "KW  - pier", "KW  - a, b", "ER  - ", "", ""
    ]  # fmt: skip


def test_rispy_reads_every_detail_of_a_source() -> None:
    (entry,) = rispy.loads(full_source()["ris"].decode())
    assert entry["type_of_reference"] == "ELEC"
    assert (entry["title"], entry["authors"], entry["publisher"]) == ("Notice", [FULL["author"]], "Harbour office")
    assert (entry["date"], entry["access_date"], entry["urls"]) == ("2020/06//", "2021/03/04/", [FULL["url"]])
    assert (entry["id"], entry["keywords"], entry["language"]) == ("claimreg-S1", ["Ferry", "pier", "a, b"], "kk-Latn")


def test_two_readers_of_bibtex_read_every_detail_of_a_source() -> None:
    text = full_source()["bibtex"].decode()
    raw = {
        "title": "{Notice}", "author": "{Reuters, Staff and others}", "organization": "{Harbour office}", "date": "2020-06",
        "urldate": "2021-03-04", "url": r"https://example.org/a%20b?x=1&y=%7Bz%7D_#q", "note": "Archived: https://web.archive.org/x",
        "abstract": "A ferry", "langid": "kazakh", "keywords": "Ferry, pier, {a, b}",
    }  # fmt: skip
    library = parse_bibtex(text)
    assert (library.failed_blocks, [(one.entry_type, one.key) for one in library.entries]) == ([], [("online", "claimreg-S1")])
    assert {one.key: one.value for one in library.entries[0].fields} == raw
    entry = parse_string(text, "bibtex").entries["claimreg-S1"]
    assert [str(one) for one in entry.persons["author"]] == [raw.pop("author")]
    assert dict(entry.fields) == raw


def test_citeproc_renders_what_csl_json_has() -> None:
    items = json.loads(full_source()["csl"])
    assert items == [
        {
            "id": "claimreg-S1", "type": "webpage", "title": "Notice", "author": [{"literal": FULL["author"]}],
            "container-title": "Harbour office", "issued": {"date-parts": [[2020, 6]]}, "accessed": {"date-parts": [[2021, 3, 4]]},
            "URL": FULL["url"], "note": "Archived: https://web.archive.org/x", "abstract": "A ferry", "language": "kk-Latn",
            "keyword": "Ferry, pier, a, b",
        }
    ]  # fmt: skip
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem("claimreg-S1")]))
    (shown,) = map(str, bibliography.bibliography())
    assert "Notice, Harbour office" in shown
    assert "(2020)" in shown
    assert "Accessed: March 4, 2021" in shown


@settings(max_examples=40)
@given(TITLES)
def test_rispy_gives_back_any_title(title: str) -> None:
    entries = rispy.loads(with_title("ris", title).decode())
    assert [as_read(one["title"]) for one in entries] == [as_read(title), "Next"]


@settings(max_examples=40)
@given(TITLES)
@example("a\\{b} -- ''$^")
def test_bibtexparser_gives_back_any_title(title: str) -> None:
    library = latex_of(parse_bibtex(with_title("bibtex", title).decode()))
    assert (library.failed_blocks, len(library.entries)) == ([], 2)
    assert [as_read(one["title"]) for one in library.entries] == [as_read(title), "Next"]


@settings(max_examples=40)
@given(TITLES)
@example("a\\{b} -- ''$^")
def test_pybtex_gives_back_any_title(title: str) -> None:
    titles = [
        str(Text.from_latex(one.fields["title"])) for one in parse_string(with_title("bibtex", title).decode(), "bibtex").entries.values()
    ]
    # LaTeX's own names of signs that this reader's decoder leaves as they are.
    for name, sign in ((r"\$", "$"), (r"\textasciicircum ", "^"), (r"\textbraceleft ", "{"), (r"\textbraceright ", "}")):
        titles[0] = titles[0].replace(name, sign)
    assert [as_read(one) for one in titles] == [as_read(title), "Next"]


@settings(max_examples=40)
@given(TITLES)
def test_json_gives_back_any_title_to_the_letter(title: str) -> None:
    text = with_title("csl", title).decode()
    assert [one["title"] for one in json.loads(text)] == [title, "Next"]
    assert visible(text) == text


@settings(max_examples=40)
@given(TITLES)
def test_nothing_in_a_file_of_lines_acts(title: str) -> None:
    for name in ("ris", "bibtex"):
        text = with_title(name, title).decode().replace("\r\n", "\n")
        assert visible(text) == text


@pytest.mark.parametrize(
    ("media_type", "url", "kind"),
    [
        ("text/html", "https://x", Kind.PAGE), ("application/pdf", "https://x", Kind.PAGE), (None, "https://x", Kind.PAGE),
        ("application/pdf", None, Kind.DOCUMENT), (None, None, Kind.DOCUMENT), ("video/mp4", "https://x", Kind.VIDEO),
        ("audio/mpeg", None, Kind.SOUND), ("image/png", None, Kind.PICTURE),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_bytes_and_address_and_never_guessed(media_type: str | None, url: str | None, kind: Kind) -> None:
    assert kind_of(media_type, url) is kind


def test_a_source_that_was_never_captured_is_cited_without_a_day_of_access() -> None:
    store = registry_of([a_source(1, url="https://example.org/x"), a_source(2)])
    written = exported("ris", store)[0].decode()
    assert [one["type_of_reference"] for one in rispy.loads(written)] == ["ELEC", "GEN"]
    assert "Y2" not in written
    assert "urldate" not in exported("bibtex", store)[0].decode()
    assert [one["type"] for one in json.loads(exported("csl", store)[0]) if "accessed" not in one] == ["webpage", "document"]


def test_every_kind_has_a_type_that_readers_know() -> None:
    media = ["text/plain", "video/mp4", "audio/mpeg", "image/png"]
    store = registry_of(
        [one for number, media_type in enumerate(media, 1) for one in (a_source(number), a_capture(number, number, media_type))]
    )
    ris = [one["type_of_reference"] for one in rispy.loads(exported("ris", store)[0].decode())]
    assert ris == ["GEN", "VIDEO", "SOUND", "FIGURE"]
    assert set(ris) <= set(rispy.config.TYPE_OF_REFERENCE_MAPPING)
    assert re.findall(r"^@(\w+)", exported("bibtex", store)[0].decode(), re.MULTILINE) == ["misc", "video", "audio", "image"]
    assert [one["type"] for one in json.loads(exported("csl", store)[0])] == ["document", "motion_picture", "song", "graphic"]


@pytest.mark.parametrize(
    ("date", "ris", "bibtex", "parts"),
    [
        ("2020", "2020///", "2020", [2020]), ("2020-06", "2020/06//", "2020-06", [2020, 6]),
        ("2020-06-22", "2020/06/22/", "2020-06-22", [2020, 6, 22]), ("2020-06-22T10:00+06:00", "2020/06/22/", "2020-06-22", [2020, 6, 22]),
    ],
)  # fmt: skip
def test_a_date_keeps_its_precision(date: str, ris: str, bibtex: str, parts: list[int]) -> None:
    store = registry_of([a_source(1, published_at=date), a_capture(1, 1)])
    assert f"DA  - {ris}\r\n" in exported("ris", store)[0].decode()
    assert f"  date = {{{bibtex}}},\n" in exported("bibtex", store)[0].decode()
    assert json.loads(exported("csl", store)[0])[0]["issued"] == {"date-parts": [parts]}


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl"])
def test_a_withheld_source_is_left_out_and_counted_as_is_all_that_is_no_source(name: str) -> None:
    secret = Source(**{**vars(a_source(2, "Leaked summary", url="https://secret.example")), "withheld": "to protect a witness"})
    store = registry_of([a_party(1), a_claim(1), a_source(1), secret, a_capture(1, 1), a_capture(2, 2), an_attribution(1, 1, 2)])
    written, told = exported(name, store)
    assert b"Leaked" not in written
    assert b"secret" not in written
    assert b"S2" not in written
    assert dict(told.left_out) == {"withheld source": 1, "claim": 1, "party": 1, "attribution": 1}


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl"])
def test_the_same_registry_gives_the_same_bytes_and_none_a_file_that_can_be_read(name: str) -> None:
    store = registry_of([a_source(1, **FULL), a_capture(1, 1), a_source(2), a_capture(2, 2)])
    assert exported(name, store) == exported(name, store)
    nothing = exported(name, registry_of([]))[0].decode()
    assert nothing == ("[]\n" if name == "csl" else "")
