"""What a transaction put is found by it as it will be found later, whether it was sent to the store's server by then or not."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres_server import new_address

from claimreg.frozen import replace
from claimreg.model import Alias, Attribution, Change, Claim, Party, Record, Stance
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_attribution, record_claim
from claimreg.services.recording.parties import create_party
from claimreg.store.factory import open_store
from claimreg.store.memory import MemoryStore
from claimreg.store.port import EVERYTHING, AllOf, AnyOf, Condition, Contains, Equals, OneOf, Reader, Wanted, Writer
from claimreg.store.postgres import reading, writing
from claimreg.store.postgres.messages import Statement
from claimreg.store.postgres.store import PostgresStore


def drawn(seed: str) -> random.Random:
    """Chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 -- nothing secret


CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
CASES = ("bridge", "river", None)


def work(writer: Writer, chance: random.Random, steps: int) -> None:
    """Put records, new and changed ones, by chance."""
    for _ in range(steps):
        claims, parties = list(writer.ids(Claim)) if chance.random() < 0.1 else [], list(writer.find(Party, withdrawn=True))
        claims = claims or [one.id for one in writer.find(Claim, withdrawn=True)]
        match chance.randrange(5):
            case 0:
                record_claim(
                    writer, ClaimFields(f"Claim {chance.randrange(10)}", case=chance.choice(CASES), tags=("a", "b")[: chance.randrange(3)])
                )
            case 1:
                create_party(writer, f"Party {chance.randrange(10**9)}")
            case 2 if claims and parties:
                claim = writer.get(Claim, chance.choice(claims))
                assert claim is not None
                record_attribution(
                    writer, claim, chance.choice(parties), None, AttributionFields(Stance.ASSERTS, "x", f"{chance.random()}")
                )
            case 3 if claims:
                claim = writer.get(Claim, chance.choice(claims))
                assert claim is not None
                case = chance.choice(CASES)
                writer.put(replace(claim, case=case, case_key=case, removed_at=chance.choice((None, "2026-01-02T00:00:00Z"))))
            case 4 if len(parties) > 1:
                one, other = chance.sample(parties, 2)
                writer.put(replace(one, merged_into=chance.choice((None, other.id))))


def conditions(chance: random.Random) -> list[tuple[type[Record], Condition]]:
    claim, party, other = (f"{kind}{chance.randrange(1, 12)}" for kind in "CPP")
    return [
        (Claim, EVERYTHING), (Claim, Equals("case_key", "bridge")), (Claim, Equals("case_key", None)), (Claim, Contains("tags", "b")),
        (Claim, AllOf((Equals("case_key", "river"), Contains("tags", "a")))), (Claim, OneOf("case_key", ("bridge", "river"))),
        (Claim, AnyOf((Equals("case_key", "river"), Equals("title", None)))), (Claim, Equals("text", "Claim 3")),
        (Attribution, Equals("claim_id", claim)), (Attribution, OneOf("party_id", (party, other))),
        (Attribution, AnyOf((Equals("claim_id", claim), Equals("party_id", party)))),
        (Attribution, AllOf((Equals("claim_id", claim), Equals("party_id", party)))),
        (Party, Equals("merged_into", party)), (Alias, Equals("party_id", party)),
    ]  # fmt: skip


