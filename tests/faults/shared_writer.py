"""One of several writers to a shared registry, for as long as a file is there: records claims, and says of each what it was told.

`python shared_writer.py ADDRESS NAME FILE` writes a line a claim: ``yes`` or ``no``, the claim's text, and a word on how that was known.
"""

import sys
import time
from pathlib import Path

from claimreg.errors import ClaimregError
from claimreg.model import Change, Claim
from claimreg.store.factory import open_store
from claimreg.store.port import Store
from claimreg.store.postgres import committing
from claimreg.store.postgres.location import Location
from claimreg.store.postgres.messages import Messages

AT = "2026-01-01T00:00:00Z"
_settle = committing._settle


def main(address: str, name: str, file: str) -> None:
    """Record until the file is gone."""
    looked: list[tuple[int, str]] = []

    def settle(messages: Messages, location: Location, tail: tuple[int, str]) -> None:
        looked.append(tail)
        _settle(messages, location, tail)

    committing._settle = settle
    store: Store | None = None
    number = 0
    while Path(file).exists():
        number += 1
        text, why = f"{name} {number}", "as usual"
        looked.clear()
        try:
            store = store or open_store(address, create=False)
            with store.write(Change(user=name, at=AT, action="test")) as writer:
                writer.put(Claim(id=writer.new_id(Claim), recorded_at=AT, recorded_by=name, text=text))
            told = "yes"
        except ClaimregError as error:
            told, why = "no", str(error)
            time.sleep(0.05)
        if looked and told == "yes":
            why = "looked for"
        sys.stdout.write(f"{told}\t{text}\t{why}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
