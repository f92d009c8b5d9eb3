"""CSV: what is written comes back whole, what others write is read, and what cannot be is told."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import URL, claims_of, fill, imported, new_registry, rows_of, texts_of, written

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError, UsageError
from claimreg.interchange.table_columns import NAMES, READ
from claimreg.interchange.tables import guarded
from claimreg.model import Attribution, Claim, Source, Stance, Verdict
from claimreg.services.exchange.rows import ClaimRow, SourceRow, StatementRow, Told, VerdictRow
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_claim
from claimreg.services.recording.sources import SourceDetails
from claimreg.vocabulary import DayOrder

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
"""Any text that a registry holds, but for white space around it, which it takes away."""

ODD = st.sampled_from(
    ["=1+1", "'=1+1", "''@a", "-5", "\ufeffa", "\u202eabc", "a\r\nb", "a\rb", 'say "no"', "＝1", "a;b\tc", "'", "\x85x", "1\u2028"]
)


def cells_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# Written.


def test_each_who_said_it_has_a_row_and_a_claim_of_nobody_has_one() -> None:
    registry = new_registry()
    fill(registry)
    first, second, bare = cells_of(written(registry, "csv"))
    assert first == {
        "claim_id": "C1", "external_id": "desk-7", "claim": "'=The night ferry\nis \"cancelled\"", "title": "Ferry", "lang": "en",
        "case": "Harbour", "tags": "sea; law", "by": "Harbour office", "stance": "asserts", "quote": "ferry will not run until the pier",
        "quote_lang": "en", "said_at": "2025-12", "source": "S1", "source_title": "The notice", "source_url": URL,
        "publisher": "Harbour paper", "published_at": "2025-12-01", "link_kind": "altered", "link_state": "confirmed",
        "source_start": "18", "source_end": "36", "flags": "negation; date", "not_judged": "tense", "verdict": "Misleading",
        "scheme": "Desk", "why": "Seen on the pier.", "rated_by": "ann", "rated_at": "2026-01-01T10:00:00Z",
    }  # fmt: skip
    assert (second["claim_id"], second["by"], second["stance"], second["quote"]) == ("C1", "Captain; Serik", "denies", "''=It runs")
    assert {name: text for name, text in bare.items() if text} == {"claim_id": "C2", "claim": "The night ferry runs"}
    assert tuple(first) == NAMES


def test_what_the_table_cannot_hold_is_counted() -> None:
    registry, told = new_registry(), Told()
    fill(registry)
    written(registry, "csv", told)
    assert dict(told.left_out) == {
        "superseded verdict": 1, "further link": 1, "altered word": 2, "relation": 1, "other name": 1, "source's detail": 1,
    }  # fmt: skip


def test_a_withheld_source_is_not_named_and_comes_back_as_withheld() -> None:
    registry = new_registry()
    fill(registry, withheld="the clerk is in danger")
    content = written(registry, "csv")
    assert not any(word in content.decode() for word in ("The notice", "Harbour paper", URL))
    first = cells_of(content)[0]
    assert (first["source"], first["source_title"]) == ("S1", "Source withheld: the clerk is in danger")
    assert (first["source_start"], first["link_kind"]) == ("", "altered")
    again, result = imported(content, "csv")
    assert (result.left_out["withheld source"], list(again.reader.find(Source))) == (1, [])


def test_a_file_for_excel_begins_with_the_mark_and_a_template_has_no_rows() -> None:
    registry = new_registry()
    fill(registry)
    assert written(registry, "csv", excel=True) == b"\xef\xbb\xbf" + written(registry, "csv")
    template = written(registry, "csv", empty=True)
    assert template.decode() == ",".join(column.name for column in READ) + "\r\n"
    assert rows_of(template) == []


def test_no_cell_begins_as_a_formula_does() -> None:
    registry = new_registry()
    fill(registry)
    starts = [text[0] for row in csv.reader(io.StringIO(written(registry, "csv").decode(), newline="")) for text in row if text]
    assert not set(starts) & set("=+-@\t\r＝＋－＠")


# There and back.


@given(st.lists(st.tuples(TEXTS | ODD, TEXTS | ODD), min_size=1, max_size=3))
def test_every_text_comes_back_whole(texts: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["claim", "why", "verdict"])
    kept = [(claim.strip(), why.strip()) for claim, why in texts if claim.strip() and why.strip()]
    writer.writerows([guarded(claim), guarded(why), "x"] for claim, why in kept)
    claims = claims_of(out.getvalue().encode())
    assert [(one.fields.text, one.verdicts[0].rationale) for one in claims] == kept


def test_what_was_exported_is_the_same_when_it_is_imported_and_exported_again() -> None:
    registry = new_registry()
    fill(registry)
    content = written(registry, "csv")
    again, result = imported(content, "csv")
    assert dict(result.new) == {"claim": 2, "attribution": 2, "party": 2, "source": 1, "verdict": 1}
    lost = {"link_kind", "link_state", "source_start", "source_end", "flags", "not_judged"}
    first = [{name: text for name, text in row.items() if name not in lost} for row in cells_of(content)]
    first[2]["external_id"] = "C2"
    assert [{name: text for name, text in row.items() if name not in lost} for row in cells_of(written(again, "csv"))] == first


def test_the_same_file_twice_is_nothing_new() -> None:
    registry = new_registry()
    fill(registry)
    content = written(registry, "csv")
    again, _result = imported(content, "csv")
    result = again.import_rows(rows_of(content))
    assert (dict(result.new), result.there) == ({}, 3)


@given(st.lists(TEXTS | ODD, min_size=1, max_size=4, unique=True))
def test_claims_of_any_text_go_out_and_come_in_through_a_registry(texts: list[str]) -> None:
    registry = new_registry()
    known = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    with registry.write("add") as writer:
        for text in known:
            record_claim(writer, ClaimFields(text))
    assert texts_of(imported(written(registry, "csv"), "csv")[0]) == known


# Read.


def test_a_row_becomes_a_claim_with_its_statement_source_and_verdict() -> None:
    table = (
        "claim_id,external_id,claim,title,lang,case,tags,by,stance,quote,quote_lang,said_at,source,source_title,source_url,publisher,"
        "published_at,verdict,scheme,why,rated_by,rated_at\n"
        "7,https://desk.example/7,It was closed,Bridge,en,Town,law;;sea ,Mayor,Denies,closed in May,kk,2024-05,B,Paper,"
        "https://x.example/1,House,2024,False,stars,It was open,Ann,2024-06-01T10:00:00+05:00\n"
    )
    said = AttributionFields(Stance.DENIES, "Mayor", "closed in May", "kk", "2024-05")
    fields = ClaimFields("It was closed", "Bridge", "en", "Town", ("law", "sea"), "https://desk.example/7")
    verdict = VerdictRow("False", "stars", "It was open", "Ann", "2024-06-01T10:00:00+05:00")
    assert rows_of(table.encode()) == [
        SourceRow(2, "B", SourceDetails("Paper", "House", "2024", url="https://x.example/1")),
        ClaimRow(2, fields, (StatementRow(said, "B"),), (verdict,), "7"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_columns_come_in_any_order_spelling_separator_and_encoding(separator: str, encoding: str) -> None:
    told = Told()
    rows = [["Said at", '"By, whom; said"', " CLAIM ", "Quote-Lang", "Priority"], ["2024-05", "x", "Қала жабылды", "kk", "high"]]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    (claim,) = claims_of(content, told=told, renamed=(("by, whom; said", "by"),))
    assert (claim.fields.text, claim.statements[0].fields) == (
        "Қала жабылды",
        AttributionFields(Stance.ASSERTS, "x", None, "kk", "2024-05"),
    )
    assert (dict(told.unknown), told.sentences) == ({"Priority": 1}, [])


def test_an_encoding_that_is_none_of_unicode_is_guessed_and_told() -> None:
    told = Told()
    table = "claim;by\nСуд приговорил его к ограничению свободы;Алматинский суд\n"
    (claim,) = claims_of(table.encode("cp1251"), told=told)
    assert claim.fields.text == "Суд приговорил его к ограничению свободы"
    assert told.sentences == ["The encoding was guessed: cp1251."]


def test_a_line_that_names_the_separator_is_no_header() -> None:
    assert [one.fields.text for one in claims_of(b"sep=;\r\nby;claim\r\nx;a,b\r\n")] == ["a,b"]


def test_rows_of_one_claim_have_one_key() -> None:
    by_id = claims_of(b"claim_id,claim,by\n1,a,x\n2,a,x\n1,a,y\n")
    assert [one.key for one in by_id] == ["1", "2", "1"]
    by_text = claims_of(b"claim,case,by\na,c,x\na,C,y\na,,x\nb,c,x\n")
    keys = [one.key for one in by_text]
    assert (keys[0] == keys[1], len(set(keys))) == (True, 3)


def test_rows_of_one_claim_are_recorded_as_one_with_one_verdict() -> None:
    table = b"claim,by,stance,verdict,why\na,x,asserts,False,seen\nb,x,,,\na,y,denies,False,seen\n"
    registry, result = imported(table, "csv")
    assert dict(result.new) == {"claim": 2, "attribution": 3, "party": 2, "verdict": 1}
    assert [one.party_as_written for one in registry.reader.find(Attribution) if one.claim_id == "C1"] == ["x", "y"]


def test_a_source_is_described_once_and_named_by_others() -> None:
    rows = rows_of(
        b"claim,by,source,source_title\na,x,ruling,Ruling of June\nb,x,ruling,\nc,x,S4,\nd,x,https://x.example,\ne,x,A letter,\n"
    )
    assert [(one.key, one.details.title) for one in rows if isinstance(one, SourceRow)] == [
        ("ruling", "Ruling of June"),
        ("A letter", None),
    ]
    named = [one.statements[0].source for one in rows if isinstance(one, ClaimRow)]
    assert named == ["ruling", "ruling", "S4", "https://x.example", "A letter"]


def test_one_apostrophe_is_taken_off_where_it_was_put_and_nowhere_else() -> None:
    rows = claims_of(b"claim\n'=1\n''=1\n'tis so\n''\n'-5\n=1\n")
    assert [one.fields.text for one in rows] == ["=1", "'=1", "'tis so", "''", "-5", "=1"]


def test_an_empty_stance_asserts_and_one_that_is_none_makes_the_row_bad() -> None:
    rows = rows_of(b"claim,by,stance\na,x,\nb,x,shouts\n")
    assert isinstance(rows[0], ClaimRow)
    assert rows[0].statements[0].fields.stance is Stance.ASSERTS
    assert isinstance(rows[1], BadLine)
    assert (rows[1].number, "“shouts” is no stance" in rows[1].why) == (3, True)


# Told.


def test_dates_that_are_none_cost_only_themselves() -> None:
    table = b"claim,by,said_at,rated_at,verdict\na,x,2.5.2022,soon,False\n"
    told = Told()
    (claim,) = claims_of(table, told=told)
    assert (claim.statements[0].fields.said_at, claim.verdicts[0].rated_at) == (None, None)
    assert [(one.number, one.why[:26]) for one in told.undated] == [(2, "There is no date “2.5.2022"), (2, "There is no date “soon”; w")]
    told = Told()
    (claim,) = claims_of(table.replace(b"soon", b"6/22/20"), told=told, dates=DayOrder.DMY)
    assert (claim.statements[0].fields.said_at, len(told.undated)) == ("2022-05-02", 1)


def test_what_has_no_place_without_another_column_is_told() -> None:
    told = Told()
    table = b"claim,by,quote,publisher,why\na,,words,,\nb,x,,House,\nc,,,,seen\nd,,,,\n"
    assert [one.fields.text for one in claims_of(table, told=told)] == ["a", "b", "c", "d"]
    assert told.notes == [
        BadLine(2, "quote left out, as nobody is named who said it (column by)"),
        BadLine(3, "publisher left out, as no source is named (column source)"),
        BadLine(4, "why left out, as there is no verdict (column verdict)"),
    ]


def test_links_are_passed_over_and_that_is_told_once() -> None:
    told = Told()
    assert len(claims_of(b"claim,link_kind\na,exact\nb,near\n", told=told)) == 2
    assert told.sentences == ["What the table says of links was passed over; quotes are looked for anew in the sources."]
    assert not told.unknown


def test_rows_that_are_none_are_told_with_their_lines_and_cost_no_other() -> None:
    table = b'claim,by\na,x\n\n"b\nc",x\nd,x,y\n,x\n"e"f,x\ng,x,,\n,,\nh,\0\ni,x\n"j,x\nk,x\n'
    rows = rows_of(table)
    assert [one.fields.text for one in rows if isinstance(one, ClaimRow)] == ["a", "b\nc", "g", "i"]
    assert [(one.number, one.why[:20]) for one in rows if isinstance(one, BadLine)] == [
        (6, "it has 3 cells for 2"), (7, "it has no claim"), (8, "its quotation marks "), (11, "The party's name hol"),
        (13, "its quotation marks "),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "renamed", "error", "told"),
    [
        (b"", (), InputError, "table is empty"),
        (b"\n \n", (), InputError, "table is empty"),
        (b"text,by\na,x\n", (), InputError, "no column claim; its columns are “text”, “by”. Say which has the claims: --map THEIRS=claim."),
        (b",,\n", (), InputError, "its columns have no names"),
        (b"claim,Claim\n", (), InputError, "has the column claim more than once"),
        (b"text,by\n", (("text", "claims"),), UsageError, "“claims” is no column; the nearest one is claim."),
        (b"text,by\n", (("text", "zzz"),), UsageError, "“zzz” is no column; columns are claim_id, external_id, claim"),
        (b"text,by\n", (("texts", "claim"),), UsageError, "table has no column “texts”; its columns are “text”, “by”."),
        (b"PK\x03\x04\0\0\xff\xfe", (), InputError, "table is not a text"),
    ],
)
def test_a_file_that_is_no_table_of_claims_is_refused(
    table: bytes, renamed: tuple[tuple[str, str], ...], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as raised:
        rows_of(table, renamed=renamed)
    assert told in str(raised.value)


def test_a_column_renamed_to_ours_goes_before_one_of_that_name() -> None:
    told = Told()
    (claim,) = claims_of(b"claim,Statement\nfirst,second\n", told=told, renamed=(("statement", "Claim"),))
    assert (claim.fields.text, dict(told.unknown)) == ("second", {"claim": 1})


def test_a_column_of_others_without_a_name_or_value_is_told_too() -> None:
    told = Told()
    claims_of(b"claim,,mood\na,b,\n", told=told)
    assert dict(told.unknown) == {"column 2, which has no name": 1, "mood": 0}


def test_the_verdict_of_a_file_keeps_its_author_and_time() -> None:
    registry, _result = imported(b"claim,verdict,rated_at\na,False,2020-06\n", "csv")
    assert [(one.rating, one.author, one.rated_at) for one in registry.reader.find(Verdict)] == [("False", None, "2020-06")]
    assert [one.external_id for one in registry.reader.find(Claim)] == [None]
