"""What a reader left out of a document: quotes are found in it, told of it, and checked and carried with it, over every store."""

import io
import zipfile
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest
from bundles import files_of, packed
from stores import STORES

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Capture, Link, LinkKind, LinkState, Locator, Source
from claimreg.registry import Registry
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.machine import check_json
from claimreg.render.proof_words import where
from claimreg.render.sentences import where_in_words
from claimreg.services.evidence.bundle.archive import Archive
from claimreg.services.evidence.bundle.check import check_bundle
from claimreg.services.evidence.bundle.scope import scope_of
from claimreg.services.linking.likely import FEW
from claimreg.services.linking.links import DocumentsCheck
from claimreg.services.linking.recapture import Anchoring
from claimreg.services.proofing.run import Asked
from claimreg.services.proofing.types import LEFT_OUT, ProofVerdict, ProvedQuotation
from claimreg.services.recording.places import left_out_in
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, joined, left_out_of, whole_text_of
from claimreg.services.reporting.views import AttributionView, source_view
from claimreg.services.surroundings import ReadDocument, Surroundings
from claimreg.services.withholding import is_withheld
from claimreg.store.port import Store
from claimreg.vocabulary import HEADLINE, STRUCK_OUT

AT = "2026-01-01T00:00:00Z"
ARTICLE = """Ferry stays in port

The harbour office said on Friday that the night ferry will not run before the pier is repaired.
Passengers were told to take the morning boat to the island instead.
"""
FOOTER = "This newspaper is printed by the cooperative of the old town since the great fire."
CAPTION = "A clerk shows the broken railing which nobody wanted to mend last winter."
STRUCK = "The mayor promised that every cabin would be painted by the first of May."
WHOLE = f"{ARTICLE}{CAPTION}\n{STRUCK}\n{FOOTER}\n"


def page(text: str = ARTICLE, left_out: str = WHOLE, *, name: str = "page.html", media_type: str = "text/html") -> IncomingDocument:
    """A page with the article first, and then all that it has; each part that the article lacks has its label."""
    begin = len(text) + 1
    parts = [(CAPTION, "a picture's caption"), (STRUCK, STRUCK_OUT), (FOOTER, "the page's footer")]
    labels = [Locator(begin + left_out.index(words), label) for words, label in parts if words in left_out]
    # The headline ends with its line, and what the article has, too, has no label.
    places = (Locator(0, HEADLINE), Locator(text.find("\n"), ""), *([Locator(begin, "")] if left_out else []), *labels)
    content = f"{text}|{left_out}|{name}".encode()
    return IncomingDocument(content, text, name, media_type, "page/1", left_out=left_out, locators=places)


class Shelf:
    """A reader of the documents that lie on it, by their names."""

    def __init__(self, *documents: IncomingDocument) -> None:
        self.documents = {one.location: one for one in documents}

    def read(self, reference: str, *, guess_language: bool = True, typed: bool = True) -> IncomingDocument:  # noqa: ARG002 -- the port's
        if reference not in self.documents:
            raise InputError(f"There is no {reference}.")
        return self.documents[reference]

    def read_each(self, reference: str, *, guess_language: bool = True) -> Generator[tuple[str, IncomingDocument], None, None]:
        yield reference, self.read(reference, guess_language=guess_language)

    def read_all(self, references: Sequence[str], **_how: object) -> Generator[ReadDocument, None, None]:
        for one in references:
            yield ReadDocument(one, self.read(one))

    def sha256_of(self, reference: str) -> str | None:  # noqa: ARG002 -- the port's
        return None


def registry_with(store: Store, *documents: IncomingDocument) -> tuple[Registry, Shelf]:
    shelf = Shelf(*documents)
    return Registry(store, Surroundings(user=lambda: "ann", now=lambda: AT, documents=shelf)), shelf


def only_link(registry: Registry) -> Link:
    (link,) = registry.reader.find(Link)
    return link


