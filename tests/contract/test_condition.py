"""What a shared registry says of its server, for `doctor`."""

from contextlib import closing

from postgres_server import new_address

from claimreg.model import Change, Claim
from claimreg.store.postgres.store import PostgresStore

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")


def test_a_shared_registry_tells_its_condition_before_and_after_there_is_something_in_it() -> None:
    with closing(PostgresStore(new_address(), create=True)) as store:
        empty = list(store.condition())
        with store.write(CHANGE) as writer:
            writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="The pier is closed"))
        told = list(store.condition())
        assert ("registry", store.location) in told
    assert [name for name, _value in told] == [name for name, _value in empty]
    assert all(name and value for name, value in told)
