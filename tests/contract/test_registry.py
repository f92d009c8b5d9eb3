"""What a program does with a registry, over every store and without a terminal; a new store joins by `test_store.STORES`."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from claimreg.corpus.files import open_lines
from claimreg.errors import ClaimregError, InputError, NeedsAnswerError, NotFoundError, UsageError
from claimreg.model import Attribution, Claim, Event, Link, LinkKind, LinkState, Party, RelationKind, Source, Stance
from claimreg.opening import Documents, Reading, bundled_case, open_registry
from claimreg.registry import Registry
from claimreg.services.evidence.bundle.archive import FaultyBundleError
from claimreg.services.finding.filters import Filters
from claimreg.services.linking.recapture import Anchoring
from claimreg.services.recording.claims import Removal
from claimreg.services.recording.parties import Resolution
from claimreg.services.recording.sources import SourceDetails
from claimreg.services.reporting.report import ReportScope
from claimreg.services.surroundings import NearlySame, Surroundings
from claimreg.store.port import Store

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\nThe ticket hall stays shut.\n"
QUOTE = "the night ferry will not run"
AT = "2026-01-01T00:00:00Z"

Make = Callable[..., Registry]


class Answers:
    """A person who answers the same to every question."""

    def __init__(self, answer: NearlySame = NearlySame.NEW_CLAIM, *, is_same_party: bool = False) -> None:
        self.answer = answer
        self.is_same_party = is_same_party
        self.asked: list[str] = []

    def party(self, name: str, resolution: Resolution) -> Party | None:
        if resolution.party is None and resolution.candidates:
            self.asked.append(name)
            return resolution.candidates[0] if self.is_same_party else None
        return resolution.party

    def nearly_same(self, claim: Claim, name: str, *, speaks_already: bool) -> NearlySame:
        self.asked.append(f"{claim.id} {name} {speaks_already}")
        return self.answer


@pytest.fixture
def make(store: Store) -> Iterator[Make]:
    """A registry over the one store, with other surroundings where a test wants them."""

    def made(*, dry_run: bool = False, **changes: object) -> Registry:
        usual = Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents(Reading(workers=1)))
        return Registry(store, usual._replace(**changes), dry_run=dry_run)  # type: ignore[arg-type]  # as each test says

    yield made
    store.close()


@pytest.fixture
def registry(make: Make) -> Registry:
    return make()


@pytest.fixture
def notice(tmp_path: Path) -> str:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return str(path)


@pytest.fixture
def ferry(registry: Registry, notice: str) -> Registry:
    """A registry with C1, A1, P1, S1, K1, L1."""
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, lang="en", source=notice, case="Ferry")
    return registry


def head(registry: Registry) -> tuple[int, str]:
    return registry.reader.head()


# Adding and attributing.


def test_a_claim_is_added_with_all_that_belongs_to_it(registry: Registry, notice: str) -> None:
    recorded = registry.add(
        "The night ferry is cancelled", by="Harbour office", stance="asserts", quote=QUOTE, lang="en", source=notice,
        said="2021-03-03", case="Ferry", tags=["port", "port"], title="Ferry", claim_lang="en-GB", view=True,
    )  # fmt: skip
    assert recorded is not None
    claim = registry.reader.get(Claim, "C1")
    assert claim == recorded.claim
    assert claim is not None
    assert (claim.recorded_by, claim.recorded_at, claim.tags, claim.case, claim.lang) == ("ann", AT, ("port",), "Ferry", "en-GB")
    assert registry.reader.get(Attribution, "A1") == recorded.attribution
    assert (recorded.attribution.stance, recorded.attribution.said_at) == (Stance.ASSERTS, "2021-03-03")
    (link,) = recorded.links
    assert registry.reader.get(Link, "L1") == link
    assert NOTICE[link.start : link.end] == link.exact
    assert (recorded.new_claim, recorded.new_attribution, recorded.new_party, recorded.new_source) == (True, True, True, True)
    assert recorded.view is not None
    assert recorded.view.claim == claim
    assert {one.action for one in registry.reader.history()} == {"add"}


def test_a_quote_that_stands_nowhere_is_recorded_without_a_link(registry: Registry, notice: str) -> None:
    recorded = registry.add("Taxes rose", by="Ministry", quote="bread will be cheaper next spring", source=notice)
    assert recorded is not None
    assert (recorded.links, recorded.attribution.quote) == ((), "bread will be cheaper next spring")


def test_the_same_document_and_party_are_not_stored_twice(ferry: Registry, notice: str) -> None:
    recorded = ferry.attribute("c1", by="harbour office", stance="questions", quote="The ticket hall stays shut", source=notice, view=True)
    assert (recorded.new_claim, recorded.new_party, recorded.new_source, recorded.new_attribution) == (False, False, False, True)
    assert recorded.view is not None
    assert len(recorded.view.attributions) == 2


def test_what_was_said_already_is_left_as_it_is(ferry: Registry, notice: str) -> None:
    again = ferry.attribute("C1", by="Harbour office", quote=QUOTE, source=notice)
    assert (again.new_attribution, again.attribution.id, [one.id for one in again.links]) == (False, "A1", ["L1"])


@pytest.mark.parametrize(
    "wrong",
    [{"stance": "shouts"}, {"by": " "}, {"lang": "no language"}, {"said": "yesterday"}, {"quote": "\0"}, {"text": ""}, {"source": "S9"},
     {"source": "none.txt"}, {"tags": [""]}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused(registry: Registry, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"text": "Taxes rose", "by": "Ministry", **wrong}
    with pytest.raises((UsageError, NotFoundError, InputError)):
        registry.add(**given)  # type: ignore[arg-type]  # as each row says
    assert head(registry) == (0, "")


def test_a_claim_that_is_nearly_there_is_asked_about(ferry: Registry, make: Make) -> None:
    before = head(ferry)
    with pytest.raises(NeedsAnswerError):
        ferry.add("The night ferry is cancelled", by="Mayor")
    nothing = Answers(NearlySame.NOTHING)
    assert make(questions=lambda: nothing).add("The night ferry is cancelled", by="Mayor") is None
    assert (head(ferry), nothing.asked) == (before, ["C1 Mayor False"])
    same = make(questions=lambda: Answers(NearlySame.SAME_CLAIM)).add("The night ferry is cancelled", by="Mayor")
    assert same is not None
    assert (same.new_claim, same.claim.id) == (False, "C1")
    more = Answers(NearlySame.NEW_CLAIM)
    one_more = make(questions=lambda: more).add("The night ferry is cancelled", by="Mayor")
    assert one_more is not None
    assert (one_more.new_claim, one_more.claim.id, more.asked) == (True, "C2", ["C1 Mayor True"])


def test_a_claim_that_says_the_contrary_is_named(ferry: Registry) -> None:
    recorded = ferry.add("The night ferry is not cancelled", by="Captain")
    assert recorded is not None
    assert [one.claim.id for one in recorded.contrary] == ["C1"]


@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.usefixtures("ferry")
def test_a_person_decides_whom_a_name_means(make: Make, *, is_same: bool) -> None:
    answers = Answers(is_same_party=is_same)
    recorded = make(questions=lambda: answers).attribute("C1", by="Harbor offices", stance="denies")
    assert answers.asked == ["Harbor offices"]
    assert recorded.new_party is not is_same


# Dry runs.


@pytest.mark.parametrize(
    "work",
    [
        lambda registry, _notice: registry.add("Taxes rose", by="Ministry", view=True),
        lambda registry, _notice: registry.attribute("C1", by="Mayor"),
        lambda registry, _notice: registry.edit("C1", text="Something else"),
        lambda registry, _notice: registry.remove("C1"),
        lambda registry, _notice: registry.judge("C1", "False"),
        lambda registry, _notice: registry.alias("P1", "Port office"),
        lambda registry, _notice: registry.link(every=True),
        lambda registry, notice: list(registry.recapture(["S1"], file=notice)),
        lambda registry, notice: list(registry.add_sources([str(Path(notice).parent)])),
        lambda registry, _notice: registry.record_case(bundled_case()),
    ],
    ids=["add", "attribute", "edit", "remove", "judge", "alias", "link", "recapture", "add_sources", "record_case"],
)
def test_a_dry_run_gives_what_it_would_do_and_keeps_nothing(
    ferry: Registry, make: Make, notice: str, work: Callable[[Registry, str], object]
) -> None:
    ferry.attribute("C1", by="Clerk", quote="The ticket hall stays shut")
    before = head(ferry)
    Path(notice).write_text(NOTICE + "The pier is shut.\n", encoding="utf-8")
    assert work(make(dry_run=True), notice)
    assert head(ferry) == before
    assert work(ferry, notice)
    assert head(ferry) != before


# Changing, removing and bringing back.


def test_fields_are_changed_by_the_names_of_the_options(ferry: Registry) -> None:
    edited = ferry.edit("C1", text="The ferry is cancelled", tag=["port"], case="")
    assert (edited.record.id, edited.brought) == ("C1", ())
    claim = ferry.reader.get(Claim, "C1")
    assert claim is not None
    assert (claim.text, claim.tags, claim.case) == ("The ferry is cancelled", ("port",), None)
    ferry.edit("S1", archive_url="https://archive.example/1", published="2021")
    source = ferry.reader.get(Source, "S1")
    assert source is not None
    assert (source.archive_url, source.published_at) == ("https://archive.example/1", "2021")


def test_another_quote_is_looked_for_at_once(ferry: Registry) -> None:
    ferry.edit("A1", quote="The ticket hall stays shut")
    (link,) = ferry.reader.find(Link)
    assert (link.id, link.exact, link.kind) == ("L2", "The ticket hall stays shut", LinkKind.EXACT)


def test_a_link_is_decided(ferry: Registry) -> None:
    ferry.edit("L1", state="confirmed")
    assert [one.state for one in ferry.reader.find(Link)] == [LinkState.CONFIRMED]


@pytest.mark.parametrize(
    ("record_id", "changes", "told"),
    [("C1", {"stance": "denies"}, "--stance"), ("S1", {"state": "confirmed"}, "--archive-url"), ("C1", {}, "Nothing to change"),
     ("L1", {"state": "sure"}, "state of a link"), ("C9", {"text": "x"}, "C9"), ("V", {"text": "x"}, "no id")],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(ferry: Registry, record_id: str, changes: dict[str, Any], told: str) -> None:
    before = head(ferry)
    with pytest.raises(ClaimregError, match=told):
        ferry.edit(record_id, **changes)
    assert head(ferry) == before


def test_a_record_goes_with_what_hangs_on_it_and_comes_back(ferry: Registry) -> None:
    seen: list[int] = []

    def refused(removal: Removal) -> bool:
        seen.append(removal.along)
        return False

    assert ferry.remove("C1", agreed=refused) == ()
    assert [one.id for one in ferry.reader.find(Claim)] == ["C1"]
    assert [one.id for one in ferry.remove("C1", "A1")] == ["C1", "A1", "L1"]
    assert (seen, list(ferry.reader.find(Claim)), list(ferry.reader.find(Link))) == ([2], [], [])
    assert [one.id for one in ferry.restore("C1")] == ["C1", "A1", "L1"]
    with pytest.raises(UsageError, match="was not removed"):
        ferry.restore("C1")
    with pytest.raises(UsageError, match="spoken of"):
        ferry.remove("P1")


# Claims and parties.


def test_claims_are_related_once(ferry: Registry) -> None:
    ferry.add("Every ferry runs", by="Captain")
    relation, is_new = ferry.relate("C2", "contradicts", "C1")
    assert (relation.kind, is_new) == (RelationKind.CONTRADICTS, True)
    assert ferry.relate("C1", "contradicts", "C2") == (relation, False)
    for wrong in (("C1", "contradicts", "C1"), ("C1", "likes", "C2"), ("C1", "repeats", "C7")):
        with pytest.raises((UsageError, NotFoundError)):
            ferry.relate(*wrong)


def test_the_latest_verdict_holds(ferry: Registry) -> None:
    first = ferry.judge("C1", "False", scheme="Desk", why="No such notice", by="bea")
    second = ferry.judge("C1", "True")
    assert (first.author, first.rationale, second.author, second.supersedes) == ("bea", "No such notice", "ann", first.id)
    with pytest.raises(NotFoundError):
        ferry.judge("C9", "True")
    with pytest.raises(UsageError):
        ferry.judge("C1", " ")


def test_parties_are_named_merged_and_split(ferry: Registry) -> None:
    party, names = ferry.alias("Harbour office", "Port authority", "port authority")
    assert (party.id, [one.name for one in names]) == ("P1", ["Port authority"])
    ferry.attribute("C1", by="Captain Aida Serik")
    kept, merged = ferry.merge("Port authority", "P2")
    assert (kept.id, merged.id) == ("P1", "P2")
    with pytest.raises(UsageError):
        ferry.merge("P1", "P2")
    assert ferry.split("P2").merged_into is None
    with pytest.raises(UsageError):
        ferry.split("P2")
    with pytest.raises(NotFoundError):
        ferry.alias("Nobody at all", "X")


# Sources.


def test_documents_are_stored_and_those_that_cannot_be_are_told(registry: Registry, notice: str, tmp_path: Path) -> None:
    (batch,) = registry.add_sources([notice, str(tmp_path / "none.txt")], view=True)
    good, bad = batch.documents
    assert good.stored is not None
    assert good.view is not None
    assert (good.stored.source.id, good.stored.is_new, batch.alone) == ("S1", True, False)
    assert (bad.stored, isinstance(bad.error, InputError)) == (None, True)
    assert registry.add_source(notice, SourceDetails(publisher="Port")).stored.is_new is False  # type: ignore[union-attr]  # it was read
    assert [one.publisher for one in registry.reader.find(Source)] == ["Port"]


def test_a_lone_document_that_cannot_be_read_is_an_error(registry: Registry, tmp_path: Path, notice: str) -> None:
    with pytest.raises(InputError):
        registry.add_source(str(tmp_path / "none.txt"))
    with pytest.raises(UsageError, match="one document"):
        list(registry.add_sources([notice, notice], SourceDetails(title="Both")))
    assert head(registry) == (0, "")


def test_many_documents_are_recorded_batch_by_batch(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.services.entry.documents.BATCH_DOCUMENTS", 2)
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(5):
        (texts / f"{number}.txt").write_text(f"Text number {number}.", encoding="utf-8")
    stored = [(len(batch.documents), sum(1 for _ in registry.reader.find(Source))) for batch in registry.add_sources([str(texts)])]
    assert stored == [(2, 2), (2, 4), (1, 5)]


def test_a_source_is_captured_again_and_its_links_carried(ferry: Registry, notice: str) -> None:
    Path(notice).write_text("Corrected.\n" + NOTICE, encoding="utf-8")
    (done,) = ferry.recapture(["S1"], file=notice, view=True)
    assert [(one.text, one.is_new) for one in done.lines] == [("Corrected.", True)]
    assert [(one.link.id, one.anchoring) for one in done.carried] == [("L1", Anchoring.MOVED)]
    assert [[link.id for link in links] for links in done.views] == [["L2"]]
    (same,) = ferry.recapture(["S1"], file=notice)
    assert same.stored is not None
    assert (same.stored.previous, same.carried) == (None, ())


def test_what_a_withheld_source_reads_is_not_told(ferry: Registry, notice: str) -> None:
    ferry.edit("S1", withhold="a witness")
    Path(notice).write_text("Corrected.\n" + NOTICE, encoding="utf-8")
    (done,) = ferry.recapture(["S1"], file=notice)
    assert done.lines == ()
    checked = ferry.check(QUOTE)
    assert [place.document for place in checked.places] == ["S1"]
    assert not hasattr(checked.places[0].match, "prefix") or not checked.places[0].match.prefix
    assert ferry.check(QUOTE, reveal=True).places[0].match.prefix


def test_what_cannot_be_captured_again_is_refused(ferry: Registry, notice: str) -> None:
    for references, every, file in (([], False, None), (["S1"], True, None), (["S1"], False, None), ([], True, notice)):
        with pytest.raises(UsageError):
            list(ferry.recapture(references, every=every, file=file))
    with pytest.raises(InputError):
        list(ferry.recapture(["S1"], file=f"{notice}.none"))


# Looking for quotes, claims and statements.


def test_quotes_are_linked_and_those_not_found_are_named(ferry: Registry) -> None:
    ferry.attribute("C1", by="Clerk", quote="The ticket hall is open")
    ferry.edit("A2", quote="The ticket hall stays shut")
    ferry.attribute("C1", by="Mayor", quote="bread will be cheaper next spring")
    linked = ferry.link()
    assert [one.attribution_id for one in linked.changes.added] == ["A2"]
    assert ([one.id for one in linked.found], [one.id for one in linked.lost]) == (["L2"], ["A3"])
    assert [one.id for one in ferry.link("A2", sources=["S1"]).changes.kept] == ["L2"]
    assert len(ferry.link("C1").found) == len(ferry.link(every=True).found) == 2
    with pytest.raises(NotFoundError):
        ferry.link("C9")
    with pytest.raises(NotFoundError):
        ferry.link("C1", sources=["S9"])


def test_a_quote_is_checked_and_nothing_recorded(ferry: Registry, notice: str) -> None:
    before = head(ferry)
    assert [place.document for place in ferry.check(QUOTE).places] == ["S1"]
    assert [place.document for place in ferry.check(QUOTE, "s1", "S1", notice).places] == ["S1", notice]
    assert ferry.check(QUOTE, notice).intact
    assert not ferry.check("the night ferry will run", notice).intact
    assert head(ferry) == before
    for words, where in ((" ", notice), (QUOTE, "S9"), (QUOTE, f"{notice}.none")):
        with pytest.raises((UsageError, NotFoundError, InputError)):
            ferry.check(words, where)


def test_claims_are_found_listed_and_matched(ferry: Registry) -> None:
    ferry.add("Taxes rose by a tenth", by="Ministry")
    assert [view.claim.id for _hit, view in ferry.search("ferries cancelled")] == ["C1"]
    assert [view.claim.id for _hit, view in ferry.search("", Filters(by="Ministry"))] == ["C2"]
    assert ferry.search("?!") == []
    assert [view.claim.id for view in ferry.list_claims()] == ["C1", "C2"]
    assert [view.claim.id for view in ferry.list_claims(Filters(case="ferry"), 5)] == ["C1"]
    assert [one.claim_id for one in ferry.match("The night ferry has been cancelled", top=1)] == ["C1"]
    lines = open_lines("-", io.BytesIO(b'{"id": "x", "text": "Taxes rose"}\n[]\n'))
    known = ferry.known_claims(lines)
    assert ([one.claim_id for one in ferry.match("Taxes rose", known)], len(known.bad)) == (["x"], 1)


# Taking in and giving out.


def test_claims_are_imported_with_the_parties_that_are_there(ferry: Registry, make: Make) -> None:
    content = "\n".join(json.dumps({"text": f"Claim {number}", "by": "Harbour office", "stance": "denies"}) for number in range(3))
    lines = f"{content}\nno claim\n".encode()
    assert make(dry_run=True).import_claims(open_lines("-", io.BytesIO(lines))).claims == 3
    result = ferry.import_claims(open_lines("-", io.BytesIO(lines)))
    assert (result.claims, result.attributions, [one.number for one in result.bad]) == (3, 3, [4])
    assert [one.id for one in ferry.reader.find(Party)] == ["P1"]
    before = head(ferry)
    with pytest.raises(InputError):
        ferry.import_claims(open_lines("-", io.BytesIO(lines)), strict=True)
    assert head(ferry) == before


def test_a_bundle_takes_everything_along(ferry: Registry, tmp_path: Path) -> None:
    file = io.BytesIO()
    exported, scope = ferry.export_bundle(file, case="Ferry")
    assert (exported.captures, scope.title) == (1, "the case Ferry")
    with open_registry(tmp_path / "other", user="bea") as other:
        imported, checked = other.import_bundle(file)
        assert checked.found.head == head(ferry)[1]
        assert [one.text for one in other.reader.find(Claim)] == ["The night ferry is cancelled"]
        assert imported.left_out == {}
        assert not other.verify().damage
    damaged = io.BytesIO(file.getvalue().replace(b"harbour office", b"harbour 0ffice"))
    with pytest.raises((FaultyBundleError, InputError)):
        ferry.import_bundle(damaged)
    for given, error in ((("C1",), UsageError), ((), NotFoundError)):
        with pytest.raises(error):
            ferry.export_bundle(io.BytesIO(), *given, case="No such case")


def test_a_whole_case_is_recorded_and_reported(registry: Registry) -> None:
    file = bundled_case()
    claims = registry.record_case(file)
    assert all(link.state is LinkState.SUGGESTED for link in registry.reader.find(Link))
    report = registry.report(title="The case")
    assert (report.title, len(report.claims)) == ("The case", len(claims))
    assert registry.report(say=str.upper).title == "ALL CLAIMS"
    party = report.claims[0].attributions[0].party
    assert registry.report(ReportScope(party=party.id)).title == party.name
    assert [view.claim.id for view in registry.report(ReportScope(claim_ids=("c1", "C1"))).claims] == ["C1"]
    assert registry.report(ReportScope(source="S1")).claims
    missing = (ReportScope(case="none of these"), ReportScope(party="Nobody at all"))
    for scope in (ReportScope(("C1",), case="x"), ReportScope(("C99",)), ReportScope(since="soon"), *missing):
        with pytest.raises((UsageError, NotFoundError)):
            registry.report(scope)


def test_what_is_whole_is_verified(ferry: Registry) -> None:
    shown: list[str] = []
    found = ferry.verify(show=shown.append)
    assert (found.damage, found.head) == ([], head(ferry)[1])
    assert "files" in shown


# What surrounds the work.


def test_each_transaction_is_told_of_once_it_is_kept(make: Make) -> None:
    told: list[tuple[int, int]] = []

    def recorded(store: Store, events: list[Event]) -> None:
        told.append((store.head()[0], len(events)))

    registry = make(recorded=recorded)
    registry.add("Taxes rose", by="Ministry")
    registry.judge("C1", "True")
    make(recorded=recorded, dry_run=True).judge("C1", "False")
    with pytest.raises(UsageError):
        registry.relate("C1", "repeats", "C1")
    assert [first for first, _count in told] == [told[0][1], told[0][1] + 1]


def test_an_index_that_fails_fails_nothing(make: Make, store: Store) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError

    told: list[str] = []
    with make(ask_index=broken, tell=told.append) as registry:
        registry.import_claims(open_lines("-", io.BytesIO(b'{"text": "Taxes rose"}\n')))
    assert bool(told) is (store.location != "memory:")


def test_a_folder_is_made_only_when_there_is_something_to_record(tmp_path: Path) -> None:
    place = tmp_path / "new"
    with open_registry(place, user="ann") as registry:
        assert list(registry.list_claims()) == []
        assert not place.exists()
        registry.add("Taxes rose", by="Ministry")
    with open_registry(place) as registry:
        assert [view.claim.recorded_by for view in registry.list_claims()] == ["ann"]
    with open_registry(tmp_path / "dry", dry_run=True) as registry:
        assert registry.add("Taxes rose", by="Ministry")
    assert not (tmp_path / "dry").exists()
    with pytest.raises(UsageError):
        open_registry("mysql://nowhere")