def only_place(check: DocumentsCheck) -> tuple[str | None, bool, LinkKind]:
    (place,) = check.places
    return place.place, place.left_out, place.match.kind


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("printed by the cooperative of the old town since the great fire", ("the page's footer", True, LinkKind.EXACT)),
        ("the broken railing which nobody wanted to mend last winter", ("a picture's caption", True, LinkKind.EXACT)),
        ("the night ferry will not run before the pier is repaired", (None, False, LinkKind.EXACT)),
        ("Ferry stays in port", (HEADLINE, False, LinkKind.EXACT)),
        # From the article into the caption below it: this is where the page's order tells.
        (f"the morning boat to the island instead. {CAPTION.partition(' which')[0]}", ("a picture's caption", True, LinkKind.TYPOGRAPHIC)),
        # An altered place in the article stands, where what was left out has nothing better.
        ("the night ferry will run before the pier is repaired", (None, False, LinkKind.ALTERED)),
        ("the broken railing which everybody wanted to mend last winter", ("a picture's caption", True, LinkKind.ALTERED)),
    ],
)
def test_a_quote_is_found_in_the_text_or_else_in_what_was_left_out(
    store: Store, quote: str, told: tuple[str | None, bool, LinkKind]
) -> None:
    registry, _shelf = registry_with(store, page())
    assert only_place(registry.check(quote, "page.html")) == told
    registry.add_source("page.html")
    check = registry.check(quote, "S1")
    assert only_place(check) == told
    capture = registry.reader.get(Capture, "K1")
    assert capture is not None
    whole = whole_text_of(registry.reader, capture)
    assert whole == joined(ARTICLE, WHOLE)
    assert check.places[0].match.exact == whole[check.places[0].match.start : check.places[0].match.end]


def test_unaltered_words_that_were_left_out_win_over_altered_ones_of_another_text(store: Store) -> None:
    other = IncomingDocument(b"other", "The paper is printed by the company of the old town since the great fire, they say.\n", "other.txt")
    registry, _shelf = registry_with(store, page(), other)
    quote = "is printed by the cooperative of the old town since the great fire"
    assert registry.check(quote, "other.txt").places[0].match.kind is LinkKind.ALTERED
    check = registry.check(quote, "other.txt", "page.html")
    assert [(one.document, one.left_out, one.match.kind) for one in check.places] == [("page.html", True, LinkKind.EXACT)]


