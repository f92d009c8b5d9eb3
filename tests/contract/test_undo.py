"""Taking transactions back, over every store: all is as it was, nothing that came since is lost, the history keeps both."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.codec import to_document
from claimreg.errors import CannotUndoError, ClaimregError, NotFoundError
from claimreg.frozen import replace
from claimreg.model import RECORD_TYPES, Capture, Claim, Event, Link, LinkState, Source, TimeStamp
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.evidence.verify import verify
from claimreg.services.recording.fields import new_fields
from claimreg.services.reviewing.past_transactions import past_transactions
from claimreg.services.reviewing.queue import decide_link
from claimreg.services.reviewing.undo import DECIDED, UNDONE, last_decision, undo
from claimreg.services.reviewing.undoing import Undo
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Reader, Store

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\nThe ticket hall stays shut.\n"
QUOTE = "the night ferry will not run"


def registry_on(store: Store, user: str = "ann") -> Registry:
    around = Surroundings(user=lambda: user, now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    return Registry(store, around)


class Agrees:
    """A person who agrees, and remembers what was said."""

    def __init__(self) -> None:
        self.words: list[tuple[str, str]] = []

    def __call__(self, _undo: Undo, words: list[tuple[str, str]]) -> bool:
        self.words = words
        return True


@pytest.fixture
def notice(tmp_path: Path) -> str:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    return str(tmp_path / "notice.txt")


@pytest.fixture
def ferry(store: Store, notice: str) -> Registry:
    """A registry with C1, A1, P1, N1, S1, K1, L1, all of one transaction: events 1 to 7."""
    registry = registry_on(store)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source=notice, case="Ferry")
    return registry


def shown(reader: Reader) -> dict[str, object]:
    """The records that listings show, but for when a quote was looked for; a capture belongs to its source."""
    there = {one.id: to_document(one) for record_type in RECORD_TYPES for one in reader.find(record_type)}
    return {name: {**one, "looked": None} for name, one in there.items() if not name.startswith("K") or one["source_id"] in there}


def test_what_a_transaction_made_is_withdrawn_and_its_bytes_stay(ferry: Registry) -> None:
    before = ferry.reader.find(Capture)
    sha256 = next(before).sha256
    undone = ferry.undo()
    assert undone is not None
    assert (undone.event, [one.id for one, _then in undone.undo.changes]) == (8, ["C1", "P1", "N1", "S1", "A1", "L1"])
    assert shown(ferry.reader) == {}
    assert ferry.reader.blob(sha256)
    assert ferry.undo() is None
    assert verify(ferry.store).damage == []


def test_what_was_undone_can_be_done_again(ferry: Registry) -> None:
    before = shown(ferry.reader)
    ferry.undo()
    ferry.undo(9)
    assert shown(ferry.reader) == before
    assert [event.action for event in ferry.reader.history("C1")] == ["add", "undo 1", "undo 8"]
    # It stands again, and is the last that does.
    ferry.undo()
    assert shown(ferry.reader) == {}


def test_what_a_transaction_changed_is_as_before_and_the_last_that_stands_is_taken(ferry: Registry) -> None:
    ferry.edit("C1", text="The ferry is gone", tag=["ferry"])
    ferry.edit("C1", case="Harbour")
    ferry.undo()
    ferry.undo()
    claim = ferry.reader.get(Claim, "C1")
    assert claim is not None
    assert (claim.text, claim.tags, claim.case, claim.case_key) == ("The night ferry is cancelled", (), "Ferry", "ferry")


def test_another_users_work_is_passed_over_and_undone_only_when_it_is_named(ferry: Registry) -> None:
    theirs = registry_on(ferry.store, "bob")
    theirs.judge("C1", "False")
    assert theirs.reader.head()[0] == 8
    with pytest.raises(CannotUndoError, match=r"V1, recorded since, speaks of C1 \(bob, 2026-01-01, event 8: verdict\)"):
        ferry.undo()
    undone = ferry.undo(8)
    assert undone is not None
    assert undone.undo.transaction.user == "bob"
    assert "V1" not in shown(ferry.reader)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda other: other.edit("C1", text="Another"), "C1 was changed since (bob, 2026-01-01, event 8: edit)"),
        (lambda other: other.remove("A1"), "A1 was changed since (bob, 2026-01-01, event 8: rm)"),
        (lambda other: other.attribute("C1", by="Clerk"), "A2, recorded since, speaks of C1 (bob"),
        (lambda other: other.edit("L1", state="confirmed"), "L1 was changed since (bob, 2026-01-01, event 8: edit)"),
    ],
)
def test_what_was_changed_since_is_refused_by_name_and_nothing_is_undone(
    ferry: Registry, change: Callable[[Registry], object], named: str
) -> None:
    change(registry_on(ferry.store, "bob"))
    head = ferry.reader.head()
    with pytest.raises(CannotUndoError) as error:
        ferry.undo(1)
    assert named in str(error.value)
    assert ferry.reader.head() == head


def test_a_party_and_a_source_that_others_speak_of_stay(ferry: Registry) -> None:
    ferry.add("The ticket hall is shut", by="Harbour office", quote="The ticket hall stays shut", source="S1")
    undone = ferry.undo(1)
    assert undone is not None
    assert undone.undo.kept == ("K1", "N1", "P1", "S1")
    there = shown(ferry.reader)
    assert {"P1", "N1", "S1", "K1", "C2", "A2"} <= there.keys()
    assert not {"C1", "A1", "L1"} & there.keys()


def test_a_source_alone_is_refused_where_somebody_speaks_of_it(store: Store, notice: str) -> None:
    registry = registry_on(store)
    registry.add_source(notice)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source="S1")
    with pytest.raises(CannotUndoError, match="A1, recorded since, speaks of S1"):
        registry.undo(1)
    registry.undo()
    undone = registry.undo(1)
    assert undone is not None
    assert undone.event is not None
    # What speaks of it comes back only after it.
    with pytest.raises(CannotUndoError, match="A1 speaks of S1, which was removed since; `claimreg edit S1 --restore`"):
        registry.undo(undone.event - 1)


def test_a_removed_source_is_asked_for_before_what_speaks_of_it_comes_back(store: Store, notice: str) -> None:
    times = iter(f"2026-01-0{day}T00:00:00Z" for day in range(1, 9))
    around = Surroundings(user=lambda: "ann", now=lambda: next(times), documents=Documents(Reading(workers=1)))
    registry = Registry(store, around)
    registry.add_source(notice)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source="S1")
    before = shown(registry.reader)
    registry.undo()
    registry.undo()
    with pytest.raises(NotFoundError, match="The source S1 was removed"):
        registry.restore("C1")
    registry.restore("S1")
    # The party with its name went with the claim, and comes back with it.
    registry.restore("C1")
    assert shown(registry.reader) == before


def test_what_only_a_machine_proposed_goes_along(ferry: Registry) -> None:
    ferry.add("The office speaks", by="Clerk", quote="the pier is repaired")
    added = ferry.reader.head()[0]
    ferry.link()
    link = next(one for one in ferry.reader.find(Link) if one.attribution_id == "A2")
    ferry.undo(added)
    assert link.id not in shown(ferry.reader)
    assert "A2" not in shown(ferry.reader)


def test_a_place_that_was_undone_is_found_again(store: Store, notice: str) -> None:
    registry = registry_on(store)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE)
    registry.add_source(notice)
    registry.link()
    assert list(registry.reader.find(Link))
    registry.undo()
    assert not list(registry.reader.find(Link))
    registry.link()
    assert [link.exact for link in registry.reader.find(Link)] == ["The night ferry will not run"]


def test_withholding_is_never_undone_nor_is_what_was_before_it_by_accident(ferry: Registry) -> None:
    ferry.edit("S1", title="The office's notice")
    ferry.edit("S1", withhold="in danger")
    with pytest.raises(CannotUndoError, match="Event 9 is never undone: whether S1 is withheld is said by a person alone"):
        ferry.undo(9)
    with pytest.raises(CannotUndoError, match="S1 was changed since"):
        ferry.undo()
    source = ferry.reader.get(Source, "S1")
    assert source is not None
    assert source.withheld == "in danger"


def test_a_time_stamp_is_never_undone_and_passed_over(ferry: Registry) -> None:
    ferry.edit("C1", text="Another")
    with ferry.write("stamp") as writer:
        stamp = TimeStamp(
            **new_fields(writer, TimeStamp), head_seq=8, head_hash="0" * 64, authority="https://tsa.example", token_sha256="1" * 64,
            stamped_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        writer.put(stamp)
    undone = ferry.undo()
    assert undone is not None
    assert [one.action for one in undone.undo.passed_over] == ["stamp"]
    assert "T1" in shown(ferry.reader)
    with pytest.raises(CannotUndoError, match="a time stamp stays"):
        ferry.undo(9)


def test_what_was_undone_already_is_told(ferry: Registry) -> None:
    ferry.undo()
    with pytest.raises(CannotUndoError, match="undone already, by event 8; `claimreg undo 8` brings it back"):
        ferry.undo(3)
    with pytest.raises(NotFoundError, match="There is no event 99; the last one is 13"):
        ferry.undo(99)


def test_a_decision_that_the_review_took_back_does_not_stand(ferry: Registry) -> None:
    with ferry.write(DECIDED) as writer:
        decide_link(writer, "L1", LinkState.CONFIRMED)
    with ferry.write(UNDONE) as writer:
        undo(writer, last_decision(writer, "ann"))
    undone = ferry.undo()
    assert undone is not None
    assert undone.undo.transaction.action == "add"


def test_removed_records_come_back_unless_their_owner_is_gone(ferry: Registry) -> None:
    ferry.remove("A1")
    removed = ferry.reader.head()[0]
    ferry.remove("C1")
    with pytest.raises(CannotUndoError, match="A1 speaks of C1, which was removed since"):
        ferry.undo(removed)
    ferry.undo()
    ferry.undo()
    assert {"C1", "A1", "L1"} <= shown(ferry.reader).keys()


def test_a_dry_run_and_a_no_change_nothing(ferry: Registry) -> None:
    head = ferry.reader.head()
    assert ferry.undo(agreed=lambda _undo, _told: False) is None
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    told = Agrees()
    undone = Registry(ferry.store, around, dry_run=True).undo(agreed=told)
    assert undone is not None
    assert undone.event is None
    assert ("C1", "is removed: The night ferry is cancelled") in told.words
    assert ferry.reader.head() == head


def test_what_changes_while_the_question_is_asked_is_not_undone(ferry: Registry) -> None:
    def meanwhile(_undo: Undo, _told: list[tuple[str, str]]) -> bool:
        registry_on(ferry.store, "bob").edit("C1", text="Another")
        return True

    with pytest.raises(CannotUndoError, match=r"C1 was changed since \(bob"):
        ferry.undo(agreed=meanwhile)
    assert {"C1", "A1", "P1"} <= shown(ferry.reader).keys()


def test_words_of_a_withheld_source_are_not_told(store: Store, notice: str) -> None:
    registry = registry_on(store)
    list(registry.add_sources([notice], withheld="in danger"))
    registry.edit("S1", publisher="Secret Gazette")
    told = Agrees()
    registry.undo(agreed=told)
    assert "Gazette" not in str(told.words)


def test_transactions_of_older_registries_are_told_by_user_time_and_command(ferry: Registry) -> None:
    ferry.judge("C1", "False")
    events = [replace(event, group=None) for event in ferry.reader.history()]
    reader = _Older(events)
    assert [(one.first, one.last, one.action) for one in past_transactions(reader)] == [(8, 8, "verdict"), (1, 7, "add")]


class _Older(MemoryStore):
    """A registry whose events do not say of which transaction they are."""

    def __init__(self, events: list[Event]) -> None:
        super().__init__()
        self._told = events

    def head(self) -> tuple[int, str]:
        return len(self._told), ""

    def history(self, object_id: str | None = None, *, after: int = 0) -> Iterator[Event]:
        return (event for event in self._told[after:] if object_id in (None, event.object_id))


STEPS: dict[str, Callable[[Registry, str], object]] = {
    "add": lambda one, notice: one.add(f"Claim {one.reader.head()[0]}", by="Office", quote=QUOTE, source=notice),
    "add without": lambda one, _notice: one.add(
        f"Claim {one.reader.head()[0]}", by=f"Party {one.reader.head()[0] % 3}", quote="ticket hall"
    ),
    "attribute": lambda one, _notice: one.attribute("C1", by="Clerk", stance="denies", said=f"20{one.reader.head()[0] % 90 + 10}"),
    "edit": lambda one, _notice: one.edit("C1", text=f"Text {one.reader.head()[0]}", case=f"Case {one.reader.head()[0] % 2}"),
    "quote": lambda one, _notice: one.edit("A1", quote="The ticket hall stays shut"),
    "party": lambda one, _notice: one.edit("P1", name=f"Name {one.reader.head()[0]}"),
    "link": lambda one, _notice: one.link(every=True),
    "verdict": lambda one, _notice: one.judge("C1", f"Rating {one.reader.head()[0]}"),
    "relate": lambda one, _notice: one.relate("C1", "contradicts", "C2"),
    "rm": lambda one, _notice: one.remove("C1"),
    "restore": lambda one, _notice: one.restore("C1"),
    "merge": lambda one, _notice: one.merge("P1", "P2"),
    "merge claims": lambda one, _notice: one.merge_claims("C1", "C2"),
    "move": lambda one, _notice: one.edit("A1", move_to="C2"),
    "edit several": lambda one, _notice: one.edit_each({name: {"case": f"Case {one.reader.head()[0]}"} for name in ("C1", "C2")}),
    "edit verdict": lambda one, _notice: one.edit("V1", why=f"Because of {one.reader.head()[0]}"),
    "note": lambda one, _notice: one.edit("C1", note=f"Ask {one.reader.head()[0]}", assign="Aida"),
    "rename case": lambda one, _notice: one.rename_case("Case 0", "Case 1"),
    "source": lambda one, notice: one.add_source(notice),
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=8))
def test_undone_one_after_the_other_everything_is_as_it_was_at_each_step(steps: list[str]) -> None:
    with TemporaryDirectory() as folder, closing(MemoryStore()) as store:
        notice = Path(folder, "notice.txt")
        notice.write_text(NOTICE, encoding="utf-8")
        registry = registry_on(store)
        states = [shown(registry.reader)]
        for step in steps:
            head = registry.reader.head()
            try:
                STEPS[step](registry, str(notice))
            except ClaimregError:
                continue
            if registry.reader.head() != head:
                states.append(shown(registry.reader))
        while len(states) > 1:
            now = states.pop()
            assert shown(registry.reader) == now
            if now != states[-1]:
                assert registry.undo() is not None
        assert shown(registry.reader) == states[0]