def answers(reader: Reader, chance: random.Random) -> list[object]:
    """What a reader gives for questions by chance; salts and hashes are apart."""
    asked = conditions(chance)
    found: list[object] = [
        list(reader.find(kind, one, withdrawn=withdrawn, newest_first=newest))
        for kind, one in asked for withdrawn in (False, True) for newest in (False, True)
    ]  # fmt: skip
    found += [reader.get(Claim, f"C{number}") for number in range(1, 15)]
    ids = tuple(f"C{chance.randrange(1, 15)}" for _ in range(4))
    found += reader.gather(
        Wanted(Claim, "id", ids),
        Wanted(Attribution, "claim_id", ids),
        Wanted(Alias, "party_id", ()),
        Wanted(Party, "merged_into", ("P1", "P2")),
    )
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_transaction_finds_what_it_put(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held = (1_000, 7, 2)[seed % 3]
    monkeypatch.setattr(writing, "_MOST_HELD", held)
    with closing(open_store(new_address(), create=True)) as shared, closing(MemoryStore()) as known:
        for part in range(3):
            with shared.write(CHANGE) as writer, known.write(CHANGE) as other:
                for step in range(4):
                    for one in (writer, other):
                        work(one, drawn(f"work {seed} {part} {step}"), 8)
                    both = [answers(one, drawn(f"ask {seed} {part} {step}")) for one in (writer, other)]
                    assert both[0] == both[1]
                assert writer.head()[0] == other.head()[0]
                after = other.head()[0] - 3
                assert [one.object_id for one in writer.history(after=after)] == [one.object_id for one in other.history(after=after)]
            with shared.snapshot() as reader:
                first = answers(reader, drawn(f"{seed}"))
                assert first == answers(known, drawn(f"{seed}"))
                assert first == answers(reader, drawn(f"{seed}"))
            assert answers(shared, drawn(f"{seed}")) == first


def test_memory_of_a_transaction_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_KEPT", 2_000)
    with closing(open_store(new_address(), create=True)) as store:
        with store.write(CHANGE) as writer:
            for number in range(200):
                record_claim(writer, ClaimFields(f"Claim {number}", case="bridge"))
        with store.snapshot() as reader:
            assert isinstance(reader, reading.KeepingReader)
            for number in range(1, 201):
                assert reader.get(Claim, f"C{number}") is not None
            assert len(reader._known) < 40


def test_one_may_write_while_a_list_is_read(tmp_path: Path) -> None:
    for location in (new_address(), str(tmp_path / "registry")):
        with closing(open_store(location, create=True)) as store:
            with store.write(CHANGE) as writer:
                for number in range(300):
                    record_claim(writer, ClaimFields(f"Claim {number}"))
            seen = 0
            with store.snapshot() as reader:
                for claim in reader.find(Claim):
                    seen += 1
                    if seen % 100 == 1:
                        with store.write(CHANGE) as writer:
                            writer.put(replace(claim, title="read"))
            assert seen == 300
            assert [one.id for one in store.find(Claim, Equals("title", "read"))] == ["C1", "C101", "C201"]


def test_snapshots_inside_each_other_see_one_state() -> None:
    address = new_address()
    with closing(open_store(address, create=True)) as store, closing(open_store(address, create=False)) as other:
        with store.write(CHANGE) as writer:
            record_claim(writer, ClaimFields("First"))
        with store.snapshot() as outer:
            assert outer.get(Claim, "C1") is not None
            with other.write(CHANGE) as writer:
                record_claim(writer, ClaimFields("Second"))
            with store.snapshot() as inner:
                assert [one.text for one in inner.find(Claim)] == ["First"]
            assert outer.get(Claim, "C2") is None
        assert store.get(Claim, "C2") is not None


def test_many_values_are_each_looked_up_by_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(new_address(), create=True)) as store:
        assert isinstance(store, PostgresStore)
        with store.write(CHANGE) as writer:
            party = create_party(writer, "Mayor")
            for number in range(1_200):
                claim = record_claim(writer, ClaimFields(f"Claim {number}"))
                record_attribution(writer, claim, party, None, AttributionFields(Stance.ASSERTS, "Mayor"), known=())
        ids = tuple(f"C{number}" for number in range(500, 800))
        with store.snapshot() as reader:
            asked: list[Statement] = []
            send = store._messages.send

            def noted(*statements: Statement) -> list[list[tuple[Any, ...]]]:
                asked.extend(statements)
                return send(*statements)

            monkeypatch.setattr(store._messages, "send", noted)
            (claims, attributions) = reader.gather(Wanted(Claim, "id", ids), Wanted(Attribution, "claim_id", ids))
            found = list(reader.find(Attribution, OneOf("claim_id", ids), newest_first=True))
        assert [one.id for one in claims] == list(ids)
        assert found == attributions[::-1]
        assert len(found) == 300
        assert [one.id for one in store.find(Attribution, AllOf((OneOf("claim_id", ids), Equals("party_id", "P1"))))] == [
            one.id for one in attributions
        ]
        monkeypatch.undo()
        for text, values in asked:
            plan = store._messages.rows(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", *values)[0][0]
            assert passed_over(plan[0]["Plan"]) == 0, plan


def passed_over(node: dict[str, Any]) -> int:
    """How many rows a plan read for nothing."""
    own = int(node.get("Rows Removed by Filter", 0)) + int(node.get("Rows Removed by Index Recheck", 0))
    return own * int(node["Actual Loops"]) + sum(map(passed_over, node.get("Plans", ())))
