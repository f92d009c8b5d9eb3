"""What is kept of a capture, handed back as it was, from every store."""

from pathlib import Path

import pytest
from stores import STORES

from claimreg.errors import UsageError
from claimreg.model import Change
from claimreg.services.recording.originals import Form, chosen_capture, original
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, add_capture, store_source

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")


@pytest.mark.parametrize("name", STORES)
def test_each_capture_gives_its_own_bytes_back(name: str, tmp_path: Path) -> None:
    store = STORES[name](tmp_path)
    with store.write(CHANGE) as writer:
        source = store_source(writer, IncomingDocument(b"\xff\x00first", "First.", "a.bin", transcript=b"00:01"), SourceDetails()).source
        add_capture(writer, source, IncomingDocument(b"second", "Second.", "a.bin"))
    assert original(store, chosen_capture(store, source, None))[1] == b"second"
    first = chosen_capture(store, source, " k1 ")
    assert original(store, first) == (first.sha256, b"\xff\x00first")
    assert original(store, first, Form.TRANSCRIPT)[1] == b"00:01"
    with pytest.raises(UsageError, match="has no WARC file: it was not fetched"):
        original(store, first, Form.WARC)
    with pytest.raises(UsageError, match="K2 has no transcript: nobody gave one"):
        original(store, chosen_capture(store, source, "K2"), Form.TRANSCRIPT)
    with pytest.raises(UsageError, match="S1 has no capture K3; it has K2, K1"):
        chosen_capture(store, source, "K3")
    store.close()