def test_words_that_their_author_struck_out_are_no_match(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    registry.add_source("page.html")
    check = registry.check("every cabin would be painted by the first of May", "S1")
    assert (check.places, check.intact) == ((), False)
    assert check.nearest is not None
    assert (check.nearest.place, check.nearest.left_out, check.nearest.match.kind) == (STRUCK_OUT, True, LinkKind.EXACT)
    recorded = registry.add("Cabins will be painted", by="Mayor", quote="every cabin would be painted by the first of May", source="S1")
    assert recorded is not None
    assert recorded.links == ()
    assert registry.link(every=True).lost != ()


def test_json_tells_where_a_place_is(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    found = check_json(registry.check("printed by the cooperative of the old town", "page.html"))["links"][0]
    assert (found["place"], found["left_out"]) == ("the page's footer", True)
    nearest = check_json(registry.check("every cabin would be painted by the first of May", "page.html"))["nearest"]
    assert (nearest["place"], nearest["left_out"]) == (STRUCK_OUT, True)
    plain = check_json(registry.check("the night ferry will not run", "page.html"))["links"][0]
    assert (plain["place"], plain["left_out"]) == (None, False)


def test_a_quote_in_what_was_left_out_is_found_among_many(store: Store) -> None:
    others = [
        IncomingDocument(f"{number}".encode(), f"Notice {number} of the board on lamps, ropes and bells.", f"{number}.txt")
        for number in range(FEW + 3)
    ]
    registry, shelf = registry_with(store, *others, page())
    assert sum(len(batch.documents) for batch in registry.add_sources(list(shelf.documents))) == FEW + 4
    check = registry.check("printed by the cooperative of the old town since the great fire")
    assert [(one.document, one.place, one.left_out) for one in check.places] == [(f"S{FEW + 4}", "the page's footer", True)]
    registry.add("The paper is printed by a cooperative", by="Gazette", quote="printed by the cooperative of the old town")
    linked = registry.link(every=True)
    assert [(one.source_id, linked.where[one.id].label) for one in linked.found] == [(f"S{FEW + 4}", "the page's footer")]


def added(registry: Registry, quote: str = "printed by the cooperative of the old town since the great fire") -> Link:
    registry.add("Who prints the paper", by="Gazette", quote=quote, lang="en", source="page.html")
    return only_link(registry)


def test_a_link_into_what_was_left_out_is_told_and_whole(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    link = added(registry)
    capture = registry.reader.get(Capture, link.capture_id)
    assert capture is not None
    assert link.start > capture.length
    assert whole_text_of(registry.reader, capture)[link.start : link.end] == link.exact
    told = stated(registry).where[link.id]
    assert where_in_words(told, ENGLISH) == "left out of the article: the page's footer"
    assert where_in_words(told, Words("ru")) not in {"", where_in_words(told, ENGLISH)}
    assert registry.verify().damage == []
    # Judged again by the same linker, it stays.
    linked = registry.link(every=True)
    assert [(one.id, one.start) for one in linked.found] == [(link.id, link.start)]
    assert linked.changes.withdrawn == ()


def stated(registry: Registry) -> AttributionView:
    """The only attribution as it is looked at."""
    (view,) = registry.list_claims()
    return view.attributions[0]


def test_a_document_that_is_no_page_is_called_so(store: Store) -> None:
    letter = page(media_type="application/pdf")._replace(method="pdf/1")
    registry, _shelf = registry_with(store, letter)
    link = added(registry)
    assert where_in_words(stated(registry).where[link.id], ENGLISH) == "left out of the document: the page's footer"


def test_where_a_link_is_of_an_earlier_capture_both_are_told(store: Store) -> None:
    registry, shelf = registry_with(store, page())
    added(registry)
    shelf.documents["page.html"] = page(ARTICLE.replace("Friday", "Monday"), "")
    list(registry.recapture(["S1"], file="page.html"))
    (told,) = stated(registry).where.values()
    assert (told.outdated, told.label, told.left_out) == (True, "the page's footer", True)
    (view,) = registry.report().sources
    assert view.capture is not None
    assert (view.capture.id, [one.id for one in view.earlier]) == ("K2", ["K1"])
    registry.edit("S1", withhold="a witness")
    assert registry.report().sources[0].earlier == ()


def test_another_menu_makes_no_new_capture(store: Store) -> None:
    registry, shelf = registry_with(store, page())
    added(registry)
    shelf.documents["page.html"] = page(left_out=f"Weather\n{WHOLE}")
    (done,) = registry.recapture(["S1"], file="page.html")
    assert done.stored is not None
    assert (done.stored.previous, done.stored.capture.id) == (None, "K1")
    assert registry.verify().damage == []


def test_what_an_earlier_reader_kept_nothing_of_makes_a_new_capture(store: Store) -> None:
    registry, shelf = registry_with(store, page(left_out="")._replace(method="page/0"))
    link = added(registry, "the night ferry will not run before the pier is repaired")
    shelf.documents["page.html"] = page()
    (done,) = registry.recapture(["S1"], file="page.html")
    assert done.stored is not None
    assert (done.stored.capture.id, [one.anchoring for one in done.carried], done.lines) == ("K2", [Anchoring.KEPT], ())
    assert done.carried[0].new[0].start == link.start
    assert only_place(registry.check(FOOTER, "S1"))[:2] == ("the page's footer", True)
    # Once more, and all is known.
    (again,) = registry.recapture(["S1"], file="page.html")
    assert again.stored is not None
    assert again.stored.previous is None


@pytest.mark.parametrize(
    ("left_out", "anchoring", "label"),
    [
        (f"Weather\n{WHOLE}", Anchoring.MOVED, "the page's footer"),
        (WHOLE.replace("cooperative", "company"), Anchoring.ALTERED, "the page's footer"),
        (ARTICLE, Anchoring.GONE, None),
    ],
)
def test_a_link_is_carried_within_what_was_left_out(store: Store, left_out: str, anchoring: Anchoring, label: str | None) -> None:
    registry, shelf = registry_with(store, page())
    link = added(registry)
    with registry.write("confirm") as writer:
        writer.put(replace(link, state=LinkState.CONFIRMED))
    new_page = page(f"{ARTICLE}One more line was added.\n", left_out)
    if label is not None and FOOTER not in left_out:
        begin = len(new_page.text) + 1 + left_out.index("This newspaper")
        new_page = new_page._replace(locators=(*new_page.locators, Locator(begin, label)))
    shelf.documents["page.html"] = new_page
    (done,) = registry.recapture(["S1"], file="page.html")
    (carried,) = done.carried
    assert carried.anchoring is anchoring
    for new in carried.new:
        capture = registry.reader.get(Capture, new.capture_id)
        assert capture is not None
        assert whole_text_of(registry.reader, capture)[new.start : new.end] == new.exact
        assert new.start > capture.length
        assert new.state is (LinkState.CONFIRMED if anchoring is Anchoring.MOVED else LinkState.SUGGESTED)
    assert registry.verify().damage == []


def test_a_link_is_not_carried_to_words_that_were_struck_out(store: Store) -> None:
    registry, shelf = registry_with(store, page(f"{ARTICLE}{STRUCK}\n", ""))
    link = added(registry, "every cabin would be painted by the first of May")
    assert link.kind is LinkKind.EXACT
    shelf.documents["page.html"] = page()
    (done,) = registry.recapture(["S1"], file="page.html")
    (carried,) = done.carried
    assert carried.new == ()


def test_nothing_of_what_a_withheld_page_left_out_is_told(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    registry.add_source("page.html", SourceDetails(caption="The quay at night"), withheld="a source at risk")
    check = registry.check("printed by the cooperative of the old town since the great fire", "S1")
    (place,) = check.places
    assert is_withheld(place.match)
    assert (place.place, place.left_out, place.is_page) == (None, False, False)
    told = check_json(check)["links"][0]
    assert (told["place"], told["left_out"]) == (None, None)
    registry.add("Who prints the paper", by="Gazette", quote="printed by the cooperative of the old town", source="S1")
    view = stated(registry)
    assert view.where == {}
    assert view.source is not None
    assert view.source.caption is None
    source = registry.reader.get(Source, "S1")
    assert source is not None
    assert source_view(registry.reader, source, whole=True).left_out is None
    assert source_view(registry.reader, source, whole=True, revealed=True).left_out == len(CAPTION) + len(STRUCK) + len(FOOTER)
    file = io.BytesIO()
    registry.export_bundle(file)
    for words in (CAPTION, FOOTER, "The quay at night", "the page's footer"):
        assert words.encode() not in unpacked(file)


def unpacked(file: io.BytesIO) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_page_with_the_same_left_out_text_as_a_withheld_one_is_withheld_in_bundles(store: Store) -> None:
    registry, _shelf = registry_with(store, page(), page(f"{ARTICLE}Updated.\n", name="again.html"))
    registry.add_source("page.html", withheld="a source at risk")
    registry.add_source("again.html")
    assert set(scope_of(registry.reader, None, "all").withheld) == {"S1", "S2"}


def test_a_bundle_carries_what_was_left_out(store: Store, tmp_path: Path) -> None:
    registry, _shelf = registry_with(store, page())
    link = added(registry)
    file = io.BytesIO()
    registry.export_bundle(file)
    other, _shelf = registry_with(STORES["embedded"](tmp_path / "other"))
    imported, _checked = other.import_bundle(file)
    assert imported.left_out == {}
    copied = only_link(other)
    capture = other.reader.get(Capture, copied.capture_id)
    assert capture is not None
    assert left_out_of(other.reader, capture) == WHOLE
    assert (copied.start, copied.exact) == (link.start, link.exact)
    assert other.verify().damage == []
    other.close()


def test_a_bundle_whose_left_out_text_was_changed_is_told(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    link = added(registry)
    file = io.BytesIO()
    registry.export_bundle(file)
    capture = registry.reader.get(Capture, link.capture_id)
    assert capture is not None
    files = files_of(file.getvalue())
    name = f"data/captures/{capture.left_out_sha256}"
    for content, told in ((b"\xff", "its text is not UTF-8"), (b"short", "its words are not at")):
        checked = check_bundle(Archive(io.BytesIO(packed({**files, name: content}))), lambda _area: None, None)
        assert any(told in one.what for one in checked.found.damage), checked.found.damage


def test_damage_to_what_was_left_out_is_told(tmp_path: Path) -> None:
    store = STORES["embedded"](tmp_path)
    registry, _shelf = registry_with(store, page())
    link = added(registry)
    capture = registry.reader.get(Capture, link.capture_id)
    assert capture is not None
    assert capture.left_out_sha256 is not None
    (blob,) = (tmp_path / "registry").glob(f"captures/*/{capture.left_out_sha256}")
    blob.chmod(0o600)
    blob.write_text("other words", encoding="utf-8")
    found = registry.verify()
    assert [one.place for one in found.damage] == [capture.id]
    blob.unlink()
    assert [one.place for one in registry.verify().damage] == [capture.id]
    store.close()


def test_a_capture_counts_what_it_has_beside_its_text(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    registry.add_source("page.html")
    capture = registry.reader.get(Capture, "K1")
    assert capture is not None
    assert [(one.label, one.text.strip()) for one in left_out_in(registry.reader, capture)] == [
        ("a picture's caption", CAPTION),
        (STRUCK_OUT, STRUCK),
        ("the page's footer", FOOTER),
    ]


def proved(registry: Registry, draft: str, inside: list[str] | None) -> ProvedQuotation:
    article = parse_article(draft.encode(), Hints("draft.md"), Limits())
    (proof,) = registry.proof([article], inside, Asked(lambda _text: None))
    (one,) = proof.answered
    return one


@pytest.mark.parametrize("inside", [None, ["page.html"], ["S1"]])
def test_a_proof_looks_in_what_was_left_out_and_says_so(store: Store, inside: list[str] | None) -> None:
    registry, _shelf = registry_with(store, page())
    registry.add_source("page.html")
    found = proved(registry, "“printed by the cooperative of the old town since the great fire,” it says.", inside)
    (place,) = found.places
    assert (found.verdict, place.place, place.left_out, place.is_page) == (ProofVerdict.OK, "the page's footer", True, True)
    assert LEFT_OUT in found.flags
    assert place.match.exact == joined(ARTICLE, WHOLE)[place.match.start : place.match.end]
    assert where(place).endswith(", left out of the article: the page's footer")
    plain = proved(registry, "“the night ferry will not run before the pier is repaired,” it says.", inside)
    assert not plain.places[0].left_out
    assert LEFT_OUT not in plain.flags


def test_a_proof_finds_nobody_who_says_what_was_struck_out(store: Store) -> None:
    registry, _shelf = registry_with(store, page())
    found = proved(registry, "“every cabin would be painted by the first of May,” he said.", ["page.html"])
    assert found.verdict is ProofVerdict.NOT_FOUND
    assert found.nearest is not None
    assert where(found.nearest).endswith(", struck out by its author")


def test_a_proof_names_the_speaker_where_the_words_were_left_out(store: Store) -> None:
    letter = "“Nobody has ever asked the fishermen of the north shore,” said Ilya Dorn."
    registry, _shelf = registry_with(store, page(left_out=f"{WHOLE}{letter}\n"))
    found = proved(registry, "“Nobody has ever asked the fishermen of the north shore,” said Dorn.", ["page.html"])
    (place,) = found.places
    assert place.speaker is not None
    whole = joined(ARTICLE, f"{WHOLE}{letter}\n")
    assert whole[place.speaker.start : place.speaker.end] == place.speaker.exact
    assert "Dorn" in place.speaker.exact


def test_a_proof_among_many_documents_looks_in_what_was_left_out(store: Store) -> None:
    others = [IncomingDocument(b"", f"Notice {number} of the board on lamps.", f"{number}.txt") for number in range(FEW + 3)]
    registry, shelf = registry_with(store, *others, page())
    found = proved(registry, "“printed by the cooperative of the old town since the great fire,” it says.", list(shelf.documents))
    assert [(place.document, place.left_out) for place in found.places] == [("page.html", True)]


def test_words_of_another_meaning_in_the_text_do_not_hide_those_that_were_left_out(store: Store) -> None:
    text = f"{ARTICLE}The ship never carried 140 people on the day of the storm.\n"
    caption = "The ship carried 140 people on the day of the storm."
    registry, _shelf = registry_with(store, page(text, f"{text}{caption}\n{FOOTER}\n"))
    quote = "carried 140 people on the day of the storm"
    assert not registry.check(f"never {quote}", "page.html").places[0].left_out
    check = registry.check(quote, "page.html")
    assert check.intact
    assert {one.left_out for one in check.places} == {True}
